package io.campaignroutes.cxone;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Exponential back-off with jitter, so that what fails together is not tried again together. The
 * jitter only lengthens a wait, by up to half: the first wait is never undercut and the longest
 * never exceeded.
 *
 * @param initial the first wait
 * @param max no wait is longer
 */
public record Backoff(Duration initial, Duration max) {
  private static final double GROWTH = 1.5;
  private static final double JITTER = 0.5;

  /** The longest waits keep a tenth of their length for jitter. */
  private static final double LAST_JITTER = 0.1;

  /**
   * The wait before the next try, in milliseconds: between a base and one and a half of it, where
   * the base is {@code initial * 1.5^tries}, at the most nine tenths of {@code max}; never above
   * {@code max}.
   *
   * @param tries how many there were before, from 0
   */
  public long millis(int tries) {
    double longest = max.toMillis();
    double grown = initial.toMillis() * Math.pow(GROWTH, Math.min(tries, 60));
    double base = Math.max(initial.toMillis(), Math.min(grown, longest * (1 - LAST_JITTER)));
    double jitter = Math.max(0, Math.min(base * JITTER, longest - base));
    return (long) Math.min(base + jitter * ThreadLocalRandom.current().nextDouble(), longest);
  }
}
