package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.campaignroutes.benchmark.ServiceProcess;
import io.campaignroutes.sandbox.StubCxone;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.StandardSocketOptions;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service, in the memory that README names, among callers who stall. */
class StallIT {
  private static final Path LOG = Path.of("target", "stall-it.log");
  private static final String KEY = "stall-key";
  private static final String TOKEN = "stall-token";
  private static final String EVENT =
      """
      {"campaignId": "stall", "status": "ACTIVE", "timestamp": "2026-03-02T15:04:05Z",
       "eventType": "CAMPAIGN_ACTIVATED", "eventId": "stall-%d"}
      """;
  private static final Duration ENDS = Duration.ofSeconds(30);
  private static final int MAX_RESIDENT_MB = 400;
  private static final int LARGE = 1 << 20;

  @TempDir private static Path temp;
  private static StubCxone cxone;
  private static ServiceProcess service;
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeAll
  static void start() throws Exception {
    Files.createDirectories(LOG.getParent());
    Files.deleteIfExists(LOG);
    cxone = new StubCxone();
    Map<String, String> environment = new HashMap<>(cxone.environment());
    environment.put("API_KEY", KEY);
    environment.put("WEBHOOK_TOKEN", TOKEN);
    service =
        ServiceProcess.start(
                PackagedService.command("-Xmx128m"), temp.resolve("data"), environment, LOG)
            .awaitReady(Duration.ofMinutes(3));
    for (int i = 0; i < 300; i++) { // what is compiled by then is not what is tested
      probe("liveness");
      probe("readiness");
    }
  }

  @AfterAll
  static void stop() throws Exception {
    if (service != null) {
      service.close();
    }
    cxone.close();
  }

  private static int get(String path) throws IOException, InterruptedException {
    return HTTP.send(
            HttpRequest.newBuilder(service.uri(path))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + KEY)
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private static int probe(String name) throws IOException, InterruptedException {
    return HTTP.send(
            HttpRequest.newBuilder(service.uri("/actuator/health/" + name))
                .timeout(Duration.ofSeconds(20))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  /** Asks the probes all the while. */
  private static final class Probes implements AutoCloseable {
    /** How many want each core before it begins: an answer has to wait its turn for that. */
    private final double wanted =
        Math.max(
            1,
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()
                / Runtime.getRuntime().availableProcessors());

    private final List<Long> millis = new CopyOnWriteArrayList<>();
    private final List<String> wrong = new CopyOnWriteArrayList<>();
    private int events;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final CompletableFuture<Void> asking = CompletableFuture.runAsync(this::ask);

    private void ask() {
      while (!ended.get()) {
        for (String name : List.of("liveness", "readiness", "console", "overview", "webhook")) {
          long before = System.nanoTime();
          try {
            int status = asked(name);
            if (status != (name.equals("webhook") ? 202 : 200)) {
              wrong.add(name + " " + status);
            }
            TimeUnit.MILLISECONDS.sleep(50);
          } catch (IOException | InterruptedException e) {
            wrong.add(name + " " + e);
          }
          millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before));
        }
      }
    }

    private int asked(String name) throws IOException, InterruptedException {
      return switch (name) {
        case "console" -> get("/");
        case "overview" -> get("/overview");
        case "webhook" -> post("/webhooks/cxone", EVENT.formatted(events++));
        default -> probe(name);
      };
    }

    /** A machine that is busy with other things may hold up one of a hundred. */
    @Override
    public void close() {
      ended.set(true);
      asking.join();
      List<Long> sorted = millis.stream().sorted().toList();
      assertThat(wrong).as("probes that were not answered with 200").isEmpty();
      assertThat((double) sorted.get(sorted.size() * 98 / 100))
          .as("ms of probes")
          .isLessThan(1_000 * wanted);
      assertThat((double) sorted.get(sorted.size() - 1))
          .as("ms of the slowest probe")
          .isLessThan(3_000 * wanted);
      assertThat(service.figures().peakResidentMb()).as("MiB").isLessThan(MAX_RESIDENT_MB);
    }
  }

  private static String head(String method, String path, String... headers) {
    return method
        + " "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + String.join("", List.of(headers).stream().map(h -> h + "\r\n").toList());
  }

  private static final String WITH_KEY = "Authorization: Bearer " + KEY;
  private static final String LENGTH = "Content-Length: 60000";
  private static final String CHUNKED = "Transfer-Encoding: chunked";

  /** Beginnings of requests whose rest never comes. */
  private static final List<String> STALLED =
      List.of(
          "",
          "POST /camp",
          head("GET", "/campaigns"),
          head("POST", "/campaigns", WITH_KEY),
          head("POST", "/campaigns", LENGTH) + "\r\n{",
          head("POST", "/campaigns", WITH_KEY, LENGTH) + "\r\n{",
          head("POST", "/campaigns/validate", WITH_KEY, CHUNKED) + "\r\n5\r\n{\"a",
          head("POST", "/campaigns", CHUNKED) + "\r\n5\r\n{\"a",
          head("POST", "/deliveries/replay", WITH_KEY, LENGTH) + "\r\n{",
          head("POST", "/webhooks/cxone", LENGTH) + "\r\n{",
          head("POST", "/webhooks/cxone", "X-Webhook-Token: " + TOKEN, LENGTH) + "\r\n{",
          head("POST", "/webhooks/%63xone", "X-Webhook-Token: " + TOKEN, LENGTH) + "\r\n{",
          head("POST", "/actuator/health/liveness", LENGTH) + "\r\n{",
          head("GET", "/actuator/health/liveness", LENGTH) + "\r\n{",
          head("POST", "/", LENGTH) + "\r\n{",
          head("POST", "/nothing", WITH_KEY, LENGTH) + "\r\n{",
          head("POST", "/events", WITH_KEY, LENGTH) + "\r\n{",
          head("TRACE", "/campaigns", LENGTH) + "\r\n{",
          head("POST", "/a%2Fb", LENGTH) + "\r\n{",
          head("POST", "/campaigns", WITH_KEY, "Expect: 100-continue", LENGTH) + "\r\n");

  private static SocketChannel open(String beginning) throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 14);
    channel.connect(service.address());
    channel.write(ByteBuffer.wrap(beginning.getBytes(StandardCharsets.ISO_8859_1)));
    channel.configureBlocking(false);
    return channel;
  }

  private static boolean ended(SocketChannel channel) {
    try {
      ByteBuffer some = ByteBuffer.allocate(4_096);
      int read;
      do {
        some.clear();
        read = channel.read(some);
      } while (read > 0);
      if (read == 0) {
        return false;
      }
      channel.close();
    } catch (IOException e) {
      return true;
    }
    return true;
  }

  private static void drip(SocketChannel channel) {
    try {
      channel.write(ByteBuffer.wrap(new byte[] {'x'}));
    } catch (IOException e) {
      assertThat(ended(channel)).isTrue();
    }
  }

  @Test
  void aThousandStalledConnectionsHoldUpNobodyAndEnd() throws Exception {
    List<SocketChannel> stalled = new ArrayList<>();
    try (Probes probes = new Probes()) {
      for (int i = 0; i < 1_000; i++) {
        stalled.add(open(STALLED.get(i % STALLED.size())));
      }
      List<SocketChannel> dripping = List.copyOf(stalled.subList(0, 200));
      await("the end of all")
          .atMost(ENDS)
          .pollInterval(Duration.ofMillis(500))
          .until(
              () -> {
                stalled.removeIf(StallIT::ended);
                dripping.stream().filter(stalled::contains).forEach(StallIT::drip);
                return stalled.isEmpty();
              });
    }
  }

  @Test
  void callersWhoDoNotReadTheirAnswersHoldUpNobody() throws Exception {
    List<SocketChannel> slow = new ArrayList<>();
    try (Probes probes = new Probes()) {
      for (int i = 0; i < 100; i++) {
        String path = i % 2 == 0 ? "/console/vendor/uplot-1.6.32/uPlot.esm.js" : "/openapi.json";
        slow.add(open(head("GET", path, WITH_KEY) + "\r\n"));
      }
      await().pollDelay(Duration.ofSeconds(3)).until(() -> true); // long enough for many probes
    } finally {
      for (SocketChannel channel : slow) {
        channel.close();
      }
    }
  }

  /** Whoever sends many requests at once and reads nothing gets no more than one answer. */
  @Test
  void strangersWhoAskForMuchAndReadNothingHoldUpNobody() throws Exception {
    List<String> asked =
        List.of(
            head("GET", "/console/vendor/inter-5.3.0/inter-latin-ext-wght-normal.woff2"),
            head("GET", "/"),
            head("GET", "/actuator/health/liveness"),
            head("GET", "/nothing"),
            head("GET", "/META-INF/x"),
            head("POST", "/webhooks/cxone"));
    List<SocketChannel> silent = new ArrayList<>();
    try {
      try (Probes probes = new Probes()) {
        for (int i = 0; i < 300; i++) {
          silent.add(open((asked.get(i % asked.size()) + "\r\n").repeat(60)));
        }
        await().pollDelay(Duration.ofSeconds(3)).until(() -> true); // long enough for many probes
      }
      for (int i = 0; i < silent.size(); i++) {
        assertThat(answers(silent.get(i))).as(asked.get(i % asked.size())).isLessThanOrEqualTo(1);
      }
    } finally {
      for (SocketChannel channel : silent) {
        channel.close();
      }
    }
  }

  /** How many have come; a connection that ends over further requests may drop the first too. */
  private static int answers(SocketChannel channel) {
    var all = new StringBuilder();
    await("the end of a connection")
        .atMost(ENDS)
        .until(
            () -> {
              ByteBuffer some = ByteBuffer.allocate(1 << 16);
              try {
                int read = channel.read(some);
                all.append(StandardCharsets.ISO_8859_1.decode(some.flip()));
                return read < 0;
              } catch (IOException e) {
                return true;
              }
            });
    return all.toString().split("HTTP/1\\.1 ", -1).length - 1;
  }

  private static int post(String path, String body) throws IOException, InterruptedException {
    return HTTP.send(
            HttpRequest.newBuilder(service.uri(path))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + KEY)
                .header("X-Webhook-Token", TOKEN)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void bodiesMadeToBeExpensiveHoldUpNobody() throws Exception {
    List<String> bodies =
        List.of(
            "{\"schedule\":{\"daysOfWeek\":[0" + ",0".repeat(LARGE / 2 - 32) + "]}}",
            "[{}" + ",{}".repeat(LARGE / 3 - 8) + "]",
            "{\"a\":[{}" + ",{}".repeat(LARGE / 3 - 8) + "]}",
            "{\"name\":\"" + "../".repeat(LARGE / 3 - 8) + "\"}",
            "[".repeat(LARGE - 8),
            "{\"pacingLimit\":1" + "0".repeat(LARGE - 32) + "}");
    try (Probes probes = new Probes()) {
      for (int round = 0; round < 3; round++) {
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (String path :
            List.of(
                "/campaigns",
                "/campaigns/create",
                "/campaigns/validate",
                "/deliveries/replay",
                "/webhooks/cxone")) {
          for (String body : bodies) {
            answers.add(
                CompletableFuture.supplyAsync(
                    () -> {
                      try {
                        return post(path, body);
                      } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(path, e);
                      }
                    }));
          }
        }
        answers.forEach(answer -> assertThat(answer.join()).isIn(202, 400, 422, 503));
      }
    }
    assertThat(post("/campaigns/validate", "{}")).isEqualTo(422);
  }
}
