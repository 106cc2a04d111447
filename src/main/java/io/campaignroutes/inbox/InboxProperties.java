package io.campaignroutes.inbox;

import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The folder that campaign files are dropped into.
 *
 * @param dir the folder
 * @param settle after this a file that has not changed is taken as it is, or refused
 * @param chunk entries taken in one transaction
 * @param largestEntry bytes that one entry may have
 */
@Validated
@ConfigurationProperties("inbox")
public record InboxProperties(
    @DefaultValue("data/inbox") Path dir,
    @DefaultValue("5s") @DurationMin Duration settle,
    @DefaultValue("100") @Min(1) int chunk,
    @DefaultValue("1048576") @Min(1) int largestEntry) {}
