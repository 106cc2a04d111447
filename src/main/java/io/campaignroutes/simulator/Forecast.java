package io.campaignroutes.simulator;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.campaignroutes.pacing.Erlang;
import io.campaignroutes.pacing.PacingLaw;
import io.campaignroutes.pacing.PacingPlan;
import io.campaignroutes.pacing.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a campaign can be expected to do once its team is warm: a few short runs of the law in the
 * simulated dialer.
 *
 * @param utilisation busy share of the agents' time
 * @param utilisationHalfWidth half the width of its 95 % interval
 * @param abandonment share of the answered calls
 * @param abandonmentHalfWidth half the width of its 95 % interval
 * @param callsPerSecond mean rate dialed
 * @param callsPerSecondHalfWidth half the width of its 95 % interval
 * @param lines mean lines for each agent who waits; null where a rate is decided
 * @param assumptions what it rests on, sentences
 */
public record Forecast(
    double utilisation,
    double utilisationHalfWidth,
    double abandonment,
    double abandonmentHalfWidth,
    double callsPerSecond,
    double callsPerSecondHalfWidth,
    @JsonInclude(JsonInclude.Include.NON_NULL) Double lines,
    List<String> assumptions) {

  private static final int SEEDS = 5;
  private static final double MAX_HOURS = 1.75;
  private static final double FEWEST_HOURS = 0.6;

  /** Dialed calls that all runs together may simulate, which bounds the time that they take. */
  private static final double CALLS = 30_000;

  private static final double WARM_UP = 1200;
  private static final int MAX_AGENTS = 300;

  /**
   * Simulates. The same values give the same forecast.
   *
   * @param agents agents at work
   * @param answerProbability share of dialed calls that a person answers, above 0
   * @param handleSeconds mean seconds that a call keeps an agent
   * @throws IllegalArgumentException when a value makes no sense
   */
  public static Forecast of(
      PacingPlan plan, PacingLaw law, int agents, double answerProbability, double handleSeconds) {
    if (agents < 1
        || !(answerProbability >= 0.01 && answerProbability <= 1)
        || !(handleSeconds >= 5 && handleSeconds <= 14_400)) {
      throw new IllegalArgumentException(
          "a forecast wants at least 1 agent, an answer probability from 0.01 to 1 and a handle time"
              + " from 5 to 14400 s");
    }
    if (law.byRatio()) {
      return SkillForecast.of(
          law,
          plan.strategy(),
          plan.mostCallsPerSecond(),
          plan.abandonment(),
          agents,
          answerProbability,
          handleSeconds);
    }
    int team = Math.min(agents, MAX_AGENTS);
    double callsAnHour = team * 3600 / handleSeconds / answerProbability;
    double hours = Math.max(FEWEST_HOURS, Math.min(MAX_HOURS, CALLS / SEEDS / callsAnHour));
    Scenario scenario =
        Scenario.of(team, answerProbability, handleSeconds, hours, plan.abandonment())
            .with(draft -> draft.warmUp = WARM_UP)
            .with(
                draft -> draft.launchRate = Math.min(plan.launchRate(), plan.mostCallsPerSecond()))
            .with(draft -> draft.limit = plan.mostCallsPerSecond());
    List<RunOutcome> runs = new ArrayList<>();
    for (int seed = 1; seed <= SEEDS; seed++) {
      runs.add(Simulation.run(scenario, made -> new LawPacer(law, plan.strategy(), made), seed));
    }
    Summary all = new Summary("forecast", runs);
    return new Forecast(
        all.mean(RunOutcome::utilisation),
        all.halfWidth(RunOutcome::utilisation),
        all.mean(RunOutcome::abandonmentLater),
        all.halfWidth(RunOutcome::abandonmentLater),
        all.mean(RunOutcome::callsPerSecond) * agents / team,
        all.halfWidth(RunOutcome::callsPerSecond) * agents / team,
        null,
        assumptions(plan, team, agents, answerProbability, handleSeconds, hours));
  }

  private static List<String> assumptions(
      PacingPlan plan, int team, int agents, double answer, double handle, double hours) {
    List<String> all = new ArrayList<>();
    all.add(
        String.format(
            Locale.ROOT,
            "%d agents at work all the time, %s of dialed calls answered by a person, %.0f s a call"
                + " with wrap-up.",
            agents,
            String.format(Locale.ROOT, "%.1f %%", answer * 100),
            handle));
    all.add(
        String.format(
            Locale.ROOT,
            "%d runs of %.1f h; the first %.0f min of each are left out. An answered call waits"
                + " 2 s for an agent; no machine answers.",
            SEEDS,
            hours,
            WARM_UP / 60));
    if (team < agents) {
      all.add("Simulated with " + team + " agents; a larger team does at least as well.");
    }
    double needed = Erlang.answersPerSecond(team, handle, 2, 0.024) / answer;
    if (plan.strategy() != Strategy.PREVIEW && plan.mostCallsPerSecond() < needed) {
      all.add(
          String.format(
              Locale.ROOT,
              "The limit of %s (%.2f calls/s) is below what this team could take (about %.2f).",
              plan.mostFrom(),
              plan.mostCallsPerSecond(),
              needed));
    }
    return List.copyOf(all);
  }
}
