package io.campaignroutes.pacing;

/**
 * All that a rate is decided from at one tick.
 *
 * @param time when it is
 * @param bounds what the campaign is bound to
 * @param reading what came in
 * @param known what is known of calls and agents
 * @param forecast where agents and lines will stand
 * @param judgement what the cap on abandoned calls says
 * @param share what others do for the same agents
 */
record Situation(
    CycleTime time,
    Bounds bounds,
    PacingReading reading,
    Estimate known,
    AgentForecast forecast,
    AbandonmentGuard.Judgement judgement,
    Share share) {

  /** calls/s that would keep all agents busy, as far as they are its pool's. */
  double capacity() {
    return share.part() * known.capacity();
  }

  Situation share(Share other) {
    return new Situation(time, bounds, reading, known, forecast, judgement, other);
  }
}
