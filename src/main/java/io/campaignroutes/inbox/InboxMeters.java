package io.campaignroutes.inbox;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Figures of the inbox: what waits to be read, and what cannot be moved. */
@Component
class InboxMeters implements MeterBinder {
  private static final Logger LOG = LoggerFactory.getLogger(InboxMeters.class);

  /** One scrape asks twice; the folder is looked through once for both. */
  private static final long FRESH_NANOS = Duration.ofSeconds(2).toNanos();

  private record Backlog(double files, double oldestSeconds) {}

  private final InboxFolder inbox;
  private Backlog backlog;
  private long backlogAt;

  InboxMeters(InboxFolder inbox) {
    this.inbox = inbox;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("campaign.routes.inbox.files", () -> backlog().files())
        .description("Files in the inbox that are not taken yet")
        .register(registry);
    Gauge.builder("campaign.routes.inbox.oldest.age", () -> backlog().oldestSeconds())
        .description("Time since the oldest file in the inbox was last changed, 0 for none")
        .baseUnit("seconds")
        .register(registry);
    Gauge.builder("campaign.routes.inbox.usable", () -> inbox.unusable() == null ? 1 : 0)
        .description("1 while the folder can be looked into, else 0")
        .register(registry);
    Gauge.builder("campaign.routes.inbox.stays", () -> inbox.staying().size())
        .description("Files that stay in the inbox until somebody does something about them")
        .register(registry);
    Gauge.builder("campaign.routes.inbox.unfiled", () -> inbox.notFiled().size())
        .description("Files whose campaigns are taken but that cannot be moved to done or failed")
        .register(registry);
  }

  private synchronized Backlog backlog() {
    if (backlog == null || System.nanoTime() - backlogAt > FRESH_NANOS) {
      backlog = look();
      backlogAt = System.nanoTime();
    }
    return backlog;
  }

  private Backlog look() {
    try {
      InboxFolder.Backlog waiting = inbox.backlog();
      long age = System.currentTimeMillis() - waiting.oldestMillis();
      return new Backlog(waiting.files(), waiting.files() == 0 ? 0 : Math.max(0, age / 1000.0));
    } catch (IOException e) {
      LOG.debug("The inbox cannot be looked at: {}", e.toString());
      return new Backlog(Double.NaN, Double.NaN); // a wrong number would be worse than none
    }
  }
}
