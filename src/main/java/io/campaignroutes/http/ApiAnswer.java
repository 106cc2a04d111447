package io.campaignroutes.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.text.Json;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a caller is answered: nothing else leaves the service.
 *
 * @param status HTTP status
 * @param type content type
 * @param headers further headers, such as {@code Location}
 * @param body text, or an {@link java.util.Iterator} of texts, each made when the caller can take
 *     it
 */
public record ApiAnswer(int status, String type, Map<String, String> headers, Object body) {
  static final String JSON = "application/json";
  static final String PROBLEM = "application/problem+json";
  static final String NDJSON = "application/x-ndjson";

  /** 200 with a JSON document. */
  static ApiAnswer ok(JsonNode body) {
    return new ApiAnswer(200, JSON, Map.of(), Json.text(body));
  }

  /**
   * 200 with a page of a list; {@code next} is there when another page is.
   *
   * @param found the page's and one more where there is one
   * @param limit how many a page has at most
   * @param view what is told of each
   * @param key what the next page is asked for with, of the last of this one
   */
  static <T> ApiAnswer page(
      List<T> found, int limit, Function<T, JsonNode> view, Function<T, String> key) {
    ObjectNode body = Json.object();
    ArrayNode items = body.putArray("items");
    found.stream().limit(limit).map(view).forEach(items::add);
    if (found.size() > limit) {
      body.put("next", key.apply(found.get(limit - 1)));
    }
    return ok(body);
  }
}
