package io.campaignroutes.pacing;

import java.util.List;

/**
 * The safety margin, in standard deviations of idle agents less answers, so that it fits small and
 * large teams. The credit of all campaigns moves it, for whatever a team is like; what is a
 * campaign's own comes on top while it dials: it has few answers, and each of them counts.
 */
final class Margins {
  /** Share of the law's gain by which the credit of several campaigns narrows it. */
  private static final double SHARED_GAIN = 0.5;

  /** How much one abandoned call of a campaign's own, off what the others have, changes it. */
  private static final double OWN_GAIN = 0.1;

  /** How much one abandoned call more than are safe widens it. */
  private static final double NEAR_GAIN = 0.5;

  /** As many are safe as stay this many standard deviations of their number below the cap. */
  private static final double SAFE = 1.3;

  /** And this share of what the cap allows in any case. */
  private static final double SAFE_SHARE = 0.65;

  /** How much a cap that is e times as strict as usual widens it. */
  private static final double STRICT = 0.6;

  /** Answers of all campaigns until which it is wider, by up to 1. */
  private static final double EARLY_ANSWERS = 200;

  /**
   * How much wider it begins for next to no agents; not at all from {@link LawSettings#largeTeam}
   * on. For few, a number of idle agents is further from a normal distribution.
   */
  private static final double SMALL = 0.4;

  /** How much more one abandoned call changes it then: of few calls each tells more. */
  private static final double SMALL_GAIN = 2;

  private final LawSettings law;

  Margins(LawSettings law) {
    this.law = law;
  }

  /** That of a campaign with agents of its own. */
  double ofOnly(double credit, double staffed) {
    return bounded(base(staffed) - gain(staffed) * credit);
  }

  private double base(double staffed) {
    return law.margin() + SMALL * smallness(staffed);
  }

  private double gain(double staffed) {
    return law.gain() * (1 + SMALL_GAIN * smallness(staffed));
  }

  private double smallness(double staffed) {
    return Math.max(0, 1 - staffed / law.largeTeam());
  }

  /**
   * That of a campaign that shares its agents, for its own calls.
   *
   * @param credit of all campaigns
   * @param mean credit of one
   */
  double ofMember(double credit, double mean, double staffed, CapState cap, Bounds bounds) {
    PeriodCounts period = cap.period();
    double most = bounds.cap() * period.answered();
    double safe = Math.max(SAFE_SHARE * most, most - SAFE * Math.sqrt(most));
    double debt = Math.max(0, Math.min(0, mean) - cap.abandonmentCredit());
    double spare = Math.max(0, cap.abandonmentCredit() - Math.max(0, mean));
    double strict = STRICT * Math.max(0, Math.log(law.houseCap() / Math.max(1e-4, bounds.cap())));
    return bounded(
        base(staffed)
            - (credit > 0 ? SHARED_GAIN : 1) * gain(staffed) * credit
            + OWN_GAIN * (debt - spare)
            + NEAR_GAIN * Math.max(0, period.abandoned() - safe)
            + strict);
  }

  /**
   * That for calls of a campaign beside those of others that ring already: they want their own
   * margin, as far as they are of all that ring.
   *
   * @param awaited answers expected of all lines that ring
   * @param answersSeen answered calls of all campaigns since they began
   */
  double withOthersRinging(
      List<PoolCycle.Place> places, double own, double awaited, double answersSeen) {
    double wider = Math.max(0, 1 - answersSeen / EARLY_ANSWERS);
    if (awaited > 0.1) {
      for (PoolCycle.Place place : places) {
        double more = place.margin - own;
        if (more > 0) {
          wider += more * place.answer() * place.ringing.awaited() / awaited;
        }
      }
    }
    return own + wider;
  }

  private double bounded(double margin) {
    return Math.max(law.marginLowest(), Math.min(law.marginHighest(), margin));
  }
}
