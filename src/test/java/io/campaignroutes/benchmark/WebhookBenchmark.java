package io.campaignroutes.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.benchmark.Figures.Kind;
import io.campaignroutes.benchmark.StubDestination.Arrival;
import io.campaignroutes.benchmark.StubDestination.Reply;
import io.campaignroutes.sandbox.StubCxone;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Measures webhooks: how many events a second go in and out again, beside a forwarder that stores
 * nothing; how a backlog is worked off; and what a dead destination costs the others. Load
 * generator and destinations share this process; the service has one of its own.
 */
final class WebhookBenchmark extends Benchmark {
  /** The parts, as {@code --only} names them. */
  static final List<String> PARTS = List.of("express", "service", "backlog", "destinations");

  private static final String TOKEN = "benchmark-token-5d02";
  private static final int CAMPAIGNS_EACH = 8;
  private static final int CHECK_EVERY = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(300);
  private static final Reply TAKEN = Reply.status(204);

  private final List<String> parts;
  private final int connections;
  private final int events;

  /** Events of the part with one destination that are not counted: compilers are at work. */
  private final int warmUp;

  private final int backlog;
  private final int destinations;

  /** Events a second for the part with several destinations. */
  private final int rate;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private double expressPerSecond;

  WebhookBenchmark(BenchmarkCommand.Options options, PrintStream out, PrintStream err)
      throws IOException {
    super(options, out, err);
    this.parts = options.parts();
    this.connections = options.number("--connections");
    this.events = options.number("--events");
    this.warmUp = options.number("--warm-up");
    this.backlog = options.number("--backlog");
    this.destinations = options.number("--destinations");
    this.rate = options.number("--rate");
  }

  /** Runs the parts that are wanted and whose count is not 0. */
  @Override
  void run() throws IOException, InterruptedException {
    if (events > 0 && parts.contains("express")) {
      express();
    }
    if (events > 0 && parts.contains("service")) {
      service();
    }
    if (backlog > 0 && parts.contains("backlog")) {
      backlog();
    }
    if (destinations > 0 && parts.contains("destinations")) {
      destinations();
    }
    tell();
  }

  private record Endpoint(StubDestination stub, EventLog log, DestinationsFile.Destination config)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      stub.close();
    }

    private void assertRight() throws IOException {
      if (!log.wrong().isEmpty()) {
        throw new IOException(
            log.wrong().size() + " deliveries were wrong, the first: " + log.wrong().get(0));
      }
    }
  }

  private static Endpoint endpoint(String name, EventLoad load, boolean signed) throws IOException {
    byte[] key = new byte[32];
    new Random(name.hashCode()).nextBytes(key);
    String secret = "whsec_" + Base64.getEncoder().encodeToString(key);
    EventLog log = new EventLog(load, signed ? secret : null, CHECK_EVERY);
    StubDestination stub =
        new StubDestination(
            arrival -> {
              log.note(arrival, true);
              return TAKEN;
            });
    return new Endpoint(stub, log, new DestinationsFile.Destination(name, stub.url(), secret, 0));
  }

  private EventLoad load() {
    return new EventLoad(TOKEN, connections, CAMPAIGNS_EACH);
  }

  /** The plain forwarder. */
  private void express() throws IOException, InterruptedException {
    String what = "Express and axios, one process, nothing stored: ";
    String missing = NodePeer.missing("express-forwarder");
    if (missing != null) {
      row(what + events + " events", "left out: %s", missing);
      return;
    }
    EventLoad load = load();
    try (Endpoint endpoint = endpoint("express", load, false);
        NodePeer express =
            NodePeer.start(
                "express-forwarder",
                temp.resolve("express"),
                Map.of("DESTINATION", endpoint.stub().url(), "WEBHOOK_TOKEN", TOKEN))) {
      expressPerSecond =
          throughput(what, express.address(), express.figures(), load, endpoint, false);
    }
  }

  /** The service with one destination. */
  private void service() throws IOException, InterruptedException {
    EventLoad load = load();
    try (StubCxone cxone = new StubCxone();
        Endpoint endpoint = endpoint("one", load, true);
        ServiceProcess service = service(cxone, List.of(endpoint.config()))) {
      throughput(
          "this service, each event synced before its 202, forwarded signed: ",
          service.address(),
          service.figures(),
          load,
          endpoint,
          true);
    }
  }

  private ServiceProcess service(
      StubCxone cxone, List<DestinationsFile.Destination> destinations, String... properties)
      throws IOException, InterruptedException {
    Map<String, String> environment = new HashMap<>(cxone.environment());
    environment.put("WEBHOOK_TOKEN", TOKEN);
    environment.put("ALLOW_PRIVATE_DESTINATIONS", "true");
    List<String> all = new ArrayList<>(List.of(properties));
    all.add(
        DestinationsFile.write(Files.createTempFile(temp, "destinations", ".yaml"), destinations));
    return service(environment, all.toArray(new String[0]));
  }

  /** Events a second, of those after the warm-up. */
  private double throughput(
      String what,
      InetSocketAddress address,
      ProcessFigures process,
      EventLoad load,
      Endpoint endpoint,
      boolean compare)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    post(address, load.upTo(warmUp), 0);
    await(PATIENCE, () -> endpoint.log().distinct() == warmUp);
    double warm = (System.nanoTime() - begin) / 1e9;
    load.forgetAnswers().upTo(warmUp + events);
    double cpu = process.cpuSeconds();
    long start = System.nanoTime();
    post(address, load, 0);
    double posted = (System.nanoTime() - start) / 1e9;
    await(PATIENCE, () -> endpoint.log().distinct() == warmUp + events);
    double seconds = (endpoint.log().lastAt() - start) / 1e9;
    double used = process.cpuSeconds() - cpu;
    endpoint.assertRight();
    List<Double> latency = endpoint.log().latencies(warmUp, warmUp + events);
    String who = compare ? "" : "Express, ";
    figures.add(Kind.RATE, who + "events/s", events / seconds);
    figures.add(Kind.RATE, who + "events/s while it warms up", warmUp / warm);
    figures.add(Kind.TIME, who + "202 after p99 ms", quantile(load.millis(), 0.99));
    if (compare) {
      figures.add(
          Kind.PROCESSOR_TIME, "s of processor time per 1,000 events", used * 1_000 / events);
      figures.add(Kind.SIZE, "MiB at the most", process.peakResidentMb());
    }
    row(
        what
            + events
            + " events after "
            + warmUp
            + " that warm it up, "
            + connections
            + " connections",
        "%.0f events/s from the first POST to the last arrival%s (%.0f/s accepted); 202 after p50"
            + " %.1f, p95 %.1f, p99 %.1f ms; arrived p50 %.0f, p99 %.0f ms after its 202; %.0f"
            + " events/s while it warms up; peak %d MiB resident;"
            + " %.2f s of processor time per 1,000 events; %d posted twice, %d delivered twice",
        events / seconds,
        compare && expressPerSecond > 0
            ? ", %.2f times the plain forwarder".formatted(events / seconds / expressPerSecond)
            : "",
        events / posted,
        quantile(load.millis(), 0.5),
        quantile(load.millis(), 0.95),
        quantile(load.millis(), 0.99),
        quantile(latency, 0.5),
        quantile(latency, 0.99),
        warmUp / warm,
        process.peakResidentMb(),
        used * 1_000 / events,
        load.repeats(),
        endpoint.log().doubles());
    return events / seconds;
  }

  private void post(InetSocketAddress address, EventLoad load, double rate) throws IOException {
    LoadGenerator.run(address, connections, rate, load, () -> true);
    if (load.accepted() != load.goal()) {
      throw new IOException(load.accepted() + " of " + load.goal() + " events were accepted");
    }
  }

  /** Events for a destination that is down, which then comes up. */
  private void backlog() throws IOException, InterruptedException {
    EventLoad load = load().upTo(backlog);
    try (StubCxone cxone = new StubCxone();
        Endpoint endpoint = endpoint("backlog", load, true);
        ServiceProcess service =
            service(
                cxone,
                List.of(endpoint.config()),
                "--webhooks.breaker-open=1s",
                "--webhooks.breaker-longest=1s")) {
      endpoint.stub().down();
      long before = service.figures().residentMb();
      double accepted;
      try (Peaks posting = new Peaks(service.figures())) {
        long start = System.nanoTime();
        post(service.address(), load, 0);
        accepted = backlog / ((System.nanoTime() - start) / 1e9);
        if (endpoint.log().distinct() > 0) {
          throw new IOException("a destination that is down got " + endpoint.log().distinct());
        }
        long waiting = service.figures().residentMb();
        endpoint.stub().up();
        long up = System.nanoTime();
        switchOn(service, endpoint.config().name());
        await(PATIENCE, () -> endpoint.log().distinct() == backlog);
        double drained = (endpoint.log().lastAt() - endpoint.log().firstAt()) / 1e9;
        endpoint.assertRight();
        figures.add(Kind.RATE, "events/s accepted while a destination is down", accepted);
        figures.add(Kind.RATE, "events/s delivered once it is up", backlog / drained);
        figures.add(Kind.SIZE, "MiB at the most with a backlog", posting.residentMb());
        row(
            "destination down while " + backlog + " events come, then up",
            "accepted at %.0f/s, 202 after p50 %.1f, p99 %.1f ms; first delivery %.1f s after it"
                + " was up, all within %.1f s: %.0f/s; %d MiB resident before, %d with all waiting,"
                + " peak %d; %d delivered twice",
            accepted,
            quantile(load.millis(), 0.5),
            quantile(load.millis(), 0.99),
            (endpoint.log().firstAt() - up) / 1e9,
            drained,
            backlog / drained,
            before,
            waiting,
            posting.residentMb(),
            endpoint.log().doubles());
      }
    }
  }

  private void switchOn(ServiceProcess service, String destination)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(service.uri("/destinations/" + destination + "/on"))
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    JsonNode body = answer.body().length == 0 ? null : JSON.readTree(answer.body());
    if (answer.statusCode() / 100 != 2) {
      throw new IOException("switching on answered " + answer.statusCode() + " " + body);
    }
  }

  /** Some destinations, all of them well; then with one more that never answers. */
  private void destinations() throws IOException, InterruptedException {
    int counted = rate * 30;
    for (boolean dead : List.of(false, true)) {
      EventLoad load = load();
      List<Endpoint> all = new ArrayList<>();
      try (StubCxone cxone = new StubCxone();
          StubDestination silent = new StubDestination(WebhookBenchmark::silence)) {
        for (int n = 0; n < destinations - 1; n++) {
          all.add(endpoint("well-" + n, load, true));
        }
        List<DestinationsFile.Destination> configured =
            new ArrayList<>(all.stream().map(Endpoint::config).toList());
        try (Endpoint last = endpoint("last", load, true)) {
          String secret = last.config().secret();
          configured.add(
              dead
                  ? new DestinationsFile.Destination("last", silent.url(), secret, 0)
                  : last.config());
          try (ServiceProcess service = service(cxone, configured)) {
            int warm = rate * 5;
            post(service.address(), load.upTo(warm), rate);
            post(service.address(), load.upTo(warm + counted), rate);
            await(PATIENCE, () -> all.stream().allMatch(e -> e.log().distinct() == warm + counted));
            List<Double> latencies = new ArrayList<>();
            for (Endpoint endpoint : all) {
              endpoint.assertRight();
              latencies.addAll(endpoint.log().latencies(warm, warm + counted));
            }
            row(
                "%d events/s to %d destinations, %s"
                    .formatted(
                        rate,
                        destinations,
                        dead ? "one of which takes connections and never answers" : "all well"),
                "arrived at the %d after the 202: p50 %.1f, p99 %.1f, longest %.1f ms",
                all.size(),
                quantile(latencies, 0.5),
                quantile(latencies, 0.99),
                quantile(latencies, 1));
          }
        }
      } finally {
        for (Endpoint endpoint : all) {
          endpoint.close();
        }
      }
    }
  }

  private static Reply silence(Arrival arrival) {
    return Reply.none();
  }
}
