package io.campaignroutes.store;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Tells the log of one trouble that may last: a line when it begins, further ones with growing gaps
 * while it lasts, and one when it is over. However often it fails meanwhile, and from however many
 * threads, no more is written.
 */
public final class Outage {
  private static final long FIRST_GAP_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long MAX_GAP_NANOS = TimeUnit.HOURS.toNanos(1);

  /** So long nothing may fail before it counts as over: what comes and goes is one trouble. */
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Logger log;
  private final String begins;
  private final String ends;
  private final LongSupplier nanoTime;

  private volatile boolean told; // whether the log knows of a trouble that is not over
  private volatile String cause; // null while it works
  private long since; // all below guarded by this
  private long failedAt;
  private long tellAt;
  private long gap;
  private long failures;

  /**
   * @param begins what is told first, without a full stop, such as "The store cannot be used"
   * @param ends what is told last, such as "The store can be used again"
   */
  public Outage(Logger log, String begins, String ends) {
    this(log, begins, ends, System::nanoTime);
  }

  Outage(Logger log, String begins, String ends, LongSupplier nanoTime) {
    this.log = log;
    this.begins = begins;
    this.ends = ends;
    this.nanoTime = nanoTime;
  }

  /**
   * It failed.
   *
   * @param why a sentence that an operator understands
   */
  public void failed(String why) {
    tell(why, 1);
  }

  /**
   * It lasts, as a state that was looked at and not something that failed once more.
   *
   * @param why a sentence that an operator understands
   */
  public void lasts(String why) {
    tell(why, 0);
  }

  private synchronized void tell(String why, int failure) {
    long now = nanoTime.getAsLong();
    cause = why;
    failedAt = now;
    if (!told) {
      told = true;
      since = now;
      failures = failure;
      gap = FIRST_GAP_NANOS;
      tellAt = now + gap;
      log.warn("{}: {}", begins, why);
      return;
    }
    failures += failure;
    if (now - tellAt >= 0) {
      gap = Math.min(2 * gap, MAX_GAP_NANOS);
      tellAt = now + gap;
      log.warn("{}, for {} now{}: {}", begins, lasted(now), failures(), why);
    }
  }

  /** It worked. */
  public void worked() {
    if (told) {
      over();
    }
  }

  private synchronized void over() {
    cause = null;
    long now = nanoTime.getAsLong();
    if (told && now - failedAt >= QUIET_NANOS) {
      told = false;
      log.info("{}, after {}{}.", ends, lasted(failedAt), failures());
    }
  }

  /** Why it failed last; null when it has worked since. */
  public String cause() {
    return cause;
  }

  private String failures() {
    return failures == 0 ? "" : " (" + failures + " failures)";
  }

  private String lasted(long until) {
    Duration time = Duration.ofNanos(until - since);
    long seconds = Math.max(1, time.toSeconds());
    return seconds < 120 ? seconds + " s" : time.toMinutes() + " min";
  }
}
