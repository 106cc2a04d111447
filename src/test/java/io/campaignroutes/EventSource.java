package io.campaignroutes;

import static io.campaignroutes.ServiceClient.JSON;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.benchmark.ServiceProcess;
import io.campaignroutes.sandbox.StubCampaign;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Posts an event of each change of status that campaigns go through at CXone, in order, each until
 * it is answered 202.
 */
final class EventSource implements AutoCloseable {
  private static final Map<String, String> TYPES =
      Map.of(
          "ACTIVE", "CAMPAIGN_ACTIVATED",
          "PAUSED", "CAMPAIGN_PAUSED",
          "COMPLETED", "CAMPAIGN_COMPLETED",
          "ERROR", "CAMPAIGN_ERROR");

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final String token;
  private final Supplier<ServiceProcess> service;
  private final BlockingQueue<ObjectNode> waiting = new LinkedBlockingQueue<>();
  private final Map<String, Long> accepted = new ConcurrentHashMap<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private final AtomicInteger repeats = new AtomicInteger();
  private final Thread thread = new Thread(this::work, "event-source");

  /**
   * @param token what the receiver wants in {@code X-Webhook-Token}
   * @param service who takes the events now
   */
  EventSource(String token, Supplier<ServiceProcess> service) {
    this.token = token;
    this.service = service;
    thread.setDaemon(true);
    thread.start();
  }

  /** A campaign has changed its status. */
  void changed(StubCampaign campaign) {
    if (TYPES.containsKey(campaign.status())) {
      ObjectNode event = event(campaign.id(), campaign.status());
      if (campaign.status().equals("ERROR")) {
        event.put("errorCode", campaign.errorCode());
      }
      waiting.add(event);
    }
  }

  /** An event of a campaign that only CXone knows; false when enough others wait already. */
  boolean another(String campaignId, String status) {
    return waiting.size() < 3 && waiting.add(event(campaignId, status));
  }

  private ObjectNode event(String campaignId, String status) {
    return JSON.createObjectNode()
        .put("eventId", EventSink.POSTED + numbers.incrementAndGet())
        .put("campaignId", campaignId)
        .put("status", status)
        .put("timestamp", Instant.now().toString())
        .put("eventType", TYPES.get(status));
  }

  private void work() {
    try {
      while (true) {
        ObjectNode event = waiting.take();
        while (!post(event)) {
          repeats.incrementAndGet();
          TimeUnit.MILLISECONDS.sleep(200);
        }
        accepted.put(event.path("eventId").asText(), System.nanoTime());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean post(ObjectNode event) throws InterruptedException {
    ServiceProcess now = service.get();
    if (now == null) {
      return false;
    }
    HttpRequest request =
        HttpRequest.newBuilder(now.uri("/webhooks/cxone"))
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .header("X-Webhook-Token", token)
            .POST(HttpRequest.BodyPublishers.ofString(event.toString()))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 202;
    } catch (IOException e) {
      return false; // away, or its answer was lost: once more
    }
  }

  /** The ids of all events that were answered 202. */
  Set<String> accepted() {
    return Set.copyOf(accepted.keySet());
  }

  /** When each of them was, by {@link System#nanoTime()}. */
  Map<String, Long> acceptedAt() {
    return Map.copyOf(accepted);
  }

  /** Whether every event so far was answered 202. */
  boolean done() {
    return accepted.size() == numbers.get();
  }

  /** How many posts were not answered 202. */
  int repeats() {
    return repeats.get();
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
