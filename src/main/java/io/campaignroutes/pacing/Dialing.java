package io.campaignroutes.pacing;

import java.util.function.LongUnaryOperator;

/**
 * What CXone dials a campaign with, as far as is known, and what it has dialed lately. Lines that
 * ring are in no figure, so they are worked out from this.
 *
 * @param commanded calls/s last known to be in force at CXone
 * @param commandedAt epoch ms of the last change that CXone acknowledged; changes that are too
 *     small are written once this is long ago
 * @param pausedAt epoch ms since when somebody else has stopped the dialing; 0 when nobody has
 * @param dialedAt epoch ms at which calls were last dialed: without calls there are no figures, and
 *     that is no fault then
 * @param dialed rates lately in force
 */
record Dialing(double commanded, long commandedAt, long pausedAt, long dialedAt, Dialed dialed) {
  /** ms: longer than any call rings, with figures that are late. */
  private static final long REMEMBERED = 120_000;

  /** ms: the longest that rates are remembered while there are no figures. */
  private static final long MAX_REMEMBERED = 300_000;

  static Dialing from(long at, double rate) {
    return new Dialing(rate, at, 0, at, Dialed.from(at));
  }

  /** Calls/s that are really dialed. */
  double inForce() {
    return pausedAt == 0 ? commanded : 0;
  }

  /**
   * The rate in force has been dialed up to this time.
   *
   * @param sampledAt epoch ms of the last usable figures; what was dialed since must be known
   */
  Dialing until(long at, long sampledAt) {
    long dialing = inForce() > 0 ? Math.max(dialedAt, at) : dialedAt;
    long seen = sampledAt > 0 ? Math.min(at, sampledAt) : at;
    long keep = Math.max(at - MAX_REMEMBERED, seen - REMEMBERED);
    return new Dialing(
        commanded, commandedAt, pausedAt, dialing, dialed.until(at, inForce(), keep));
  }

  Dialing confirmed(double rate, long at) {
    return new Dialing(rate, at, pausedAt, dialedAt, dialed);
  }

  /** Stopped by somebody else; 0 when it goes on. */
  Dialing pausedAt(long at) {
    return new Dialing(commanded, commandedAt, at, dialedAt, dialed);
  }

  Dialing dialed(Dialed other) {
    return new Dialing(commanded, commandedAt, pausedAt, dialedAt, other);
  }

  Dialing shifted(LongUnaryOperator by) {
    return new Dialing(
        commanded,
        by.applyAsLong(commandedAt),
        by.applyAsLong(pausedAt),
        by.applyAsLong(dialedAt),
        dialed.endingAt(by.applyAsLong(dialed.end())));
  }
}
