package io.campaignroutes.audit;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the audit trail. {@code audit.dir}, {@code audit.period} and {@code
 * audit.checkpoint-period} are read by {@code routes/audit.camel.yaml} too, with the same defaults.
 *
 * @param dir folder of the audit files; made when missing. Replicas that share a PostgreSQL must
 *     share this folder too
 * @param archiveDir folder of the archives that records go into when they leave; made when missing;
 *     {@code archive} in the other one when left out. Replicas share it too
 * @param period shortest time between two looks for lines that are not yet in their files
 * @param checkpointPeriod shortest time between two looks for files that have grown since a
 *     checkpoint covered them
 * @param checkpointInterval how often one file is covered at the most; a line is covered at the
 *     latest after this and {@link #checkpointPeriod}
 * @param lease how long a claimed file belongs to its claimer; half of it is used, the rest is
 *     margin
 * @param batch how many files one claim takes at the most
 * @param signingKey the private key that signs checkpoints, PKCS #8 in PEM form or base64; blank:
 *     one is made on first start and kept in the store
 * @param signingCommand words of a command that signs in its place: see {@link CommandSigner}
 */
@Validated
@ConfigurationProperties("audit")
public record AuditProperties(
    @DefaultValue("data/audit") Path dir,
    Path archiveDir,
    @DefaultValue("100ms") Duration period,
    @DefaultValue("2s") Duration checkpointPeriod,
    @DefaultValue("5s") Duration checkpointInterval,
    @DefaultValue("60s") @DurationMin(seconds = 1) Duration lease,
    @DefaultValue("200") @Min(1) @Max(10_000) int batch,
    @DefaultValue("") String signingKey,
    @DefaultValue("") String signingCommand) {

  /**
   * @throws IllegalArgumentException when the signing key is none, which the message does not
   *     repeat, or a command is given too
   */
  public AuditProperties {
    archiveDir = archiveDir == null ? dir.resolve(RecordsArchive.FOLDER) : archiveDir;
    if (!signingKey.isBlank() && !signingCommand.isBlank()) {
      throw new IllegalArgumentException(
          "audit.signing-command is set, and so is audit.signing-key. Leave one of them out.");
    }
    if (!signingKey.isBlank()) {
      try {
        SigningKey.of(signingKey);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("audit.signing-key cannot be used: " + e.getMessage());
      }
    }
  }
}
