package io.campaignroutes.pacing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.cxone.DialingRatio;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.Times;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** How pools are shown by the API. */
final class PoolViews {
  /** Sums are shown without what is lost in adding tenths. */
  static final double DECIMALS = 1e6;

  private PoolViews() {}

  /** A decision with the agents that it was made for; kept as it is shown. */
  static ObjectNode decision(PoolRun pool) {
    PoolDecision decision = pool.decision();
    ObjectNode shown = Json.object();
    shown.put("seq", pool.seq());
    shown.put("at", Times.iso(decision.at()));
    List<PacingDecision> byLines =
        pool.runs().stream()
            .map(PacingRun::decision)
            .filter(made -> made != null && made.lines() != null)
            .toList();
    if (byLines.isEmpty()) {
      shown.put("maxCallsPerSecond", Math.rint(decision.rate() * DECIMALS) / DECIMALS);
    } else {
      lines(shown, byLines);
    }
    shown.put("reason", decision.reason());
    AgentsSeen agents = pool.agents();
    if (agents != null) {
      shown
          .putObject("agents")
          .put("at", Times.iso(agents.at()))
          .put("idle", agents.idle())
          .put("busy", agents.staffed() - agents.idle())
          .put("staffed", agents.staffed());
    }
    return shown;
  }

  /** The most lines for an agent that one of its campaigns has, and what all of them dial. */
  private static void lines(ObjectNode shown, List<PacingDecision> decisions) {
    PacingDecision most =
        decisions.stream().max(Comparator.comparingDouble(PacingDecision::rate)).orElseThrow();
    DialingRatio ratio = most.lines().ratio();
    double calls =
        decisions.stream()
            .map(made -> made.lines().callsPerSecond())
            .filter(Objects::nonNull)
            .mapToDouble(Double::doubleValue)
            .sum();
    shown.put("lines", most.rate());
    shown.put("ratio", ratio == null ? null : (Integer) ratio.ratio());
    shown.put("overdialPercentage", ratio == null ? null : ratio.overdialPercentage());
    shown.put("callsPerSecond", Math.rint(calls * DECIMALS) / DECIMALS);
  }
}
