package io.campaignroutes.pacing;

/**
 * The safety margin, in standard deviations of idle agents less answers, so that it fits small and
 * large teams. The credit of all campaigns moves it, for whatever a team is like; what is a
 * campaign's own comes on top while it dials.
 */
final class Margins {
  /** How much one abandoned call of a campaign's own, off what the others have, changes it. */
  private static final double OWN_GAIN = 0.1;

  /** How much one abandoned call beyond this share of the cap widens it. */
  private static final double NEAR_GAIN = 0.5;

  private static final double NEAR_CAP = 0.9;

  private final LawSettings law;

  Margins(LawSettings law) {
    this.law = law;
  }

  double of(double credit) {
    return bounded(law.margin() - law.gain() * credit);
  }

  /**
   * @param credit of all campaigns
   * @param mean credit of one
   */
  double of(double credit, double mean, CapState cap, Bounds bounds) {
    PeriodCounts period = cap.period();
    double beyond = period.abandoned() - NEAR_CAP * bounds.cap() * period.answered();
    double debt = Math.max(0, Math.min(0, mean) - cap.abandonmentCredit());
    double spare = Math.max(0, cap.abandonmentCredit() - Math.max(0, mean));
    double own = OWN_GAIN * (debt - spare);
    return bounded(law.margin() - law.gain() * credit + own + NEAR_GAIN * Math.max(0, beyond));
  }

  private double bounded(double margin) {
    return Math.max(law.marginLowest(), Math.min(law.marginHighest(), margin));
  }
}
