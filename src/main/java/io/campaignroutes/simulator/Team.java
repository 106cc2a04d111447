package io.campaignroutes.simulator;

/**
 * A team and those who are called, for the question what the best dialer would do.
 *
 * @param agents at work, always as many
 * @param answer share of dialed calls that a person answers, known to the dialer
 * @param handle mean seconds that a call keeps its agent; memoryless
 * @param patience mean seconds after which an answered call that met no agent is abandoned;
 *     memoryless
 * @param tick seconds between two decisions
 * @param cap share of the answered calls that may be abandoned
 */
record Team(int agents, double answer, double handle, double patience, double tick, double cap) {

  /** Calls that agents have and that wait for one, at most; more hardly ever come together. */
  int mostCalls() {
    return agents + 6 + agents / 10;
  }

  /** Answers a second that would keep everybody busy. */
  double capacity() {
    return agents / handle;
  }

  /**
   * Share of agents busy, less what calls cost that are abandoned beyond the cap, per second.
   *
   * @param calls that agents have and that wait for one
   * @param answers a second
   * @param price of one abandoned call
   */
  double reward(int calls, double answers, double price) {
    return (double) busy(calls) / agents - price * (lost(calls) - cap * answers);
  }

  /** Calls a second that end or are abandoned. */
  double leaving(int calls) {
    return busy(calls) / handle + lost(calls);
  }

  private int busy(int calls) {
    return Math.min(calls, agents);
  }

  private double lost(int calls) {
    return Math.max(0, calls - agents) / patience;
  }
}
