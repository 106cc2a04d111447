package io.campaignroutes.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.Json;
import io.campaignroutes.campaign.LifecycleEvents;
import io.campaignroutes.campaign.UnreadableJsonException;
import io.campaignroutes.cxone.WebhookToken;
import io.campaignroutes.store.Ids;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Receives lifecycle events. An event, one delivery for each destination that wants it, and what it
 * does to the campaign's stage are one transaction, which concurrent requests share.
 */
@Component
public class WebhookEvents {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookEvents.class);
  private static final List<String> FIELDS =
      List.of("campaignId", "status", "timestamp", "eventType");

  /** What is read of an event; all of it goes on as it came. */
  private static final Set<String> READ =
      Set.of("campaignId", "status", "timestamp", "eventType", "eventId", "errorCode");

  private static final int LONGEST_FIELD = 200;
  private static final Set<String> TYPES =
      Set.of("CAMPAIGN_ACTIVATED", "CAMPAIGN_PAUSED", "CAMPAIGN_COMPLETED", "CAMPAIGN_ERROR");

  private final LifecycleEvents campaigns;
  private final WebhookToken token;
  private final Destinations destinations;
  private final DeliveryStore deliveries;
  private final Forwarder forwarder;
  private final WebhookMetrics metrics;
  private final GroupCommit<Event, Kept> commits;

  public WebhookEvents(
      Store store,
      LifecycleEvents campaigns,
      WebhookToken token,
      Destinations destinations,
      DeliveryStore deliveries,
      Forwarder forwarder,
      WebhookMetrics metrics) {
    this.campaigns = campaigns;
    this.token = token;
    this.destinations = destinations;
    this.deliveries = deliveries;
    this.forwarder = forwarder;
    this.metrics = metrics;
    this.commits = new GroupCommit<>(store, this::keep);
  }

  /**
   * What became of an event.
   *
   * @param id our id of the event
   * @param repeat whether it was here before
   * @param parked why an authentic event could not be understood; null when it was
   */
  public record Received(String id, boolean repeat, String parked) {}

  /** What the transaction did: where the event goes, and which campaign it moved, null for none. */
  private record Kept(String id, boolean repeat, List<String> to, Campaign moved) {}

  /** Whether the caller knows the secret that webhooks are registered with. */
  public boolean authentic(String given) {
    boolean authentic = token.matches(given);
    if (!authentic) {
      metrics.refused();
    }
    return authentic;
  }

  /**
   * Keeps an event; it is on disk when this returns.
   *
   * @param body as it came
   * @throws UnreadableJsonException when it is no JSON object in UTF-8
   */
  public Received receive(byte[] body) {
    Event event;
    try {
      event = event(body);
    } catch (UnreadableJsonException e) {
      metrics.refused();
      throw e;
    }
    Kept kept = commits.write(event);
    forwarder.wake(kept.to());
    if (kept.moved() != null) {
      campaigns.moved(kept.moved());
    }
    if (event.parked() != null && !kept.repeat()) {
      LOG.warn("Event {} is parked: {}", kept.id(), event.parked());
    }
    metrics.received(kept.repeat(), event.parked() != null);
    return new Received(kept.id(), kept.repeat(), event.parked());
  }

  private static Event event(byte[] body) {
    JsonNode json = Json.eventFields(body, READ);
    String parked = misunderstood(json);
    return new Event(
        identity(json, body, parked),
        text(json, "campaignId"),
        text(json, "eventType"),
        text(json, "status"),
        text(json, "timestamp"),
        parked,
        json,
        new String(body, StandardCharsets.UTF_8));
  }

  /** An event on its way into the store. */
  private static final class Taken {
    final Event event;
    String id;
    boolean fresh;
    LifecycleEvents.Known campaign;
    List<Destination> to = List.of();
    Campaign moved;

    Taken(Event event, String id) {
      this.event = event;
      this.id = id;
    }

    boolean understood() {
      return fresh && event.parked() == null;
    }

    Kept kept() {
      return new Kept(id, !fresh, to.stream().map(Destination::name).toList(), moved);
    }
  }

  /** Writes a group of events; one answer for each, in their order. */
  private List<Kept> keep(Tx tx, List<Event> events) {
    List<Taken> group =
        events.stream().map(event -> new Taken(event, Ids.next("evt", tx.now()))).toList();
    insert(tx, group);
    List<Taken> understood = group.stream().filter(Taken::understood).toList();
    Map<String, LifecycleEvents.Known> known =
        campaigns.known(
            tx, new LinkedHashSet<>(understood.stream().map(t -> t.event.remoteId()).toList()));
    understood.forEach(
        taken -> {
          taken.campaign = known.get(taken.event.remoteId());
          taken.to = wanting(taken);
        });
    move(tx, understood);
    deliveries.add(
        tx,
        group.stream()
            .filter(taken -> taken.fresh)
            .map(
                taken ->
                    new DeliveryStore.Fresh(
                        taken.id,
                        taken.event.remoteId(),
                        taken.campaign == null ? null : taken.campaign.id(),
                        taken.event.parked(),
                        taken.to))
            .toList());
    return group.stream().map(Taken::kept).toList();
  }

  /** In the order of their identities, so that two transactions never wait for each other. */
  private static void insert(Tx tx, List<Taken> group) {
    List<Taken> sorted = new ArrayList<>(group);
    sorted.sort(Comparator.comparing(taken -> taken.event.identity()));
    int[][] written =
        tx.jdbc()
            .batchUpdate(
                "insert into webhook_event (id, identity, remote_id, event_type, status,"
                    + " occurred_at, parked, body, received_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                    + " on conflict do nothing",
                sorted,
                sorted.size(),
                (row, taken) -> {
                  row.setString(1, taken.id);
                  row.setString(2, taken.event.identity());
                  row.setString(3, taken.event.remoteId());
                  row.setString(4, taken.event.type());
                  row.setString(5, taken.event.status());
                  row.setString(6, taken.event.occurredAt());
                  row.setString(7, taken.event.parked());
                  row.setString(8, taken.event.body());
                  row.setLong(9, tx.now());
                });
    for (int i = 0; i < sorted.size(); i++) {
      Taken taken = sorted.get(i);
      taken.fresh = written[0][i] == 1;
      if (!taken.fresh) {
        String kept =
            tx.sql()
                .sql("select id from webhook_event where identity = ?")
                .param(taken.event.identity())
                .query(String.class)
                .single();
        // a driver that rewrites batches does not tell which rows were written
        taken.fresh = kept.equals(taken.id);
        taken.id = kept;
      }
    }
  }

  private List<Destination> wanting(Taken taken) {
    List<Destination> wanting = new ArrayList<>();
    for (Destination one : destinations.configured()) {
      if (one.wants(taken.event.type(), taken.event.remoteId())) {
        wanting.add(one);
      }
    }
    if (taken.campaign != null && taken.campaign.url() != null) {
      wanting.add(destinations.own(taken.campaign.url()));
    }
    return wanting;
  }

  /** Campaign by campaign in the order of their ids, the events of each as they came. */
  private void move(Tx tx, List<Taken> understood) {
    Map<String, List<Taken>> byCampaign = new TreeMap<>();
    for (Taken taken : understood) {
      if (taken.campaign != null) {
        byCampaign.computeIfAbsent(taken.event.remoteId(), id -> new ArrayList<>()).add(taken);
      }
    }
    byCampaign.forEach(
        (remoteId, events) ->
            events.forEach(
                taken ->
                    taken.moved =
                        campaigns
                            .happened(
                                tx,
                                remoteId,
                                taken.event.type(),
                                time(taken.event.occurredAt()),
                                taken.event.json())
                            .orElse(null)));
  }

  /** A timestamp without parts of a second may mean any moment of that second. */
  private static Long time(String timestamp) {
    try {
      Instant at = OffsetDateTime.parse(timestamp).toInstant();
      return at.toEpochMilli() + (at.getNano() == 0 ? 999 : 0);
    } catch (DateTimeException | ArithmeticException e) {
      return null; // the event goes on; the campaign is looked at instead of moved
    }
  }

  static String misunderstood(JsonNode event) {
    for (String field : FIELDS) {
      if (!event.path(field).isTextual() || event.path(field).asText().isBlank()) {
        return "The event has no " + field + ".";
      }
      if (event.path(field).asText().chars().anyMatch(Character::isISOControl)) {
        return "The event's " + field + " has control characters.";
      }
      if (event.path(field).asText().length() > LONGEST_FIELD) {
        return "The event's " + field + " has more than " + LONGEST_FIELD + " characters.";
      }
    }
    String type = event.path("eventType").asText();
    return TYPES.contains(type) ? null : "The event type " + type + " is not known.";
  }

  private static String text(JsonNode event, String field) {
    String text = event.path(field).asText(null);
    if (text == null) {
      return null;
    }
    int longest =
        switch (field) {
          case "status" -> 40;
          case "timestamp" -> 64;
          case "eventType" -> 100;
          default -> LONGEST_FIELD;
        };
    return Texts.storable(text, longest);
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
