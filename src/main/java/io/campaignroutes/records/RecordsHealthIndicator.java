package io.campaignroutes.records;

import io.campaignroutes.store.Store;
import java.time.Instant;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Health {@code records}: DOWN while records that are due cannot leave the store, or nobody can say
 * how long they are kept.
 */
@Component
public class RecordsHealthIndicator implements HealthIndicator {
  private final RecordsState state;
  private final Store store;

  public RecordsHealthIndicator(RecordsState state, Store store) {
    this.state = state;
    this.store = store;
  }

  @Override
  public Health health() {
    long others =
        store
            .read()
            .sql("select count(*) from archived_campaign where remains = 3 and remains <> 0")
            .query(Long.class)
            .single();
    boolean well =
        state.failure() == null
            && state.faults().isEmpty()
            && state.heldCount() == 0
            && others == 0;
    Health.Builder health = well ? Health.up() : Health.down();
    if (state.restingReason() != null) {
      health.withDetail("resting", state.restingReason());
    }
    if (state.failure() != null) {
      health.withDetail("failure", state.failure());
    }
    if (!state.faults().isEmpty()) {
      health.withDetail("policies", state.faults());
    }
    if (!state.kept().isEmpty()) {
      health.withDetail("keptForEver", state.kept());
    }
    if (state.heldCount() > 0) {
      health.withDetail("held", state.heldCount()).withDetail("heldCampaigns", state.someHeld());
    }
    if (others > 0) {
      health.withDetail("filesThatDiffer", others);
    }
    if (state.ranAt() > 0) {
      health.withDetail("lastRun", Instant.ofEpochMilli(state.ranAt()).toString());
    }
    return health.withDetail("left", state.left()).build();
  }
}
