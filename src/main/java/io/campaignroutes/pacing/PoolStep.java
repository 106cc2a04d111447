package io.campaignroutes.pacing;

import java.util.List;

/**
 * The outcome of one tick of a pool.
 *
 * @param state what to keep of the pool; its next tick starts from it
 * @param reason what its campaigns may dial together, and why: a sentence for operators
 * @param steps of its campaigns, in the order of the members. Lower rates are to be written first:
 *     a higher one is within the decision once they are in force
 */
public record PoolStep(PoolState state, String reason, List<PacingStep> steps) {}
