package io.campaignroutes.simulator;

import io.campaignroutes.compliance.Abandonment;
import io.campaignroutes.compliance.Policies;
import io.campaignroutes.compliance.Policy;
import io.campaignroutes.compliance.PolicyException;
import io.campaignroutes.pacing.Strategy;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code pacing simulate}: runs the pacing law and what it is compared with in the simulated dialer
 * and prints a table in Markdown. Nothing outside this process is touched but the files asked for.
 */
public final class PacingCommand {
  private static final String USAGE =
      """
      usage: pacing simulate [--agents 50] [--answer 0.3] [--aht 180] [--policy us-federal]
                             [--hours 8] [--seeds 12] [--first-seed 1] [--tick 5] [--config config]
                             [--scenarios] [--csv FILE] [--svg FILE]
      --answer     share of dialed calls that a person answers
      --aht        mean seconds that a call keeps an agent, wrap-up included
      --policy     compliance profile in <config>/policies whose abandonment cap holds
      --scenarios  all scenarios (teams, markets, shocks, faults) in place of the one above
      --csv, --svg rate, busy agents and abandonment over time, of the first seed
      Values under pacing.law, pacing.figures and pacing.platform in <config>/application.yaml are
      used; without that file, the defaults.\
      """;

  private static final long FOREVER_DAYS = 36_500;

  private int agents = 50;
  private double answer = 0.3;
  private double handle = 180;
  private String policy = "us-federal";
  private double hours = 8;
  private int seeds = 12;
  private long firstSeed = 1;
  private double tick = 5;
  private Path config = Path.of("config");
  private boolean scenarios;
  private Path csv;
  private Path svg;

  private PacingCommand() {}

  /** Something on the command line that cannot be. */
  private static final class WrongOption extends Exception {
    private static final long serialVersionUID = 1;

    WrongOption(String message) {
      super(message);
    }
  }

  /**
   * Runs the command. The table goes to {@code out}, its progress to {@code err}.
   *
   * @param args the command line, with or without the leading word {@code pacing}
   * @return the exit code: 0 done, 1 something went wrong, 2 not understood
   */
  public static int run(String[] args, PrintStream out, PrintStream err) {
    List<String> words = new ArrayList<>(List.of(args));
    if (!words.isEmpty() && words.get(0).equals("pacing")) {
      words.remove(0);
    }
    if (words.contains("--help") || words.contains("-h")) {
      out.println(USAGE);
      return 0;
    }
    PacingCommand command = new PacingCommand();
    try {
      command.read(words);
      command.simulate(out, err);
      return 0;
    } catch (WrongOption e) {
      err.println("pacing: " + e.getMessage());
      return 2;
    } catch (IOException | RuntimeException e) {
      err.println("pacing: " + e.getMessage());
      return 1;
    }
  }

  private void read(List<String> words) throws WrongOption {
    if (words.isEmpty() || !words.get(0).equals("simulate")) {
      throw new WrongOption(
          "the one thing to do is 'pacing simulate'; 'pacing simulate --help' tells its options");
    }
    for (int i = 1; i < words.size(); i++) {
      String option = words.get(i);
      if (option.equals("--scenarios")) {
        scenarios = true;
        continue;
      }
      if (!option.startsWith("--")) {
        throw new WrongOption("'" + option + "' is not understood; options begin with --");
      }
      String value = i + 1 < words.size() ? words.get(i + 1) : null;
      switch (option) {
        case "--agents" -> agents = (int) number(option, value, 1, 2000, true);
        case "--answer" -> answer = number(option, value, 0.001, 1, false);
        case "--aht" -> handle = number(option, value, 1, 14_400, false);
        case "--policy" -> policy = text(option, value);
        case "--hours" -> hours = number(option, value, 0.5, 1000, false);
        case "--seeds" -> seeds = (int) number(option, value, 1, 1000, true);
        case "--first-seed" -> firstSeed = (long) number(option, value, 0, 1e15, true);
        case "--tick" -> tick = number(option, value, 1, 60, false);
        case "--config" -> config = Path.of(text(option, value));
        case "--csv" -> csv = Path.of(text(option, value));
        case "--svg" -> svg = Path.of(text(option, value));
        default ->
            throw new WrongOption(
                "the option " + option + " is unknown; 'pacing simulate --help' tells all");
      }
      i++;
    }
  }

  private static String text(String option, String value) throws WrongOption {
    if (value == null || value.isBlank() || value.startsWith("--")) {
      throw new WrongOption("the option " + option + " wants a value");
    }
    return value;
  }

  private static double number(
      String option, String value, double least, double most, boolean whole) throws WrongOption {
    String text = text(option, value);
    double number;
    try {
      number = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new WrongOption("the option " + option + " wants a number, not '" + text + "'");
    }
    if (!(number >= least && number <= most) || whole && number != Math.rint(number)) {
      throw new WrongOption(
          "the option %s wants a %snumber from %s to %s, not %s"
              .formatted(option, whole ? "whole " : "", plain(least), plain(most), text));
    }
    return number;
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  private void simulate(PrintStream out, PrintStream err) throws WrongOption, IOException {
    Abandonment abandonment = abandonment();
    Laws laws = LawConfig.read(config);
    Scenario asked = Scenario.of(agents, answer, handle, hours, abandonment).withTick(tick);
    Scenario one = laws.onPlatform(asked);
    try (Runs runs = new Runs()) {
      if (scenarios) {
        matrix(runs, laws, abandonment, out, err);
      } else {
        compare(runs, laws, one, out, err);
      }
    }
    if (csv != null || svg != null) {
      Trace trace = Trace.of(one, laws, firstSeed);
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

  private Abandonment abandonment() throws WrongOption {
    Policies policies;
    try {
      policies =
          Policies.load(config.resolve("policies"), LocalDate.now(), Duration.ofDays(FOREVER_DAYS));
    } catch (PolicyException e) {
      throw new WrongOption(e.getMessage());
    }
    Policy found =
        policies
            .policy(policy)
            .orElseThrow(
                () ->
                    new WrongOption(
                        "there is no profile "
                            + policy
                            + "; there are "
                            + String.join(", ", policies.names())));
    return found.abandonment().stream()
        .map(rule -> rule.value())
        .min(Comparator.comparingDouble(Abandonment::cap))
        .orElse(null);
  }

  private void compare(Runs runs, Laws laws, Scenario scenario, PrintStream out, PrintStream err) {
    out.printf(
        Locale.ROOT,
        "%d agents, %s %% of calls answered, handle time %s s, profile %s, %s h, %d seeds from %d, a"
            + " decision every %s s.%n%n",
        agents,
        plain(Math.round(answer * 1000) / 10.0),
        plain(handle),
        policy,
        plain(hours),
        seeds,
        firstSeed,
        plain(tick));
    head(out, "rule");
    row(
        out,
        runs.of("**pacing law**", scenario, laws.pacer(Strategy.PREDICTIVE), firstSeed, seeds));
    for (Map.Entry<String, Pacer.Maker> baseline : Baselines.all(laws).entrySet()) {
      err.println("running: " + baseline.getKey());
      row(out, runs.of(baseline.getKey(), scenario, baseline.getValue(), firstSeed, seeds));
    }
    foot(out);
  }

  private void matrix(
      Runs runs, Laws laws, Abandonment abandonment, PrintStream out, PrintStream err) {
    out.printf(
        Locale.ROOT,
        "Pacing law; 50 agents, 30 %% of calls answered, handle time 180 s where nothing else is"
            + " said; profile %s, %s h, %d seeds from %d.%n%n",
        policy,
        plain(hours),
        seeds,
        firstSeed);
    head(out, "scenario");
    List<Summary> held = new ArrayList<>();
    for (Scenario listed : Matrix.all(hours, abandonment)) {
      Scenario scenario = laws.onPlatform(listed);
      err.println("running: " + scenario.name());
      Summary summary =
          runs.of(scenario.name(), scenario, laws.pacer(Strategy.PREDICTIVE), firstSeed, seeds);
      row(out, summary);
      if (summary.worst(Outcome::holds) > 0) {
        held.add(summary);
      }
    }
    foot(out);
    held.forEach(summary -> holds(out, summary));
  }

  private static void head(PrintStream out, String first) {
    out.println(
        "| "
            + first
            + " | utilisation | abandoned | worst seed | served an agent-hour | writes a minute |"
            + " to 90 % |");
    out.println("| --- | --- | --- | --- | --- | --- | --- |");
  }

  private static void row(PrintStream out, Summary runs) {
    out.printf(
        Locale.ROOT,
        "| %s | %.3f%s | %.2f %%%s | %.2f %% | %.1f%s | %.1f | %s |%n",
        runs.pacer(),
        runs.mean(Outcome::utilisation),
        halfWidth("%.3f", runs.halfWidth(Outcome::utilisation)),
        100 * runs.mean(Outcome::abandonment),
        halfWidth("%.2f", 100 * runs.halfWidth(Outcome::abandonment)),
        100 * runs.worst(Outcome::abandonment),
        runs.mean(Outcome::servedPerAgentHour),
        halfWidth("%.1f", runs.halfWidth(Outcome::servedPerAgentHour)),
        runs.mean(Outcome::writesPerMinute),
        minutes(runs.mean(Outcome::secondsToNinety)));
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

  private static void holds(PrintStream out, Summary runs) {
    out.printf(
        Locale.ROOT,
        "%nHeld (COMPLIANCE_HOLD), \"%s\": %.1f times a run, for %.0f min; at the end of %d of %d"
            + " runs still. Abandoned after the first half-hour: %.2f %%, worst seed %.2f %%.%n",
        runs.pacer(),
        runs.mean(Outcome::holds),
        runs.mean(Outcome::secondsHeld) / 60,
        runs.runs().stream().filter(Outcome::held).count(),
        runs.runs().size(),
        100 * runs.mean(Outcome::abandonmentLater),
        100 * runs.worst(Outcome::abandonmentLater));
  }

  private static void foot(PrintStream out) {
    out.println();
    out.println(
        "Utilisation leaves out the first half-hour (unless the cold start is included); abandoned"
            + " is the share of all calls that a person answered. ± is the 95 % interval of the mean"
            + " over seeds.");
  }
}
