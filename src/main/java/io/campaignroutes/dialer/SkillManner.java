package io.campaignroutes.dialer;

/**
 * How a skill dials.
 *
 * @param ratio lines for each agent who waits
 * @param rampSeconds until it adds a line for each agent, beginning with one at the start
 * @param ringLimit seconds after which an unanswered line is given up
 * @param abandonTimeout seconds after which an answered call that met no agent is abandoned
 * @param maxAttempts of one record
 * @param retry seconds between two calls of one number
 * @param restrictedPeriod seconds in which a number gets {@code restrictedAttempts} calls at most;
 *     0 for no such limit
 * @param fresh whether records are dialed that were not before
 * @param again whether those are that were
 * @param control the platform's own guard over abandoned calls; null for none
 */
public record SkillManner(
    DialRatio ratio,
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
        DialRatio.of(1), 60, 20, 2, 3, 3600, 0, 0, true, true, AbandonControl.cxone());
  }

  /** The same with another ratio. */
  public SkillManner withRatio(DialRatio other) {
    return new SkillManner(
        other,
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

  /** Each record once, and its line for as long as people ring and wait. */
  public static SkillManner of(
      DialRatio ratio, People people, double rampSeconds, AbandonControl control) {
    return new SkillManner(
        ratio,
        rampSeconds,
        people.ringTimeout(),
        people.patience(),
        1,
        0,
        0,
        0,
        true,
        false,
        control);
  }
}
