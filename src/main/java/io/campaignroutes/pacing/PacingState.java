package io.campaignroutes.pacing;

/**
 * What the law knows of a campaign from one tick to the next. Immutable; its JSON (1 to 2 kB) is
 * all that has to be kept, so a restart in mid campaign changes no decision.
 *
 * @param commanded calls/s last known to be in force at CXone
 * @param commandedAt epoch ms of the last change that CXone acknowledged
 * @param pausedAt since when somebody else has stopped the dialing; 0 when nobody has
 * @param dialedAt when calls were last dialed
 * @param readAt the last tick
 * @param sampledAt the last tick with usable figures; 0 before the first
 * @param freshSince since when the lack of figures counts
 * @param probeAt when dialing without figures was last begun; 0 when never
 * @param toldAt up to when the history API told the period's totals; 0 when it has not, or they
 *     have been taken over. The next sample then only sets where counting goes on
 * @param toldAnswered answered calls that it told
 * @param toldAbandoned abandoned calls that it told
 * @param counts what was counted, back to the window's length; rolling windows only
 * @param lastConnected the last connected calls of the API; other windows only
 * @param lastAbandoned the last abandoned calls of the API; other windows only
 * @param dialed rates lately in force
 * @param attempts dialed calls that should have been answered or not, fading
 * @param answers answered ones among them, fading
 * @param usualAnswer answer probability of the last quarter of an hour or so
 * @param handleTime seconds that a call keeps an agent
 * @param idle agents seen idle at the last sample
 * @param busy agents believed to be on a call at the last sample
 * @param staffed agents believed to be at work
 * @param budget abandoned calls below (positive) or above the target
 * @param warm answered calls since dialing began, or began again
 * @param still ticks on which calls were connected and the figure for agents did not change
 * @param protect whether abandonment is close to its cap
 * @param held whether nothing is dialed because of the cap
 * @param aboveAt since when the share has been above the cap; 0 when it is not
 * @param aboveAnswered answered calls of the period at that time
 * @param period answered and abandoned calls of the current period
 */
public record PacingState(
    double commanded,
    long commandedAt,
    long pausedAt,
    long dialedAt,
    long readAt,
    long sampledAt,
    long freshSince,
    long probeAt,
    long toldAt,
    double toldAnswered,
    double toldAbandoned,
    Counts counts,
    double lastConnected,
    double lastAbandoned,
    Dialed dialed,
    double attempts,
    double answers,
    double usualAnswer,
    double handleTime,
    double idle,
    double busy,
    double staffed,
    double budget,
    double warm,
    double still,
    boolean protect,
    boolean held,
    long aboveAt,
    double aboveAnswered,
    PeriodCounts period) {

  /**
   * A change was carried out at CXone.
   *
   * @param rate calls/s now in force
   * @param at epoch ms at which CXone acknowledged it
   */
  public PacingState confirmed(double rate, long at) {
    Draft draft = new Draft(this);
    draft.dialUntil(at);
    draft.commanded = Tick.sane(rate);
    draft.commandedAt = at;
    return draft.state();
  }

  /**
   * Whether so much time has passed since the last sample that the window of the figures cannot
   * tell what was counted in between. The caller then asks the history API for the totals of the
   * current period (from {@link PacingLaw#periodStart}) and hands them to {@link #caughtUp}. It
   * need not be able to: without, what the window still shows is counted.
   */
  public boolean behind(long at, FigureSettings figures) {
    long since = sampledAt == 0 ? freshSince : sampledAt;
    return figures.window() != FigureSettings.Window.CUMULATIVE
        && at - since > figures.length().toMillis();
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
    Draft draft = new Draft(this);
    draft.toldAt = at;
    draft.toldAnswered = answeredInPeriod;
    draft.toldAbandoned = Math.min(answeredInPeriod, abandonedInPeriod);
    return draft.state();
  }

  /** Dialing was stopped by somebody else: an operator's pause, CXone itself. */
  public PacingState paused(long at) {
    if (pausedAt != 0) {
      return this;
    }
    Draft draft = new Draft(this);
    draft.dialUntil(at);
    draft.pausedAt = at;
    draft.warm = 0;
    return draft.state();
  }

  /**
   * Dialing began again after {@link #paused}, with the rate that was in force before. What was
   * learnt of answers and handle times is kept; prediction waits for fresh answers.
   */
  public PacingState resumed(long at) {
    if (pausedAt == 0) {
      return this;
    }
    Draft draft = new Draft(this);
    draft.dialUntil(at);
    draft.pausedAt = 0;
    draft.freshSince = at;
    draft.probeAt = 0;
    draft.warm = 0;
    return draft.state();
  }

  /**
   * What was noted by a clock that was ahead and has been put right counts as of a moment ago.
   *
   * @param now epoch ms by the clock as it is
   * @param moment ms that a clock may be ahead without a word
   */
  PacingState notAheadOf(long now, long moment) {
    long latest =
        Math.max(
            Math.max(Math.max(readAt, sampledAt), Math.max(freshSince, commandedAt)),
            Math.max(counts.end(), dialed.end()));
    if (latest - now <= moment) {
      return this;
    }
    long then = now - moment;
    Draft draft = new Draft(this);
    draft.commandedAt = Math.min(commandedAt, then);
    draft.pausedAt = Math.min(pausedAt, then);
    draft.dialedAt = Math.min(dialedAt, then);
    draft.readAt = Math.min(readAt, then);
    draft.sampledAt = Math.min(sampledAt, then);
    draft.freshSince = Math.min(freshSince, then);
    draft.probeAt = Math.min(probeAt, then);
    draft.toldAt = Math.min(toldAt, then);
    draft.aboveAt = Math.min(aboveAt, then);
    draft.counts = counts.endingBy(then);
    draft.dialed = dialed.endingBy(then);
    return draft.state();
  }

  /** A state that is being changed. */
  static final class Draft {
    /** ms: longer than any call rings, with figures that are late. */
    private static final long REMEMBERED = 120_000;

    /** ms: the longest that rates are remembered while there are no figures. */
    private static final long LONGEST_REMEMBERED = 300_000;

    double commanded;
    long commandedAt;
    long pausedAt;
    long dialedAt;
    long readAt;
    long sampledAt;
    long freshSince;
    long probeAt;
    long toldAt;
    double toldAnswered;
    double toldAbandoned;
    Counts counts;
    double lastConnected;
    double lastAbandoned;
    Dialed dialed;
    double attempts;
    double answers;
    double usualAnswer;
    double handleTime;
    double idle;
    double busy;
    double staffed;
    double budget;
    double warm;
    double still;
    boolean protect;
    boolean held;
    long aboveAt;
    double aboveAnswered;
    PeriodCounts period;

    Draft(PacingState from) {
      commanded = from.commanded;
      commandedAt = from.commandedAt;
      pausedAt = from.pausedAt;
      dialedAt = from.dialedAt;
      readAt = from.readAt;
      sampledAt = from.sampledAt;
      freshSince = from.freshSince;
      probeAt = from.probeAt;
      toldAt = from.toldAt;
      toldAnswered = from.toldAnswered;
      toldAbandoned = from.toldAbandoned;
      counts = from.counts;
      lastConnected = from.lastConnected;
      lastAbandoned = from.lastAbandoned;
      dialed = from.dialed;
      attempts = from.attempts;
      answers = from.answers;
      usualAnswer = from.usualAnswer;
      handleTime = from.handleTime;
      idle = from.idle;
      busy = from.busy;
      staffed = from.staffed;
      budget = from.budget;
      warm = from.warm;
      still = from.still;
      protect = from.protect;
      held = from.held;
      aboveAt = from.aboveAt;
      aboveAnswered = from.aboveAnswered;
      period = from.period;
    }

    /** Calls/s that are really dialed. */
    double inForce() {
      return pausedAt == 0 ? commanded : 0;
    }

    /** The rate in force has been dialed up to this time. */
    void dialUntil(long at) {
      if (inForce() > 0) {
        dialedAt = Math.max(dialedAt, at);
      }
      long seen = sampledAt > 0 ? Math.min(at, sampledAt) : at;
      long keep = Math.max(at - LONGEST_REMEMBERED, seen - REMEMBERED);
      dialed = dialed.until(at, inForce(), keep);
    }

    PacingState state() {
      return new PacingState(
          commanded,
          commandedAt,
          pausedAt,
          dialedAt,
          readAt,
          sampledAt,
          freshSince,
          probeAt,
          toldAt,
          toldAnswered,
          toldAbandoned,
          counts,
          lastConnected,
          lastAbandoned,
          dialed,
          attempts,
          answers,
          usualAnswer,
          handleTime,
          idle,
          busy,
          staffed,
          budget,
          warm,
          still,
          protect,
          held,
          aboveAt,
          aboveAnswered,
          period);
    }
  }
}
