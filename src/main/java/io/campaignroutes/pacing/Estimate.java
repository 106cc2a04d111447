package io.campaignroutes.pacing;

/**
 * What is known of a campaign once the figures of this tick have been looked at.
 *
 * @param sample what was new
 * @param seen which figures were seen
 * @param dialing what CXone dials with, put right by what it counted
 * @param answers how many calls are answered
 * @param agents what the agents do
 * @param answerProbability share of dialed calls that a person answers
 * @param expected answers that were to be expected since the last tick
 */
record Estimate(
    Sample sample,
    FiguresSeen seen,
    Dialing dialing,
    AnswerEstimate answers,
    AgentEstimate agents,
    double answerProbability,
    double expected) {

  /** Dialing begins anew at this time: prediction waits for fresh answers. */
  Estimate again(long at) {
    return new Estimate(
        sample, seen.freshSince(at), dialing, answers.again(), agents, answerProbability, expected);
  }

  /** Of whose calls nothing is known, what is usual with the others holds. */
  Estimate usually(AnswerEstimate usual, LawSettings law) {
    boolean unknown =
        answers.answersSinceStart() == 0 && answers.attempts() == law.answerPriorCalls();
    return unknown
        ? new Estimate(sample, seen, dialing, usual, agents, usual.probability(law), expected)
        : this;
  }

  Estimate agents(AgentEstimate other) {
    return new Estimate(sample, seen, dialing, answers, other, answerProbability, expected);
  }

  /** calls/s that would keep all agents busy. */
  double capacity() {
    return agents.capacity() / answerProbability;
  }
}
