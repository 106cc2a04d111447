package io.campaignroutes;

import static io.campaignroutes.ServiceClient.JSON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import io.campaignroutes.benchmark.DestinationsFile;
import io.campaignroutes.benchmark.EventLoad;
import io.campaignroutes.benchmark.EventLog;
import io.campaignroutes.benchmark.FreePort;
import io.campaignroutes.benchmark.LoadGenerator;
import io.campaignroutes.benchmark.ServiceProcess;
import io.campaignroutes.benchmark.StubDestination;
import io.campaignroutes.benchmark.StubDestination.Arrival;
import io.campaignroutes.benchmark.StubDestination.Reply;
import io.campaignroutes.sandbox.StubCxone;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The packaged service between a sender and destinations that do everything that can be done wrong
 * over HTTP. Each destination takes the events of the campaigns that begin with its name.
 */
class HttpAnswersIT {
  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Path LOG = Path.of("target", "webhook-answers-it.log");
  private static final String TOKEN = "answers-token-3e1f";
  private static final String OLD = "whsec_b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQtb2xkLW9sZC0=";
  private static final String NEW = "whsec_bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldy0=";
  private static final String OF_CAMPAIGNS = "whsec_Y2FtcGFpZ24tY2FtcGFpZ24tY2FtcGFpZ24tY2FtcA==";
  private static final List<String> NAMES =
      List.of("plain", "gone", "moved", "drip", "later", "refused", "flaky", "line", "rotated");

  @TempDir private static Path temp;
  private static StubCxone cxone;
  private static StubDestination destination;
  private static StubDestination elsewhere;
  private static ServiceProcess service;
  private static ServiceClient client;

  /** What each destination answers to its next requests; 200 when nothing is left. */
  private static final Map<String, Deque<Reply>> REPLIES = new ConcurrentHashMap<>();

  private static final List<Arrival> ARRIVALS = new CopyOnWriteArrayList<>();

  /** What was answered from the moment the port was open until the service was ready. */
  private static final Map<String, Raw> STARTING = new HashMap<>();

  @BeforeAll
  static void start() throws Exception {
    Files.createDirectories(LOG.getParent());
    Files.deleteIfExists(LOG);
    cxone = new StubCxone();
    elsewhere = new StubDestination(arrival -> Reply.status(200));
    destination =
        new StubDestination(
            arrival -> {
              ARRIVALS.add(arrival);
              Deque<Reply> replies = REPLIES.get(arrival.request().replace("POST /", ""));
              synchronized (REPLIES) {
                return replies == null || replies.isEmpty() ? Reply.status(200) : replies.remove();
              }
            });
    StringBuilder yaml = new StringBuilder("destinations:\n");
    for (String name : NAMES) {
      yaml.append("- name: %s\n  url: %s\n".formatted(name, url(name)))
          .append("  campaigns: ['%s-*']\n".formatted(name))
          .append("  secrets: '%s'\n".formatted(name.equals("rotated") ? NEW + " " + OLD : OLD));
    }
    yaml.append("- name: errors-only\n  url: %s\n".formatted(url("errors-only")))
        .append("  events: [CAMPAIGN_ERROR]\n  campaigns: ['filter-*']\n");
    service =
        start(
            temp.resolve("data"),
            Map.of("DELIVERY_RETRY_SCHEDULE", "100ms,200ms"),
            DestinationsFile.write(temp.resolve("destinations.yaml"), yaml.toString()));
    watchTheStart();
    service.awaitReady(START);
    client = new ServiceClient(service);
  }

  /** Asks for everything, again and again, as long as the service says that it is starting. */
  private static void watchTheStart() throws Exception {
    await("the port to be open").atMost(START).until(HttpAnswersIT::answers);
    for (Map<String, Raw> round = Map.of(); ; ) {
      STARTING.putAll(round);
      round = new HashMap<>();
      for (String request :
          List.of(
              "GET /actuator/health/liveness",
              "GET /",
              "GET /campaigns",
              "POST /campaigns",
              "POST /campaigns/create",
              "POST /campaigns/x/pause",
              "GET /deliveries",
              "GET /destinations",
              "GET /overview",
              "GET /system",
              "GET /openapi.json",
              "POST /webhooks/cxone",
              "GET /nowhere")) {
        round.put(request, send(service, request, "Host: localhost", List.of(), new byte[0]));
      }
      if (round.get("GET /nowhere").status() != 503) {
        return; // it was there before the round had ended
      }
    }
  }

  /**
   * Whether somebody answers at the port; a connection alone may be one to what stands before it.
   */
  private static boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(service.address());
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().read() >= 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static ServiceProcess start(
      Path data, Map<String, String> environment, String... properties) throws IOException {
    Map<String, String> all = new HashMap<>(cxone.environment());
    all.put("WEBHOOK_TOKEN", TOKEN);
    all.put("WEBHOOK_SIGNING_SECRET", OF_CAMPAIGNS);
    all.put("ALLOW_PRIVATE_DESTINATIONS", "true");
    all.putAll(environment);
    return ServiceProcess.start(PackagedService.command(), data, all, LOG, properties);
  }

  @AfterAll
  static void stop() throws Exception {
    if (service != null) {
      service.close();
    }
    destination.close();
    elsewhere.close();
    cxone.close();
  }

  @AfterEach
  void nothingWentElsewhere() {
    REPLIES.clear();
    assertThat(elsewhere.arrivals()).isZero();
  }

  private static String url(String name) {
    return "http://127.0.0.1:" + destination.port() + "/" + name;
  }

  private static ObjectNode event(String campaign, String eventId) {
    ObjectNode event =
        JSON.createObjectNode()
            .put("campaignId", campaign)
            .put("status", "ACTIVE")
            .put("timestamp", "2026-03-02T15:04:05Z")
            .put("eventType", "CAMPAIGN_ACTIVATED");
    return eventId == null ? event : event.put("eventId", eventId);
  }

  private static void replies(String name, Reply... replies) {
    synchronized (REPLIES) {
      REPLIES.put(name, new ArrayDeque<>(List.of(replies)));
    }
  }

  private static List<Arrival> arrivals(String campaign) {
    return ARRIVALS.stream().filter(a -> a.text().contains("\"" + campaign + "\"")).toList();
  }

  private static List<Arrival> awaitArrivals(String campaign, int count) {
    await("%d arrivals of %s".formatted(count, campaign))
        .atMost(SOON)
        .untilAsserted(() -> assertThat(arrivals(campaign)).hasSizeGreaterThanOrEqualTo(count));
    return arrivals(campaign);
  }

  private static List<JsonNode> deliveries(String query) {
    return client.all("/deliveries?" + query);
  }

  /** The only delivery of a campaign's event, when it has this status. */
  private static JsonNode awaitStatus(String campaign, String status) {
    return await("%s of %s".formatted(status, campaign))
        .atMost(SOON)
        .until(
            () -> deliveries("campaign=" + campaign),
            all -> all.size() == 1 && all.get(0).path("status").asText().equals(status))
        .get(0);
  }

  /** The event itself, which lists do not have. */
  private static JsonNode event(JsonNode delivery) {
    assertThat(delivery.has("event")).as("%s", delivery).isFalse();
    return client.get("/deliveries/" + delivery.path("id").asText()).body().path("event");
  }

  private static JsonNode attempts(JsonNode delivery) {
    return client.get("/deliveries/" + delivery.path("id").asText()).body().path("attempts");
  }

  private static JsonNode destinationNamed(String name) {
    for (JsonNode one : client.get("/destinations").body().path("items")) {
      if (one.path("name").asText().equals(name)) {
        return one;
      }
    }
    throw new AssertionError("no destination " + name);
  }

  // ---- as a sender does it: bytes on a socket, so that nothing is put right on the way

  private record Raw(int status, String head, String body) {
    private JsonNode json() throws IOException {
      return JSON.readTree(body);
    }
  }

  private static Raw post(ServiceProcess to, String target, List<String> headers, byte[] body)
      throws IOException {
    return send(to, "POST " + target, "Host: x", headers, body);
  }

  private static Raw send(
      ServiceProcess to, String request, String host, List<String> headers, byte[] body)
      throws IOException {
    boolean framed = headers.stream().anyMatch(h -> h.startsWith("Transfer-Encoding"));
    StringBuilder head = new StringBuilder(request + " HTTP/1.1\r\n" + host + "\r\n");
    headers.forEach(header -> head.append(header).append("\r\n"));
    if (!framed) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    head.append("Connection: close\r\n\r\n");
    try (Socket socket = new Socket()) {
      socket.connect(to.address());
      socket.setSoTimeout(20_000);
      OutputStream out = socket.getOutputStream();
      try {
        out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        out.write(framed ? chunked(body) : body);
        out.flush();
      } catch (IOException e) {
        // it has answered without reading all; the answer is what counts
      }
      byte[] answer = readAll(socket.getInputStream());
      String text = new String(answer, StandardCharsets.UTF_8);
      assertThat(text).as("an answer").startsWith("HTTP/1.1 ");
      int split = text.indexOf("\r\n\r\n");
      String answered = text.substring(0, split);
      String rest = text.substring(split + 4);
      return new Raw(
          Integer.parseInt(text.substring(9, 12)),
          answered,
          answered.toLowerCase().contains("transfer-encoding: chunked") ? unchunked(rest) : rest);
    }
  }

  private static byte[] readAll(InputStream in) {
    var all = new ByteArrayOutputStream();
    byte[] some = new byte[8_192];
    try {
      for (int n = in.read(some); n >= 0; n = in.read(some)) {
        all.write(some, 0, n);
      }
    } catch (IOException e) {
      return all.toByteArray(); // reset after the answer, because not all was read
    }
    return all.toByteArray();
  }

  private static byte[] chunked(byte[] body) throws IOException {
    var out = new ByteArrayOutputStream();
    for (int from = 0; from < body.length; from += 8_192) {
      int length = Math.min(8_192, body.length - from);
      out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      out.write(body, from, length);
      out.write("\r\n".getBytes(StandardCharsets.ISO_8859_1));
    }
    out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    return out.toByteArray();
  }

  private static String unchunked(String chunks) {
    StringBuilder body = new StringBuilder();
    int at = 0;
    while (true) {
      int line = chunks.indexOf("\r\n", at);
      int length = Integer.parseInt(chunks.substring(at, line), 16); // answers are plain ASCII
      if (length == 0) {
        return body.toString();
      }
      body.append(chunks, line + 2, line + 2 + length);
      at = line + 2 + length + 2;
    }
  }

  private static List<String> good(String... more) {
    List<String> headers =
        new ArrayList<>(List.of("Content-Type: application/json", "X-Webhook-Token: " + TOKEN));
    headers.addAll(List.of(more));
    return headers;
  }

  private static Raw post(String body) throws IOException {
    return post(service, "/webhooks/cxone", good(), body.getBytes(StandardCharsets.UTF_8));
  }

  private static Raw accepted(ObjectNode event) throws IOException {
    Raw answer = post(event.toString());
    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    return answer;
  }

  // ---- without an API key

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "192.168.1.7:8080",
        "0.0.0.0",
        "[::2]:8080"
      })
  void whoeverNamesAnotherMachineIsRefusedEverywhereButAtTheReceiver(String host) throws Exception {
    for (String request :
        List.of(
            "GET /campaigns",
            "GET /",
            "GET /system",
            "GET /console/js/main.js",
            "GET /actuator/health/liveness",
            "GET /actuator/prometheus",
            "GET /events",
            "POST /campaigns/nobody/pause")) {
      Raw answer = send(service, request, "Host: " + host, List.of(), new byte[0]);
      assertThat(answer.status()).as("%s as %s", request, host).isEqualTo(403);
      assertThat(answer.head()).contains("application/problem+json");
    }
    byte[] event = event("plain-host", "evt-host").toString().getBytes(StandardCharsets.UTF_8);
    assertThat(send(service, "POST /webhooks/cxone", "Host: " + host, good(), event).status())
        .isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LocalHost:1",
        "127.0.0.1:8080",
        "127.1.2.3",
        "[::1]:8080",
        "app.localhost"
      })
  void whoeverNamesThisMachineIsServed(String host) throws Exception {
    Raw answer = send(service, "GET /campaigns", "Host: " + host, List.of(), new byte[0]);
    assertThat(answer.status()).as(host).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: http://evil.example",
        "Origin: null",
        "Origin: http://localhost:3000",
        "Origin: http://localhost:8080.evil.example",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site"
      })
  void anotherOriginsPageChangesNothing(String header) throws Exception {
    for (String request :
        List.of("POST /campaigns/nobody/pause", "POST /campaigns", "DELETE /campaigns")) {
      Raw answer =
          send(service, request, "Host: localhost:8080", List.of(header), new byte[] {'{', '}'});
      assertThat(answer.status()).as("%s with %s", request, header).isEqualTo(403);
    }
    assertThat(
            send(service, "GET /campaigns", "Host: localhost:8080", List.of(header), new byte[0])
                .status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: http://localhost:8080",
        "Sec-Fetch-Site: same-origin",
        "Sec-Fetch-Site: none"
      })
  void theServicesOwnPageGivesCommands(String header) throws Exception {
    Raw answer =
        send(
            service,
            "POST /campaigns/nobody/pause",
            "Host: localhost:8080",
            List.of(header),
            new byte[0]);
    assertThat(answer.status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-For: 10.0.0.1",
        "X-Forwarded-Host: ops.example.com",
        "X-Forwarded-Prefix: /dialer",
        "Forwarded: for=10.0.0.1",
        "X-Real-IP: 10.0.0.1",
        "Via: 1.1 proxy"
      })
  void whatAProxyHasPassedOnIsAnsweredNowhereButAtTheReceiver(String header) throws Exception {
    for (String request : List.of("GET /campaigns", "GET /", "POST /campaigns/nobody/pause")) {
      Raw answer = send(service, request, "Host: localhost", List.of(header), new byte[0]);
      assertThat(answer.status()).as("%s with %s", request, header).isEqualTo(403);
      assertThat(answer.json().path("detail").asText()).contains("API_KEY");
    }
    byte[] event = event("plain-proxy", "evt-proxy").toString().getBytes(StandardCharsets.UTF_8);
    assertThat(post(service, "/webhooks/cxone", good(header), event).status()).isEqualTo(202);
  }

  // ---- as HTTP has it

  @Test
  void nothingIsNotFoundWhileTheServiceStarts() throws Exception {
    assertThat(STARTING.keySet()).contains("GET /campaigns", "POST /campaigns", "GET /overview");
    for (var one : STARTING.entrySet()) {
      Raw answer = one.getValue();
      if (one.getKey().endsWith(" /") || one.getKey().endsWith("/liveness")) {
        assertThat(answer.status()).as(one.getKey()).isEqualTo(200);
      } else {
        assertProblem(one.getKey(), answer, 503);
        assertThat(answer.head().toLowerCase()).containsPattern("retry-after: \\d+");
        assertThat(answer.json().path("title").asText()).isEqualTo("Starting");
      }
    }
  }

  private static void assertProblem(String what, Raw answer, int status) throws Exception {
    assertThat(answer.status()).as("%s: %s", what, answer.body()).isEqualTo(status);
    assertThat(answer.head().toLowerCase())
        .as(what)
        .contains("content-type: application/problem+json");
    assertThat(answer.json().path("status").asInt()).as(what).isEqualTo(status);
    assertThat(answer.json().path("title").asText()).as(what).isNotBlank();
    assertThat(answer.json().path("detail").asText()).as(what).isNotBlank();
    assertThat(answer.json().path("correlationId").asText()).as(what).isNotBlank();
    assertThat(answer.body()).doesNotContain("Exception", "org.apache", "Tomcat", "\tat ", "null");
  }

  /** Bytes as they are, and nothing after them. */
  private static String exchange(byte[] request) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(service.address());
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request);
      socket.shutdownOutput();
      return new String(readAll(socket.getInputStream()), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400|GET /campaigns/a%00b HTTP/1.1~Host: x",
        "400|GET /campaigns/a%zzb HTTP/1.1~Host: x",
        "400|GET /campaigns/a%ffb HTTP/1.1~Host: x",
        "400|GET /campaigns/\u00fc HTTP/1.1~Host: x",
        "400|GET /campaigns/a\\b HTTP/1.1~Host: x",
        "400|GET /campaigns/<a> HTTP/1.1~Host: x",
        "400|GET /campaigns?q=\u00fc HTTP/1.1~Host: x",
        "400|GET /campaigns/%2e%2e/system HTTP/1.1~Host: localhost",
        "400|GET //campaigns HTTP/1.1~Host: localhost",
        "400|GET /campaigns;a=b HTTP/1.1~Host: localhost",
        "400|GET campaigns HTTP/1.1~Host: x",
        "400|G{T /campaigns HTTP/1.1~Host: x",
        "400|hello",
        "400|GET /campaigns HTTP/1.1",
        "400|GET /campaigns HTTP/1.1~Host: x~Host: x",
        "400|GET /campaigns HTTP/1.1~Host: a b",
        "400|GET /campaigns HTTP/1.1~Host: x:9x",
        "400|GET /campaigns HTTP/1.1~Host: x~Bad Name: 1",
        "400|GET /campaigns HTTP/1.1~Host: x~No colon",
        "400|GET /campaigns HTTP/1.1~Host: x~X-A: LONG",
        "400|GET /campaigns?q=LONG HTTP/1.1~Host: x",
        "400|POST /campaigns HTTP/1.1~Host: x~Content-Length: 2~Content-Length: 3~~{} ",
        "400|POST /campaigns HTTP/1.1~Host: x~Content-Length: 2~Content-Length: 2~~{}",
        "400|POST /campaigns HTTP/1.1~Host: x~Content-Length: -1",
        "400|POST /campaigns HTTP/1.1~Host: x~Content-Length: 99999999999999999999~~{}",
        "400|POST /campaigns HTTP/1.1~Host: x~Transfer-Encoding: chunked, chunked~~0~~",
        "501|POST /campaigns HTTP/1.1~Host: x~Transfer-Encoding: foo~~{}",
        "501|POST /campaigns HTTP/1.1~Host: x~Transfer-Encoding: gzip, chunked~~0~~",
        "417|POST /campaigns HTTP/1.1~Host: x~Expect: foo~Content-Length: 2~~{}",
        "501|CONNECT x:80 HTTP/1.1~Host: x",
        "505|GET /campaigns HTTP/1.2~Host: x",
        "505|GET /campaigns HTTP/2.0~Host: x",
        "505|GET /campaigns HTPP/1.1~Host: x",
        "505|PRI * HTTP/2.0~~SM~~",
        "403|GET /campaigns HTTP/1.0",
        "405|FOO /campaigns HTTP/1.1~Host: localhost",
        "405|get /campaigns HTTP/1.1~Host: localhost",
        "405|TRACE /campaigns HTTP/1.1~Host: localhost",
        "405|DELETE /campaigns HTTP/1.1~Host: localhost",
        "405|POST /events HTTP/1.1~Host: localhost~Content-Length: 0",
        "404|GET /console/..%2Fevents HTTP/1.1~Host: localhost",
        "404|GET /console/..%5C..%5Capplication.yaml HTTP/1.1~Host: localhost",
        "406|GET /actuator/health HTTP/1.1~Host: localhost~Accept: image/png",
        "416|GET / HTTP/1.1~Host: localhost~Range: bytes=99999999-",
        // a body that is cut short, and chunks that are none
        "400|POST /campaigns HTTP/1.1~Host: localhost~JSON~Content-Length: 20~~{}",
        "400|POST /campaigns HTTP/1.1~Host: localhost~JSON~Transfer-Encoding: chunked~~5~{}",
        "400|POST /campaigns HTTP/1.1~Host: localhost~JSON~Transfer-Encoding: chunked~~zz~{}~0~~",
        "400|POST /webhooks/cxone HTTP/1.1~Host: x~TOKEN~JSON~Content-Length: 20~~{}",
        "400|POST /webhooks/cxone HTTP/1.1~Host: x~TOKEN~JSON~Transfer-Encoding: chunked~~zz~{}~"
      })
  void whatBreaksARuleOfHttpIsAnsweredByAProblem(int status, String request) throws Exception {
    String text = request.contains("~~") ? request : request + "~~";
    text =
        text.replace("TOKEN", "X-Webhook-Token: " + TOKEN)
            .replace("JSON", "Content-Type: application/json")
            .replace("LONG", "a".repeat(9_000))
            .replace("~", "\r\n");
    String answer = exchange(text.getBytes(StandardCharsets.UTF_8));
    assertThat(answer).startsWith("HTTP/1.1 " + status);
    int split = answer.indexOf("\r\n\r\n");
    String head = answer.substring(0, split);
    String body = answer.substring(split + 4);
    Raw raw =
        new Raw(
            status,
            head,
            head.toLowerCase().contains("transfer-encoding: chunked") ? unchunked(body) : body);
    if (request.contains("PRI *")) {
      assertThat(raw.json().path("status").asInt()).isEqualTo(505);
    } else {
      assertProblem(request, raw, status);
    }
  }

  @Test
  void theStreamOfChangesHasAHeadThatEnds() throws Exception {
    String answer =
        exchange(
            "HEAD /events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                .getBytes(StandardCharsets.UTF_8));
    assertThat(answer).startsWith("HTTP/1.1 200").containsIgnoringCase("text/event-stream");
  }

  @Test
  void anIdIsDecodedOnceWhereverItStands() throws Exception {
    JsonNode created = client.create("decoded").body();
    String id = created.path("campaignId").asText().replace("_", "%5F");
    String remote = created.path("cxoneCampaignId").asText();
    String remoteEncoded = "%%%02x%s".formatted((int) remote.charAt(0), remote.substring(1));
    for (String one : List.of(id, remoteEncoded)) {
      for (String what :
          List.of("", "/metrics", "/pacing", "/audit", "/audit/check", "/diagnosis")) {
        assertThat(get("/campaigns/" + one + what).status()).as(one + what).isEqualTo(200);
      }
      assertThat(client.command(one, "pause", 10).status()).isIn(200, 202, 409);
    }
    assertThat(get("/destinations/%70lain").status()).isEqualTo(200);
    for (String encoded :
        List.of("a%2Fb", "a%2fb", "a%3Ab", "a%253Ab", "a%25b", "a%3Bb", "a%5Cb")) {
      String meant = java.net.URLDecoder.decode(encoded, StandardCharsets.UTF_8);
      for (String path :
          List.of(
              "GET /campaigns/%s",
              "GET /campaigns/%s/metrics",
              "GET /campaigns/%s/pacing",
              "GET /campaigns/%s/audit",
              "GET /campaigns/%s/diagnosis",
              "POST /campaigns/%s/pause",
              "POST /campaigns/%s/retry",
              "GET /deliveries/%s",
              "POST /deliveries/%s/replay",
              "GET /destinations/%s",
              "POST /destinations/%s/off")) {
        String request = path.formatted(encoded);
        Raw answer = send(service, request, "Host: localhost", List.of(), new byte[0]);
        assertProblem(request, answer, 404);
        assertThat(answer.json().path("detail").asText()).as(request).contains("'" + meant + "'");
      }
    }
    // what stands in the query is no id
    assertThat(get("/campaigns/" + id + "?id=none").status()).isEqualTo(200);
  }

  private static Raw get(String target) throws IOException {
    return send(service, "GET " + target, "Host: localhost", List.of(), new byte[0]);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Authorization|Bearer a|Bearer a",
        "Content-Type|application/json|text/plain",
        "Idempotency-Key|a|a",
        "X-Webhook-Token|a|b"
      })
  void aHeaderThatDecidesStandsThereOnce(String name, String one, String other) throws Exception {
    for (String request : List.of("POST /campaigns", "POST /webhooks/cxone", "GET /campaigns")) {
      List<String> headers = List.of(name + ": " + one, name.toLowerCase() + ": " + other);
      Raw answer = send(service, request, "Host: localhost", headers, new byte[] {'{', '}'});
      assertProblem(request, answer, 400);
      assertThat(answer.json().path("detail").asText()).contains(name, "once");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "\"\""})
  void anEmptyIdempotencyKeyIsNotTakenForNone(String key) throws Exception {
    for (String target : List.of("POST /campaigns", "POST /campaigns/create")) {
      Raw answer =
          send(
              service,
              target,
              "Host: localhost",
              List.of("Content-Type: application/json", "Idempotency-Key: " + key),
              ServiceClient.request("empty key").toString().getBytes(StandardCharsets.UTF_8));
      assertProblem(target, answer, 400);
      assertThat(answer.json().path("detail").asText()).contains("Idempotency-Key is empty");
    }
    assertThat(client.named("empty key")).isNull();
  }

  @Test
  void severalPreferencesAreReadTogether() throws Exception {
    long began = System.nanoTime();
    Raw answer =
        send(
            service,
            "POST /campaigns/create",
            "Host: localhost",
            List.of("Content-Type: application/json", "Prefer: respond-async", "Prefer: wait=0"),
            ServiceClient.request("two preferences").toString().getBytes(StandardCharsets.UTF_8));
    assertThat(answer.status()).as(answer.body()).isIn(201, 202);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/campaigns?after=nope|after",
        "/campaigns?after=dlv_01m8frtdeq10m935dqyhj9gr75|after",
        "/campaigns?limit=abc|limit",
        "/campaigns?limit=1&limit=2|limit",
        "/campaigns?status=ACTIVE&status=PAUSED|status",
        "/campaigns?status=DIALING|status",
        "/campaigns?status=%zz|status",
        "/deliveries?after=nope|after",
        "/deliveries?status=DEAD&status=PARKED|status",
        "/deliveries?destination=%ff|destination",
        "/destinations?limit=-1|limit",
        "/overview?offset=x|offset",
        "/overview?sort=name&sort=rate|sort"
      })
  void aQueryThatIsNotUnderstoodIsNoEmptyList(String target, String field) throws Exception {
    Raw answer = get(target);
    assertProblem(target, answer, 422);
    assertThat(answer.json().at("/errors/0/field").asText()).isEqualTo(field);
    assertThat(answer.json().at("/errors/0/message").asText()).contains(field);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/campaigns?after=&limit=5&status=",
        "/campaigns?status=active",
        "/campaigns?after=cmp_01m8frtdeq10m935dqyhj9gr75",
        "/deliveries?after=&status=DEAD&sort=-created",
        "/overview?offset=0&limit=100&sort=-taken&status=ACTIVE%2CPAUSED&q=100%25"
      })
  void aQueryThatIsUnderstoodIsAnswered(String target) throws Exception {
    assertThat(get(target).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/x-www-form-urlencoded|id=x",
        "application/x-www-form-urlencoded|a",
        "multipart/form-data|id=x",
        "multipart/form-data; boundary=b|--b\r\nContent-Disposition: form-data;"
            + " name=\"id\"\r\n\r\nx\r\n--b--\r\n",
        "text/plain|pause",
        "application/xml|<a/>",
        "json|{}",
        "|{}"
      })
  void aCommandTakesJsonOrNothing(String typeAndBody) throws Exception {
    String id = client.create("commands").body().path("campaignId").asText();
    if (id.isEmpty()) {
      id = client.named("commands").path("id").asText();
    }
    String[] parts = typeAndBody.split("\\|", 2);
    List<String> headers = parts[0].isEmpty() ? List.of() : List.of("Content-Type: " + parts[0]);
    for (String target :
        List.of(
            "/campaigns/" + id + "/pause",
            "/campaigns/" + id + "/resume",
            "/campaigns/" + id + "/stop",
            "/campaigns/" + id + "/retry",
            "/deliveries/x/replay",
            "/deliveries/replay",
            "/destinations/plain/on",
            "/destinations/plain/off",
            "/campaigns",
            "/campaigns/create",
            "/campaigns/validate")) {
      Raw answer =
          send(
              service,
              "POST " + target,
              "Host: localhost",
              headers,
              parts[1].getBytes(StandardCharsets.UTF_8));
      assertProblem(target + " with " + typeAndBody, answer, 415);
      assertThat(answer.json().path("detail").asText()).contains("application/json");
    }
    assertThat(client.stage("commands")).isEqualTo("ACTIVE");
    assertThat(destinationNamed("plain").path("on").asBoolean()).isTrue();
  }

  @Test
  void aCommandWithoutABodyIsCarriedOutWhateverItsType() throws Exception {
    String id = client.create("without a body").body().path("campaignId").asText();
    String form = "Content-Type: application/x-www-form-urlencoded"; // as curl -d '' has it
    String pause = "POST /campaigns/" + id + "/pause";
    assertThat(send(service, pause, "Host: localhost", List.of(form), new byte[0]).status())
        .isBetween(200, 202);
    await().atMost(SOON).until(() -> client.stage("without a body").equals("PAUSED"));
    String resume = "POST /campaigns/" + id + "/resume";
    assertThat(send(service, resume, "Host: localhost", List.of(), new byte[0]).status())
        .isBetween(200, 202);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "br", "GZIP", "identity, gzip", "nonsense"})
  void aCompressedBodyIs415AndKeptNowhere(String encoding) throws Exception {
    byte[] event = event("plain-gzip", "evt-gzip").toString().getBytes(StandardCharsets.UTF_8);
    List<String> encoded = good("Content-Encoding: " + encoding);
    for (String target :
        List.of("/webhooks/cxone", "/campaigns", "/campaigns/x/pause", "/deliveries/replay")) {
      Raw answer = send(service, "POST " + target, "Host: localhost", encoded, event);
      assertProblem(target, answer, 415);
      assertThat(answer.head()).containsIgnoringCase("accept-encoding: identity");
    }
    List<String> stranger =
        List.of("Content-Type: application/json", "Content-Encoding: " + encoding);
    assertThat(post(service, "/webhooks/cxone", stranger, event).status()).isEqualTo(401);
    assertThat(deliveries("campaign=plain-gzip")).isEmpty();
  }

  @Test
  void identityIsNoEncoding() throws Exception {
    byte[] event = event("plain-identity", "evt-id").toString().getBytes(StandardCharsets.UTF_8);
    assertThat(post(service, "/webhooks/cxone", good("Content-Encoding: identity"), event).status())
        .isEqualTo(202);
  }

  // ---- in

  @Test
  void withoutTheTokenNothingIsStored() throws Exception {
    byte[] body = event("plain-token", "evt-token").toString().getBytes(StandardCharsets.UTF_8);
    List<List<String>> unknown =
        List.of(
            List.of("Content-Type: application/json"),
            List.of("Content-Type: application/json", "X-Webhook-Token: " + TOKEN + "x"),
            List.of("Content-Type: application/json", "X-Webhook-Token: "),
            List.of("Content-Type: application/json", "Authorization: Bearer " + TOKEN));
    for (List<String> headers : unknown) {
      Raw answer = post(service, "/webhooks/cxone", headers, body);
      assertThat(answer.status()).as("%s", headers).isEqualTo(401);
      assertThat(answer.head().toLowerCase()).contains("application/problem+json");
      assertThat(answer.body()).doesNotContain(TOKEN);
    }
    assertThat(deliveries("campaign=plain-token")).isEmpty();
    accepted(event("plain-token", "evt-token"));
    awaitStatus("plain-token", "DELIVERED");
    assertThat(arrivals("plain-token")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "{", "{\"campaignId\":", "[]", "[{}]", "\"text\"", "17", "null", "true"})
  void whatIsNoJsonObjectIs400(String body) throws Exception {
    Raw answer = post(body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.json().path("detail").asText()).isNotBlank();
    assertThat(answer.body()).doesNotContain("Exception", "com.fasterxml", "\tat ");
  }

  @Test
  void invalidUtf8Is400() throws Exception {
    byte[] body = event("plain-utf8", "x").toString().getBytes(StandardCharsets.UTF_8);
    body[body.length - 3] = (byte) 0xff;
    assertThat(post(service, "/webhooks/cxone", good(), body).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "timestamp", "eventType"})
  void anEventWithoutAFieldIsParkedWithTheReasonAndReplayedAsItIs(String field) throws Exception {
    ObjectNode event = event("plain-no-" + field, "evt-no-" + field);
    event.remove(field);
    JsonNode parked = assertParked(event, field);
    assertThat(replay(parked).status()).isEqualTo(202);
    assertThat(awaitArrivals("plain-no-" + field, 1).get(0).text()).isEqualTo(event.toString());
  }

  @Test
  void anEventOfAnUnknownTypeIsParkedWithTheReasonAndReplayedAsItIs() throws Exception {
    ObjectNode event =
        event("plain-new-type", "evt-new-type").put("eventType", "CAMPAIGN_TELEPORTED");
    JsonNode parked = assertParked(event, "CAMPAIGN_TELEPORTED");
    assertThat(replay(parked).status()).isEqualTo(202);
    Arrival arrival = awaitArrivals("plain-new-type", 1).get(0);
    assertThat(arrival.text()).isEqualTo(event.toString());
    verify(OLD, arrival);
  }

  @Test
  void anEventThatNoDestinationTakesStaysParkedWhenItIsReplayed() throws Exception {
    ObjectNode event = event("plain-nobody", "evt-nobody");
    event.remove("campaignId");
    JsonNode parked = assertParked(event, "campaignId");
    ServiceClient.Answer refused = replay(parked);
    assertThat(refused.status()).as("%s", refused.body()).isEqualTo(409);
    parked("evt-nobody");
  }

  private static ServiceClient.Answer replay(JsonNode delivery) {
    return client.post(
        "/deliveries/" + delivery.path("id").asText() + "/replay", JSON.createObjectNode());
  }

  /** Posts it twice; it is there once, and nothing was sent. */
  private static JsonNode assertParked(ObjectNode event, String reason) throws Exception {
    for (int n = 0; n < 2; n++) {
      Raw answer = accepted(event);
      assertThat(answer.json().path("status").asText()).isEqualTo("parked");
      assertThat(answer.json().path("detail").asText()).contains(reason);
    }
    JsonNode parked = parked(event.path("eventId").asText());
    assertThat(parked.path("lastError").asText()).contains(reason);
    assertThat(parked.path("destination").isNull()).isTrue();
    assertThat(ARRIVALS).noneMatch(a -> a.text().contains(event.path("eventId").asText()));
    return parked;
  }

  private static JsonNode parked(String eventId) {
    List<JsonNode> found =
        deliveries("status=PARKED").stream()
            .filter(d -> event(d).path("eventId").asText().equals(eventId))
            .toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  @Test
  void theSameEventAgainIsStoredAndDeliveredOnce() throws Exception {
    JsonNode first = accepted(event("plain-twice", "evt-twice")).json();
    JsonNode second = accepted(event("plain-twice", "evt-twice")).json();
    assertThat(second.path("eventId")).isEqualTo(first.path("eventId"));
    accepted(event("plain-twice", "evt-after-twice"));
    awaitArrivals("plain-twice", 2);
    assertThat(deliveries("campaign=plain-twice")).hasSize(2);
    assertThat(arrivals("plain-twice"))
        .extracting(a -> JSON.readTree(a.body()).path("eventId").asText())
        .containsExactly("evt-twice", "evt-after-twice");
  }

  @Test
  void withoutAnEventIdTheFourFieldsTellWhetherItIsTheSame() throws Exception {
    accepted(event("plain-four", null));
    accepted(event("plain-four", null).put("note", "sent again by hand"));
    accepted(event("plain-four", null).put("timestamp", "2026-03-02T15:04:06Z"));
    awaitArrivals("plain-four", 2);
    assertThat(deliveries("campaign=plain-four")).hasSize(2);
    assertThat(arrivals("plain-four"))
        .extracting(a -> JSON.readTree(a.body()).path("timestamp").asText())
        .containsExactly("2026-03-02T15:04:05Z", "2026-03-02T15:04:06Z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Transfer-Encoding: chunked"})
  void moreThanAMebibyteIs413(String framing) throws Exception {
    ObjectNode event = event("plain-large", "evt-large").put("note", "x".repeat(2 << 20));
    List<String> headers = framing.isEmpty() ? good() : good(framing);
    Raw answer =
        post(
            service, "/webhooks/cxone", headers, event.toString().getBytes(StandardCharsets.UTF_8));
    assertThat(answer.status()).as(answer.body()).isEqualTo(413);
    assertThat(answer.body()).contains("1 MiB").doesNotContain("inbox");
    assertThat(deliveries("campaign=plain-large")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Transfer-Encoding: chunked"})
  void whatIsJustSmallEnoughArrivesByteForByte(String framing) throws Exception {
    String campaign = "plain-just-" + (framing.isEmpty() ? "sized" : "chunked");
    byte[] body =
        event(campaign, campaign)
            .put("note", "gr\u00f6\u00dfer \ud83d\ude00 ".repeat(68_000))
            .toPrettyString()
            .getBytes(StandardCharsets.UTF_8);
    assertThat(body.length).isBetween(900_000, 1 << 20);
    List<String> headers = framing.isEmpty() ? good() : good(framing);
    assertThat(post(service, "/webhooks/cxone", headers, body).status()).isEqualTo(202);
    Arrival arrival = awaitArrivals(campaign, 1).get(0);
    assertThat(Arrays.equals(arrival.body(), body)).as("the same bytes").isTrue();
    verify(OLD, arrival);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Type: text/plain", "Content-Type: application/xml"})
  void anotherContentTypeIs415(String header) throws Exception {
    byte[] body = event("plain-type", "evt-type").toString().getBytes(StandardCharsets.UTF_8);
    Raw answer =
        post(service, "/webhooks/cxone", List.of(header, "X-Webhook-Token: " + TOKEN), body);
    assertThat(answer.status()).isEqualTo(415);
    assertThat(deliveries("campaign=plain-type")).isEmpty();
  }

  @Test
  void aCharsetBehindTheContentTypeIsNoHindrance() throws Exception {
    byte[] body = event("plain-set", "evt-set").toString().getBytes(StandardCharsets.UTF_8);
    List<String> headers =
        List.of("Content-Type: application/json; charset=UTF-8", "x-webhook-token: " + TOKEN);
    assertThat(post(service, "/webhooks/cxone", headers, body).status()).isEqualTo(202);
    awaitArrivals("plain-set", 1);
  }

  @Test
  void headersOfTheSenderDoNotSteerTheForward() throws Exception {
    String there = elsewhere.url();
    byte[] body = event("plain-steer", "evt-steer").toString().getBytes(StandardCharsets.UTF_8);
    List<String> headers =
        good(
            "CamelHttpUri: " + there,
            "CAMELHTTPURI: " + there,
            "camelHttpUri: " + there,
            "CamelHttpMethod: DELETE",
            "CAMELHTTPMETHOD: PUT",
            "CamelHttpPath: /elsewhere",
            "CamelHttpQuery: a=b",
            "CamelHttpRawQuery: a=b",
            "CamelHttpResponseCode: 500",
            "CamelFileName: ../../steer",
            "CamelDestinationOverrideUrl: " + there,
            "webhook-id: mine",
            "webhook-signature: v1,mine",
            "X-Forwarded-Host: elsewhere",
            "Cookie: session=1");
    Raw answer =
        post(service, "/webhooks/cxone?CamelHttpUri=" + there + "&httpMethod=PUT", headers, body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    awaitStatus("plain-steer", "DELIVERED");
    List<Arrival> arrivals = arrivals("plain-steer");
    assertThat(arrivals).hasSize(1);
    assertThat(arrivals.get(0).request()).isEqualTo("POST /plain");
    assertThat(arrivals.get(0).head().toLowerCase())
        .doesNotContain("camel", "x-webhook-token", TOKEN, "cookie", "x-forwarded", "elsewhere");
    assertThat(arrivals.get(0).header("webhook-id")).isNotEqualTo("mine");
    verify(OLD, arrivals.get(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "DELETE"})
  void anotherVerbIs405(String verb) throws Exception {
    try (Socket socket = new Socket()) {
      socket.connect(service.address());
      socket.setSoTimeout(10_000);
      String request =
          verb
              + " /webhooks/cxone HTTP/1.1\r\nHost: x\r\nX-Webhook-Token: "
              + TOKEN
              + "\r\nContent-Type: application/json\r\nContent-Length: 0\r\n"
              + "Connection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      assertThat(new String(readAll(socket.getInputStream()), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 405")
          .contains("is not allowed at /webhooks/cxone, only POST; /openapi.json");
    }
  }

  /** A long run is {@code -Dwebhooks.campaigns=100000}. */
  @Test
  void veryManyCampaignsLeaveNothingBehindInMemory() throws Exception {
    int campaigns = Integer.getInteger("webhooks.campaigns", 4_000);
    var load = new EventLoad(TOKEN, 16, campaigns / 16).upTo(campaigns);
    var log = new EventLog(load, OLD, 100);
    try (var all =
            new StubDestination(
                arrival -> {
                  log.note(arrival, true);
                  return Reply.status(204);
                });
        var small =
            ServiceProcess.start(
                    PackagedService.command("-Xmx96m"),
                    temp.resolve("many"),
                    environment(),
                    LOG,
                    DestinationsFile.write(
                        temp.resolve("many.yaml"),
                        List.of(new DestinationsFile.Destination("all", all.url(), OLD, 0))))
                .awaitReady(START)) {
      var asked = new ServiceClient(small);
      long metrics = asked.text("/actuator/prometheus").lines().count();
      LoadGenerator.run(small.address(), 16, 0, load, small::isAlive);
      await()
          .atMost(Duration.ofSeconds(60 + campaigns / 500))
          .untilAsserted(() -> assertThat(log.distinct()).isEqualTo(campaigns));
      assertThat(log.wrong()).isEmpty();
      assertThat(load.repeats()).isZero();
      // the first event brings some figures of its own; campaigns must not
      assertThat(asked.text("/actuator/prometheus").lines().count()).isLessThan(metrics + 200);
      assertThat(small.figures().peakResidentMb()).as("MiB resident").isLessThan(420);
    }
  }

  private static Map<String, String> environment() {
    Map<String, String> all = new HashMap<>(cxone.environment());
    all.put("WEBHOOK_TOKEN", TOKEN);
    all.put("ALLOW_PRIVATE_DESTINATIONS", "true");
    return all;
  }

  @Test
  void whileTheStoreIsGoneTheAnswerIs503AndAfterwardsItGoesOn() throws Exception {
    int port = FreePort.any();
    Path data = temp.resolve("postgres");
    String url;
    ServiceProcess beside;
    try (EmbeddedPostgres postgres = postgres(data, port)) {
      url = postgres.getJdbcUrl("postgres", "postgres");
      beside =
          start(
                  temp.resolve("beside"),
                  Map.of("SPRING_DATASOURCE_URL", url, "SPRING_DATASOURCE_USERNAME", "postgres"),
                  DestinationsFile.write(
                      temp.resolve("beside.yaml"),
                      "destinations:\n- name: one\n  url: %s\n  secrets: %s\n"
                          .formatted(url("plain"), OLD)))
              .awaitReady(START);
      assertThat(postTo(beside, event("plain-store", "evt-store-1")).status()).isEqualTo(202);
      awaitArrivals("plain-store", 1);
    } catch (Exception | AssertionError e) {
      throw new AssertionError("with the store there", e);
    }
    try (beside) {
      long start = System.nanoTime();
      Raw answer = postTo(beside, event("plain-store", "evt-store-2"));
      assertThat(answer.status()).as(answer.body()).isEqualTo(503);
      assertThat(answer.head().toLowerCase()).containsPattern("retry-after: \\d+");
      assertThat(answer.body()).doesNotContain("jdbc", "org.postgresql", "SQL");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
      try (EmbeddedPostgres back = postgres(data, port)) {
        assertThat(back.getPort()).isEqualTo(port);
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> postTo(beside, event("plain-store", "evt-store-2")).status() == 202);
        awaitArrivals("plain-store", 2);
        assertThat(arrivals("plain-store"))
            .extracting(a -> JSON.readTree(a.body()).path("eventId").asText())
            .containsExactly("evt-store-1", "evt-store-2");
        beside.kill();
      }
    }
  }

  private static EmbeddedPostgres postgres(Path data, int port) throws IOException {
    return EmbeddedPostgres.builder()
        .setDataDirectory(data)
        .setCleanDataDirectory(false)
        .setPort(port)
        .setServerConfig("synchronous_commit", "on")
        .start();
  }

  private static Raw postTo(ServiceProcess to, ObjectNode event) throws IOException {
    byte[] body = event.toString().getBytes(StandardCharsets.UTF_8);
    return post(to, "/webhooks/cxone", good(), body);
  }

  // ---- out

  private static void verify(String secret, Arrival arrival) {
    assertThatCode(() -> webhook(secret, arrival)).doesNotThrowAnyException();
  }

  /** What the official library of the specification thinks of it. */
  private static void webhook(String secret, Arrival arrival) throws WebhookVerificationException {
    new Webhook(secret).verify(arrival.text(), headers(arrival));
  }

  private static Map<String, List<String>> headers(Arrival arrival) {
    Map<String, List<String>> headers = new HashMap<>();
    for (String name : List.of("webhook-id", "webhook-timestamp", "webhook-signature")) {
      headers.put(name, List.of(arrival.header(name)));
    }
    return headers;
  }

  @Test
  void aDeliveryIsSignedAsTheOfficialLibraryWantsIt() throws Exception {
    ObjectNode event = event("plain-signed", "evt-signed").put("note", "\u00e4 \u2028 \"x\"");
    accepted(event);
    Arrival arrival = awaitArrivals("plain-signed", 1).get(0);
    verify(OLD, arrival);
    assertThatThrownBy(() -> webhook(NEW, arrival))
        .isInstanceOf(WebhookVerificationException.class);
    assertThat(arrival.text()).isEqualTo(event.toString());
    assertThat(arrival.header("content-type")).startsWith("application/json");
    assertThat(arrival.header("webhook-id")).doesNotContain(".");
    JsonNode delivery = awaitStatus("plain-signed", "DELIVERED");
    assertThat(delivery.path("destination").asText()).isEqualTo("plain");
    assertThat(delivery.path("attemptCount").asInt()).isEqualTo(1);
    assertThat(delivery.path("lastStatus").asInt()).isEqualTo(200);
    assertThat(attempts(delivery)).hasSize(1);
  }

  /** Needs node and npm, and is left out where they are not there. */
  @Test
  void aDeliveryIsSignedAsTheOfficialNpmLibraryWantsIt() throws Exception {
    Path library = Files.createDirectories(temp.resolve("npm"));
    Path source = Path.of("src/test/npm/standardwebhooks");
    for (String file : List.of("package.json", "package-lock.json", "verify.js")) {
      Files.copy(source.resolve(file), library.resolve(file));
    }
    assumeThat(exit(library, "", "node", "--version")).as("node is there").isZero();
    assumeThat(exit(library, "", "npm", "ci", "--no-audit", "--no-fund"))
        .as("npm has installed the library")
        .isZero();
    accepted(event("plain-npm", "evt-npm").put("note", "gr\u00f6\u00dfer"));
    Arrival arrival = awaitArrivals("plain-npm", 1).get(0);
    ObjectNode given = JSON.createObjectNode().put("secret", OLD).put("body", arrival.text());
    ObjectNode headers = given.putObject("headers");
    headers(arrival).forEach((name, values) -> headers.put(name, values.get(0)));
    assertThat(exit(library, given.toString(), "node", "verify.js")).isZero();
    assertThat(exit(library, given.put("secret", NEW).toString(), "node", "verify.js")).isNotZero();
  }

  /** The exit code of a program, -1 when there is none of this name. */
  private static int exit(Path folder, String stdin, String... command) throws Exception {
    Path in = Files.writeString(folder.resolve("stdin"), stdin);
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectInput(in.toFile())
              .redirectOutput(folder.resolve("stdout").toFile())
              .start();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return -1;
      }
      return process.exitValue();
    } catch (IOException e) {
      return -1;
    }
  }

  @Test
  void whileASecretIsRotatedBothSignaturesAreSent() throws Exception {
    accepted(event("rotated-1", "evt-rotated"));
    Arrival arrival = awaitArrivals("rotated-1", 1).get(0);
    assertThat(arrival.header("webhook-signature").split(" "))
        .hasSize(2)
        .allMatch(signature -> signature.startsWith("v1,"));
    verify(OLD, arrival);
    verify(NEW, arrival);
  }

  @Test
  void aCampaignsOwnWebhookUrlGetsItsEvents() throws Exception {
    ObjectNode request = ServiceClient.request("own webhook").put("externalWebhookUrl", url("own"));
    assertThat(client.post("/campaigns/create", request).status()).isEqualTo(201);
    String remoteId = client.named("own webhook").path("cxoneCampaignId").asText();
    accepted(event(remoteId, "evt-own"));
    Arrival arrival = awaitArrivals(remoteId, 1).get(0);
    assertThat(arrival.request()).isEqualTo("POST /own");
    verify(OF_CAMPAIGNS, arrival);
    JsonNode delivery = awaitStatus(remoteId, "DELIVERED");
    assertThat(delivery.path("campaignId").asText()).startsWith("cmp_");
    assertThat(delivery.path("destination").asText()).startsWith("campaign-");
  }

  @Test
  void aDestinationGetsOnlyTheTypesThatItWants() throws Exception {
    accepted(event("filter-1", "evt-filter-1"));
    accepted(event("filter-1", "evt-filter-2").put("eventType", "CAMPAIGN_ERROR"));
    List<Arrival> arrivals = awaitArrivals("filter-1", 1);
    assertThat(arrivals).hasSize(1);
    assertThat(arrivals.get(0).text()).contains("evt-filter-2");
    assertThat(deliveries("campaign=filter-1&destination=errors-only")).hasSize(1);
    // the other one waits for its campaign, which nobody here knows
    assertThat(deliveries("campaign=filter-1&status=PARKED")).hasSize(1);
  }

  @Test
  void a410SwitchesTheDestinationOffUntilItIsSwitchedOn() throws Exception {
    replies("gone", Reply.status(410));
    accepted(event("gone-1", "evt-gone-1"));
    await().atMost(SOON).until(() -> !destinationNamed("gone").path("on").asBoolean());
    JsonNode off = destinationNamed("gone");
    assertThat(off.path("offReason").asText()).contains("410");
    assertThat(off.path("offSince").asText()).isNotBlank();
    accepted(event("gone-2", "evt-gone-2"));
    accepted(event("plain-beside-gone", "evt-beside-gone"));
    awaitStatus("plain-beside-gone", "DELIVERED");
    assertThat(arrivals("gone-1")).hasSize(1);
    assertThat(arrivals("gone-2")).isEmpty();
    assertThat(deliveries("campaign=gone-2").get(0).path("status").asText()).isEqualTo("PENDING");
    ServiceClient.Answer on = client.post("/destinations/gone/on", JSON.createObjectNode());
    assertThat(on.status()).isEqualTo(200);
    assertThat(on.body().path("on").asBoolean()).isTrue();
    awaitArrivals("gone-2", 1);
    awaitStatus("gone-2", "DELIVERED");
    awaitStatus("gone-1", "DELIVERED");
  }

  @Test
  void aDestinationThatWasSwitchedOffByHandKeepsItsEvents() throws Exception {
    ServiceClient.Answer off = client.post("/destinations/flaky/off", JSON.createObjectNode());
    assertThat(off.status()).isEqualTo(200);
    assertThat(off.body().path("on").asBoolean()).isFalse();
    accepted(event("flaky-off", "evt-flaky-off"));
    accepted(event("plain-beside-off", "evt-beside-off"));
    awaitStatus("plain-beside-off", "DELIVERED");
    assertThat(arrivals("flaky-off")).isEmpty();
    assertThat(client.post("/destinations/flaky/on", JSON.createObjectNode()).status())
        .isEqualTo(200);
    awaitStatus("flaky-off", "DELIVERED");
  }

  @Test
  void aRedirectIsAFailureAndIsNotFollowed() throws Exception {
    replies("moved", Reply.status(302).with("Location", elsewhere.url()));
    accepted(event("moved-1", "evt-moved"));
    awaitArrivals("moved-1", 2);
    JsonNode delivery = awaitStatus("moved-1", "DELIVERED");
    assertThat(attempts(delivery).get(0).path("status").asInt()).isEqualTo(302);
    assertThat(elsewhere.arrivals()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504, 599})
  void whatMayPassIsTriedAgain(int status) throws Exception {
    replies("flaky", Reply.status(status).saying("try later " + status));
    String campaign = "flaky-" + status;
    accepted(event(campaign, campaign));
    JsonNode delivery = awaitStatus(campaign, "DELIVERED");
    JsonNode attempts = attempts(delivery);
    assertThat(attempts).hasSize(2);
    assertThat(attempts.get(0).path("status").asInt()).isEqualTo(status);
    assertThat(attempts.get(0).path("answer").asText()).isEqualTo("try later " + status);
    List<Arrival> arrivals = arrivals(campaign);
    assertThat(arrivals)
        .extracting(a -> a.header("webhook-id"))
        .containsOnly(arrivals.get(0).header("webhook-id"));
    arrivals.forEach(arrival -> verify(OLD, arrival));
  }

  @Test
  void aCutConnectionIsTriedAgain() throws Exception {
    replies("flaky", Reply.cutAfterReading());
    accepted(event("flaky-cut", "evt-cut"));
    JsonNode attempts = attempts(awaitStatus("flaky-cut", "DELIVERED"));
    assertThat(attempts).hasSize(2);
    assertThat(attempts.get(0).path("error").asText()).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 405, 409, 413, 422})
  void whatWillNotPassIsParkedAtOnceAndReplayKeepsTheWebhookId(int status) throws Exception {
    replies("refused", Reply.status(status).saying("not this one"));
    String campaign = "refused-" + status;
    accepted(event(campaign, campaign));
    JsonNode parked = awaitStatus(campaign, "PARKED");
    assertThat(parked.path("lastStatus").asInt()).isEqualTo(status);
    assertThat(parked.path("attemptCount").asInt()).isEqualTo(1);
    ServiceClient.Answer replayed = replay(parked);
    assertThat(replayed.status()).as("%s", replayed.body()).isEqualTo(202);
    awaitStatus(campaign, "DELIVERED");
    List<Arrival> arrivals = arrivals(campaign);
    assertThat(arrivals).hasSize(2);
    assertThat(arrivals.get(1).header("webhook-id"))
        .isEqualTo(arrivals.get(0).header("webhook-id"));
    verify(OLD, arrivals.get(1));
  }

  @ParameterizedTest
  @CsvSource({"429,false", "503,true"})
  void retryAfterIsHonoured(int status, boolean asDate) throws Exception {
    Duration pause = Duration.ofSeconds(asDate ? 3 : 2);
    String when =
        asDate
            ? DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.now().plus(pause).truncatedTo(ChronoUnit.SECONDS).atZone(ZoneOffset.UTC))
            : Long.toString(pause.toSeconds());
    replies("later", Reply.retryAfter(status, when));
    String campaign = "later-" + status;
    accepted(event(campaign, campaign));
    List<Arrival> arrivals = awaitArrivals(campaign, 2);
    // a date has whole seconds and was made some time before
    Duration least = asDate ? pause.minusMillis(1_500) : pause;
    assertThat(Duration.ofNanos(arrivals.get(1).at() - arrivals.get(0).at()))
        .isBetween(least, pause.plusSeconds(4));
  }

  @Test
  void aDrippingAnswerIsGivenUpAfterFiveSeconds() throws Exception {
    replies("drip", Reply.status(200).saying("x".repeat(200)).dripping(Duration.ofMillis(200)));
    accepted(event("drip-1", "evt-drip"));
    List<Arrival> arrivals = awaitArrivals("drip-1", 2);
    assertThat(Duration.ofNanos(arrivals.get(1).at() - arrivals.get(0).at()))
        .isBetween(Duration.ofMillis(4_900), Duration.ofMillis(7_000));
    JsonNode attempts = attempts(awaitStatus("drip-1", "DELIVERED"));
    assertThat(attempts.get(0).path("durationMs").asLong()).isBetween(4_500L, 6_500L);
  }

  @Test
  void aDeadHeadLetsTheLineGoOnAndIsReplayedByFilter() throws Exception {
    replies("line", Reply.status(500), Reply.status(500), Reply.status(500));
    accepted(event("line-1", "evt-line-1"));
    accepted(event("line-1", "evt-line-2"));
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(deliveries("campaign=line-1"))
                    .extracting(d -> d.path("status").asText())
                    .containsExactly("DEAD", "DELIVERED"));
    assertThat(arrivals("line-1"))
        .extracting(a -> JSON.readTree(a.body()).path("eventId").asText())
        .containsExactly("evt-line-1", "evt-line-1", "evt-line-1", "evt-line-2");
    ObjectNode filter = JSON.createObjectNode().put("destination", "line").put("status", "DEAD");
    String query = "?destination=line&status=dead&dryRun=true";
    for (ServiceClient.Answer dry :
        List.of(
            client.post("/deliveries/replay", filter.put("dryRun", true)),
            client.post("/deliveries/replay" + query, null))) {
      assertThat(dry.status()).as("%s", dry.body()).isEqualTo(200);
      assertThat(dry.body()).hasToString("{\"count\":1,\"dryRun\":true}");
    }
    for (String wrong : List.of("?destination=line&status=odd", query + "&odd=1", "?dryRun=")) {
      ServiceClient.Answer refused = client.post("/deliveries/replay" + wrong, null);
      assertThat(refused.status()).as("%s: %s", wrong, refused.body()).isEqualTo(422);
    }
    assertThat(client.post("/deliveries/replay" + query, filter).body().findValuesAsText("rule"))
        .containsExactly("repeated", "repeated", "repeated");
    assertThat(client.post("/deliveries/replay", null).status()).isEqualTo(400);
    assertThat(deliveries("status=DEAD&destination=line")).hasSize(1);
    assertThat(client.post("/deliveries/replay", filter.put("dryRun", false)).body().path("count"))
        .hasToString("1");
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(deliveries("status=DEAD&destination=line")).isEmpty());
    assertThat(awaitArrivals("line-1", 5).get(4).text()).contains("evt-line-1");
  }

  @Test
  void aPrivateAddressInTheFileIsToldAtTheStart() throws Exception {
    String yaml = "destinations:\n- name: inside\n  url: 'http://[::ffff:127.0.0.1]:9/hook'\n";
    Path log = temp.resolve("inside.log");
    Map<String, String> environment = environment();
    environment.put("ALLOW_PRIVATE_DESTINATIONS", "false");
    try (var refused =
        ServiceProcess.start(
            PackagedService.command(),
            temp.resolve("inside"),
            environment,
            log,
            DestinationsFile.write(temp.resolve("inside.yaml"), yaml))) {
      assertThatThrownBy(() -> refused.awaitReady(START)).isInstanceOf(IOException.class);
      assertThat(refused.isAlive()).isFalse();
      assertThat(refused.log()).contains("inside.yaml", "ALLOW_PRIVATE_DESTINATIONS");
    }
  }

  /** What was allowed when a campaign was launched is not for ever. */
  @Test
  void aPrivateAddressIsRefusedAtTheMomentOfTheCall() throws Exception {
    Path data = temp.resolve("strict");
    String file = DestinationsFile.write(temp.resolve("none.yaml"), "destinations: []\n");
    Map<String, String> remoteIds = new TreeMap<>();
    try (var lax = start(data, Map.of(), file).awaitReady(START)) {
      var asked = new ServiceClient(lax);
      for (String url :
          List.of(elsewhere.url(), elsewhere.url().replace("127.0.0.1", "localhost"))) {
        String name = "inside " + url;
        ObjectNode request = ServiceClient.request(name).put("externalWebhookUrl", url);
        assertThat(asked.post("/campaigns/create", request).status()).isEqualTo(201);
        remoteIds.put(name, asked.named(name).path("cxoneCampaignId").asText());
      }
    }
    try (var strict =
        start(data, Map.of("ALLOW_PRIVATE_DESTINATIONS", "false"), file).awaitReady(START)) {
      var asked = new ServiceClient(strict);
      for (Map.Entry<String, String> one : remoteIds.entrySet()) {
        assertThat(postTo(strict, event(one.getValue(), one.getKey())).status()).isEqualTo(202);
        await(one.getKey())
            .atMost(SOON)
            .untilAsserted(
                () -> {
                  List<JsonNode> all = asked.all("/deliveries?campaign=" + one.getValue());
                  assertThat(all).hasSize(1);
                  assertThat(all.get(0).path("status").asText()).isEqualTo("PARKED");
                  assertThat(all.get(0).path("lastError").asText()).isNotBlank();
                });
      }
      assertThat(elsewhere.connections()).isZero();
    }
  }

  // ---- what operators ask

  @ParameterizedTest
  @CsvSource({
    "GET,/deliveries/dlv_unknown,404",
    "POST,/deliveries/dlv_unknown/replay,404",
    "POST,/destinations/unknown/on,404",
    "POST,/destinations/unknown/off,404",
    "GET,/deliveries?status=LOST,422",
    "GET,/deliveries?limit=0,422",
    "GET,/deliveries?limit=x,422",
    "GET,/deliveries?sort=newest,422"
  })
  void whatIsNotThereIsToldAsAProblem(String verb, String path, int status) {
    ServiceClient.Answer answer =
        verb.equals("GET") ? client.get(path) : client.post(path, JSON.createObjectNode());
    assertThat(answer.status()).as("%s", answer.body()).isEqualTo(status);
    assertThat(answer.body().path("status").asInt()).isEqualTo(status);
    assertThat(answer.body().path("detail").asText()).isNotBlank();
  }

  @Test
  void neitherTokenNorSecretIsEverLogged() throws Exception {
    accepted(event("plain-log", "evt-log"));
    awaitStatus("plain-log", "DELIVERED");
    assertThat(Files.readString(LOG))
        .doesNotContain(
            TOKEN, OLD.substring("whsec_".length()), OF_CAMPAIGNS.substring("whsec_".length()));
    assertThat(client.text("/destinations")).doesNotContain("whsec_", OLD.substring(6));
  }
}
