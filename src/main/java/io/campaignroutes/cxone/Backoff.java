package io.campaignroutes.cxone;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Exponential back-off with jitter. The jitter only lengthens a wait, by up to half, so that the
 * configured first wait is never undercut.
 *
 * @param initial the first wait
 * @param max no wait is longer
 */
public record Backoff(Duration initial, Duration max) {

  /**
   * The wait before the next try, in milliseconds: between {@code initial * 1.5^tries} and one and
   * a half of it, and never above {@code max}.
   *
   * @param tries how many there were before, from 0
   */
  public long millis(int tries) {
    double base = initial.toMillis() * Math.pow(1.5, Math.min(tries, 60));
    double jittered = base * (1 + ThreadLocalRandom.current().nextDouble() / 2);
    return (long) Math.min(jittered, max.toMillis());
  }
}
