package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.campaignroutes.benchmark.ServiceProcess;
import io.campaignroutes.benchmark.StubDestination;
import io.campaignroutes.benchmark.StubDestination.Arrival;
import io.campaignroutes.benchmark.StubDestination.Reply;
import io.campaignroutes.sandbox.StubCxone;
import io.campaignroutes.shared.Hashes;
import io.campaignroutes.webhook.Signature;
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
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Every secret of the packaged service stands in a file, and is replaced while it runs. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SecretRotationIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** A change is taken within 5 s where the machine has time for it. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir static Path temp;
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Map<String, Arrival> ARRIVED = new ConcurrentHashMap<>();

  private static final List<String> CHECKPOINTS = new CopyOnWriteArrayList<>();

  /** Whatever was in force at any time. */
  private static final List<String> SECRETS = new CopyOnWriteArrayList<>();

  private static StubCxone cxone;
  private static StubDestination marketing;
  private static StubDestination other;
  private static StubDestination evidence;
  private static ServiceProcess service;
  private static Path log;
  private static String key;

  @BeforeAll
  static void start() throws Exception {
    cxone = new StubCxone();
    marketing = destination("marketing");
    other = destination("other");
    evidence =
        new StubDestination(
            arrival -> {
              CHECKPOINTS.add(arrival.text());
              return Reply.status(204);
            });
    Map<String, String> environment = new HashMap<>(cxone.environment());
    environment.remove("CXONE_CLIENT_SECRET");
    environment.put("ALLOW_PRIVATE_DESTINATIONS", "true");
    environment.put("WEBHOOKS_DESTINATIONS", destinations().toString());
    environment.put("SPRING_CONFIG_IMPORT", "configtree:" + temp.resolve("tree") + "/");
    Files.createDirectories(temp.resolve("tree"));
    write("tree/CXONE_CLIENT_SECRET", StubCxone.CLIENT_SECRET);
    for (String name :
        List.of(
            "API_KEY",
            "WEBHOOK_TOKEN",
            "WEBHOOK_SIGNING_SECRET",
            "MARKETING_TOKEN",
            "MARKETING_WEBHOOK_SECRET")) {
      write(name, name.endsWith("_SECRET") ? Signature.secret() : fresh(name));
      environment.put(name + "_FILE", temp.resolve(name).toString());
    }
    newCheckpointKey("first.pub");
    environment.put("AUDIT_SIGNING_KEY_FILE", temp.resolve("AUDIT_SIGNING_KEY").toString());
    key = Files.readString(temp.resolve("API_KEY")).strip();
    log = Path.of("target", "secret-rotation-it.log");
    Files.deleteIfExists(log);
    service =
        ServiceProcess.start(PackagedService.command(), temp.resolve("data"), environment, log)
            .awaitReady(Duration.ofMinutes(3));
  }

  @AfterAll
  static void stop() throws IOException {
    if (service != null) {
      service.close();
    }
    cxone.close();
    marketing.close();
    evidence.close();
    other.close();
  }

  private static void newCheckpointKey(String publicKey) throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Base64.Encoder base64 = Base64.getEncoder();
    String key = base64.encodeToString(pair.getPrivate().getEncoded());
    SECRETS.add(key);
    write(
        "AUDIT_SIGNING_KEY", "-----BEGIN PRIVATE KEY-----\n" + key + "\n-----END PRIVATE KEY-----");
    Files.writeString(
        temp.resolve(publicKey),
        "-----BEGIN PUBLIC KEY-----\n"
            + base64.encodeToString(pair.getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n");
  }

  private static StubDestination destination(String name) throws IOException {
    return new StubDestination(
        arrival -> {
          ARRIVED.put(name + " " + event(arrival), arrival);
          return Reply.status(204);
        });
  }

  private static String event(Arrival arrival) {
    try {
      return JSON.readTree(arrival.body()).path("eventId").asText();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path destinations() throws IOException {
    return Files.writeString(
        temp.resolve("destinations.yaml"),
        """
        destinations:
          - name: marketing
            url: %s
            headers:
              Authorization: Bearer ${MARKETING_TOKEN}
            secrets: ${MARKETING_WEBHOOK_SECRET}
          - name: other
            url: %s
          - name: evidence
            url: %s
            events: [AUDIT_CHECKPOINT]
        """
            .formatted(marketing.url(), other.url(), evidence.url()));
  }

  private static String fresh(String name) {
    return "marker-%s-%d".formatted(name.toLowerCase().replace('_', '-'), NUMBER.incrementAndGet());
  }

  /** Puts a secret in place, as somebody does who replaces one. */
  private static void write(String name, String secret) throws IOException {
    if (!secret.startsWith("-----")) {
      SECRETS.addAll(List.of(secret.split(" ")));
    }
    Path whole = Files.writeString(temp.resolve("new"), secret + "\n");
    Files.setPosixFilePermissions(whole, PosixFilePermissions.fromString("rw-------"));
    Files.move(whole, temp.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private static HttpResponse<String> ask(
      String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(service.uri(path))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(70));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  private static HttpResponse<String> get(String path, String key)
      throws IOException, InterruptedException {
    return ask("GET", path, null, "Authorization", "Bearer " + key);
  }

  private static int post(String event, String token) throws IOException, InterruptedException {
    String body =
        JSON.createObjectNode()
            .put("campaignId", "c-1")
            .put("status", "PAUSED")
            .put("timestamp", "2026-11-27T23:00:00Z")
            .put("eventType", "CAMPAIGN_PAUSED")
            .put("eventId", event)
            .toString();
    return ask("POST", "/webhooks/cxone", body, "X-Webhook-Token", token).statusCode();
  }

  private static String launch(String name) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        ask(
            "POST",
            "/campaigns",
            ServiceClient.request(name).toString(),
            "Authorization",
            "Bearer " + key);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return name;
  }

  private static void awaitActive(List<String> names) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              JsonNode all = JSON.readTree(get("/campaigns?limit=100", key).body()).path("items");
              for (String name : names) {
                assertThat(all)
                    .filteredOn(one -> one.path("name").asText().equals(name))
                    .extracting(one -> one.path("stage").asText())
                    .containsExactly("ACTIVE");
              }
            });
    for (String name : names) {
      assertThat(cxone.named(name)).as(name).hasSize(1);
    }
  }

  @Test
  @Order(1)
  void aKeyOfTheApi() throws Exception {
    String old = key;
    assertThat(get("/campaigns", old).statusCode()).isEqualTo(200);
    String fresh = fresh("api-key");
    write("API_KEY", fresh);
    await().atMost(PATIENCE).until(() -> get("/campaigns", fresh).statusCode() == 200);
    assertThat(get("/campaigns", old).statusCode()).isEqualTo(401);
    key = fresh;
  }

  @Test
  @Order(2)
  void credentialsOfCxoneWithNoLaunchLost() throws Exception {
    List<String> names = new ArrayList<>();
    names.add(launch("before"));
    awaitActive(names);
    cxone.secret(fresh("cxone-secret"));
    for (int n = 0; n < 8; n++) {
      names.add(launch("between " + n));
    }
    await()
        .atMost(PATIENCE)
        .until(() -> get("/actuator/health", key).body().contains("CXone refuses the client"));
    write("tree/CXONE_CLIENT_SECRET", "marker-cxone-secret-" + NUMBER.get());
    names.add(launch("after"));
    awaitActive(names);
    assertThat(get("/actuator/health", key).body()).doesNotContain("CXone refuses the client");
  }

  @Test
  @Order(3)
  void theTokenOfWebhooks() throws Exception {
    String old = Files.readString(temp.resolve("WEBHOOK_TOKEN")).strip();
    assertThat(post("e-old", old)).isEqualTo(202);
    assertThat(cxone.webhooks()).isNotEmpty().allMatch(hook -> hook.token().equals(old));
    String fresh = fresh("webhook-token");
    write("WEBHOOK_TOKEN", fresh + " " + old);
    await().atMost(PATIENCE).until(() -> post("e-both", fresh) == 202);
    assertThat(post("e-both-old", old)).isEqualTo(202);
    awaitActive(List.of(launch("registered anew")));
    assertThat(cxone.webhooks()).anyMatch(hook -> hook.token().equals(fresh));
    write("WEBHOOK_TOKEN", fresh);
    await().atMost(PATIENCE).until(() -> post("e-no-more", old) == 401);
    assertThat(post("e-new", fresh)).isEqualTo(202);
  }

  @Test
  @Order(4)
  void secretsThatSignAndHeadersOfDestinations() throws Exception {
    awaitSigned("signed-before");
    write("WEBHOOK_SIGNING_SECRET", Signature.secret());
    write("MARKETING_WEBHOOK_SECRET", Signature.secret());
    write("MARKETING_TOKEN", fresh("marketing-token"));
    awaitSigned("signed-after");
  }

  @Test
  @Order(5)
  void theKeyOfCheckpointsWhoseCopiesLieElsewhere() throws Exception {
    awaitActive(List.of(launch("signed with the first")));
    await().atMost(PATIENCE).until(() -> !CHECKPOINTS.isEmpty());
    newCheckpointKey("second.pub");
    String id = keyId("second.pub");
    AtomicInteger number = new AtomicInteger();
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              awaitActive(List.of(launch("signed " + number.incrementAndGet())));
              return CHECKPOINTS.get(CHECKPOINTS.size() - 1).contains("\"keyId\":\"" + id + "\"");
            });
    List<String> copies = List.copyOf(CHECKPOINTS);
    Path file = temp.resolve("data/audit/checkpoints.jsonl");
    await("a copy may be there before the line")
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(Files.readAllLines(file)).startsWith(copies.toArray(String[]::new)));
    Path copy = Files.write(temp.resolve("copies.jsonl"), copies);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    int code =
        CliRun.of(
            stream,
            stream,
            "audit",
            "verify",
            temp.resolve("data/audit"),
            "--key",
            temp.resolve("first.pub"),
            "--key",
            temp.resolve("second.pub"),
            "--checkpoint",
            copy,
            "--lenient");
    assertThat(code).as(out.toString(StandardCharsets.UTF_8)).isZero();
  }

  private static String keyId(String publicKey) throws Exception {
    String base64 =
        Files.readString(temp.resolve(publicKey)).replaceAll("-----[A-Z ]+-----|\\s", "");
    return Hashes.sha256(Base64.getDecoder().decode(base64)).substring(0, 16);
  }

  @Test
  @Order(6)
  void oneThatCannotBeUsedChangesNothingAndIsToldByHealth() throws Exception {
    String good = Files.readString(temp.resolve("WEBHOOK_SIGNING_SECRET")).strip();
    write("WEBHOOK_SIGNING_SECRET", "whsec_c2hvcnQ=");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(get("/actuator/health", key).body())
                    .contains("WEBHOOK_SIGNING_SECRET_FILE", "24 to 64 bytes"));
    String token = Files.readString(temp.resolve("WEBHOOK_TOKEN")).strip();
    assertThat(post("signed-still", token)).isEqualTo(202);
    await().atMost(PATIENCE).until(() -> ARRIVED.containsKey("other signed-still"));
    assertThat(fits(ARRIVED.get("other signed-still"), good)).isTrue();
    write("WEBHOOK_SIGNING_SECRET", good);
    await()
        .atMost(PATIENCE)
        .until(() -> !get("/actuator/health", key).body().contains("WEBHOOK_SIGNING_SECRET_FILE"));
  }

  @Test
  @Order(7)
  void noneOfThemIsShownAnywhere() throws Exception {
    StringBuilder shown = new StringBuilder(Files.readString(log));
    Set<Integer> status = Set.of(200, 404, 503);
    for (String path :
        List.of(
            "/actuator/health",
            "/actuator/env",
            "/actuator/configprops",
            "/actuator/beans",
            "/actuator/heapdump",
            "/actuator/prometheus",
            "/system",
            "/overview",
            "/campaigns?limit=100",
            "/deliveries?limit=100",
            "/destinations",
            "/openapi.json")) {
      HttpResponse<String> answer = get(path, key);
      assertThat(answer.statusCode()).as(path).isIn(status);
      shown.append(answer.body());
    }
    assertThat(get("/actuator/env", key).statusCode()).isEqualTo(404);
    assertThat(SECRETS).hasSizeGreaterThan(10);
    for (String secret : SECRETS) {
      assertThat(shown.indexOf(secret)).as(secret).isNegative();
    }
  }

  /** Posts events until one arrives at both with what the files have now. */
  private void awaitSigned(String name) throws Exception {
    String token = Files.readString(temp.resolve("WEBHOOK_TOKEN")).strip();
    String own = Files.readString(temp.resolve("MARKETING_WEBHOOK_SECRET")).strip();
    String common = Files.readString(temp.resolve("WEBHOOK_SIGNING_SECRET")).strip();
    String bearer = "Bearer " + Files.readString(temp.resolve("MARKETING_TOKEN")).strip();
    AtomicInteger number = new AtomicInteger();
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              String event = name + "-" + number.incrementAndGet();
              assertThat(post(event, token)).isEqualTo(202);
              await()
                  .atMost(PATIENCE)
                  .until(
                      () ->
                          ARRIVED.containsKey("marketing " + event)
                              && ARRIVED.containsKey("other " + event));
              return fits(ARRIVED.get("marketing " + event), own)
                  && fits(ARRIVED.get("other " + event), common)
                  && bearer.equals(ARRIVED.get("marketing " + event).header("authorization"));
            });
  }

  private static boolean fits(Arrival arrival, String secret) {
    return new Signature(secret)
        .of(
            arrival.header("webhook-id"),
            Long.parseLong(arrival.header("webhook-timestamp")),
            arrival.body())
        .equals(arrival.header("webhook-signature"));
  }
}
