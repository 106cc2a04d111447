package io.campaignroutes.store;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * The store's figures: whether it can be used, commits with their time, and the transactions that
 * they made durable.
 */
@Component
class StoreMeters implements MeterBinder {
  private final Store store;

  StoreMeters(Store store) {
    this.store = store;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("campaign.routes.store.usable", () -> store.ailment() == null ? 1 : 0)
        .description("1 while the store can be read and written, else 0; health says why")
        .register(registry);
    if (store instanceof CommitCounts.Kept kept) {
      CommitCounts commits = kept.commits();
      FunctionTimer.builder(
              "campaign.routes.store.commit",
              commits,
              CommitCounts::commits,
              CommitCounts::nanos,
              TimeUnit.NANOSECONDS)
          .description("Commits of the store and the time they took")
          .register(registry);
      FunctionCounter.builder(
              "campaign.routes.store.transactions", commits, CommitCounts::transactions)
          .description("Transactions made durable; an embedded store commits several together")
          .register(registry);
    }
    if (store instanceof StoreClock.Kept kept) {
      FunctionCounter.builder("campaign.routes.clock.steps", kept.clock(), StoreClock::steps)
          .description("How often the store's clock was set, forward or back")
          .register(registry);
    }
  }
}
