package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.campaignroutes.benchmark.DestinationsFile;
import io.campaignroutes.benchmark.FreePort;
import io.campaignroutes.benchmark.ServiceProcess;
import io.campaignroutes.benchmark.StubDestination;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * One service on one store and one platform, that takes campaigns over HTTP and in files, paces
 * them in agent pools of their own and in shared ones, takes and forwards events and is given
 * commands, all the while that it meets faults.
 */
final class FaultRun implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(5);

  /** A kill at a call, whose name follows. */
  private static final String POINT = FaultTable.KILL + ": ";

  /** The campaign that only people at CXone change. */
  static final String LEFT_TO_PEOPLE = "campaign 0";

  /** Posts to the receiver at the same time. */
  static final int CONCURRENCY = 16;

  private static final String SECRET = "whsec_ZmF1bHRzLWl0LWZhdWx0cy1pdC1mYXVsdHMtaXQtMTIzNDU=";

  private static final String[] SETTINGS = {
    "--launch.settle-grace=500ms",
    "--launch.settle-time=1s",
    "--launch.retry-initial=100ms",
    "--launch.retry-max=1s",
    "--launch.look-period=2s",
    "--pacing.period=2s",
    "--inbox.settle=300ms",
    "--store.gone-after=5s",
    "--webhooks.lease=35s"
  };

  final FaultTable table = new FaultTable();
  final FaultStore store;
  final FaultSide side;
  final EventSource events;
  final EventSink sink;
  final Steering steering;
  final Path data;
  final Path log;
  final KeptCheckpoints kept;

  /** The campaigns, and how they were handed in. */
  final HandedIn handedIn;

  /**
   * The same for all of its processes, or another run's might listen where this one's has ended,
   * and be told what is meant for it.
   */
  private final int port = FreePort.any();

  private final String token;
  private final Random random;
  private final KillPoint point;
  private final StubDestination destination;
  private final String destinations;
  private final List<Thread> helpers = new ArrayList<>();
  private final List<String> unmet = new ArrayList<>();
  private volatile boolean resting;
  private volatile boolean over;
  private volatile ServiceProcess service;
  private volatile ServiceClient client;

  FaultRun(Path temp, FaultStore store, boolean personalConnection, int trials, long seed)
      throws Exception {
    this.random = new Random(seed);
    this.store = store;
    this.data = store.data();
    this.kept = new KeptCheckpoints(data.resolve("audit"), temp.resolve("kept"));
    this.log = Path.of("target", "fault-suite-it-" + temp.getFileName() + ".log");
    Files.createDirectories(log.getParent());
    Files.deleteIfExists(log);
    Files.createDirectories(data.resolve("inbox"));
    point = new KillPoint(() -> service.kill());
    sink = new EventSink(point);
    destination = new StubDestination(sink);
    destinations =
        DestinationsFile.write(
            temp.resolve("destinations.yaml"),
            List.of(
                new DestinationsFile.Destination("sink", destination.url(), SECRET, CONCURRENCY)));
    token = "faults-token-" + temp.getFileName();
    events = new EventSource(token, () -> service);
    int most = Math.min(60, 10 + 2 * trials * HandedIn.EACH_TIME);
    side =
        personalConnection
            ? new ConnectionSide(seed, point, most)
            : new V2Side(seed, point).telling(events);
    handedIn = new HandedIn(side, data.resolve("inbox"), random);
    steering = new Steering(seed, () -> client, FaultRun::steered, 400);
  }

  /** Campaigns that operators give commands to. */
  static boolean steered(String name) {
    return name.hashCode() % 3 == 0 && !name.equals(LEFT_TO_PEOPLE);
  }

  // The service

  /** Starts it, with nobody to wait for it. */
  private void begin() throws IOException {
    client = null;
    Map<String, String> environment = new HashMap<>(side.environment());
    environment.putAll(store.environment());
    environment.put("PORT", Integer.toString(port));
    environment.put("WEBHOOK_TOKEN", token);
    environment.put("ALLOW_PRIVATE_DESTINATIONS", "true");
    environment.put("DELIVERY_RETRY_SCHEDULE", String.join(",", Collections.nCopies(60, "1s")));
    List<String> settings = new ArrayList<>(List.of(SETTINGS));
    settings.addAll(side.settings());
    settings.add(destinations);
    service =
        ServiceProcess.start(
            PackagedService.command("-Xmx256m"),
            data,
            environment,
            log,
            settings.toArray(new String[0]));
  }

  private void ready() throws Exception {
    service.awaitReady(START);
    client = new ServiceClient(service);
  }

  /** Starts it for the first time, and all that goes on around it. */
  void start() throws Exception {
    begin();
    ready();
    side.prepare(client);
    handedIn.toPost(5);
    helper("posts", () -> handedIn.postOne(client), 50);
    if (side.posts()) {
      helper("other events", this::otherEvent, 100);
    }
    helper("people", this::people, 500);
    steering.start();
  }

  ServiceClient client() {
    return client;
  }

  private void helper(String name, Runnable work, int gapMillis) {
    Thread helper =
        new Thread(
            () -> {
              while (!over) {
                work.run();
                pause(gapMillis);
              }
            },
            name);
    helper.setDaemon(true);
    helper.start();
    helpers.add(helper);
  }

  private void people() {
    if (!resting) {
      side.people(sink);
    }
  }

  private void otherEvent() {
    if (resting) {
      return;
    }
    int n = (int) (System.nanoTime() / 1_000 % 8);
    events.another("other-" + n, n % 2 == 0 ? "ACTIVE" : "PAUSED");
  }

  // Faults

  /** Has one happen, in the middle of everything, and be over. */
  void suffer(String kind) throws Exception {
    table.begins(kind);
    handedIn.some();
    pause(100 + random.nextInt(900));
    if (kind.startsWith(POINT)) {
      killAt(kind.substring(POINT.length()));
    } else {
      happen(kind);
    }
    kept.keep();
    side.look(client);
  }

  private void happen(String kind) throws Exception {
    switch (kind) {
      case "kill at random" -> {
        pause(random.nextInt(1_500));
        service.kill();
        again();
      }
      case "kill while it starts" -> {
        service.kill();
        begin();
        pause(200 + random.nextInt(5_000));
        service.kill();
        again();
      }
      case "SIGTERM" -> {
        ServiceProcess was = service;
        client = null;
        assertThat(was.stop(Duration.ofSeconds(90))).as("it ends when asked to").isTrue();
        again();
      }
      case "SIGSTOP" -> lasts(() -> service.signal("STOP"), () -> service.signal("CONT"), 4_000);
      case "CXone fails" -> lasts(() -> side.misbehave(true), () -> side.misbehave(false), 4_000);
      case "receiver down" -> {
        if (random.nextBoolean()) {
          lasts(() -> sink.away(true), () -> sink.away(false), 3_000);
        } else {
          lasts(destination::down, destination::up, 3_000);
        }
      }
      case "store locked" -> {
        try (AutoCloseable lock = store.lock()) {
          pause(500 + random.nextInt(4_000));
        }
      }
      case "disk full" -> store.fillFor(1_000 + random.nextInt(3_000));
      default -> throw new IllegalArgumentException(kind);
    }
  }

  private interface Step {
    void take() throws Exception;
  }

  private void lasts(Step begin, Step end, int mostMillis) throws Exception {
    begin.take();
    try {
      pause(300 + random.nextInt(mostMillis));
    } finally {
      end.take();
    }
  }

  private void again() throws Exception {
    begin();
    ready();
  }

  /** What makes the call happen: commands do, all else happens by itself. */
  private void killAt(String call) throws Exception {
    KillPoint.When when = KillPoint.When.values()[random.nextInt(3)];
    if (!point.await(call, when, random.nextInt(30), Duration.ofSeconds(15))) {
      unmet.add(call);
      service.kill();
    }
    again();
  }

  /** The kinds that can happen here. */
  List<String> otherKinds() {
    List<String> kinds =
        new ArrayList<>(
            List.of("SIGTERM", "SIGSTOP", "CXone fails", "store locked", "receiver down"));
    if (store.canFill()) {
      kinds.add("disk full");
    }
    return kinds;
  }

  /** The points at which it can be killed. */
  List<String> kills() {
    List<String> kinds = new ArrayList<>(List.of("kill at random", "kill while it starts"));
    kinds.add(POINT + EventSink.DELIVERY);
    side.points().forEach(call -> kinds.add(POINT + call));
    return kinds;
  }

  /** No more faults, commands and campaigns; what waits is still handed in. */
  void calm() throws Exception {
    resting = true;
    steering.end();
    await("all is handed in").atMost(Duration.ofMinutes(3)).until(handedIn::done);
    await("what people did is told")
        .atMost(Duration.ofMinutes(2))
        .until(() -> side.peopleAreTold(sink));
    over = true;
    for (Thread helper : helpers) {
      helper.join();
    }
  }

  /** Calls to kill at that were not made in time. */
  List<String> unmet() {
    return unmet;
  }

  ServiceProcess service() {
    return service;
  }

  private static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws Exception {
    over = true;
    if (service != null) {
      service.close();
    }
    events.close();
    destination.close();
    side.close();
    point.close();
    store.close();
  }
}
