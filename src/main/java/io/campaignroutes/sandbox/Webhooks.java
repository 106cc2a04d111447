package io.campaignroutes.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registered webhooks, one a name. One named {@code CampaignSync_<campaignId>} gets the events
 * of that campaign, any other name those of all campaigns.
 */
final class Webhooks {

  private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);
  private static final String PREFIX = "CampaignSync_";
  private static final Set<String> EVENTS =
      Set.of("CAMPAIGN_ACTIVATED", "CAMPAIGN_PAUSED", "CAMPAIGN_COMPLETED", "CAMPAIGN_ERROR");

  private final ChangeCount changes;
  private final Map<String, Webhook> byName = new LinkedHashMap<>();
  private long nextNumber = 1;

  /**
   * A registered webhook.
   *
   * @param events the types that are sent to it
   * @param headers what every post carries
   */
  record Webhook(
      String id,
      String name,
      String endpoint,
      Set<String> events,
      Map<String, String> headers,
      boolean enabled) {

    /** A post to the endpoint, with the registered headers. */
    HttpRequest request(byte[] body, Duration timeout) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(endpoint))
              .timeout(timeout)
              .header("Content-Type", "application/json");
      headers.forEach(request::setHeader);
      return request.POST(HttpRequest.BodyPublishers.ofByteArray(body)).build();
    }

    private boolean wants(LifecycleEvent event) {
      return enabled && events.contains(event.eventType()) && concerns(event.campaignId());
    }

    private boolean concerns(String campaignId) {
      return !name.startsWith(PREFIX) || name.equals(PREFIX + campaignId);
    }
  }

  Webhooks(ChangeCount changes) {
    this.changes = changes;
  }

  /** Registers a webhook; a name that is taken already is refused with 409. */
  synchronized ObjectNode register(ObjectNode json) {
    String name = text(json, "name");
    if (byName.containsKey(name)) {
      throw new SandboxException(
          409, "WEBHOOK_ALREADY_REGISTERED", "A webhook named " + name + " exists already.");
    }
    if (!"CAMPAIGN".equals(json.path("type").asText())) {
      throw invalid("type must be CAMPAIGN.");
    }
    Webhook webhook =
        new Webhook(
            "w-" + nextNumber,
            name,
            text(json, "endpoint"),
            events(json.path("events")),
            headers(json.path("headers")),
            json.path("enabled").asBoolean(true));
    try {
      webhook.request(new byte[0], Duration.ofSeconds(1));
    } catch (IllegalArgumentException e) {
      throw invalid("No post can be made of endpoint and headers: " + e.getMessage() + ".");
    }
    nextNumber++;
    byName.put(name, webhook);
    changes.note();
    LOG.info("sandbox: webhook {} registered for {}", name, webhook.endpoint());
    return SandboxJson.object().put("id", webhook.id());
  }

  /** Those to which an event goes. */
  synchronized List<Webhook> of(LifecycleEvent event) {
    return byName.values().stream().filter(webhook -> webhook.wants(event)).toList();
  }

  /** Where a custom event goes: to the webhook of its campaign, else to the latest one. */
  synchronized Optional<Webhook> forCustomEvent(String campaignId) {
    Webhook own = byName.get(PREFIX + campaignId);
    return own != null ? Optional.of(own) : byName.values().stream().reduce((a, b) -> b);
  }

  synchronized List<Webhook> state() {
    return List.copyOf(byName.values());
  }

  synchronized void restore(Collection<Webhook> state) {
    state.forEach(webhook -> byName.put(webhook.name(), webhook));
    nextNumber = byName.size() + 1L;
  }

  private static Set<String> events(JsonNode json) {
    Set<String> events = new TreeSet<>();
    List<String> unknown = new ArrayList<>();
    for (JsonNode event : json) {
      (EVENTS.contains(event.asText()) ? events : unknown).add(event.asText());
    }
    if (!json.isArray() || events.isEmpty() || !unknown.isEmpty()) {
      throw invalid("events must be a list out of " + new TreeSet<>(EVENTS) + ".");
    }
    return events;
  }

  private static Map<String, String> headers(JsonNode json) {
    Map<String, String> headers = new LinkedHashMap<>();
    json.properties().forEach(field -> headers.put(field.getKey(), field.getValue().asText()));
    return headers;
  }

  private static String text(ObjectNode json, String field) {
    String value = json.path(field).asText();
    if (value.isBlank()) {
      throw invalid(field + " is missing.");
    }
    return value;
  }

  private static SandboxException invalid(String message) {
    return new SandboxException(400, "WEBHOOK_INVALID", message);
  }
}
