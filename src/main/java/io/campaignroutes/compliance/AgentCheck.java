package io.campaignroutes.compliance;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether a pool has the agents that a campaign needs, by what CXone says of the pool. */
public final class AgentCheck {
  /** How many agents a campaign needs at least. */
  public static final int MINIMUM = 2;

  private static final Set<String> PRESENT = Set.of("AVAILABLE", "NOT_READY");

  private AgentCheck() {}

  /**
   * Checks the pool as of now: at least two agents whose schedule has the campaign's time zone or
   * an equivalent one and who are {@code AVAILABLE} or {@code NOT_READY}.
   *
   * @param poolId id of the pool, for the message
   * @param timeZone the campaign's IANA time zone
   * @param poolAnswer {@code {"agents":[{"id","status","timeZone"}]}}; an agent named twice counts
   *     once
   * @return empty when the pool will do, else one finding for {@code agentPoolId}
   */
  public static List<Finding> check(String poolId, String timeZone, JsonNode poolAnswer) {
    return check(poolId, timeZone, poolAnswer, Instant.now());
  }

  /** The same as of an instant, from which on time zones are compared. */
  static List<Finding> check(String poolId, String timeZone, JsonNode poolAnswer, Instant now) {
    JsonNode agents = poolAnswer == null ? null : poolAnswer.get("agents");
    if (agents == null || !agents.isArray()) {
      return List.of(
          new Finding(
              "agentPoolId",
              "agents.unreadable",
              "CXone's answer for agent pool "
                  + Shown.text(poolId)
                  + " has no list of agents. Check the field mapping of the CXone profile."));
    }
    Count count = new Count(timeZone, now);
    agents.forEach(count::add);
    return count.present >= MINIMUM ? List.of() : List.of(tooFew(poolId, timeZone, count));
  }

  /**
   * How many agents of a pool are there now and work in a time zone: those that {@link #check}
   * counts.
   */
  public static int present(String timeZone, JsonNode poolAnswer) {
    Count count = new Count(timeZone, Instant.now());
    poolAnswer.path("agents").forEach(count::add);
    return count.present;
  }

  /** How many agents of a pool are there to take a call now. */
  public static int idle(JsonNode poolAnswer) {
    int idle = 0;
    for (JsonNode agent : poolAnswer.path("agents")) {
      idle += "AVAILABLE".equals(agent.path("status").asText()) ? 1 : 0;
    }
    return idle;
  }

  /** The finding for a pool that CXone answers with 404. */
  public static Finding unknownPool(String poolId) {
    return new Finding(
        "agentPoolId",
        "agents.unknownPool",
        "Agent pool not found: CXone knows no agent pool "
            + Shown.text(poolId)
            + ". Check the id in the CXone console.");
  }

  private static Finding tooFew(String poolId, String timeZone, Count count) {
    return new Finding(
        "agentPoolId",
        "agents.minimum",
        ("Agent pool %s has %d of the %d agents needed who have the time zone %s and are "
                + "AVAILABLE or NOT_READY. Of its %d agents %d have another time zone and %d are "
                + "away. Log agents in, or use the pool of that time zone.")
            .formatted(
                Shown.text(poolId),
                count.present,
                MINIMUM,
                Shown.text(timeZone),
                count.seen.size(),
                count.elsewhere,
                count.away));
  }

  /** Counts agents by what speaks for or against each. */
  private static final class Count {
    private final String timeZone;
    private final Instant now;
    private final Map<String, Boolean> equivalent = new HashMap<>();
    private final Set<String> seen = new HashSet<>();
    private int present;
    private int elsewhere;
    private int away;

    Count(String timeZone, Instant now) {
      this.timeZone = timeZone;
      this.now = now;
    }

    void add(JsonNode agent) {
      String id = agent.path("id").asText("");
      if (!seen.add(id.isEmpty() ? "agent without id " + seen.size() : id)) {
        return;
      }
      String zone = agent.path("timeZone").asText("");
      if (!equivalent.computeIfAbsent(zone, z -> TimeZones.equivalent(timeZone, z, now))) {
        elsewhere++;
      } else if (PRESENT.contains(agent.path("status").asText(""))) {
        present++;
      } else {
        away++;
      }
    }
  }
}
