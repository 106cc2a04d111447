package io.campaignroutes.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.springframework.stereotype.Component;

/** What operators are answered about agent pools. */
@Component
public class PoolAnswers {
  /** A page of pools; {@code next} is there when another page is. */
  public ApiAnswer list(List<ObjectNode> page, int limit) {
    return ApiAnswer.page(page, limit, pool -> pool, pool -> pool.path("id").asText());
  }

  /** One pool with the campaigns that run for it. */
  public ApiAnswer one(ObjectNode pool) {
    return ApiAnswer.ok(pool);
  }
}
