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
import java.util.Collections;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Three replicas on one PostgreSQL with one inbox and one folder of audit files, with the leases
 * and limits that the service comes with, a CXone and a receiver of events. Clients reach those
 * that are {@link #ready}.
 */
final class ThreeReplicas implements AutoCloseable {
  static final int COUNT = 3;

  /** Within which the work of a replica that is gone goes on. */
  static final Duration GOES_ON = Duration.ofSeconds(30);

  private static final Duration START = Duration.ofMinutes(5);
  private static final Duration SETTLES = Duration.ofSeconds(90);
  private static final String TOKEN = "replicas-token-77aa";
  private static final String SECRET = "whsec_cmVwbGljYXMtaXQtcmVwbGljYXMtaXQtMTIzNDU2Nzg=";

  final StubCxone cxone = new StubCxone(1);
  final EventSink sink = new EventSink();
  private final Path folder;
  private final Path log;
  private final Path inbox;
  private final EmbeddedPostgres postgres;
  private final StubDestination destination;
  private final EventSource events;
  private final String destinations;
  private final ServiceProcess[] replicas = new ServiceProcess[COUNT];
  private final List<Integer> ready = new CopyOnWriteArrayList<>();
  private final Set<String> expected = Collections.synchronizedSet(new TreeSet<>());
  private final Set<String> dropped = new TreeSet<>();

  /** When the figures of a campaign were asked for last, by its name. */
  private final Map<String, Long> asked = new ConcurrentHashMap<>();

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  /**
   * None is started yet.
   *
   * @param folder for all that they write
   * @param log for what they say
   */
  ThreeReplicas(Path folder, Path log) throws Exception {
    this.folder = folder;
    this.log = log;
    this.inbox = Files.createDirectories(folder.resolve("inbox"));
    Files.createDirectories(log.getParent());
    Files.deleteIfExists(log);
    postgres = EmbeddedPostgres.builder().setServerConfig("max_connections", "120").start();
    cxone.figures(
        campaign -> {
          asked.put(campaign.name(), System.nanoTime());
          return figures();
        });
    destination = new StubDestination(sink);
    events = new EventSource(TOKEN, this::anyReady);
    cxone.watch(events::changed);
    destinations =
        DestinationsFile.write(
            folder.resolve("destinations.yaml"),
            List.of(new DestinationsFile.Destination("sink", destination.url(), SECRET, 16)));
  }

  @Override
  public void close() throws Exception {
    for (ServiceProcess replica : replicas) {
      if (replica != null) {
        replica.close();
      }
    }
    events.close();
    destination.close();
    cxone.close();
    postgres.close();
  }

  /**
   * Starts one and waits until it is ready.
   *
   * @param version the folder with its {@code routes/} and {@code config/}
   * @param command what starts it
   */
  void start(int n, Path version, List<String> command) throws Exception {
    Map<String, String> environment = new HashMap<>(cxone.environment());
    environment.put("SPRING_DATASOURCE_URL", postgres.getJdbcUrl("postgres", "postgres"));
    environment.put("SPRING_DATASOURCE_USERNAME", "postgres");
    environment.put("WEBHOOK_TOKEN", TOKEN);
    environment.put("ALLOW_PRIVATE_DESTINATIONS", "true");
    environment.put("SHUTDOWN_DRAIN", "3s");
    replicas[n] =
        ServiceProcess.startIn(
                version,
                command,
                folder.resolve("data-" + n),
                environment,
                log,
                "--audit.dir=" + folder.resolve("audit"),
                "--inbox.dir=" + inbox,
                "--inbox.settle=300ms",
                destinations)
            .awaitReady(START);
  }

  ServiceProcess replica(int n) {
    return replicas[n];
  }

  ServiceClient client(int n) {
    return new ServiceClient(replicas[n]);
  }

  /** Clients may reach it from now on, or no longer. */
  void ready(int n, boolean is) {
    if (!is) {
      ready.remove(Integer.valueOf(n));
    } else if (!ready.contains(n)) {
      ready.add(n);
    }
  }

  /** Waits until it says that it is ready, and lets clients reach it. */
  void awaitReady(int n) {
    await("it takes part")
        .atMost(GOES_ON)
        .ignoreExceptions()
        .until(() -> client(n).get("/actuator/health/readiness").status() == 200);
    ready(n, true);
  }

  private ServiceProcess anyReady() {
    List<Integer> now = List.copyOf(ready);
    return now.isEmpty()
        ? null
        : replicas[now.get(ThreadLocalRandom.current().nextInt(now.size()))];
  }

  /** Launches a campaign by way of one of them. */
  void take(int n, String name) {
    assertThat(client(n).take(name).status()).isEqualTo(202);
    expected.add(name);
  }

  /** Puts a file of campaigns into the inbox of all. */
  void drop(String file, int campaigns) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int n = 0; n < campaigns; n++) {
      String name = file + " " + n;
      lines.append(request(name)).append('\n');
      expected.add(name);
    }
    dropped.add(file + ".ndjson");
    dropped.add(file + ".ndjson.result.json");
    Path draft = Files.writeString(folder.resolve(file), lines);
    Files.move(draft, inbox.resolve(file + ".ndjson"), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Waits until all campaigns that were handed in dial. */
  void awaitActive() {
    await("all are ACTIVE")
        .atMost(SETTLES)
        .until(
            () ->
                new ServiceClient(anyReady()).all("/campaigns?status=ACTIVE").size()
                    == expected.size());
  }

  /**
   * Waits until every campaign that dials was asked for its figures after a moment; returns how
   * late that was in ms.
   */
  long awaitPacedSince(long since) {
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

  /** What starts one anew. */
  interface Starter {
    void start(int n) throws Exception;
  }

  /**
   * Each is asked to end and started again behind a balancer that follows readiness once a second,
   * while clients go on; none of them is refused.
   *
   * @param name of the campaigns that are launched meanwhile
   */
  void replaceAll(String name, Starter starter) throws Exception {
    Queue<String> failures = new ConcurrentLinkedQueue<>();
    AtomicInteger answered = new AtomicInteger();
    AtomicInteger taken = new AtomicInteger();
    AtomicBoolean over = new AtomicBoolean();
    var balancer =
        new Thread(
            () -> {
              while (!over.get()) {
                IntStream.range(0, COUNT).forEach(this::follow);
                pause(1_000);
              }
            });
    List<Thread> clients =
        IntStream.range(0, 3)
            .mapToObj(
                n ->
                    new Thread(
                        () -> {
                          for (int i = 0; !over.get(); i++) {
                            String why = ask(i, name + " " + n + "." + i, taken);
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
    try {
      for (int n = 0; n < COUNT; n++) {
        assertThat(replicas[n].stop(Duration.ofSeconds(60))).as("it ends when asked to").isTrue();
        starter.start(n);
        int started = n;
        await("the balancer sees it").atMost(START).until(() -> ready.contains(started));
      }
    } finally {
      over.set(true);
      for (Thread one : clients) {
        one.join();
      }
      balancer.join();
    }
    System.out.printf(
        "%s: %d requests, %d campaigns taken, %d failures%n",
        name, answered.get(), taken.get(), failures.size());
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
    ready(n, is);
  }

  /**
   * One request by way of the balancer, every twentieth a launch; returns what was wrong with its
   * answer, null for nothing.
   */
  private String ask(int i, String name, AtomicInteger taken) {
    ServiceProcess replica = anyReady();
    if (replica == null) {
      return "no replica is ready";
    }
    boolean launch = i % 20 == 0;
    URI uri = replica.uri("/campaigns" + (launch ? "" : "?limit=5"));
    try {
      HttpRequest.Builder request = HttpRequest.newBuilder(uri);
      if (launch) {
        request
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(request(name).toString()));
        expected.add(name);
        taken.incrementAndGet();
      }
      int status = status(request);
      return status == (launch ? 202 : 200) ? null : uri + " answered " + status;
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

  /**
   * Here and at CXone is the same, nothing is lost, doubled or told twice; all are asked to end,
   * and the audit is whole.
   */
  void assertSettled() throws Exception {
    var client = new ServiceClient(anyReady());
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
    assertThat(filesIn(inbox)).as("files left in the inbox").isEmpty();
    assertThat(filesIn(inbox.resolve("failed"))).isEmpty();
    assertThat(filesIn(inbox.resolve("done"))).containsExactlyInAnyOrderElementsOf(dropped);
    for (StubCampaign campaign : cxone.campaigns()) {
      await("rate of " + campaign.name()).atMost(GOES_ON).until(() -> agreement.sameRate(campaign));
    }
    List<String> errors =
        Files.readString(log).lines().filter(line -> line.contains(" ERROR ")).toList();
    assertThat(errors).isEmpty();
    for (ServiceProcess replica : replicas) {
      assertThat(replica.stop(Duration.ofSeconds(60))).as("it ends when asked to").isTrue();
    }
    var said = new ByteArrayOutputStream();
    var out = new PrintStream(said, true, StandardCharsets.UTF_8);
    int exit = CliRun.of(out, out, "audit", "verify", folder.resolve("audit"));
    assertThat(exit).as(said.toString(StandardCharsets.UTF_8)).isZero();
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
