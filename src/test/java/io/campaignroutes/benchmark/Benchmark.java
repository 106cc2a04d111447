package io.campaignroutes.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * What all benchmarks share: a folder that goes when they end, services, and a table of results.
 */
abstract class Benchmark implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration START = Duration.ofSeconds(90);

  private final List<String> command;
  private final PrintStream out;
  final PrintStream err;
  final Path temp;

  /** What is compared with the run before, beside the table that people read. */
  final Figures figures;

  private final List<String> table = new ArrayList<>();
  private final double loadBefore =
      ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  private int services;

  Benchmark(BenchmarkCommand.Options options, PrintStream out, PrintStream err) throws IOException {
    this.command = options.service();
    this.out = out;
    this.err = err;
    this.figures = options.figures();
    this.temp = Files.createTempDirectory("campaign-routes-benchmark");
  }

  /** Measures and prints the table. */
  abstract void run() throws IOException, InterruptedException;

  /** Adds a line to the table. */
  final void row(String what, String format, Object... values) {
    String line = "| " + what + " | " + format.formatted(values) + " |";
    table.add(line);
    err.println(line);
  }

  /** Prints the table. */
  final void tell() {
    out.printf(
        "Machine: %s; load %.1f before the start, load generator and stubs on the same cores.%n%n",
        machine(), loadBefore);
    out.println("| what | measured |");
    out.println("| --- | --- |");
    table.forEach(out::println);
  }

  /** What the run is made on. */
  static String machine() {
    return "%d cores, %s, Java %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.name"),
            System.getProperty("java.version"));
  }

  /** Starts a service with a folder of its own and waits until it takes requests. */
  final ServiceProcess service(Map<String, String> environment, String... properties)
      throws IOException, InterruptedException {
    services++;
    Path dir = Files.createDirectories(serviceDir());
    Files.createDirectories(dir.resolve("data/inbox"));
    ServiceProcess service =
        ServiceProcess.start(
                command, dir.resolve("data"), environment, dir.resolve("log"), properties)
            .awaitReady(START);
    figures.add(
        Figures.Kind.PROCESSOR_TIME,
        "s of processor time to ready",
        service.figures().cpuSeconds());
    return service;
  }

  /** The folder of the service that was started last. */
  final Path serviceDir() {
    return temp.resolve("service-" + services);
  }

  /** A campaign that may call at any hour, whenever this is run. */
  static ObjectNode request(String name) {
    ObjectNode request =
        JSON.createObjectNode()
            .put("name", name)
            .put("externalId", name)
            .put("agentPoolId", "pool-benchmark")
            .put("contactListId", "list-benchmark")
            .put("timeZone", "America/New_York")
            .put("pacingLimit", 5)
            .put("policy", "none");
    ObjectNode schedule = request.putObject("schedule").put("startHour", 0).put("endHour", 24);
    for (DayOfWeek day : DayOfWeek.values()) {
      schedule.withArray("daysOfWeek").add(day.name());
    }
    return request;
  }

  static double quantile(List<Double> values, double q) {
    if (values.isEmpty()) {
      return Double.NaN;
    }
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get((int) Math.ceil(q * (sorted.size() - 1)));
  }

  static void await(Duration atMost, BooleanSupplier until)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    while (!until.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new IOException("given up after " + atMost.toSeconds() + " s");
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  /** Removes what the services left behind. */
  @Override
  public void close() throws IOException {
    try (Stream<Path> all = Files.walk(temp)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
