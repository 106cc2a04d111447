package io.campaignroutes.campaign;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Figures of campaigns: how many are in each stage, how long launches take, what waits to be read.
 */
@Component
class CampaignMeters implements MeterBinder {
  private static final Logger LOG = LoggerFactory.getLogger(CampaignMeters.class);

  /** One scrape asks for each stage; the store is asked once for all of them. */
  private static final long FRESH_NANOS = Duration.ofSeconds(2).toNanos();

  /** What a launch may take, from a good one to the time-out of its activation. */
  private static final Duration[] BUCKETS =
      Stream.of(100, 250, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  private record Backlog(double files, double oldestSeconds) {}

  private final CampaignStore campaigns;
  private final InboxFolder inbox;
  private Map<Stage, Long> stages;
  private long stagesAt;
  private Backlog backlog;
  private long backlogAt;

  CampaignMeters(CampaignStore campaigns, InboxFolder inbox) {
    this.campaigns = campaigns;
    this.inbox = inbox;
  }

  /** Notes how long a launch took from its acceptance until CXone dials, in milliseconds. */
  static void launched(MeterRegistry registry, long latencyMs) {
    Timer.builder("campaign.routes.launch")
        .description("Launches that became ACTIVE, and their time since they were accepted")
        .serviceLevelObjectives(BUCKETS)
        .register(registry)
        .record(Duration.ofMillis(latencyMs));
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (Stage stage : Stage.values()) {
      Gauge.builder("campaign.routes.campaigns", () -> in(stage))
          .description("Campaigns in each stage; replicas on one PostgreSQL tell the same numbers")
          .tag("stage", stage.name())
          .register(registry);
    }
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

  private synchronized double in(Stage stage) {
    if (stages == null || System.nanoTime() - stagesAt > FRESH_NANOS) {
      try {
        stages = campaigns.countByStage();
      } catch (DataAccessException e) {
        LOG.debug("The stages cannot be counted: {}", e.toString());
        return Double.NaN; // told by the health page; a wrong number would be worse than none
      }
      stagesAt = System.nanoTime();
    }
    return stages.getOrDefault(stage, 0L);
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
