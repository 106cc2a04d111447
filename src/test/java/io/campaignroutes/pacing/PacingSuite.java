package io.campaignroutes.pacing;

import static io.campaignroutes.campaign.Bench.cut;
import static io.campaignroutes.campaign.Bench.json;
import static io.campaignroutes.campaign.Bench.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.campaign.Bench;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.Command;
import io.campaignroutes.campaign.Lane;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.cxone.TestCxone;
import io.campaignroutes.store.TestStores;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ticks of running campaigns on a real store, with CXone's part spoken here. */
abstract class PacingSuite {
  @TempDir Path temp;
  PacingBench pacing;

  abstract TestStores.Opened open();

  @BeforeEach
  void openBench() {
    pacing = new PacingBench(open());
  }

  @AfterEach
  void close() {
    try {
      pacing.bench.assertHistoryAndAuditAgree();
    } finally {
      pacing.close();
    }
  }

  // When a campaign is paced

  @Test
  void aCampaignIsPacedFromTheMomentItIsActive() {
    Campaign campaign = pacing.active("Spring");
    PacingRun run = pacing.claim(campaign);
    assertThat(run.asks()).isTrue();
    assertThat(run.rate()).isEqualTo(0.5);
    assertThat(run.state().commanded()).isEqualTo(0.5);
  }

  @Test
  void oneThatIsPausedOrEndedIsNotPacedAndGoesOnWithWhatItKnewAfterAResume() {
    Campaign campaign = pacing.active("Spring");
    PacingRun run = pacing.rate(campaign, 60, 1, 10);
    pacing.work.written(run);
    String knownBefore = (String) pacing.column(campaign, "state");
    pacing.bench.commands.give(campaign.id(), Command.PAUSE);
    pacing.bench.carriedOut(pacing.bench.claim(Lane.COMMAND, campaign.id()), "PAUSED");
    pacing.due(campaign, null);
    assertThat(pacing.work.claim()).isEmpty();
    pacing.bench.commands.give(campaign.id(), Command.RESUME);
    pacing.bench.launch.commanded(
        pacing.bench.claim(Lane.COMMAND, campaign.id()), json("{'status':'PENDING'}"));
    pacing.bench.launch.polled(
        pacing.bench.claimLater(Lane.LAUNCH, campaign.id()), json("{'status':'ACTIVE'}"));
    PacingRun again = pacing.claim(campaign);
    assertThat(again.seq()).isEqualTo(run.seq());
    assertThat(again.state().commanded()).isEqualTo(run.decision().rate());
    assertThat(knownBefore).isNotEmpty();
  }

  @Test
  void aTickThatIsUnderWayWhenItsCampaignIsPausedComesToNothing() {
    Campaign campaign = pacing.active("Spring");
    PacingRun run = pacing.work.figures(pacing.claim(campaign), PacingBench.figures(60, 1, 10));
    pacing.bench.commands.give(campaign.id(), Command.PAUSE);
    pacing.bench.carriedOut(pacing.bench.claim(Lane.COMMAND, campaign.id()), "PAUSED");
    assertThatThrownBy(() -> pacing.work.decide(run)).isInstanceOf(PacingClaimLostException.class);
    assertThat(pacing.decisions(campaign)).isEmpty();
  }

  @Test
  void aTickIsClaimedOnceHoweverManyAskAtOnce() throws Exception {
    Campaign campaign = pacing.active("Spring");
    List<Integer> claimed = TestStores.atOnce(8, () -> pacing.work.claim().size());
    assertThat(claimed.stream().mapToInt(Integer::intValue).sum()).isOne();
    assertThat(pacing.column(campaign, "claim_token")).isNotNull();
  }

  @Test
  void theNextTickComesOnePeriodAfterTheOneBefore() {
    Campaign campaign = pacing.active("Spring");
    pacing.work.written(pacing.rate(campaign, 60, 1, 10));
    pacing.ahead = 0;
    pacing.due(campaign, pacing.bench.store.now());
    PacingRun run = pacing.claim(campaign);
    assertThat(pacing.work.decide(pacing.work.missing(run, cut())).change())
        .isEqualTo(PacingRun.Change.NONE);
    assertThat(((Number) pacing.column(campaign, "due_at")).longValue())
        .isEqualTo(run.dueSince() + 5_000);
    assertThat(pacing.work.claim()).isEmpty();
  }

  @Test
  void outsideItsCallingHoursACampaignIsHeldWithoutAskingCxoneAndRestsUntilTheyCome() {
    // never open: one hour of one day that is over, or six days away
    String day =
        Instant.now()
            .atZone(java.time.ZoneId.of("America/New_York"))
            .getDayOfWeek()
            .minus(1)
            .name();
    Campaign campaign =
        pacing.active(
            "Night",
            "'policy':'none','schedule':{'daysOfWeek':['" + day + "'],'startHour':1,'endHour':2}");
    PacingRun run = pacing.claim(campaign);
    assertThat(run.asks()).isFalse();
    PacingRun decided = pacing.work.decide(run);
    assertThat(decided.change()).isEqualTo(PacingRun.Change.HOLD);
    assertThat(decided.decision().reason()).contains("outside calling hours until");
    pacing.work.hold(decided);
    pacing.bench.carriedOut(pacing.bench.claim(Lane.COMMAND, campaign.id()), "PAUSED");
    PacingRun resting = pacing.work.decide(pacing.claimLater(campaign));
    assertThat(resting.change()).isEqualTo(PacingRun.Change.NONE);
    assertThat(((Number) pacing.column(campaign, "due_at")).longValue())
        .isGreaterThan(pacing.bench.store.now() + 50_000);
  }

  // What is written

  @Test
  void aDecisionIsOnDiskWithItsReasonBeforeItIsSent() {
    Campaign campaign = pacing.active("Spring");
    PacingRun run = pacing.rate(campaign, 60, 1, 10);
    assertThat(run.change()).isEqualTo(PacingRun.Change.RATE);
    JsonNode shown = pacing.decisions(campaign).get(0);
    assertThat(shown.path("maxCallsPerSecond").asDouble()).isEqualTo(run.decision().rate());
    assertThat(pacing.column(campaign, "abandonment"))
        .isEqualTo(shown.at("/period/rate").numberValue());
    assertThat(shown.path("changed").asBoolean()).isTrue();
    assertThat(shown.path("reason").asText()).isNotBlank();
    assertThat(shown.at("/inputs/connectedCalls").asInt()).isEqualTo(60);
    assertThat(pacing.column(campaign, "writing")).isEqualTo(run.decision().rate());
    assertThat(pacing.changesInAudit(campaign)).isEmpty();
  }

  @Test
  void theRateIsWrittenOverThePacingThatCxoneHasNow() {
    Campaign campaign = pacing.active("Spring");
    PacingRun run = pacing.rate(campaign, 60, 1, 10);
    JsonNode arguments =
        pacing.work.withRate(
            run, json("{'pacing':{'maxCallsPerSecond':10,'maxAttemptsPerNumber':7,'other':'x'}}"));
    String body =
        new String(TestCxone.api().call("setPacing", arguments, 0).body(), StandardCharsets.UTF_8);
    JsonNode pacingSent = json(body).path("pacing");
    assertThat(pacingSent.path("maxCallsPerSecond").asDouble()).isEqualTo(run.decision().rate());
    assertThat(pacingSent.path("maxAttemptsPerNumber").asInt()).isEqualTo(7);
    assertThat(pacingSent.path("other").asText()).isEqualTo("x");
  }

  @Test
  void aChangeThatWasCarriedOutIsOneAuditLineAndTheCampaignsRate() {
    Campaign campaign = pacing.active("Spring");
    PacingRun run = pacing.rate(campaign, 60, 1, 10);
    pacing.work.written(run);
    JsonNode line = pacing.changesInAudit(campaign).get(0);
    assertThat(pacing.changesInAudit(campaign)).hasSize(1);
    assertThat(line.path("maxCallsPerSecond").asDouble()).isEqualTo(run.decision().rate());
    assertThat(line.path("reason").asText()).isEqualTo(run.decision().reason());
    assertThat(line.path("pacingHistory")).hasSize(2);
    Campaign after = pacing.bench.get(campaign.id());
    assertThat(after.pacing().get(1).maxCallsPerSecond()).isEqualTo(run.decision().rate());
    assertThat(pacing.claimLater(campaign).state().commanded()).isEqualTo(run.decision().rate());
  }

  @Test
  void aKillBetweenTheDecisionAndItsAnswerHasTheNextTickSendAgain() {
    Campaign campaign = pacing.active("Spring");
    PacingRun killed = pacing.rate(campaign, 60, 1, 10);
    // the lease ends, or the store releases it at the next start; nobody knows what CXone has
    assertThat(pacing.claimLater(campaign).unsure()).isTrue();
    PacingRun again = pacing.rate(campaign, 60, 1, 10);
    pacing.work.written(again);
    assertThat(pacing.changesInAudit(campaign)).hasSize(1);
    assertThatThrownBy(() -> pacing.work.written(killed))
        .isInstanceOf(PacingClaimLostException.class);
    assertThat(pacing.changesInAudit(campaign)).hasSize(1);
  }

  @Test
  void aLostAnswerHasTheNextTickSendAgainAndARefusalWaits() {
    Campaign campaign = pacing.active("Spring");
    pacing.work.notWritten(pacing.rate(campaign, 60, 1, 10), cut());
    PacingRun again = pacing.claimLater(campaign);
    assertThat(again.unsure()).isTrue();
    pacing.work.refused(pacing.decide(again, 60, 1, 10), refusal(400, "CAMPAIGN_INVALID_CONFIG"));
    assertThat(((Number) pacing.column(campaign, "due_at")).longValue())
        .isGreaterThan(pacing.bench.store.now() + 25_000);
    assertThat(pacing.claimLater(campaign).unsure())
        .as("the lost one may have been carried out, whatever became of the next")
        .isTrue();
    assertThat(pacing.changesInAudit(campaign)).isEmpty();
  }

  @Test
  void onlyTheRecentDecisionsAreKept() {
    Campaign campaign = pacing.active("Spring");
    for (int tick = 0; tick < 8; tick++) {
      PacingRun run = pacing.decide(pacing.claimLater(campaign), 60 + tick, 1, 10);
      if (run.change() == PacingRun.Change.RATE) {
        pacing.work.written(run);
      }
    }
    assertThat(pacing.decisions(campaign))
        .extracting(decision -> decision.path("seq").asInt())
        .containsExactly(8, 7, 6, 5, 4);
    assertThat(pacing.rows.decisions(campaign.id(), 6L, 1))
        .extracting(decision -> decision.path("seq").asInt())
        .containsExactly(5);
  }

  // No figures

  @Test
  void noFiguresAreNoZeros() {
    Campaign campaign = pacing.active("Spring");
    pacing.work.written(pacing.rate(campaign, 60, 1, 10));
    PacingRun blind = pacing.work.decide(pacing.work.missing(pacing.claimLater(campaign), cut()));
    assertThat(blind.decision().rate()).isPositive();
    assertThat(blind.decision().inputs().missing()).contains("connection was cut");
    assertThat(blind.decision().inputs().availableAgents()).isNull();
  }

  @Test
  void figuresThatAreNoneAtAllAreMissing() {
    Campaign campaign = pacing.active("Spring");
    PacingRun run = pacing.claim(campaign);
    assertThat(pacing.work.figures(run, json("[]")).reading().figures()).isNull();
    PacingFigures odd =
        pacing
            .work
            .figures(run, json("{'connected':'many','abandoned':-3,'agents':null}"))
            .reading()
            .figures();
    assertThat(odd.connected()).isNull();
    assertThat(odd.agents()).isNull();
  }

  @Test
  void whereThereAreNoFiguresYetThePoolTellsWhoIsReady() {
    Campaign campaign = pacing.active("Spring");
    PacingRun run = pacing.work.notYet(pacing.claim(campaign), Bench.agents(12));
    assertThat(run.reading().readyAgents()).isEqualTo(12);
    assertThat(pacing.work.decide(run).decision().rate()).isBetween(0.1, 2.0);
  }

  // Held

  @Test
  void noCallsIsAPauseAtCxoneThatLeavesTheStageAlone() {
    Campaign campaign = pacing.held("Spring");
    assertThat(campaign.stage()).isEqualTo(Stage.ACTIVE);
    assertThat(campaign.held()).isTrue();
    assertThat(campaign.pending()).isNull();
    JsonNode line = pacing.changesInAudit(campaign).get(0);
    assertThat(line.path("maxCallsPerSecond").asDouble()).isZero();
    pacing.bench.launch.looked(
        pacing.bench.claimLater(Lane.LOOK, campaign.id()), json("{'status':'PAUSED'}"));
    assertThat(pacing.bench.get(campaign.id()).stage()).isEqualTo(Stage.ACTIVE);
    PacingRun quiet = pacing.decide(pacing.claimLater(campaign), 0, 0, 0);
    assertThat(quiet.change()).isEqualTo(PacingRun.Change.NONE);
  }

  @Test
  void whatWasHeldGetsItsRateFirstAndDialsAgainByItself() {
    Campaign campaign = pacing.held("Spring");
    PacingRun run = pacing.rate(campaign, 0, 0, 10);
    pacing.work.written(run);
    assertThat(pacing.changesInAudit(campaign)).as("it does not dial yet").hasSize(1);
    Campaign releasing = pacing.bench.claim(Lane.LOOK, campaign.id());
    assertThat(releasing.next()).isEqualTo("release");
    assertThat(pacing.decide(pacing.claimLater(campaign), 0, 0, 10).change())
        .as("while the release is on its way")
        .isEqualTo(PacingRun.Change.NONE);
    pacing.bench.launch.commanded(releasing, json("{'status':'PENDING'}"));
    Campaign after = pacing.bench.get(campaign.id());
    assertThat(after.held()).isFalse();
    assertThat(after.stage()).isEqualTo(Stage.ACTIVE);
    assertThat(pacing.changesInAudit(campaign)).hasSize(2);
    assertThat(pacing.changesInAudit(campaign).get(1).path("maxCallsPerSecond").asDouble())
        .isEqualTo(run.decision().rate());
    assertThat(pacing.claimLater(campaign).state().commanded()).isEqualTo(run.decision().rate());
  }

  @Test
  void anOperatorsPauseThatComesDuringAReleaseHasTheLastWord() {
    Campaign campaign = pacing.held("Spring");
    pacing.work.written(pacing.rate(campaign, 0, 0, 10));
    Campaign releasing = pacing.bench.claim(Lane.LOOK, campaign.id());
    pacing.bench.commands.give(campaign.id(), Command.PAUSE);
    pacing.bench.launch.commanded(releasing, json("{'status':'ACTIVE'}"));
    Campaign pausing = pacing.bench.claim(Lane.COMMAND, campaign.id());
    assertThat(pausing.next()).isEqualTo("pause");
    pacing.bench.carriedOut(pausing, "PAUSED");
    assertThat(pacing.bench.get(campaign.id()).stage()).isEqualTo(Stage.PAUSED);
    pacing.due(campaign, null);
    assertThat(pacing.work.claim()).isEmpty();
  }

  @Test
  void aReleaseThatWaitsIsWithdrawnWhenThereAreNoCallsToBeMade() {
    Campaign campaign = pacing.held("Spring");
    pacing.work.written(pacing.rate(campaign, 0, 0, 10));
    assertThat(pacing.bench.get(campaign.id()).command()).isEqualTo(Command.RELEASE);
    for (int tick = 0; tick < 40; tick++) { // until nobody is taken to be at work any more
      PacingRun run = pacing.decide(pacing.claimLater(campaign), 0, 0, 0);
      if (run.change() == PacingRun.Change.HOLD) {
        pacing.work.hold(run);
        assertThat(pacing.bench.get(campaign.id()).command()).isEqualTo(Command.HOLD);
        return;
      }
    }
    throw new AssertionError("the release was never withdrawn");
  }

  @Test
  void countsThatWereMissedComeFromHistoryAndTheFiguresOfTheTickHoldAllTheSame() {
    Campaign campaign = pacing.active("Spring");
    pacing.work.written(pacing.rate(campaign, 60, 1, 10));
    pacing.ahead += 600_000;
    PacingRun run =
        pacing.work.figures(pacing.claimLater(campaign), PacingBench.figures(80, 2, 12));
    assertThat(pacing.work.behind(run)).isTrue();
    assertThat(pacing.work.caughtUp(run, json("{}"))).isSameAs(run);
    PacingRun decided =
        pacing.work.decide(
            pacing.work.caughtUp(run, json("{'connectedCalls':500,'abandonedCalls':9}")));
    assertThat(decided.decision().inputs().missing()).isNull();
    assertThat(decided.decision().period().answered()).isEqualTo(509);
    assertThat(decided.decision().period().abandoned()).isEqualTo(9);
    PacingRun next = pacing.decide(pacing.claimLater(campaign), 81, 2, 12);
    assertThat(next.decision().period().answered())
        .as("the window goes on, and is not counted twice")
        .isBetween(509.0, 514.0);
    assertThat(pacing.work.behind(next)).isFalse();
  }

  @Test
  void aCampaignThatDialsThoughItIsHeldIsHeldAgain() {
    Campaign campaign = pacing.held("Spring");
    pacing.bench.launch.looked(
        pacing.bench.claimLater(Lane.LOOK, campaign.id()), json("{'status':'ACTIVE'}"));
    assertThat(pacing.bench.get(campaign.id()).held()).isFalse();
    PacingRun run = pacing.decide(pacing.claim(campaign), 0, 0, 0);
    assertThat(run.change()).isEqualTo(PacingRun.Change.HOLD);
  }

  @Test
  void aRefusedHoldIsToldAndAskedForAgain() {
    Campaign campaign = pacing.active("Spring");
    pacing.work.hold(pacing.decide(pacing.claim(campaign), 0, 0, 0));
    pacing.bench.launch.refused(
        pacing.bench.claim(Lane.COMMAND, campaign.id()), refusal(409, "CAMPAIGN_STATE_CONFLICT"));
    Campaign after = pacing.bench.get(campaign.id());
    assertThat(after.held()).isFalse();
    assertThat(after.failure().message()).contains("asked again");
    pacing.bench.launch.confirmed(
        pacing.bench.claimLater(Lane.COMMAND, campaign.id()), json("{'status':'PAUSED'}"));
    assertThat(pacing.bench.get(campaign.id()).held()).isTrue();
  }
}
