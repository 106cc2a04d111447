package io.campaignroutes.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.campaignroutes.CliRun;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoundCommandTest {

  /** The figures of an independent computation of the same process. */
  @ParameterizedTest
  @CsvSource({"10, 1, 0.879", "10, 5, 0.844", "10, 15, 0.790", "20, 5, 0.892"})
  void theBestDialerThatSeesAllIsAsFarFromAFullTeamAsElsewhere(
      int agents, double tick, double utilisation) {
    assertThat(new AllSeen(team(agents, tick), 9).utilisation())
        .isCloseTo(utilisation, within(0.003));
  }

  @Test
  void whoSeesLessReachesLess() {
    Team team = team(4, 5);
    double all = new AllSeen(team, 9).utilisation();
    double seen = new AgentsSeen(team, 9, 9).utilisation();
    double later = new AgentsSeen(team, 30, 9).utilisation();
    assertThat(seen).isBetween(0.5, all);
    assertThat(later).isLessThan(seen);
  }

  @Test
  void lawAndBoundsStandInOneTable() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        CliRun.of(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            "pacing",
            "bound",
            "--agents",
            "2",
            "--hours",
            "0.5",
            "--seeds",
            "1");
    assertThat(code).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .startsWith("2 agents, 30 % of calls answered, handle time 180 s, a decision every 5 s")
        .contains("| pacing law", "| bound: sees idle agents and ringing lines")
        .doesNotContain("NaN");
  }

  private static Team team(int agents, double tick) {
    return new Team(agents, 0.3, 180, 2, tick, 0.03);
  }
}
