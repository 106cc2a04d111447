package io.campaignroutes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.benchmark.ServiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.DayOfWeek;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The public HTTP API of a service in a process of its own, as tests use it. */
final class ServiceClient {
  static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final ServiceProcess service;
  private final String key;

  ServiceClient(ServiceProcess service) {
    this(service, null);
  }

  /**
   * @param key an API key; null for a service that wants none
   */
  ServiceClient(ServiceProcess service, String key) {
    this.service = service;
    this.key = key;
  }

  /** An answer: its status and its body, JSON or null. */
  record Answer(int status, JsonNode body) {}

  /**
   * A good campaign request, of a campaign that may call at any hour, whenever tests are run, and
   * that has its agents for itself.
   */
  static ObjectNode request(String name) {
    ObjectNode request = JSON.createObjectNode().put("name", name).put("policy", "none");
    ObjectNode schedule = request.putObject("schedule").put("startHour", 0).put("endHour", 24);
    for (DayOfWeek day : DayOfWeek.values()) {
      schedule.withArray("daysOfWeek").add(day.name());
    }
    return request
        .put("externalId", "key of " + name)
        .put("agentPoolId", "pool-" + Integer.toHexString(name.hashCode()))
        .put("contactListId", "list-1")
        .put("timeZone", "America/New_York")
        .put("pacingLimit", 5);
  }

  /** {@code POST /campaigns}. */
  Answer take(String name) {
    return post("/campaigns", request(name));
  }

  /** {@code POST /campaigns/create}: waits for the end of the launch. */
  Answer create(String name) {
    return post("/campaigns/create", request(name));
  }

  CompletableFuture<Answer> createAsync(String name) {
    return http.sendAsync(
            posting("/campaigns/create", request(name)), HttpResponse.BodyHandlers.ofByteArray())
        .thenApply(ServiceClient::answer);
  }

  Answer post(String path, ObjectNode body) {
    return send(posting(path, body));
  }

  /** Posts a file of CSV. */
  Answer upload(String path, String csv) {
    return send(
        to(path)
            .timeout(Duration.ofSeconds(70))
            .header("Content-Type", "text/csv")
            .POST(HttpRequest.BodyPublishers.ofString(csv))
            .build());
  }

  /**
   * A command, such as {@code pause}.
   *
   * @param waitSeconds how long its end is waited for
   */
  Answer command(String id, String command, int waitSeconds) {
    return send(
        HttpRequest.newBuilder(
                posting("/campaigns/" + id + "/" + command, JSON.createObjectNode()),
                (name, value) -> true)
            .header("Prefer", "wait=" + waitSeconds)
            .build());
  }

  /** Without a body there is no content type either. */
  private HttpRequest posting(String path, ObjectNode body) {
    HttpRequest.Builder request = to(path).timeout(Duration.ofSeconds(70));
    if (body == null) {
      return request.POST(HttpRequest.BodyPublishers.noBody()).build();
    }
    return request
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
        .build();
  }

  Answer get(String path) {
    return send(getting(path));
  }

  /** The body of an answer that is no single JSON document. */
  String text(String path) {
    try {
      return http.send(getting(path), HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private HttpRequest getting(String path) {
    return to(path).timeout(Duration.ofSeconds(20)).build();
  }

  private HttpRequest.Builder to(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(service.uri(path));
    return key == null ? request : request.header("Authorization", "Bearer " + key);
  }

  private Answer send(HttpRequest request) {
    try {
      return answer(http.send(request, HttpResponse.BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException(e);
  }

  private static Answer answer(HttpResponse<byte[]> answer) {
    try {
      return new Answer(
          answer.statusCode(), answer.body().length == 0 ? null : JSON.readTree(answer.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Opens a stream of events and returns when it has begun; what it returns is done at its end. */
  static CompletableFuture<Void> listen(HttpRequest request)
      throws IOException, InterruptedException {
    HttpResponse<Stream<String>> stream =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofLines());
    if (stream.statusCode() != 200) {
      throw new AssertionError(request.uri() + " answered " + stream.statusCode());
    }
    return CompletableFuture.runAsync(() -> stream.body().forEach(line -> {}));
  }

  /** All campaigns. */
  List<JsonNode> all() {
    return all("/campaigns?");
  }

  /**
   * All items of a list, page by page.
   *
   * @param list its path and query, so that further parameters can be added
   */
  List<JsonNode> all(String list) {
    List<JsonNode> all = new ArrayList<>();
    String after = "";
    while (after != null) {
      Answer answer = get(list + "&limit=1000&after=" + after);
      if (answer.status() != 200) {
        throw new AssertionError(list + " answered " + answer.status() + " " + answer.body());
      }
      JsonNode page = answer.body();
      page.path("items").forEach(all::add);
      after = page.path("next").asText(null);
    }
    return all;
  }

  /** The campaign of a name, null when there is none. */
  JsonNode named(String name) {
    return all().stream()
        .filter(c -> c.path("name").asText().equals(name))
        .findFirst()
        .orElse(null);
  }

  /** The stage of the campaign of a name. */
  String stage(String name) {
    JsonNode campaign = named(name);
    return campaign == null ? "none" : campaign.path("stage").asText();
  }

  /** The stages that a campaign went through, oldest first. */
  List<String> stages(String id) {
    return StreamSupport.stream(get("/campaigns/" + id).body().path("history").spliterator(), false)
        .map(change -> change.path("stage").asText())
        .toList();
  }
}
