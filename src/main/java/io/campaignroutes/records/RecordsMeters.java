package io.campaignroutes.records;

import io.campaignroutes.store.Store;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Figures of records that leave the store: how many have, how old the oldest is, how it goes. */
@Component
class RecordsMeters implements MeterBinder {
  private static final Logger LOG = LoggerFactory.getLogger(RecordsMeters.class);

  private final RecordsState state;
  private final Store store;

  RecordsMeters(RecordsState state, Store store) {
    this.state = state;
    this.store = store;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    FunctionCounter.builder("campaign.routes.records.archived", state, RecordsState::left)
        .description("Campaigns whose records this process has archived and removed")
        .register(registry);
    Gauge.builder("campaign.routes.records.held", state, RecordsState::heldCount)
        .description("Campaigns whose records are due and cannot leave the store")
        .register(registry);
    Gauge.builder("campaign.routes.records.oldest.age", this::oldest)
        .description("How long the campaign that was taken first has been in the store")
        .baseUnit("seconds")
        .register(registry);
    Gauge.builder("campaign.routes.records.last.run.age", this::lastRun)
        .description("Since when this process has done no run of archiving; NaN before the first")
        .baseUnit("seconds")
        .register(registry);
  }

  private double lastRun() {
    return state.ranAt() == 0 ? Double.NaN : (now() - state.ranAt()) / 1000.0;
  }

  private double now() {
    try {
      return store.nearlyNow();
    } catch (DataAccessException e) {
      LOG.debug("The store's time cannot be read: {}", e.toString());
      return Double.NaN;
    }
  }

  /** Ids sort by the time of their taking. */
  private double oldest() {
    try {
      Optional<Long> oldest =
          store
              .read()
              .sql("select accepted_at from campaign order by id limit 1")
              .query(Long.class)
              .optional();
      return oldest.isEmpty() ? 0 : (now() - oldest.get()) / 1000.0;
    } catch (DataAccessException e) {
      LOG.debug("The oldest campaign cannot be read: {}", e.toString());
      return Double.NaN;
    }
  }
}
