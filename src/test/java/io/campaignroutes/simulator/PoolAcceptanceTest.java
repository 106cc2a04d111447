package io.campaignroutes.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.campaignroutes.compliance.Abandonment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What campaigns that share agents have to reach with nothing but the figures of the contract. */
class PoolAcceptanceTest {
  private static final double CAP = 0.03;

  /** One abandoned call more or less is 8 % of the cap of a campaign with 400 answers. */
  private static final double CHANCE = 1.08;

  private static final Abandonment US_FEDERAL = AcceptanceTest.usFederal();
  private static Runs runs;
  private static Laws laws;

  @BeforeAll
  static void start() throws IOException {
    laws = LawConfig.read(Path.of("config"));
    runs = new Runs();
  }

  @AfterAll
  static void stop() {
    runs.close();
  }

  @ParameterizedTest(name = "{0} agents of {1} campaigns are busy {2} of their time")
  @CsvSource({"50, 2, 0.895", "50, 4, 0.895", "50, 8, 0.895", "50, 40, 0.88", "20, 4, 0.825"})
  void agentsAreBusyAndEachCampaignKeepsItsCap(int agents, int campaigns, double utilisation) {
    List<SharedOutcome> all = run(SharedPool.equal(agents, campaigns, 4, US_FEDERAL), 4);
    assertThat(mean(all, SharedOutcome::utilisation)).isGreaterThanOrEqualTo(utilisation);
    assertThat(all)
        .allSatisfy(
            one -> {
              assertThat(one.abandonment()).isLessThanOrEqualTo(CAP);
              assertThat(Double.isNaN(one.worst()) ? 0 : one.worst()).isLessThan(CHANCE);
              assertThat(one.holds()).isZero();
            });
  }

  @Test
  void callsServedFollowTheWeights() {
    List<SharedOutcome> all = run(named("weights 3 : 1"), 2);
    assertThat(mean(all, SharedOutcome::most)).isCloseTo(1, within(0.05));
    assertThat(mean(all, SharedOutcome::fewest)).isCloseTo(1, within(0.05));
  }

  @ParameterizedTest(name = "two pools of 30 agents, {0} in common")
  @CsvSource({"10, 0.86", "all, 0.86"})
  void agentsOfTwoPoolsAreNotDialedForTwice(String common, double utilisation) {
    List<SharedOutcome> all =
        run(named("two pools of 30, " + common + " in common, 2 campaigns"), 4);
    assertThat(mean(all, SharedOutcome::utilisation)).isGreaterThan(utilisation);
    assertThat(mean(all, SharedOutcome::most)).isCloseTo(1, within(0.1));
    assertThat(all)
        .allSatisfy(
            one -> {
              assertThat(one.abandonment()).isLessThanOrEqualTo(CAP);
              assertThat(one.worst()).isLessThan(CHANCE);
              assertThat(one.holds()).isZero();
            });
  }

  @Test
  void agentsDoNotWaitForACampaignWithoutContacts() {
    List<SharedOutcome> all = run(named("4, one runs out of contacts"), 2);
    assertThat(mean(all, SharedOutcome::utilisation)).isGreaterThan(0.88);
  }

  /**
   * At the cap the abandoned calls of n answered are about Poisson with mean .03 n: more than two
   * standard deviations above that are no chance.
   */
  @Test
  void manyCampaignsAtOnceFloodNobody() {
    List<SharedOutcome> all = run(named("12 agents, 300 campaigns"), 2);
    for (SharedOutcome one : all) {
      double most = CAP * one.answered();
      assertThat((double) one.lost()).isLessThanOrEqualTo(most + 2 * Math.sqrt(most));
      assertThat(one.abandonment()).isLessThan(0.045);
    }
  }

  private static SharedPool named(String name) {
    return SharedPool.all(4, US_FEDERAL).stream()
        .filter(pool -> pool.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<SharedOutcome> run(SharedPool pool, int seeds) {
    return runs.of(pool, laws.shared(), 1, seeds);
  }

  private static double mean(List<SharedOutcome> all, ToDoubleFunction<SharedOutcome> of) {
    return all.stream().mapToDouble(of).average().orElseThrow();
  }
}
