package io.campaignroutes.pacing;

/**
 * A campaign at a tick of the agents that it shares with others.
 *
 * @param id tells it from the others
 * @param plan what does not change of it
 * @param state what is remembered of it
 * @param reading what is known of it now
 * @param weight its share of the agents beside the others', above 0
 */
public record PoolMember(
    String id, PacingPlan plan, PacingState state, PacingReading reading, double weight) {}
