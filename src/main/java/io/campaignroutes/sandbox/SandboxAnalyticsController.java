package io.campaignroutes.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.context.annotation.Profile;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The calls for figures: of the last five minutes, and between two times. */
@RestController
@RequestMapping(CallGate.BASE + "/api/v2/analytics")
@Profile("sandbox")
class SandboxAnalyticsController {

  private static final Set<String> REALTIME =
      Set.of(
          "attemptedCalls", "connectedCalls", "avgHandleTime", "abandonedCalls", "availableAgents");
  private static final Set<String> HISTORY =
      Set.of("attemptedCalls", "connectedCalls", "abandonedCalls", "avgAnswerTime");

  private final Campaigns campaigns;

  SandboxAnalyticsController(Campaigns campaigns) {
    this.campaigns = campaigns;
  }

  @PostMapping("/realtime/campaigns")
  ResponseEntity<byte[]> realtime(@RequestBody(required = false) byte[] body) {
    ObjectNode query = Json.readObject(body);
    if (!query.path("interval").asText().equals("PT5M")) {
      throw invalid("interval must be PT5M.");
    }
    Set<String> left = unasked(query, REALTIME);
    left.remove("attemptedCalls");
    return Json.answer(200, campaigns.realtime(campaignId(query)).remove(left));
  }

  @PostMapping("/campaigns/details/query")
  ResponseEntity<byte[]> history(@RequestBody(required = false) byte[] body) {
    ObjectNode query = Json.readObject(body);
    Instant from = time(query, "startDate");
    Instant to = time(query, "endDate");
    if (!from.isBefore(to)) {
      throw invalid("startDate must be before endDate.");
    }
    Set<String> left = unasked(query, HISTORY);
    return Json.answer(200, campaigns.history(campaignId(query), from, to).remove(left));
  }

  private static String campaignId(ObjectNode query) {
    JsonNode id = query.path("filter").path("campaignId");
    if (!id.isTextual()) {
      throw invalid("filter.campaignId is missing.");
    }
    return id.textValue();
  }

  private static Set<String> unasked(ObjectNode query, Set<String> known) {
    JsonNode metrics = query.path("metrics");
    Set<String> left = new TreeSet<>(known);
    for (JsonNode metric : metrics) {
      if (!known.contains(metric.asText())) {
        throw invalid("metrics has an unknown one: " + metric.asText() + ".");
      }
      left.remove(metric.asText());
    }
    if (!metrics.isArray() || metrics.isEmpty()) {
      throw invalid("metrics must be a list out of " + new TreeSet<>(known) + ".");
    }
    return left;
  }

  private static Instant time(ObjectNode query, String field) {
    try {
      return OffsetDateTime.parse(query.path(field).asText()).toInstant();
    } catch (DateTimeException e) {
      throw invalid(field + " must be a time in ISO 8601 with an offset.");
    }
  }

  private static SandboxException invalid(String message) {
    return new SandboxException(400, "INVALID_QUERY", message);
  }
}
