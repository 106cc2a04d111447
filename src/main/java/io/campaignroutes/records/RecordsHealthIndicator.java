package io.campaignroutes.records;

import io.campaignroutes.store.Store;
import io.campaignroutes.store.StoreUnavailableException;
import io.campaignroutes.text.Times;
import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.Status;
import org.springframework.stereotype.Component;

/**
 * Health {@code records}: DOWN while records that are due cannot leave the store, or nobody can say
 * how long they are kept.
 */
@Component
public class RecordsHealthIndicator extends AbstractHealthIndicator {
  private final RecordsState state;
  private final Store store;

  public RecordsHealthIndicator(RecordsState state, Store store) {
    super("It cannot be read how records leave");
    this.state = state;
    this.store = store;
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
    health.status(well ? Status.UP : Status.DOWN);
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
      health.withDetail("lastRun", Times.iso(state.ranAt()));
    }
    health.withDetail("left", state.left());
  }
}
