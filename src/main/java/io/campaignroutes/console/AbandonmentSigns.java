package io.campaignroutes.console;

import com.fasterxml.jackson.databind.JsonNode;

/** When a share of abandoned calls is a sign of something, and not of chance. */
final class AbandonmentSigns {
  /** From so many answered calls on the share speaks for itself. */
  private static final int ENOUGH_ANSWERED = 150;

  /**
   * Fewer calls do when a campaign that keeps its cap would show so many in one of so many cases.
   */
  private static final double CHANCE = 0.01;

  private AbandonmentSigns() {}

  /**
   * Whether more calls are abandoned than the cap allows: 15 of 15 are, one of two says nothing.
   *
   * @param period {@code answered}, {@code abandoned}, {@code rate} and {@code cap} as a decision
   *     of pacing shows them; missing where nothing was decided or there is no cap
   */
  static boolean overCap(JsonNode period) {
    double cap = period.path("cap").asDouble(1);
    if (!period.path("rate").isNumber() || period.path("rate").asDouble() < cap) {
      return false;
    }
    int answered = (int) Math.round(period.path("answered").asDouble());
    int abandoned = (int) Math.round(period.path("abandoned").asDouble());
    return answered >= ENOUGH_ANSWERED || atLeast(abandoned, answered, cap) < CHANCE;
  }

  /** The probability of so many or more of these, each of them with this one (binomial). */
  private static double atLeast(int few, int of, double each) {
    double exactly = Math.pow(1 - each, of);
    double fewer = 0;
    for (int n = 0; n < few; n++) {
      fewer += exactly;
      exactly *= (double) (of - n) / (n + 1) * each / (1 - each);
    }
    return 1 - fewer;
  }
}
