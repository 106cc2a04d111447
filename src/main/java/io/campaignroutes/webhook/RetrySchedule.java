package io.campaignroutes.webhook;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** What an answer leads to, and how long the wait is before each further attempt. */
final class RetrySchedule {
  /** After a fault on our side. */
  static final long OWN_FAULT_MS = 1_000;

  /**
   * Each wait is up to so much shorter or longer, so that failed deliveries do not come in step.
   */
  private static final double JITTER = 0.2;

  private final List<Duration> waits;

  RetrySchedule(List<Duration> waits) {
    this.waits = List.copyOf(waits);
  }

  /** What an HTTP status leads to, before the schedule is looked at. */
  static AttemptOutcome.Kind kind(int status) {
    if (status / 100 == 2) {
      return AttemptOutcome.Kind.DELIVERED;
    }
    if (status == 410) {
      return AttemptOutcome.Kind.SWITCHED_OFF;
    }
    boolean otherClientError = status / 100 == 4 && status != 408 && status != 425 && status != 429;
    return otherClientError ? AttemptOutcome.Kind.PARKED : AttemptOutcome.Kind.RETRIED;
  }

  /**
   * The wait before the next attempt, in milliseconds; negative when there is none.
   *
   * @param failures failed attempts before the one that has just failed
   * @param wish how long the destination wants us to wait; null when it did not say
   */
  long waitMillis(int failures, Duration wish) {
    if (failures >= waits.size()) {
      return -1;
    }
    double factor = 1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
    long wait = (long) (waits.get(failures).toMillis() * factor);
    return wish == null ? wait : Math.max(wait, wish.toMillis());
  }
}
