package io.campaignroutes.sandbox.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.dialer.Operator;
import io.campaignroutes.sandbox.SandboxJson;
import java.util.Random;

/**
 * An agent of the tenant. Who is there changes every few minutes; the first two of a team are
 * always there.
 *
 * @param place in the team, from 0
 * @param timeZone the agent's own; null for the business unit's
 * @param active whether they may log in
 */
record Agent(int id, int teamId, int place, String timeZone, boolean active, Operator operator) {

  private static final int SHIFT_SECONDS = 300;

  String teamName() {
    return "Team " + teamId;
  }

  /** The stretch of time for which everybody stays as they are. */
  static long shift(long epochSecond) {
    return epochSecond / SHIFT_SECONDS;
  }

  /** What they would do now if they had no call. */
  Operator.State presence(long epochSecond) {
    if (!active) {
      return Operator.State.LOGGED_OUT;
    }
    long plan = id * 7919L + shift(epochSecond) * 104_729L;
    int draw = new Random(plan).nextInt(100);
    if (place < 2 || draw >= 14) {
      return Operator.State.WAITING;
    }
    return draw < 4 ? Operator.State.LOGGED_OUT : Operator.State.UNAVAILABLE;
  }

  ObjectNode json() {
    ObjectNode json =
        SandboxJson.object()
            .put("agentId", id)
            .put("userName", "agent" + id + "@example.com")
            .put("firstName", "Agent")
            .put("lastName", String.valueOf(id))
            .put("isActive", active)
            .put("teamId", teamId)
            .put("teamName", teamName())
            .put("useAgentTimeZone", timeZone != null);
    json.put("timeZone", ZoneNames.display(timeZone == null ? ZoneNames.BUSINESS_UNIT : timeZone));
    return json.put("timeZoneOffset", timeZone == null ? "-05:00" : "-07:00");
  }
}
