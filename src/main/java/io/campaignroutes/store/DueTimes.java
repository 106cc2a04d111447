package io.campaignroutes.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** When the work of each queue of a store is looked for next. */
final class DueTimes {
  private final Map<String, DueTime> queues = new ConcurrentHashMap<>();

  DueTime of(String queue) {
    return queues.computeIfAbsent(queue, name -> new DueTime());
  }

  /** What a transaction has announced is on disk. */
  void announce(Tx tx) {
    tx.announced().forEach((queue, millis) -> of(queue).announce(millis));
  }

  /** Any time may have come, as when the clock was set. */
  void announceAll() {
    queues.values().forEach(DueTime::announce);
  }
}
