package io.campaignroutes.benchmark;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * {@code benchmark launch [--campaigns 1000] [--connections 64] [--latency-runs 50] [--waiting
 * 10000] [--jar path] [--java-options "-Xmx192m"]}: measures launches of a service that it starts
 * itself, against a CXone that it plays itself. Nothing outside this machine is called. A count of
 * 0 leaves its part out.
 */
public final class BenchmarkCommand {
  private static final String USAGE =
      "usage: benchmark launch [--campaigns 1000] [--connections 64] [--latency-runs 50]"
          + " [--waiting 10000] [--jar target/cxone-campaign-routes.jar]"
          + " [--java-options \"-Xmx192m\"]";

  private BenchmarkCommand() {}

  /**
   * Runs the command. The result goes to {@code out} as Markdown, its progress to {@code err}.
   *
   * @param args the command line, with or without the leading word {@code benchmark}
   * @return the exit code: 0 measured, 1 something went wrong, 2 not understood
   */
  public static int run(String[] args, PrintStream out, PrintStream err) {
    List<String> words = Arrays.asList(args);
    if (!words.isEmpty() && words.get(0).equals("benchmark")) {
      words = words.subList(1, words.size());
    }
    int campaigns = 1_000;
    int connections = 64;
    int latencyRuns = 50;
    int waiting = 10_000;
    String jar = "target/cxone-campaign-routes.jar";
    String javaOptions = "";
    if (words.isEmpty() || !words.get(0).equals("launch") || words.size() % 2 == 0) {
      err.println(USAGE);
      return 2;
    }
    try {
      for (int i = 1; i < words.size(); i += 2) {
        String value = words.get(i + 1);
        switch (words.get(i)) {
          case "--campaigns" -> campaigns = Integer.parseInt(value);
          case "--connections" -> connections = Integer.parseInt(value);
          case "--latency-runs" -> latencyRuns = Integer.parseInt(value);
          case "--waiting" -> waiting = Integer.parseInt(value);
          case "--jar" -> jar = value;
          case "--java-options" -> javaOptions = value;
          default -> {
            err.println("benchmark: '" + words.get(i) + "' is not understood\n" + USAGE);
            return 2;
          }
        }
      }
    } catch (NumberFormatException e) {
      err.println("benchmark: a number is expected, " + e.getMessage() + "\n" + USAGE);
      return 2;
    }
    String[] options = javaOptions.isBlank() ? new String[0] : javaOptions.strip().split("\\s+");
    List<String> command = ServiceProcess.command(Path.of(jar), options);
    try (var benchmark = new LaunchBenchmark(command, connections, out, err)) {
      benchmark.run(latencyRuns, campaigns, waiting);
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    } catch (IOException | RuntimeException e) {
      err.println("benchmark: " + e.getMessage());
      return 1;
    }
  }
}
