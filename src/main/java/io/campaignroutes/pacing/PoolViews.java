package io.campaignroutes.pacing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.text.Json;
import java.time.Instant;

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
    shown.put("at", Instant.ofEpochMilli(decision.at()).toString());
    shown.put("maxCallsPerSecond", Math.rint(decision.rate() * DECIMALS) / DECIMALS);
    shown.put("reason", decision.reason());
    AgentsSeen agents = pool.agents();
    if (agents != null) {
      shown
          .putObject("agents")
          .put("at", Instant.ofEpochMilli(agents.at()).toString())
          .put("idle", agents.idle())
          .put("busy", agents.staffed() - agents.idle())
          .put("staffed", agents.staffed());
    }
    return shown;
  }
}
