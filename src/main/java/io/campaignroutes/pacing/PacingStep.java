package io.campaignroutes.pacing;

/**
 * The outcome of one tick.
 *
 * @param state what to keep; the next tick starts from it
 * @param decision what was decided and why
 */
public record PacingStep(PacingState state, PacingDecision decision) {}
