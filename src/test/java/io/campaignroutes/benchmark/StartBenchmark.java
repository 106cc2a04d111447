package io.campaignroutes.benchmark;

import io.campaignroutes.ClassArchive;
import io.campaignroutes.benchmark.Figures.Kind;
import io.campaignroutes.sandbox.StubCxone;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures how soon a service is ready, each start with a store of its own: the jar as it is, with
 * {@code config/jvm.options}, taken apart, and taken apart with an archive of what a start loads.
 * The ways take turns, so that what else the machine does meets all of them.
 */
final class StartBenchmark extends Benchmark {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** From this version on an archive has profiles and linked classes, too (JEP 514 and 515). */
  private static final int AOT = 25;

  private final BenchmarkCommand.Options options;
  private final int rounds;

  StartBenchmark(BenchmarkCommand.Options options, PrintStream out, PrintStream err)
      throws IOException {
    super(options, out, err);
    this.options = options;
    this.rounds = Math.max(1, options.number("--rounds"));
  }

  @Override
  void run() throws IOException, InterruptedException {
    Map<String, List<String>> ways = ways();
    Map<String, List<Start>> starts = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (var way : ways.entrySet()) {
        starts
            .computeIfAbsent(way.getKey(), name -> new ArrayList<>())
            .add(start(way.getKey(), way.getValue()));
      }
    }
    starts.forEach(
        (way, of) -> {
          figures.add(
              Kind.TIME, way + ", s", quantile(of.stream().map(Start::seconds).toList(), 0.5));
          figures.add(
              Kind.PROCESSOR_TIME,
              way + ", s of processor time",
              quantile(of.stream().map(Start::cpu).toList(), 0.5));
          figures.add(
              Kind.SIZE, way + ", MiB", quantile(of.stream().map(Start::resident).toList(), 0.5));
          row(
              way,
              "ready after %.1f s (%.1f to %.1f), %.1f s of processor time, %.0f MiB resident",
              quantile(of.stream().map(Start::seconds).toList(), 0.5),
              quantile(of.stream().map(Start::seconds).toList(), 0),
              quantile(of.stream().map(Start::seconds).toList(), 1),
              quantile(of.stream().map(Start::cpu).toList(), 0.5),
              quantile(of.stream().map(Start::resident).toList(), 0.5));
        });
    tell();
  }

  private Map<String, List<String>> ways() throws IOException, InterruptedException {
    List<String> jar = options.service();
    Path file = Path.of(jar.get(jar.size() - 1));
    Path apart = temp.resolve("apart");
    ClassArchive.extract(jar, apart);
    List<String> extracted =
        List.of(jar.get(0), "-jar", apart.resolve(file.getFileName()).toString());
    Map<String, List<String>> ways = new LinkedHashMap<>();
    ways.put("the jar as it is", jar);
    ways.put("the jar with `config/jvm.options`", quick(jar));
    ways.put("taken apart", extracted);
    ways.put("taken apart, with `config/jvm.options`", quick(extracted));
    ways.put("taken apart, with an archive of classes", archived(extracted));
    ways.put("all three", archived(quick(extracted)));
    return ways;
  }

  private static List<String> quick(List<String> command) {
    return with(command, "@config/jvm.options");
  }

  private static List<String> with(List<String> command, String option) {
    List<String> words = new ArrayList<>(command);
    words.add(1, option);
    return words;
  }

  private List<String> archived(List<String> command) throws IOException, InterruptedException {
    Path work = Files.createDirectories(temp.resolve("archive-" + command.size()));
    Path archive = work.resolve("classes.jsa");
    boolean aot = Runtime.version().feature() >= AOT;
    ClassArchive.write(
        command, aot ? "-XX:AOTCacheOutput=" : ClassArchive.AT_EXIT, Path.of(""), work, archive);
    return with(command, (aot ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + archive);
  }

  private Start start(String way, List<String> command) throws IOException, InterruptedException {
    Path work = Files.createTempDirectory(temp, "start");
    try (StubCxone cxone = new StubCxone()) {
      long begin = System.nanoTime();
      try (ServiceProcess service =
          ServiceProcess.start(
                  command, work.resolve("data"), cxone.environment(), work.resolve("log"))
              .awaitReady(PATIENCE)) {
        Start start =
            new Start(
                (System.nanoTime() - begin) / 1e9,
                service.figures().cpuSeconds(),
                service.figures().peakResidentMb());
        err.println(way + ": " + start);
        return start;
      }
    }
  }

  /** One start. */
  private record Start(double seconds, double cpu, double resident) {}
}
