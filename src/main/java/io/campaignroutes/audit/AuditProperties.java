package io.campaignroutes.audit;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the audit trail. {@code audit.dir}, {@code audit.period} and {@code
 * audit.checkpoint-period} are read by {@code routes/audit.camel.yaml} too, with the same defaults.
 *
 * @param dir folder of the audit files; made when missing. Replicas that share a PostgreSQL must
 *     share this folder too
 * @param period how often lines that are not yet in their files are looked for
 * @param checkpointPeriod how often files are looked for that have grown since a checkpoint covered
 *     them
 * @param checkpointInterval how often one file is covered at the most; a line is covered at the
 *     latest after this and {@code checkpointPeriod}
 * @param lease how long a claimed file belongs to its claimer; half of it is used, the rest is
 *     margin
 * @param batch how many files one claim takes at the most
 */
@ConfigurationProperties("audit")
public record AuditProperties(
    @DefaultValue("data/audit") Path dir,
    @DefaultValue("100ms") Duration period,
    @DefaultValue("2s") Duration checkpointPeriod,
    @DefaultValue("5s") Duration checkpointInterval,
    @DefaultValue("60s") Duration lease,
    @DefaultValue("200") int batch) {

  /**
   * @throws IllegalArgumentException for a lease under a second or a batch outside of 1 to 10000
   */
  public AuditProperties {
    if (lease.toMillis() < 1_000) {
      throw new IllegalArgumentException("audit.lease must be at least 1s, not " + lease);
    }
    if (batch < 1 || batch > 10_000) {
      throw new IllegalArgumentException("audit.batch must be between 1 and 10000, not " + batch);
    }
  }
}
