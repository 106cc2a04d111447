package io.campaignroutes.forecast;

import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * When a dry run warns that a pool would have more campaigns than it can feed.
 *
 * @param longestWait a campaign that would wait longer for its next turn is too many
 * @param fewestCalls answered calls an hour; a campaign that would get fewer is too many
 * @param pools agent pools of a file that its dry run tells of; entries for others are checked
 *     without their agents
 */
@Validated
@ConfigurationProperties("forecast")
record ForecastProperties(
    @DefaultValue("30m") @DurationMin Duration longestWait,
    @DefaultValue("5") @DecimalMin("0") double fewestCalls,
    @DefaultValue("20") @Min(0) int pools) {}
