package io.campaignroutes.inbox;

import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The folder that campaign files are dropped into.
 *
 * @param dir the folder
 * @param settle a file that is no whole JSON is refused once it has not grown for this long; an
 *     NDJSON file is taken then
 * @param chunk entries taken in one transaction
 * @param largestEntry bytes that one entry may have
 */
@ConfigurationProperties("inbox")
public record InboxProperties(
    @DefaultValue("data/inbox") Path dir,
    @DefaultValue("5s") @DurationMin Duration settle,
    @DefaultValue("100") @Min(1) int chunk,
    @DefaultValue("1048576") @Min(1) int largestEntry) {}
