package io.campaignroutes.cxone;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a platform is told that dials for agents who wait.
 *
 * @param ratio most lines for an agent, 1 to 3
 * @param overdialPercentage share of the agents, 0 to 100, that has to wait before there is more
 *     than one; null where that is not ours to set
 * @param blockMultipleCalls never more than one line for an agent
 */
public record DialingRatio(int ratio, Integer overdialPercentage, boolean blockMultipleCalls) {
  private static final int ALL = 100;

  /**
   * Of lines for an agent: one with a share between two ratios is the higher one that waits for
   * agents.
   *
   * @param lines 1 to 3; between 1 and 2 in tenths, the fewer the more agents have to wait
   * @param fine whether the percentage is ours to set
   */
  public static DialingRatio of(double lines, boolean fine) {
    int ratio = (int) Math.ceil(lines - 1e-9);
    Integer waiting = fine ? (Integer) (int) Math.round(ALL * (ratio - lines)) : null;
    return lines <= 1
        ? new DialingRatio(1, fine ? 0 : null, true)
        : new DialingRatio(ratio, waiting, false);
  }

  /** As a platform's answer tells it in fields of these names; null where it does not. */
  public static DialingRatio of(JsonNode answer) {
    JsonNode ratio = answer.path("ratio");
    if (!ratio.isIntegralNumber()) {
      return null;
    }
    JsonNode waiting = answer.path("overdialPercentage");
    return new DialingRatio(
        ratio.intValue(),
        waiting.isIntegralNumber() ? (Integer) waiting.intValue() : null,
        answer.path("blockMultipleCalls").asBoolean());
  }

  /** Lines for an agent in one number, the higher the more is dialed. */
  public double lines() {
    if (blockMultipleCalls || ratio <= 1) {
      return 1;
    }
    double waiting = overdialPercentage == null ? 0 : overdialPercentage;
    return Math.max(1, ratio - Math.min(ALL - 1, waiting) / ALL);
  }

  /** In words: "1:1", "2:1" or "2:1 while 30 % of the agents wait". */
  public String words() {
    String lines = blockMultipleCalls ? "1:1" : ratio + ":1";
    return overdialPercentage == null || overdialPercentage == 0
        ? lines
        : lines + " while " + overdialPercentage + " % of the agents wait";
  }
}
