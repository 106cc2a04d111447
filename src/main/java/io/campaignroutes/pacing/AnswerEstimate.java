package io.campaignroutes.pacing;

import static io.campaignroutes.pacing.PacingLaw.seconds;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How many of a campaign's dialed calls are answered.
 *
 * @param attempts dialed calls that should have been answered or not by now, fading
 * @param answers answered ones among them, fading
 * @param usualAnswer answer probability of the last quarter of an hour or so; an estimate far below
 *     it is not believed at once
 * @param answersSinceStart answered calls since dialing began, or began again; prediction waits for
 *     some of them
 */
record AnswerEstimate(
    double attempts,
    double answers,
    double usualAnswer,
    @JsonProperty("warm") double answersSinceStart) {
  /** Calls that the prior on answers always weighs. */
  private static final double PRIOR_CALLS = 5;

  /** s: half-life of the answer probability that is taken for usual. */
  private static final double USUAL_HALF_LIFE = 900;

  private static final double MIN_PROBABILITY = 0.01;
  private static final double MAX_PROBABILITY = 0.95;

  static AnswerEstimate prior(LawSettings law) {
    double calls = law.answerPriorCalls();
    return new AnswerEstimate(calls, calls * law.answerPrior(), law.answerPrior(), 0);
  }

  /**
   * What is known after one more sample.
   *
   * @param due dialed calls whose answer, if there was one, came within the sample's span
   */
  AnswerEstimate after(Sample sample, double due, LawSettings law) {
    double fade = Math.pow(0.5, sample.span() / seconds(law.answerHalfLife()));
    double tried = attempts * fade + Math.max(0, due);
    double answered = Math.max(0, answers * fade + sample.answered());
    double now = Math.min(1, answered / Math.max(1, tried));
    double follow = 1 - Math.pow(0.5, sample.span() / USUAL_HALF_LIFE);
    return new AnswerEstimate(
        tried,
        answered,
        usualAnswer + follow * (now - usualAnswer),
        Math.max(0, answersSinceStart + sample.answered()));
  }

  /** What is known before the first call, from the calls of others for the same agents. */
  static AnswerEstimate prior(double probability, LawSettings law) {
    double calls = law.answerPriorCalls();
    return new AnswerEstimate(calls, calls * probability, probability, 0);
  }

  /** Dialing begins anew: what was learnt is kept, and prediction waits for fresh answers. */
  AnswerEstimate again() {
    return new AnswerEstimate(attempts, answers, usualAnswer, 0);
  }

  /** Share of dialed calls that a person answers. */
  double probability(LawSettings law) {
    double p = (law.answerPrior() * PRIOR_CALLS + answers) / (PRIOR_CALLS + attempts);
    double floor = Math.max(MIN_PROBABILITY, law.steadiness() * usualAnswer);
    return Math.max(floor, Math.min(MAX_PROBABILITY, p));
  }

  /**
   * Variance of that share, relative to its square: what is not known about it.
   *
   * @param others answers that what is known of other campaigns weighs
   */
  double uncertainty(double others) {
    return 1 / (PRIOR_CALLS + others + Math.min(answers, answersSinceStart));
  }
}
