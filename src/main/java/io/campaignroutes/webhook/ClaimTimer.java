package io.campaignroutes.webhook;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * When the next claim is: at once when there is news, else when somebody wanted it to be. All times
 * are those of {@code System.nanoTime()}.
 */
final class ClaimTimer {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private volatile boolean newsThere;
  private long refreshAt = System.nanoTime(); // guarded by lock
  private long claimAt = Long.MAX_VALUE; // guarded by lock

  /** There is something new to claim or to write. */
  void signal() {
    if (newsThere) {
      return; // the one that waits has been told, or looks anyway before it waits
    }
    newsThere = true;
    lock.lock();
    try {
      news.signal();
    } finally {
      lock.unlock();
    }
  }

  /** All destinations are to be looked at by this time. */
  void refreshBy(long time) {
    lock.lock();
    try {
      refreshAt = Math.min(refreshAt, time);
    } finally {
      lock.unlock();
    }
  }

  /** Something can be claimed by this time, unless that is now. */
  void claimBy(long time, long now) {
    if (time > now) {
      lock.lock();
      try {
        claimAt = Math.min(claimAt, time);
      } finally {
        lock.unlock();
      }
    }
  }

  /** Whether it is time to look at all; what is asked for from now on is looked at next time. */
  boolean timeToRefresh(long now, long periodNanos) {
    lock.lock();
    try {
      if (now < refreshAt) {
        return false;
      }
      refreshAt = now + periodNanos;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is news or it is time, and no shorter than to {@code earliest}. */
  void await(long earliest, BooleanSupplier closed) throws InterruptedException {
    lock.lock();
    try {
      for (long now = System.nanoTime();
          now < earliest && !closed.getAsBoolean();
          now = System.nanoTime()) {
        news.awaitNanos(earliest - now);
      }
      for (long now = System.nanoTime();
          !newsThere && now < Math.min(refreshAt, claimAt) && !closed.getAsBoolean();
          now = System.nanoTime()) {
        news.awaitNanos(Math.min(refreshAt, claimAt) - now);
      }
      newsThere = false;
      claimAt = Long.MAX_VALUE;
    } finally {
      lock.unlock();
    }
  }
}
