package io.campaignroutes.benchmark;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code launch}, {@code pacing}, {@code console} and {@code webhooks}: measure a packaged service
 * that they start themselves, against a CXone and destinations that they play themselves. Nothing
 * outside this machine is called. A count of 0 leaves its part out. Maven's profile {@code
 * benchmark} runs it.
 */
public final class BenchmarkCommand {
  private static final String JAR = "--jar";
  private static final String JAVA_OPTIONS = "--java-options";
  private static final String ONLY = "--only";

  /** The options of each benchmark with their defaults. */
  private static final Map<String, Map<String, String>> OPTIONS = new LinkedHashMap<>();

  static {
    OPTIONS.put(
        "launch",
        options(
            "--campaigns",
            "1000",
            "--connections",
            "64",
            "--latency-runs",
            "50",
            "--waiting",
            "10000"));
    OPTIONS.put("pacing", options("--campaigns", "10000", "--rounds", "3"));
    OPTIONS.put("console", options("--campaigns", "10000", "--pages", "10", "--changes", "100"));
    OPTIONS.put(
        "webhooks",
        options(
            "--events",
            "100000",
            "--warm-up",
            "50000",
            "--connections",
            "32",
            "--backlog",
            "100000",
            "--destinations",
            "10",
            "--rate",
            "50",
            ONLY,
            String.join(",", WebhookBenchmark.PARTS)));
  }

  private BenchmarkCommand() {}

  private static Map<String, String> options(String... namesAndDefaults) {
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = 0; i < namesAndDefaults.length; i += 2) {
      options.put(namesAndDefaults[i], namesAndDefaults[i + 1]);
    }
    options.put(JAR, "target/cxone-campaign-routes.jar");
    options.put(JAVA_OPTIONS, "");
    return options;
  }

  private static String usage() {
    StringBuilder usage =
        new StringBuilder(
            "usage: mvn -q -Pbenchmark package exec:exec -Dbenchmark='...' with one of");
    OPTIONS.forEach(
        (name, options) -> {
          usage.append("\n  ").append(name);
          options.forEach(
              (option, value) ->
                  usage
                      .append(" [")
                      .append(option)
                      .append(' ')
                      .append(option.equals(JAVA_OPTIONS) ? "\"-Xmx192m\"" : value)
                      .append(']'));
        });
    return usage.toString();
  }

  /** Ends with the exit code of {@link #run}. */
  public static void main(String[] args) {
    System.exit(run(args, System.out, System.err));
  }

  /**
   * Runs the command. The result goes to {@code out} as Markdown, its progress to {@code err}.
   *
   * @param args which benchmark, and its options
   * @return the exit code: 0 measured, 1 something went wrong, 2 not understood
   */
  static int run(String[] args, PrintStream out, PrintStream err) {
    List<String> words = Arrays.asList(args);
    if (words.isEmpty() || !OPTIONS.containsKey(words.get(0)) || words.size() % 2 == 0) {
      err.println(usage());
      return 2;
    }
    String name = words.get(0);
    Options options;
    try {
      options = new Options(OPTIONS.get(name), words.subList(1, words.size()));
    } catch (IllegalArgumentException e) {
      err.println("benchmark: " + e.getMessage() + "\n" + usage());
      return 2;
    }
    try (Benchmark benchmark =
        switch (name) {
          case "launch" -> new LaunchBenchmark(options, out, err);
          case "pacing" -> new PacingBenchmark(options, out, err);
          case "console" -> new ConsoleBenchmark(options, out, err);
          default -> new WebhookBenchmark(options, out, err);
        }) {
      benchmark.run();
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    } catch (IOException | RuntimeException e) {
      err.println("benchmark: " + e.getMessage());
      return 1;
    }
  }

  /** What was said on the command line, checked, with the defaults of what was not. */
  static final class Options {
    private final Map<String, String> values;

    private Options(Map<String, String> defaults, List<String> words) {
      values = new LinkedHashMap<>(defaults);
      for (int i = 0; i < words.size(); i += 2) {
        if (values.replace(words.get(i), words.get(i + 1)) == null) {
          throw new IllegalArgumentException("'" + words.get(i) + "' is not understood");
        }
      }
      values.forEach(
          (option, value) -> {
            if (defaults.get(option).matches("\\d+") && !value.matches("\\d{1,9}")) {
              throw new IllegalArgumentException(option + " is a number, not '" + value + "'");
            }
          });
      if (values.containsKey(ONLY) && !WebhookBenchmark.PARTS.containsAll(parts())) {
        throw new IllegalArgumentException(
            ONLY + " is some of " + String.join(",", WebhookBenchmark.PARTS));
      }
    }

    int number(String option) {
      return Integer.parseInt(values.get(option));
    }

    /** The parts that {@code --only} leaves. */
    List<String> parts() {
      return List.of(values.get(ONLY).split(","));
    }

    /** The command line that starts the service. */
    List<String> service() {
      String given = values.get(JAVA_OPTIONS).strip();
      String[] javaOptions = given.isEmpty() ? new String[0] : given.split("\\s+");
      return ServiceProcess.command(Path.of(values.get(JAR)), javaOptions);
    }
  }
}
