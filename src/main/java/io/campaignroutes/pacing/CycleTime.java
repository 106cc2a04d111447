package io.campaignroutes.pacing;

/**
 * When a tick is, by a clock that does not go back.
 *
 * @param now epoch ms
 * @param passed seconds since the last tick
 * @param interval seconds until the next one, as far as can be told
 */
record CycleTime(long now, double passed, double interval) {
  /** s: no tick counts as longer than this when the next one is planned for. */
  private static final double MAX_INTERVAL = 60;

  /**
   * @param period seconds until the next tick, if all is well
   */
  static CycleTime of(long lastReadAt, long readAt, double period) {
    long now = Math.max(readAt, lastReadAt);
    double passed = (now - lastReadAt) / 1000.0;
    return new CycleTime(now, passed, Math.min(MAX_INTERVAL, Math.max(period, passed)));
  }
}
