package io.campaignroutes.pacing;

/**
 * What is known at one tick.
 *
 * @param at epoch ms at which the figures were asked for
 * @param closed null when the campaign may dial; else why not, in words that end a sentence, for
 *     example "outside calling hours until 09:00"
 * @param figures null when there are none
 * @param notYet CXone has no figures yet, which is no fault by itself
 * @param missing why there are no figures, in words; null when there are some
 * @param readyAgents the campaign's part of the agents of the pool that could take a call; null
 *     when not known
 */
public record PacingReading(
    long at,
    String closed,
    PacingFigures figures,
    boolean notYet,
    String missing,
    Integer readyAgents) {

  /** The same where so many agents of the pool could take a call. */
  PacingReading ready(int agents) {
    return new PacingReading(at, closed, figures, notYet, missing, agents);
  }

  /** The same of a campaign that nothing was dialed for: that is all there is to know of it. */
  PacingReading resting(double idle) {
    PacingFigures none = new PacingFigures(0.0, 0.0, null, null, idle, null);
    return new PacingReading(at, closed, none, false, null, readyAgents);
  }

  /** The same of a campaign that may not dial any more. */
  PacingReading closed(String why) {
    return new PacingReading(at, why, figures, notYet, missing, readyAgents);
  }
}
