package io.campaignroutes.pacing;

/**
 * What CXone says of the agents of a pool.
 *
 * @param at epoch ms at which it was asked
 * @param idle those who could take a call now
 * @param staffed those who are at work, idle or not
 */
public record AgentsSeen(long at, int idle, int staffed) {}
