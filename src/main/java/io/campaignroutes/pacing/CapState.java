package io.campaignroutes.pacing;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.function.LongUnaryOperator;

/**
 * How a campaign stands towards the cap on abandoned calls.
 *
 * @param protect whether abandonment is close to the cap
 * @param held whether nothing is dialed because of the cap
 * @param aboveAt epoch ms since when the share has been above the cap; 0 when it is not. Protected
 *     dialing gets some time to bring it back
 * @param aboveAnswered answered calls of the period at that time
 * @param period answered and abandoned calls of the current period, the counts of the cap
 * @param abandonmentCredit abandoned calls below (positive) or above the target, within bounds;
 *     what steers the safety margin
 */
record CapState(
    boolean protect,
    boolean held,
    long aboveAt,
    double aboveAnswered,
    PeriodCounts period,
    @JsonProperty("budget") double abandonmentCredit) {

  static CapState none(long bucket) {
    return new CapState(false, false, 0, 0, PeriodCounts.empty(bucket), 0);
  }

  /** Abandoned calls of the period, as a share of the answered ones. */
  double share() {
    double answered = period.answered();
    // figures that come late can leave more abandoned calls than answers at the edge of a window
    return answered <= 0 ? 0 : Math.min(1, period.abandoned() / answered);
  }

  CapState period(PeriodCounts counts) {
    return new CapState(protect, held, aboveAt, aboveAnswered, counts, abandonmentCredit);
  }

  CapState credit(double calls) {
    return new CapState(protect, held, aboveAt, aboveAnswered, period, calls);
  }

  CapState protect(boolean is) {
    return new CapState(is, held, aboveAt, aboveAnswered, period, abandonmentCredit);
  }

  CapState held(boolean is) {
    return new CapState(protect, is, aboveAt, aboveAnswered, period, abandonmentCredit);
  }

  /** The share has been above the cap since then, when so many calls were answered. */
  CapState aboveSince(long at, double answered) {
    return new CapState(protect, held, at, answered, period, abandonmentCredit);
  }

  CapState notAbove() {
    return aboveSince(0, aboveAnswered);
  }

  CapState shifted(LongUnaryOperator by) {
    return aboveSince(by.applyAsLong(aboveAt), aboveAnswered);
  }
}
