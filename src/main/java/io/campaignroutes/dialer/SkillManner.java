package io.campaignroutes.dialer;

/**
 * How a skill dials.
 *
 * @param ratio most lines for each waiting agent, 1 or more
 * @param onePerAgent never more than one, whatever {@code ratio} says
 * @param overdialAbove share of the agents, 0 to 1, that must wait before there is more than one
 * @param rampSeconds until it adds a line for each agent, beginning with one at the start
 * @param ringLimit seconds after which an unanswered line is given up
 * @param abandonTimeout seconds after which an answered call that met no agent is abandoned
 * @param maxAttempts of one record
 * @param retry seconds between two calls of one number
 * @param restrictedPeriod seconds in which a number gets {@code restrictedAttempts} calls at most;
 *     0 for no such limit
 * @param fresh whether records are dialed that were not before
 * @param again whether those are that were
 * @param control the platform's own guard over abandoned calls
 */
public record SkillManner(
    int ratio,
    boolean onePerAgent,
    double overdialAbove,
    double rampSeconds,
    double ringLimit,
    double abandonTimeout,
    int maxAttempts,
    double retry,
    double restrictedPeriod,
    int restrictedAttempts,
    boolean fresh,
    boolean again,
    AbandonControl control) {

  /** One line for each agent, numbers again after an hour, three times. */
  public static SkillManner careful() {
    return new SkillManner(
        1, false, 0, 60, 20, 2, 3, 3600, 0, 0, true, true, AbandonControl.cxone());
  }

  /** The same with another ratio. */
  public SkillManner withRatio(int lines) {
    return new SkillManner(
        lines,
        onePerAgent,
        overdialAbove,
        rampSeconds,
        ringLimit,
        abandonTimeout,
        maxAttempts,
        retry,
        restrictedPeriod,
        restrictedAttempts,
        fresh,
        again,
        control);
  }
}
