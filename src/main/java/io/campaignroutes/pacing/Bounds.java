package io.campaignroutes.pacing;

/**
 * What a campaign is bound to at one tick.
 *
 * @param plan the plan
 * @param periods over which its abandonment cap counts
 * @param limit calls/s that are never exceeded
 * @param cap share of answered calls that may be abandoned
 * @param target share that is aimed at
 */
record Bounds(PacingPlan plan, Periods periods, double limit, double cap, double target) {
  /** calls/s: no rate above this is worked with. */
  private static final double MAX_RATE = 1e6;

  /**
   * @param staffed agents believed to be at work; abandonment of small teams scatters more
   */
  static Bounds of(PacingPlan plan, double staffed, LawSettings law) {
    double cap = plan.abandonment() == null ? law.houseCap() : plan.abandonment().cap();
    double share = staffed >= law.largeTeam() ? law.targetShare() : law.targetShareSmall();
    return new Bounds(plan, new Periods(plan), rate(plan.mostCallsPerSecond()), cap, share * cap);
  }

  /** A rate or limit that can be worked with: 0 for what is no number or negative. */
  static double rate(double value) {
    return value > 0 ? Math.min(value, MAX_RATE) : 0;
  }
}
