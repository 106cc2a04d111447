package io.campaignroutes.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.campaign.CampaignStore;
import io.campaignroutes.campaign.Json;
import io.campaignroutes.campaign.UnreadableJsonException;
import io.campaignroutes.cxone.WebhookToken;
import io.campaignroutes.store.Ids;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Receives lifecycle events and keeps them. */
@Component
public class WebhookEvents {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookEvents.class);
  private static final List<String> FIELDS =
      List.of("campaignId", "status", "timestamp", "eventType");
  private static final Set<String> TYPES =
      Set.of("CAMPAIGN_ACTIVATED", "CAMPAIGN_PAUSED", "CAMPAIGN_COMPLETED", "CAMPAIGN_ERROR");

  private final Store store;
  private final CampaignStore campaigns;
  private final WebhookToken token;

  public WebhookEvents(Store store, CampaignStore campaigns, WebhookToken token) {
    this.store = store;
    this.campaigns = campaigns;
    this.token = token;
  }

  /**
   * What became of an event.
   *
   * @param id our id of the event
   * @param repeat whether it was here before
   * @param parked why an authentic event could not be understood; null when it was
   */
  public record Received(String id, boolean repeat, String parked) {}

  /** Whether the caller knows the secret that webhooks are registered with. */
  public boolean authentic(String given) {
    return token.matches(given);
  }

  /**
   * Keeps an event; it is on disk when this returns. An event of a campaign that is known here
   * makes the service look at it at once.
   *
   * @param body as it came
   * @throws UnreadableJsonException when it is no JSON object
   */
  public Received receive(byte[] body) {
    JsonNode event = Json.read(body);
    if (!event.isObject()) {
      throw new UnreadableJsonException(
          "An event is a JSON object, not " + event.getNodeType() + ".");
    }
    String parked = misunderstood(event);
    String remoteId = text(event, "campaignId");
    Received received =
        store.write(
            tx -> {
              String id = Ids.next("evt", tx.now());
              String identity = identity(event, body, parked);
              boolean fresh =
                  tx.sql()
                          .sql(
                              "insert into webhook_event (id, identity, remote_id, event_type,"
                                  + " status, occurred_at, parked, body, received_at) values (?, ?,"
                                  + " ?, ?, ?, ?, ?, ?, ?) on conflict do nothing")
                          .params(
                              id,
                              identity,
                              remoteId,
                              text(event, "eventType"),
                              text(event, "status"),
                              text(event, "timestamp"),
                              parked,
                              new String(body, StandardCharsets.UTF_8),
                              tx.now())
                          .update()
                      == 1;
              if (fresh && parked == null) {
                campaigns.lookNow(tx, remoteId);
              }
              return new Received(fresh ? id : kept(tx, identity), !fresh, parked);
            });
    if (parked != null) {
      LOG.warn("Event {} is parked: {}", received.id(), parked);
    }
    return received;
  }

  private static String kept(Tx tx, String identity) {
    return tx.sql()
        .sql("select id from webhook_event where identity = ?")
        .param(identity)
        .query(String.class)
        .single();
  }

  private static String misunderstood(JsonNode event) {
    for (String field : FIELDS) {
      if (!event.path(field).isTextual() || event.path(field).asText().isBlank()) {
        return "The event has no " + field + ".";
      }
      if (event.path(field).asText().chars().anyMatch(Character::isISOControl)) {
        return "The event's " + field + " has control characters.";
      }
      if (event.path(field).asText().length() > 200) {
        return "The event's " + field + " has more than 200 characters.";
      }
    }
    String type = event.path("eventType").asText();
    return TYPES.contains(type) ? null : "The event type " + type + " is not known.";
  }

  private static String text(JsonNode event, String field) {
    String text = event.path(field).asText(null);
    int longest =
        switch (field) {
          case "status" -> 40;
          case "timestamp" -> 64;
          case "eventType" -> 100;
          default -> 200;
        };
    if (text == null) {
      return null;
    }
    String printable = text.replaceAll("\\p{Cntrl}", "?");
    return printable.length() <= longest ? printable : printable.substring(0, longest);
  }

  /** The event's own id, else a hash of its four fields, else of all of it. */
  private static String identity(JsonNode event, byte[] body, String parked) {
    String id = event.path("eventId").asText("");
    boolean plain = id.length() <= 190 && id.chars().noneMatch(Character::isISOControl);
    if (!id.isBlank() && plain) {
      return "id:" + id;
    }
    if (!id.isBlank()) {
      return "id-sha256:" + Json.sha256(id.getBytes(StandardCharsets.UTF_8));
    }
    if (parked != null) {
      return "body:" + Json.sha256(body);
    }
    StringBuilder fields = new StringBuilder();
    for (String field : FIELDS) {
      String value = event.path(field).asText();
      fields.append(value.length()).append(':').append(value);
    }
    return "fields:" + Json.sha256(fields.toString().getBytes(StandardCharsets.UTF_8));
  }
}
