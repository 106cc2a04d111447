package io.campaignroutes.simulator;

import io.campaignroutes.compliance.Abandonment;
import io.campaignroutes.pacing.FigureSettings;
import io.campaignroutes.pacing.LawSettings;
import io.campaignroutes.pacing.PacingLaw;
import io.campaignroutes.pacing.PlatformSettings;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The table of {@code pacing simulate --platform personal-connection}: the law beside the tenant's
 * own abandon control, with fixed ratios under that control alone, and with the best ratio that
 * keeps the cap without it.
 */
final class SkillTable {
  private static final int MAX_RATIO = 3;
  private static final int[] TEAMS = {10, 20, 50};
  private static final double HOUSE_CAP = 0.03;

  /** After a shock so much may be abandoned for half an hour. */
  private static final double MAX_AFTER_SHOCK = 0.05;

  private final SimulationOptions options;
  private final Runs runs;
  private final Laws laws;
  private final Abandonment abandonment;
  private final PrintWriter out;
  private final PrintWriter err;

  SkillTable(
      SimulationOptions options,
      Runs runs,
      Laws laws,
      Abandonment abandonment,
      PrintWriter out,
      PrintWriter err) {
    this.options = options;
    this.runs = runs;
    this.laws = laws;
    this.abandonment = abandonment;
    this.out = out;
    this.err = err;
  }

  /** Teams of three sizes, and the shocks. */
  void print() {
    out.printf(
        Locale.ROOT,
        "Personal Connection; %s %% of calls answered, handle time %s s, profile %s, %s h, %d seeds"
            + " from %d, a decision every %s s; states of agents 10 s old, contacts told 30 s after"
            + " their end.%n%n",
        SimulationOptions.plain(Math.round(options.answer * 1000) / 10.0),
        SimulationOptions.plain(options.handle),
        options.policy,
        SimulationOptions.plain(options.hours),
        options.seeds,
        options.firstSeed,
        SimulationOptions.plain(options.tick));
    out.println(
        "| agents | dialing | utilisation | abandoned | worst seed | 30 min after a shock, mean |"
            + " worst seed | writes an hour | minutes at 1:1 first, longest |");
    out.println("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for (int agents : TEAMS) {
      rows(SkillScenario.of(agents, options.answer, options.handle, options.hours, options.tick));
    }
    SkillScenario.shocks(options.hours, options.tick).forEach(this::rows);
    out.println();
    out.println(
        "Utilisation leaves out the first half-hour; abandoned is the share of all calls that a"
            + " person answered. CXone's own control is in force in all rows but those of the best"
            + " ratio without it; its default is that of a ratio of 3.");
  }

  private void rows(SkillScenario scenario) {
    err.println("running: " + scenario.name());
    row(scenario, "**law**", run(scenario, law(false)));
    row(scenario, "**law with the fine lever**", run(scenario, law(true)));
    for (int lines = 1; lines <= MAX_RATIO; lines++) {
      String rule = lines == MAX_RATIO ? "CXone's control alone at its default, ratio " : "ratio ";
      String under = lines == MAX_RATIO ? "" : " under CXone's control alone";
      row(scenario, rule + lines + under, run(scenario, SkillPacer.constant(lines)));
    }
    double cap = abandonment == null ? HOUSE_CAP : abandonment.cap();
    SkillScenario bare = scenario.withoutControl();
    List<SkillOutcome> best = List.of();
    int found = 0;
    for (int lines = MAX_RATIO; found == 0 && lines > 0; lines--) {
      best = run(bare, SkillPacer.constant(lines));
      found = lines == 1 || SkillOutcome.worst(best, SkillOutcome::abandonment) <= cap ? lines : 0;
    }
    row(scenario, "best ratio that keeps the cap without control, " + found, best);
    if (!scenario.shocks().isEmpty()) {
      List<SkillOutcome> warned = run(bare, SkillPacer.warned(found));
      row(scenario, "the same, at 1:1 from the moment of a shock, as if it were known", warned);
    }
  }

  private List<SkillOutcome> run(SkillScenario scenario, SkillPacer.Maker maker) {
    return runs.of(scenario, maker, options.firstSeed, options.seeds);
  }

  private SkillPacer.Maker law(boolean fineLever) {
    return scenario -> new RatioPacer(lawFor(scenario, laws, fineLever), scenario, abandonment);
  }

  /** The law as an operator would set it up for such a tenant. */
  static PacingLaw lawFor(SkillScenario scenario, Laws laws, boolean fineLever) {
    Map<String, String> figures = new HashMap<>(laws.figures());
    figures.put("window", FigureSettings.Window.ROLLING.name());
    figures.put("length", "PT" + Math.round(scenario.telemetry().length()) + "S");
    figures.put("lag", "PT" + Math.round(scenario.telemetry().states()) + "S");
    Map<String, String> platform = new HashMap<>(laws.platform());
    platform.put("actuator", PlatformSettings.Actuator.RATIO.name());
    platform.put("ratio.fine-lever", Boolean.toString(fineLever));
    platform.put("answer-mean", Double.toString(scenario.people().ringMean()));
    return new PacingLaw(
        LawSettings.of(LawSettings.class, laws.law()),
        LawSettings.of(FigureSettings.class, figures),
        LawSettings.of(PlatformSettings.class, platform));
  }

  private void row(SkillScenario scenario, String rule, List<SkillOutcome> of) {
    double worst = SkillOutcome.worst(of, SkillOutcome::abandonment);
    double after = SkillOutcome.worst(of, SkillOutcome::afterShock);
    double first = SkillOutcome.worst(of, SkillOutcome::oneToOne);
    out.printf(
        Locale.ROOT,
        "| %s | %s | %.3f | %s | %s | %s | %s | %.1f | %s |%n",
        scenario.name(),
        rule,
        SkillOutcome.mean(of, SkillOutcome::utilisation),
        percent(of, SkillOutcome::abandonment),
        percent(worst, HOUSE_CAP),
        Double.isNaN(after) ? "" : percent(of, SkillOutcome::afterShock),
        Double.isNaN(after) ? "" : percent(after, MAX_AFTER_SHOCK),
        60 * SkillOutcome.mean(of, SkillOutcome::writesPerMinute),
        Double.isNaN(first) ? "" : String.format(Locale.ROOT, "%.1f", first / 60));
    out.flush();
  }

  private static String percent(List<SkillOutcome> of, ToDoubleFunction<SkillOutcome> value) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * SkillOutcome.mean(of, value));
  }

  /** Marked where it is above what is to be kept. */
  private static String percent(double share, double most) {
    return String.format(Locale.ROOT, share > most ? "**%.2f %%**" : "%.2f %%", 100 * share);
  }
}
