package io.campaignroutes.simulator;

import io.campaignroutes.compliance.Abandonment;
import io.campaignroutes.pacing.PacingLaw;
import io.campaignroutes.pacing.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What campaigns can be expected to do where the law decides lines for each agent who waits: a few
 * short runs of it in the simulated dialer. Several campaigns for the same agents have the same
 * lines, and come to what one would.
 */
final class SkillForecast {
  private static final int SEEDS = 4;
  private static final double HOURS = 1.25;
  private static final double TICK = 5;
  private static final int MAX_AGENTS = 100;

  private SkillForecast() {}

  /**
   * Simulates. The same values give the same forecast.
   *
   * @param limit calls/s that are never exceeded
   * @param agents at work, 1 at least
   * @param answer share of dialed calls that a person answers
   * @param handle mean seconds that a call keeps an agent
   */
  static Forecast of(
      PacingLaw law,
      Strategy strategy,
      double limit,
      Abandonment abandonment,
      int agents,
      double answer,
      double handle) {
    int team = Math.min(agents, MAX_AGENTS);
    double part = (double) team / agents;
    SkillScenario scenario = SkillScenario.of(team, answer, handle, HOURS, TICK);
    List<SkillOutcome> runs = new ArrayList<>();
    for (int seed = 1; seed <= SEEDS; seed++) {
      runs.add(
          SkillSimulation.run(
              scenario,
              made -> new RatioPacer(law, strategy, limit * part, made, abandonment),
              seed));
    }
    List<String> told = new ArrayList<>();
    told.add(
        String.format(
            Locale.ROOT,
            "%d agents at work all the time, %.1f %% of dialed calls answered by a person, %.0f s a"
                + " call with wrap-up.",
            agents,
            answer * 100,
            handle));
    told.add(
        String.format(
            Locale.ROOT,
            "%d runs of %.2f h; all but abandonment leaves out the first 30 min. An answered call"
                + " waits 2 s for an agent; no machine answers; CXone's own abandon control is at"
                + " its default, and it grows into a ratio by one line in 60 s.",
            SEEDS,
            HOURS));
    if (team < agents) {
      told.add("Simulated with " + team + " agents; a larger team does at least as well.");
    }
    SkillOutcome one = SkillSimulation.run(scenario, SkillPacer.constant(1), 1);
    if (one.callsPerSecond() / part > limit) {
      told.add(
          String.format(
              Locale.ROOT,
              "One line for each agent who waits dials about %.2f calls/s with this team, more than the"
                  + " limit of %.2f: it would be held again and again.",
              one.callsPerSecond() / part,
              limit));
    }
    return new Forecast(
        mean(runs, SkillOutcome::utilisation),
        halfWidth(runs, SkillOutcome::utilisation),
        mean(runs, SkillOutcome::abandonment),
        halfWidth(runs, SkillOutcome::abandonment),
        mean(runs, SkillOutcome::callsPerSecond) / part,
        halfWidth(runs, SkillOutcome::callsPerSecond) / part,
        mean(runs, SkillOutcome::lines),
        List.copyOf(told));
  }

  private static double mean(List<SkillOutcome> runs, ToDoubleFunction<SkillOutcome> of) {
    return SkillOutcome.mean(runs, of);
  }

  private static double halfWidth(List<SkillOutcome> runs, ToDoubleFunction<SkillOutcome> of) {
    return Summary.halfWidth(runs.stream().mapToDouble(of).toArray());
  }
}
