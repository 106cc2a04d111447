package io.campaignroutes.pacing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.Command;
import io.campaignroutes.cxone.Urgency;

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
 * @param standing how what was wanted of CXone stands
 * @param distrust why nothing may be dialed whatever the figures say, in words that end a sentence:
 *     what the campaign is bound to, or what was remembered of it, cannot be used; else null
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
    Standing standing,
    String distrust,
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

  /**
   * How what was wanted of CXone stands.
   *
   * @param unsure whether a change was about to be sent when an earlier tick ended: what is in
   *     force at CXone is one rate or the other
   * @param writeAt no rate is written before this time: CXone refused one, or wants to be left
   *     alone
   * @param holdAt a hold that was refused is not asked for before this time
   * @param refusal what CXone said to the hold; null when it has not refused it
   * @param tooFastSince since when CXone dials against our word: faster than was decided, or
   *     although it is to stop; null when it does not
   * @param breaks ticks in a row that broke
   * @param triedAt when an earlier tick decided, or what it wanted came to nothing: the later of
   *     both
   */
  record Standing(
      boolean unsure,
      long writeAt,
      long holdAt,
      String refusal,
      Long tooFastSince,
      int breaks,
      long triedAt) {}

  /** Whether CXone is to be asked for figures: not while the campaign may not call. */
  public boolean asks() {
    return reading == null && distrust == null;
  }

  /** Whether the campaign may call, as far as is known. */
  boolean open() {
    return distrust == null && (reading == null || reading.closed() == null);
  }

  /**
   * Whether all that CXone could say of its calls is known: it is paused, and nothing was dialed
   * for longer than figures look back, nor is in the last ones.
   *
   * @param at epoch ms
   */
  boolean rests(long at, FigureSettings figures) {
    return asks()
        && state.commanded() == 0
        && !standing.unsure()
        && standing.tooFastSince() == null
        && campaign.command() == null
        && state.rests(at, figures)
        && state.figuresSeen().showsNothing(at - figures.length().toMillis());
  }

  /** Whether CXone dials with this campaign's rate, as far as is known. */
  boolean dials() {
    return !campaign.held() && (state.commanded() > 0 || distrust != null);
  }

  /** Calls a second that CXone may dial with now, or soon without another word of ours. */
  double fastest() {
    if (campaign.command() == Command.RELEASE) {
      return Math.max(rate, state.commanded());
    }
    return campaign.held() ? 0 : state.commanded();
  }

  /** Whether the change that is to be carried out lets it dial faster. */
  boolean raises() {
    return change == Change.RATE && decision.rate() > fastest();
  }

  /**
   * How urgent the change is when calls are short: what slows somebody down goes first, or agents
   * have calls coming that nobody can take while hundreds of others are launched.
   */
  public Urgency urgency() {
    return raises() ? Urgency.PACING : Urgency.SLOWER;
  }

  /** What will be dialed at most once the change is carried out, in calls a second. */
  double planned() {
    return change == Change.NONE ? fastest() : decision.rate();
  }

  /**
   * Whether CXone dials so much faster than a decision that it cannot be left so.
   *
   * @param deadBand share of the rate in force, 0 to 1
   */
  boolean tooFast(PacingDecision made, double deadBand) {
    double inForce = state.commanded();
    boolean slower = made.rate() < inForce * (1 - deadBand);
    return dials()
        && made.send()
        && (slower || made.lines() == null && inForce > plan.mostCallsPerSecond());
  }

  /** Of the campaign alone: routes look methods of this up by it, and all of it is much. */
  @Override
  public int hashCode() {
    return campaign.hashCode();
  }

  /**
   * What the platform's operations are told of its campaign, without the claim of it, which is
   * another run's: pacing has one of its own.
   */
  public JsonNode arguments() {
    ObjectNode arguments = campaign.arguments();
    arguments.remove("claim");
    arguments.put(TickFence.TICK, claim);
    return arguments;
  }

  PacingRun reading(PacingReading known) {
    return with(state, seq, distrust, known, decision, change);
  }

  PacingRun state(PacingState other) {
    return with(other, seq, distrust, reading, decision, change);
  }

  PacingRun distrust(String why) {
    return with(state, seq, why, reading, decision, change);
  }

  PacingRun decided(PacingState after, PacingDecision made, Change leadsTo) {
    return with(after, seq + 1, distrust, reading, made, leadsTo);
  }

  /** The same decision for another reason. */
  PacingRun because(String reason) {
    return with(state, seq, distrust, reading, decision.because(reason), change);
  }

  private PacingRun with(
      PacingState remembered,
      long number,
      String why,
      PacingReading known,
      PacingDecision made,
      Change leadsTo) {
    return new PacingRun(
        campaign,
        plan,
        remembered,
        claim,
        dueSince,
        number,
        rate,
        standing,
        why,
        known,
        made,
        leadsTo);
  }
}
