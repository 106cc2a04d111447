package io.campaignroutes.store;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * When the work of one queue is looked for next. Whoever looks says when there is nothing to do and
 * until when, and sleeps; whoever has made work due announces it and ends the sleep. Nothing
 * depends on an announcement: nobody sleeps for longer than {@link #MAX_SLEEP}, by the monotonic
 * clock.
 */
public final class DueTime {
  /** What nobody announces, as the work of a process that was killed, waits no longer than this. */
  public static final Duration MAX_SLEEP = Duration.ofSeconds(5);

  private final LongSupplier nanoTime;

  private long lookAt; // guarded by this, as are those below
  private long announced; // the earliest since the last look began
  private Runnable listener = () -> {};

  public DueTime() {
    this(System::nanoTime);
  }

  DueTime(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    beginLook();
  }

  /**
   * A look begins. What is announced from here on is for the next one, which follows at once unless
   * this one is {@link #quiet}.
   */
  public synchronized void beginLook() {
    lookAt = nanoTime.getAsLong();
    announced = lookAt + MAX_SLEEP.toNanos();
  }

  /** The look has found nothing to do, now or at a time that is known. */
  public void quiet() {
    quietFor(Long.MAX_VALUE);
  }

  /**
   * The look has found nothing to do now.
   *
   * @param millis until something falls due
   */
  public synchronized void quietFor(long millis) {
    lookAt = earlier(announced, after(millis));
  }

  /** Something is to be done now. */
  public void announce() {
    announce(0);
  }

  /**
   * Something is to be done.
   *
   * @param millis in so many; now where it is 0 or less
   */
  public void announce(long millis) {
    Runnable told;
    synchronized (this) {
      long at = after(millis);
      announced = earlier(announced, at);
      if (at - lookAt < 0) {
        lookAt = at;
        notifyAll();
      }
      told = listener;
    }
    told.run();
  }

  /** Has something done with each announcement, by whoever does not wait here. */
  public synchronized void listen(Runnable listener) {
    this.listener = listener;
  }

  /** Nanoseconds until the next look; 0 or less when it is time. */
  synchronized long nanosToLook() {
    return lookAt - nanoTime.getAsLong();
  }

  /**
   * Sleeps until it is time to look.
   *
   * @param gap the shortest sleep
   */
  public synchronized void await(Duration gap) throws InterruptedException {
    long earliest = nanoTime.getAsLong() + gap.toNanos();
    for (long left = left(earliest); left > 0; left = left(earliest)) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  private long left(long earliest) {
    return Math.max(earliest - nanoTime.getAsLong(), nanosToLook());
  }

  private long after(long millis) {
    long wait = Math.max(0, Math.min(millis, MAX_SLEEP.toMillis()));
    return nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(wait);
  }

  private static long earlier(long one, long other) {
    return one - other < 0 ? one : other;
  }
}
