package io.campaignroutes.cxone;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.concurrent.TimeUnit;

/**
 * What is counted of calls to CXone. The tags are the operations of the API file and a handful of
 * outcomes, never anything that a caller or CXone makes up.
 */
final class CallMeters {
  /** Counts nothing. */
  static final CallMeters NONE = new CallMeters(new CompositeMeterRegistry());

  private final MeterRegistry registry;

  CallMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * A call went out once.
   *
   * @param status CXone's HTTP status; 0 when there was no answer
   */
  void sent(String operation, int status, long nanos) {
    Timer.builder("campaign.routes.cxone.request")
        .description("Requests sent to CXone, repeats included, until their answer was read")
        .tag("operation", operation)
        .tag("status", status == 0 ? "none" : status == 401 || status == 429 ? "" + status : status / 100 + "xx")
        .register(registry)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  /** A call has ended: what came of it after all repeats. */
  void ended(String operation, CxoneUnavailableException failure, boolean refused) {
    String outcome =
        failure != null ? failure.kind().name().toLowerCase() : refused ? "refused" : "ok";
    Counter.builder("campaign.routes.cxone.calls")
        .description("Calls of CXone's operations by what came of them after all repeats")
        .tag("operation", operation)
        .tag("outcome", outcome)
        .register(registry)
        .increment();
  }
}
