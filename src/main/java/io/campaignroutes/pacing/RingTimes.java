package io.campaignroutes.pacing;

/**
 * When answers come: log-normal seconds from dialing to a person's answer, cut off where unanswered
 * lines are given up.
 */
final class RingTimes {
  private static final double STEP = 0.25;

  private final double[] areas;

  RingTimes(double mean, double deviation, double timeout) {
    double sigma = Math.sqrt(Math.log1p(deviation * deviation / (mean * mean)));
    double mu = Math.log(mean) - sigma * sigma / 2;
    areas = new double[(int) Math.ceil(timeout / STEP) + 1];
    double before = 0;
    double within = Normal.below((Math.log(timeout) - mu) / sigma);
    for (int i = 1; i < areas.length; i++) {
      double share = Math.min(1, Normal.below((Math.log(i * STEP) - mu) / sigma) / within);
      areas[i] = areas[i - 1] + (before + share) / 2 * STEP;
      before = share;
    }
  }

  static RingTimes of(PlatformSettings platform) {
    return new RingTimes(
        platform.answerMean(),
        platform.answerDeviation(),
        PacingLaw.seconds(platform.ringTimeout()));
  }

  /** The integral from 0 to {@code age} of the share of answers that have come by then. */
  double area(double age) {
    if (age <= 0) {
      return 0;
    }
    double place = age / STEP;
    int index = (int) place;
    int last = areas.length - 1;
    if (index >= last) {
      return areas[last] + (age - last * STEP);
    }
    return areas[index] + (place - index) * (areas[index + 1] - areas[index]);
  }
}
