package io.campaignroutes;

import static io.campaignroutes.ServiceClient.JSON;
import static io.campaignroutes.ServiceClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.benchmark.DestinationsFile;
import io.campaignroutes.benchmark.ServiceProcess;
import io.campaignroutes.benchmark.StubDestination;
import io.campaignroutes.sandbox.StubCampaign;
import io.campaignroutes.sandbox.StubCxone;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three replicas on one PostgreSQL with one folder of audit files, and with the leases and limits
 * that the service comes with: one stands still, one is killed, and all are replaced one after the
 * other behind a balancer that follows readiness once a second. It wants the machine for itself:
 * {@code mvn -Ptrials verify -Dit.test=ReplicasIT}.
 */
@EnabledIfSystemProperty(named = "replicas.trial", matches = "true")
class ReplicasIT {
  private static final int REPLICAS = 3;
  private static final int RUNNING = 18;
  private static final Duration START = Duration.ofMinutes(3);

  /** Within which the work of a replica that is gone goes on. */
  private static final Duration GOES_ON = Duration.ofSeconds(30);

  private static final Duration SETTLES = Duration.ofSeconds(90);
  private static final String TOKEN = "replicas-token-77aa";
  private static final String SECRET = "whsec_cmVwbGljYXMtaXQtcmVwbGljYXMtaXQtMTIzNDU2Nzg=";

  @TempDir private Path temp;
  private final Path log = Path.of("target", "replicas-it.log");
  private final ServiceProcess[] replicas = new ServiceProcess[REPLICAS];
  private final List<Integer> ready = new CopyOnWriteArrayList<>();
  private final Set<String> expected = new TreeSet<>();

  /** When the figures of a campaign were asked for last, by its name. */
  private final Map<String, Long> asked = new ConcurrentHashMap<>();

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  private EmbeddedPostgres postgres;
  private StubCxone cxone;
  private Path audit;
  private String destinations;

  @Test
  void oneThatStandsStillIsKilledOrReplacedLeavesNothingUndone() throws Exception {
    Files.createDirectories(log.getParent());
    Files.deleteIfExists(log);
    audit = temp.resolve("audit");
    postgres = EmbeddedPostgres.builder().setServerConfig("max_connections", "120").start();
    cxone = new StubCxone(1);
    cxone.figures(
        campaign -> {
          asked.put(campaign.name(), System.nanoTime());
          return figures();
        });
    var sink = new EventSink();
    try (var destination = new StubDestination(sink);
        var events = new EventSource(TOKEN, this::anyReady)) {
      cxone.watch(events::changed);
      destinations =
          DestinationsFile.write(
              temp.resolve("destinations.yaml"),
              List.of(new DestinationsFile.Destination("sink", destination.url(), SECRET, 16)));
      for (int n = 0; n < REPLICAS; n++) {
        start(n);
        ready.add(n);
      }
      for (int n = 0; n < RUNNING; n++) {
        take(client(n % REPLICAS), "running " + n);
      }
      awaitActive();
      System.out.println("ReplicasIT: paced by a replica that stands still, ms: " + standsStill());
      System.out.println("ReplicasIT: work of a killed one went on after, ms: " + killed());
      replaceAll();
      assertSettled(events, sink);
    }
  }

  @AfterEach
  void tidyUp() throws Exception {
    for (ServiceProcess replica : replicas) {
      if (replica != null) {
        replica.close();
      }
    }
    if (cxone != null) {
      cxone.close();
    }
    if (postgres != null) {
      postgres.close();
    }
  }

  private void start(int n) throws Exception {
    Map<String, String> environment = new HashMap<>(cxone.environment());
    environment.put("SPRING_DATASOURCE_URL", postgres.getJdbcUrl("postgres", "postgres"));
    environment.put("SPRING_DATASOURCE_USERNAME", "postgres");
    environment.put("WEBHOOK_TOKEN", TOKEN);
    environment.put("ALLOW_PRIVATE_DESTINATIONS", "true");
    environment.put("SHUTDOWN_DRAIN", "3s");
    replicas[n] =
        ServiceProcess.start(
                PackagedService.command("-Xmx192m"),
                temp.resolve("data-" + n),
                environment,
                log,
                "--audit.dir=" + audit,
                "--inbox.settle=300ms",
                destinations)
            .awaitReady(START);
  }

  private ServiceClient client(int n) {
    return new ServiceClient(replicas[n]);
  }

  private ServiceProcess anyReady() {
    List<Integer> now = List.copyOf(ready);
    return now.isEmpty()
        ? null
        : replicas[now.get(ThreadLocalRandom.current().nextInt(now.size()))];
  }

  private void take(ServiceClient client, String name) {
    assertThat(client.take(name).status()).isEqualTo(202);
    expected.add(name);
  }

  private Path inbox(int n) {
    return temp.resolve("data-" + n).resolve("inbox");
  }

  private void drop(int replica, String file, int campaigns) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int n = 0; n < campaigns; n++) {
      String name = file + " " + n;
      lines.append(request(name)).append('\n');
      expected.add(name);
    }
    Path draft = Files.writeString(temp.resolve(file), lines);
    Files.move(draft, inbox(replica).resolve(file + ".ndjson"), StandardCopyOption.ATOMIC_MOVE);
  }

  private void awaitActive() {
    await("all are ACTIVE")
        .atMost(SETTLES)
        .until(
            () ->
                new ServiceClient(anyReady()).all("/campaigns?status=ACTIVE").size()
                    == expected.size());
  }

  /** Every campaign that dials is asked for its figures after a moment; returns how late in ms. */
  private long awaitPacedSince(long since) {
    await("all are paced")
        .atMost(GOES_ON)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () ->
                cxone.campaigns().stream()
                    .filter(c -> c.status().equals("ACTIVE"))
                    .allMatch(c -> asked.getOrDefault(c.name(), since - 1) - since > 0));
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
  }

  // What happens

  private long standsStill() throws Exception {
    ready.remove(Integer.valueOf(0));
    replicas[0].signal("STOP");
    long stopped = System.nanoTime();
    for (int n = 0; n < 6; n++) {
      take(client(1 + n % 2), "while it stands still " + n);
    }
    drop(2, "dropped-meanwhile", 6);
    long took = awaitPacedSince(stopped);
    awaitActive();
    replicas[0].signal("CONT");
    await("it takes part again")
        .atMost(GOES_ON)
        .ignoreExceptions()
        .until(() -> client(0).get("/actuator/health/readiness").status() == 200);
    ready.add(0);
    return took;
  }

  private long killed() throws Exception {
    for (int n = 0; n < 12; n++) {
      take(client(1), "taken by the one that is killed " + n);
    }
    drop(1, "dropped-before", 12);
    ready.remove(Integer.valueOf(1));
    replicas[1].kill();
    long took = awaitPacedSince(System.nanoTime());
    start(1);
    ready.add(1);
    awaitActive();
    return took;
  }

  /** Each is asked to end and started again, while clients go on and none is refused. */
  private void replaceAll() throws Exception {
    Queue<String> failures = new ConcurrentLinkedQueue<>();
    AtomicInteger answered = new AtomicInteger();
    AtomicInteger taken = new AtomicInteger();
    boolean[] over = {false};
    var balancer =
        new Thread(
            () -> {
              while (!over[0]) {
                IntStream.range(0, REPLICAS).forEach(this::follow);
                pause(1_000);
              }
            });
    List<Thread> clients =
        IntStream.range(0, 3)
            .mapToObj(
                n ->
                    new Thread(
                        () -> {
                          for (int i = 0; !over[0]; i++) {
                            String why = ask(n, i, taken);
                            if (why != null) {
                              failures.add(why);
                            }
                            answered.incrementAndGet();
                            pause(150);
                          }
                        }))
            .toList();
    balancer.start();
    clients.forEach(Thread::start);
    for (int n = 0; n < REPLICAS; n++) {
      assertThat(replicas[n].stop(Duration.ofSeconds(60))).as("it ends when asked to").isTrue();
      start(n);
      int started = n;
      await("the balancer sees it").atMost(START).until(() -> ready.contains(started));
    }
    over[0] = true;
    for (Thread one : clients) {
      one.join();
    }
    balancer.join();
    System.out.printf(
        "ReplicasIT: %d requests while all were replaced, %d campaigns taken, %d failures%n",
        answered.get(), taken.get(), failures.size());
    assertThat(failures).as("of %d requests", answered.get()).isEmpty();
    assertThat(taken.get()).isPositive();
  }

  private void follow(int n) {
    boolean is;
    try {
      is = status(HttpRequest.newBuilder(replicas[n].uri("/actuator/health/readiness"))) == 200;
    } catch (IOException e) {
      is = false;
    }
    if (is && !ready.contains(n)) {
      ready.add(n);
    } else if (!is) {
      ready.remove(Integer.valueOf(n));
    }
  }

  /**
   * One request by way of the balancer; returns what was wrong with its answer, null for nothing.
   */
  private String ask(int client, int i, AtomicInteger taken) {
    ServiceProcess replica = anyReady();
    if (replica == null) {
      return "no replica is ready";
    }
    URI uri = replica.uri("/campaigns" + (i % 20 == 0 ? "" : "?limit=5"));
    try {
      HttpRequest.Builder request = HttpRequest.newBuilder(uri);
      if (i % 20 == 0) {
        String name = "while all were replaced " + client + "." + i;
        request
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(request(name).toString()));
        synchronized (expected) {
          expected.add(name);
        }
        taken.incrementAndGet();
      }
      int status = status(request);
      return status == (i % 20 == 0 ? 202 : 200) ? null : uri + " answered " + status;
    } catch (IOException e) {
      return uri + ": " + e;
    }
  }

  private int status(HttpRequest.Builder request) throws IOException {
    try {
      return http.send(
              request.timeout(Duration.ofSeconds(20)).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // What is so in the end

  private void assertSettled(EventSource events, EventSink sink) throws Exception {
    var client = client(2);
    var agreement = new Agreement(client, cxone);
    await("here and at CXone is the same")
        .atMost(SETTLES)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () -> {
              assertThat(client.all().stream().map(c -> c.path("name").asText()))
                  .containsExactlyInAnyOrderElementsOf(expected);
              assertThat(agreement.differences()).isEmpty();
              assertThat(events.done()).as("every event is accepted").isTrue();
            });
    await("every accepted event is delivered")
        .atMost(SETTLES)
        .untilAsserted(
            () -> {
              Set<String> missing = new HashSet<>(events.accepted());
              missing.removeAll(sink.events());
              assertThat(missing).isEmpty();
            });
    assertThat(cxone.doubles()).as("names that CXone has twice").isEmpty();
    assertThat(sink.wrong()).isEmpty();
    assertFiled(1, "dropped-before.ndjson");
    assertFiled(2, "dropped-meanwhile.ndjson");
    assertRatesAgree(agreement);
    List<String> errors =
        Files.readString(log).lines().filter(line -> line.contains(" ERROR ")).toList();
    assertThat(errors).isEmpty();
    for (ServiceProcess replica : replicas) {
      assertThat(replica.stop(Duration.ofSeconds(60))).as("it ends when asked to").isTrue();
    }
    var said = new ByteArrayOutputStream();
    var out = new PrintStream(said, true, StandardCharsets.UTF_8);
    int exit = CliRun.of(out, out, "audit", "verify", audit);
    assertThat(exit).as(said.toString(StandardCharsets.UTF_8)).isZero();
  }

  private void assertFiled(int replica, String file) throws IOException {
    assertThat(filesIn(inbox(replica))).as("files left in the inbox").isEmpty();
    assertThat(filesIn(inbox(replica).resolve("failed"))).isEmpty();
    assertThat(filesIn(inbox(replica).resolve("done")))
        .containsExactlyInAnyOrder(file, file + ".result.json");
  }

  private void assertRatesAgree(Agreement agreement) {
    for (StubCampaign campaign : cxone.campaigns()) {
      await("rate of " + campaign.name()).atMost(GOES_ON).until(() -> agreement.sameRate(campaign));
    }
  }

  private static List<String> filesIn(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<String> names = new ArrayList<>();
      files.filter(Files::isRegularFile).forEach(f -> names.add(f.getFileName().toString()));
      return names;
    }
  }

  private static JsonNode figures() {
    return JSON.createObjectNode()
        .put("connectedCalls", 2)
        .put("abandonedCalls", 0)
        .put("avgHandleTime", 180)
        .put("availableAgents", ThreadLocalRandom.current().nextInt(8, 11));
  }
}
