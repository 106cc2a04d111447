package io.campaignroutes.benchmark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.benchmark.Figures.Kind;
import io.campaignroutes.sandbox.StubCxone;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Measures what a service costs that has nothing to do: without any campaign, and with some that
 * run outside of their calling hours; in an embedded store, and on PostgreSQL, which writes down
 * each statement that it is sent.
 */
final class IdleBenchmark extends Benchmark {
  /** What PostgreSQL writes down for a statement, prepared or not, on its first line. */
  private static final Pattern STATEMENT =
      Pattern.compile("LOG: {2}(?:execute [^:]*|statement): (.{0,110})");

  private final int campaigns;
  private final int warmUp;
  private final int seconds;
  private final int most;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  IdleBenchmark(BenchmarkCommand.Options options, PrintStream out, PrintStream err)
      throws IOException {
    super(options, out, err);
    this.campaigns = options.number("--campaigns");
    this.warmUp = options.number("--warm-up");
    this.seconds = Math.max(1, options.number("--seconds"));
    this.most = options.number("--statements");
  }

  @Override
  void run() throws IOException, InterruptedException {
    idle("SQLite", Map.of(), null);
    Path log = Files.createDirectories(temp.resolve("statements"));
    try (EmbeddedPostgres postgres =
        EmbeddedPostgres.builder()
            .setServerConfig("logging_collector", "on")
            .setServerConfig("log_directory", log.toString())
            .setServerConfig("log_statement", "all")
            .start()) {
      idle(
          "PostgreSQL",
          Map.of(
              "SPRING_DATASOURCE_URL",
              postgres.getJdbcUrl("postgres", "postgres"),
              "SPRING_DATASOURCE_USERNAME",
              "postgres"),
          log);
    }
    tell();
  }

  private void idle(String store, Map<String, String> where, Path log)
      throws IOException, InterruptedException {
    try (StubCxone cxone = new StubCxone()) {
      Map<String, String> environment = new HashMap<>(cxone.environment());
      environment.putAll(where);
      try (ServiceProcess service = service(environment)) {
        TimeUnit.SECONDS.sleep(warmUp);
        measure(store + ", no campaign", service, log);
        for (int n = 0; n < campaigns; n++) {
          launch(service, "idle-" + n);
        }
        await(Duration.ofSeconds(60), () -> cxone.seenActive() >= campaigns);
        TimeUnit.SECONDS.sleep(warmUp);
        measure(store + ", " + campaigns + " campaigns outside hours", service, log);
      }
    }
  }

  private void measure(String what, ServiceProcess service, Path log)
      throws IOException, InterruptedException {
    ProcessFigures process = service.figures();
    double cpu = process.cpuSeconds();
    double compilers = process.compilerSeconds();
    long wakes = process.wakes();
    Map<String, Long> before = statements(log);
    long start = System.nanoTime();
    TimeUnit.SECONDS.sleep(seconds);
    double took = (System.nanoTime() - start) / 1e9;
    double share = 100 * (process.cpuSeconds() - cpu) / took;
    Map<String, Long> statements = statements(log);
    before.forEach((text, count) -> statements.merge(text, -count, Long::sum));
    figures.add(Kind.PROCESSOR_TIME, what + ", % of a core", share);
    row(
        what,
        "%.2f %% of a core, of which the compilers %.2f; threads wake %.0f times a second%s",
        share,
        100 * Math.max(0, process.compilerSeconds() - compilers) / took,
        (process.wakes() - wakes) / took,
        log == null
            ? ""
            : "; %.1f statements/s"
                .formatted(statements.values().stream().mapToLong(n -> n).sum() / took));
    statements.entrySet().stream()
        .filter(one -> one.getValue() > 0)
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(most)
        .forEach(one -> row("", "%.2f/s %s", one.getValue() / took, one.getKey()));
  }

  /** How often PostgreSQL was sent which statement until now; none without its log. */
  private static Map<String, Long> statements(Path log) throws IOException {
    Map<String, Long> statements = new HashMap<>();
    if (log == null) {
      return statements;
    }
    try (Stream<Path> files = Files.list(log)) {
      for (Path file : files.toList()) {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
          lines
              .map(STATEMENT::matcher)
              .filter(Matcher::find)
              .forEach(found -> statements.merge(found.group(1).strip(), 1L, Long::sum));
        }
      }
    }
    return statements;
  }

  /** Takes a campaign that may call on one day of the week only, which is neither near. */
  private void launch(ServiceProcess service, String name)
      throws IOException, InterruptedException {
    ObjectNode request = request(name).put("agentPoolId", "pool-of-" + name);
    request
        .putObject("schedule")
        .put("startHour", 9)
        .put("endHour", 17)
        .putArray("daysOfWeek")
        .add(LocalDate.now(ZoneOffset.UTC).plusDays(3).getDayOfWeek().name());
    HttpRequest post =
        HttpRequest.newBuilder(service.uri("/campaigns"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(request)))
            .build();
    HttpResponse<String> answer = http.send(post, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 202) {
      throw new IOException("not taken: " + answer.statusCode() + " " + answer.body());
    }
  }
}
