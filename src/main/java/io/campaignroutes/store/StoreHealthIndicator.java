package io.campaignroutes.store;

import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Health {@code db}: DOWN, with the cause, while nothing can be written or nothing can be read. It
 * stands in the place of Spring Boot's own, which knows of reading only.
 */
@Component("dbHealthIndicator")
class StoreHealthIndicator implements HealthIndicator {
  private final Store store;

  StoreHealthIndicator(Store store) {
    this.store = store;
  }

  @Override
  public Health health() {
    try {
      store.read().sql("select 1").query(Integer.class).single();
      String ailment = store.ailment();
      return ailment == null ? Health.up().build() : down(ailment);
    } catch (DataAccessException e) {
      return down(e instanceof StoreUnavailableException ? e.getMessage() : e.toString());
    }
  }

  private static Health down(String cause) {
    return Health.down().withDetail("cause", cause).build();
  }
}
