package io.campaignroutes.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.Times;
import java.time.Instant;
import java.util.Map;

/** Rows and diagnoses as JSON. */
final class Views {
  private Views() {}

  /** A campaign in the list, with the weightiest reason where it does not dial. */
  static ObjectNode row(CampaignRow row, Diagnosis diagnosis) {
    ObjectNode view = Json.object();
    view.put("id", row.id());
    view.put("cxoneCampaignId", row.cxoneId());
    view.put("name", row.name());
    view.put("stage", row.stage().name());
    view.put("stageSince", Times.iso(row.stageAt()));
    view.put("pool", row.setup().pool());
    view.put("policy", row.policy());
    view.put("timeZone", row.setup().timeZone());
    view.put("pendingCommand", row.command());
    view.put("dialing", diagnosis.dialing());
    view.put("unwanted", diagnosis.unwanted());
    view.set("reason", diagnosis.reasons().isEmpty() ? null : reason(diagnosis.reasons().get(0)));
    view.set("pacing", pacing(row));
    return view;
  }

  /** The answer of {@code GET /campaigns/{id}/diagnosis}. */
  static ObjectNode diagnosis(CampaignRow row, Diagnosis diagnosis, Instant at) {
    ObjectNode view = Json.object();
    view.put("campaignId", row.id());
    view.put("at", at.toString());
    view.put("stage", row.stage().name());
    view.put("dialing", diagnosis.dialing());
    view.put("unwanted", diagnosis.unwanted());
    view.put("sentence", diagnosis.sentence());
    ArrayNode reasons = view.putArray("reasons");
    diagnosis.reasons().forEach(reason -> reasons.add(reason(reason)));
    view.set("calls", pacing(row));
    if (row.setup().hours() != null) {
      ObjectNode hours = view.putObject("callingHours");
      hours.put("hours", row.setup().hours().describe());
      hours.put("timeZone", row.setup().timeZone());
      hours.put("open", row.setup().hours().open(at));
      hours.put(
          "opens",
          row.setup().hours().open(at)
              ? null
              : row.setup().hours().opens(at).map(Instant::toString).orElse(null));
      hours.put("closes", row.setup().hours().closes(at).map(Instant::toString).orElse(null));
    }
    return view;
  }

  static ObjectNode counts(Map<Stage, Long> counts) {
    ObjectNode view = Json.object();
    counts.forEach((stage, count) -> view.put(stage.name(), count));
    return view;
  }

  /** What pacing makes of a campaign at the moment; a value that is not known is left out. */
  private static ObjectNode pacing(CampaignRow row) {
    JsonNode decision = row.decision();
    JsonNode period = decision.path("period");
    JsonNode estimates = decision.path("estimates");
    ObjectNode view = Json.object();
    view.put("limit", row.setup().limit());
    if (decision.has("lines")) {
      copy(decision, "ratio", view, "ratio");
      copy(decision, "overdialPercentage", view, "overdialPercentage");
      copy(decision, "callsPerSecond", view, "callsPerSecond");
    } else {
      view.put("maxCallsPerSecond", row.rate());
    }
    copy(decision, "at", view, "at");
    copy(decision, "mode", view, "mode");
    copy(decision, "reason", view, "reason");
    copy(decision, "clamp", view, "clamp");
    view.put("held", row.held());
    copy(estimates, "answerProbability", view, "connectionRate");
    copy(period, "rate", view, "abandonmentRate");
    copy(period, "answered", view, "answered");
    copy(period, "abandoned", view, "abandoned");
    view.put("overCap", AbandonmentSigns.overCap(period));
    if (period.path("cap").isNumber()) {
      view.set("abandonmentCap", period.get("cap"));
    } else if (row.setup().abandonmentCap() != null) {
      view.put("abandonmentCap", row.setup().abandonmentCap());
    }
    if (estimates.path("staffedAgents").isNumber()) {
      view.set("agents", agents(decision));
    }
    return view;
  }

  /**
   * The agents of the pool. Busy ones are an estimate, idle ones were counted a little before, and
   * those at work a little earlier still: of those at work there are at least as many as are busy
   * or idle.
   */
  private static ObjectNode agents(JsonNode decision) {
    double staffed = decision.at("/estimates/staffedAgents").asDouble();
    double busy = decision.at("/estimates/busyAgents").asDouble();
    boolean none = decision.path("clamp").asText().equals("NO_AGENTS");
    double idle =
        none ? 0 : decision.at("/inputs/availableAgents").asDouble(Math.max(0, staffed - busy));
    return Json.object()
        .put("staffed", Math.max(staffed, busy + idle))
        .put("busy", busy)
        .put("idle", Math.round(idle * 10) / 10.0);
  }

  private static void copy(JsonNode from, String name, ObjectNode to, String as) {
    JsonNode value = from.path(name);
    if (!value.isMissingNode() && !value.isNull()) {
      to.set(as, value);
    }
  }

  private static ObjectNode reason(Diagnosis.Reason reason) {
    return Json.object()
        .put("code", reason.code())
        .put("sentence", reason.sentence())
        .put("since", Times.iso(reason.since()))
        .put("until", Times.iso(reason.until()));
  }
}
