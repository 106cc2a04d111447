package io.campaignroutes;

import static io.campaignroutes.ServiceClient.JSON;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.sandbox.StubCampaign;
import io.campaignroutes.sandbox.StubCampaign.Moment;
import io.campaignroutes.sandbox.StubCxone;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/**
 * Whether what the service shows and tells is what CXone has and had. Every method answers with
 * what is not so, a sentence each.
 */
final class Agreement {
  private static final Map<String, String> STATUS_OF_LINE =
      Map.of(
          "CAMPAIGN_ACTIVE", "ACTIVE",
          "CAMPAIGN_PAUSED", "PAUSED",
          "CAMPAIGN_STOPPED", "STOPPED",
          "CAMPAIGN_COMPLETED", "COMPLETED");

  /** A line may be written this long after what it tells of: the service may be away meanwhile. */
  private static final Duration LATE = Duration.ofSeconds(90);

  private final ServiceClient client;
  private final StubCxone cxone;

  Agreement(ServiceClient client, StubCxone cxone) {
    this.client = client;
    this.cxone = cxone;
  }

  /** Where the status, or whether it dials, is shown otherwise than CXone has it. */
  List<String> differences() {
    List<String> differences = new ArrayList<>();
    Map<String, StubCampaign> there = there();
    for (JsonNode here : client.all()) {
      StubCampaign campaign = there.remove(here.path("cxoneCampaignId").asText());
      if (campaign == null) {
        if (here.path("cxoneCampaignId").isTextual()) {
          differences.add(shown(here) + ", and CXone has no such campaign");
        }
        continue;
      }
      String status = campaign.status();
      if (!status.equals(here.path("cxoneStatus").asText())
          || !status.equals(expected(here, status))
          || !here.path("pendingCommand").isNull()) {
        differences.add(shown(here) + ", CXone has it " + status + wishes(campaign));
      }
    }
    there.values().forEach(c -> differences.add(c.name() + " is at CXone and not here"));
    return differences;
  }

  /**
   * The status that CXone must have for what is shown to be true; any but a dialing one after a
   * failure.
   */
  private static String expected(JsonNode here, String status) {
    return switch (here.path("stage").asText()) {
      case "ACTIVE" -> here.at("/pacing/held").asBoolean() ? "PAUSED" : "ACTIVE";
      case "PAUSED", "STOPPED", "COMPLETED" -> here.path("stage").asText();
      case "FAILED", "REJECTED", "UNSETTLED" ->
          status.equals("ACTIVE") || status.equals("PENDING") ? "one that does not dial" : status;
      default -> "one that stays";
    };
  }

  /** Whether the rate that is shown of a campaign is the one that it has at CXone. */
  boolean sameRate(StubCampaign campaign) {
    double shown =
        client.get("/campaigns/" + campaign.id()).body().at("/pacing/maxCallsPerSecond").asDouble();
    return shown
        == (campaign.status().equals("PAUSED")
            ? 0
            : campaign.pacing().path("maxCallsPerSecond").asDouble());
  }

  private static String shown(JsonNode here) {
    return "%s (%s) is shown as %s%s, cxoneStatus %s%s%s"
        .formatted(
            here.path("name").asText(),
            here.path("id").asText(),
            here.path("stage").asText(),
            here.at("/pacing/held").asBoolean() ? " and held" : "",
            here.path("cxoneStatus").asText(),
            here.path("pendingCommand").isNull()
                ? ""
                : ", " + here.path("pendingCommand").asText() + " pending",
            here.path("failure").isNull() ? "" : ", failure " + here.path("failure"));
  }

  private static String wishes(StubCampaign campaign) {
    List<StubCampaign.Wish> all = campaign.wishes();
    return "; it was asked, last, for "
        + all.subList(Math.max(0, all.size() - 4), all.size()).stream()
            .map(w -> w.status() + (w.fault() == null ? "" : " (" + w.fault() + ")"))
            .toList();
  }

  private Map<String, StubCampaign> there() {
    Map<String, StubCampaign> there = new HashMap<>();
    cxone.campaigns().forEach(c -> there.put(c.id(), c));
    return there;
  }

  /**
   * The audit lines that tell of a status, or of a rate, that the campaign did not have at CXone
   * then.
   *
   * @param nanos makes a time by {@link System#nanoTime()} of milliseconds since the epoch
   */
  List<String> untrueLines(LongUnaryOperator nanos) {
    List<String> untrue = new ArrayList<>();
    Map<String, StubCampaign> there = there();
    for (JsonNode here : client.all()) {
      List<JsonNode> lines = lines(here.path("id").asText());
      StubCampaign campaign = there.get(here.path("cxoneCampaignId").asText());
      List<Moment> course = campaign == null ? List.of() : campaign.course();
      int from = 0;
      for (JsonNode line : lines) {
        String event = line.path("event").asText();
        long at = nanos.applyAsLong(Instant.parse(line.path("timestamp").asText()).toEpochMilli());
        String status = STATUS_OF_LINE.get(event);
        if (status != null && line.hasNonNull("cxoneCampaignId")) {
          int moment = moment(course, from, at, status);
          if (moment < 0) {
            untrue.add(untrue(here, line, course));
          } else {
            from = moment;
          }
        } else if (event.equals("PACING_CHANGE")
            && !hadRate(course, at, line.path("maxCallsPerSecond").asDouble())) {
          untrue.add(untrue(here, line, course));
        }
      }
    }
    return untrue;
  }

  /** The first moment, not before one known, at which it had a status not long before a time. */
  private static int moment(List<Moment> course, int from, long at, String status) {
    for (int n = from; n < course.size(); n++) {
      if (course.get(n).status().equals(status) && near(course, n, at)) {
        return n;
      }
    }
    return -1;
  }

  private static boolean hadRate(List<Moment> course, long at, double rate) {
    for (int n = 0; n < course.size(); n++) {
      Moment moment = course.get(n);
      double had = moment.status().equals("PAUSED") ? 0 : moment.rate();
      // one that is being activated has the rate that it is going to dial with
      if (Math.abs(had - rate) < 1e-6 && near(course, n, at)) {
        return true;
      }
    }
    return false;
  }

  private static boolean near(List<Moment> course, int n, long at) {
    boolean begun = course.get(n).at() - at <= Duration.ofSeconds(1).toNanos();
    boolean lately = n + 1 == course.size() || at - course.get(n + 1).at() <= LATE.toNanos();
    return begun && lately;
  }

  private static String untrue(JsonNode here, JsonNode line, List<Moment> course) {
    List<Moment> last = course.subList(Math.max(0, course.size() - 12), course.size());
    return "%s (%s): the line %s of %s, \"%s\"%s, but CXone had %s"
        .formatted(
            here.path("name").asText(),
            here.path("id").asText(),
            line.path("event").asText(),
            line.path("timestamp").asText(),
            line.path("reason").asText(),
            line.has("maxCallsPerSecond") ? ", " + line.path("maxCallsPerSecond") + " calls/s" : "",
            last.stream().map(m -> m.status() + " " + m.rate()).toList());
  }

  /** The audit lines of a campaign, oldest first. */
  List<JsonNode> lines(String id) {
    return client
        .text("/campaigns/" + id + "/audit")
        .lines()
        .map(
            line -> {
              try {
                return (JsonNode) JSON.readTree(line);
              } catch (IOException e) {
                throw new UncheckedIOException(line, e);
              }
            })
        .toList();
  }
}
