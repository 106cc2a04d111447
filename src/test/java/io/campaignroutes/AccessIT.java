package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.campaignroutes.benchmark.DestinationsFile;
import io.campaignroutes.benchmark.ServiceProcess;
import io.campaignroutes.sandbox.StubCxone;
import io.campaignroutes.sandbox.StubFault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys with roles, made and revoked by the command while the packaged service runs. */
class AccessIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final List<String> ROLES = List.of("viewer", "operator", "admin");

  /** Within which a running service takes a file that has changed. */
  private static final Duration TAKEN = Duration.ofSeconds(5);

  private static final String EMPTY_POOL = "pool-with-nobody";

  @TempDir static Path data;
  private static final Map<String, String> KEYS = new TreeMap<>();
  private static StubCxone cxone;
  private static ServiceProcess service;
  private static Path log;
  private static String destinations;

  @BeforeAll
  static void open() throws Exception {
    for (String role : ROLES) {
      KEYS.put(role, added(role, role));
    }
    cxone = new StubCxone();
    log = Path.of("target", "access-it.log");
    Files.deleteIfExists(log);
    cxone.agents(EMPTY_POOL, 0);
    destinations =
        DestinationsFile.write(
            data.resolve("destinations.yaml"),
            "destinations: [{name: %s, url: 'http://127.0.0.1:9/'}]".formatted(Deeds.DESTINATION));
    start(log);
  }

  private static void start(Path log) throws Exception {
    Map<String, String> environment = new HashMap<>(cxone.environment());
    environment.put("WEBHOOK_TOKEN", Deeds.WEBHOOK_TOKEN);
    environment.put("ALLOW_PRIVATE_DESTINATIONS", "true");
    service =
        ServiceProcess.start(PackagedService.command(), data, environment, log, destinations)
            .awaitReady(Duration.ofMinutes(3));
  }

  @AfterAll
  static void stop() {
    if (service != null) {
      service.close();
    }
    cxone.close();
  }

  private static String command(int code, String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<Object> all = new ArrayList<>(List.of("keys"));
    all.addAll(List.of(words));
    all.addAll(List.of("--file", data.resolve("keys.yaml").toString()));
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    assertThat(CliRun.of(stream, stream, all.toArray())).as("%s: %s", all, out).isEqualTo(code);
    return out.toString(StandardCharsets.UTF_8).strip();
  }

  private static String added(String name, String role, String... more) {
    List<String> words = new ArrayList<>(List.of("add", "--name", name, "--role", role));
    words.addAll(List.of(more));
    return command(0, words.toArray(String[]::new));
  }

  private static HttpResponse<String> ask(String method, String path, String key)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(service.uri(path))
            .method(
                method,
                method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString("?"))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(20));
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  /** Prints the table of all operations and roles. */
  @Test
  void eachRoleMayDoWhatTheDescriptionOfTheApiSaysAndNothingElse() throws Exception {
    JsonNode api = new YAMLMapper().readTree(Path.of("config/openapi.yaml").toFile());
    List<String> table = new ArrayList<>(List.of("operation | none | viewer | operator | admin"));
    int operations = 0;
    for (Map.Entry<String, JsonNode> path : api.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        if (operation.getKey().equals("parameters") || path.getKey().equals("/events")) {
          continue; // the stream of events does not end
        }
        String method = operation.getKey().toUpperCase(Locale.ROOT);
        String where = path.getKey().replaceAll("\\{[^}]*}", "none");
        JsonNode own = operation.getValue().path("security");
        JsonNode security = own.isMissingNode() ? api.path("security") : own;
        boolean open = security.isEmpty();
        String needed = security.at("/0/apiKey/0").asText();
        StringBuilder line = new StringBuilder(method + " " + path.getKey());
        HttpResponse<String> stranger = ask(method, where, null);
        line.append(" | ").append(stranger.statusCode());
        if (!open) {
          assertThat(stranger.statusCode()).as(line.toString()).isEqualTo(401);
          assertThat(stranger.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
          assertThat(JSON.readTree(stranger.body()).path("title").asText())
              .isEqualTo("Unauthorized");
        }
        for (String role : ROLES) {
          HttpResponse<String> answer = ask(method, where, KEYS.get(role));
          line.append(" | ").append(answer.statusCode());
          if (open) {
            assertThat(answer.statusCode()).as(line.toString()).isEqualTo(stranger.statusCode());
          } else if (ROLES.indexOf(role) < ROLES.indexOf(needed)) {
            assertThat(answer.statusCode()).as(line.toString()).isEqualTo(403);
            assertThat(JSON.readTree(answer.body()).path("detail").asText())
                .contains("the role " + needed);
          } else {
            assertThat(answer.statusCode()).as(line.toString()).isNotIn(401, 403).isLessThan(500);
          }
        }
        table.add(line.toString());
        operations++;
      }
    }
    System.out.println(String.join(System.lineSeparator(), table));
    assertThat(operations).isGreaterThan(30);
  }

  @Test
  void everyOperationThatChangesSomethingTellsWhoDidIt() throws Exception {
    JsonNode api = new YAMLMapper().readTree(Path.of("config/openapi.yaml").toFile());
    Deeds deeds = new Deeds(service, data, KEYS.get("admin"), other(), EMPTY_POOL);
    Set<String> exempt = new TreeSet<>(Deeds.EXEMPT.keySet());
    for (JsonNode path : api.path("paths")) {
      for (Map.Entry<String, JsonNode> operation : path.properties()) {
        String id = operation.getValue().path("operationId").asText();
        boolean changes = Set.of("post", "put", "patch", "delete").contains(operation.getKey());
        if (changes && !exempt.remove(id)) {
          assertThat(deeds.of(id))
              .as(id)
              .isNotEmpty()
              .containsOnly(JSON.readTree("{\"name\":\"admin\",\"kind\":\"key\"}"));
        }
      }
    }
    assertThat(exempt).as("no operation any more").isEmpty();
  }

  /** A key of an admin's besides. */
  private static String other() throws Exception {
    if (!KEYS.containsKey("other")) {
      KEYS.put("other", added("other", "admin"));
      await()
          .atMost(TAKEN)
          .until(() -> ask("GET", "/campaigns", KEYS.get("other")).statusCode() == 200);
    }
    return KEYS.get("other");
  }

  @Test
  void whoGaveACommandIsKnownAfterAKill() throws Exception {
    Deeds deeds = new Deeds(service, data, KEYS.get("operator"), other(), EMPTY_POOL);
    String id = deeds.active();
    cxone.fault(StubFault.cutBefore().in(StubCxone.Call.PUT));
    HttpRequest pause =
        HttpRequest.newBuilder(service.uri("/campaigns/" + id + "/pause"))
            .POST(BodyPublishers.noBody())
            .header("Authorization", "Bearer " + KEYS.get("operator"))
            .header("Prefer", "wait=0")
            .build();
    HttpResponse<String> taken = HTTP.send(pause, BodyHandlers.ofString());
    JsonNode operator = JSON.readTree("{\"name\":\"operator\",\"kind\":\"key\"}");
    assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
    assertThat(JSON.readTree(taken.body()).path("pendingCommandBy")).isEqualTo(operator);
    service.kill();
    service.close();
    start(log);
    Deeds after = new Deeds(service, data, KEYS.get("operator"), other(), EMPTY_POOL);
    assertThat(after.get("/campaigns/" + id).path("pendingCommandBy")).isEqualTo(operator);
    cxone.noFaults();
    assertThat(after.history(id, "PAUSED")).isEqualTo(operator);
    assertThat(after.line(id, "CAMPAIGN_PAUSED")).isEqualTo(operator);
    assertThat(after.line(id, "CAMPAIGN_RECEIVED").path("name").asText()).isEqualTo("other");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    assertThat(CliRun.of(stream, stream, "audit", "verify", data.resolve("audit")))
        .as(out.toString(StandardCharsets.UTF_8))
        .isZero();
  }

  @Test
  void whatIsNotThereIsToldNobodyWhoMayNotKnow() throws Exception {
    assertThat(ask("GET", "/nothing", null).statusCode()).isEqualTo(401);
    assertThat(ask("POST", "/nothing", KEYS.get("viewer")).statusCode()).isEqualTo(403);
    assertThat(ask("GET", "/nothing", KEYS.get("viewer")).statusCode()).isEqualTo(404);
    assertThat(ask("GET", "/nothing", KEYS.get("viewer") + "x").statusCode()).isEqualTo(401);
  }

  @Test
  void aKeyCountsWithinSecondsUntilItIsRevoked() throws Exception {
    String key = added("short", "viewer", "--expires", "1h");
    await().atMost(TAKEN).until(() -> ask("GET", "/campaigns", key).statusCode() == 200);
    assertThat(command(0, "list")).contains("short", "viewer", "expires ");
    command(0, "revoke", "short");
    await().atMost(TAKEN).until(() -> ask("GET", "/campaigns", key).statusCode() == 401);
    assertThat(Files.readString(log)).doesNotContain(key);
    assertThat(Files.readString(data.resolve("keys.yaml"))).doesNotContain(key);
  }

  @Test
  void aStreamEndsWithTheKeyThatOpenedIt() throws Exception {
    String key = added("listens", "viewer");
    await().atMost(TAKEN).until(() -> ask("GET", "/whoami", key).statusCode() == 200);
    CompletableFuture<Void> all =
        ServiceClient.listen(
            HttpRequest.newBuilder(service.uri("/events"))
                .header("Authorization", "Bearer " + key)
                .build());
    added("another", "viewer");
    await().during(TAKEN).atMost(TAKEN.multipliedBy(2)).until(() -> !all.isDone());
    command(0, "revoke", "listens");
    await("its end").atMost(TAKEN).until(all::isDone);
    command(0, "revoke", "another");
  }

  @Test
  void aFileThatIsBrokenKeepsTheKeysAndIsToldByHealth() throws Exception {
    Path file = data.resolve("keys.yaml");
    String good = Files.readString(file);
    try {
      Files.writeString(file, good + "- {name: [\n");
      await()
          .atMost(TAKEN)
          .untilAsserted(
              () ->
                  assertThat(ask("GET", "/actuator/health", KEYS.get("viewer")).body())
                      .contains("keys.yaml: This is not valid YAML"));
      assertThat(ask("GET", "/actuator/health/readiness", null).statusCode()).isEqualTo(200);
      assertThat(ask("GET", "/campaigns", KEYS.get("viewer")).statusCode()).isEqualTo(200);
      assertThat(command(1, "revoke", "viewer")).contains("not valid YAML");
    } finally {
      Files.writeString(file, good);
    }
  }
}
