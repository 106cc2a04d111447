package io.campaignroutes.pacing;

import io.campaignroutes.cxone.DialingRatio;
import java.util.ArrayList;
import java.util.List;

/**
 * What the law decided at one tick, with everything that led to it.
 *
 * @param at epoch ms
 * @param mode how it paced
 * @param rate calls/s that should be in force, a multiple of the platform's step, never above the
 *     limit; 0 means no calls. Where the platform does not accept 0 ({@link
 *     PlatformSettings#zeroAccepted}) the campaign is to be paused instead, and resumed for the
 *     next rate above 0
 * @param send whether {@link #rate} differs enough from what is in force to be written now
 * @param bound what decided the rate
 * @param reason a sentence for operators
 * @param inputs what came in
 * @param estimates what was made of it
 * @param period the counts that the abandonment cap is about
 * @param events what happened at this tick; mostly empty
 * @param lines what is told to a platform that dials for agents who wait, where {@link #rate} is
 *     the lines for each of them; null on all others
 */
public record PacingDecision(
    long at,
    Mode mode,
    double rate,
    boolean send,
    RateBound bound,
    String reason,
    Inputs inputs,
    Estimates estimates,
    Period period,
    List<PacingEvent> events,
    Lines lines) {

  /**
   * How it is paced by lines for each agent.
   *
   * @param ratio what is to be in force; null for no calls
   * @param wanted lines for each agent that the team could take, more than can be told among them
   * @param callsPerSecond that were dialed lately; null when that is not known
   * @param aim share of answered calls that is aimed at, by the profile and by CXone's own control
   * @param allowed share that CXone's own control allows
   * @param humanUntil epoch ms until which what somebody has set by hand is left; null when nobody
   *     has
   */
  public record Lines(
      DialingRatio ratio,
      double wanted,
      Double callsPerSecond,
      double aim,
      double allowed,
      Long humanUntil) {
    /** No calls, whatever the team could take. */
    static final Lines NONE = new Lines(null, 0, null, 0, 0, null);
  }

  /** The same with another sentence. */
  PacingDecision because(String sentence) {
    return with(rate, sentence);
  }

  /** The same with one more event. */
  PacingDecision telling(PacingEvent event) {
    List<PacingEvent> all = new ArrayList<>(events);
    all.add(event);
    return with(rate, send, bound, reason, List.copyOf(all));
  }

  /** The same with another rate, and why. */
  PacingDecision with(double other, String sentence) {
    return with(other, send, bound, sentence, events);
  }

  /**
   * Another rate in the place of no calls, as long as CXone does not take a pause.
   *
   * @param instead calls/s
   */
  PacingDecision standingIn(double instead, String sentence) {
    return with(instead, true, RateBound.STANDS_IN, sentence, events);
  }

  /**
   * No calls, because nobody is there to take any.
   *
   * @param sends whether that is another rate than is in force
   */
  PacingDecision withoutAgents(boolean sends) {
    return with(
        0, sends, RateBound.NO_AGENTS, "0 calls/s: no agent of the pool is at work", events);
  }

  private PacingDecision with(
      double other, boolean sends, RateBound by, String sentence, List<PacingEvent> told) {
    return new PacingDecision(
        at, mode, other, sends, by, sentence, inputs, estimates, period, told, lines);
  }

  /**
   * The figures of this tick. A value that the API did not give, or that cannot be true, is null.
   *
   * @param connectedCalls in the window of the figures
   * @param abandonedCalls in the window of the figures
   * @param attemptedCalls in the window of the figures
   * @param avgHandleTime seconds
   * @param availableAgents idle agents (staffed ones where so configured)
   * @param missing why there is no usable sample, in words; null when there is one
   */
  public record Inputs(
      Double connectedCalls,
      Double abandonedCalls,
      Double attemptedCalls,
      Double avgHandleTime,
      Double availableAgents,
      String missing) {}

  /**
   * What the law believes.
   *
   * @param answerProbability share of dialed calls that a person answers
   * @param handleTimeSeconds seconds that a call keeps an agent
   * @param budgetCalls abandoned calls below (positive) or above the target so far
   * @param overdial answered calls aimed at for each agent expected to be idle
   * @param staffedAgents agents at work, reported or inferred
   * @param busyAgents those on a call
   * @param idleExpected agents expected to be idle when calls dialed now are answered
   * @param ringingExpected dialed calls expected to be ringing still
   * @param unclamped calls/s that the prediction alone would dial; null where it was not asked
   */
  public record Estimates(
      double answerProbability,
      double handleTimeSeconds,
      double budgetCalls,
      double overdial,
      double staffedAgents,
      double busyAgents,
      double idleExpected,
      double ringingExpected,
      Double unclamped) {}

  /**
   * The counts of the current period.
   *
   * @param start epoch ms at which it began
   * @param end epoch ms at which the next one begins; null when the window rolls
   * @param answered calls answered live, abandoned ones among them
   * @param abandoned calls abandoned
   * @param rate abandoned / answered; 0 while nothing was answered
   * @param cap highest share that the profile allows; null when it has none
   */
  public record Period(
      long start, Long end, double answered, double abandoned, double rate, Double cap) {

    static Period of(PacingPlan plan, CapState state, long at) {
      Periods periods = new Periods(plan);
      return new Period(
          periods.start(at),
          periods.end(at),
          state.period().answered(),
          state.period().abandoned(),
          state.share(),
          plan.abandonment() == null ? null : plan.abandonment().cap());
    }
  }
}
