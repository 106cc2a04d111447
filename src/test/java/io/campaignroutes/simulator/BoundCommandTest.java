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
  @CsvSource({"10, 1, 0.879", "10, 5, 0.844", "10, 15, 0.790"})
  void theBestDialerThatSeesAllIsAsFarFromAFullTeamAsElsewhere(
      int agents, double tick, double utilisation) {
    assertThat(new AllSeen(team(agents, tick), 9).utilisation())
        .isCloseTo(utilisation, within(0.003));
  }

  /** Short calls, so that what a state is worth is soon found. */
  @Test
  void whoSeesLessReachesLess() {
    Team team = new Team(4, 0.3, 10, 2, 5, 0.03);
    assertThat(new IdleSeen(team, 9, 9).utilisation())
        .isBetween(0.3, new AllSeen(team, 9).utilisation());
  }

  @Test
  void aTeamThatWouldTakeAllDayIsRefused() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        CliRun.of(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            "pacing",
            "bound",
            "--agents",
            "101");
    assertThat(code).isEqualTo(2);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("--agents wants a whole number from 1 to 100, not 101");
  }

  private static Team team(int agents, double tick) {
    return new Team(agents, 0.3, 180, 2, tick, 0.03);
  }
}
