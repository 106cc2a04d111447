package io.campaignroutes.pacing;

import java.util.List;

/** The figures of all campaigns of a pool at one tick, taken together: what its agents do. */
final class PoolSample {
  private PoolSample() {}

  /**
   * Their sum.
   *
   * @param samples of its campaigns, those left out that rest
   * @param only whether it has one campaign
   * @param agents who is there, as CXone tells; null when that is not known
   */
  static Sample of(
      List<Sample> samples,
      boolean only,
      PoolState pool,
      AgentsSeen agents,
      long now,
      FigureSettings figures) {
    if (only && agents == null) {
      return samples.get(0);
    }
    double connected = 0;
    double abandoned = 0;
    double handled = 0;
    double weighed = 0;
    double newConnected = 0;
    double newAbandoned = 0;
    long from = now;
    Double idle = null;
    Double staffed = agents == null ? null : (Double) (double) agents.staffed();
    for (Sample sample : samples) {
      if (!sample.usable()) {
        continue;
      }
      PacingFigures read = sample.figures();
      idle = read.agents();
      staffed = staffed == null ? read.staffed() : staffed;
      connected += read.connected();
      abandoned += read.abandoned();
      newConnected += sample.newConnected();
      newAbandoned += sample.newAbandoned();
      from = Math.min(from, sample.from());
      if (read.avgHandleTime() != null && read.connected() > 0) {
        handled += read.avgHandleTime() * read.connected();
        weighed += read.connected();
      }
    }
    if (idle == null && agents != null) {
      idle = (double) agents.idle();
      from = Math.max(pool.sampledAt(), now - figures.length().toMillis());
    }
    Double handle = weighed > 0 ? (Double) (handled / weighed) : null;
    PacingFigures sum = new PacingFigures(connected, abandoned, null, handle, idle, staffed);
    if (idle == null) {
      return Sample.none(sum, "there are no figures", now);
    }
    return new Sample(
        sum,
        null,
        now,
        pool.sampledAt() == 0 ? from : Math.max(from, pool.sampledAt()),
        pool.sampledAt() == 0,
        false,
        newConnected,
        newAbandoned,
        0,
        0);
  }
}
