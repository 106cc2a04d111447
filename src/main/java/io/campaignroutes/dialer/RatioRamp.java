package io.campaignroutes.dialer;

/**
 * Lines for each agent as they are in force: they begin at one and go up bit by bit, go down at
 * once, and stay below what the platform's own abandon control leaves.
 */
final class RatioRamp {
  private DialRatio wanted = DialRatio.STOPPED;
  private double secondsPerLine;
  private double level;
  private double levelAt;

  /**
   * Another ratio is asked for.
   *
   * @param seconds how long one more line for an agent takes; what {@code aggressiveness} makes of
   *     it is not published
   */
  void set(DialRatio other, double seconds, double now) {
    level = level(now);
    levelAt = now;
    wanted = other;
    secondsPerLine = seconds;
  }

  /** The skill is started: it begins with one line. */
  void begin(double now) {
    level = 0;
    levelAt = now;
  }

  private double level(double now) {
    double most = wanted.blocked() ? Math.min(1, wanted.lines()) : wanted.lines();
    double passed = now - levelAt;
    double reached = secondsPerLine <= 0 ? most : Math.max(1, level) + passed / secondsPerLine;
    return Math.min(most, reached);
  }

  /**
   * Lines for each agent who waits.
   *
   * @param waiting share of the agents who wait, 0 to 1
   * @param allowed lines for each agent that the platform's own control leaves
   */
  double lines(double now, double waiting, double allowed) {
    double lines = Math.min(level(now), Math.max(1, allowed));
    boolean overdials = waiting * 100 >= wanted.overdialPercentage();
    return overdials ? lines : Math.min(1, lines);
  }
}
