package io.campaignroutes.compliance;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.text.Plain;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Whether a pool has the agents that a campaign needs, by what CXone says of the pool. */
public final class AgentCheck {
  /** How many agents a campaign needs at least. */
  public static final int MINIMUM = 2;

  /** Statuses that count, as they are once case and separators are gone. */
  private static final Set<String> PRESENT = Set.of("AVAILABLE", "NOTREADY");

  private static final String IDLE = "AVAILABLE";

  /** Time zones and statuses that are named in a message, at the most. */
  private static final int MAX_NAMED = 5;

  private AgentCheck() {}

  /**
   * Checks the pool as of now: at least two agents whose schedule has the campaign's time zone or
   * an equivalent one and who are {@code AVAILABLE} or {@code NOT_READY}. Case, separators within a
   * status and white space around a name make no difference.
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
                  + Plain.escaped(poolId)
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

  /** How many agents of a pool are there to take a call now, whatever their time zone. */
  public static int idle(JsonNode poolAnswer) {
    return count(poolAnswer, Set.of(IDLE));
  }

  /** How many agents of a pool are at work now, idle or not, whatever their time zone. */
  public static int staffed(JsonNode poolAnswer) {
    return count(poolAnswer, PRESENT);
  }

  /** The ids of the agents of a pool who are at work now; those without one are left out. */
  public static Set<String> idsAtWork(JsonNode poolAnswer) {
    Set<String> ids = new HashSet<>();
    for (JsonNode agent : poolAnswer.path("agents")) {
      String id = agent.path("id").asText("");
      if (!id.isEmpty() && PRESENT.contains(status(text(agent.path("status"))))) {
        ids.add(id);
      }
    }
    return ids;
  }

  private static int count(JsonNode poolAnswer, Set<String> statuses) {
    Set<String> seen = new HashSet<>();
    int count = 0;
    for (JsonNode agent : poolAnswer.path("agents")) {
      boolean another = seen.add(id(agent, seen));
      count += another && statuses.contains(status(text(agent.path("status")))) ? 1 : 0;
    }
    return count;
  }

  /** What tells an agent from the others that have been seen. */
  private static String id(JsonNode agent, Set<String> seen) {
    String id = agent.path("id").asText("");
    return id.isEmpty() ? "agent without id " + seen.size() : id;
  }

  /** A status as it is once case and separators are gone. */
  private static String status(String told) {
    return told.replaceAll("[\\s_-]", "").toUpperCase(Locale.ROOT);
  }

  private static String text(JsonNode value) {
    return value.isNull() ? "" : value.asText("");
  }

  /** The finding for a pool that CXone does not have. */
  public static Finding unknownPool(String poolId) {
    return new Finding(
        "agentPoolId",
        "agents.unknownPool",
        "Agent pool not found: CXone knows no agent pool "
            + Plain.escaped(poolId)
            + ". Check the id in the CXone console.");
  }

  private static Finding tooFew(String poolId, String timeZone, Count count) {
    return new Finding(
        "agentPoolId",
        "agents.minimum",
        ("Agent pool %s has %d of the %d agents needed who have the time zone %s and are "
                + "AVAILABLE or NOT_READY. %s")
            .formatted(
                Plain.escaped(poolId),
                count.present,
                MINIMUM,
                Plain.escaped(timeZone),
                count.why()));
  }

  /** Counts agents by what speaks for or against each. */
  private static final class Count {
    private final String timeZone;
    private final Instant now;
    private final Map<String, Boolean> equivalent = new HashMap<>();
    private final Set<String> seen = new HashSet<>();
    private final Map<String, Integer> elsewhere = new TreeMap<>();
    private final Map<String, Integer> unreadable = new TreeMap<>();
    private final Map<String, Integer> away = new TreeMap<>();
    private int present;
    private int withoutZone;
    private int withoutStatus;

    Count(String timeZone, Instant now) {
      this.timeZone = timeZone;
      this.now = now;
    }

    void add(JsonNode agent) {
      if (!seen.add(id(agent, seen))) {
        return;
      }
      String status = text(agent.path("status"));
      String told = text(agent.path("timeZone"));
      Optional<String> zone = TimeZones.obvious(told);
      withoutStatus += status.isBlank() ? 1 : 0;
      if (told.isBlank()) {
        withoutZone++;
      } else if (zone.isEmpty()) {
        unreadable.merge(told, 1, Integer::sum);
      } else if (!equivalent.computeIfAbsent(
          zone.get(), z -> TimeZones.equivalent(timeZone, z, now))) {
        elsewhere.merge(zone.get(), 1, Integer::sum);
      } else if (PRESENT.contains(status(status))) {
        present++;
      } else {
        away.merge(status.isBlank() ? "no status" : status, 1, Integer::sum);
      }
    }

    /** Why the others do not count, and what to do about it. */
    String why() {
      int all = seen.size();
      if (all == 0) {
        return "It has no agents. Add agents to it in CXone, or use another pool.";
      }
      String ofAll = "None of its " + all + " agents has a ";
      String mapping =
          " in what is read of CXone's answer. Check the template agentPool.answer in the API file"
              + " (cxone.api, config/cxone/v2.yaml by default), and the agents in CXone.";
      if (withoutZone == all) {
        return ofAll + "schedule.timeZone" + mapping;
      }
      if (withoutStatus == all) {
        return ofAll + "status" + mapping;
      }
      List<String> reasons = new ArrayList<>();
      Set<String> advice = new LinkedHashSet<>();
      add(
          reasons,
          advice,
          "another time zone",
          elsewhere,
          "Use the pool of that time zone, or another timeZone.");
      add(
          reasons,
          advice,
          "a time zone that is not an IANA name",
          unreadable,
          "Give agents a time zone such as America/New_York in CXone.");
      if (withoutZone > 0) {
        reasons.add(withoutZone + (withoutZone == 1 ? " has" : " have") + " no time zone");
        advice.add("Give each agent a schedule with a time zone in CXone.");
      }
      if (!away.isEmpty()) {
        int gone = sum(away);
        reasons.add(gone + (gone == 1 ? " is" : " are") + " away (" + named(away) + ")");
        advice.add("Log agents in.");
      }
      String said = String.join(", ", reasons);
      return "Of its "
          + all
          + (all == 1 ? " agent " : " agents ")
          + (said.isEmpty() ? "no other is there" : said)
          + ". "
          + String.join(" ", advice.isEmpty() ? Set.of("Add agents to it in CXone.") : advice);
    }

    private static void add(
        List<String> reasons,
        Set<String> advice,
        String what,
        Map<String, Integer> zones,
        String todo) {
      if (!zones.isEmpty()) {
        int count = sum(zones);
        reasons.add(count + (count == 1 ? " has " : " have ") + what + " (" + named(zones) + ")");
        advice.add(todo);
      }
    }

    private static int sum(Map<String, Integer> counts) {
      return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** The most frequent ones, each with how often it was seen. */
    private static String named(Map<String, Integer> counts) {
      String named =
          counts.entrySet().stream()
              .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
              .limit(MAX_NAMED)
              .map(one -> shown(one.getKey()) + (one.getValue() > 1 ? ": " + one.getValue() : ""))
              .collect(Collectors.joining(", "));
      int more = counts.size() - MAX_NAMED;
      return more > 0 ? named + " and " + more + " more" : named;
    }

    private static String shown(String name) {
      boolean windows = name.matches("(?i).*\\b(Standard|Daylight) Time\\s*");
      return Plain.escaped(name) + (windows ? ", a Windows name" : "");
    }
  }
}
