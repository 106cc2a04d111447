package io.campaignroutes.contacts;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How files of contacts are worked on.
 *
 * @param chunk lines judged in one transaction
 * @param uploadSize contacts that the platform is given at once
 * @param uploadSettle for so long after a part was sent the platform may come to show it: one whose
 *     answer was lost is not sent again before, and counts that fall short are waited for
 * @param keepAfterEnd for so long contacts stay after the end of their campaign, and a file after
 *     it was given in or last taken by a campaign
 * @param defaultCountry two letters: of telephone numbers that are written without their country,
 *     where neither the line nor the campaign says which
 */
@Validated
@ConfigurationProperties("contacts")
public record ContactProperties(
    @DefaultValue("500") @Min(1) int chunk,
    @DefaultValue("5000") @Min(1) int uploadSize,
    @DefaultValue("5m") @DurationMin Duration uploadSettle,
    @DefaultValue("7d") @DurationMin Duration keepAfterEnd,
    @DefaultValue("US") @Pattern(regexp = "[A-Z]{2}") String defaultCountry) {}
