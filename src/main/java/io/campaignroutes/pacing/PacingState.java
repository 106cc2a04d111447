package io.campaignroutes.pacing;

/**
 * What the law knows of a campaign from one tick to the next. Immutable; its JSON (about 1 kB) is
 * all that has to be kept, so a restart in mid campaign changes no decision.
 */
public record PacingState(double commanded, long commandedAt, long sampledAt, long startedAt) {

  /** Calls/s last known to be in force at CXone. */
  @Override
  public double commanded() {
    return commanded;
  }

  /**
   * A change was carried out at CXone.
   *
   * @param rate calls/s now in force
   * @param at epoch ms at which CXone acknowledged it
   */
  public PacingState confirmed(double rate, long at) {
    return new PacingState(rate, at, sampledAt, startedAt);
  }

  /**
   * Whether so much time has passed since the last sample that the window of the figures cannot
   * tell what was counted in between. The caller then asks the history API for the totals of the
   * current period ({@link PacingLaw#periodStart}) and hands them to {@link #caughtUp}.
   */
  public boolean behind(long at, FigureSettings figures) {
    return false;
  }

  /**
   * The totals of the current period, from the history API.
   *
   * @param answeredInPeriod calls answered live since the period began, abandoned ones among them
   * @param abandonedInPeriod of those, the abandoned ones
   * @param at epoch ms up to which they count
   */
  public PacingState caughtUp(double answeredInPeriod, double abandonedInPeriod, long at) {
    return this;
  }

  /** Dialing was stopped by somebody else: an operator's pause, CXone itself. */
  public PacingState paused(long at) {
    return this;
  }

  /** Dialing began again after {@link #paused}. */
  public PacingState resumed(long at) {
    return this;
  }
}
