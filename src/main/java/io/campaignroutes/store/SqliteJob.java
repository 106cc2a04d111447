package io.campaignroutes.store;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * A transaction that waits for the writer of an embedded store, and the caller that waits for it.
 */
final class SqliteJob<T> {
  /** What a caller waits for a transaction that has begun, in terms of the wait for its turn. */
  private static final int BEGUN = 3;

  final Function<Tx, T> work;
  final boolean commanded;
  final CompletableFuture<T> done = new CompletableFuture<>();

  /** By the writer, which carries it out, or by its caller, who has waited long enough. */
  final AtomicBoolean taken = new AtomicBoolean();

  private T result;
  private Throwable failure; // of the work

  SqliteJob(Function<Tx, T> work, boolean commanded) {
    this.work = work;
    this.commanded = commanded;
  }

  /** Returns whether the work may stay. */
  boolean run(Tx tx) {
    failure = null;
    try {
      result = work.apply(tx);
      return true;
    } catch (RuntimeException | Error e) {
      failure = e;
      return false;
    }
  }

  void answer() {
    if (failure == null) {
      done.complete(result);
    } else {
      done.completeExceptionally(failure);
    }
  }

  /** Why the work is not to stay. */
  Throwable failure() {
    return failure;
  }

  /** Nothing comes of it. */
  void fail(StoreUnavailableException e) {
    done.completeExceptionally(e);
  }

  /**
   * Waits for the outcome, also when interrupted: a transaction that has begun is not undone by it,
   * and what it did must be known.
   */
  T await(Duration wait) {
    boolean interrupted = false;
    try {
      long left = wait.toNanos();
      boolean begun = false;
      while (true) {
        long start = System.nanoTime();
        try {
          return done.get(left, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
          left = Math.max(0, left - (System.nanoTime() - start));
        } catch (TimeoutException e) {
          if (taken.compareAndSet(false, true)) { // from here on nobody carries it out
            throw StoreUnavailableException.nothingChanged(
                "The store has taken nothing for " + wait.toSeconds() + " s.", null);
          }
          if (begun) {
            throw StoreUnavailableException.perhapsChanged(
                "The store has not said what came of a change.", null);
          }
          begun = true;
          left = BEGUN * wait.toNanos();
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
