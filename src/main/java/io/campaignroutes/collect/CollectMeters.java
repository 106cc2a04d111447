package io.campaignroutes.collect;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** Figures of what is called of a tenant, all replicas together. */
@Component
@ConditionalOnProperty(name = "cxone.platform", havingValue = "personal-connection")
class CollectMeters implements MeterBinder {
  private final DayCalls calls;
  private final DayThreshold threshold;
  private final CollectProperties properties;

  CollectMeters(DayCalls calls, DayThreshold threshold, CollectProperties properties) {
    this.calls = calls;
    this.threshold = threshold;
    this.properties = properties;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("campaign.routes.tenant.calls", () -> calls.today().reads())
        .description("Calls made to CXone today, by UTC")
        .tag("kind", "read")
        .register(registry);
    Gauge.builder("campaign.routes.tenant.calls", () -> calls.today().writes())
        .description("Calls made to CXone today, by UTC")
        .tag("kind", "write")
        .register(registry);
    Gauge.builder("campaign.routes.tenant.calls.budget", properties::callsADay)
        .description("Reads that may be made in a day")
        .register(registry);
    Gauge.builder("campaign.routes.tenant.calls.threshold", threshold::calls)
        .description("Calls of a day from which on CXone is told of the tenant; 0 when not known")
        .register(registry);
  }
}
