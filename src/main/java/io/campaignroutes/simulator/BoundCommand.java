package io.campaignroutes.simulator;

import io.campaignroutes.compliance.Abandonment;
import io.campaignroutes.pacing.Strategy;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code pacing bound}: what the best dialer could do, beside what the pacing law does in the
 * simulator, as a table in Markdown.
 */
@Command(
    name = "bound",
    description = {
      "Prints the utilisation that no dialer can exceed that keeps the cap on abandoned calls, and"
          + " what the pacing law reaches in a simulated dialer.",
      "The bounds are computed for memoryless handle times and patience; the law runs with the"
          + " simulator's own."
    },
    customSynopsis = "pacing bound [options]",
    showDefaultValues = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:done", "1:something went wrong", "2:the command line is not understood"})
public final class BoundCommand implements Callable<Integer> {
  private static final double RING = 9;
  private static final double RING_DEVIATION = 4;
  private static final double PATIENCE = 2;

  @Spec private CommandSpec spec;

  @Option(
      names = "--agents",
      defaultValue = "50",
      description = "agents of the team; the time that it takes grows with their square")
  @DecimalMin("1")
  @DecimalMax("100")
  private int agents;

  @Mixin private SimulationOptions options;

  /** The table goes to standard output. */
  @Override
  public Integer call() throws IOException {
    Abandonment abandonment = options.abandonment();
    if (abandonment == null) {
      throw new ParameterException(
          spec.commandLine(),
          "the profile "
              + options.policy
              + " has no cap on abandoned calls, so nothing bounds what a dialer can do");
    }
    PrintWriter out = spec.commandLine().getOut();
    Team team =
        new Team(agents, options.answer, options.handle, PATIENCE, options.tick, abandonment.cap());
    PrintWriter err = spec.commandLine().getErr();
    err.println("computing: the bounds, which takes minutes");
    double seen = new IdleSeen(team, RING, RING_DEVIATION).utilisation();
    double memoryless = new IdleSeen(team, RING, RING).utilisation();
    double all = new AllSeen(team, RING).utilisation();
    err.println("running: pacing law");
    Laws laws = LawConfig.read(options.config);
    Scenario scenario =
        laws.onPlatform(
            Scenario.of(agents, options.answer, options.handle, options.hours, abandonment)
                .with(draft -> draft.tick = options.tick));
    Summary law;
    try (Runs runs = new Runs()) {
      law =
          runs.of(
              "pacing law",
              scenario,
              laws.pacer(Strategy.PREDICTIVE),
              options.firstSeed,
              options.seeds);
    }
    double reached = law.mean(RunOutcome::utilisation);
    out.printf(
        Locale.ROOT,
        "%d agents, %s %% of calls answered, handle time %s s, a decision every %s s, at most %s %%"
            + " of the answered calls abandoned.%n%n",
        agents,
        SimulationOptions.plain(Math.round(options.answer * 1000) / 10.0),
        SimulationOptions.plain(options.handle),
        SimulationOptions.plain(options.tick),
        SimulationOptions.plain(Math.round(abandonment.cap() * 10000) / 100.0));
    out.println("| dialer | utilisation |");
    out.println("| --- | --- |");
    row(
        out,
        "pacing law (abandons %.2f %%)".formatted(100 * law.mean(RunOutcome::abandonment)),
        reached);
    row(out, "half-way to all seen", (reached + all) / 2);
    row(out, "bound: sees idle agents, rings as the simulator's", seen);
    row(out, "bound: sees idle agents, rings memoryless", memoryless);
    row(out, "bound: sees idle agents and ringing lines, rings memoryless", all);
    out.flush();
    return 0;
  }

  private static void row(PrintWriter out, String dialer, double utilisation) {
    out.printf(Locale.ROOT, "| %s | %.3f |%n", dialer, utilisation);
  }
}
