package io.campaignroutes.sandbox;

import java.util.concurrent.atomic.AtomicLong;

/** Counts changes of the state, so that it is saved when there is something to save. */
final class ChangeCount {

  private final AtomicLong count = new AtomicLong();

  void note() {
    count.incrementAndGet();
  }

  long count() {
    return count.get();
  }
}
