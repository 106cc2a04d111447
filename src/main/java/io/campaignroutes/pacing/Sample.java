package io.campaignroutes.pacing;

/**
 * The figures of one tick, and what they tell that is new. What is missing, late or nonsense is no
 * sample, never a zero.
 *
 * @param figures those that can be true; the others are null
 * @param missing why this is no sample, in words; null when it is one
 * @param at epoch ms
 * @param from epoch ms at which began what the new counts tell of
 * @param first whether there was no sample before
 * @param counted whether history has told the totals that the new counts are in
 * @param newConnected calls connected to an agent since the last sample
 * @param newAbandoned calls abandoned since the last sample
 * @param live new calls that the abandonment rules call answered
 * @param lost new calls that they call abandoned
 */
record Sample(
    PacingFigures figures,
    String missing,
    long at,
    long from,
    boolean first,
    boolean counted,
    double newConnected,
    double newAbandoned,
    double live,
    double lost) {

  static Sample none(PacingFigures figures, String missing, long at) {
    return new Sample(figures, missing, at, at, false, false, 0, 0, 0, 0);
  }

  boolean usable() {
    return missing == null;
  }

  /** Calls answered since the last sample. */
  double answered() {
    return newConnected + newAbandoned;
  }

  /** s: the time that the new counts tell of. */
  double span() {
    return Math.max(0.001, (at - from) / 1000.0);
  }
}
