package io.campaignroutes.benchmark;

import io.campaignroutes.Cli;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * {@code launch}, {@code start}, {@code pacing}, {@code pools}, {@code idle}, {@code console},
 * {@code records}, {@code webhooks}, and {@code all} of them in one run: measure a packaged service
 * that they start themselves, against a CXone and destinations that they play themselves. Nothing
 * outside this machine is called. Maven's profile {@code benchmark} runs it.
 */
public final class BenchmarkCommand {
  /** Where the build puts the service. */
  static final String SERVICE = "target/cxone-campaign-routes.jar";

  private static final String JAR = "--jar";
  private static final String JAVA_OPTIONS = "--java-options";
  private static final String ONLY = "--only";

  private BenchmarkCommand() {}

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
    return commands(out, err, new Figures()).execute(args);
  }

  /**
   * The commands.
   *
   * @param figures where what they measure is kept for a comparison
   */
  static CommandLine commands(PrintStream out, PrintStream err, Figures figures) {
    CommandSpec root = spec("benchmark", "Measures a packaged service that it starts itself.");
    root.usageMessage()
        .customSynopsis("mvn -q -Pbenchmark package exec:exec -Dbenchmark='<command> [options]'");
    root.addSubcommand("help", CommandSpec.forAnnotatedObject(new HelpCommand()));
    measuring(
        root,
        "launch",
        "How long a launch takes, how many a second, and how polls keep their schedule.",
        figures,
        options -> new LaunchBenchmark(options, out, err),
        number("--campaigns", 1_000, "launched at once"),
        number("--connections", 64, "that hand them over"),
        number("--latency-runs", 50, "launches one by one"),
        number("--waiting", 10_000, "campaigns that wait in activation"),
        text(ONLY, String.join(",", LaunchBenchmark.PARTS), "who is handed campaigns at once"));
    measuring(
        root,
        "start",
        "How soon a service is ready, by how it is started.",
        figures,
        options -> new StartBenchmark(options, out, err),
        number("--rounds", 5, "in each of which every way has its turn"));
    measuring(
        root,
        "pacing",
        "How many campaigns are paced in time.",
        figures,
        options -> new PacingBenchmark(options, out, err),
        number("--campaigns", 10_000, "that run; also a half and a quarter of them"),
        number("--rounds", 3, "that are measured"));
    measuring(
        root,
        "pools",
        "Whether many pools that many campaigns share are paced in time.",
        figures,
        options -> new PoolBenchmark(options, out, err),
        number("--campaigns", 10_000, "that run"),
        number("--pools", 500, "that they share"),
        number(
            "--warm-up", 360, "seconds, after which no figures show what was dialed at the start"),
        number("--rounds", 3, "that are measured, a minute each"));
    measuring(
        root,
        "idle",
        "What a service costs that has nothing to do.",
        figures,
        options -> new IdleBenchmark(options, out, err),
        number("--campaigns", 10, "that run outside of their calling hours"),
        number("--warm-up", 120, "seconds ahead of each measurement"),
        number("--seconds", 60, "of each measurement"),
        number("--statements", 0, "that PostgreSQL was sent most often, each with how often"));
    measuring(
        root,
        "console",
        "What an open page of the console costs.",
        figures,
        options -> new ConsoleBenchmark(options, out, err),
        number("--campaigns", 10_000, "that run"),
        number("--pages", 10, "that are open"),
        number("--changes", 100, "of pacing a second"));
    measuring(
        root,
        "records",
        "How large records are, in the store, in files and in archives; needs no service.",
        figures,
        options -> new RecordsBenchmark(options, out, err),
        number("--campaigns", 300, "whose records are kept and leave"),
        number("--lines", 240, "changes of pacing of each"),
        number("--decisions", 120, "of pacing that are kept of each"));
    measuring(
        root,
        "webhooks",
        "How many events are taken and delivered.",
        figures,
        options -> new WebhookBenchmark(options, out, err),
        number("--events", 100_000, "that are measured"),
        number("--warm-up", 50_000, "events ahead of them"),
        number("--connections", 32, "that events come on"),
        number("--backlog", 100_000, "events that wait for a destination"),
        number("--destinations", 10, "that take events"),
        number("--rate", 50, "events a second for each"),
        text(ONLY, String.join(",", WebhookBenchmark.PARTS), "the parts to measure"));
    CommandSpec all = CommandSpec.forAnnotatedObject(new AllBenchmarks(out, err));
    described(all, "all", "All of them, compared with the last run that was kept.");
    root.addSubcommand("all", all);
    return new CommandLine(root)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .setExpandAtFiles(false)
        .setParameterExceptionHandler((e, words) -> tell(e.getCommandLine(), e, 2))
        .setExecutionExceptionHandler((e, command, parsed) -> tell(command, e, 1));
  }

  private static CommandSpec spec(String name, String description) {
    return described(CommandSpec.create(), name, description);
  }

  private static CommandSpec described(CommandSpec spec, String name, String description) {
    spec.name(name)
        .mixinStandardHelpOptions(true)
        .version(Cli.commands().getCommandSpec().version())
        .usageMessage()
        .description(description)
        .exitCodeListHeading("Exit codes:%n")
        .exitCodeList(
            new TreeMap<>(
                Map.of("0", "measured", "1", "something went wrong", "2", "not understood")));
    return spec;
  }

  private static void measuring(
      CommandSpec root,
      String name,
      String what,
      Figures figures,
      Opening opening,
      OptionSpec... options) {
    Measuring measuring = new Measuring(opening);
    CommandSpec spec = CommandSpec.wrapWithoutInspection(measuring);
    described(spec, name, what);
    for (OptionSpec option : options) {
      spec.addOption(option);
    }
    spec.addOption(text(JAR, SERVICE, "the packaged service"));
    spec.addOption(text(JAVA_OPTIONS, "", "for its process, such as \"-Xmx192m\""));
    measuring.options = new Options(spec, figures);
    root.addSubcommand(name, spec);
  }

  private static OptionSpec number(String name, int fallback, String what) {
    return option(name, what + "; 0 leaves that part out")
        .type(int.class)
        .defaultValue(String.valueOf(fallback))
        .build();
  }

  private static OptionSpec text(String name, String fallback, String what) {
    return option(name, what).type(String.class).defaultValue(fallback).build();
  }

  private static OptionSpec.Builder option(String name, String what) {
    return OptionSpec.builder(name)
        .paramLabel(name.substring(2))
        .description(what + " (default: ${DEFAULT-VALUE})");
  }

  private static int tell(CommandLine command, Exception e, int code) {
    String what = Objects.requireNonNullElse(e.getMessage(), e.toString());
    String name = command.getCommandSpec().qualifiedName();
    command.getErr().println(name + ": " + what + (code == 2 ? " Ask " + name + " --help." : ""));
    return code;
  }

  /** Makes a benchmark, by its options. */
  private interface Opening {
    Benchmark open(Options options) throws IOException;
  }

  private static final class Measuring implements Callable<Integer> {
    private final Opening opening;
    private Options options;

    Measuring(Opening opening) {
      this.opening = opening;
    }

    @Override
    public Integer call() throws IOException {
      options.check();
      options.figures().begin(options.spec().name());
      try (Benchmark benchmark = opening.open(options)) {
        benchmark.run();
        return 0;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return 1;
      }
    }
  }

  /** What was said on the command line, with the defaults of what was not. */
  record Options(CommandSpec spec, Figures figures) {
    private void check() {
      for (OptionSpec option : spec.options()) {
        if (option.getValue() instanceof Integer number && number < 0) {
          throw new ParameterException(
              spec.commandLine(), option.longestName() + " is a count, not " + number + ".");
        }
      }
      OptionSpec only = spec.findOption(ONLY);
      if (only != null && !List.of(only.defaultValue().split(",")).containsAll(parts())) {
        throw new ParameterException(
            spec.commandLine(), ONLY + " is some of " + only.defaultValue() + ".");
      }
    }

    int number(String option) {
      return spec.findOption(option).getValue();
    }

    /** The parts that {@code --only} leaves. */
    List<String> parts() {
      return List.of(text(ONLY).split(","));
    }

    private String text(String option) {
      return spec.findOption(option).getValue();
    }

    /** The command line that starts the service. */
    List<String> service() {
      String given = text(JAVA_OPTIONS).strip();
      String[] javaOptions = given.isEmpty() ? new String[0] : given.split("\\s+");
      return ServiceProcess.command(Path.of(text(JAR)), javaOptions);
    }
  }
}
