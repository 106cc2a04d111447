package io.campaignroutes.pacing;

import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How running campaigns are paced.
 *
 * @param period between two ticks of one agent pool
 * @param quickPeriod the same of a pool with few campaigns, while the limit on calls to CXone
 *     leaves room; no shorter than the period for never
 * @param restPeriod between two ticks of a campaign that may not call at this hour
 * @param workers campaigns asked for or changed at the same time
 * @param lease how long a tick has an agent pool for itself: twice what its calls may take
 * @param retryAfterRefusal how long a change that CXone refused is not sent again; a pause at most
 *     so long
 * @param keepDecisions decisions that are kept of each campaign, for the API
 * @param accountLimit calls a second that the tenant allows one campaign; 0 for no such limit
 * @param law constants of the control law
 * @param figures what the figures of the real-time API mean
 * @param platform what the platform makes of a rate
 */
@Validated
@ConfigurationProperties("pacing")
public record PacingProperties(
    @DefaultValue("5s") @DurationMin(millis = 100) Duration period,
    @DefaultValue("2s") @DurationMin(millis = 100) Duration quickPeriod,
    @DefaultValue("60s") @DurationMin(millis = 100) Duration restPeriod,
    @DefaultValue("32") @Min(1) int workers,
    @DefaultValue("150s") Duration lease,
    @DefaultValue("30s") Duration retryAfterRefusal,
    @DefaultValue("120") @Min(1) int keepDecisions,
    @DefaultValue("0") @DecimalMin("0") double accountLimit,
    @Valid @NestedConfigurationProperty @DefaultValue LawSettings law,
    @Valid @NestedConfigurationProperty @DefaultValue FigureSettings figures,
    @Valid @NestedConfigurationProperty @DefaultValue PlatformSettings platform) {

  /** How long CXone may dial much faster than decided before the campaign is held instead. */
  Duration longestTooFast() {
    return period.multipliedBy(3);
  }
}
