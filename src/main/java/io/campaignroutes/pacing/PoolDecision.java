package io.campaignroutes.pacing;

import java.time.Duration;

/**
 * What was decided for a pool at one tick.
 *
 * @param at epoch ms
 * @param rate calls/s that all of its campaigns together may dial with until the next tick, what
 *     campaigns were given that are about to begin among it
 * @param reason a sentence for operators
 * @param period until the next tick
 */
public record PoolDecision(long at, double rate, String reason, Duration period) {}
