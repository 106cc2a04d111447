package io.campaignroutes;

import static io.campaignroutes.ServiceClient.JSON;
import static io.campaignroutes.ServiceClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.benchmark.ServiceProcess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;

/**
 * For each operation of the API that changes something: does it, and reads who did it wherever that
 * is told. What is needed for it is done with another key.
 */
final class Deeds {
  /** Operations that change nothing by the wish of whoever calls. */
  static final Map<String, String> EXEMPT =
      Map.of(
          "validateCampaign", "a dry run, which changes nothing",
          "validateCampaigns", "a dry run of a file, which changes nothing",
          "receiveEvent", "CXone's: it tells what has happened, and has a token of its own",
          "signOut", "whoever signs out ends nothing but the own session");

  static final String WEBHOOK_TOKEN = "webhook-token-of-deeds";

  /** The destination that takes all events and whose address nobody listens at. */
  static final String DESTINATION = "nowhere";

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final ServiceProcess service;
  private final Path audit;
  private final String key;
  private final String other;
  private final Map<String, Callable<List<JsonNode>>> deeds = new TreeMap<>();

  /**
   * @param key whose deeds they are
   * @param other another one that may do everything
   * @param emptyPool an agent pool with nobody in it
   */
  Deeds(ServiceProcess service, Path data, String key, String other, String emptyPool) {
    this.service = service;
    this.audit = data.resolve("audit");
    this.key = key;
    this.other = other;
    deeds.put(
        "takeCampaign",
        () -> {
          String id = post("/campaigns", key, fresh()).path("campaignId").asText();
          return List.of(history(id, "RECEIVED"), line(id, "CAMPAIGN_RECEIVED"));
        });
    deeds.put(
        "createCampaign",
        () -> {
          JsonNode created = post("/campaigns/create", key, fresh());
          String id = created.path("campaignId").asText();
          return List.of(created.at("/auditLog/by"), history(id, "ACTIVE"));
        });
    deeds.put("pauseCampaign", () -> commanded(active(), "pause", "PAUSED"));
    deeds.put(
        "resumeCampaign",
        () -> {
          String id = active();
          post("/campaigns/" + id + "/pause", other, null);
          history(id, "PAUSED");
          List<JsonNode> told = commanded(id, "resume", "ACTIVATING");
          return List.of(told.get(0), told.get(1), told.get(2), history(id, "ACTIVE"));
        });
    deeds.put("stopCampaign", () -> commanded(active(), "stop", "STOPPED"));
    deeds.put(
        "retryCampaign",
        () -> {
          String id =
              post("/campaigns", other, fresh().put("agentPoolId", emptyPool))
                  .path("campaignId")
                  .asText();
          history(id, "REJECTED");
          post("/campaigns/" + id + "/retry", key, null);
          return List.of(history(id, "RECEIVED"), line(id, "CAMPAIGN_RECEIVED"));
        });
    deeds.put("uploadContacts", () -> uploaded(key, "CONTACTS_STORED"));
    deeds.put(
        "deleteContacts",
        () -> {
          uploaded(other, "CONTACTS_STORED");
          send("DELETE", "/contacts/deeds.csv", key, "", "text/csv");
          return List.of(serviceLine("CONTACTS_DELETED"));
        });
    deeds.put(
        "replayDelivery",
        () -> {
          String path = "/deliveries/" + delivery();
          JsonNode answer = post(path + "/replay", key, null);
          return List.of(answer.path("replayedBy"), serviceLine("DELIVERY_REPLAYED"));
        });
    deeds.put(
        "replayDeliveries",
        () -> {
          String id = delivery();
          post("/deliveries/replay", key, JSON.createObjectNode().put("status", "PENDING"));
          return List.of(
              get("/deliveries/" + id).path("replayedBy"), serviceLine("DELIVERIES_REPLAYED"));
        });
    deeds.put(
        "switchDestinationOff",
        () -> {
          JsonNode off = post("/destinations/" + DESTINATION + "/off", key, null);
          return List.of(off.path("offBy"), serviceLine("DESTINATION_OFF"));
        });
    deeds.put(
        "switchDestinationOn",
        () -> {
          post("/destinations/" + DESTINATION + "/on", key, null);
          return List.of(serviceLine("DESTINATION_ON"));
        });
  }

  /**
   * Does it.
   *
   * @return {@code by} of every place that tells of it
   */
  List<JsonNode> of(String operation) throws Exception {
    assertThat(deeds).as("what holds %s to telling who did it", operation).containsKey(operation);
    return deeds.get(operation).call();
  }

  /** A request of a name and a key of its own. */
  private static ObjectNode fresh() {
    return request("deed " + UUID.randomUUID());
  }

  String active() throws Exception {
    return post("/campaigns/create", other, fresh()).path("campaignId").asText();
  }

  private List<JsonNode> commanded(String id, String command, String stage) throws Exception {
    post("/campaigns/" + id + "/" + command, key, null);
    return List.of(history(id, stage), line(id, "CAMPAIGN_" + stage), line(id, "COMMAND_GIVEN"));
  }

  private List<JsonNode> uploaded(String by, String event) throws Exception {
    send("POST", "/contacts?name=deeds.csv", by, "phone\n+12125552368\n", "text/csv");
    JsonNode file = get("/contacts").at("/items/0/storedBy");
    return List.of(file, serviceLine(event));
  }

  /** An event that waits for its destination. */
  private String delivery() throws Exception {
    String id = active();
    ObjectNode event =
        JSON.createObjectNode()
            .put("campaignId", get("/campaigns/" + id).path("cxoneCampaignId").asText())
            .put("status", "ACTIVE")
            .put("timestamp", Instant.now().toString())
            .put("eventType", "CAMPAIGN_ACTIVATED");
    HttpRequest posted =
        HttpRequest.newBuilder(service.uri("/webhooks/cxone"))
            .POST(BodyPublishers.ofString(event.toString()))
            .header("Content-Type", "application/json")
            .header("X-Webhook-Token", WEBHOOK_TOKEN)
            .build();
    assertThat(HTTP.send(posted, BodyHandlers.ofString()).statusCode()).isEqualTo(202);
    return await()
        .atMost(SOON)
        .until(() -> get("/deliveries?campaign=" + id).at("/items/0/id"), JsonNode::isTextual)
        .asText();
  }

  /** {@code by} of the newest entry of the history that is of this stage, once there is one. */
  JsonNode history(String id, String stage) {
    return await()
        .atMost(SOON)
        .until(
            () -> {
              JsonNode found = null;
              for (JsonNode entry : get("/campaigns/" + id).path("history")) {
                found = entry.path("stage").asText().equals(stage) ? entry : found;
              }
              return found;
            },
            entry -> entry != null)
        .path("by");
  }

  /** {@code by} of the newest audit line of the campaign that tells of this. */
  JsonNode line(String id, String event) throws Exception {
    String lines = send("GET", "/campaigns/" + id + "/audit", other, "", "text/plain").body();
    return newest(lines, event).path("by");
  }

  private JsonNode serviceLine(String event) {
    return await()
        .atMost(SOON)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> newest(Files.readString(audit.resolve("service.jsonl")), event),
            JsonNode::isObject)
        .path("by");
  }

  private static JsonNode newest(String lines, String event) throws IOException {
    List<JsonNode> told = new ArrayList<>(List.of(JSON.missingNode()));
    for (String line : lines.split("\n")) {
      JsonNode json = JSON.readTree(line);
      if (json.path("event").asText().equals(event)) {
        told.add(json);
      }
    }
    return told.get(told.size() - 1);
  }

  JsonNode get(String path) throws Exception {
    return JSON.readTree(send("GET", path, other, "", "application/json").body());
  }

  private JsonNode post(String path, String by, ObjectNode body) throws Exception {
    HttpResponse<String> answer =
        send("POST", path, by, body == null ? "" : body.toString(), "application/json");
    return JSON.readTree(answer.body());
  }

  private HttpResponse<String> send(String method, String path, String by, String body, String type)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(service.uri(path))
            .timeout(Duration.ofSeconds(70))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .header("Authorization", "Bearer " + by);
    if (!body.isEmpty()) {
      request.header("Content-Type", type);
    }
    HttpResponse<String> answer = HTTP.send(request.build(), BodyHandlers.ofString());
    assertThat(answer.statusCode())
        .as("%s %s: %s", method, path, answer.body())
        .isBetween(200, 299);
    return answer;
  }
}
