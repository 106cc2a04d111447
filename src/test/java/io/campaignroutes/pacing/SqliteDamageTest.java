package io.campaignroutes.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignFixture;
import io.campaignroutes.campaign.Command;
import io.campaignroutes.campaign.PriorityClass;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.store.TestStores;
import java.util.List;
import org.junit.jupiter.api.Test;

class SqliteDamageTest extends DamageSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.sqlite(temp.resolve("store.db"));
  }

  @Test
  void aColumnOfAnotherTypeStopsNobodysPacingAndTheCampaignCanBeStopped() {
    Campaign well = pacing.active("Well");
    int n = 0;
    for (String column : columns("campaign")) {
      if (List.of("id", "name", "stage", "remote_id").contains(column)) {
        continue;
      }
      for (String value : List.of("'x'", "x'00ff'", "9000000000000000000", "1e300", "-1.5")) {
        String damage = column + " = " + value;
        Campaign campaign = pacing.active("Spring " + n++);
        pacing.bench.set(campaign.id(), damage);
        pacing.due(campaign, 1L);
        pacing.due(well, 2L);
        assertThat(pacing.claim())
            .as(damage)
            .extracting(run -> run.campaign().id())
            .contains(well.id());
        pacing.set(well, "claim_token = null");
        assertThat(pacing.bench.campaigns.list(null, null, 1_000)).as(damage).hasSize(n + 1);
        pacing.bench.set(well.id(), "due_at = 1, claim_token = null");
        assertThat(pacing.bench.claims.claim(PriorityClass.LOOK, 1_000))
            .as(damage)
            .extracting(Campaign::id)
            .contains(well.id());
        if (!List.of("ended", "command").contains(column)) {
          pacing.bench.commands.give(campaign.id(), Command.STOP, CampaignFixture.DESK);
          pacing.bench.set(campaign.id(), "claim_token = null, due_at = 1");
          assertThat(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()).command())
              .as(damage)
              .isEqualTo(Command.STOP);
        }
        pacing.due(campaign, null);
      }
    }
    for (String column : columns("pacing")) {
      for (String value : List.of("'x'", "x'00ff'", "9000000000000000000", "1e300", "-1.5")) {
        if (column.equals("campaign_id")) {
          continue;
        }
        Campaign campaign = pacing.active("Summer " + n++);
        pacing.due(campaign, 1L);
        pacing.set(campaign, column + " = " + value);
        pacing.due(well, 2L);
        assertThat(pacing.claim())
            .as(column + " = " + value)
            .extracting(run -> run.campaign().id())
            .contains(well.id());
        pacing.set(well, "claim_token = null");
        pacing.due(campaign, null);
      }
    }
  }

  @Test
  void aCampaignInANewerVersionsStageDoesNotDialUnpaced() {
    Campaign campaign = pacing.active("Spring");
    pacing.bench.set(campaign.id(), "stage = 'DREAMING'");
    pacing.due(campaign, 1L);
    assertThat(pacing.claim()).isEmpty();
    Campaign pause = pacing.bench.claim(PriorityClass.COMMAND, campaign.id());
    assertThat(pause.command()).isEqualTo(Command.PAUSE);
    pacing.due(campaign, 1L);
    assertThat(pacing.claim()).isEmpty();
    assertThat(pacing.bench.auditLines(campaign.id()))
        .filteredOn(line -> line.path("event").asText().equals("CAMPAIGN_UNPACED"))
        .hasSize(1);
    pacing.bench.carriedOut(pause, "PAUSED");
    assertThat(pacing.bench.get(campaign.id()).stage()).isEqualTo(Stage.PAUSED);
    assertThat(pacing.column(campaign, "due_at")).isNull();
  }

  private List<String> columns(String table) {
    return pacing
        .bench
        .store
        .read()
        .sql("select name from pragma_table_info('" + table + "')")
        .query(String.class)
        .list();
  }

  @Test
  void aCampaignWithANewerVersionsCommandDoesNotDialUnpaced() {
    Campaign campaign = pacing.active("Spring");
    pacing.bench.set(campaign.id(), "command = 'DREAM', command_at = 1");
    pacing.due(campaign, 1L);
    pacing.claim();
    assertUnpaced(campaign);
  }

  @Test
  void whatANewerVersionLeftDialingIsPausedAtTheStartThoughNoTickOfItIsDue() {
    Campaign ended = pacing.active("Over");
    pacing.bench.set(ended.id(), "stage = 'ARCHIVED', ended = 1, lane = null");
    Campaign draft = pacing.active("Draft");
    pacing.bench.set(draft.id(), "stage = 'PREPARED', active_at = null, activating_at = null");
    for (String left : List.of("stage = 'DREAMING'", "command = 'DREAM'")) {
      Campaign campaign = pacing.active("Spring " + left.length());
      pacing.bench.set(campaign.id(), left + ", lane = null");
      pacing.due(campaign, null);
      pacing.bench.claims.releaseLeftovers();
      assertUnpaced(campaign);
    }
    assertThat(pacing.bench.get(ended.id()).command()).isNull();
    assertThat(pacing.bench.get(draft.id()).command()).isNull();
  }

  private void assertUnpaced(Campaign campaign) {
    Campaign pause = pacing.bench.claim(PriorityClass.COMMAND, campaign.id());
    assertThat(pause.command()).isEqualTo(Command.PAUSE);
    assertThat(pacing.bench.auditLines(campaign.id()))
        .filteredOn(line -> line.path("event").asText().equals("CAMPAIGN_UNPACED"))
        .singleElement()
        .satisfies(
            line -> assertThat(line.path("reason").asText()).endsWith("CXone is to pause it."));
    pacing.bench.carriedOut(pause, "PAUSED");
    assertThat(pacing.bench.get(campaign.id()).stage()).isEqualTo(Stage.PAUSED);
  }
}
