package io.campaignroutes.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.dialer.ContactTelemetry;
import io.campaignroutes.pacing.PacingLaw;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the law has to reach by lines for each agent, on seeds that nothing was tuned on. */
class RatioAcceptanceTest {
  private static final double CAP = 0.03;
  private static final long FIRST_SEED = 201;
  private static Runs runs;

  @BeforeAll
  static void start() {
    runs = new Runs();
  }

  @AfterAll
  static void stop() {
    runs.close();
  }

  @ParameterizedTest(name = "{0} agents are busy {1} of their time, {2} with the fine lever")
  @CsvSource({"10, 0.82, 0.83, 25", "20, 0.87, 0.875, 8", "50, 0.91, 0.91, 3"})
  void agentsAreBusyAndTheCapIsKeptOnEverySeed(
      int agents, double plain, double fine, int minutesAtOneToOne) {
    SkillScenario scenario = SkillScenario.of(agents, 0.3, 180, 8, 5);
    for (boolean lever : new boolean[] {false, true}) {
      List<SkillOutcome> all = law(scenario, lever, 12);
      assertThat(SkillOutcome.worst(all, SkillOutcome::abandonment)).isLessThanOrEqualTo(CAP);
      assertThat(SkillOutcome.mean(all, SkillOutcome::utilisation))
          .isGreaterThanOrEqualTo(lever ? fine : plain);
      assertThat(all).allMatch(run -> run.holds() == 0);
      assertThat(SkillOutcome.worst(all, SkillOutcome::oneToOne))
          .isLessThanOrEqualTo(60 * minutesAtOneToOne);
    }
  }

  static Stream<SkillScenario> shocks() {
    return SkillScenario.shocks(6, 5).stream();
  }

  @ParameterizedTest
  @MethodSource("shocks")
  void whateverChangesTheCapIsKept(SkillScenario scenario) {
    for (boolean lever : new boolean[] {false, true}) {
      List<SkillOutcome> all = law(scenario, lever, 3);
      assertThat(SkillOutcome.worst(all, SkillOutcome::abandonment)).isLessThanOrEqualTo(CAP);
      if (!scenario.shocks().isEmpty() && !scenario.name().contains("-0-")) {
        assertThat(SkillOutcome.mean(all, SkillOutcome::afterShock)).isLessThanOrEqualTo(.05);
      }
    }
  }

  @Test
  void figuresThatAreOftenMissingDoNotCostTheCap() {
    SkillScenario scenario = SkillScenario.of(20, 0.3, 180, 6, 5);
    SkillScenario dropping =
        new SkillScenario(
            "figures missing 30 %",
            scenario.agents(),
            scenario.people(),
            new ContactTelemetry.Manner(10, 30, 30, 300, .3),
            scenario.control(),
            scenario.ramp(),
            scenario.tick(),
            scenario.hours(),
            scenario.shocks());
    List<SkillOutcome> all = law(dropping, false, 3);
    assertThat(SkillOutcome.worst(all, SkillOutcome::abandonment)).isLessThanOrEqualTo(CAP);
    assertThat(SkillOutcome.mean(all, SkillOutcome::utilisation)).isGreaterThan(.84);
  }

  private static List<SkillOutcome> law(SkillScenario scenario, boolean fineLever, int seeds) {
    PacingLaw law = SkillTable.lawFor(scenario, Laws.defaults(), fineLever);
    return runs.of(
        scenario, of -> new RatioPacer(law, of, AcceptanceTest.usFederal()), FIRST_SEED, seeds);
  }
}
