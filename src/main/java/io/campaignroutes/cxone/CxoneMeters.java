package io.campaignroutes.cxone;

import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.component.resilience4j.ResilienceProcessor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Figures of the door to CXone: its token, the waits for the rate limit, the circuit breaker. */
@Component
class CxoneMeters implements MeterBinder {
  /** The step in {@code cxone-call.camel.yaml} of the platform. */
  private static final String BREAKER = "cxone-breaker";

  private static final List<String> STATES = List.of("closed", "open", "half_open");

  private final Tokens tokens;
  private final CallBudget budget;
  private final ObjectProvider<CamelContext> camel;

  CxoneMeters(Tokens tokens, CallBudget budget, ObjectProvider<CamelContext> camel) {
    this.tokens = tokens;
    this.budget = budget;
    this.camel = camel;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("campaign.routes.cxone.token.age", tokens, Tokens::ageSeconds)
        .description("Time since the token in use was fetched")
        .baseUnit("seconds")
        .register(registry);
    for (Urgency urgency : Urgency.values()) {
      FunctionTimer.builder(
              "campaign.routes.cxone.rate.limit.wait",
              budget.waits(urgency),
              CallBudget.Waits::count,
              CallBudget.Waits::nanos,
              TimeUnit.NANOSECONDS)
          .description("Calls that asked for their turn under the rate limit, and how long it took")
          .tag("urgency", urgency.name().toLowerCase())
          .register(registry);
    }
    for (String state : STATES) {
      Gauge.builder("campaign.routes.cxone.breaker.state", () -> is(state) ? 1 : 0)
          .description("1 for the state that the circuit breaker before CXone is in")
          .tag("state", state)
          .register(registry);
    }
  }

  private boolean is(String state) {
    CamelContext context = camel.getIfAvailable();
    ResilienceProcessor breaker =
        context == null ? null : context.getProcessor(BREAKER, ResilienceProcessor.class);
    return breaker != null && state.equalsIgnoreCase(breaker.getCircuitBreakerState());
  }
}
