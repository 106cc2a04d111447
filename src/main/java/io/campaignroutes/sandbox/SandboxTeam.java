package io.campaignroutes.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A team of agents. An agent who is talking or on a break is {@code NOT_READY}, one who has gone
 * home {@code OFFLINE}; both change every few minutes, the first two never go home.
 */
record SandboxTeam(String id, String timeZone, int size) {

  private static final int SHIFT_SECONDS = 300;

  /** How many agents are at work and on no break. */
  int present(long second) {
    return (int)
        IntStream.range(0, size).filter(agent -> plan(agent, second).equals("AVAILABLE")).count();
  }

  /**
   * The team as a tenant shows it.
   *
   * @param idle how many agents wait for a call
   */
  ObjectNode json(long second, int idle) {
    ObjectNode json = SandboxJson.object().put("id", id).put("name", id);
    ArrayNode agents = json.putArray("agents");
    int talking = present(second) - idle;
    for (int agent = 0; agent < size; agent++) {
      String status = plan(agent, second);
      if (status.equals("AVAILABLE") && talking-- > 0) {
        status = "NOT_READY";
      }
      ObjectNode entry = agents.addObject();
      entry.put("id", id + "-agent-" + (agent + 1)).put("status", status);
      entry.putObject("schedule").put("timeZone", timeZone);
    }
    return json;
  }

  private String plan(int agent, long second) {
    if (size == 1) {
      return "AVAILABLE";
    }
    long plan = id.hashCode() * 31L + agent * 7919L + second / SHIFT_SECONDS * 104_729L;
    int draw = new Random(plan).nextInt(100);
    if (draw < 4 && agent > 1) {
      return "OFFLINE";
    }
    return draw < 14 ? "NOT_READY" : "AVAILABLE";
  }
}
