package io.campaignroutes.pacing;

/**
 * How many lines for each agent a campaign is to have, before it is asked what may be written now.
 *
 * @param lines 0 for no calls, 1 for 1:1; where more are in force they go down to it
 * @param safe the same with a margin; where fewer are in force they go up to it
 * @param waiting share of the agents who wait, 0 to 1
 * @param mode how the campaign is paced
 * @param bound what decided it
 * @param why in words that end a sentence
 */
record WantedLines(
    double lines, double safe, double waiting, Mode mode, RateBound bound, String why) {

  /** Whether what somebody has set by hand goes before it: nothing but the law speaks for it. */
  boolean yields() {
    return bound == RateBound.NONE || bound == RateBound.COLD;
  }

  static WantedLines one(Mode mode, RateBound bound, String why) {
    return new WantedLines(1, 1, 0, mode, bound, why);
  }

  static WantedLines none(Mode mode, RateBound bound, String why) {
    return new WantedLines(0, 0, 0, mode, bound, why);
  }
}
