package io.campaignroutes.sandbox;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Call figures in slots of equal width, oldest first; slots in which nothing happened are absent.
 */
final class SlotSeries {

  private final int width;
  private final long keep;
  private final Deque<Counts> slots = new ArrayDeque<>();

  /**
   * An empty series.
   *
   * @param width of a slot, in seconds
   * @param keep how far back slots are kept, in seconds
   */
  SlotSeries(int width, long keep) {
    this.width = width;
    this.keep = keep;
  }

  /** The slot of {@code second}, which is never before the last one asked for. */
  Counts at(long second) {
    long start = second - Math.floorMod(second, width);
    Counts last = slots.peekLast();
    if (last == null || last.at < start) {
      last = new Counts(start);
      slots.addLast(last);
      while (slots.peekFirst().at <= start - keep) {
        slots.removeFirst();
      }
    }
    return last;
  }

  /** The sum over every slot that overlaps {@code from} (inclusive) to {@code to} (exclusive). */
  Counts sum(long from, long to) {
    Counts sum = new Counts(from);
    for (Counts slot : slots) {
      if (slot.at + width > from && slot.at < to) {
        sum.add(slot);
      }
    }
    return sum;
  }

  long[][] state() {
    return slots.stream().map(Counts::state).toArray(long[][]::new);
  }

  void restore(long[][] state) {
    slots.clear();
    for (long[] slot : state) {
      slots.addLast(Counts.of(slot));
    }
  }
}
