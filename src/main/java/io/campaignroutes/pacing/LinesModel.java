package io.campaignroutes.pacing;

/**
 * What so many lines for each agent who waits come to, in the long run. An agent waits until one of
 * his lines is answered: {@code line / (k·p)} seconds. Of the persons who answer, the share {@code
 * 1 - (1-(1-p)^k) / (k·p)} answers beside the one whom the agent takes, and is abandoned where
 * nobody else waits: with {@code u} the busy share of agents who are independent of each other that
 * would be {@code u^n}. They are not, and {@code u^(0.8n)} is within a third of what the simulated
 * dialer abandons, for 5 to 50 agents, 2 and 3 lines, 15 to 45 % of calls answered and 90 to 360 s
 * a call; the rest is what the credit is for.
 *
 * @param agents at work
 * @param answer share of dialed calls that a person answers
 * @param handle seconds that a call keeps its agent
 * @param line seconds that a line is held
 */
record LinesModel(double agents, double answer, double handle, double line) {
  /** Agents are no independent ones: whoever waits takes what others are called for. */
  private static final double DEPENDENCE = 0.8;

  /** Share of the lines nobody answers that end at once, and seconds that takes. */
  private static final double QUICK_FAILURES = 0.15;

  private static final double QUICK_FAILURE = 2;

  static LinesModel of(AgentEstimate agents, double answer, PlatformSettings platform) {
    double unanswered =
        QUICK_FAILURES * QUICK_FAILURE
            + (1 - QUICK_FAILURES) * PacingLaw.seconds(platform.ringTimeout());
    double line = answer * platform.answerMean() + (1 - answer) * unanswered;
    return new LinesModel(
        Math.max(1, agents.staffed()), answer, Math.max(1, agents.handleTime()), line);
  }

  private double busy(double lines) {
    return handle / (handle + line / (lines * answer));
  }

  /** Share of answered calls that is abandoned. */
  double abandoned(double lines) {
    double taken = -Math.expm1(lines * Math.log1p(-answer)) / (lines * answer);
    return Math.max(0, 1 - taken) * Math.pow(busy(lines), DEPENDENCE * agents);
  }

  /** Calls dialed a second. */
  double callsPerSecond(double lines) {
    return agents * busy(lines) / handle / answer;
  }

  /**
   * The lines that abandon this share; between whole ones as far as the share lies between theirs.
   *
   * @param most that there can be; the answer may be up to one more, which says how safe they are
   */
  double lines(double share, int most) {
    int lines = 1;
    while (lines < most && abandoned(lines + 1) <= share) {
      lines++;
    }
    double below = abandoned(lines);
    double step = Math.max(1e-9, abandoned(lines + 1) - below);
    return lines + Math.min(1, (share - below) / step);
  }

  /** The most lines that dial no faster than a limit in calls a second; 0 for not even one. */
  int within(double limit, int most) {
    int lines = 0;
    while (lines < most && callsPerSecond(lines + 1) <= limit) {
      lines++;
    }
    return lines;
  }
}
