package io.campaignroutes.cxone;

import io.campaignroutes.cxone.CxoneUnavailableException.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many calls a second go out. At most {@code rateLimit} calls start in any one second; who
 * waits goes by urgency and, within one urgency, by how long its work has been due; the less urgent
 * have a share of the turns of those before them ({@link Urgency#patience()}). After a 429 all but
 * operators' commands wait.
 */
public final class CallBudget {
  /** A little more than a second, since calls that start evenly do not arrive evenly. */
  private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(1_020);

  /** How long calls wait after a 429 that does not say. */
  private static final Backoff UNTOLD = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

  private final double rate;
  private final long maxWaitNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final TreeSet<Waiter> waiting =
      new TreeSet<>(
          Comparator.comparing((Waiter w) -> w.urgency)
              .thenComparingLong(w -> w.dueAt)
              .thenComparingLong(w -> w.ticket));
  private final ArrayDeque<Long> started = new ArrayDeque<>();
  private final Map<Urgency, Waits> waits = new EnumMap<>(Urgency.class);
  private final Map<Urgency, Integer> passedOver = new EnumMap<>(Urgency.class);
  private long tickets;
  private int throttled; // 429 in a row that did not say for how long
  private long heldUntil = System.nanoTime();

  private static final class Waiter {
    final Urgency urgency;
    final long dueAt;
    final long ticket;
    final Condition turn;

    Waiter(Urgency urgency, long dueAt, long ticket, Condition turn) {
      this.urgency = urgency;
      this.dueAt = dueAt;
      this.ticket = ticket;
      this.turn = turn;
    }
  }

  public CallBudget(CxoneProperties properties) {
    this.rate = properties.rateLimit();
    this.maxWaitNanos = properties.rateLimitWait().toNanos();
    for (Urgency urgency : Urgency.values()) {
      waits.put(urgency, new Waits());
      passedOver.put(urgency, 0);
    }
  }

  /** How long calls of one urgency have waited for their turn since the start. */
  static final class Waits {
    private final LongAdder count = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    long count() {
      return count.sum();
    }

    long nanos() {
      return nanos.sum();
    }
  }

  Waits waits(Urgency urgency) {
    return waits.get(urgency);
  }

  /**
   * Waits for the turn of one call.
   *
   * @param dueAt since when its work has been due, in milliseconds since the epoch
   * @throws CxoneUnavailableException of kind HELD_BACK when the turn does not come in time
   */
  public void take(Urgency urgency, long dueAt) {
    long asked = System.nanoTime();
    try {
      await(urgency, dueAt);
    } finally {
      waits.get(urgency).count.increment();
      waits.get(urgency).nanos.add(System.nanoTime() - asked);
    }
  }

  private void await(Urgency urgency, long dueAt) {
    lock.lock();
    try {
      long giveUp = System.nanoTime() + maxWaitNanos;
      Waiter me = new Waiter(urgency, dueAt, tickets++, lock.newCondition());
      waiting.add(me);
      try {
        while (true) {
          long now = System.nanoTime();
          boolean first = next() == me;
          long wait = first ? nanosToNext(me, now) : Long.MAX_VALUE;
          if (wait <= 0) {
            started.addLast(now);
            goesBefore(urgency);
            return;
          }
          if (now >= giveUp || first && now + wait > giveUp) {
            throw new CxoneUnavailableException(
                Kind.HELD_BACK,
                "More calls to CXone are due than CXONE_RATE_LIMIT lets out, or it has refused some"
                    + " because there were too many.",
                Duration.ofNanos(first ? wait : maxWaitNanos),
                null);
          }
          me.turn.awaitNanos(Math.min(wait, giveUp - now));
        }
      } finally {
        waiting.remove(me);
        if (!waiting.isEmpty()) {
          next().turn.signal();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CxoneUnavailableException.stopping(e);
    } finally {
      lock.unlock();
    }
  }

  /** Who has the next turn: the most urgent, but for those that were passed over too often. */
  private Waiter next() {
    Waiter first = waiting.first();
    if (!first.urgency.canWait()) {
      return first;
    }
    return waiting.stream()
        .filter(waiter -> waiter.urgency.compareTo(first.urgency) > 0)
        .filter(waiter -> passedOver.get(waiter.urgency) >= waiter.urgency.patience())
        .findFirst()
        .orElse(first);
  }

  /** Counts a turn against those less urgent that wait for one. */
  private void goesBefore(Urgency urgency) {
    passedOver.put(urgency, 0);
    waiting.stream()
        .map(waiter -> waiter.urgency)
        .filter(other -> other.compareTo(urgency) > 0)
        .distinct()
        .forEach(other -> passedOver.merge(other, 1, Integer::sum));
  }

  /**
   * A call was answered. After a 429 nothing but commands goes out for as long as CXone asked or,
   * where it does not say how long, for growing times until it takes calls again.
   *
   * @param status of the answer; 0 for none
   * @param pause what CXone asked for; null for nothing
   */
  public void answered(int status, Duration pause) {
    lock.lock();
    try {
      long now = System.nanoTime();
      boolean held = heldUntil - now > 0; // what comes now was sent before it, or is a command
      if (status / 100 == 2 && !held) {
        throttled = 0;
      } else if (status == 429 && pause != null) {
        holdUntil(now + pause.toNanos());
      } else if (status == 429 && !held) {
        holdUntil(now + TimeUnit.MILLISECONDS.toNanos(UNTOLD.millis(throttled++)));
      }
    } finally {
      lock.unlock();
    }
  }

  private void holdUntil(long time) {
    if (time - heldUntil > 0) {
      heldUntil = time;
    }
  }

  /**
   * How the budget stands.
   *
   * @param rateLimit calls a second; 0 for no limit
   * @param started calls that began within the last second; 0 where there is no limit
   * @param waiting calls that wait for their turn
   * @param heldFor how long calls wait still because CXone has refused some (429); zero for none
   */
  public record State(double rateLimit, int started, int waiting, Duration heldFor) {}

  /** How the budget stands now. */
  public State state() {
    lock.lock();
    try {
      long now = System.nanoTime();
      int lately = (int) started.stream().filter(at -> now - at < 1_000_000_000L).count();
      return new State(
          rate, lately, waiting.size(), Duration.ofNanos(Math.max(0, heldUntil - now)));
    } finally {
      lock.unlock();
    }
  }

  private long nanosToNext(Waiter waiter, long now) {
    long wait = waiter.urgency == Urgency.COMMAND ? 0 : heldUntil - now;
    if (rate > 0) {
      while (!started.isEmpty() && now - started.peekFirst() >= window()) {
        started.removeFirst();
      }
      if (started.size() >= perWindow()) {
        wait = Math.max(wait, started.peekFirst() + window() - now);
      }
    } else {
      started.clear();
    }
    return wait;
  }

  private int perWindow() {
    return Math.max(1, (int) rate);
  }

  /** A rate below one a second is one call in a longer window. */
  private long window() {
    return rate >= 1 ? WINDOW_NANOS : (long) (WINDOW_NANOS / rate);
  }
}
