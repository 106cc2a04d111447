package io.campaignroutes.pacing;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

/**
 * What the law knows of agents whom several campaigns dial for, from one tick to the next.
 * Immutable; its JSON is flat, and what the parts are called in it other versions of the service
 * know.
 *
 * @param sampledAt epoch ms of the last figures of any of its campaigns; 0 before the first
 * @param agents what the agents do
 * @param answersDue answers to come to what its campaigns had dialed; pools with some of the same
 *     agents go by it
 * @param answersPerSecond answers that what they dial until the next tick brings
 * @param part {@link Overlap#part}, as it was known last
 * @param credit abandoned calls of all campaigns below (positive) or above their targets, within
 *     bounds; moves the margin of all of them
 * @param level calls for its weight that the campaign with the fewest has been given: whoever joins
 *     begins there
 * @param turn the campaign whose turn it is to dial; empty for none
 * @param turnAt epoch ms at which that began
 */
public record PoolState(
    long sampledAt,
    @JsonUnwrapped AgentEstimate agents,
    double answersDue,
    double answersPerSecond,
    double part,
    double credit,
    double level,
    String turn,
    long turnAt) {

  /** Nothing is known. */
  public static final PoolState NONE =
      new PoolState(0, new AgentEstimate(0, 0, 0, 0, 0), 0, 0, 1, 0, 0, "", 0);

  /** What was noted by a clock that was ahead counts as of this time. */
  PoolState notAheadOf(long now) {
    return sampledAt <= now && turnAt <= now
        ? this
        : new PoolState(
            Math.min(sampledAt, now),
            agents,
            answersDue,
            answersPerSecond,
            part,
            credit,
            level,
            turn,
            Math.min(turnAt, now));
  }

  PoolState credit(double calls) {
    return new PoolState(
        sampledAt, agents, answersDue, answersPerSecond, part, calls, level, turn, turnAt);
  }

  /** What the only campaign of a pool knows is all that is known of its agents. */
  static PoolState of(PacingState only) {
    return new PoolState(
        only.figuresSeen().sampledAt(),
        only.agentEstimate(),
        0,
        0,
        1,
        only.cap().abandonmentCredit(),
        only.turn().served(),
        "",
        0);
  }
}
