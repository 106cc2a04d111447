package io.campaignroutes.pacing;

/**
 * How many agents will be idle when calls that are dialed now are answered.
 *
 * @param idleNow agents idle now
 * @param idleThen those idle then if no call were answered meanwhile: idle at the time of the
 *     figures, and those whose calls end
 * @param variance of that number
 * @param ringing what was dialed already
 */
record AgentForecast(double idleNow, double idleThen, double variance, Ringing ringing) {

  /**
   * @param age seconds; of the figures
   * @param lead seconds from now until calls that are dialed now are answered
   */
  static AgentForecast of(AgentEstimate agents, Ringing ringing, double age, double lead) {
    double handle = Math.max(1, agents.handleTime());
    double busy = agents.busy();
    double free = agents.idle() + busy * -Math.expm1(-age / handle);
    double ending = busy * -Math.expm1(-(age + lead) / handle);
    double staying = busy * Math.exp(-(age + lead) / handle);
    return new AgentForecast(
        Math.max(0, Math.min(agents.staffed(), free - ringing.answeredSince())),
        agents.idle() + ending,
        ending * (busy == 0 ? 0 : staying / busy),
        ringing);
  }

  /**
   * The answers a that the agents can take: those for which a + margin·sqrt(a + variance +
   * uncertainty·a²) = idle. The variance of the answers is their number (they are Poisson), and
   * what is not known about the answer probability comes on top.
   *
   * @param margin in standard deviations
   * @param uncertainty variance of the answer probability, relative to its square
   */
  double answers(double margin, double uncertainty) {
    double square = 1 - margin * margin * uncertainty;
    double half = idleThen + margin * margin / 2;
    double above = idleThen * idleThen - margin * margin * variance;
    double root = Math.sqrt(Math.max(0, half * half - square * above));
    return Math.max(0, above / (half + Math.signum(margin) * root));
  }
}
