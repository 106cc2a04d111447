package io.campaignroutes.forecast;

import io.campaignroutes.simulator.SharedForecast.Sharing;
import java.util.List;

/**
 * What of a pool's calls one of its campaigns gets: by its weight, up to its limit; what others
 * cannot use for theirs is shared in the same way.
 *
 * @param callsPerSecond mean rate that it dials with
 * @param servedAnHour answered calls that agents have of it
 * @param limited whether its own limit is why it does not get more
 * @param turnSeconds how long it dials in a turn; null where all dial at the same time
 * @param everySeconds from the beginning of a turn to that of the next; null where all dial at the
 *     same time
 */
record PoolShare(
    double callsPerSecond,
    double servedAnHour,
    boolean limited,
    Double turnSeconds,
    Double everySeconds) {
  private static final int HALVINGS = 60;

  /**
   * @param one the campaign, which is one of all
   * @param pool calls/s of all of them
   * @param served answered calls an hour of all of them
   * @param turn how long a turn is, in seconds; null where there are none
   */
  static PoolShare of(Sharing one, List<Sharing> all, double pool, double served, Double turn) {
    double limits = all.stream().mapToDouble(some -> some.campaigns() * some.limit()).sum();
    double weights = all.stream().mapToDouble(some -> some.campaigns() * some.weight()).sum();
    int campaigns = all.stream().mapToInt(Sharing::campaigns).sum();
    double level = limits <= pool ? Double.POSITIVE_INFINITY : level(all, pool);
    double rate = Math.min(one.limit(), level * one.weight());
    double mean = limits / campaigns;
    // where limits are low, several have to dial at one time to keep the agents busy
    double atOneTime = Math.max(1, Math.ceil(pool / Math.max(1e-9, mean)));
    boolean turns = turn != null && atOneTime < campaigns;
    return new PoolShare(
        rate,
        pool <= 0 ? 0 : served * rate / Math.max(pool, 1e-9),
        rate >= one.limit(),
        turns ? turn : null,
        turns ? turn * weights / one.weight() / atOneTime : null);
  }

  /** Calls/s for each weight at which all of them come to the pool's. */
  private static double level(List<Sharing> all, double pool) {
    double low = 0;
    double high =
        all.stream().mapToDouble(some -> some.limit() / some.weight()).max().orElseThrow();
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      double sum = 0;
      for (Sharing some : all) {
        sum += some.campaigns() * Math.min(some.limit(), middle * some.weight());
      }
      if (sum < pool) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }
}
