package io.campaignroutes.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.campaignroutes.access.By;
import io.campaignroutes.campaign.InvalidRequestException;
import io.campaignroutes.campaign.RequestJson;
import io.campaignroutes.compliance.Finding;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.Times;
import io.campaignroutes.text.UnreadableJsonException;
import io.campaignroutes.webhook.Delivery;
import io.campaignroutes.webhook.DeliveryReads;
import io.campaignroutes.webhook.DeliveryStatus;
import io.campaignroutes.webhook.DestinationState;
import io.campaignroutes.webhook.ReplayFilter;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/** What operators are answered about deliveries and destinations. */
@Component
public class DeliveryAnswers {
  private static final Set<String> FILTER_FIELDS =
      Set.of("destination", "status", "from", "to", "dryRun");

  private final DeliveryReads deliveries;

  public DeliveryAnswers(DeliveryReads deliveries) {
    this.deliveries = deliveries;
  }

  /** A page of deliveries; {@code next} is there when another page is. */
  public ApiAnswer list(List<Delivery> page, int limit) {
    return ApiAnswer.page(page, limit, DeliveryAnswers::view, Delivery::id);
  }

  /** One delivery with its event and its attempts. */
  public ApiAnswer one(Delivery delivery) {
    ObjectNode body = view(delivery);
    // not read again: it would cost a multiple of its size; a byte order mark may only stand in
    // front
    body.putRawValue("event", new RawValue(delivery.event().replaceFirst("^\ufeff", "")));
    ArrayNode attempts = body.putArray("attempts");
    for (Delivery.Attempt attempt : deliveries.attempts(delivery.id())) {
      attempts
          .addObject()
          .put("number", attempt.number())
          .put("at", Times.iso(attempt.at()))
          .put("durationMs", attempt.durationMs())
          .put("status", attempt.status())
          .put("error", attempt.error())
          .put("answer", attempt.answer());
    }
    return ApiAnswer.ok(body);
  }

  /** 202: it is sent again. */
  public ApiAnswer replayed(Delivery delivery) {
    return new ApiAnswer(
        202,
        ApiAnswer.JSON,
        Map.of("Location", "/deliveries/" + delivery.id()),
        Json.text(view(delivery)));
  }

  /**
   * The filter of a request for many replays: its body, its query, or both.
   *
   * @throws UnreadableJsonException when the body is no JSON object, or there is neither
   * @throws InvalidRequestException with all that is wrong with it
   */
  public ReplayFilter filter(ApiRequest request) {
    List<Finding> findings = new ArrayList<>();
    ObjectNode json = fields(request, findings);
    json.fieldNames()
        .forEachRemaining(
            name -> {
              if (!FILTER_FIELDS.contains(name)) {
                findings.add(
                    new Finding(
                        name,
                        "unknownProperty",
                        "There is no property "
                            + name
                            + ". Use destination, status, from, to or dryRun."));
              }
            });
    JsonNode dryRun = json.path("dryRun");
    if (!dryRun.isMissingNode() && !dryRun.isBoolean()) {
      findings.add(new Finding("dryRun", "type", "dryRun must be true or false."));
    }
    ReplayFilter filter =
        new ReplayFilter(
            text(json, "destination", findings),
            statuses(json.path("status"), findings),
            time(json, "from", findings),
            time(json, "to", findings),
            dryRun.asBoolean(false));
    if (!findings.isEmpty()) {
      throw new InvalidRequestException(findings);
    }
    return filter;
  }

  /** What stands in the query stands in the body then. */
  private static ObjectNode fields(ApiRequest request, List<Finding> findings) {
    ObjectNode json = Json.object();
    if (request.body().length > 0 || request.query().isEmpty()) {
      if (!(RequestJson.read(request.body()) instanceof ObjectNode object)) {
        throw new UnreadableJsonException(
            "A filter has to be a JSON object such as {\"status\": \"DEAD\"}; {} means all"
                + " deliveries that are DEAD or PARKED.");
      }
      json = object;
    }
    for (String name : request.query().keySet()) {
      String value = request.parameter(name);
      if (json.has(name)) {
        findings.add(new Finding(name, "repeated", name + " is in the query and in the body."));
      } else if (name.equals("dryRun") && value.matches("true|false")) {
        json.put(name, Boolean.parseBoolean(value));
      } else {
        json.put(name, value);
      }
    }
    return json;
  }

  private static String text(JsonNode json, String field, List<Finding> findings) {
    JsonNode value = json.path(field);
    if (!value.isMissingNode() && !value.isNull() && !value.isTextual()) {
      findings.add(new Finding(field, "type", field + " must be a string."));
    }
    if (value.asText("").chars().anyMatch(Character::isISOControl)) {
      findings.add(
          new Finding(field, "characters", field + " has control characters; leave them out."));
    }
    return value.isTextual() ? value.asText() : null;
  }

  private static Long time(JsonNode json, String field, List<Finding> findings) {
    String text = text(json, field, findings);
    if (text == null) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text).toInstant().toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      findings.add(
          new Finding(
              field,
              "dateTime",
              field + " must be a time with offset, such as 2026-01-31T09:00:00Z."));
      return null;
    }
  }

  /** One status or a list of them; what waits for a replay when none is given. */
  private static Set<DeliveryStatus> statuses(JsonNode value, List<Finding> findings) {
    if (value.isMissingNode() || value.isNull()) {
      return EnumSet.of(DeliveryStatus.DEAD, DeliveryStatus.PARKED);
    }
    Set<DeliveryStatus> statuses = EnumSet.noneOf(DeliveryStatus.class);
    for (JsonNode one : value.isArray() ? value : Json.array().add(value)) {
      try {
        statuses.add(DeliveryStatus.valueOf(one.asText().toUpperCase(java.util.Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        findings.add(
            new Finding(
                "status",
                "enum",
                "status must be one of " + Arrays.toString(DeliveryStatus.values()) + "."));
      }
    }
    if (value.isArray() && value.isEmpty()) {
      findings.add(new Finding("status", "minItems", "status is an empty list; leave it out."));
    }
    return statuses;
  }

  /** How many were, or would be, sent again. */
  public ApiAnswer counted(long count, ReplayFilter filter) {
    return ApiAnswer.ok(Json.object().put("count", count).put("dryRun", filter.dryRun()));
  }

  /** A page of destinations. */
  public ApiAnswer destinations(List<DestinationState> page, int limit) {
    return ApiAnswer.page(page, limit, DeliveryAnswers::view, DestinationState::name);
  }

  /** One destination. */
  public ApiAnswer destination(DestinationState destination) {
    return ApiAnswer.ok(view(destination));
  }

  private static ObjectNode view(Delivery delivery) {
    ObjectNode view = Json.object();
    view.put("id", delivery.id());
    view.put("eventId", delivery.eventId());
    view.put("destination", delivery.destination());
    view.put("campaignId", delivery.campaignId());
    view.put("campaignName", delivery.campaignName());
    view.put("cxoneCampaignId", delivery.cxoneCampaignId());
    view.put("eventType", delivery.eventType());
    view.put("status", delivery.status().name());
    view.put("createdAt", Times.iso(delivery.createdAt()));
    view.put("dueAt", Times.iso(delivery.dueAt()));
    view.put("deliveredAt", Times.iso(delivery.deliveredAt()));
    view.put("attemptCount", delivery.attemptCount());
    view.put("lastStatus", delivery.lastStatus());
    view.put("lastError", delivery.lastError());
    if (delivery.replayedBy() != null) {
      view.put("replayedAt", Times.iso(delivery.replayedAt()));
      view.set("replayedBy", By.json(delivery.replayedBy()));
    }
    return view;
  }

  private static ObjectNode view(DestinationState destination) {
    ObjectNode view = Json.object();
    view.put("name", destination.name());
    view.put("url", destination.url());
    view.put("configured", destination.configured());
    view.put("on", destination.on());
    view.put("offReason", destination.offReason());
    view.put("offSince", Times.iso(destination.offSince()));
    view.set("offBy", By.json(destination.offBy()));
    view.put("pending", destination.pending());
    view.put("dead", destination.dead());
    view.put("parked", destination.parked());
    view.put("oldestUndeliveredAt", Times.iso(destination.oldestUndeliveredAt()));
    return view.put("breaker", destination.breakerOpen() ? "OPEN" : "CLOSED");
  }
}
