package io.campaignroutes.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.benchmark.Figures.Kind;
import io.campaignroutes.sandbox.StubCampaign;
import io.campaignroutes.sandbox.StubCxone;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Measures launches: how long one takes, how many a second, and how well polls keep their schedule
 * while very many campaigns wait in activation. Load generator and CXone stub share this process;
 * the service has one of its own.
 */
final class LaunchBenchmark extends Benchmark {
  /** What can be handed very many at once. */
  static final List<String> PARTS = List.of("orchestrator", "service");

  private static final Duration ACTIVATION = Duration.ofMillis(300);
  private static final Duration ANSWER = Duration.ofMillis(20);

  /** Requests that the plain orchestrator has open, each until its campaign is ACTIVE. */
  private static final int OPEN = 500;

  /** The longest wait between two polls of one campaign, given to the service as a setting. */
  private static final Duration POLL_MAX = Duration.ofSeconds(5);

  private static final Duration POLL_WATCH = Duration.ofSeconds(30);
  private static final List<String> LAUNCHING =
      List.of("RECEIVED", "CHECKED", "CREATED", "REGISTERED", "ACTIVATING");

  private final int connections;
  private final int latencyRuns;
  private final int campaigns;
  private final int waiting;
  private final List<String> parts;
  private final Map<String, Double> orchestratorPerSecond = new HashMap<>();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  LaunchBenchmark(BenchmarkCommand.Options options, PrintStream out, PrintStream err)
      throws IOException {
    super(options, out, err);
    this.connections = options.number("--connections");
    this.latencyRuns = options.number("--latency-runs");
    this.campaigns = options.number("--campaigns");
    this.waiting = options.number("--waiting");
    this.parts = options.parts();
  }

  /** Runs the parts whose count is not 0. */
  @Override
  void run() throws IOException, InterruptedException {
    if (latencyRuns > 0) {
      latency(latencyRuns);
    }
    if (campaigns > 0 && parts.contains("orchestrator")) {
      orchestrator(campaigns);
    }
    if (campaigns > 0 && parts.contains("service")) {
      throughput(campaigns);
    }
    if (waiting > 0) {
      waiting(waiting);
    }
    tell();
  }

  /** (a) One launch at a time. */
  private void latency(int runs) throws IOException, InterruptedException {
    try (StubCxone cxone = new StubCxone();
        ServiceProcess service = service(cxone.environment())) {
      cxone.activation(StubCxone.Activation.after(ACTIVATION));
      cxone.answerDelay(Duration.ofMillis(1));
      for (int n = 0; n < 10; n++) {
        create(service, "warm " + n);
      }
      for (int answer : List.of(20, 1)) {
        cxone.answerDelay(Duration.ofMillis(answer));
        String when = ", CXone answers in " + answer + " ms, activates in 300 ms";
        List<Double> posted = new ArrayList<>();
        List<Double> dropped = new ArrayList<>();
        for (int n = 0; n < runs; n++) {
          posted.add(create(service, "posted " + answer + " " + n));
          dropped.add(drop(service, "dropped " + answer + " " + n));
        }
        told("POST /campaigns/create to 201" + when, posted);
        told("file dropped to ACTIVE" + when, dropped);
      }
    }
  }

  private void told(String what, List<Double> millis) {
    row(
        what,
        "median %.0f ms, p95 %.0f ms of %d",
        quantile(millis, 0.5),
        quantile(millis, 0.95),
        millis.size());
    figures.add(Kind.TIME, what + ", median ms", quantile(millis, 0.5));
    figures.add(Kind.TIME, what + ", p95 ms", quantile(millis, 0.95));
  }

  /** Milliseconds from the request to its 201. */
  private double create(ServiceProcess service, String name)
      throws IOException, InterruptedException {
    HttpRequest request = post(service.uri("/campaigns/create"), request(name));
    long start = System.nanoTime();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    double millis = (System.nanoTime() - start) / 1e6;
    if (answer.statusCode() != 201) {
      throw new IOException("201 expected, not " + answer.statusCode() + " " + answer.body());
    }
    return millis;
  }

  /** Milliseconds from the moment a file is there to the moment the API lists it as ACTIVE. */
  private double drop(ServiceProcess service, String name)
      throws IOException, InterruptedException {
    String after = lastId(service);
    Path inbox = serviceDir().resolve("data/inbox");
    Path draft = Files.write(inbox.resolve("next.tmp"), JSON.writeValueAsBytes(request(name)));
    long start = System.nanoTime();
    Files.move(
        draft, inbox.resolve(name.replace(' ', '-') + ".json"), StandardCopyOption.ATOMIC_MOVE);
    long end = start + TimeUnit.SECONDS.toNanos(30);
    while (System.nanoTime() - end < 0) {
      JsonNode page = get(service, "/campaigns?status=ACTIVE&after=" + after);
      if (page.path("items").size() > 0) {
        return (System.nanoTime() - start) / 1e6;
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
    throw new IOException("the file of " + name + " did not become ACTIVE within 30 s");
  }

  /** The newest campaign's id; every call before this one has waited for the campaign's end. */
  private String lastId(ServiceProcess service) throws IOException, InterruptedException {
    String after = lastSeen;
    while (true) {
      JsonNode items = get(service, "/campaigns?limit=1000&after=" + after).path("items");
      if (items.isEmpty()) {
        lastSeen = after;
        return after;
      }
      after = items.get(items.size() - 1).path("id").asText();
    }
  }

  private String lastSeen = "";

  /** (b) Very many handed in at once to the plain orchestrator; twice in one process. */
  private void orchestrator(int campaigns) throws IOException, InterruptedException {
    String what = " campaigns posted at once to an orchestrator in Node that stores nothing, ";
    String missing = NodePeer.missing("orchestrator");
    if (missing != null) {
      row(campaigns + what + OPEN + " requests open", "left out: %s", missing);
      return;
    }
    try (StubCxone cxone = new StubCxone();
        NodePeer peer =
            NodePeer.start("orchestrator", temp.resolve("orchestrator"), cxone.environment())) {
      cxone.answerDelay(ANSWER);
      cxone.activation(StubCxone.Activation.after(ACTIVATION));
      for (String round : List.of("cold", "warm")) {
        double cpu = peer.figures().cpuSeconds();
        long start = System.nanoTime();
        handIn(peer.uri("/campaigns"), 201, OPEN, round, campaigns);
        double all = (System.nanoTime() - start) / 1e9;
        orchestratorPerSecond.put(round, campaigns / all);
        row(
            campaigns + what + OPEN + " requests open, " + round,
            "all ACTIVE after %.1f s, %.0f launches/s; %.1f s of processor time; %d MiB resident",
            all,
            campaigns / all,
            peer.figures().cpuSeconds() - cpu,
            peer.figures().residentMb());
        figures.add(Kind.RATE, "orchestrator, launches/s, " + round, campaigns / all);
      }
    }
  }

  /** (c) Very many handed in at once; twice in one process. */
  private void throughput(int campaigns) throws IOException, InterruptedException {
    try (StubCxone cxone = new StubCxone();
        ServiceProcess service = service(cxone.environment())) {
      cxone.answerDelay(ANSWER);
      cxone.activation(StubCxone.Activation.after(ACTIVATION));
      long threadsBefore = service.figures().threads();
      int done = 0;
      for (String round : List.of("cold", "warm")) {
        done += campaigns;
        int wanted = done;
        try (Peaks peaks = new Peaks(service.figures())) {
          double cpu = service.figures().cpuSeconds();
          long start = System.nanoTime();
          handIn(service.uri("/campaigns"), 202, connections, round, campaigns);
          double handedIn = (System.nanoTime() - start) / 1e9;
          await(Duration.ofSeconds(120), () -> cxone.seenActive() >= wanted);
          awaitLaunched(service);
          double all = (System.nanoTime() - start) / 1e9;
          double used = service.figures().cpuSeconds() - cpu;
          figures.add(Kind.RATE, "launches/s, " + round, campaigns / all);
          figures.add(
              Kind.PROCESSOR_TIME,
              "ms of processor time a launch, " + round,
              1_000 * used / campaigns);
          figures.add(Kind.SIZE, "MiB at the most, " + round, peaks.residentMb());
          row(
              campaigns + " campaigns posted at once, " + connections + " connections, " + round,
              "all ACTIVE after %.1f s, %.0f launches/s%s (all taken after %.1f s); %.1f s of"
                  + " processor time; peak %d MiB resident, %d threads (%d idle)",
              all,
              campaigns / all,
              orchestratorPerSecond.containsKey(round)
                  ? ", %.2f times the orchestrator"
                      .formatted(campaigns / all / orchestratorPerSecond.get(round))
                  : "",
              handedIn,
              used,
              peaks.residentMb(),
              peaks.threads(),
              threadsBefore);
        }
      }
      long active = countActive(service);
      if (active != done || cxone.campaigns().size() != done) {
        throw new IOException(
            "%d campaigns should be ACTIVE; %d are, and CXone has %d"
                .formatted(done, active, cxone.campaigns().size()));
      }
    }
  }

  private void handIn(URI where, int expected, int open, String prefix, int campaigns)
      throws IOException, InterruptedException {
    var free = new Semaphore(open);
    var taken = new AtomicInteger();
    List<String> refused = new ArrayList<>();
    for (int n = 0; n < campaigns; n++) {
      free.acquire();
      http.sendAsync(post(where, request(prefix + " " + n)), HttpResponse.BodyHandlers.ofString())
          .whenComplete(
              (answer, failure) -> {
                if (failure == null && answer.statusCode() == expected) {
                  taken.incrementAndGet();
                } else {
                  synchronized (refused) {
                    refused.add(
                        failure != null
                            ? failure.toString()
                            : answer.statusCode() + " " + answer.body());
                  }
                }
                free.release();
              });
    }
    free.acquire(open);
    if (taken.get() < campaigns) {
      synchronized (refused) {
        throw new IOException(refused.size() + " were not taken, such as: " + refused.get(0));
      }
    }
  }

  private void awaitLaunched(ServiceProcess service) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    for (String stage : LAUNCHING) {
      while (get(service, "/campaigns?limit=1&status=" + stage).path("items").size() > 0) {
        if (System.nanoTime() - end > 0) {
          throw new IOException("some campaigns stay " + stage);
        }
        TimeUnit.MILLISECONDS.sleep(10);
      }
    }
  }

  private long countActive(ServiceProcess service) throws IOException, InterruptedException {
    long active = 0;
    String after = "";
    while (after != null) {
      JsonNode page = get(service, "/campaigns?status=ACTIVE&limit=1000&after=" + after);
      active += page.path("items").size();
      after = page.path("next").asText(null);
    }
    return active;
  }

  /** (d) Very many that wait in activation. */
  private void waiting(int campaigns) throws IOException, InterruptedException {
    try (StubCxone cxone = new StubCxone();
        ServiceProcess service =
            service(
                cxone.environment(),
                "--launch.activation-timeout=2h",
                "--launch.activation-poll-max=" + POLL_MAX.toMillis() + "ms",
                "--inbox.settle=300ms")) {
      cxone.answerDelay(ANSWER);
      cxone.activation(StubCxone.Activation.never());
      Path inbox = serviceDir().resolve("data/inbox");
      try (BufferedWriter file = Files.newBufferedWriter(inbox.resolve("all.tmp"))) {
        for (int n = 0; n < campaigns; n++) {
          file.write(JSON.writeValueAsString(request("waiting " + n)));
          file.write('\n');
        }
      }
      Files.move(inbox.resolve("all.tmp"), inbox.resolve("all.ndjson"));
      long start = System.nanoTime();
      await(Duration.ofSeconds(300), () -> cxone.count(StubCxone.Call.PUT) >= campaigns);
      double launched = (System.nanoTime() - start) / 1e9;
      err.printf("%d are ACTIVATING after %.0f s%n", campaigns, launched);
      // until the growing wait of the last one has reached its end
      await(
          Duration.ofSeconds(120),
          () -> cxone.campaigns().stream().allMatch(c -> c.polls().size() >= 10));
      err.println("each has been polled ten times");
      cxone.forgetArrivals();
      long from = System.nanoTime();
      double cpu = service.figures().cpuSeconds();
      try (Peaks peaks = new Peaks(service.figures())) {
        TimeUnit.NANOSECONDS.sleep(POLL_WATCH.toNanos());
        double share = (service.figures().cpuSeconds() - cpu) / POLL_WATCH.toSeconds();
        tellPolls(cxone, campaigns, from, launched, share, peaks);
      }
    }
  }

  private void tellPolls(
      StubCxone cxone, int campaigns, long from, double launched, double cores, Peaks peaks) {
    long to = System.nanoTime();
    List<Double> gaps = new ArrayList<>();
    long polls = 0;
    Map<Long, Integer> perSecond = new TreeMap<>();
    for (StubCampaign campaign : cxone.campaigns()) {
      Long before = null;
      for (long at : campaign.polls()) {
        if (at - from >= 0 && at - to <= 0) {
          polls++;
          perSecond.merge((at - from) / 1_000_000_000L, 1, Integer::sum);
          if (before != null) {
            gaps.add((at - before) / 1e6);
          }
        }
        before = at;
      }
      // one that is overdue at the end counts with what it has waited so far
      double open = (to - before) / 1e6;
      if (open > POLL_MAX.toMillis()) {
        gaps.add(open);
      }
    }
    double seconds = (to - from) / 1e9;
    double due = POLL_MAX.toMillis() + ANSWER.toMillis();
    figures.add(Kind.PROCESSOR_TIME, "cores used by " + campaigns + " that wait", cores);
    figures.add(Kind.SIZE, "MiB at the most, " + campaigns + " that wait", peaks.residentMb());
    row(
        campaigns + " campaigns waiting in activation, polled every " + POLL_MAX.toSeconds() + " s",
        "gap between two polls of one: median %.0f ms, p99 %.0f ms, longest %.0f ms (late by %.0f,"
            + " %.0f, %.0f ms); %.0f polls/s, of %.0f/s due; busiest second %d; %.1f cores used;"
            + " peak %d MiB resident, %d threads; all were launched after %.0f s",
        quantile(gaps, 0.5),
        quantile(gaps, 0.99),
        quantile(gaps, 1),
        quantile(gaps, 0.5) - due,
        quantile(gaps, 0.99) - due,
        quantile(gaps, 1) - due,
        polls / seconds,
        campaigns * 1000 / due,
        perSecond.values().stream().max(Comparator.naturalOrder()).orElse(0),
        cores,
        peaks.residentMb(),
        peaks.threads(),
        launched);
  }

  private static HttpRequest post(URI where, ObjectNode body) throws IOException {
    return HttpRequest.newBuilder(where)
        .timeout(Duration.ofSeconds(70))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
        .build();
  }

  private JsonNode get(ServiceProcess service, String path)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(service.uri(path)).timeout(Duration.ofSeconds(30)).build();
    HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      throw new IOException(path + " answered " + answer.statusCode());
    }
    return JSON.readTree(answer.body());
  }
}
