package io.campaignroutes.webhook;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Figures of events and deliveries. The tags are bounded: outcomes, and the names of the configured
 * destinations; all addresses that campaigns name share one.
 */
public final class WebhookMetrics {
  private final MeterRegistry registry;
  private final Counter accepted;
  private final Counter repeated;
  private final Counter parked;
  private final Counter unknown;
  private final Counter refused;
  private final Map<String, PerDestination> destinations = new ConcurrentHashMap<>();

  private record PerDestination(Map<AttemptOutcome.Kind, Counter> outcomes, Timer exchanges) {}

  WebhookMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.accepted = events("accepted");
    this.repeated = events("repeat");
    this.parked = events("parked");
    this.unknown = events("unknown");
    this.refused = events("refused");
  }

  private Counter events(String outcome) {
    return Counter.builder("campaign.routes.webhook.events")
        .description("Events that were posted, by what became of them")
        .tag("outcome", outcome)
        .register(registry);
  }

  /** An event is on disk. */
  void received(WebhookEvents.Received event, boolean understood) {
    Counter kept = event.parked() == null ? accepted : understood ? unknown : parked;
    (event.repeat() ? repeated : kept).increment();
  }

  /** A post was turned away: its token was wrong, or it was no JSON object. */
  void refused() {
    refused.increment();
  }

  /** What came of an attempt is on disk. */
  void settled(Destination destination, AttemptOutcome outcome) {
    PerDestination of = destinations.computeIfAbsent(destination.tag(), this::register);
    of.outcomes().get(outcome.kind()).increment();
    if (outcome.kind() != AttemptOutcome.Kind.UNTRIED) {
      of.exchanges().record(outcome.durationMs(), TimeUnit.MILLISECONDS);
    }
  }

  private PerDestination register(String destination) {
    Map<AttemptOutcome.Kind, Counter> outcomes = new EnumMap<>(AttemptOutcome.Kind.class);
    for (AttemptOutcome.Kind kind : AttemptOutcome.Kind.values()) {
      outcomes.put(
          kind,
          Counter.builder("campaign.routes.webhook.deliveries")
              .description("Attempts to deliver, by what they led to")
              .tag("destination", destination)
              .tag("outcome", kind.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
    Timer exchanges =
        Timer.builder("campaign.routes.webhook.exchanges")
            .description("Time from sending a delivery to the end of its answer")
            .tag("destination", destination)
            .register(registry);
    return new PerDestination(outcomes, exchanges);
  }
}
