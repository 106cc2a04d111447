package io.campaignroutes.pacing;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.campaign.Campaign;

/**
 * One tick of one campaign on its way through the routes. Immutable.
 *
 * @param campaign as it was when the tick began
 * @param plan what its pacing is bound to
 * @param state what the law remembers
 * @param claim the claim's token
 * @param dueSince since when the tick has been due, in milliseconds since the epoch
 * @param seq number of the latest decision
 * @param rate calls a second in the campaign's pacing at CXone, as far as is known; it also stands
 *     there while the campaign is held
 * @param unsure whether a change was about to be sent when an earlier tick ended: what is in force
 *     at CXone is one rate or the other
 * @param reading what is known of the campaign now; null before the figures were asked for
 * @param decision what the law made of it; null before that
 * @param change what has to be carried out
 */
public record PacingRun(
    Campaign campaign,
    PacingPlan plan,
    PacingState state,
    String claim,
    long dueSince,
    long seq,
    double rate,
    boolean unsure,
    PacingReading reading,
    PacingDecision decision,
    Change change) {

  /** What a decision leads to. */
  public enum Change {
    /** Nothing that is worth a write. */
    NONE,
    /** Another rate. */
    RATE,
    /** No calls, on a platform that knows that as a pause only. */
    HOLD
  }

  /** Whether CXone is to be asked for figures: not while the campaign may not call. */
  public boolean asks() {
    return reading == null;
  }

  /** What the operations in {@code config/cxone} make their paths and bodies from. */
  public JsonNode arguments() {
    return campaign.arguments();
  }

  PacingRun reading(PacingReading known) {
    return new PacingRun(
        campaign, plan, state, claim, dueSince, seq, rate, unsure, known, decision, change);
  }

  PacingRun state(PacingState other) {
    return new PacingRun(
        campaign, plan, other, claim, dueSince, seq, rate, unsure, reading, decision, change);
  }

  PacingRun decided(PacingStep step, Change change) {
    return new PacingRun(
        campaign,
        plan,
        step.state(),
        claim,
        dueSince,
        seq + 1,
        rate,
        unsure,
        reading,
        step.decision(),
        change);
  }
}
