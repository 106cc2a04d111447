package io.campaignroutes.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.cxone.PlatformRequest;
import io.campaignroutes.cxone.RateWrites;
import io.campaignroutes.store.Store;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * How many lines a skill dials for each agent who waits. A request says so with {@code ratio},
 * {@code overdialPercentage} (the share of agents that must wait before more than one is dialed)
 * and {@code blockMultipleCalls}; one that says nothing of it means one line, where skills rest.
 */
@Component
public final class SkillRatio {
  /** Between two writes that have more dialed: CXone's own ramp begins anew with each. */
  private static final long BETWEEN_RAISES = 30_000;

  private final Store store;
  private final SkillRows rows;
  private final SkillProperties properties;

  SkillRatio(Store store, SkillRows rows, SkillProperties properties) {
    this.store = store;
    this.rows = rows;
    this.properties = properties;
  }

  /**
   * The request that writes the whole block over what the skill has now; the same request when that
   * is so already, or when it is too early for more.
   *
   * @param now the block of general settings
   */
  public PlatformRequest over(PlatformRequest request, JsonNode now) {
    JsonNode wanted = wanted(request);
    JsonNode blocks =
        SkillSettings.toWrite(JsonNodeFactory.instance.objectNode().set("general", now), wanted);
    if (!blocks.has("general")) {
      return request;
    }
    String id = request.arguments().path("id").asText();
    boolean written =
        store.write(
            tx -> {
              Optional<SkillRow> row = rows.locked(tx, id);
              boolean early =
                  row.map(SkillRow::wroteAt)
                      .map(at -> tx.now() - at < BETWEEN_RAISES)
                      .orElse(false);
              if (early && raises(now, wanted.path("general"))) {
                return false;
              }
              rows.set(tx, id, Map.of("wrote_at", tx.now()));
              return true;
            });
    return written ? request.with("general", blocks.get("general")) : request;
  }

  private ObjectNode wanted(PlatformRequest request) {
    JsonNode asked = request.arguments();
    int ratio = Math.max(1, Math.min(properties.maxRatio(), asked.path("ratio").asInt(1)));
    ObjectNode wanted = JsonNodeFactory.instance.objectNode();
    ObjectNode general = wanted.putObject("general");
    general.put("maximumRatio", ratio);
    general.put("blockMultipleCalls", asked.path("blockMultipleCalls").asBoolean(ratio == 1));
    if (properties.fineLever() && asked.path("overdialPercentage").isNumber()) {
      general.set("percentageOfAgentsBeforeOverdial", asked.get("overdialPercentage"));
    }
    return wanted;
  }

  /** Whether more is dialed with one than with the other. */
  private static boolean raises(JsonNode now, JsonNode wanted) {
    int before = lines(now);
    int after = lines(wanted);
    String share = "percentageOfAgentsBeforeOverdial";
    return after > before
        || after == before
            && after > 1
            && wanted.has(share)
            && wanted.path(share).asInt() < now.path(share).asInt();
  }

  private static int lines(JsonNode general) {
    return general.path("blockMultipleCalls").asText().equals("true")
        ? 1
        : general.path("maximumRatio").asInt(1);
  }

  /** Whether something is to be written. */
  public boolean writes(PlatformRequest request) {
    return request.arguments().has("general");
  }

  /**
   * Whether the ratio that was asked for is in force.
   *
   * @param now the block of general settings, as it was read last
   */
  public RateWrites.Outcome outcome(PlatformRequest request, JsonNode now) {
    JsonNode wanted = wanted(request);
    JsonNode blocks = JsonNodeFactory.instance.objectNode().set("general", now);
    Optional<String> difference = SkillSettings.difference(blocks, wanted);
    if (difference.isEmpty()) {
      return new RateWrites.Outcome(true, null);
    }
    return new RateWrites.Outcome(
        false,
        writes(request)
            ? "CXone does not show what was written: " + difference.get()
            : "The ratio was written less than 30 s ago; it is raised no sooner.");
  }
}
