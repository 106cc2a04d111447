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
 */
record Estimate(
    Sample sample,
    FiguresSeen seen,
    Dialing dialing,
    AnswerEstimate answers,
    AgentEstimate agents,
    double answerProbability) {

  /** Dialing begins anew at this time: prediction waits for fresh answers. */
  Estimate again(long at) {
    return new Estimate(
        sample, seen.freshSince(at), dialing, answers.again(), agents, answerProbability);
  }

  /** calls/s that would keep all agents busy. */
  double capacity() {
    return agents.capacity() / answerProbability;
  }
}
