package io.campaignroutes.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * A team of agents. An agent who is talking or on a break is {@code NOT_READY}, one who has gone
 * home {@code OFFLINE}; both change every few minutes, the first two never go home.
 */
final class AgentPool {

  /** What a handled call takes on average, in seconds, as long as there is nothing measured. */
  static final double USUAL_HANDLE_TIME = 180;

  private static final double HANDLE_SIGMA = Math.sqrt(Math.log(1 + 0.9 * 0.9));
  private static final double HANDLE_MU =
      Math.log(USUAL_HANDLE_TIME) - HANDLE_SIGMA * HANDLE_SIGMA / 2;
  private static final int SHORTEST_CALL = 10;
  private static final int LONGEST_CALL = 1800;
  private static final int SHIFT_SECONDS = 300;

  private final String id;
  private final String timeZone;
  private final int size;
  private final BitSet busy = new BitSet();
  private final PriorityQueue<Talk> talks =
      new PriorityQueue<>(Comparator.comparingLong(Talk::endsAt));

  /**
   * An agent's call.
   *
   * @param pool the agent's pool
   * @param agent the agent's number in it, from 0
   * @param campaignId whose call it is
   * @param endsAt in seconds since the epoch, wrap-up included
   * @param handleSeconds how long it takes from start to end
   */
  record Talk(String pool, int agent, String campaignId, long endsAt, int handleSeconds) {}

  AgentPool(String id, String timeZone, int size) {
    this.id = id;
    this.timeZone = timeZone;
    this.size = size;
  }

  String id() {
    return id;
  }

  /** An agent who can take a call now, -1 when there is none. */
  int idleAgent(long second) {
    for (int agent = 0; agent < size; agent++) {
      if (status(agent, second).equals("AVAILABLE")) {
        return agent;
      }
    }
    return -1;
  }

  /** How many agents could take a call now. */
  int idle(long second) {
    int idle = 0;
    for (int agent = 0; agent < size; agent++) {
      if (status(agent, second).equals("AVAILABLE")) {
        idle++;
      }
    }
    return idle;
  }

  /** Starts a call whose length is drawn from a log-normal distribution. */
  void talk(int agent, String campaignId, long second, Random random) {
    double drawn = Math.exp(HANDLE_MU + HANDLE_SIGMA * random.nextGaussian());
    int seconds = (int) Math.round(Math.max(SHORTEST_CALL, Math.min(LONGEST_CALL, drawn)));
    resume(new Talk(id, agent, campaignId, second + seconds, seconds));
  }

  /** Puts a call back that was under way when the process ended. */
  void resume(Talk talk) {
    busy.set(talk.agent());
    talks.add(talk);
  }

  /** Ends the calls whose time is over and returns them. */
  List<Talk> end(long second) {
    List<Talk> ended = new ArrayList<>();
    while (!talks.isEmpty() && talks.peek().endsAt() <= second) {
      Talk talk = talks.poll();
      busy.clear(talk.agent());
      ended.add(talk);
    }
    return ended;
  }

  List<Talk> talks() {
    return List.copyOf(talks);
  }

  /** The pool as a tenant shows it. */
  ObjectNode json(long second) {
    ObjectNode json = Json.object().put("id", id).put("name", id);
    ArrayNode agents = json.putArray("agents");
    for (int agent = 0; agent < size; agent++) {
      ObjectNode entry = agents.addObject();
      entry.put("id", id + "-agent-" + (agent + 1)).put("status", status(agent, second));
      entry.putObject("schedule").put("timeZone", timeZone);
    }
    return json;
  }

  private String status(int agent, long second) {
    if (busy.get(agent)) {
      return "NOT_READY";
    }
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
