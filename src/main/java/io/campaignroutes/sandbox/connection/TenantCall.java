package io.campaignroutes.sandbox.connection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.sandbox.SandboxJson;
import io.campaignroutes.sandbox.SimulatedApi.Answer;
import io.campaignroutes.sandbox.SimulatedApi.Request;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A call of the tenant's API.
 *
 * @param version of the API, as the path has it; 0 where it has none
 * @param parts of the path that name something, in their order
 * @param query what stands in the query
 */
record TenantCall(int version, List<String> parts, Map<String, String> query, Request request) {

  private static final int MAX_PAGE = 10_000;

  /** A number in the path. */
  int number(int part) {
    try {
      return Integer.parseInt(parts.get(part));
    } catch (NumberFormatException e) {
      throw Refused.header(400, "InvalidParameter");
    }
  }

  /** The body, which has to be a JSON object. */
  ObjectNode body() {
    if (anyBody() instanceof ObjectNode object) {
      return object;
    }
    throw Refused.told(400, "The body must be an object");
  }

  /** The body, whatever JSON it is. */
  JsonNode anyBody() {
    String type = request.header("Content-Type");
    if (type == null || !type.startsWith("application/json")) {
      throw Refused.told(415, "Unsupported media type");
    }
    try {
      return SandboxJson.read(request.body());
    } catch (IOException e) {
      throw Refused.told(400, "The body is not JSON");
    }
  }

  /** What the body carries in a wrapper. */
  ObjectNode wrapped(String wrapper) {
    if (body().get(wrapper) instanceof ObjectNode object) {
      return object;
    }
    throw Refused.told(400, wrapper + " is required");
  }

  boolean flag(String name) {
    return Boolean.parseBoolean(query.get(name));
  }

  /** A number in the query; null for none. */
  Integer filter(String name) {
    String value = query.get(name);
    if (value == null || value.isBlank()) {
      return null;
    }
    try {
      return Integer.valueOf(value);
    } catch (NumberFormatException e) {
      throw Refused.header(400, "InvalidParameter");
    }
  }

  /** A time in the query, which has to be UTC with a {@code Z}; null for none. */
  Instant time(String name) {
    String value = query.get(name);
    if (value == null || value.isBlank()) {
      return null;
    }
    try {
      if (value.endsWith("Z")) {
        return Instant.parse(value);
      }
    } catch (DateTimeException e) {
      // told below, as any other text that is no such time
    }
    throw Refused.header(400, "InvalidParameter");
  }

  /**
   * A page of what was found, with only the fields that were asked for.
   *
   * @param name of the list in the answer
   * @param usual entries of a page where the call does not say
   */
  Answer page(ObjectNode around, String name, List<ObjectNode> found, int usual) {
    return page(around, name, found, usual, MAX_PAGE);
  }

  /** A page of at most so many entries. */
  Answer page(ObjectNode around, String name, List<ObjectNode> found, int usual, int most) {
    int skip = filter("skip") == null ? 0 : Math.max(0, filter("skip"));
    int top = Math.min(most, filter("top") == null ? usual : Math.max(1, filter("top")));
    ArrayNode page = around.putArray(name);
    found.stream().skip(skip).limit(top).forEach(entry -> page.add(asked(entry)));
    around.put("totalRecords", found.size());
    ObjectNode links = around.putObject("_links");
    links.put("self", link(skip, top));
    if (skip + top < found.size()) {
      links.put("next", link(skip + top, top));
    }
    if (skip > 0) {
      links.put("previous", link(Math.max(0, skip - top), top));
    }
    return Answer.json(200, around);
  }

  private String link(int skip, int top) {
    return request.origin()
        + PersonalConnection.BASE
        + request.path()
        + "?skip="
        + skip
        + "&top="
        + top;
  }

  private ObjectNode asked(ObjectNode entry) {
    String fields = query.get("fields");
    if (fields == null || fields.isBlank()) {
      return entry;
    }
    Set<String> wanted = new HashSet<>(Arrays.asList(fields.split(" *, *")));
    return entry.deepCopy().retain(wanted);
  }
}
