package io.campaignroutes.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.cxone.PlatformRequest;
import io.campaignroutes.cxone.RateWrites;
import io.campaignroutes.store.Store;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
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

  /** A write may arrive at CXone so long after it was sent, answered or not. */
  private static final long UNDER_WAY = 15_000;

  /** What was to be read so long ago, and could not be, is not known any more. */
  private static final long LATE = Duration.ofMinutes(4).toMillis();

  private static final String SHARE = "percentageOfAgentsBeforeOverdial";

  private final Store store;
  private final SkillRows rows;
  private final SkillProperties properties;
  private final SkillWatch watch;

  SkillRatio(Store store, SkillRows rows, SkillProperties properties, SkillWatch watch) {
    this.store = store;
    this.rows = rows;
    this.properties = properties;
    this.watch = watch;
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
              if (row.filter(known -> known.state() == SkillRow.State.READY)
                  .filter(known -> known.asked() != SkillRow.Asked.STOP)
                  .isEmpty()) {
                return false; // not ours yet, or to be given back
              }
              JsonNode told = JsonNodeFactory.instance.objectNode().set("general", now);
              if (row.get().now() != null && watch.compare(tx, row.get(), told)) {
                return false; // somebody has set it, which is told, and pacing hears of first
              }
              boolean early =
                  row.map(SkillRow::wroteAt)
                      .map(at -> tx.now() - at < BETWEEN_RAISES)
                      .orElse(false);
              if (early && raises(now, wanted.path("general"))) {
                return false;
              }
              rows.set(tx, id, Map.of("wrote_at", tx.now(), "writing_until", tx.now() + UNDER_WAY));
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
      general.set(SHARE, asked.get("overdialPercentage"));
    }
    return wanted;
  }

  /** Whether more is dialed with one than with the other. */
  private static boolean raises(JsonNode now, JsonNode wanted) {
    int before = lines(now);
    int after = lines(wanted);
    return after > before
        || after == before
            && after > 1
            && wanted.has(SHARE)
            && wanted.path(SHARE).asInt() < now.path(SHARE).asInt();
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
   * Whether the ratio that was asked for is in force. What is in force is kept.
   *
   * @param now the block of general settings, as it was read last
   */
  public RateWrites.Outcome outcome(PlatformRequest request, JsonNode now) {
    keep(request, now, writes(request));
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
            : "The ratio is left for now: it was written less than 30 s ago, somebody has set another"
                + " one in CXone, or the skill is being given back.");
  }

  /**
   * Keeps what is in force, as it was read.
   *
   * @param now the block of general settings
   * @param written whether a write that was under way is answered by now
   */
  private void keep(PlatformRequest request, JsonNode now, boolean written) {
    String id = request.arguments().path("id").asText();
    store.run(
        tx -> {
          rows.locked(tx, id)
              .filter(row -> row.state() == SkillRow.State.READY && row.now() != null)
              .ifPresent(
                  row -> {
                    ObjectNode kept = row.now().deepCopy();
                    ObjectNode general = kept.withObject("/general");
                    for (String field : List.of("maximumRatio", "blockMultipleCalls", SHARE)) {
                      if (now.hasNonNull(field)) {
                        general.set(field, now.get(field));
                      }
                    }
                    Map<String, Object> columns = new HashMap<>();
                    columns.put("settings_now", kept);
                    columns.put("read_at", tx.now());
                    if (written) {
                      columns.put("writing_until", null);
                    }
                    rows.set(tx, id, columns);
                  });
        });
  }

  /**
   * Keeps whether the tenant has predictive dialing at all.
   *
   * @param unit {@code {predictive}} of the business unit
   */
  public void unit(PlatformRequest request, JsonNode unit) {
    store.run(
        tx -> {
          rows.locked(tx, SkillRows.id(request))
              .filter(row -> row.state() == SkillRow.State.READY && row.now() != null)
              .ifPresent(
                  row -> {
                    ObjectNode kept = row.now().deepCopy();
                    kept.withObject("/businessUnit")
                        .put("allowPredictiveDialing", unit.path("predictive").asBoolean(true));
                    rows.set(tx, row.campaignId(), Map.of("settings_now", kept));
                  });
        });
  }

  /**
   * Figures of a campaign, with what is in force of its ratio, unless it was read too long ago.
   *
   * @return {@code figures} with {@code ratio}, {@code overdialPercentage}, {@code
   *     blockMultipleCalls}, and with {@code predictive} and {@code abandonmentAllowed}, a share,
   *     as far as the tenant and the skill tell these
   */
  public JsonNode inForce(PlatformRequest request, ObjectNode figures) {
    String id = request.arguments().path("id").asText();
    rows.of(id)
        .filter(row -> row.state() == SkillRow.State.READY && row.now() != null)
        .filter(row -> store.now() - rows.readAt(id) <= watch.between() + LATE)
        .map(SkillRow::now)
        .filter(now -> now.at("/general/maximumRatio").isValueNode())
        .ifPresent(
            now -> {
              JsonNode predictive = now.at("/businessUnit/allowPredictiveDialing");
              if (predictive.isBoolean()) {
                figures.set("predictive", predictive);
              }
              JsonNode control = now.path(SkillWatch.CONTROL);
              double allowed = control.path("abandonRateThreshold").asDouble();
              if (control.path("overrideBusinessUnitAbandonRate").asText().equals("true")
                  && allowed > 0) {
                figures.put("abandonmentAllowed", allowed / 100);
              }
              JsonNode general = now.path("general");
              figures.put("ratio", general.path("maximumRatio").asInt(1));
              figures.put(
                  "blockMultipleCalls", general.path("blockMultipleCalls").asText().equals("true"));
              if (general.hasNonNull(SHARE)) {
                figures.put("overdialPercentage", general.path(SHARE).asInt());
              }
            });
    return figures;
  }
}
