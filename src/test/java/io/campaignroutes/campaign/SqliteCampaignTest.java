package io.campaignroutes.campaign;

import static io.campaignroutes.campaign.CampaignFixture.agents;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campaignroutes.store.TestStores;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqliteCampaignTest extends CampaignSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.sqlite(temp.resolve("store.db"));
  }

  @Test
  void whatACrashLeftClaimedIsDueAtOnceAfterARestart() {
    Campaign claimed = bench.claim(PriorityClass.LAUNCH, bench.take("Spring").id());
    bench.active("Summer");
    bench.close();
    openBench();
    assertThat(bench.claims.claim(PriorityClass.LAUNCH, 5)).isEmpty();
    assertThat(bench.claims.releaseLeftovers()).isOne();
    Campaign again = bench.claim(PriorityClass.LAUNCH, claimed.id());
    assertThatThrownBy(() -> bench.launchSteps.checked(claimed, agents(2), null))
        .isInstanceOf(LeaseLostException.class);
    assertThat(bench.launchSteps.checked(again, agents(2), null).stage()).isEqualTo(Stage.CHECKED);
    assertThat(bench.claims.releaseLeftovers()).isOne();
  }

  @Test
  void whatRunsInNoLaneIsLookedAtAgainAfterARestart() {
    String none = bench.active("Spring").id();
    String text = bench.active("Summer").id();
    bench.set(none, "lane = null");
    bench.set(text, "lane = 'x'");
    bench.claims.releaseLeftovers();
    assertThat(bench.claims.claim(PriorityClass.LOOK, 5))
        .extracting(Campaign::id)
        .containsExactlyInAnyOrder(none, text);
  }

  /** A look passes over thousands that wait for their time, not through them. */
  @ParameterizedTest
  @CsvSource({
    "LAUNCH, campaign_launching",
    "ACTIVATION, campaign_activating",
    "LOOK, campaign_due"
  })
  void aLaneIsLookedIntoByItsIndex(PriorityClass lane, String index) {
    assertThat(
            bench
                .store
                .read()
                .sql(
                    "explain query plan select due_at from campaign where "
                        + CampaignClaims.inLane(lane)
                        + " order by due_at limit 1")
                .query((row, n) -> row.getString("detail"))
                .list())
        .singleElement()
        .asString()
        .contains("USING INDEX " + index + " ");
  }

  @Test
  void oneOfSeveralRetriesAtTheSameInstantIsCarriedOutAndTheOthersAreConflicts() throws Exception {
    for (int round = 0; round < 5; round++) {
      Campaign rejected = bench.rejected("Spring " + round);
      List<Boolean> taken =
          TestStores.atOnce(
              8,
              () -> {
                try {
                  bench.commands.give(rejected.id(), Command.RETRY, CampaignFixture.DESK);
                  return true;
                } catch (ConflictException e) {
                  return false;
                }
              });
      assertThat(taken).filteredOn(done -> done).hasSize(1);
      assertThat(bench.history(rejected.id()))
          .containsExactly(Stage.RECEIVED, Stage.REJECTED, Stage.RECEIVED);
    }
  }
}
