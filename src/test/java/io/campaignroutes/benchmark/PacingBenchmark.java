package io.campaignroutes.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.benchmark.Figures.Kind;
import io.campaignroutes.sandbox.StubCxone;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Measures ticks of the pacing of very many running campaigns: how long until each has had one, and
 * what one costs. Done with a quarter, a half and all of the campaigns, so that the cost of a tick
 * can be compared.
 */
final class PacingBenchmark extends Benchmark {
  private static final Duration CXONE = Duration.ofMillis(20);

  private final int campaigns;
  private final int rounds;

  PacingBenchmark(BenchmarkCommand.Options options, PrintStream out, PrintStream err)
      throws IOException {
    super(options, out, err);
    this.campaigns = options.number("--campaigns");
    this.rounds = options.number("--rounds");
  }

  @Override
  void run() throws IOException, InterruptedException {
    for (int share : new int[] {4, 2, 1}) {
      measure(campaigns / share);
    }
    tell();
  }

  private void measure(int running) throws IOException, InterruptedException {
    Map<String, AtomicInteger> ticks = new ConcurrentHashMap<>();
    try (StubCxone cxone = new StubCxone();
        ServiceProcess service = service(cxone.environment(), "--inbox.settle=300ms")) {
      cxone.answerDelay(CXONE);
      cxone.figures(
          campaign -> {
            ticks.computeIfAbsent(campaign.id(), id -> new AtomicInteger()).incrementAndGet();
            return figures();
          });
      launch(running);
      long start = System.nanoTime();
      await(Duration.ofSeconds(600), () -> ticks.size() == running && least(ticks) >= 2);
      err.printf(
          "%d campaigns run and have had two ticks after %.0f s%n",
          running, (System.nanoTime() - start) / 1e9);
      cxone.forgetArrivals();
      long before = service.figures().residentMb();
      for (int round = 1; round <= rounds; round++) {
        measure(running, round, before, cxone, service, ticks);
      }
    }
  }

  private void measure(
      int running,
      int round,
      long residentBefore,
      StubCxone cxone,
      ServiceProcess service,
      Map<String, AtomicInteger> ticks)
      throws IOException, InterruptedException {
    ticks.values().forEach(count -> count.set(0));
    int writesBefore = cxone.count(StubCxone.Call.PATCH);
    double cpu = service.figures().cpuSeconds();
    long start = System.nanoTime();
    await(Duration.ofSeconds(300), () -> least(ticks) >= 1);
    double seconds = (System.nanoTime() - start) / 1e9;
    int done = ticks.values().stream().mapToInt(AtomicInteger::get).sum();
    double used = 1000 * (service.figures().cpuSeconds() - cpu) / done;
    String what = running + " running campaigns";
    figures.add(Kind.TIME, what + ", s until each has had a tick", seconds);
    figures.add(Kind.PROCESSOR_TIME, what + ", ms of processor time a tick", used);
    figures.add(Kind.SIZE, what + ", MiB", service.figures().residentMb());
    row(
        what + ", round " + round,
        "each has had a tick after %.1f s; %.0f ticks/s, %.0f writes/s, %.2f ms of processor time a"
            + " tick; %d MiB resident, %d before the rounds",
        seconds,
        done / seconds,
        (cxone.count(StubCxone.Call.PATCH) - writesBefore) / seconds,
        used,
        service.figures().residentMb(),
        residentBefore);
  }

  private static int least(Map<String, AtomicInteger> ticks) {
    return ticks.values().stream().mapToInt(AtomicInteger::get).min().orElse(0);
  }

  /**
   * A team of about fifty whose idle agents come and go, so that most decisions change the rate.
   */
  private static JsonNode figures() {
    var random = ThreadLocalRandom.current();
    return JSON.createObjectNode()
        .put("connectedCalls", 75 + random.nextInt(10))
        .put("abandonedCalls", random.nextInt(3))
        .put("avgHandleTime", 180)
        .put("availableAgents", random.nextInt(12));
  }

  private void launch(int running) throws IOException {
    Path inbox = serviceDir().resolve("data/inbox");
    try (BufferedWriter file = Files.newBufferedWriter(inbox.resolve("all.tmp"))) {
      for (int n = 0; n < running; n++) {
        file.write(JSON.writeValueAsString(request("paced " + n)));
        file.write('\n');
      }
    }
    Files.move(
        inbox.resolve("all.tmp"), inbox.resolve("all.ndjson"), StandardCopyOption.ATOMIC_MOVE);
  }
}
