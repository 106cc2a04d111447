package io.campaignroutes.pacing;

/**
 * How much speaks against chance when more calls are abandoned than a campaign aims at: a
 * sequential test that may be looked at after every tick, from the first answered call on.
 *
 * <p>The campaign is taken at its word: each answered call is abandoned with a probability of at
 * most its {@link Bounds#target}. Against that stand shares above the cap: one as far above it as
 * the target is below, for slow drifts, and its doubles up to nearly all calls, for floods. The
 * evidence is the likelihood of what was seen under those, weighed together, as a multiple of that
 * under the target. While the campaign keeps its word every summand is a non-negative
 * supermartingale that begins at 1, whatever came before each call, so by Ville's inequality the
 * evidence reaches {@code 1/a} with a probability of at most {@code a}, however often it is looked
 * at: a Wald test with a mixture of alternatives.
 *
 * <p>Ville 1939, <i>Étude critique de la notion de collectif</i>; Wald 1945, "Sequential Tests of
 * Statistical Hypotheses", Ann. Math. Statist. 16(2); Robbins 1970, "Statistical Methods Related to
 * the Law of the Iterated Logarithm", Ann. Math. Statist. 41(5); Howard, Ramdas, McAuliffe, Sekhon
 * 2021, "Time-uniform, nonparametric, nonasymptotic confidence sequences", Ann. Statist. 49(2). In
 * a window that moves on, each start of the window has a test of its own.
 */
final class AbandonmentEvidence {
  /** The drift beside the cap has half of the weight, the floods together the rest. */
  private static final double DRIFT_WEIGHT = 0.5;

  /** Shares of the cap between which a target can be told from it, and from nothing. */
  private static final double MIN_TARGET = 0.1;

  private static final double MAX_TARGET = 0.95;

  /** No share above this is taken for an alternative: with 1, one served call would refute it. */
  private static final double MAX_SHARE = 0.99;

  private AbandonmentEvidence() {}

  /**
   * The evidence that more calls are abandoned than aimed at.
   *
   * @param answered answered calls, abandoned ones among them; not a whole number where figures of
   *     a moving window were taken apart
   * @param abandoned those that were abandoned
   * @return its natural logarithm; 0 says nothing either way
   */
  static double log(double answered, double abandoned, double target, double cap) {
    double lost = Math.min(abandoned, answered);
    double served = answered - lost;
    double aimed = Math.max(MIN_TARGET * cap, Math.min(MAX_TARGET * cap, target));
    int floods = 0;
    for (double share = 2 * cap; share < MAX_SHARE; share *= 2) {
      floods++;
    }
    double drift = Math.min(cap * cap / aimed, (1 + aimed) / 2);
    double sum = Math.log(floods == 0 ? 1 : DRIFT_WEIGHT) + likelier(lost, served, drift, aimed);
    double share = 2 * cap;
    for (int i = 0; i < floods; i++, share *= 2) {
      double weight = Math.log((1 - DRIFT_WEIGHT) / floods);
      sum = logOfSum(sum, weight + likelier(lost, served, share, aimed));
    }
    return sum;
  }

  /** Whether chance alone would bring so much evidence at most this often, in its logarithm. */
  static boolean beyond(double log, double chance) {
    return log >= -Math.log(chance);
  }

  private static double likelier(double lost, double served, double share, double aimed) {
    return lost * Math.log(share / aimed) + served * Math.log((1 - share) / (1 - aimed));
  }

  private static double logOfSum(double one, double other) {
    double larger = Math.max(one, other);
    return larger + Math.log1p(Math.exp(Math.min(one, other) - larger));
  }
}
