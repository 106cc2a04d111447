package io.campaignroutes.pacing;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Figures of pacing: what was decided and written, who is held, how late ticks are. */
@Component
class PacingMeters implements MeterBinder {
  private static final Logger LOG = LoggerFactory.getLogger(PacingMeters.class);

  /** One scrape asks for all figures; the store is asked once for them. */
  private static final long FRESH_NANOS = Duration.ofSeconds(2).toNanos();

  private final PacingReads rows;
  private PacingReads.Overview overview;
  private long overviewAt;

  PacingMeters(PacingReads rows) {
    this.rows = rows;
  }

  /** Notes a decision. */
  static void decided(MeterRegistry registry, PacingDecision decision) {
    Counter.builder("campaign.routes.pacing.decisions")
        .description("Decisions of pacing, by how it paced and what decided the rate")
        .tag("mode", decision.mode().name().toLowerCase(Locale.ROOT))
        .tag("reason", decision.bound().name().toLowerCase(Locale.ROOT))
        .register(registry)
        .increment();
    if (decision.lines() != null) {
      DistributionSummary.builder("campaign.routes.pacing.lines")
          .description("Lines for each agent who waits that were decided, 0 for no calls")
          .register(registry)
          .record(decision.rate());
    }
  }

  /** Notes what became of a change that was worth a write. */
  static void changed(MeterRegistry registry, String outcome) {
    Counter.builder("campaign.routes.pacing.changes")
        .description("Changes of pacing, by what became of them: rate, hold, lost, refused")
        .tag("outcome", outcome)
        .register(registry)
        .increment();
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("campaign.routes.pacing.held", () -> of(PacingReads.Overview::held))
        .description("Active campaigns that their pacing has paused at CXone")
        .register(registry);
    Gauge.builder("campaign.routes.pacing.too.fast", () -> of(PacingReads.Overview::tooFast))
        .description(
            "Active campaigns that CXone has been dialing faster than was decided, or although it is"
                + " to stop, for a while, because it does not take the change")
        .register(registry);
    Gauge.builder("campaign.routes.control.lost", () -> of(PacingReads.Overview::uncontrolled))
        .description(
            "Campaigns that CXone still dials, or dials faster, although it has been asked to stop or"
                + " to dial slower for a while")
        .register(registry);
    Gauge.builder("campaign.routes.pacing.lag", () -> of(PacingReads.Overview::lagSeconds))
        .description("How long the tick that has been due the longest has waited")
        .baseUnit("seconds")
        .register(registry);
  }

  private synchronized double of(ToDoubleFunction<PacingReads.Overview> figure) {
    if (overview == null || System.nanoTime() - overviewAt > FRESH_NANOS) {
      try {
        overview = rows.overview();
      } catch (DataAccessException e) {
        LOG.debug("The ticks cannot be counted: {}", e.toString());
        return Double.NaN; // told by the health page; a wrong number would be worse than none
      }
      overviewAt = System.nanoTime();
    }
    return figure.applyAsDouble(overview);
  }
}
