package io.campaignroutes.simulator;

import io.campaignroutes.compliance.Abandonment;
import io.campaignroutes.pacing.Strategy;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code pacing simulate}: runs the pacing law and what it is compared with in the simulated dialer
 * and prints a table in Markdown. Nothing outside this process is touched but the files asked for.
 */
@Command(
    name = "simulate",
    description = {
      "Runs the pacing law and what it is compared with in a simulated dialer and prints a table.",
      "Values under pacing.law, pacing.figures and pacing.platform in <config>/application.yaml are"
          + " used; without that file, the defaults."
    },
    customSynopsis = "pacing simulate [options]",
    showDefaultValues = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:done", "1:something went wrong", "2:the command line is not understood"})
public final class PacingCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--agents", defaultValue = "50", description = "agents of the team")
  @DecimalMin("1")
  @DecimalMax("2000")
  private int agents;

  @Mixin private SimulationOptions options;

  @Option(
      names = "--scenarios",
      description =
          "all scenarios (teams, markets, shocks, faults) in place of the one that is described")
  private boolean scenarios;

  @Option(
      names = "--pools",
      description = "campaigns that share agents, in place of the one that is described")
  private boolean pools;

  @Option(
      names = "--platform",
      defaultValue = "v2",
      description =
          "v2: the law sets a rate; personal-connection: it sets a ratio, for 10, 20 and 50 agents"
              + " and while teams and markets change, beside fixed ratios and CXone's own control")
  private Platform platform;

  /** What is dialed with; named as the platforms of the service are. */
  enum Platform {
    V2("v2"),
    PERSONAL_CONNECTION("personal-connection");

    private final String id;

    Platform(String id) {
      this.id = id;
    }

    @Override
    public String toString() {
      return id;
    }
  }

  @Option(
      names = "--csv",
      description = "file for rate, busy agents and abandonment over time, of the first seed")
  private Path csv;

  @Option(names = "--svg", description = "the same as a picture")
  private Path svg;

  /** The table goes to standard output, its progress to standard error. */
  @Override
  public Integer call() throws IOException {
    simulate(spec.commandLine().getOut(), spec.commandLine().getErr());
    return 0;
  }

  private void simulate(PrintWriter out, PrintWriter err) throws IOException {
    Abandonment abandonment = options.abandonment();
    Laws laws = LawConfig.read(options.config);
    if (platform == Platform.PERSONAL_CONNECTION) {
      try (Runs runs = new Runs()) {
        new SkillTable(options, runs, laws, abandonment, out, err).print();
      }
      return;
    }
    Scenario asked =
        Scenario.of(agents, options.answer, options.handle, options.hours, abandonment)
            .with(draft -> draft.tick = options.tick);
    Scenario one = laws.onPlatform(asked);
    try (Runs runs = new Runs()) {
      if (scenarios) {
        matrix(runs, laws, abandonment, out, err);
        out.println();
      }
      if (scenarios || pools) {
        pools(runs, laws, abandonment, out, err);
      } else {
        compare(runs, laws, one, out, err);
      }
    }
    if (csv != null || svg != null) {
      Trace trace = Trace.of(one, laws, options.firstSeed);
      write(csv, trace.csv());
      write(svg, trace.svg());
    }
  }

  private static void write(Path file, String text) throws IOException {
    if (file != null) {
      try {
        Files.writeString(file, text);
      } catch (IOException e) {
        throw new IOException("the file " + file + " cannot be written: " + e.getMessage(), e);
      }
    }
  }

  private void compare(Runs runs, Laws laws, Scenario scenario, PrintWriter out, PrintWriter err) {
    out.printf(
        Locale.ROOT,
        "%d agents, %s %% of calls answered, handle time %s s, profile %s, %s h, %d seeds from %d,"
            + " a decision every %s s.%n%n",
        agents,
        SimulationOptions.plain(Math.round(options.answer * 1000) / 10.0),
        SimulationOptions.plain(options.handle),
        options.policy,
        SimulationOptions.plain(options.hours),
        options.seeds,
        options.firstSeed,
        SimulationOptions.plain(options.tick));
    head(out, "rule");
    row(
        out,
        runs.of(
            "**pacing law**",
            scenario,
            laws.pacer(Strategy.PREDICTIVE),
            options.firstSeed,
            options.seeds));
    for (Map.Entry<String, Pacer.Maker> baseline : Baselines.all(laws).entrySet()) {
      err.println("running: " + baseline.getKey());
      row(
          out,
          runs.of(
              baseline.getKey(), scenario, baseline.getValue(), options.firstSeed, options.seeds));
    }
    foot(out);
  }

  private void matrix(
      Runs runs, Laws laws, Abandonment abandonment, PrintWriter out, PrintWriter err) {
    out.printf(
        Locale.ROOT,
        "Pacing law; 50 agents, 30 %% of calls answered, handle time 180 s where nothing else is"
            + " said; profile %s, %s h, %d seeds from %d.%n%n",
        options.policy,
        SimulationOptions.plain(options.hours),
        options.seeds,
        options.firstSeed);
    head(out, "scenario");
    List<Summary> held = new ArrayList<>();
    for (Scenario listed : Matrix.all(options.hours, abandonment)) {
      Scenario scenario = laws.onPlatform(listed);
      err.println("running: " + scenario.name());
      Summary summary =
          runs.of(
              scenario.name(),
              scenario,
              laws.pacer(Strategy.PREDICTIVE),
              options.firstSeed,
              options.seeds);
      row(out, summary);
      if (summary.worst(RunOutcome::holds) > 0) {
        held.add(summary);
      }
    }
    foot(out);
    held.forEach(summary -> holds(out, summary));
  }

  private void pools(
      Runs runs, Laws laws, Abandonment abandonment, PrintWriter out, PrintWriter err) {
    PoolTable.head(out);
    for (SharedPool listed : SharedPool.all(options.hours, abandonment)) {
      SharedPool scenario = listed.every(options.tick);
      err.println("running: " + scenario.name());
      PoolTable.row(
          out, scenario.name(), runs.of(scenario, laws.shared(), options.firstSeed, options.seeds));
    }
    PoolTable.foot(out);
  }

  private static void head(PrintWriter out, String first) {
    out.println(
        "| "
            + first
            + " | utilisation | abandoned | worst seed | served an agent-hour | writes a minute |"
            + " to 90 % |");
    out.println("| --- | --- | --- | --- | --- | --- | --- |");
  }

  private static void row(PrintWriter out, Summary runs) {
    out.printf(
        Locale.ROOT,
        "| %s | %.3f%s | %.2f %%%s | %.2f %% | %.1f%s | %.1f | %s |%n",
        runs.pacer(),
        runs.mean(RunOutcome::utilisation),
        halfWidth("%.3f", runs.halfWidth(RunOutcome::utilisation)),
        100 * runs.mean(RunOutcome::abandonment),
        halfWidth("%.2f", 100 * runs.halfWidth(RunOutcome::abandonment)),
        100 * runs.worst(RunOutcome::abandonment),
        runs.mean(RunOutcome::servedPerAgentHour),
        halfWidth("%.1f", runs.halfWidth(RunOutcome::servedPerAgentHour)),
        runs.mean(RunOutcome::writesPerMinute),
        minutes(runs.mean(RunOutcome::secondsToNinety)));
    out.flush();
  }

  private static String halfWidth(String format, double value) {
    return Double.isNaN(value) ? "" : " ± " + String.format(Locale.ROOT, format, value);
  }

  private static String minutes(double seconds) {
    return Double.isNaN(seconds)
        ? "never"
        : String.format(Locale.ROOT, "%.0f min", Math.ceil(seconds / 60));
  }

  private static void holds(PrintWriter out, Summary runs) {
    out.printf(
        Locale.ROOT,
        "%nHeld (COMPLIANCE_HOLD), \"%s\": %.1f times a run, for %.0f min; at the end of %d of %d"
            + " runs still. Abandoned after the first half-hour: %.2f %%, worst seed %.2f %%.%n",
        runs.pacer(),
        runs.mean(RunOutcome::holds),
        runs.mean(RunOutcome::secondsHeld) / 60,
        runs.runs().stream().filter(RunOutcome::held).count(),
        runs.runs().size(),
        100 * runs.mean(RunOutcome::abandonmentLater),
        100 * runs.worst(RunOutcome::abandonmentLater));
  }

  private static void foot(PrintWriter out) {
    out.println();
    out.println(
        "Utilisation leaves out the first half-hour (unless the cold start is included); abandoned"
            + " is the share of all calls that a person answered. ± is the 95 % interval of the"
            + " mean over seeds.");
  }
}
