package io.campaignroutes;

import static io.campaignroutes.ServiceClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.benchmark.DestinationsFile;
import io.campaignroutes.benchmark.ServiceProcess;
import io.campaignroutes.benchmark.StubDestination;
import io.campaignroutes.sandbox.StubCxone;
import io.campaignroutes.sandbox.StubFault;
import io.campaignroutes.store.SqliteLock;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Faults of the machine, one after the other, under one packaged service with campaigns that run:
 * it says what is wrong, loses nothing, and goes on by itself once the fault is over. The clock has
 * {@link ClockStepIT}; kills, signals and CXone's own faults {@link FaultSuiteIT}.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FaultsIT {
  private static final Path LOG = Path.of("target", "faults-it.log");
  private static final String TOKEN = "faults-token-77ab";
  private static final String SECRET = "whsec_ZmF1bHRzLWl0LWZhdWx0cy1pdC1mYXVsdHMtaXQtMTIzNDU=";
  private static final int RUNNING = 4;
  private static final String NO_DESCRIPTOR = "Too many open files";

  /**
   * Descriptors that it may have: what it uses itself, and fewer than the 50 callers it lets in.
   */
  private static final int DESCRIPTORS = 290;

  @TempDir private static Path temp;
  private static Path data;
  private static boolean mounted;
  private static boolean limited;
  private static SlowNames names;
  private static StubCxone cxone;
  private static EventSink sink;
  private static StubDestination destination;
  private static EventSource events;
  private static volatile ServiceProcess service;
  private static ServiceClient client;

  /** Names of campaigns that were taken. */
  private static final TreeSet<String> taken = new TreeSet<>();

  /** Names of campaigns of which an answer said that they may have been taken. */
  private static final Set<String> perhaps = new TreeSet<>();

  private static int numbers;
  private int told; // bytes of the log before

  @BeforeAll
  static void start() throws Exception {
    Files.createDirectories(LOG.getParent());
    Files.deleteIfExists(LOG);
    data = Files.createDirectories(temp.resolve("data"));
    mounted = FaultStore.mount(data, "64m");
    names = SlowNames.make(temp);
    cxone = new StubCxone(1);
    cxone.figures(campaign -> V2Side.figures());
    sink = new EventSink();
    destination = new StubDestination(sink);
    events = new EventSource(TOKEN, () -> service);
    limited = Files.isExecutable(Path.of("/usr/bin/prlimit"));
    begin();
    for (int n = 0; n < RUNNING; n++) {
      take("running " + n);
    }
    assertGoesOn();
  }

  private static void begin() throws Exception {
    Map<String, String> environment = new HashMap<>(cxone.environment());
    if (names != null) {
      environment.putAll(names.environment());
      environment.put("CXONE_BASE_URL", cxone.url().replace("127.0.0.1", "cxone.test"));
      environment.put("ALLOW_INSECURE", "http-cxone");
    }
    environment.put("WEBHOOK_TOKEN", TOKEN);
    environment.put("ALLOW_PRIVATE_DESTINATIONS", "true");
    environment.put("DELIVERY_RETRY_SCHEDULE", String.join(",", Collections.nCopies(30, "1s")));
    List<String> command = new ArrayList<>();
    if (limited) {
      command.addAll(List.of("prlimit", "--nofile=" + DESCRIPTORS));
    }
    command.addAll(PackagedService.command("-Xmx96m", "-Dsun.net.inetaddr.ttl=0"));
    service =
        ServiceProcess.start(
                command,
                data,
                environment,
                LOG,
                DestinationsFile.write(
                    temp.resolve("destinations.yaml"),
                    List.of(
                        new DestinationsFile.Destination("sink", destination.url(), SECRET, 16))),
                "--launch.retry-initial=100ms",
                "--launch.retry-max=1s",
                "--launch.look-period=2s",
                "--pacing.period=2s",
                "--inbox.settle=300ms")
            .awaitReady(Duration.ofMinutes(5));
    client = new ServiceClient(service);
  }

  @AfterAll
  static void stop() throws Exception {
    if (service != null) {
      service.close();
    }
    for (AutoCloseable one : new AutoCloseable[] {events, destination, cxone}) {
      if (one != null) {
        one.close();
      }
    }
    if (mounted) {
      new ProcessBuilder("umount", "-l", data.toString()).inheritIO().start().waitFor();
    }
  }

  // What must be so after each

  /** Long: connections that many slow calls have left open keep descriptors for a minute more. */
  private static ConditionFactory soon(String what) {
    return await(what).atMost(Duration.ofMinutes(3)).pollInterval(Duration.ofMillis(200));
  }

  /** Everything that it does is done again, and nothing was lost or doubled until now. */
  private static void assertGoesOn() throws Exception {
    String posted = "posted " + numbers++;
    String dropped = "dropped " + numbers++;
    soon("a campaign is taken").ignoreExceptions().until(() -> client.take(posted).status() == 202);
    taken.add(posted);
    drop(dropped);
    taken.add(dropped);
    int asked = cxone.count(StubCxone.Call.REALTIME);
    events.another("other", "ACTIVE");
    soon("all that was taken is ACTIVE, and nothing else is there")
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(
                        client.all("/campaigns?status=ACTIVE").stream()
                            .map(c -> c.path("name").asText())
                            .filter(name -> !perhaps.contains(name)))
                    .containsExactlyInAnyOrderElementsOf(taken));
    soon("all events are taken and delivered")
        .until(() -> events.done() && sink.events().containsAll(events.accepted()));
    soon("it paces").until(() -> cxone.count(StubCxone.Call.REALTIME) > asked + taken.size());
    soon("health is UP").until(() -> client.get("/actuator/health").status() == 200);
    assertThat(cxone.doubles()).isEmpty();
    assertThat(sink.wrong()).isEmpty();
    assertThat(service.log().lines())
        .noneMatch(line -> line.contains(" ERROR ") && !line.contains(NO_DESCRIPTOR))
        .noneMatch(line -> line.startsWith("\tat "));
  }

  private static void take(String name) {
    assertThat(client.take(name).status()).isEqualTo(202);
    taken.add(name);
  }

  private static void drop(String name) throws IOException {
    Path inbox = Files.createDirectories(data.resolve("inbox"));
    String file = name.replace(' ', '-');
    Path draft = Files.writeString(inbox.resolve(file + ".tmp"), request(name) + "\n");
    Files.move(draft, inbox.resolve(file + ".ndjson"), StandardCopyOption.ATOMIC_MOVE);
  }

  private void mark() throws IOException {
    told = service.log().length();
  }

  private void assertLogTells(String what) {
    soon("the log tells: " + what).until(() -> service.log().substring(told).contains(what));
  }

  /** What a component of health says while something is wrong with it. */
  private static void assertHealthTells(String component, String what) {
    soon("health of %s: %s".formatted(component, what))
        .untilAsserted(
            () -> {
              JsonNode health = client.get("/actuator/health").body();
              assertThat(health.at("/components/" + component + "/status").asText())
                  .as("%s", health)
                  .isEqualTo("DOWN");
              assertThat(health.at("/components/" + component).toString()).contains(what);
            });
  }

  private static void assertMetric(String line) {
    assertThat(client.text("/actuator/prometheus").lines()).contains(line);
  }

  /** A launch is refused for now, and whoever asks is told when to come again. */
  private static void assertUnavailable(String name) {
    ServiceClient.Answer answer = client.take(name);
    assertThat(answer.status()).as("%s", answer.body()).isEqualTo(503);
    assertThat(answer.body().path("retryAfter").asInt()).isPositive();
    if (!answer.body().path("detail").asText().contains("nothing was changed")) {
      perhaps.add(name);
    }
  }

  private static void mustEnd(String command) {
    String id = client.named("running 0").path("id").asText();
    ServiceClient.Answer answer = client.command(id, command, 60);
    assertThat(answer.status()).as("%s: %s", command, answer.body()).isEqualTo(200);
  }

  // The faults

  @Test
  @Order(1)
  void aFullDisk() throws Exception {
    assumeTrue(mounted, "no file system can be mounted here");
    mark();
    Path filler = data.resolve("filler");
    try {
      FaultStore.fill(filler);
      soon("a launch is refused").until(() -> refused("on a full disk"));
      assertHealthTells("db", "is full");
      assertLogTells("Make room");
      assertMetric("campaign_routes_store_usable 0.0");
      mustEnd("pause");
    } finally {
      Files.delete(filler);
    }
    soon("it can be written").ignoreExceptions().until(() -> client.take("room").status() == 202);
    taken.add("room");
    mustEnd("resume");
    assertGoesOn();
    assertLogTells("The store can be used again");
  }

  private static void run(String... command) throws Exception {
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  /** What was taken before the fault was noticed counts. */
  private static boolean refused(String name) {
    ServiceClient.Answer answer = client.take(name);
    if (answer.status() == 202) {
      taken.add(name);
    }
    return answer.status() == 503;
  }

  @Test
  @Order(2)
  void aStoreThatAnotherProgramKeepsLocked() throws Exception {
    mark();
    try (AutoCloseable lock = SqliteLock.of(data.resolve("store/campaign-routes.db"))) {
      assertHealthTells("db", "Another program keeps");
      assertUnavailable("while it is locked");
      assertThat(client.get("/campaigns").status()).as("reads go on").isEqualTo(200);
      assertLogTells("Another program keeps");
    }
    assertGoesOn();
    assertLogTells("The store can be used again");
  }

  @Test
  @Order(3)
  void aStoreThatIsMovedAwayAndBack() throws Exception {
    mark();
    Path away = data.resolve("store.away");
    Files.move(data.resolve("store"), away);
    soon("a launch is refused").until(() -> refused("while the store is gone"));
    assertHealthTells("db", "was deleted or moved");
    if (Files.notExists(data.resolve("store"))) { // else it has already written back what it had
      Files.move(away, data.resolve("store"));
    }
    assertGoesOn();
    assertLogTells("was deleted or moved");
    assertLogTells("The store can be used again");
  }

  @Test
  @Order(4)
  void anInboxThatIsGone() throws Exception {
    mark();
    Path away = data.resolve("inbox.away");
    Files.move(data.resolve("inbox"), away);
    assertHealthTells("inbox", "is gone. Make it again, or mount it.");
    assertMetric("campaign_routes_inbox_usable 0.0");
    assertLogTells("The inbox cannot be looked into");
    Files.move(away, data.resolve("inbox"));
    assertGoesOn();
  }

  @Test
  @Order(5)
  void anInboxThatIsReadOnly() throws Exception {
    assumeTrue(mounted, "no file system can be mounted here");
    mark();
    String inbox = data.resolve("inbox").toString();
    run("mount", "--bind", inbox, inbox);
    try {
      service.signal("STOP"); // so that it is not taken before
      drop("while it is read-only");
      taken.add("while it is read-only");
      run("mount", "-o", "remount,ro,bind", inbox);
      service.signal("CONT");
      assertHealthTells("inbox", "Read-only file system. Nothing of it is launched twice.");
      assertMetric("campaign_routes_inbox_unfiled 1.0");
    } finally {
      run("umount", "-l", inbox);
    }
    assertGoesOn();
    assertThat(data.resolve("inbox/done/while-it-is-read-only.ndjson")).exists();
    assertLogTells("The inbox puts away again what it has taken");
  }

  @Test
  @Order(6)
  void anAuditFolderThatIsGoneIsWrittenAgain() throws Exception {
    mark();
    Files.move(data.resolve("audit"), data.resolve("audit.away"));
    assertGoesOn();
    assertLogTells("are written again from the store");
    for (JsonNode campaign : client.all()) {
      String id = campaign.path("id").asText();
      soon("the file of " + id)
          .ignoreExceptions()
          .until(
              () ->
                  Files.readString(data.resolve("audit/" + id + ".jsonl"))
                      .equals(client.text("/campaigns/" + id + "/audit")));
    }
  }

  @Test
  @Order(7)
  void descriptorsThatAreUsedUp() throws Exception {
    assumeTrue(limited, "there is no prlimit");
    mark();
    List<SocketChannel> callers = new ArrayList<>();
    try {
      for (int n = 0; n < DESCRIPTORS; n++) {
        callers.add(SocketChannel.open(service.address()));
      }
      drop("while none are left");
      taken.add("while none are left");
      assertLogTells(NO_DESCRIPTOR);
    } finally {
      for (SocketChannel caller : callers) {
        caller.close();
      }
    }
    assertGoesOn();
  }

  @Test
  @Order(8)
  void aProcessThatStandsStill() throws Exception {
    mark();
    service.signal("STOP");
    drop("while it stood still");
    taken.add("while it stood still");
    events.another("other", "PAUSED");
    await().pollDelay(Duration.ofSeconds(6)).until(() -> true); // as long as it tells of
    service.signal("CONT");
    assertLogTells("This process stood still for");
    assertGoesOn();
  }

  @Test
  @Order(9)
  void namesThatAreLookedUpSlowly() throws Exception {
    assumeTrue(names != null, "there is no gcc that makes a preloaded library");
    mark();
    names.delay(Duration.ofSeconds(30));
    try {
      cxone.fault(StubFault.cutBefore().times(40)); // what is connected needs no name
      assertHealthTells("cxone", "");
      events.another("other", "ACTIVE");
      soon("what goes elsewhere is not held up")
          .until(() -> events.done() && sink.events().containsAll(events.accepted()));
      take("while names are slow");
      assertThat(client.get("/actuator/health/liveness").status()).isEqualTo(200);
    } finally {
      names.delay(Duration.ZERO);
      cxone.noFaults();
    }
    assertGoesOn();
  }

  @Test
  @Order(10)
  void littleMemoryAndLargeInput() throws Exception {
    mark();
    Path lines = temp.resolve("large.ndjson");
    try (var out = Files.newBufferedWriter(lines)) {
      for (int n = 0; n < 3_000; n++) {
        out.write("{\"name\":\"large " + n + "\",\"pad\":\"" + "x".repeat(8_000) + "\"}\n");
      }
    }
    Files.move(lines, data.resolve("inbox/large.ndjson"));
    soon("what is large is refused")
        .until(() -> Files.exists(data.resolve("inbox/failed/large.ndjson")));
    assertGoesOn();
    Files.delete(data.resolve("inbox/failed/large.ndjson"));
  }

  /** Bytes of the store are overwritten: nothing goes on by it, and a good copy heals it. */
  @Test
  @Order(20)
  void aDamagedStore() throws Exception {
    mark();
    Path file = data.resolve("store/campaign-routes.db");
    assertThat(service.stop(Duration.ofSeconds(60))).isTrue();
    Path copy = Files.copy(file, temp.resolve("copy.db"));
    try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
      for (long at = 8_192; at < channel.size(); at += 4_096) {
        channel.position(at);
        channel.write(java.nio.ByteBuffer.wrap("x".repeat(2_048).getBytes()));
      }
    }
    try {
      begin();
      assertHealthTells("db", "is damaged");
      assertThat(service.stop(Duration.ofSeconds(60))).isTrue();
    } catch (IOException e) {
      assertThat(service.isAlive()).isFalse();
    }
    assertLogTells(file + " is damaged. Stop the service, put a copy that is whole in its place");
    Files.copy(copy, file, StandardCopyOption.REPLACE_EXISTING);
    Files.deleteIfExists(Path.of(file + "-wal"));
    Files.deleteIfExists(Path.of(file + "-shm"));
    begin();
    assertGoesOn();
  }
}
