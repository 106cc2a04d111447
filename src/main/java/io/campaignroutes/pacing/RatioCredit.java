package io.campaignroutes.pacing;

/**
 * The credit of a pool that is paced by lines for each agent: calls abandoned less often than is
 * aimed at, or with a minus more often; and what lines that makes.
 */
final class RatioCredit {
  /** Fewest abandoned calls that it may come to, however small the team. */
  private static final double MIN_CREDIT = 2;

  /** Abandoned calls too many from which on lines are to pay them back, not to share them out. */
  private static final double OWED = 0.5;

  /** The same from which on they are to do so soon. */
  private static final double MUCH_OWED = 1.5;

  /** Share of what is aimed at that lines abandon at most which pay back. */
  private static final double REPAYS = 0.8;

  private static final double REPAYS_SOON = 0.33;

  private final PlatformSettings platform;
  private final RatioSettings settings;

  RatioCredit(PlatformSettings platform) {
    this.platform = platform;
    this.settings = platform.ratio();
  }

  /**
   * Lines for each agent who waits.
   *
   * @param lines by the model and the credit
   * @param safe the same with a margin
   */
  record Steered(double lines, double safe) {}

  /**
   * What of a credit is kept, within what there can be. What a larger team has earned pays for as
   * long with a smaller one, not for as many calls.
   *
   * @param target share of answered calls that is aimed at
   * @param answer share of calls that is answered
   * @param then the agents at the tick before
   */
  double kept(double credit, double target, double answer, AgentEstimate then, AgentEstimate now) {
    double worth = credit;
    if (credit > 0 && now.staffed() < then.staffed() && now.staffed() >= 0.5) {
      int lines = settings.maxRatio();
      AgentEstimate larger = then.handleTime(now.handleTime());
      double before = LinesModel.of(larger, answer, platform).abandoned(lines);
      worth = credit * before / LinesModel.of(now, answer, platform).abandoned(lines);
    }
    double most = most(target, now);
    return Math.max(-most, Math.min(most, worth));
  }

  private double most(double target, AgentEstimate staff) {
    double answers = staff.capacity() * PacingLaw.seconds(settings.credit());
    return Math.max(MIN_CREDIT, Math.min(settings.maxCredit(), target * answers));
  }

  /** What lines a credit makes. */
  Steered steered(LinesModel model, double credit, double target, AgentEstimate staff) {
    double there = credit / most(target, staff);
    double by = there > 0 ? settings.steering() : settings.braking();
    double steered = target * Math.exp(by * there);
    int most = settings.maxRatio();
    double lines = model.lines(steered, most);
    if (credit < -OWED) { // whole ones that pay it back
      double repays = credit < -MUCH_OWED ? REPAYS_SOON : REPAYS;
      lines = Math.min(lines, Math.floor(model.lines(repays * target, most)));
    }
    double safe = model.lines(steered / (1 + settings.raiseMargin()), most);
    return new Steered(lines, Math.min(lines, safe));
  }
}
