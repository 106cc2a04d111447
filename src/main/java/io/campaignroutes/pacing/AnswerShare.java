package io.campaignroutes.pacing;

/**
 * Which share of a window's calls was answered, where an answered call is told as soon as an agent
 * has it and one that nobody answers only once it has ended and was written down. After a start the
 * first ones are there and the second ones are not yet, so that the share lies between what the
 * figures say, and what they would say if so many unanswered calls were still to come as may be.
 *
 * @param answered calls
 * @param attempted calls
 * @param least share, with the unanswered calls that may be still to come
 * @param most share, of what was told
 */
record AnswerShare(double answered, double attempted, double least, double most) {

  /**
   * @param answered calls of the window
   * @param attempted those and the unanswered ones that were told
   * @param observed seconds of the window in which there was dialing
   * @param told seconds before now that unanswered calls are surely told of; 0 or less for none
   * @return null while that says nothing
   */
  static AnswerShare of(double answered, double attempted, double observed, double told) {
    if (told <= 0 || attempted <= 0) {
      return null;
    }
    double live = Math.min(attempted, answered);
    double failed = attempted - live;
    double late = Math.max(1, observed / told);
    return new AnswerShare(live, attempted, live / (live + failed * late), live / attempted);
  }

  /**
   * The share that is usual, once this one was seen: what is surely more is believed at once, the
   * rest little by little.
   *
   * @param follows how far, 0 to 1
   */
  double usual(double before, double follows) {
    double seen = Math.max(least, Math.min(most, before));
    return Math.max(before + follows * (seen - before), surely());
  }

  /** The lower bound of Wilson's interval (JASA 22, 1927). */
  private double surely() {
    double square = RatioCycle.SURE * RatioCycle.SURE;
    double chance = least * (1 - least) / attempted + square / (4 * attempted * attempted);
    double middle = least + square / (2 * attempted);
    return (middle - RatioCycle.SURE * Math.sqrt(chance)) / (1 + square / attempted);
  }
}
