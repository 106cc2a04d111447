package io.campaignroutes.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/**
 * What is to be written as soon as the store takes something again. It is lost with the process, so
 * it must be of use only to a process that lives.
 */
final class Postponed {
  private final Queue<Function<Tx, ?>> works = new ConcurrentLinkedQueue<>();

  void add(Function<Tx, ?> work) {
    works.add(work);
  }

  /** Takes out what waits as one work; empty when nothing does. */
  Optional<Function<Tx, ?>> next() {
    return Optional.ofNullable(works.poll());
  }

  /** Takes out all that waits, oldest first. */
  List<Function<Tx, ?>> all() {
    List<Function<Tx, ?>> all = new ArrayList<>();
    for (Function<Tx, ?> work = works.poll(); work != null; work = works.poll()) {
      all.add(work);
    }
    return all;
  }
}
