package io.campaignroutes.pacing;

/**
 * Makes of the lines that are wanted what is written: whole ratios, or steps between 1:1 and 2:1
 * where the fine lever is on; up one step at a time and slowly, down at once, and no two changes
 * close to each other but one to 1:1.
 */
final class RatioShaper {
  /** Lines in force of a campaign that nothing was written of. */
  static final double UNKNOWN = 100;

  /** Steps of the fine lever, in lines: 10 % of the agents each. */
  private static final double STEP = 0.1;

  /** Its lowest setting above 1:1: half of the agents have to wait. */
  private static final double LOWEST = 1.5;

  /** Of what two lines abandon, what the lowest setting leaves. */
  private static final double LOWEST_SHARE = 0.05;

  /** Steps from there up to 2:1. */
  private static final int STEPS = 5;

  private static final int DECISIONS = 2;

  /**
   * Without the fine lever: share of the agents who have to wait for a while of 2:1 to begin
   * between 1:1 and 2:1, and below which it ends.
   */
  private static final double MANY_WAIT = 0.3;

  private static final double FEW_WAIT = 0.1;

  private final RatioSettings settings;
  private final long writeInterval;

  RatioShaper(PlatformSettings platform) {
    this.settings = platform.ratio();
    this.writeInterval =
        Math.max(settings.writeInterval().toMillis(), platform.minWriteInterval().toMillis());
  }

  /**
   * What can be written.
   *
   * @param lines 0 for no calls
   * @param higher decisions in a row that wanted more than is in force
   * @param why what keeps it from what is wanted, in words that go on a sentence; empty for nothing
   */
  record Shaped(double lines, boolean send, int higher, String why) {}

  Shaped shape(WantedLines wanted, Dialing dialing, RatioState state, long now) {
    double inForce = dialing.commanded();
    if (wanted.lines() <= 0) {
      return new Shaped(0, inForce > 0, 0, "");
    }
    if (dialing.pausedAt() != 0 || inForce <= 0 || inForce >= UNKNOWN) {
      return new Shaped(1, inForce != 1, 0, ""); // whoever begins, or begins again, does so at 1:1
    }
    double target = steps(wanted.lines());
    if (state.humanAt() != 0 && (target > 1 || wanted.yields())) {
      return new Shaped(inForce, false, 0, "; what was set by hand is left for now");
    }
    if (target <= 1 && inForce <= 2 && between(wanted)) {
      return between(wanted, inForce, now - dialing.commandedAt());
    }
    if (target <= 1) {
      return new Shaped(1, inForce != 1, 0, "");
    }
    long since = now - dialing.commandedAt();
    if (target < inForce) {
      return since >= writeInterval
          ? new Shaped(target, true, 0, "")
          : new Shaped(inForce, false, 0, "; the last change is too close");
    }
    if (steps(wanted.safe()) <= inForce) {
      return new Shaped(inForce, false, 0, "");
    }
    int higher = Math.min(DECISIONS, state.higher() + 1);
    boolean due = higher >= DECISIONS && since >= settings.raiseInterval().toMillis();
    return due
        ? new Shaped(next(inForce), true, 0, "; going up step by step")
        : new Shaped(inForce, false, higher, "; going up step by step");
  }

  /** Whether more than 1:1 is wanted, less than 2:1, and there is no setting for that. */
  private boolean between(WantedLines wanted) {
    return !settings.fineLever()
        && settings.maxRatio() >= 2
        && wanted.yields()
        && wanted.lines() - 1 >= LOWEST_SHARE;
  }

  /** 2:1 while many wait: fewer of those who answer meet nobody then. */
  private Shaped between(WantedLines wanted, double inForce, long since) {
    if (inForce > 1) {
      boolean few = wanted.waiting() < FEW_WAIT;
      return new Shaped(few ? 1 : inForce, few, 0, few ? "" : "; 2:1 for as long as agents wait");
    }
    boolean begins =
        wanted.waiting() >= MANY_WAIT
            && wanted.safe() > 1
            && since >= settings.raiseInterval().toMillis();
    String why = "; 2:1 for a while once many agents wait";
    return new Shaped(begins ? 2 : 1, begins, 0, begins ? "; 2:1 for as long as agents wait" : why);
  }

  /** The highest step that lines are enough for. */
  private double steps(double lines) {
    int whole = (int) Math.floor(Math.min(settings.maxRatio(), lines) + 1e-9);
    if (whole >= 2) {
      return whole;
    }
    if (!settings.fineLever() || settings.maxRatio() < 2) {
      return 1;
    }
    double share = Math.min(1, lines - 1); // of what two lines abandon
    if (share < LOWEST_SHARE) {
      return 1;
    }
    double step = Math.floor((share - LOWEST_SHARE) / (1 - LOWEST_SHARE) * STEPS);
    return tenths(LOWEST + Math.min(STEPS - 1, step) * STEP);
  }

  private double next(double lines) {
    if (lines >= 2 || !settings.fineLever()) {
      return Math.min(settings.maxRatio(), Math.floor(lines + 1e-9) + 1);
    }
    return lines < LOWEST ? LOWEST : tenths(lines + STEP);
  }

  private static double tenths(double lines) {
    return Math.rint(lines * 10) / 10;
  }
}
