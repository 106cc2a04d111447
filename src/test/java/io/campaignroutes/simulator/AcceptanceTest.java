package io.campaignroutes.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.compliance.Abandonment;
import io.campaignroutes.compliance.Policies;
import io.campaignroutes.dialer.DialedCampaign;
import io.campaignroutes.dialer.Telemetry;
import io.campaignroutes.pacing.Strategy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the law has to reach with nothing but the figures of the v2 contract. */
class AcceptanceTest {
  private static final double CAP = 0.03;
  private static Runs runs;

  @BeforeAll
  static void start() {
    runs = new Runs();
  }

  @AfterAll
  static void stop() {
    runs.close();
  }

  private static final Abandonment US_FEDERAL =
      Policies.load(Path.of("config/policies"), LocalDate.of(2026, 1, 1), Duration.ofDays(10_000))
          .policy("us-federal")
          .orElseThrow()
          .abandonment()
          .get(0)
          .value();

  static Abandonment usFederal() {
    return US_FEDERAL;
  }

  @ParameterizedTest(name = "{0} agents are busy {1} of their time")
  @CsvSource({"10, 0.72", "20, 0.83", "50, 0.90", "100, 0.93", "200, 0.95"})
  void agentsAreBusyAndTheCapIsKeptOnEverySeed(int agents, double utilisation) {
    Summary all = law(Scenario.of(agents, 0.3, 180, 8, usFederal()), 12);
    assertThat(all.worst(RunOutcome::abandonment)).isLessThanOrEqualTo(CAP);
    assertThat(all.mean(RunOutcome::utilisation)).isGreaterThanOrEqualTo(utilisation);
  }

  static List<Scenario> disturbances() {
    return Matrix.withinTheCap(8, usFederal());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("disturbances")
  void theCapIsKeptInEveryScenario(Scenario scenario) {
    Summary all = law(scenario, 2);
    assertThat(all.worst(RunOutcome::abandonment)).isLessThanOrEqualTo(CAP);
    assertThat(all.runs()).noneMatch(RunOutcome::held);
    assertThat(all.mean(RunOutcome::utilisation)).isGreaterThan(0.55);
  }

  static List<Scenario> floods() {
    return Matrix.holds(Scenario.of(50, 0.3, 180, 8, usFederal()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("floods")
  void aFloodIsHeldAndTheCampaignGoesOnByItselfWithinTheCap(Scenario scenario) {
    Summary all = law(scenario, 2);
    assertThat(all.runs()).allMatch(run -> run.holds() >= 1).noneMatch(RunOutcome::held);
    // An hour, in buckets of a 24th of it that count until all of them is out; another hold follows
    // where what was dialed before is abandoned after the first.
    assertThat(all.runs())
        .allSatisfy(run -> assertThat(run.secondsHeld()).isBetween(3000.0, 1.4 * 3600));
    assertThat(all.worst(RunOutcome::abandonmentLater)).isLessThanOrEqualTo(CAP);
    assertThat(all.mean(RunOutcome::utilisation)).isGreaterThan(0.75);
  }

  /** Whatever is decided, CXone dials on with 10 calls/s: only a hold would make it stop. */
  @ParameterizedTest(name = "{0} agents: {1} abandoned calls at most")
  @CsvSource({"10, 30", "20, 35", "50, 30", "100, 35"})
  void aFloodThatNobodyPacesIsHeldAfterFewAbandonedCalls(int agents, double abandoned) {
    for (int seed = 1; seed <= 12; seed++) {
      Scenario flood =
          Scenario.of(agents, 0.3, 180, 0.1, usFederal()).with(draft -> draft.launchRate = 10);
      Unheeded unheeded =
          new Unheeded((LawPacer) Laws.defaults().pacer(Strategy.PREDICTIVE).make(flood));
      Simulation.run(flood, scenario -> unheeded, seed);
      assertThat(unheeded.abandonedWhenHeld).as("seed %d", seed).isBetween(10.0, abandoned);
    }
  }

  /** The law's decisions, none of which is carried out. */
  private static final class Unheeded implements Pacer {
    private final LawPacer law;
    private double abandonedWhenHeld = Double.NaN;

    Unheeded(LawPacer law) {
      this.law = law;
    }

    @Override
    public double decide(double now, Telemetry.Answer answer, DialedCampaign campaign) {
      law.decide(now, answer, campaign);
      if (law.holds() > 0 && Double.isNaN(abandonedWhenHeld)) {
        abandonedWhenHeld = law.last().period().abandoned();
      }
      return -1;
    }

    @Override
    public void accepted(double rate, double now) {
      law.accepted(rate, now);
    }
  }

  @Test
  void manyCampaignsBeginWithoutBeingHeld() {
    for (int agents : new int[] {20, 50, 100}) {
      Summary all = law(Scenario.of(agents, 0.3, 180, 1, usFederal()), 60);
      assertThat(all.runs()).noneMatch(RunOutcome::held);
    }
  }

  @Test
  void progressiveAbandonsNothing() {
    Summary all =
        runs.of(
            "progressive",
            Scenario.of(20, 0.3, 180, 4, usFederal()),
            Laws.defaults().pacer(Strategy.PROGRESSIVE),
            1,
            4);
    assertThat(all.worst(RunOutcome::abandonment)).isLessThan(0.002);
    assertThat(all.mean(RunOutcome::utilisation)).isGreaterThan(0.5);
  }

  private static Summary law(Scenario scenario, int seeds) {
    return runs.of(scenario.name(), scenario, Laws.defaults().pacer(Strategy.PREDICTIVE), 1, seeds);
  }
}
