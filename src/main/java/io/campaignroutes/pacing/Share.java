package io.campaignroutes.pacing;

/**
 * What a campaign is to know of those it shares its agents with.
 *
 * @param seen whether any campaign's figures tell of the agents at this tick
 * @param answersSeen answered calls of all of them since they began; prediction waits for some
 * @param margin safety margin in standard deviations, before protection
 * @param uncertainty variance of its answer probability, relative to its square
 * @param inForce calls/s in force for all of them, as many of its own as bring the same answers
 * @param part of what the agents can take that its pool may dial for: other pools have some of them
 *     too
 * @param steps by which the rate may go up at once
 * @param waiting campaigns that wait for their turn
 */
record Share(
    boolean seen,
    double answersSeen,
    double margin,
    double uncertainty,
    double inForce,
    double part,
    double steps,
    int waiting) {

  /** Answers that what is known of other campaigns weighs. */
  static final double ANSWERS_OF_OTHERS = 10;

  /** Steps by which the rate may go up where several dial: others go down at the same time. */
  static final double STEPS = 3.3;

  /**
   * The same once others have been given theirs.
   *
   * @param others calls/s that they were given, as many of its own as bring the same answers
   * @param campaigns that wait for their turn
   */
  Share after(double others, int campaigns) {
    double left = Math.max(0, inForce - others);
    return new Share(seen, answersSeen, margin, uncertainty, left, part, steps, campaigns);
  }
}
