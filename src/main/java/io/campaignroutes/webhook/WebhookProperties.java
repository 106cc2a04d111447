package io.campaignroutes.webhook;

import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How events are taken and forwarded.
 *
 * @param destinations the file that lists where events go
 * @param signingSecret {@code whsec_...}, several separated by spaces; blank: one is made on first
 *     start and kept in the store
 * @param retrySchedule the wait before each further attempt; one more failure and it is dead
 * @param callDeadline one whole exchange with a destination, a dripping answer included
 * @param lease how long a run has what it claimed; longer than twice the longest run, which is 10 s
 *     and one exchange
 * @param workers posts at the same time, to all destinations together
 * @param ownConcurrency posts at the same time to one address that campaigns name as their own
 * @param claimGap shortest time between two claims while there is much to do
 * @param lookPeriod longest time between two looks for what falls due without being announced
 * @param breakerFailures failures in a row after which a destination is left alone for a while
 * @param breakerOpen how long at first; doubled each time a trial fails
 * @param breakerLongest how long at the most
 * @param keepDelivered how long delivered events stay
 * @param keepUndelivered how long dead and parked deliveries stay
 */
@Validated
@ConfigurationProperties("webhooks")
public record WebhookProperties(
    @DefaultValue("config/destinations.yaml") Path destinations,
    @DefaultValue("") String signingSecret,
    @DefaultValue({"5s", "30s", "2m", "10m", "1h", "3h", "6h", "12h"}) List<Duration> retrySchedule,
    @DefaultValue("5s") Duration callDeadline,
    @DefaultValue("60s") Duration lease,
    @DefaultValue("128") @Min(1) int workers,
    @DefaultValue("4") @Min(1) int ownConcurrency,
    @DefaultValue("5ms") @DurationMin Duration claimGap,
    @DefaultValue("5s") Duration lookPeriod,
    @DefaultValue("10") @Min(1) int breakerFailures,
    @DefaultValue("5s") Duration breakerOpen,
    @DefaultValue("1m") Duration breakerLongest,
    @DefaultValue("7d") Duration keepDelivered,
    @DefaultValue("90d") Duration keepUndelivered) {

  /**
   * @throws IllegalArgumentException when a signing secret is none; the message does not repeat it
   */
  public WebhookProperties {
    if (!signingSecret.isBlank()) {
      try {
        new Signature(signingSecret);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "webhooks.signing-secret cannot be used: " + e.getMessage());
      }
    }
  }
}
