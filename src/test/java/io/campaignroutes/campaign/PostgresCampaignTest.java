package io.campaignroutes.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.store.TestStores;
import java.util.List;
import org.junit.jupiter.api.Test;

class PostgresCampaignTest extends CampaignSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.postgres();
  }

  @Test
  void aReplicaThatStartsLeavesTheClaimsOfTheOthersAlone() {
    Campaign claimed = bench.claim(PriorityClass.LAUNCH, bench.take("Spring").id());
    assertThat(bench.claims.releaseLeftovers()).isZero();
    assertThat(bench.get(claimed.id()).claim()).isEqualTo(claimed.claim());
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
