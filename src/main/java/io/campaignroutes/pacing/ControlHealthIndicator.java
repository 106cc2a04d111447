package io.campaignroutes.pacing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Health {@code control}: DOWN, naming each with what to do, while CXone dials campaigns against
 * our word. It is no part of readiness: another replica could do no more about it.
 */
@Component
public class ControlHealthIndicator implements HealthIndicator {
  private static final int MAX_TOLD = 20;

  private final ControlReads control;

  ControlHealthIndicator(ControlReads control) {
    this.control = control;
  }

  @Override
  public Health health() {
    List<ControlReads.Uncontrolled> lost;
    try {
      lost = control.uncontrolled();
    } catch (DataAccessException e) {
      return Health.unknown().withDetail("control", "The store cannot be read.").build();
    }
    if (lost.isEmpty()) {
      return Health.up().build();
    }
    Map<String, String> told = new LinkedHashMap<>();
    lost.stream()
        .limit(MAX_TOLD)
        .forEach(one -> told.put(one.id(), one.control().sentence(one.nextTry())));
    return Health.down().withDetail("count", lost.size()).withDetail("campaigns", told).build();
  }
}
