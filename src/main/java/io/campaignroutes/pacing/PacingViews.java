package io.campaignroutes.pacing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.audit.AuditEvent.PacingChange;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.cxone.DialingRatio;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.Times;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** How pacing is shown by the API. */
@Component
public class PacingViews {
  private final PacingReads rows;
  private final ControlReads control;

  public PacingViews(PacingReads rows, ControlReads control) {
    this.rows = rows;
    this.control = control;
  }

  /** A decision with its inputs, its estimates and the reason; kept as it is shown. */
  static ObjectNode decision(PacingRun run) {
    PacingDecision decision = run.decision();
    boolean changed = run.change() != PacingRun.Change.NONE;
    ObjectNode shown = Json.object();
    shown.put("seq", run.seq());
    shown.put("at", Times.iso(decision.at()));
    shown.put("mode", decision.mode().name());
    double inForce = changed ? decision.rate() : run.state().commanded();
    if (decision.lines() == null) {
      shown.put("maxCallsPerSecond", decision.rate());
      shown.put("sent", inForce);
    } else {
      lines(shown, decision);
      shown.put("sentLines", inForce);
    }
    shown.put("changed", changed);
    shown.put("clamp", decision.bound().name());
    shown.put("reason", decision.reason());
    shown.put("limit", run.plan().mostCallsPerSecond());
    shown.set("inputs", rounded(Json.tree(decision.inputs())));
    shown.set("estimates", rounded(Json.tree(decision.estimates())));
    PacingDecision.Period period = decision.period();
    shown
        .putObject("period")
        .put("start", Times.iso(period.start()))
        .put("end", Times.iso(period.end()))
        .put("answered", rounded(period.answered()))
        .put("abandoned", rounded(period.abandoned()))
        .put("rate", rounded(period.rate()))
        .put("cap", period.cap());
    return shown;
  }

  /** The same, once CXone has not taken the rate: what was in force before still is. */
  static ObjectNode notTaken(PacingRun run) {
    String sent = run.decision().lines() == null ? "sent" : "sentLines";
    return decision(run).put(sent, run.state().commanded()).put("changed", false);
  }

  /** Lines for each agent who waits, in one number and as CXone is told. */
  private static void lines(ObjectNode shown, PacingDecision decision) {
    PacingDecision.Lines lines = decision.lines();
    DialingRatio ratio = lines.ratio();
    boolean none = ratio == null || decision.rate() == 0;
    shown.put("lines", decision.rate());
    shown.put("ratio", none ? null : (Integer) ratio.ratio());
    shown.put("overdialPercentage", none ? null : ratio.overdialPercentage());
    shown.put("blockMultipleCalls", none ? null : (Boolean) ratio.blockMultipleCalls());
    shown.put("linesWanted", rounded(lines.wanted()));
    shown.put(
        "callsPerSecond",
        lines.callsPerSecond() == null ? null : (Double) rounded(lines.callsPerSecond()));
    shown.put("abandonmentAim", rounded(lines.aim()));
    shown.put("abandonmentAllowedByCxone", rounded(lines.allowed()));
    shown.put("leftUntil", Times.iso(lines.humanUntil()));
  }

  /**
   * What a decision as it is shown came to, in calls a second or in lines for each agent; null
   * where it says nothing of that.
   */
  public static Double decided(JsonNode decision) {
    JsonNode rate = decision.path(decision.has("lines") ? "lines" : "maxCallsPerSecond");
    return rate.isNumber() ? (Double) rate.doubleValue() : null;
  }

  /**
   * How a page of campaigns is paced now, by id.
   *
   * @see #now
   */
  public Map<String, JsonNode> now(Collection<Campaign> campaigns) {
    Map<String, JsonNode> latest = rows.latest(campaigns.stream().map(Campaign::id).toList());
    return campaigns.stream()
        .filter(campaign -> !campaign.pacing().isEmpty())
        .collect(Collectors.toMap(Campaign::id, c -> now(c, latest.get(c.id()))));
  }

  /** What CXone was asked for and has not done, by id; nothing of campaigns that it obeys. */
  public Map<String, JsonNode> control(Collection<Campaign> campaigns) {
    return control.shown(campaigns.stream().map(Campaign::id).toList());
  }

  /** How a campaign is paced now: its rate with its reason, and what the law goes by. */
  private static JsonNode now(Campaign campaign, JsonNode decision) {
    List<PacingChange> changes = campaign.pacing();
    PacingChange last = changes.get(changes.size() - 1);
    ObjectNode shown = Json.object();
    shown.put("at", Times.iso(last.at()));
    if (last.ratio() == null) {
      shown.put("maxCallsPerSecond", last.maxCallsPerSecond());
    } else {
      shown.put("ratio", last.ratio());
      shown.put("overdialPercentage", last.overdialPercentage());
    }
    shown.put("reason", last.reason());
    shown.put("held", campaign.held());
    if (decision != null) {
      shown.set("decidedAt", decision.get("at"));
      shown.set("decision", decision.get("reason"));
      shown.set("limit", decision.get("limit"));
      if (decision.has("lines")) {
        shown.set("callsPerSecond", decision.get("callsPerSecond"));
      }
      shown.set("mode", decision.get("mode"));
      shown.set("clamp", decision.get("clamp"));
      shown.set("connectionRate", decision.at("/estimates/answerProbability"));
      shown.set("abandonmentRate", decision.at("/period/rate"));
      shown.set("abandonmentCap", decision.at("/period/cap"));
      shown.set("answered", decision.at("/period/answered"));
      shown.set("abandoned", decision.at("/period/abandoned"));
      double staffed = decision.at("/estimates/staffedAgents").asDouble();
      double busy = decision.at("/estimates/busyAgents").asDouble();
      shown
          .putObject("agents")
          .put("staffed", staffed)
          .put("busy", busy)
          .put("idle", Math.max(0, staffed - busy));
    }
    return shown;
  }

  private static ObjectNode rounded(ObjectNode numbers) {
    numbers
        .properties()
        .forEach(
            field -> {
              if (field.getValue().isDouble()) {
                field.setValue(DoubleNode.valueOf(rounded(field.getValue().doubleValue())));
              }
            });
    return numbers;
  }

  /** To what a person compares; the law itself goes on with the whole figure. */
  private static double rounded(double value) {
    return Math.round(value * 10_000) / 10_000.0;
  }
}
