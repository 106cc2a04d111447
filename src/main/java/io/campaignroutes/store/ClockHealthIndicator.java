package io.campaignroutes.store;

import java.time.Duration;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/** Health {@code clock}: UP, with what happened for an hour after the store's clock was set. */
@Component
public class ClockHealthIndicator implements HealthIndicator {
  private static final Duration TOLD = Duration.ofHours(1);

  private final Store store;

  public ClockHealthIndicator(Store store) {
    this.store = store;
  }

  @Override
  public Health health() {
    ClockStep step = store.clockStep();
    if (step == null || step.age().compareTo(TOLD) > 0) {
      return Health.up().build();
    }
    return Health.up()
        .withDetail("clock", "%s, %d s ago".formatted(step, step.age().toSeconds()))
        .build();
  }
}
