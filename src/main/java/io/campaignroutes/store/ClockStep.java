package io.campaignroutes.store;

import java.time.Duration;

/**
 * The store's clock was set.
 *
 * @param millis by how much, in milliseconds; negative when it was set back
 * @param nanos when that was noticed, by {@link System#nanoTime}
 */
public record ClockStep(long millis, long nanos) {

  /** How long ago it was noticed. */
  public Duration age() {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  /** As an operator says it: "set back by 10 min". */
  @Override
  public String toString() {
    long seconds = (Math.abs(millis) + 500) / 1_000;
    long minutes = (seconds + 30) / 60;
    String by =
        seconds < 120 ? seconds + " s" : minutes < 600 ? minutes + " min" : minutes / 60 + " h";
    return (millis < 0 ? "set back by " : "set forward by ") + by;
  }
}
