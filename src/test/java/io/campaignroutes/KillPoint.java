package io.campaignroutes;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Kills a service at a named point: when one of the calls that it makes arrives, when its work is
 * done and nobody has answered, or just after the answer. Whoever plays the other side asks with
 * each call, by its name.
 */
final class KillPoint implements AutoCloseable {
  /** How far a call is. */
  enum When {
    ARRIVED,
    DONE,
    ANSWERED
  }

  /** What kills. */
  interface Kill {
    void carryOut() throws InterruptedException;
  }

  private record Armed(String call, When when, long delayMillis, CountDownLatch over) {}

  private final Kill kill;
  private final AtomicReference<Armed> armed = new AtomicReference<>();
  private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();

  KillPoint(Kill kill) {
    this.kill = kill;
  }

  /**
   * Kills at the next call of this name, and returns when that has happened.
   *
   * @param delayMillis how long after the answer, where it is {@link When#ANSWERED}
   * @return whether there was such a call in time
   */
  boolean await(String call, When when, long delayMillis, Duration atMost)
      throws InterruptedException {
    Armed one = new Armed(call, when, delayMillis, new CountDownLatch(1));
    armed.set(one);
    if (one.over.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      return true;
    }
    if (armed.compareAndSet(one, null)) {
      return false;
    }
    one.over.await(); // it has just begun
    return true;
  }

  /** Whether it waits for a call of this name, wherever in it. */
  boolean awaits(String call) {
    Armed one = armed.get();
    return one != null && one.call.equals(call);
  }

  /** A call has arrived; true when it meets a service that is dead by now, and is not done. */
  boolean arrives(String call) {
    return strikes(call, When.ARRIVED, 0);
  }

  /** The work of a call is done; true when nobody is left to be answered. */
  boolean done(String call) {
    Armed one = armed.get();
    if (one != null && one.when == When.ANSWERED) {
      strikes(call, When.ANSWERED, one.delayMillis);
      return false;
    }
    return strikes(call, When.DONE, 0);
  }

  private boolean strikes(String call, When when, long delayMillis) {
    Armed one = armed.get();
    if (one == null
        || one.when != when
        || !one.call.equals(call)
        || !armed.compareAndSet(one, null)) {
      return false;
    }
    Runnable strike =
        () -> {
          try {
            kill.carryOut();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            one.over.countDown();
          }
        };
    if (when == When.ANSWERED) {
      later.schedule(strike, delayMillis, TimeUnit.MILLISECONDS);
    } else {
      strike.run();
    }
    return true;
  }

  @Override
  public void close() {
    later.shutdownNow();
  }
}
