package io.campaignroutes.collect;

import io.campaignroutes.store.StoreUnavailableException;
import java.util.Map;
import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;
import org.springframework.stereotype.Component;

/**
 * Health {@code collect}: DOWN, naming each read of the tenant with its reason, while one has
 * failed several times in a row: then figures of all campaigns grow old.
 */
@Component
class CollectHealthIndicator extends AbstractHealthIndicator {
  private final CollectQueue queue;
  private final DayCalls calls;
  private final DayThreshold threshold;

  CollectHealthIndicator(CollectQueue queue, DayCalls calls, DayThreshold threshold) {
    super("What is read of the tenant cannot be looked up");
    this.queue = queue;
    this.calls = calls;
    this.threshold = threshold;
  }

  @Override
  protected void doHealthCheck(Health.Builder health) {
    try {
      look(health);
    } catch (StoreUnavailableException e) { // of which the store tells the log
      health.down().withDetail("cause", e.getMessage());
    }
  }

  private void look(Health.Builder health) {
    Map<String, String> failing = queue.failing();
    if (failing.isEmpty()) {
      health.up();
    } else {
      health.down().withDetail("failing", failing);
    }
    if (threshold.isNear()) {
      health.withDetail(
          "calls",
          "%d today; from %d on CXone is told of the tenant"
              .formatted(calls.today().all(), threshold.calls()));
    }
  }
}
