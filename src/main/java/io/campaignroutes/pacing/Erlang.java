package io.campaignroutes.pacing;

/**
 * What a constant rate of answered calls does to a team whose calls wait a fixed time for an agent
 * (M/M/n+D), the physical limit of dialing blind. With patience 0 it is Erlang's loss formula.
 */
public final class Erlang {
  private Erlang() {}

  /**
   * Share of answered calls that are abandoned: {@code P = λ π e^{−(nμ−λ)τ} / (nμ)}, {@code π}
   * being the probability of {@code n−1} busy agents.
   *
   * @param agents n
   * @param answersPerSecond λ
   * @param handleSeconds 1/μ
   * @param patienceSeconds τ
   */
  public static double abandonment(
      int agents, double answersPerSecond, double handleSeconds, double patienceSeconds) {
    if (agents <= 0) {
      return 1;
    }
    if (answersPerSecond <= 0) {
      return 0;
    }
    double load = answersPerSecond * handleSeconds;
    // All states relative to the one with n−1 busy agents, so that nothing overflows.
    double below = 0;
    double state = 1;
    for (int busy = agents - 1; busy >= 0; busy--) {
      below += state;
      state *= busy / load;
    }
    double capacity = agents / handleSeconds;
    double spare = capacity - answersPerSecond;
    double full = answersPerSecond * Math.exp(-spare * patienceSeconds) / capacity;
    double waits =
        Math.abs(spare) < 1e-12
            ? answersPerSecond * patienceSeconds
            : answersPerSecond * -Math.expm1(-spare * patienceSeconds) / spare;
    return full / (below + waits + full);
  }

  /** Share of the agents' time that is spent on calls. */
  public static double utilisation(
      int agents, double answersPerSecond, double handleSeconds, double patienceSeconds) {
    double lost = abandonment(agents, answersPerSecond, handleSeconds, patienceSeconds);
    return agents <= 0 ? 0 : answersPerSecond * (1 - lost) * handleSeconds / agents;
  }

  /** Answered calls a second at which just this share is abandoned. */
  public static double answersPerSecond(
      int agents, double handleSeconds, double patienceSeconds, double share) {
    double low = 0;
    double high = 2 * agents / handleSeconds;
    for (int i = 0; i < 40; i++) {
      double middle = (low + high) / 2;
      if (abandonment(agents, middle, handleSeconds, patienceSeconds) > share) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return low;
  }
}
