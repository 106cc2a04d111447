package io.campaignroutes.access;

import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/** Down while the keys in force are not those of the keys file. */
@Component
public class KeysHealthIndicator implements HealthIndicator {
  private final ApiKeys keys;

  public KeysHealthIndicator(ApiKeys keys) {
    this.keys = keys;
  }

  @Override
  public Health health() {
    String fault = keys.fault();
    return fault == null ? Health.up().build() : Health.down().withDetail("file", fault).build();
  }
}
