package io.campaignroutes.pacing;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.function.LongUnaryOperator;

/**
 * What the law knows of a campaign from one tick to the next. Immutable; its JSON (1 to 2 kB, flat)
 * is all that has to be kept, so a restart in mid campaign changes no decision. What the parts are
 * called in it other versions of the service know: those names stay.
 *
 * @param dialing what CXone dials with
 * @param figuresSeen which figures were seen
 * @param historyTotals what history told of the period
 * @param answerEstimate how many calls are answered
 * @param agentEstimate what the agents do
 * @param cap how it stands towards the cap on abandoned calls
 * @param turn what it has had of agents that it shares
 * @param ratio what only those have that are paced by lines for each agent; null of all others
 */
public record PacingState(
    @JsonUnwrapped Dialing dialing,
    @JsonUnwrapped FiguresSeen figuresSeen,
    @JsonUnwrapped HistoryTotals historyTotals,
    @JsonUnwrapped AnswerEstimate answerEstimate,
    @JsonUnwrapped AgentEstimate agentEstimate,
    @JsonUnwrapped CapState cap,
    @JsonUnwrapped TurnState turn,
    @JsonInclude(JsonInclude.Include.NON_NULL) RatioState ratio) {

  /** Calls/s last known to be in force at CXone. */
  public double commanded() {
    return dialing.commanded();
  }

  /**
   * A change was carried out at CXone.
   *
   * @param rate calls/s now in force
   * @param at epoch ms at which CXone acknowledged it
   */
  public PacingState confirmed(double rate, long at) {
    return with(dialedUntil(at).confirmed(Bounds.rate(rate), at));
  }

  /**
   * Whether nothing was dialed for so long that no figures of CXone can show any of it: what calls
   * of this campaign came to is known then without asking.
   *
   * @param at epoch ms
   */
  boolean rests(long at, FigureSettings figures) {
    return (dialing.inForce() == 0 || figuresSeen.sampledAt() == 0)
        && (at - dialing.dialedAt() > figures.length().toMillis()
            || figuresSeen.sampledAt() == 0 && dialing.dialed().calls(0, at) < 0.5);
  }

  /**
   * Of a campaign that {@link #rests}: it has been looked at until a time, though that was not
   * written down since nothing came of it.
   *
   * @param at epoch ms
   */
  PacingState lookedAt(long at) {
    return at <= figuresSeen.readAt()
        ? this
        : new PacingState(
            dialing,
            figuresSeen.readAt(at),
            historyTotals,
            answerEstimate,
            agentEstimate,
            cap,
            turn,
            ratio);
  }

  /**
   * Whether so much time has passed since the last sample that the window of the figures cannot
   * tell what was counted in between. The caller then asks the history API for the totals of the
   * current period (from {@link Periods#start}) and hands them to {@link #caughtUp}. It need not be
   * able to: without, what the window still shows is counted.
   */
  public boolean behind(long at, FigureSettings figures) {
    return figures.window() != FigureSettings.Window.CUMULATIVE
        && at - figuresSeen.blindSince() > figures.length().toMillis();
  }

  /**
   * The totals of the current period, from the history API. Counts only grow within a period, so a
   * total below what was counted already changes nothing.
   *
   * @param answeredInPeriod calls answered live since the period began, abandoned ones among them
   * @param abandonedInPeriod of those, the abandoned ones
   * @param at epoch ms up to which they count
   */
  public PacingState caughtUp(double answeredInPeriod, double abandonedInPeriod, long at) {
    if (!(answeredInPeriod >= 0 && abandonedInPeriod >= 0)
        || Double.isInfinite(answeredInPeriod)
        || Double.isInfinite(abandonedInPeriod)) {
      return this;
    }
    double abandoned = Math.min(answeredInPeriod, abandonedInPeriod);
    HistoryTotals totals = new HistoryTotals(at, answeredInPeriod, abandoned);
    return new PacingState(
        dialing, figuresSeen, totals, answerEstimate, agentEstimate, cap, turn, ratio);
  }

  /** Dialing was stopped by somebody else: an operator's pause, CXone itself. */
  public PacingState paused(long at) {
    return dialing.pausedAt() != 0 ? this : again(dialedUntil(at).pausedAt(at), figuresSeen);
  }

  /**
   * Dialing began again after {@link #paused}, with the rate that was in force before. What was
   * learnt of answers and handle times is kept; prediction waits for fresh answers.
   */
  public PacingState resumed(long at) {
    return dialing.pausedAt() == 0
        ? this
        : again(dialedUntil(at).pausedAt(0), figuresSeen.freshSince(at).probeAt(0));
  }

  /**
   * What was noted by a clock that was ahead and has been put right: the latest of it counts as of
   * a moment ago, and the rest as far before that as it was.
   *
   * @param now epoch ms by the clock as it is
   * @param moment ms that a clock may be ahead without a word
   */
  PacingState notAheadOf(long now, long moment) {
    FiguresSeen seen = figuresSeen;
    long latest =
        Math.max(
            Math.max(
                Math.max(seen.readAt(), seen.sampledAt()),
                Math.max(seen.freshSince(), dialing.commandedAt())),
            Math.max(seen.counts().end(), dialing.dialed().end()));
    if (latest - now <= moment) {
      return this;
    }
    long ahead = latest - now + moment;
    LongUnaryOperator back = at -> at == 0 ? 0 : Math.max(1, at - ahead); // 0 stands for never
    return new PacingState(
        dialing.shifted(back),
        seen.shifted(back),
        historyTotals.at(back.applyAsLong(historyTotals.at())),
        answerEstimate,
        agentEstimate,
        cap.shifted(back),
        turn,
        ratio == null ? null : ratio.shifted(back));
  }

  private Dialing dialedUntil(long at) {
    return dialing.until(at, figuresSeen.sampledAt());
  }

  private PacingState with(Dialing other) {
    return new PacingState(
        other, figuresSeen, historyTotals, answerEstimate, agentEstimate, cap, turn, ratio);
  }

  private PacingState again(Dialing other, FiguresSeen seen) {
    return new PacingState(
        other, seen, historyTotals, answerEstimate.again(), agentEstimate, cap, turn, ratio);
  }
}
