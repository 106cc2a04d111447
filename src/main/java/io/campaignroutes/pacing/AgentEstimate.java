package io.campaignroutes.pacing;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What the agents do who take the calls, and how long a call keeps one. It knows nothing of who
 * dialed: the sample may be of one campaign, or the sum of all that dial for these agents.
 *
 * @param handleTime seconds that a call keeps an agent
 * @param idle agents seen idle at the last sample
 * @param busy agents believed to be on a call at the last sample
 * @param staffed agents believed to be at work
 * @param unchangedAgentEvidence how sure it is that the figure for idle agents counts all staffed
 *     ones, since it stays the same while calls are connected: natural logarithm of the odds
 */
record AgentEstimate(
    double handleTime,
    double idle,
    double busy,
    double staffed,
    @JsonProperty("still") double unchangedAgentEvidence) {
  /** Most calls that a mean handle time weighs. */
  private static final double MAX_HANDLE_CALLS = 200;

  /** Handle times after which the mean of the ended calls is one of all calls. */
  private static final double CENSORED = 3;

  /** s: half-life with which the number of staffed agents follows what is seen. */
  private static final double STAFFED_HALF_LIFE = 60;

  /** Evidence from which agents count as staffed ones: odds of 1e7 : 1. */
  private static final double STAFFED_EVIDENCE = 16;

  /** Most evidence that is remembered, so that a shift change does not undo it. */
  private static final double MAX_EVIDENCE = 60;

  /** Most evidence that one tick gives or takes. */
  private static final double MAX_SURPRISE = 4;

  static AgentEstimate prior(LawSettings law) {
    return new AgentEstimate(law.handlePrior(), 0, 0, 0, 0);
  }

  /** What is known after one more sample. */
  AgentEstimate after(Sample sample, long freshSince, LawSettings law, FigureSettings figures) {
    double handle = handleTime(sample, freshSince, law);
    double evidence = evidence(sample, handle, figures);
    // Calls connected over a long stretch have partly ended by now.
    double window = PacingLaw.seconds(figures.length());
    double stretch = (sample.first() ? Math.max(sample.span(), window) : sample.span()) / handle;
    double onCalls =
        Math.max(
            0,
            busy * Math.exp(-sample.span() / handle)
                - sample.newConnected() * Math.expm1(-stretch) / stretch);
    double agents = sample.figures().agents();
    if (staffedOnly(evidence, figures)) {
      double left = Math.max(0, agents - onCalls);
      return new AgentEstimate(handle, left, onCalls, agents, evidence);
    }
    Double told = sample.figures().staffed();
    if (told != null) {
      return new AgentEstimate(handle, agents, Math.max(0, told - agents), told, evidence);
    }
    double follow = sample.first() ? 1 : 1 - Math.pow(0.5, sample.span() / STAFFED_HALF_LIFE);
    double atWork = staffed + follow * (agents + onCalls - staffed);
    return new AgentEstimate(handle, agents, onCalls, atWork, evidence);
  }

  /** The same with another handle time. */
  AgentEstimate handleTime(double seconds) {
    return new AgentEstimate(seconds, idle, busy, staffed, unchangedAgentEvidence);
  }

  /** The same once all have left. */
  AgentEstimate nobody() {
    return new AgentEstimate(handleTime, 0, 0, 0, unchangedAgentEvidence);
  }

  /** The first calls to end are the short ones, so their mean is trusted little by little. */
  private double handleTime(Sample sample, long freshSince, LawSettings law) {
    Double told = sample.figures().avgHandleTime();
    if (told == null) {
      return handleTime;
    }
    double dialing = (sample.at() - freshSince) / 1000.0 / (CENSORED * law.handlePrior());
    double weight =
        Math.min(MAX_HANDLE_CALLS, sample.figures().connected()) * Math.min(1, dialing * dialing);
    return (law.handlePrior() * law.handlePriorCalls() + told * weight)
        / (law.handlePriorCalls() + weight);
  }

  /**
   * Weighs how unlikely it is that a figure for idle agents stays as it is: just as many calls had
   * to end as were connected. All staffed agents stay as they are whatever is connected.
   */
  private double evidence(Sample sample, double handle, FigureSettings figures) {
    double agents = sample.figures().agents();
    if (sample.newConnected() < 0.5 || agents == 0 || sample.first()) {
      return unchangedAgentEvidence;
    }
    Double told = sample.figures().staffed();
    boolean someWork = told != null && agents < told; // so it is seen who waits
    if (someWork || agents != (staffedOnly(figures) ? staffed : idle)) {
      return Math.max(0, unchangedAgentEvidence - MAX_SURPRISE);
    }
    double ended = Math.max(0.05, busy * sample.span() / Math.max(1, handle));
    return Math.min(
        MAX_EVIDENCE, unchangedAgentEvidence + surprise(Math.rint(sample.newConnected()), ended));
  }

  /** Minus the logarithm of the Poisson probability of a count, within bounds. */
  private static double surprise(double count, double mean) {
    if (count > 100) {
      return MAX_SURPRISE;
    }
    double log = -mean + count * Math.log(mean);
    for (int i = 2; i <= count; i++) {
      log -= Math.log(i);
    }
    return Math.min(MAX_SURPRISE, -log);
  }

  /** Whether the figures tell how many agents are at work only, not how many are idle. */
  boolean staffedOnly(FigureSettings figures) {
    return staffedOnly(unchangedAgentEvidence, figures);
  }

  private static boolean staffedOnly(double evidence, FigureSettings figures) {
    return figures.agents() == FigureSettings.Agents.STAFFED || evidence >= STAFFED_EVIDENCE;
  }

  /** Calls/s connected that would keep all agents busy. */
  double capacity() {
    return staffed / Math.max(1, handleTime);
  }
}
