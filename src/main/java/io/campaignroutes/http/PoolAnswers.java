package io.campaignroutes.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.text.Json;
import java.util.List;
import org.springframework.stereotype.Component;

/** What operators are answered about agent pools. */
@Component
public class PoolAnswers {
  private final Answers answers;

  public PoolAnswers(Answers answers) {
    this.answers = answers;
  }

  /** A page of pools; {@code next} is there when another page is. */
  public ApiAnswer list(List<ObjectNode> page, int limit) {
    ObjectNode body = Json.object();
    ArrayNode items = body.putArray("items");
    page.stream().limit(limit).forEach(items::add);
    if (page.size() > limit) {
      body.put("next", page.get(limit - 1).path("id").asText());
    }
    return answers.ok(body);
  }

  /** One pool with the campaigns that run for it. */
  public ApiAnswer one(ObjectNode pool) {
    return answers.ok(pool);
  }
}
