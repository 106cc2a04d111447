package io.campaignroutes.pacing;

/**
 * How many agents will be idle when calls that are dialed now are answered.
 *
 * @param age seconds; of the figures that it was made from
 * @param idleNow agents idle now
 * @param idleThen those idle then if no call were answered meanwhile: idle at the time of the
 *     figures, and those whose calls end
 * @param variance of that number
 * @param ringing what was dialed already
 */
record Forecast(double age, double idleNow, double idleThen, double variance, Ringing ringing) {

  /**
   * @param age seconds; of the figures
   * @param lead seconds from now until calls that are dialed now are answered
   */
  static Forecast of(AgentEstimate agents, Ringing ringing, double age, double lead) {
    double handle = Math.max(1, agents.handleTime());
    double busy = agents.busy();
    double free = agents.idle() + busy * -Math.expm1(-age / handle);
    double ending = busy * -Math.expm1(-(age + lead) / handle);
    double staying = busy * Math.exp(-(age + lead) / handle);
    return new Forecast(
        age,
        Math.max(0, Math.min(agents.staffed(), free - ringing.answeredSince())),
        agents.idle() + ending,
        ending * (busy == 0 ? 0 : staying / busy),
        ringing);
  }
}
