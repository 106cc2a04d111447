package io.campaignroutes.pacing;

import static io.campaignroutes.pacing.PacingLaw.seconds;

import java.util.EnumSet;
import java.util.Set;

/**
 * Makes of what is wanted of a campaign what is written: within its limit, up in limited steps and
 * down at once, on the platform's steps, and only where it is worth a write.
 */
final class Shaper {
  /** The lowest rate stands in for zero where it is no more than this share of the capacity. */
  private static final double MAX_STAND_IN = 0.1;

  /** Why nothing may be dialed, as against enough being dialed already. */
  private static final Set<RateBound> AT_REST =
      EnumSet.of(
          RateBound.CLOSED,
          RateBound.HOLD,
          RateBound.NO_AGENTS,
          RateBound.NO_FIGURES,
          RateBound.PROBE);

  private final LawSettings law;
  private final PlatformSettings platform;

  Shaper(LawSettings law, PlatformSettings platform) {
    this.law = law;
    this.platform = platform;
  }

  /**
   * What can be written.
   *
   * @param rate calls/s
   * @param send whether it differs enough from what is in force to be written now
   * @param bound what decided it
   * @param why in words that end a sentence
   */
  record Shaped(double rate, boolean send, RateBound bound, String why) {}

  Shaped shape(WantedRate asked, Situation s) {
    double limit = s.bounds().limit();
    WantedRate wanted = asked;
    if (wanted.rate() > limit) {
      String most = "the limit of " + s.bounds().plan().mostFrom() + " is " + Words.rate(limit);
      wanted = wanted.rate(limit).because(RateBound.LIMIT, most);
    }
    wanted = raisedSlowly(wanted, s);
    double standIn = MAX_STAND_IN * s.capacity() / Math.max(1, s.share().waiting());
    double rate = onSteps(wanted, limit, standIn);
    return new Shaped(rate, worthAWrite(rate, wanted.bound(), s), wanted.bound(), wanted.why());
  }

  private WantedRate raisedSlowly(WantedRate wanted, Situation s) {
    double ticks = s.time().interval() / seconds(law.tick());
    double steps = Math.max(1, ticks * s.share().steps()); // a whole one, however soon the next is
    double raise =
        Math.max(
            Math.max(platform.rateStep(), law.raiseLimit()) * Math.max(1, ticks),
            steps * law.raiseShare() * s.capacity());
    double highest = s.share().inForce() + raise;
    if (wanted.mode() == Mode.PREVIEW || wanted.rate() <= highest) {
      return wanted;
    }
    return wanted
        .rate(highest)
        .because(RateBound.RAISE_LIMIT, wanted.why() + "; going up step by step");
  }

  /**
   * @param standIn most calls/s that may stand in for zero
   */
  private double onSteps(WantedRate wanted, double limit, double standIn) {
    double step = platform.rateStep();
    double rounded = step <= 0 ? wanted.rate() : Math.floor(wanted.rate() / step + 1e-9) * step;
    // 0.30000000000000004 is not a rate that anybody wants to read.
    double clean = Math.rint(rounded * 1e6) / 1e6;
    if (clean > 0 && clean >= platform.lowestRate()) {
      return Math.min(clean, limit);
    }
    // Lines enough ring already, for a moment: a platform that knows no zero would be paused and
    // resumed hundreds of times a shift, each time with an activation and two events.
    double least = platform.least();
    boolean forAMoment = !platform.zeroAccepted() && !AT_REST.contains(wanted.bound());
    return forAMoment && least <= limit && least <= standIn ? least : 0;
  }

  private boolean worthAWrite(double rate, RateBound bound, Situation s) {
    double inForce = s.known().dialing().commanded();
    double change = Math.abs(rate - inForce);
    if (change < 1e-9) {
      return false;
    }
    if (rate == 0) {
      return true;
    }
    double since = Math.max(0, s.time().now() - s.known().dialing().commandedAt()) / 1000.0;
    if (since < seconds(platform.minWriteInterval())) {
      return false;
    }
    if (inForce > s.bounds().limit() || bound == RateBound.NO_FIGURES) {
      return true;
    }
    double small = Math.min(0.1, 0.002 * s.known().agents().staffed());
    return change > Math.max(small, law.deadBand() * inForce) || since >= seconds(law.refresh());
  }
}
