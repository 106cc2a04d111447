package io.campaignroutes.audit;

import io.campaignroutes.store.Store;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Figures of the audit trail: lines written to files, and how far the files are behind. */
@Component
class AuditMeters implements MeterBinder {
  private static final Logger LOG = LoggerFactory.getLogger(AuditMeters.class);

  private final AuditFiles files;
  private final Store store;

  AuditMeters(AuditFiles files, Store store) {
    this.files = files;
    this.store = store;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    FunctionCounter.builder("campaign.routes.audit.lines", files, AuditFiles::linesWritten)
        .description("Audit lines that this process has written to files, checkpoints included")
        .register(registry);
    Gauge.builder("campaign.routes.audit.lag.lines", this::behind)
        .description("Audit lines that are in the store and not yet in their files")
        .register(registry);
    Gauge.builder("campaign.routes.audit.troubled.files", files, f -> f.failures().size())
        .description("Audit files that do not match the store or cannot be written")
        .register(registry);
  }

  private double behind() {
    try {
      return store.read().sql("select count(*) from audit_unwritten").query(Long.class).single();
    } catch (DataAccessException e) {
      LOG.debug("The audit lag cannot be read: {}", e.toString());
      return Double.NaN;
    }
  }
}
