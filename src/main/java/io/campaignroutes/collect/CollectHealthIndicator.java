package io.campaignroutes.collect;

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

  CollectHealthIndicator(CollectQueue queue) {
    super("What is read of the tenant cannot be looked up");
    this.queue = queue;
  }

  @Override
  protected void doHealthCheck(Health.Builder health) {
    Map<String, String> failing = queue.failing();
    if (failing.isEmpty()) {
      health.up();
    } else {
      health.down().withDetail("failing", failing);
    }
  }
}
