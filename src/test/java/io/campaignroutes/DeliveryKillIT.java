package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.benchmark.DestinationsFile;
import io.campaignroutes.benchmark.EventLoad;
import io.campaignroutes.benchmark.EventLog;
import io.campaignroutes.benchmark.LoadGenerator;
import io.campaignroutes.benchmark.ServiceProcess;
import io.campaignroutes.benchmark.StubDestination;
import io.campaignroutes.benchmark.StubDestination.Arrival;
import io.campaignroutes.benchmark.StubDestination.Reply;
import io.campaignroutes.sandbox.StubCxone;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the packaged service over and over while it takes and forwards events, to a destination
 * that fails in every way, and counts: one process on the embedded store, then two that share a
 * PostgreSQL, with half as many events. {@code -Dwebhooks.kill.events=100000} makes a long run of
 * it, {@code -Dwebhooks.kill.seed=...} repeats the moments of a run.
 */
class DeliveryKillIT {
  private static final int EVENTS = Integer.getInteger("webhooks.kill.events", 2_400);
  private static final int CONNECTIONS = 10;
  private static final int CAMPAIGNS_EACH = 5;
  private static final int CONCURRENCY = 32;
  private static final Duration START = Duration.ofMinutes(3);
  private static final String TOKEN = "kill-token-77ab";
  private static final String SECRET = "whsec_a2lsbC1pdC1raWxsLWl0LWtpbGwtaXQtMTIzNDU2Nzg=";

  /** Posted a second: some seconds of it between two kills, in a short run and in a long one. */
  private static final double RATE = Math.max(300, EVENTS / 50.0);

  /** A destination that is good to five requests in six. */
  private static final class BadDestination implements StubDestination.Manners {
    private final EventLog log;
    private final Random dice;
    private final AtomicInteger failures = new AtomicInteger();
    private volatile boolean wellBehaved;

    private BadDestination(EventLog log, long seed) {
      this.log = log;
      this.dice = new Random(seed);
    }

    @Override
    public boolean cutsUnread() {
      return !wellBehaved && dice.nextInt(100) < 3;
    }

    @Override
    public Reply answer(Arrival arrival) {
      Reply reply = wellBehaved ? Reply.status(200) : thrown(dice.nextInt(1_000));
      boolean good = !reply.cut() && reply.status() / 100 == 2;
      if (!good || reply.delay().toSeconds() > 0) {
        failures.incrementAndGet();
      }
      log.note(arrival, good);
      return reply;
    }

    private static Reply thrown(int dice) {
      if (dice < 30) {
        return Reply.status(500);
      } else if (dice < 50) {
        return Reply.status(503);
      } else if (dice < 52) {
        return Reply.retryAfter(429, "1"); // which the whole destination is left alone for
      } else if (dice < 90) {
        return Reply.cutAfterReading();
      } else if (dice < 120) {
        return Reply.status(200).after(Duration.ofMillis(300));
      } else if (dice < 122) {
        return Reply.status(200).after(Duration.ofSeconds(7)); // taken, but the answer is too late
      }
      return Reply.status(200);
    }
  }

  @Test
  void everyAcceptedEventArrivesInOrderWhateverIsKilled(@TempDir Path temp) throws Exception {
    long seed = seed();
    var random = new Random(seed);
    Path log = emptyLog("webhook-kill-it.log");
    var load = new EventLoad(TOKEN, CONNECTIONS, CAMPAIGNS_EACH).upTo(EVENTS);
    var seen = new EventLog(load, SECRET, 1);
    var manners = new BadDestination(seen, seed);
    int kills = 0;
    try (var cxone = new StubCxone(seed);
        var destination = new StubDestination(manners)) {
      String destinations = destinations(temp, destination);
      while (load.accepted() < EVENTS) {
        try (ServiceProcess service = start(cxone, temp, log, destinations)) {
          if (++kills % 4 == 0) {
            pause(500 + random.nextInt(4_500)); // some during the start, or right after
            service.kill();
            continue;
          }
          service.awaitReady(START);
          CompletableFuture<?> posting = post(service, load);
          awaitAccepted(load, (int) (RATE * (1 + 2.5 * random.nextDouble())), EVENTS);
          service.kill();
          posting.get();
        }
      }
      try (ServiceProcess service = start(cxone, temp, log, destinations)) {
        service.awaitReady(START);
        assertAllHasArrived(service, EVENTS, seen, manners, load, kills);
        assertThat(service.stop(Duration.ofSeconds(30))).as("it ends when asked to").isTrue();
      }
    }
    assertThat(Files.readString(log).lines().filter(l -> l.contains(" ERROR "))).isEmpty();
  }

  /** What one of them had under way when it was killed is the other's once its lease has ended. */
  @Test
  void replicasOnOneStoreShareTheWorkAndOutliveEachOther(@TempDir Path temp) throws Exception {
    int events = EVENTS / 2;
    long seed = seed();
    var random = new Random(seed);
    Path log = emptyLog("webhook-replicas-it.log");
    var load = new EventLoad(TOKEN, CONNECTIONS, CAMPAIGNS_EACH).upTo(events);
    var seen = new EventLog(load, SECRET, 1);
    var manners = new BadDestination(seen, seed);
    int kills = 0;
    List<ServiceProcess> replicas = new ArrayList<>();
    try (var postgres =
            EmbeddedPostgres.builder().setServerConfig("synchronous_commit", "on").start();
        var cxone = new StubCxone(seed);
        var destination = new StubDestination(manners)) {
      String destinations = destinations(temp, destination);
      Map<String, String> store =
          Map.of(
              "SPRING_DATASOURCE_URL",
              postgres.getJdbcUrl("postgres", "postgres"),
              "SPRING_DATASOURCE_USERNAME",
              "postgres");
      try {
        for (int n = 0; n < 2; n++) {
          replicas.add(
              start(cxone, store, temp.resolve("r" + n), log, destinations, "--webhooks.lease=35s")
                  .awaitReady(START));
        }
        for (int turn = 0; ; turn = 1 - turn) {
          ServiceProcess replica = replicas.get(turn).awaitReady(START);
          CompletableFuture<?> posting = post(replica, load);
          awaitAccepted(load, (int) (RATE * (1 + 1.5 * random.nextDouble())), events);
          kills++;
          replica.kill();
          posting.get();
          if (load.accepted() == events) {
            replicas.remove(turn); // the other one has to do without
            break;
          }
          replicas.set(
              turn,
              start(
                  cxone,
                  store,
                  temp.resolve("r" + turn),
                  log,
                  destinations,
                  "--webhooks.lease=35s"));
        }
        assertAllHasArrived(replicas.get(0).awaitReady(START), events, seen, manners, load, kills);
      } finally {
        for (ServiceProcess replica : replicas) {
          replica.close();
        }
      }
    }
    assertThat(Files.readString(log).lines().filter(l -> l.contains(" ERROR "))).isEmpty();
  }

  private static long seed() {
    long seed = Long.getLong("webhooks.kill.seed", System.nanoTime());
    System.out.println("DeliveryKillIT: repeat with -Dwebhooks.kill.seed=" + seed);
    return seed;
  }

  private static Path emptyLog(String name) throws IOException {
    Path log = Path.of("target", name);
    Files.createDirectories(log.getParent());
    Files.deleteIfExists(log);
    return log;
  }

  /** The setting by which the bad destination gets every event. */
  private static String destinations(Path temp, StubDestination bad) throws IOException {
    return DestinationsFile.write(
        temp.resolve("destinations.yaml"),
        List.of(new DestinationsFile.Destination("bad", bad.url(), SECRET, CONCURRENCY)));
  }

  private static void assertAllHasArrived(
      ServiceProcess service,
      int events,
      EventLog seen,
      BadDestination manners,
      EventLoad load,
      int kills) {
    var client = new ServiceClient(service);
    await("all have arrived")
        .atMost(Duration.ofSeconds(90 + events / 200))
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() -> assertThat(seen.distinct()).isEqualTo(events));
    manners.wellBehaved = true;
    await("the last are settled")
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> assertThat(client.all("/deliveries?status=PENDING")).as("pending").isEmpty());
    System.out.printf(
        "DeliveryKillIT: %d events, %d kills, %d requests without a 202, %d failures of the"
            + " destination, %d events delivered more than once%n",
        events, kills, load.repeats(), manners.failures.get(), seen.doubles());
    assertThat(seen.wrong()).isEmpty();
    assertEachIsStoredOnceAndDelivered(client, events);
    // what was under way or not yet noted when a kill came may come again, and nothing else
    assertThat(seen.doubles())
        .as("delivered more than once")
        .isLessThanOrEqualTo(manners.failures.get() + kills * 2 * CONCURRENCY);
  }

  private static ServiceProcess start(StubCxone cxone, Path temp, Path log, String... properties)
      throws IOException {
    return start(cxone, Map.of(), temp, log, properties);
  }

  private static ServiceProcess start(
      StubCxone cxone, Map<String, String> more, Path temp, Path log, String... properties)
      throws IOException {
    Map<String, String> environment = new HashMap<>(cxone.environment());
    environment.putAll(more);
    environment.put("WEBHOOK_TOKEN", TOKEN);
    environment.put("ALLOW_PRIVATE_DESTINATIONS", "true");
    environment.put("DELIVERY_RETRY_SCHEDULE", String.join(",", Collections.nCopies(20, "200ms")));
    return ServiceProcess.start(
        PackagedService.command(), temp.resolve("data"), environment, log, properties);
  }

  /** Until that many more have been taken, however long a busy machine needs for them. */
  private static void awaitAccepted(EventLoad load, int more, int all) {
    int enough = Math.min(all, load.accepted() + more);
    await().atMost(START).pollInterval(Duration.ofMillis(5)).until(() -> load.accepted() >= enough);
  }

  /** Posts until all is accepted or the service is gone; what has no 202 then comes again. */
  private static CompletableFuture<?> post(ServiceProcess service, EventLoad load) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            LoadGenerator.run(service.address(), CONNECTIONS, RATE, load, service::isAlive);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** A moment of a start is what is tested: it is waited for and nothing else is. */
  private static void pause(long millis) {
    await()
        .pollDelay(Duration.ofMillis(millis))
        .atMost(Duration.ofMillis(millis + 1_000))
        .until(() -> true);
  }

  private static void assertEachIsStoredOnceAndDelivered(ServiceClient client, int events) {
    List<JsonNode> deliveries = client.all("/deliveries?");
    Set<String> known = new HashSet<>();
    for (JsonNode delivery : deliveries) {
      assertThat(delivery.path("status").asText()).as("%s", delivery).isEqualTo("DELIVERED");
      assertThat(known.add(delivery.path("eventId").asText()))
          .as("a second delivery of %s", delivery)
          .isTrue();
    }
    assertThat(deliveries).hasSize(events);
  }
}
