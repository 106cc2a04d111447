package io.campaignroutes.pacing;

import static io.campaignroutes.campaign.CampaignFixture.cut;
import static io.campaignroutes.campaign.CampaignFixture.json;
import static io.campaignroutes.campaign.CampaignFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignFixture;
import io.campaignroutes.campaign.Command;
import io.campaignroutes.campaign.PriorityClass;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.CxoneUnavailableException.Kind;
import io.campaignroutes.cxone.PlatformRequest;
import io.campaignroutes.cxone.PlatformRequests;
import io.campaignroutes.cxone.RateWrites;
import io.campaignroutes.cxone.TestCxone;
import io.campaignroutes.cxone.Urgency;
import io.campaignroutes.store.StoreUnavailableException;
import io.campaignroutes.store.TestStores;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ticks of running campaigns on a real store, with CXone's part spoken here. */
abstract class PacingSuite {
  @TempDir Path temp;
  PacingFixture pacing;

  abstract TestStores.Opened open();

  private final RateWrites writes = TestCxone.rateWrites();
  private final AtomicBoolean full = new AtomicBoolean();
  private final AtomicBoolean gone = new AtomicBoolean();
  private TestStores.Opened opened;

  @BeforeEach
  void openBench() {
    opened = open();
    pacing = new PacingFixture(TestStores.gone(TestStores.full(opened, full::get), gone::get));
  }

  @AfterEach
  void close() {
    try {
      pacing.bench.assertHistoryAndAuditAgree();
    } finally {
      pacing.close();
      opened.close();
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
    pacing.bench.commands.give(campaign.id(), Command.PAUSE, CampaignFixture.DESK);
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), "PAUSED");
    pacing.due(campaign, null);
    assertThat(pacing.claim()).isEmpty();
    pacing.bench.commands.give(campaign.id(), Command.RESUME, CampaignFixture.DESK);
    pacing.bench.commandSteps.commanded(
        pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), json("{'status':'PENDING'}"));
    pacing.bench.launchSteps.polled(
        pacing.bench.claimLater(PriorityClass.LAUNCH, campaign.id()), json("{'status':'ACTIVE'}"));
    PacingRun again = pacing.claim(campaign);
    assertThat(again.seq()).isEqualTo(run.seq());
    assertThat(again.state().commanded()).isEqualTo(run.decision().rate());
    assertThat(knownBefore).isNotEmpty();
  }

  @Test
  void aTickThatIsUnderWayWhenItsCampaignIsPausedComesToNothing() {
    Campaign campaign = pacing.active("Spring");
    PacingRun run = pacing.work.figures(pacing.claim(campaign), PacingFixture.figures(60, 1, 10));
    pacing.bench.commands.give(campaign.id(), Command.PAUSE, CampaignFixture.DESK);
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), "PAUSED");
    assertThatThrownBy(() -> pacing.decide(run)).isInstanceOf(PacingClaimLostException.class);
    new TickErrors(pacing.work).broken(run, new IllegalStateException());
    assertThat(pacing.decisions(campaign)).isEmpty();
  }

  @Test
  void aTickIsClaimedOnceHoweverManyAskAtOnce() throws Exception {
    Campaign campaign = pacing.active("Spring");
    List<Integer> claimed = TestStores.atOnce(8, () -> pacing.claim().size());
    assertThat(claimed.stream().mapToInt(Integer::intValue).sum()).isOne();
    assertThat(pacing.column(campaign, "claim_token")).isNotNull();
  }

  @Test
  void theNextTickComesOnePeriodAfterTheOneBefore() {
    Campaign campaign = pacing.active("Spring");
    pacing.work.written(pacing.decide(pacing.claim(campaign), 60, 1, 60));
    PacingRun run;
    PacingRun decided;
    do {
      pacing.due(campaign, pacing.bench.store.now());
      run = pacing.claim(campaign);
      decided = pacing.decide(pacing.work.missing(run, cut()));
      if (decided.change() == PacingRun.Change.RATE) {
        pacing.work.written(decided);
      }
    } while (decided.change() != PacingRun.Change.NONE);
    assertThat(pacing.time(campaign, "due_at")).isEqualTo(run.dueSince() + 5_000);
    assertThat(pacing.claim()).isEmpty();
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
    PacingRun decided = pacing.decide(run);
    assertThat(decided.change()).isEqualTo(PacingRun.Change.HOLD);
    assertThat(decided.decision().reason()).contains("outside calling hours until");
    pacing.work.hold(decided);
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), "PAUSED");
    PacingRun resting = pacing.decide(pacing.claimLater(campaign));
    assertThat(resting.change()).isEqualTo(PacingRun.Change.NONE);
    assertThat(((Number) pacing.column(campaign, "due_at")).longValue())
        .isGreaterThan(pacing.bench.store.now() + 50_000);
    pacing.bench.setClock(7_200_000); // who knows whether the hours are open by now
    pacing.claim(campaign);
  }

  @ParameterizedTest
  @ValueSource(longs = {60_000, 600_000, 7_200_000, -60_000, -600_000, -7_200_000})
  void ticksGoOnAtTheirPeriodHoweverTheClockIsSetUnderOne(long step) {
    Campaign campaign = pacing.active("Spring");
    PacingRun run = pacing.claim(campaign);
    pacing.bench.setClock(step);
    assertThat(pacing.claim()).as("the lease holds").isEmpty();
    pacing.decide(run, 10, 0, 1);
    Object due = pacing.column(campaign, "due_at");
    assertThat(((Number) due).longValue() - pacing.bench.store.now()).isLessThan(91_000L);
    pacing.decide(pacing.claimLater(campaign), 10, 0, 1);
    pacing.bench.setClock(0);
    long now = pacing.bench.store.now();
    assertThat(((Number) pacing.column(campaign, "due_at")).longValue() - now).isLessThan(91_000L);
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
    PlatformRequest request =
        writes.over(
            setRate(run),
            json("{'pacing':{'maxCallsPerSecond':10,'maxAttemptsPerNumber':7,'other':'x'}}"));
    String body =
        new String(TestCxone.api().call("setPacing", request, 0).body(), StandardCharsets.UTF_8);
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
    assertThat(pacing.claimLater(campaign).standing().unsure()).isTrue();
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
    assertThat(again.standing().unsure()).isTrue();
    pacing.work.refused(pacing.decide(again, 60, 1, 10), refusal(400, "CAMPAIGN_INVALID_CONFIG"));
    assertThat(pacing.time(campaign, "due_at")).isLessThanOrEqualTo(pacing.now() + 5_000);
    assertThat(pacing.time(campaign, "write_at")).isGreaterThan(pacing.now() + 25_000);
    assertThat(pacing.claimLater(campaign).standing().unsure())
        .as("the lost one may have been carried out, whatever became of the next")
        .isTrue();
    assertThat(pacing.changesInAudit(campaign)).isEmpty();
  }

  @Test
  void ticksThatWereClaimedAreDueAgainWhenTheAnswerToTheClaimIsLost() {
    Campaign campaign = pacing.active("Spring");
    var lost = new AtomicBoolean(true);
    var other = new PacingFixture(TestStores.losing(opened, lost));
    assertThatThrownBy(other::claim).isInstanceOf(StoreUnavailableException.class);
    assertThat(pacing.time(campaign, "due_at")).isGreaterThan(pacing.now());
    await()
        .untilAsserted(
            () -> {
              pacing.bench.store.write(tx -> null);
              assertThat(pacing.time(campaign, "due_at")).isLessThanOrEqualTo(pacing.now());
            });
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
    PacingRun blind = pacing.decide(pacing.work.missing(pacing.claimLater(campaign), cut()));
    assertThat(blind.decision().rate()).isPositive();
    assertThat(blind.decision().inputs().missing()).contains("connection was cut");
    assertThat(blind.decision().inputs().availableAgents()).isNull();
  }

  @Test
  void whyThereAreNoFiguresIsPartOfASentence() {
    Campaign campaign = pacing.active("Spring");
    PacingRun run = pacing.decide(pacing.work.missing(pacing.claim(campaign), cut()));
    assertThat(run.decision().reason())
        .endsWith("The connection was cut, and no agent is known to be ready");
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
    PacingRun run = pacing.notYet(pacing.claim(campaign), CampaignFixture.agents(12));
    assertThat(run.reading().readyAgents()).isEqualTo(12);
    assertThat(pacing.decide(run).decision().rate()).isBetween(0.1, 2.0);
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
    pacing.bench.statusSteps.checkStatus(
        pacing.bench.claimLater(PriorityClass.LOOK, campaign.id()), json("{'status':'PAUSED'}"));
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
    Campaign releasing = pacing.bench.claim(PriorityClass.LOOK, campaign.id());
    assertThat(releasing.command()).isEqualTo(Command.RELEASE);
    assertThat(pacing.bench.table.route(releasing)).isEqualTo("resume");
    assertThat(pacing.decide(pacing.claimLater(campaign), 0, 0, 10).change())
        .as("while the release is on its way")
        .isEqualTo(PacingRun.Change.NONE);
    pacing.bench.commandSteps.commanded(releasing, json("{'status':'PENDING'}"));
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
    Campaign releasing = pacing.bench.claim(PriorityClass.LOOK, campaign.id());
    pacing.bench.commands.give(campaign.id(), Command.PAUSE, CampaignFixture.DESK);
    pacing.bench.commandSteps.commanded(releasing, json("{'status':'ACTIVE'}"));
    Campaign pausing = pacing.bench.claim(PriorityClass.COMMAND, campaign.id());
    assertThat(pacing.bench.table.route(pausing)).isEqualTo("pause");
    pacing.bench.carriedOut(pausing, "PAUSED");
    assertThat(pacing.bench.get(campaign.id()).stage()).isEqualTo(Stage.PAUSED);
    pacing.due(campaign, null);
    assertThat(pacing.claim()).isEmpty();
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
        pacing.work.figures(pacing.claimLater(campaign), PacingFixture.figures(80, 2, 12));
    assertThat(pacing.work.behind(run)).isTrue();
    assertThat(pacing.work.caughtUp(run, json("{}"))).isSameAs(run);
    PacingRun decided =
        pacing.decide(pacing.work.caughtUp(run, json("{'connectedCalls':500,'abandonedCalls':9}")));
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
    pacing.bench.statusSteps.checkStatus(
        pacing.bench.claimLater(PriorityClass.LOOK, campaign.id()), json("{'status':'ACTIVE'}"));
    assertThat(pacing.bench.get(campaign.id()).held()).isFalse();
    PacingRun run = pacing.decide(pacing.claim(campaign), 0, 0, 0);
    assertThat(run.change()).isEqualTo(PacingRun.Change.HOLD);
  }

  @Test
  void aRefusedHoldIsToldAndAskedForAgainSoonAndThenLessOften() {
    Campaign campaign = pacing.active("Spring");
    pacing.work.hold(pacing.decide(pacing.claim(campaign), 0, 0, 0));
    refuseHold(campaign);
    assertThat(pacing.bench.get(campaign.id()).held()).isFalse();
    assertThat(pacing.time(campaign, "due_at")).isLessThanOrEqualTo(pacing.now() + 5_000);
    assertThat(pacing.time(campaign, "hold_at")).isLessThanOrEqualTo(pacing.now() + 5_100);
    PacingRun again = pacing.decide(pacing.claimLater(campaign), 0, 0, 0);
    assertThat(again.change()).isEqualTo(PacingRun.Change.HOLD);
    assertThat(again.decision().reason()).contains("CXone refuses to pause it: CXone refused it");
    pacing.work.hold(again);
    pacing.set(campaign, "too_fast_since = " + (pacing.bench.store.now() - 60_000));
    refuseHold(campaign);
    assertThat(pacing.time(campaign, "hold_at")).isGreaterThan(pacing.bench.store.now() + 25_000);
    PacingRun slowed = pacing.decide(pacing.claimLater(campaign), 0, 0, 0);
    assertThat(slowed.change())
        .as("it is not asked at every tick for good; what can be slowed down is")
        .isEqualTo(PacingRun.Change.RATE);
    assertThat(slowed.decision().bound()).isEqualTo(RateBound.STANDS_IN);
    assertThat(slowed.decision().rate()).isEqualTo(PacingFixture.PROPERTIES.platform().least());
    assertThat(slowed.urgency()).isEqualTo(Urgency.SLOWER);
    pacing.work.written(slowed);
    assertThat(pacing.decide(pacing.claimLater(campaign), 0, 0, 0).change())
        .isEqualTo(PacingRun.Change.NONE);
    assertThat(pacing.rows.overview().tooFast()).as("it dials still").isOne();
    pacing.ahead += 30_000;
    pacing.work.hold(pacing.decide(pacing.claimLater(campaign), 0, 0, 0));
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), "PAUSED");
    assertThat(pacing.column(campaign, "hold_refusal")).isNull();
    assertThat(pacing.rows.overview().tooFast()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = Command.class,
      names = {"PAUSE", "STOP", "HOLD"})
  void aPauseThatIsNotAnsweredIsNotWaitedForWithTheRateThatItHad(Command command) {
    Campaign campaign = pacing.active("Spring");
    if (command == Command.HOLD) {
      pacing.work.hold(pacing.decide(pacing.claim(campaign), 0, 0, 0));
    } else {
      pacing.bench.commands.give(campaign.id(), command, CampaignFixture.DESK);
    }
    assertThat(pacing.decide(pacing.claimLater(campaign), 0, 0, 0).change())
        .as("it may be on its way")
        .isEqualTo(PacingRun.Change.NONE);
    pacing.ahead += 2 * PacingFixture.PROPERTIES.period().toMillis();
    PacingRun slowed = pacing.decide(pacing.claimLater(campaign), 0, 0, 0);
    assertThat(slowed.change()).isEqualTo(PacingRun.Change.RATE);
    assertThat(slowed.decision().reason()).startsWith("0.1 calls/s until CXone has");
    pacing.work.refused(slowed, refusal(409, "CAMPAIGN_STATE_CONFLICT"));
    assertThat(pacing.bench.get(campaign.id()).command()).isEqualTo(command);
    pacing.ahead += PacingFixture.PROPERTIES.retryAfterRefusal().toMillis();
    slowed = pacing.decide(pacing.claimLater(campaign), 0, 0, 0);
    assertThat(slowed.change()).isEqualTo(PacingRun.Change.RATE);
    pacing.work.written(slowed);
    PacingRun next = pacing.decide(pacing.claimLater(campaign), 0, 0, 0);
    assertThat(next.state().commanded()).isEqualTo(PacingFixture.PROPERTIES.platform().least());
    assertThat(next.change()).isEqualTo(PacingRun.Change.NONE);
    assertThat(pacing.column(campaign, "too_fast_since")).as("it dials still").isNotNull();
    pacing.bench.carriedOut(
        pacing.bench.claim(PriorityClass.COMMAND, campaign.id()),
        command == Command.STOP ? "STOPPED" : "PAUSED");
    assertThat(pacing.column(campaign, "too_fast_since")).isNull();
  }

  private void refuseHold(Campaign campaign) {
    pacing.bench.refusals.refused(
        pacing.bench.claim(PriorityClass.COMMAND, campaign.id()),
        refusal(409, "CAMPAIGN_STATE_CONFLICT"));
  }

  // What CXone does not take puts off the write, never the look

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"THROTTLED", "HELD_BACK", "UNREACHABLE"})
  void aWriteThatHasToWaitForAnHourPutsOffNoLook(Kind kind) {
    Campaign campaign = pacing.active("Spring");
    pacing.work.notWritten(pacing.rate(campaign, 60, 1, 10), anHour(kind));
    assertThat(pacing.time(campaign, "due_at")).isLessThanOrEqualTo(pacing.now() + 5_000);
    assertThat(pacing.time(campaign, "write_at")).isGreaterThan(pacing.now() + 3_500_000);
    PacingRun next = pacing.decide(pacing.claimLater(campaign), 61, 1, 10);
    assertThat(next.decision().inputs().connectedCalls()).isEqualTo(61);
    assertThat(next.change()).isEqualTo(PacingRun.Change.NONE);
    assertThat(next.standing().unsure()).isEqualTo(kind == Kind.UNREACHABLE);
    assertThat(pacing.time(campaign, "due_at")).isLessThanOrEqualTo(pacing.now() + 5_000);
    pacing.ahead += 3_600_000;
    assertThat(pacing.rate(campaign, 80, 1, 10).change()).isEqualTo(PacingRun.Change.RATE);
  }

  private static CxoneUnavailableException anHour(Kind kind) {
    return new CxoneUnavailableException(kind, "Later.", Duration.ofHours(1), null);
  }

  @Test
  void aLostAnswerIsNotForgottenWhileTheNextWriteHasToWait() {
    Campaign campaign = pacing.active("Spring");
    pacing.work.notWritten(pacing.rate(campaign, 60, 1, 10), anHour(Kind.UNREACHABLE));
    pacing.decide(pacing.claimLater(campaign), 60, 1, 10);
    assertThat(pacing.claimLater(campaign).standing().unsure()).isTrue();
  }

  @Test
  void hoursThatEndWhileCxoneThrottlesHoldTheCampaignAtTheirEnd() {
    Campaign campaign = pacing.openThisHour("Spring");
    long end = pacing.endOfHour();
    pacing.clockAt(end - 20_000);
    pacing.work.notWritten(pacing.rate(campaign, 60, 1, 10), anHour(Kind.THROTTLED));
    pacing.clockAt(end - 2_000);
    pacing.due(campaign, pacing.bench.store.now());
    PacingRun last = pacing.decide(pacing.claim(campaign), 60, 1, 10);
    assertThat(last.change()).isEqualTo(PacingRun.Change.NONE);
    assertThat(pacing.time(campaign, "edge_at")).isEqualTo(end);
    assertThat(pacing.time(campaign, "due_at")).isLessThanOrEqualTo(end);
    pacing.clockAt(end);
    pacing.due(campaign, 1L);
    PacingRun closed = pacing.decide(pacing.claim(campaign));
    assertThat(closed.change()).isEqualTo(PacingRun.Change.HOLD);
    assertThat(closed.decision().reason()).contains("outside calling hours until");
    pacing.work.hold(closed);
    assertThat(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()).command())
        .isEqualTo(Command.HOLD);
  }

  @Test
  void aTickThatIsNeverFinishedIsTakenUpAgainWhereTheHoursEnd() {
    Campaign campaign = pacing.openThisHour("Spring");
    pacing.decide(pacing.claim(campaign), 60, 1, 10);
    long edge = pacing.bench.store.now() + 30_000;
    pacing.set(campaign, "due_at = 1, edge_at = " + edge);
    pacing.claim(campaign);
    assertThat(pacing.time(campaign, "due_at")).isEqualTo(edge);
    pacing.set(campaign, "due_at = 1, edge_at = null, claim_token = null");
    pacing.claim(campaign);
    assertThat(pacing.time(campaign, "due_at")).isGreaterThan(edge);
  }

  @Test
  void aTickSaysNothingOfTheClaimThatAnotherRunHasOfTheCampaign() {
    Campaign campaign = pacing.active("Spring");
    pacing.bench.store.write(
        tx -> tx.sql().sql("update campaign set claim_token = 'a look at it'").update());
    PacingRun run = pacing.claim(campaign);
    assertThat(run.arguments().path("id").asText()).isEqualTo(campaign.id());
    assertThat(run.arguments().has("claim")).isFalse();
  }

  @Test
  void hoursThatEndWhileTheFiguresAreReadCount() {
    Campaign campaign = pacing.openThisHour("Spring");
    PacingRun asked = pacing.claim(campaign);
    assertThat(asked.asks()).isTrue();
    pacing.clockAt(pacing.endOfHour() + 1_000);
    PacingRun decided = pacing.decide(asked, 60, 1, 10);
    assertThat(decided.change()).isEqualTo(PacingRun.Change.HOLD);
    assertThat(decided.decision().bound()).isEqualTo(RateBound.CLOSED);
  }

  @Test
  void aReleaseIsNotAskedForWhenTheHoursEndedWhileTheRateWasWritten() {
    Campaign campaign = pacing.openThisHour("Spring");
    pacing.work.hold(pacing.decide(pacing.claim(campaign), 0, 0, 0));
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), "PAUSED");
    PacingRun run = pacing.rate(campaign, 0, 0, 10);
    pacing.clockAt(pacing.endOfHour() + 1_000);
    pacing.work.written(run);
    assertThat(pacing.bench.get(campaign.id()).command()).isNull();
    pacing.due(campaign, 1L);
    assertThat(pacing.decide(pacing.claim(campaign)).change()).isEqualTo(PacingRun.Change.NONE);
  }

  @Test
  void aRateThatShouldGoDownAndCannotBeWrittenIsAPauseAfterAWhile() {
    Campaign campaign = pacing.active("Spring");
    pacing.work.written(pacing.rate(campaign, 3, 0, 100));
    PacingRun run = lowered(campaign);
    long since = run.decision().at();
    pacing.work.notWritten(run, anHour(Kind.THROTTLED));
    PacingRun second = withoutFigures(campaign);
    assertThat(second.change()).isEqualTo(PacingRun.Change.NONE);
    assertThat(second.decision().reason()).contains("; CXone takes no change before ");
    while (run.change() != PacingRun.Change.HOLD) {
      run = withoutFigures(campaign);
      assertThat(pacing.now()).isLessThan(since + 21_000);
    }
    assertThat(run.decision().rate()).isZero();
    assertThat(run.decision().reason())
        .startsWith("0 calls/s: held, because CXone has been dialing faster than this since ")
        .contains("going down");
    pacing.work.hold(run);
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), "PAUSED");
    assertThat(pacing.bench.get(campaign.id()).held()).isTrue();
    for (int tick = 0; tick < 10; tick++) {
      assertThat(pacing.decide(pacing.claimLater(campaign), 3, 0, 100).change())
          .as("it waits until a rate can be written")
          .isEqualTo(PacingRun.Change.NONE);
    }
    pacing.ahead += 3_600_000;
    pacing.work.written(pacing.rate(campaign, 3, 0, 100));
    assertThat(pacing.bench.get(campaign.id()).command()).isEqualTo(Command.RELEASE);
  }

  @Test
  void whatThisServiceDidNotBringToCxoneIsNotHeldAgainstIt() {
    Campaign campaign = pacing.active("Spring");
    pacing.work.written(pacing.rate(campaign, 3, 0, 100));
    PacingRun run = lowered(campaign);
    long until = pacing.now() + 3 * PacingFixture.PROPERTIES.longestTooFast().toMillis();
    while (pacing.now() < until) { // as on a disk that is full for a moment, again and again
      pacing.work.giveBack(run);
      pacing.bench.store.write(tx -> null); // and what was put off for later is done
      run = withoutFigures(campaign);
      assertThat(run.change()).as(run.decision().reason()).isEqualTo(PacingRun.Change.RATE);
    }
  }

  @Test
  void aRateThatReachesCxoneWhileThatIsPausingIsToldOnceItDialsWithIt() {
    Campaign campaign = pacing.active("Spring");
    PacingRun run = pacing.rate(campaign, 60, 1, 10);
    double rate = run.decision().rate();
    pacing.bench.commands.give(campaign.id(), Command.PAUSE, CampaignFixture.DESK);
    pacing.work.written(run);
    assertThat(pacing.changesInAudit(campaign)).isEmpty();
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), "PAUSED");
    assertThat(pacing.changesInAudit(campaign)).isEmpty();
    resume(campaign);
    assertThat(pacing.changesInAudit(campaign))
        .singleElement()
        .satisfies(line -> assertThat(line.path("maxCallsPerSecond").asDouble()).isEqualTo(rate));
  }

  private void resume(Campaign campaign) {
    pacing.bench.commands.give(campaign.id(), Command.RESUME, CampaignFixture.DESK);
    pacing.bench.commandSteps.commanded(
        pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), json("{'status':'PENDING'}"));
    pacing.bench.launchSteps.polled(
        pacing.bench.claimLater(PriorityClass.LAUNCH, campaign.id()), json("{'status':'ACTIVE'}"));
  }

  @Test
  void aRateOfWhichNobodyKnowsWhetherItCameToCxoneIsNotTold() {
    Campaign campaign = pacing.active("Spring");
    PacingRun run = pacing.rate(campaign, 3, 0, 100); // and the service was killed
    assertThat(run.decision().rate()).isGreaterThan(campaign.firstRate(CampaignFixture.PLATFORM));
    pacing.bench.commands.give(campaign.id(), Command.PAUSE, CampaignFixture.DESK);
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), "PAUSED");
    resume(campaign);
    assertThat(pacing.changesInAudit(campaign)).isEmpty();
    PacingRun next = pacing.decide(pacing.claimLater(campaign), 3, 0, 100);
    assertThat(next.change()).isEqualTo(PacingRun.Change.RATE);
    pacing.work.written(next);
    assertThat(pacing.changesInAudit(campaign)).hasSize(1);
  }

  @Test
  void timeInWhichNobodyLookedIsNotHeldAgainstCxone() {
    Campaign campaign = pacing.active("Spring");
    pacing.work.written(pacing.rate(campaign, 3, 0, 100));
    pacing.work.notWritten(lowered(campaign), anHour(Kind.THROTTLED));
    pacing.ahead += 60_000; // a restart, say
    PacingRun next = pacing.decide(pacing.claimLater(campaign), 3, 2, 10);
    assertThat(next.decision().reason()).doesNotContain("has been dialing faster");
  }

  /** The first tick without figures that wants a much lower rate. */
  private PacingRun lowered(Campaign campaign) {
    for (int tick = 0; tick < 40; tick++) {
      PacingRun run = withoutFigures(campaign);
      if (run.decision().bound() == RateBound.NO_FIGURES && run.change() == PacingRun.Change.RATE) {
        return run;
      }
      if (run.change() == PacingRun.Change.RATE) {
        pacing.work.written(run);
      }
    }
    throw new AssertionError("it never went down");
  }

  private PacingRun withoutFigures(Campaign campaign) {
    return pacing.decide(pacing.work.missing(pacing.claimLater(campaign), cut()));
  }

  @Test
  void aHoldThatWasPutOffForAnHourIsAskedForAtTheNextTickThatStillWantsIt() {
    Campaign campaign = pacing.active("Spring");
    pacing.work.hold(pacing.decide(pacing.claim(campaign), 0, 0, 0));
    pacing.bench.failures.retryLater(
        pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), anHour(Kind.THROTTLED));
    pacing.bench.set(campaign.id(), "due_at = " + (pacing.bench.store.now() + 3_600_000));
    PacingRun run = pacing.decide(pacing.claimLater(campaign), 0, 0, 0);
    assertThat(run.decision().bound()).isEqualTo(RateBound.STANDS_IN);
    assertThat(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()).command())
        .isEqualTo(Command.HOLD);
  }

  @Test
  void aTickThatBreaksAgainAndAgainHoldsTheCampaignUntilOneGoesThrough() {
    Campaign campaign = pacing.active("Spring");
    for (int tick = 1; tick <= 3; tick++) {
      PacingRun run = pacing.rate(campaign, 60, 1, 10);
      pacing.work.broken(run, new IllegalStateException("unforeseen"));
      assertThat(pacing.time(campaign, "due_at")).isLessThanOrEqualTo(pacing.now() + 5_000);
      assertThat(pacing.bench.get(campaign.id()).command())
          .isEqualTo(tick < 3 ? null : Command.HOLD);
    }
    assertThat(pacing.decisions(campaign).get(0).path("reason").asText())
        .contains("broken 3 times in a row")
        .doesNotContain("unforeseen");
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), "PAUSED");
    assertThat(pacing.bench.get(campaign.id()).held()).isTrue();
    pacing.work.written(pacing.rate(campaign, 60, 1, 10));
    assertThat(pacing.bench.get(campaign.id()).command()).isEqualTo(Command.RELEASE);
  }

  @Test
  void aTickWhoseCallAStopOfTheServiceKeptBackDecidesNothingAndIsDueAtOnce() {
    Campaign campaign = pacing.active("Spring");
    CxoneUnavailableException stopping =
        new CxoneUnavailableException(Kind.STOPPING, "The service is being stopped.", null, null);
    assertThat(stopping.stopOfService()).isTrue();
    assertThat(cut().stopOfService()).isFalse();
    PacingRun asked = pacing.claim(campaign);
    pacing.work.notWritten(asked, stopping);
    assertThat(pacing.time(campaign, "due_at")).isEqualTo(asked.dueSince());
    assertThat(pacing.column(campaign, "claim_token")).isNull();
    assertThat(pacing.decisions(campaign)).isEmpty();
    PacingRun decided = pacing.rate(campaign, 60, 1, 10);
    pacing.work.notWritten(decided, stopping);
    assertThat(pacing.claim(campaign).standing().unsure()).as("nothing was sent").isFalse();
    assertThat(pacing.changesInAudit(campaign)).isEmpty();
  }

  @Test
  void whatNobodyCanPaceBecauseNothingCanBeWrittenIsHeldAndDialsAgainByItself() {
    Campaign campaign = pacing.active("Spring");
    pacing.work.written(pacing.rate(campaign, 60, 1, 10));
    pacing.due(campaign, 1L);
    full.set(true);
    long until = pacing.ahead + PacingFixture.PROPERTIES.longestTooFast().toMillis();
    for (; pacing.ahead < until; pacing.ahead += 1_000) {
      assertThatThrownBy(pacing::claim).isInstanceOf(StoreUnavailableException.class);
      assertThat(pacing.unpaced.slower()).isEmpty();
      assertThat(pacing.bench.get(campaign.id()).command()).isNull();
    }
    pacing.ahead += 1_000;
    assertThat(pacing.unpaced.slower()).as("it is held").isEmpty();
    assertThat(pacing.bench.get(campaign.id()).command()).isEqualTo(Command.HOLD);
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), "PAUSED");
    assertThat(pacing.bench.get(campaign.id()).held()).as("there is a reserve for it").isTrue();
    assertThat(pacing.changesInAudit(campaign))
        .last()
        .satisfies(
            line -> assertThat(line.path("reason").asText()).contains("nothing could be written"));
    assertThatThrownBy(pacing::claim).isInstanceOf(StoreUnavailableException.class);
    full.set(false);
    pacing.work.written(pacing.rate(campaign, 60, 1, 10));
    assertThat(pacing.bench.get(campaign.id()).command()).isEqualTo(Command.RELEASE);
  }

  @Test
  void whatCanNotEvenBeHeldIsBroughtDownToTheLowestRateUntilItCanBePacedAgain() {
    Campaign campaign = dialsWithoutAStore();
    assertThat(pacing.unpaced.slower()).as("its call is under way").isEmpty();
    assertThat(slower.get(0).rate()).isEqualTo(0.1);
    JsonNode told = slower.get(0).arguments();
    assertThat(told.path("remoteId").asText()).isEqualTo("R-Spring");
    assertThat(told.at("/payload/name").asText()).isEqualTo("Spring");
    assertThat(told.has("tick") || told.has("claim")).as("nobody has it").isFalse();
    pacing.unpaced.told(slower.get(0), writes.confirmed());
    pacing.ahead += 60_000;
    assertThat(pacing.unpaced.slower()).as("it is told once").isEmpty();
    gone.set(false);
    assertThat(pacing.unpaced.slower()).as("it is over").isEmpty();
    pacing.set(campaign, "due_at = 1, claim_token = null");
    PacingRun next = pacing.claim(campaign);
    assertThat(next.rate()).isEqualTo(0.1);
    assertThat(next.state().commanded()).isEqualTo(0.1);
    assertThat(next.standing().unsure()).isFalse();
    assertThat(pacing.changesInAudit(campaign))
        .last()
        .satisfies(
            line -> {
              assertThat(line.path("maxCallsPerSecond").asDouble()).isEqualTo(0.1);
              assertThat(line.path("reason").asText())
                  .startsWith("0.1 calls/s, told at ")
                  .endsWith(", so nobody paced it");
            });
    pacing.work.written(pacing.rate(campaign, 60, 1, 10));
    gone.set(true);
    notPaced();
    assertThat(pacing.unpaced.slower()).as("the next time as well").hasSize(1);
    gone.set(false);
  }

  @Test
  void aHoldThatWaitsForTheStoreKeepsNobodyFromBeingBroughtDown() {
    Campaign campaign = pacing.active("Spring");
    pacing.work.written(pacing.rate(campaign, 60, 1, 10));
    pacing.holder = held -> {}; // as long as another program keeps the store locked
    gone.set(true);
    notPaced();
    assertThat(pacing.unpaced.slower()).isEmpty();
    pacing.ahead += 5_000;
    assertThat(pacing.unpaced.slower()).hasSize(1);
    gone.set(false);
  }

  private List<UnpacedCampaign> slower = List.of();

  /** A campaign that CXone is to be told the lowest rate for, since the store is gone. */
  private Campaign dialsWithoutAStore() {
    Campaign campaign = pacing.active("Spring");
    // somebody looks at it just when its tick begins
    pacing.bench.set(campaign.id(), "claim_token = 'a-look'", true);
    pacing.work.written(pacing.rate(campaign, 60, 1, 10));
    pacing.bench.set(campaign.id(), "claim_token = null", true);
    assertThat(pacing.column(campaign, "rate")).isEqualTo(0.4);
    gone.set(true);
    notPaced();
    slower = pacing.unpaced.slower();
    assertThat(slower).extracting(UnpacedCampaign::id).containsExactly(campaign.id());
    return campaign;
  }

  private void notPaced() {
    long until = pacing.ahead + PacingFixture.PROPERTIES.longestTooFast().toMillis();
    for (; pacing.ahead < until; pacing.ahead += 1_000) {
      assertThat(pacing.unpaced.slower()).as("not for a moment").isEmpty();
    }
    pacing.ahead += 1_000;
  }

  @Test
  void whetherTheLowestRateIsInForceIsNotKnownWithoutAnAnswer() {
    Campaign campaign = dialsWithoutAStore();
    double before =
        campaign.pacing().isEmpty() ? 0.5 : campaign.pacing().get(0).maxCallsPerSecond();
    pacing.unpaced.notTold(slower.get(0), cut());
    assertThat(pacing.unpaced.slower()).as("not at once").isEmpty();
    pacing.ahead += 5_000;
    assertThat(pacing.unpaced.slower()).hasSize(1);
    pacing.unpaced.notTold(slower.get(0), new CxoneRefusedException(403, null, "no"));
    pacing.ahead += 5_000;
    assertThat(pacing.unpaced.slower()).as("what it refuses is asked for later").isEmpty();
    pacing.ahead += 30_000;
    assertThat(pacing.unpaced.slower()).hasSize(1);
    gone.set(false);
    pacing.set(campaign, "due_at = 1, claim_token = null");
    PacingRun next = pacing.claim(campaign);
    assertThat(next.standing().unsure()).isTrue();
    assertThat(next.state().commanded()).isEqualTo(0.4);
    assertThat(pacing.changesInAudit(campaign))
        .noneSatisfy(line -> assertThat(line.path("reason").asText()).contains("nobody paced"));
  }

  @Test
  void whatATickHasIsWrittenDownAfterItAndWhatAnotherHasDecidedSinceIsSentAgain() {
    Campaign campaign = dialsWithoutAStore();
    gone.set(false);
    pacing.set(campaign, "due_at = 1, claim_token = null");
    PacingRun tick = pacing.claim(campaign); // it was paced again before CXone had answered
    pacing.unpaced.told(slower.get(0), writes.confirmed());
    pacing.pools.claim();
    assertThat(pacing.column(campaign, "rate")).isEqualTo(tick.rate());
    PacingRun decided = pacing.decide(tick, 60, 1, 10);
    if (decided.change() == PacingRun.Change.RATE) {
      pacing.work.written(decided);
    } else {
      pacing.work.putOff(decided);
    }
    pacing.ahead += 5_000;
    pacing.due(campaign, 1L);
    assertThat(pacing.claim(campaign).standing().unsure()).isTrue();
  }

  // The rate that it begins with

  @Test
  void aCampaignBeginsWithWhatItsIdleAgentsCanTakeAndNotWithItsCeiling() {
    Campaign campaign = pacing.active("Spring");
    assertThat(campaign.payload().at("/pacing/maxCallsPerSecond").asDouble()).isEqualTo(0.5);
    assertThat(campaign.request().at("/pacing/maxCallsPerSecond").asDouble()).isEqualTo(10);
    assertThat(campaign.payload().at("/complianceRules/regulatoryPacingLimit").asInt())
        .isEqualTo(20);
    assertThat(pacing.bench.get(campaign.id()).payload()).isEqualTo(campaign.payload());
    PacingRun run = pacing.claim(campaign);
    assertThat(run.state().commanded()).isEqualTo(0.5);
    assertThat(run.plan().mostCallsPerSecond()).as("its ceiling").isEqualTo(10);
    assertThat(campaign.pacing())
        .singleElement()
        .satisfies(change -> assertThat(change.maxCallsPerSecond()).isEqualTo(0.5));
  }

  @Test
  void campaignsThatAreCheckedAtOnceShareTheIdleAgentsOfTheirPool() throws Exception {
    List<Callable<Double>> checks = new ArrayList<>();
    for (int n = 0; n < 12; n++) {
      Campaign taken =
          pacing.bench.hand(CampaignFixture.request("Spring " + n, ""), null).campaign();
      Campaign claimed = pacing.bench.claim(PriorityClass.LAUNCH, taken.id());
      checks.add(
          () ->
              pacing
                  .bench
                  .launchSteps
                  .checked(claimed, CampaignFixture.agents(60), null)
                  .firstRate(CampaignFixture.PLATFORM));
    }
    TestStores.atOnce(12, pacing.bench.store::now); // each has a connection by now
    List<Double> rates = TestStores.atOnce(checks);
    double sum = rates.stream().mapToDouble(Double::doubleValue).sum();
    assertThat(rates).contains(4.0);
    assertThat(sum).as("one line each, and the lowest rate of the others").isBetween(4.0, 5.2);
  }

  @Test
  void idleAgentsAreFreeForOthersOnceNobodyDialsForThem() {
    Campaign first = pacing.active("First");
    assertThat(pacing.active("Second").firstRate(CampaignFixture.PLATFORM))
        .as("the first has them")
        .isEqualTo(0.1);
    pacing.decide(pacing.work.missing(pacing.claim(first), cut()));
    assertThat(pacing.active("Third").firstRate(CampaignFixture.PLATFORM))
        .as("still no figures")
        .isEqualTo(0.1);
    pacing.decide(pacing.claimLater(first), 60, 1, 60);
    assertThat(pacing.active("Fourth").firstRate(CampaignFixture.PLATFORM))
        .as("the first dials for them by its figures")
        .isEqualTo(0.1);
    for (Campaign one : pacing.bench.campaigns.list(Stage.ACTIVE, null, 10)) {
      pacing.bench.commands.give(one.id(), Command.STOP, CampaignFixture.DESK);
      pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, one.id()), "STOPPED");
    }
    assertThat(pacing.active("Fifth").firstRate(CampaignFixture.PLATFORM)).isEqualTo(0.5);
  }

  @Test
  void aCampaignThatWasPausedBeforeItsFirstDecisionDoesNotResumeWithItsCeiling() {
    Campaign campaign = pacing.active("Spring");
    pacing.bench.commands.give(campaign.id(), Command.PAUSE, CampaignFixture.DESK);
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), "PAUSED");
    pacing.bench.commands.give(campaign.id(), Command.RESUME, CampaignFixture.DESK);
    pacing.bench.commandSteps.commanded(
        pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), json("{'status':'PENDING'}"));
    pacing.bench.launchSteps.polled(
        pacing.bench.claimLater(PriorityClass.LAUNCH, campaign.id()), json("{'status':'ACTIVE'}"));
    assertThat(pacing.claim(campaign).state().commanded()).isEqualTo(0.5);
  }

  @Test
  void aCampaignWhosePacingIsLostCountsAsDialingWithItsCeiling() {
    Campaign campaign = pacing.active("Spring");
    pacing.bench.store.write(tx -> tx.sql().sql("delete from pacing").update());
    pacing.bench.statusSteps.checkStatus(
        pacing.bench.claimLater(PriorityClass.LOOK, campaign.id()), json("{'status':'ACTIVE'}"));
    assertThat(pacing.claim(campaign).rate()).isEqualTo(10);
  }

  // What is told

  @Test
  void aHoldThatCxoneCarriesOutLateIsForTheReasonThatHoldsItThen() {
    Campaign campaign = pacing.active("Spring");
    pacing.work.hold(pacing.decide(pacing.claim(campaign), 0, 0, 0));
    pacing.bench.set(campaign.id(), "request = '{'");
    PacingRun later = pacing.decide(pacing.claimLater(campaign));
    assertThat(later.decision().bound()).isEqualTo(RateBound.UNUSABLE);
    assertThat(pacing.bench.get(campaign.id()).command()).isEqualTo(Command.HOLD);
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), "PAUSED");
    assertThat(pacing.changesInAudit(campaign))
        .last()
        .satisfies(
            line -> assertThat(line.path("reason").asText()).isEqualTo(later.decision().reason()));
  }

  @Test
  void aRateThatCxoneDoesNotTakeIsRememberedWithItsReasonUntilItIsTaken() {
    Campaign campaign = pacing.active("Spring");
    pacing.work.notWritten(pacing.rate(campaign, 60, 1, 60), cut());
    long since = pacing.time(campaign, "rate_refused_at");
    assertThat(pacing.column(campaign, "rate_refusal")).isEqualTo("The connection was cut.");
    JsonNode decision = pacing.decisions(campaign).get(0);
    assertThat(decision.path("sent").asDouble()).as("still in force").isEqualTo(0.5);
    assertThat(decision.path("changed").asBoolean()).isFalse();
    pacing.work.refused(pacing.rate(campaign, 60, 1, 60), CampaignFixture.refusal(403, null));
    assertThat(pacing.column(campaign, "rate_refusal")).isEqualTo("CXone refused it (403).");
    assertThat(pacing.time(campaign, "rate_refused_at")).isEqualTo(since);
    pacing.ahead += 60_000;
    pacing.work.written(pacing.rate(campaign, 60, 1, 60));
    assertThat(pacing.column(campaign, "rate_refusal")).isNull();
    assertThat(pacing.column(campaign, "rate_refused_at")).isNull();
  }

  @Test
  void aRefusedRateThatIsNotWantedAnyMoreIsForgotten() {
    Campaign campaign = pacing.active("Spring");
    pacing.bench.store.write(
        tx -> tx.sql().sql("update pacing set rate_refusal = 'no', rate_refused_at = 1").update());
    PacingRun quiet = pacing.decide(pacing.work.missing(pacing.claim(campaign), cut()));
    assertThat(quiet.change()).isNotEqualTo(PacingRun.Change.RATE);
    pacing.work.hold(quiet);
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), "PAUSED");
    assertThat(pacing.column(campaign, "rate_refusal")).isNull();
  }

  private static PlatformRequest setRate(PacingRun run) {
    return new PlatformRequests()
        .setRate(run.arguments(), run.decision().rate(), Urgency.PACING, 0);
  }

  // What CXone has

  @Test
  void anAnswerThatDoesNotShowTheRateIsReadBackAndOnlyThenBelieved() {
    Campaign campaign = pacing.active("Spring");
    PacingRun run = pacing.rate(campaign, 60, 1, 60);
    JsonNode has = json("{'pacing':{'maxCallsPerSecond':%s}}".formatted(run.decision().rate()));
    JsonNode other = json("{'pacing':{'maxCallsPerSecond':0.5}}");
    JsonNode empty = json("{}");
    JsonNode ours = json("{'id':'%s','status':'ACTIVE'}".formatted(campaign.remoteId()));
    assertThat(writes.shows(setRate(run), has)).isTrue();
    for (JsonNode answer : List.of(other, empty, ours)) {
      assertThat(writes.shows(setRate(run), answer)).isFalse();
    }
    for (JsonNode[] untold : new JsonNode[][] {{empty, other}, {empty, ours}, {other, ours}}) {
      pacing.work.sent(run, writes.readBack(setRate(run), untold[0], untold[1]));
      assertThat(pacing.changesInAudit(campaign)).isEmpty();
      assertThat(pacing.time(campaign, "rate")).as("not believed").isZero();
      assertThat((String) pacing.column(campaign, "rate_refusal")).contains("does not show");
      run = pacing.rate(campaign, 60, 1, 60);
      assertThat(run.standing().unsure()).isTrue();
    }
    has = json("{'pacing':{'maxCallsPerSecond':%s}}".formatted(run.decision().rate()));
    pacing.work.sent(run, writes.readBack(setRate(run), empty, has));
    assertThat(pacing.changesInAudit(campaign)).hasSize(1);
    PacingRun next = pacing.rate(campaign, 60, 1, 10);
    pacing.work.sent(next, writes.readBack(setRate(next), ours, ours));
    assertThat(pacing.changesInAudit(campaign))
        .as("a tenant that never tells its pacing answers with the campaign")
        .hasSize(2);
  }

  @Test
  void countsThatCannotBeTrueAreNone() {
    Campaign campaign = pacing.active("Spring");
    PacingRun run = pacing.work.figures(pacing.claim(campaign), PacingFixture.figures(60, 1, 10));
    for (String counts :
        List.of(
            "{'connectedCalls':-4,'abandonedCalls':2}",
            "{'connectedCalls':1e300,'abandonedCalls':2}",
            "{'connectedCalls':40,'abandonedCalls':-1}")) {
      assertThat(pacing.work.caughtUp(run, json(counts)).state()).as(counts).isEqualTo(run.state());
    }
  }

  // A full disk

  @Test
  void whatIsBeingActivatedWhileTheDiskIsFullIsSeenDialingAndHeld() {
    Campaign taken = pacing.bench.hand(CampaignFixture.request("Spring", ""), null).campaign();
    Campaign later = pacing.bench.hand(CampaignFixture.request("Later", ""), null).campaign();
    Campaign checked =
        pacing.bench.launchSteps.checked(
            pacing.bench.claim(PriorityClass.LAUNCH, taken.id()), CampaignFixture.agents(8), null);
    Campaign created =
        pacing.bench.launchSteps.created(
            pacing.bench.launchSteps.intend(checked), json("{'id':'R-1','status':'DRAFT'}"));
    Campaign registered = pacing.bench.launchSteps.registered(created, json("{'id':'W-1'}"));
    full.set(true); // its activation has been sent by now
    pacing.bench.launchSteps.activationAsked(registered, json("{'status':'PENDING'}"));
    pacing.bench.set(later.id(), "due_at = 1, claim_token = null", true);
    pacing.bench.set(taken.id(), "due_at = 1", true);
    assertThatThrownBy(() -> pacing.bench.claims.claim(PriorityClass.LAUNCH, 10))
        .isInstanceOf(StoreUnavailableException.class);
    List<Campaign> claimed = pacing.bench.claims.claim(PriorityClass.ACTIVATION, 10);
    assertThat(claimed).extracting(Campaign::id).containsExactly(taken.id());
    pacing.bench.launchSteps.polled(claimed.get(0), json("{'status':'PENDING'}"));
    pacing.bench.set(taken.id(), "due_at = 1", true);
    Campaign active =
        pacing.bench.launchSteps.polled(
            pacing.bench.claim(PriorityClass.ACTIVATION, taken.id()), json("{'status':'ACTIVE'}"));
    assertThat(active.stage()).isEqualTo(Stage.ACTIVE);
    heldSoon(active);
  }

  @Test
  void aResumeAndAReleaseThatWereSentBeforeTheDiskBecameFullAreWrittenDown() {
    Campaign resumed = pacing.active("Resumed");
    pacing.bench.commands.give(resumed.id(), Command.PAUSE, CampaignFixture.DESK);
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, resumed.id()), "PAUSED");
    pacing.bench.commands.give(resumed.id(), Command.RESUME, CampaignFixture.DESK);
    Campaign resuming = pacing.bench.claim(PriorityClass.COMMAND, resumed.id());
    Campaign held = pacing.held("Released");
    pacing.work.written(pacing.rate(held, 0, 0, 10));
    Campaign releasing = pacing.bench.claim(PriorityClass.LOOK, held.id());
    full.set(true);
    assertThat(pacing.bench.commandSteps.commanded(resuming, json("{'status':'PENDING'}")).stage())
        .isEqualTo(Stage.ACTIVATING);
    pacing.bench.commandSteps.commanded(releasing, json("{'status':'PENDING'}"));
    assertThat(pacing.bench.get(held.id()).held()).isFalse();
    heldSoon(pacing.bench.get(held.id()));
  }

  private void heldSoon(Campaign campaign) {
    long until = pacing.ahead + PacingFixture.PROPERTIES.longestTooFast().toMillis();
    for (; pacing.ahead <= until; pacing.ahead += 1_000) {
      assertThat(pacing.unpaced.slower()).isEmpty();
    }
    assertThat(pacing.unpaced.slower()).isEmpty();
    assertThat(pacing.bench.get(campaign.id()).command()).isEqualTo(Command.HOLD);
  }
}
