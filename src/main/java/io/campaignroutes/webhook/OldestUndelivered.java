package io.campaignroutes.webhook;

import io.campaignroutes.store.Store;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.springframework.dao.DataAccessException;

/**
 * How long the oldest delivery to each destination has waited; read from the store at most every
 * few seconds.
 */
final class OldestUndelivered {
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final DestinationSwitch destinations;
  private final Store store;
  private Map<String, Long> since;
  private long readAt;

  OldestUndelivered(DestinationSwitch destinations, Store store) {
    this.destinations = destinations;
    this.store = store;
  }

  /** In seconds; 0 when nothing waits, not a number while the store cannot be asked. */
  synchronized double seconds(String tag) {
    try {
      if (since == null || System.nanoTime() - readAt > FRESH_NANOS) {
        since = destinations.oldestByTag();
        readAt = System.nanoTime();
      }
      Long at = since.get(tag);
      return at == null ? 0 : Math.max(0, store.now() - at) / 1_000.0;
    } catch (DataAccessException e) {
      return Double.NaN;
    }
  }
}
