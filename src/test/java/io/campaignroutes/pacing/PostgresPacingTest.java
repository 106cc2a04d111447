package io.campaignroutes.pacing;

import static io.campaignroutes.campaign.CampaignFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.PriorityClass;
import io.campaignroutes.store.TestStores;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PostgresPacingTest extends PacingSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.postgres();
  }

  @Test
  void aHoldAndADecisionWithAnAuditLineThatMeetBothGoThrough() throws Exception {
    Campaign campaign = pacing.active("Spring");
    pacing.work.hold(pacing.decide(pacing.claim(campaign), 0, 0, 0));
    JsonNode paused = json("{'status':'PAUSED'}");
    Campaign asked =
        pacing.bench.commandSteps.commanded(
            pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), paused);
    PacingRun read =
        pacing.work.figures(pacing.claimLater(campaign), PacingFixture.figures(400, 300, 60));
    CountDownLatch locked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    CompletableFuture<Void> holder =
        CompletableFuture.runAsync(
            () ->
                pacing.bench.store.write(
                    tx -> {
                      tx.sql()
                          .sql("select seq from pacing where campaign_id = ? for update")
                          .param(campaign.id())
                          .query(Long.class)
                          .single();
                      locked.countDown();
                      return waitFor(go);
                    }));
    assertThat(locked.await(10, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<Campaign> hold =
        CompletableFuture.supplyAsync(() -> pacing.bench.commandSteps.confirmed(asked, paused));
    waiting(1);
    CompletableFuture<Object> decision =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return pacing.decide(read);
              } catch (PacingClaimLostException e) {
                return e; // the hold was first, and its tick is over
              }
            });
    waiting(2);
    go.countDown();
    holder.get(20, TimeUnit.SECONDS);
    hold.get(20, TimeUnit.SECONDS);
    decision.get(20, TimeUnit.SECONDS);
    assertThat(pacing.changesInAudit(campaign)).hasSize(1);
  }

  private void waiting(int transactions) {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                pacing
                        .bench
                        .store
                        .read()
                        .sql(
                            "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                                + " and datname = current_database()")
                        .query(Long.class)
                        .single()
                    >= transactions);
  }

  private static Object waitFor(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
