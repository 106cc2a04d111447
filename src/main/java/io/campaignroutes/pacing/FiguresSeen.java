package io.campaignroutes.pacing;

import java.util.function.LongUnaryOperator;

/**
 * Which figures of a campaign were seen, so that the next ones tell what is new.
 *
 * @param readAt epoch ms of the last tick
 * @param sampledAt epoch ms of the last tick with usable figures; 0 before the first
 * @param freshSince epoch ms since when the lack of figures counts: dialing began, or began again
 * @param probeAt epoch ms at which dialing without figures was last begun; 0 when never. It is
 *     tried for a while only, since calls must show in the figures
 * @param counts what was counted, back to the window's length; rolling windows only
 * @param lastConnected the last connected calls of the API; other windows only
 * @param lastAbandoned the last abandoned calls of the API; other windows only
 * @param lacking whether the last figures lacked calls that cannot have left the window
 */
record FiguresSeen(
    long readAt,
    long sampledAt,
    long freshSince,
    long probeAt,
    Counts counts,
    double lastConnected,
    double lastAbandoned,
    boolean lacking) {
  /** Of a call that is counted over several ticks less may be left than this. */
  private static final double NO_CALLS = 1e-3;

  static FiguresSeen none(long at) {
    return new FiguresSeen(at, 0, at, 0, Counts.NONE, 0, 0, false);
  }

  /** Since when figures are missing. */
  long blindSince() {
    return sampledAt == 0 ? freshSince : sampledAt;
  }

  /** Whether figures since a time, in epoch ms, have counted no calls. */
  boolean showsNothing(long since) {
    return counts.connectedSince(since) < NO_CALLS && counts.abandonedSince(since) < NO_CALLS;
  }

  FiguresSeen sampled(long at, Counts counted, double connected, double abandoned) {
    return new FiguresSeen(readAt, at, freshSince, 0, counted, connected, abandoned, false);
  }

  FiguresSeen withLacking() {
    return new FiguresSeen(
        readAt, sampledAt, freshSince, probeAt, counts, lastConnected, lastAbandoned, true);
  }

  FiguresSeen readAt(long at) {
    return new FiguresSeen(
        at, sampledAt, freshSince, probeAt, counts, lastConnected, lastAbandoned, lacking);
  }

  FiguresSeen freshSince(long at) {
    return new FiguresSeen(
        readAt, sampledAt, at, probeAt, counts, lastConnected, lastAbandoned, lacking);
  }

  FiguresSeen probeAt(long at) {
    return new FiguresSeen(
        readAt, sampledAt, freshSince, at, counts, lastConnected, lastAbandoned, lacking);
  }

  FiguresSeen shifted(LongUnaryOperator by) {
    return new FiguresSeen(
        by.applyAsLong(readAt),
        by.applyAsLong(sampledAt),
        by.applyAsLong(freshSince),
        by.applyAsLong(probeAt),
        counts.endingAt(by.applyAsLong(counts.end())),
        lastConnected,
        lastAbandoned,
        lacking);
  }
}
