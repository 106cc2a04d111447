package io.campaignroutes.benchmark;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/**
 * Runs the benchmarks one after the other and compares their figures with those of the last run
 * that was kept, in {@code src/benchmark}.
 */
final class AllBenchmarks implements Callable<Integer> {
  private static final Path KEPT = Path.of("src", "benchmark");

  /** What the tables of {@code src/docs/performance.md} are made with. */
  private static final List<String> ALL =
      List.of("launch", "start", "pacing", "pools", "webhooks", "idle", "console", "records");

  /** Else Java takes of the machine's memory what it has. */
  private static final String AS_RUN = " --java-options @config/jvm.options";

  /** A minute and a half. */
  private static final List<String> SHORT =
      List.of(
          "launch --latency-runs 0 --campaigns 300 --waiting 0 --only service" + AS_RUN,
          "webhooks --events 20000 --warm-up 10000 --only service" + AS_RUN);

  /** A table tells of what is so many times as dear as before. */
  private static final double TOLD = 1.1;

  /** A short run fails where something is so many times as dear. */
  private static final double FAILED = 2;

  @Option(
      names = "--short",
      description =
          "a minute and a half; ends with 1 where processor time or memory of something has doubled")
  private boolean quick;

  @Option(names = "--keep", description = "what is measured is what later runs are compared with")
  private boolean keep;

  @Option(
      names = "--jar",
      paramLabel = "jar",
      defaultValue = BenchmarkCommand.SERVICE,
      description = "the packaged service (default: ${DEFAULT-VALUE})")
  private String jar;

  private final PrintStream out;
  private final PrintStream err;

  AllBenchmarks(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() throws IOException {
    Path kept = KEPT.resolve(quick ? "last-short.csv" : "last.csv");
    Figures before = Files.exists(kept) ? Figures.read(kept) : new Figures();
    Figures figures = new Figures();
    figures.addReference();
    for (String line : quick ? SHORT : ALL) {
      out.printf("## %s%n%n", line);
      List<String> words = new ArrayList<>(List.of(line.split(" ")));
      words.addAll(List.of("--jar", jar));
      int code = BenchmarkCommand.commands(out, err, figures).execute(words.toArray(new String[0]));
      if (code != 0) {
        return code;
      }
      out.println();
    }
    List<Figures.Change> changes = figures.since(before);
    if (!changes.isEmpty()) {
      tell(figures.slower(before), changes);
    }
    if (keep) {
      figures.write(kept, LocalDate.now(ZoneOffset.UTC) + ", " + Benchmark.machine());
      return 0;
    }
    List<String> lacking = figures.lacks(before);
    if (quick && !lacking.isEmpty()) {
      err.println(kept + " and this run do not both have: " + String.join("; ", lacking));
      return 1;
    }
    return fallen(changes) ? 1 : 0;
  }

  private boolean fallen(List<Figures.Change> changes) {
    List<Figures.Change> fallen = changes.stream().filter(c -> c.fellBy(FAILED)).toList();
    fallen.forEach(
        change ->
            err.printf(
                "%s: %.4g, and %.4g the last time, %.1f times as much at this machine's speed%n",
                change.now().name(), change.now().value(), change.before(), change.worse()));
    return quick && !fallen.isEmpty();
  }

  private void tell(double slower, List<Figures.Change> changes) {
    out.printf("## Compared with the last run%n%n");
    out.printf(
        "This machine takes %.2f times the time of the last one's for the same work, which is taken"
            + " out of the last column.%n%n",
        slower);
    out.println("| what | last | now | times as much, or as few |");
    out.println("| --- | --- | --- | --- |");
    for (Figures.Change change : changes) {
      out.printf(
          "| %s | %.4g | %.4g | %s |%n",
          change.now().name(),
          change.before(),
          change.now().value(),
          (change.worse() >= TOLD ? "**%.2f, fell**" : "%.2f").formatted(change.worse()));
    }
  }
}
