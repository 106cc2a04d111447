package io.campaignroutes.dialer;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.LongPredicate;

/**
 * Records of a list that a skill dials: each once, then again until a person was had or its
 * attempts are used up. Attempts count for the record, rest periods for each of its numbers.
 */
public final class CallingRecords {

  /** Seconds between two numbers of one record. */
  private static final double NEXT_NUMBER = 60;

  private final int numbers;
  private final PriorityQueue<Entry> again =
      new PriorityQueue<>(Comparator.comparingDouble(Entry::due));
  private LongPredicate blocked = record -> false;
  private long total;
  private long taken;
  private long finalized;
  private long retried;

  /** One record. */
  static final class Entry {
    private final long id;
    private final Deque<Double>[] calls;
    private int attempts;
    private int number;
    private double due;

    @SuppressWarnings("unchecked")
    Entry(long id, int numbers) {
      this.id = id;
      calls = new Deque[numbers];
      Arrays.setAll(calls, n -> new ArrayDeque<Double>());
    }

    long id() {
      return id;
    }

    double due() {
      return due;
    }
  }

  /**
   * A list nobody of which was called.
   *
   * @param total how many records it has
   * @param numbers of each record
   */
  public CallingRecords(long total, int numbers) {
    this(total, numbers, 0, 0);
  }

  /** A list of whose records some were dialed before, and of those some are done with. */
  public CallingRecords(long total, int numbers, long taken, long finalized) {
    this.total = total;
    this.numbers = numbers;
    this.taken = taken;
    this.finalized = finalized;
    for (long left = finalized; left < taken; left++) {
      Entry entry = new Entry(left, numbers);
      entry.attempts = 1;
      again.add(entry);
    }
  }

  /** More records at the end. */
  public void add(long records) {
    total += records;
  }

  /** Records that may not be dialed; they are done with as soon as it is their turn. */
  public void blocks(LongPredicate records) {
    blocked = records;
  }

  /** How many there are. */
  public long total() {
    return total;
  }

  /** Of those, not dialed yet. */
  public long fresh() {
    return total - taken;
  }

  /** Of those, done with. */
  public long finalized() {
    return finalized;
  }

  /** Of those, dialed more than once. */
  public long retried() {
    return retried;
  }

  /** The record to dial now, if there is one. */
  Optional<Entry> next(double now, SkillManner manner) {
    Entry waiting = again.peek();
    if (waiting != null && waiting.due <= now && manner.again()) {
      again.remove();
      if (++waiting.attempts == 2) {
        retried++;
      }
      return Optional.of(calls(waiting, now));
    }
    while (manner.fresh() && taken < total) {
      long record = taken++;
      if (blocked.test(record)) {
        finalized++;
      } else {
        Entry entry = new Entry(record, numbers);
        entry.attempts = 1;
        return Optional.of(calls(entry, now));
      }
    }
    return Optional.empty();
  }

  private static Entry calls(Entry entry, double now) {
    entry.calls[entry.number].add(now);
    return entry;
  }

  /**
   * A record was dialed.
   *
   * @param done whether it needs no other call
   */
  void dialed(Entry entry, boolean done, double now, SkillManner manner) {
    if (done || entry.attempts >= manner.maxAttempts()) {
      finalized++;
      return;
    }
    entry.number = (entry.number + 1) % numbers;
    Deque<Double> before = entry.calls[entry.number];
    entry.due = before.isEmpty() ? now + NEXT_NUMBER : before.getLast() + manner.retry();
    if (manner.restrictedPeriod() > 0) {
      while (before.size() > manner.restrictedAttempts()) {
        before.removeFirst();
      }
      if (manner.restrictedAttempts() > 0 && before.size() == manner.restrictedAttempts()) {
        entry.due = Math.max(entry.due, before.getFirst() + manner.restrictedPeriod());
      }
    }
    again.add(entry);
  }
}
