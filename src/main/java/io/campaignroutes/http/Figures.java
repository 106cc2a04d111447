package io.campaignroutes.http;

import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.ConflictException;
import io.campaignroutes.cxone.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.springframework.stereotype.Component;

/** Which figures of a campaign are asked for. */
@Component
public class Figures {

  /**
   * What CXone is asked: the figures between {@code from} and {@code to}, by default the last 24
   * hours.
   *
   * @throws io.campaignroutes.campaign.InvalidRequestException when the times make no sense
   * @throws ConflictException when the campaign has not been created at CXone
   */
  public TimeRange between(Campaign campaign, ApiRequest request) {
    if (campaign.remoteId() == null) {
      throw new ConflictException(
          null,
          "state",
          campaign.id(),
          "Campaign %s is %s and not at CXone, which has no figures of it."
              .formatted(campaign.id(), campaign.stage()));
    }
    Instant to = request.time("to", Instant.now().truncatedTo(ChronoUnit.SECONDS));
    Instant from = request.time("from", to.minus(Duration.ofHours(24)));
    if (!from.isBefore(to)) {
      throw ApiRequest.invalid("from", "order", "from must be before to.");
    }
    return new TimeRange(from, to);
  }
}
