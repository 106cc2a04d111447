package io.campaignroutes.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * What was read of the tenant as a whole a moment ago: a thousand campaigns need not ask a thousand
 * times.
 */
@Component
public final class TenantReads {
  /** How long an answer is used again, by its operation: less than between two looks at it. */
  private static final Map<String, Duration> KEPT =
      Map.of(
          "agentStates", Duration.ofSeconds(8),
          "skills", Duration.ofSeconds(25),
          "lists", Duration.ofSeconds(50),
          "agents", Duration.ofMinutes(5),
          "timeZones", Duration.ofHours(6),
          "businessUnit", Duration.ofMinutes(30));

  private final Cache<String, JsonNode> answers =
      Caffeine.newBuilder()
          .expireAfter(Expiry.creating((String name, JsonNode answer) -> KEPT.get(name)))
          .build();

  /** The answer of a moment ago; null when it must be asked for. */
  public JsonNode recent(String operation) {
    return answers.getIfPresent(operation);
  }

  /** Keeps an answer. */
  public JsonNode keep(String operation, JsonNode answer) {
    answers.invalidate(operation);
    answers.put(operation, answer);
    return answer;
  }
}
