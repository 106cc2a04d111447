package io.campaignroutes.campaign;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Figures of campaigns: how many are in each stage, and how long launches take. */
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

  private final CampaignStore campaigns;
  private Map<Stage, Long> stages;
  private long stagesAt;

  CampaignMeters(CampaignStore campaigns) {
    this.campaigns = campaigns;
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
}
