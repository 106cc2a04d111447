package io.campaignroutes.records;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.time.Period;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of records that leave the store. {@code records.period} is read by {@code
 * routes/records.camel.yaml} too, with the same default; where archives lie is {@code
 * audit.archive-dir}.
 *
 * @param enabled whether any do; archives that were made stay as they are
 * @param period between two looks for what may leave
 * @param batch campaigns that leave together at the most: in one archive, and in one transaction
 * @param lease how long one replica has the work before another one may take it
 * @param keepChains how long the lines of checkpoints and of the service's own chain stay in the
 *     store and in their files, before they go into archives of their own
 * @param keepWithoutRule how long records are kept whose policies do not say it; null for ever
 */
@Validated
@ConfigurationProperties("records")
public record RecordsProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("60s") @DurationMin(millis = 100) Duration period,
    @DefaultValue("50") @Min(1) @Max(1_000) int batch,
    @DefaultValue("10m") @DurationMin(seconds = 1) Duration lease,
    @DefaultValue("30d") Duration keepChains,
    Period keepWithoutRule) {

  /**
   * @throws IllegalArgumentException when the period is negative
   */
  public RecordsProperties {
    if (keepWithoutRule != null && keepWithoutRule.isNegative()) {
      throw new IllegalArgumentException("records.keep-without-rule must not be negative");
    }
  }
}
