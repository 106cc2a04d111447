package io.campaignroutes.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.ConflictException;
import io.campaignroutes.cxone.TimeRange;
import io.campaignroutes.text.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.springframework.stereotype.Component;

/** Which figures of a campaign are asked for. */
@Component
public class Figures {
  private static final List<String> COUNTS =
      List.of("attemptedCalls", "connectedCalls", "abandonedCalls");
  private static final String TIME = "avgAnswerTime";

  /** Above this a number is none of calls or seconds. */
  private static final double MOST = 1e15;

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

  /**
   * What CXone tells of a campaign, without those of the figures known to us that cannot be read:
   * counts of calls are whole numbers, times are numbers.
   */
  static ObjectNode readable(JsonNode figures) {
    ObjectNode readable = figures instanceof ObjectNode all ? all.deepCopy() : Json.object();
    for (String name : COUNTS) {
      JsonNode count = readable.path(name);
      if (isFigure(count) && count.doubleValue() == Math.rint(count.doubleValue())) {
        readable.put(name, (long) count.doubleValue());
      } else {
        readable.remove(name);
      }
    }
    if (!isFigure(readable.path(TIME))) {
      readable.remove(TIME);
    }
    return readable;
  }

  private static boolean isFigure(JsonNode value) {
    return value.isNumber() && value.doubleValue() >= 0 && value.doubleValue() <= MOST;
  }
}
