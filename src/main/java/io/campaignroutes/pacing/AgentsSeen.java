package io.campaignroutes.pacing;

/**
 * What CXone says of the agents of a pool.
 *
 * @param at epoch ms at which it was asked
 * @param idle those who could take a call now
 * @param staffed those who are at work, idle or not
 * @param overlap what other pools do with some of them
 */
public record AgentsSeen(long at, int idle, int staffed, Overlap overlap) {

  /** Agents whom no other pool dials for. */
  public AgentsSeen(long at, int idle, int staffed) {
    this(at, idle, staffed, Overlap.NONE);
  }
}
