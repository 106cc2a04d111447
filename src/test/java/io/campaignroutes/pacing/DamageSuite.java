package io.campaignroutes.pacing;

import static io.campaignroutes.campaign.CampaignFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignFixture;
import io.campaignroutes.campaign.Command;
import io.campaignroutes.campaign.PriorityClass;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.cxone.CxoneException;
import io.campaignroutes.store.TestStores;
import io.campaignroutes.text.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is stored of a campaign is damaged, or was written by another version: what cannot be read
 * is held, told and can be steered, and never keeps other campaigns from being paced.
 */
abstract class DamageSuite {
  private static final List<String> GARBAGE =
      List.of("", " ", "{", "null", "[]", "5", "\"x\"", "true", "{\"a\":", "[{]", "\u0001", "{}{}");

  @TempDir Path temp;
  PacingFixture pacing;

  abstract TestStores.Opened open();

  @BeforeEach
  void openBench() {
    pacing = new PacingFixture(open());
  }

  @AfterEach
  void close() {
    pacing.close();
  }

  // What is remembered of the pacing

  @Test
  void aStateThatCannotBeReadIsHeldAndToldAndBeginsAnew() {
    Campaign well = pacing.active("Well");
    Campaign campaign = pacing.active("Spring");
    pacing.work.written(pacing.rate(campaign, 60, 1, 60));
    double rate = ((Number) pacing.column(campaign, "rate")).doubleValue();
    for (String damage : damagedStates((String) pacing.column(campaign, "state"))) {
      state(campaign, damage);
      pacing.due(campaign, 1L);
      pacing.due(well, 2L);
      List<PacingRun> runs = pacing.claim();
      assertThat(runs).as(damage).extracting(r -> r.campaign().id()).hasSize(2).contains(well.id());
      PacingRun run = runs.get(0);
      assertThat(run.asks()).as(damage).isFalse();
      assertThat(run.state().commanded()).as("it dials with that").isEqualTo(rate);
      PacingRun held = pacing.decide(run);
      assertThat(held.change()).isEqualTo(PacingRun.Change.HOLD);
      assertThat(held.decision().reason())
          .isEqualTo(
              "0 calls/s: what was remembered of its pacing cannot be read; it is held and begins"
                  + " anew");
      assertThat(pacing.decisions(campaign).get(0).path("clamp").asText()).isEqualTo("UNUSABLE");
      assertThat(StoredState.read((String) pacing.column(campaign, "state"), run.state()))
          .as("it can be read again")
          .isPresent();
      pacing.set(campaign, "claim_token = null");
      pacing.set(well, "claim_token = null");
    }
  }

  @Test
  void whatWasForgottenIsAskedOfHistoryBeforeItDialsAgain() {
    Campaign campaign = pacing.active("Spring");
    pacing.bench.set(campaign.id(), "active_at = active_at - 3600000");
    pacing.work.written(pacing.rate(campaign, 60, 1, 60));
    state(campaign, "garbage");
    pacing.work.hold(pacing.decide(pacing.claimLater(campaign)));
    pause(campaign, PriorityClass.COMMAND);
    assertThat(pacing.bench.get(campaign.id()).held()).isTrue();
    PacingRun next =
        pacing.work.figures(pacing.claimLater(campaign), PacingFixture.figures(60, 1, 60));
    assertThat(pacing.work.behind(next)).isTrue();
    PacingRun decided =
        pacing.decide(
            pacing.work.caughtUp(next, json("{'connectedCalls':400,'abandonedCalls':9}")));
    assertThat(decided.decision().period().answered()).isEqualTo(409);
    assertThat(decided.decision().period().abandoned()).isEqualTo(9);
    pacing.work.written(pacing.rate(campaign, 60, 1, 60));
    assertThat(pacing.bench.get(campaign.id()).command()).isEqualTo(Command.RELEASE);
  }

  @Test
  void anOperatorSteersACampaignWhoseStateCannotBeRead() {
    Campaign campaign = pacing.active("Spring");
    pacing.work.written(pacing.rate(campaign, 60, 1, 60));
    for (String damage : GARBAGE) {
      state(campaign, damage);
      pacing.bench.commands.give(campaign.id(), Command.PAUSE, CampaignFixture.DESK);
      pause(campaign, PriorityClass.COMMAND);
      assertThat(pacing.bench.get(campaign.id()).stage()).isEqualTo(Stage.PAUSED);
      pacing.bench.commands.give(campaign.id(), Command.RESUME, CampaignFixture.DESK);
      pacing.bench.commandSteps.commanded(
          pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), json("{'status':'PENDING'}"));
      pacing.bench.launchSteps.polled(
          pacing.bench.claimLater(PriorityClass.LAUNCH, campaign.id()),
          json("{'status':'ACTIVE'}"));
      assertThat(pacing.decide(pacing.claim(campaign)).change())
          .as("held at once after the resume")
          .isEqualTo(PacingRun.Change.HOLD);
      pacing.set(campaign, "claim_token = null, writing = null, writing_reason = null");
    }
    state(campaign, "{");
    pacing.bench.commands.give(campaign.id(), Command.STOP, CampaignFixture.DESK);
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), "STOPPED");
    assertThat(pacing.bench.get(campaign.id()).stage()).isEqualTo(Stage.STOPPED);
  }

  @Test
  void aHoldThatCxoneCarriesOutIsNotedThoughTheStateCannotBeRead() {
    Campaign campaign = pacing.active("Spring");
    pacing.work.hold(pacing.decide(pacing.claim(campaign), 0, 0, 0));
    state(campaign, "[");
    pause(campaign, PriorityClass.COMMAND);
    assertThat(pacing.bench.get(campaign.id()).held()).isTrue();
    PacingRun run = pacing.decide(pacing.claimLater(campaign));
    assertThat(run.decision().bound()).isEqualTo(RateBound.UNUSABLE);
    assertThat(run.change()).as("it is paused already").isEqualTo(PacingRun.Change.NONE);
  }

  @Test
  void aStateOfAnotherVersionIsReadAsFarAsItMeansTheSame() {
    Campaign campaign = pacing.active("Spring");
    pacing.work.written(pacing.rate(campaign, 60, 1, 60));
    ObjectNode state = Json.storedObject((String) pacing.column(campaign, "state"));
    assertThat(state.path("version").asInt()).isOne();
    PacingState before = pacing.claimLater(campaign).state();
    ObjectNode newer = state.deepCopy();
    newer.putObject("whatComesNext").put("x", 1);
    state(campaign, Json.text(newer));
    assertThat(pacing.claimLater(campaign).state()).isEqualTo(before);
    ObjectNode unversioned = state.deepCopy();
    unversioned.remove("version");
    state(campaign, Json.text(unversioned));
    assertThat(pacing.claimLater(campaign).state()).isEqualTo(before);
    ObjectNode older = state.deepCopy();
    older.remove(List.of("warm", "aboveAt", "counts"));
    state(campaign, Json.text(older));
    PacingState read = pacing.claimLater(campaign).state();
    assertThat(read.cap().period()).isEqualTo(before.cap().period());
    assertThat(read.answerEstimate().answersSinceStart()).isZero();
    assertThat(read.figuresSeen().counts()).isEqualTo(Counts.NONE);
    state(campaign, Json.text(state.deepCopy().put("version", 2)));
    assertThat(pacing.decide(pacing.claimLater(campaign)).change())
        .isEqualTo(PacingRun.Change.HOLD);
  }

  /** Of a whole state: cut, a value of another type, a value that cannot be. */
  private static List<String> damagedStates(String whole) {
    List<String> damaged = new ArrayList<>(GARBAGE.stream().filter(g -> !g.isEmpty()).toList());
    damaged.add("");
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 5; i++) {
      damaged.add(whole.substring(0, random.nextInt(1, whole.length() - 1)));
    }
    ObjectNode state = Json.storedObject(whole);
    List<String> names = new ArrayList<>();
    state.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      damaged.add(Json.text(state.deepCopy().put(name, "?")));
      if (!name.equals("budget") && state.path(name).isNumber()) {
        damaged.add(Json.text(state.deepCopy().put(name, -1)));
        damaged.add(Json.text(state.deepCopy().put(name, 1e300)));
      }
      damaged.add(Json.text(state.deepCopy().set(name, Json.array().add(1))));
    }
    damaged.add(Json.text(state.deepCopy().put("counts", "5;-1,2,3")));
    damaged.add(Json.text(state.deepCopy().put("dialed", "5;1000,NaN")));
    damaged.add(Json.text(state.deepCopy().put("period", "5")));
    return damaged;
  }

  // What the campaign is bound to

  @Test
  void aRequestThatCannotBeUnderstoodIsHeldAndSaysWhy() {
    Campaign well = pacing.active("Well");
    Campaign campaign = pacing.active("Spring");
    ObjectNode request = campaign.request();
    List<String> damaged = new ArrayList<>(GARBAGE);
    damaged.add("{}");
    for (String name :
        List.of("pacingLimit", "dialerStrategy", "timeZone", "policy", "schedule", "pacing")) {
      damaged.add(Json.text(request.deepCopy().without(name)));
      damaged.add(Json.text(request.deepCopy().put(name, "?")));
      damaged.add(Json.text(request.deepCopy().putNull(name)));
      damaged.add(Json.text(request.deepCopy().set(name, Json.array())));
    }
    damaged.add(Json.text(request.deepCopy().put("timeZone", "Mars/Base")));
    damaged.add(Json.text(request.deepCopy().put("policy", "us-gone")));
    damaged.add(Json.text(request.deepCopy().put("pacingLimit", 0.05)));
    ObjectNode days = request.deepCopy();
    days.withObject("/schedule").putArray("daysOfWeek").add("SOMEDAY");
    damaged.add(Json.text(days));
    for (String damage : damaged) {
      column(campaign, "request", damage);
      pacing.due(campaign, 1L);
      pacing.due(well, 2L);
      List<PacingRun> runs = pacing.claim();
      assertThat(runs).as(damage).hasSize(2);
      PacingRun held = pacing.decide(runs.get(0));
      assertThat(held.change()).as(damage).isEqualTo(PacingRun.Change.HOLD);
      assertThat(held.decision().reason()).as(damage).startsWith("0 calls/s: ");
      assertThat(pacing.decide(pacing.work.missing(runs.get(1), gone())).decision().bound())
          .isNotEqualTo(RateBound.UNUSABLE);
      pacing.set(campaign, "claim_token = null");
      pacing.set(well, "claim_token = null");
    }
    PacingRun last = pacing.decide(pacing.claimLater(campaign));
    pacing.work.hold(last);
    pause(campaign, PriorityClass.COMMAND);
    PacingRun rests = pacing.decide(pacing.claimLater(campaign));
    assertThat(rests.change()).isEqualTo(PacingRun.Change.NONE);
    assertThat(pacing.time(campaign, "due_at")).isGreaterThan(pacing.now() + 50_000);
    column(campaign, "request", Json.text(request));
    pacing.work.written(pacing.rate(campaign, 60, 1, 60));
    assertThat(pacing.bench.get(campaign.id()).command())
        .as("it goes on once the request can be read")
        .isEqualTo(Command.RELEASE);
  }

  @Test
  void whatElseIsStoredOfACampaignKeepsNobodyFromPacingItAndSteeringIt() {
    Campaign well = pacing.active("Well");
    Campaign campaign = pacing.active("Spring");
    for (String column : List.of("payload", "compliance", "pacing")) {
      for (String damage : GARBAGE) {
        column(campaign, column, damage);
        pacing.due(campaign, 1L);
        pacing.due(well, 2L);
        assertThat(pacing.claim()).as(column + " " + damage).hasSize(2);
        pacing.set(campaign, "claim_token = null");
        pacing.set(well, "claim_token = null");
      }
      column(campaign, column, "[null]");
      pacing.work.written(pacing.rate(campaign, 60, 1, 60));
      pacing.bench.commands.give(campaign.id(), Command.PAUSE, CampaignFixture.DESK);
      pause(campaign, PriorityClass.COMMAND);
      pacing.bench.commands.give(campaign.id(), Command.RESUME, CampaignFixture.DESK);
      column(campaign, column, "{");
      pacing.bench.commandSteps.commanded(
          pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), json("{'status':'PENDING'}"));
      pacing.bench.launchSteps.polled(
          pacing.bench.claimLater(PriorityClass.LAUNCH, campaign.id()),
          json("{'status':'ACTIVE'}"));
      assertThat(pacing.bench.get(campaign.id()).stage()).isEqualTo(Stage.ACTIVE);
    }
  }

  @Test
  void aCampaignThatBecomesActiveWithARequestThatCannotBeReadIsHeldAtOnce() {
    Campaign campaign = pacing.bench.active("Spring");
    column(campaign, "request", "{");
    pacing.bench.store.write(tx -> tx.sql().sql("delete from pacing").update());
    pacing.bench.commands.give(campaign.id(), Command.PAUSE, CampaignFixture.DESK);
    pause(campaign, PriorityClass.COMMAND);
    pacing.bench.commands.give(campaign.id(), Command.RESUME, CampaignFixture.DESK);
    pacing.bench.commandSteps.commanded(
        pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), json("{'status':'PENDING'}"));
    pacing.bench.launchSteps.polled(
        pacing.bench.claimLater(PriorityClass.LAUNCH, campaign.id()), json("{'status':'ACTIVE'}"));
    assertThat(pacing.bench.get(campaign.id()).command()).isEqualTo(Command.HOLD);
  }

  // What is shown

  @Test
  void aDecisionThatCannotBeReadSaysSoAmongTheOthers() {
    Campaign campaign = pacing.active("Spring");
    pacing.decide(pacing.claim(campaign), 60, 1, 60);
    pacing.decide(pacing.claimLater(campaign), 61, 1, 60);
    for (String damage : GARBAGE) {
      pacing.bench.store.write(
          tx ->
              tx.sql()
                  .sql("update pacing_decision set decision = ? where seq = 1")
                  .param(storable(damage))
                  .update());
      column(campaign, "pacing.decision", damage);
      List<JsonNode> decisions = pacing.decisions(campaign);
      assertThat(decisions).extracting(d -> d.path("seq").asInt()).containsExactly(2, 1);
      assertThat(decisions.get(1).path("reason").asText())
          .isEqualTo("This decision cannot be read.");
      assertThat(new PacingViews(pacing.rows, pacing.control).now(List.of(campaign))).hasSize(1);
    }
  }

  // Rows

  @Test
  void aCampaignThatIsActiveIsPacedAgainWhenItsTickWasLost() {
    Campaign campaign = pacing.active("Spring");
    for (String damage : List.of("due_at = 9000000000000000000", "due_at = null")) {
      pacing.set(campaign, damage);
      looked(campaign);
      assertThat(pacing.claim()).as(damage).hasSize(1);
      looked(campaign);
      assertThat(pacing.claim()).as("its tick is under way").isEmpty();
    }
    pacing.bench.store.write(tx -> tx.sql().sql("delete from pacing").update());
    looked(campaign);
    assertThat(pacing.claim()).hasSize(1);
  }

  private void looked(Campaign campaign) {
    pacing.bench.statusSteps.checkStatus(
        pacing.bench.claimLater(PriorityClass.LOOK, campaign.id()), json("{'status':'ACTIVE'}"));
  }

  // Helpers

  private static CxoneException gone() {
    return CampaignFixture.cut();
  }

  private void pause(Campaign campaign, PriorityClass lane) {
    pacing.bench.carriedOut(pacing.bench.claim(lane, campaign.id()), "PAUSED");
  }

  private void state(Campaign campaign, String text) {
    column(campaign, "pacing.state", text);
  }

  /** PostgreSQL keeps every text but one with NUL. */
  private static String storable(String text) {
    return text.replace("\u0000", "?");
  }

  /**
   * @param column of {@code campaign}, or with its table in front
   */
  private void column(Campaign campaign, String column, String text) {
    boolean own = column.startsWith("pacing.");
    String table = own ? "pacing" : "campaign";
    String name = own ? column.substring("pacing.".length()) : column;
    pacing.bench.store.write(
        tx ->
            tx.sql()
                .sql(
                    "update %s set %s = ? where %s = ?"
                        .formatted(table, name, own ? "campaign_id" : "id"))
                .params(storable(text), campaign.id())
                .update());
  }

  @Test
  void aDueTimeThatCannotBeIsRepairedSoThatWhatDialsIsLookedAt() {
    Campaign well = pacing.active("Well");
    pacing.bench.set(well.id(), "due_at = due_at + 30000");
    long fine = pacing.bench.get(well.id()).dueAt();
    Campaign campaign = pacing.active("Spring");
    Campaign commanded = pacing.active("Paused");
    pacing.bench.commands.give(commanded.id(), Command.PAUSE, CampaignFixture.DESK);
    for (Campaign one : List.of(campaign, commanded)) {
      pacing.bench.set(one.id(), "due_at = 9000000000000000000");
    }
    pacing.bench.claims.repairDueTimes();
    assertThat(pacing.bench.table.route(pacing.bench.claim(PriorityClass.LOOK, campaign.id())))
        .isEqualTo("check-status");
    assertThat(pacing.bench.table.route(pacing.bench.claim(PriorityClass.COMMAND, commanded.id())))
        .isEqualTo("pause");
    assertThat(pacing.bench.get(well.id()).dueAt()).isEqualTo(fine);
  }

  @Test
  void numbersOfCallsThatCannotBeTrueAreNoAnswerAndKeepNoAuditLineFromBeingWritten() {
    Campaign campaign = pacing.active("Spring");
    Campaign look = pacing.bench.claimLater(PriorityClass.LOOK, campaign.id());
    Campaign with =
        pacing.bench.statusSteps.figures(look, json("{'attemptedCalls':90,'connectedCalls':30}"));
    for (String wrong :
        List.of(
            "{'attemptedCalls':-1,'connectedCalls':30}",
            "{'attemptedCalls':90,'connectedCalls':-7}",
            "{'attemptedCalls':1e300,'connectedCalls':30}",
            "{'attemptedCalls':90,'connectedCalls':9e18}")) {
      assertThatThrownBy(() -> pacing.bench.statusSteps.figures(with, json(wrong)))
          .as(wrong)
          .isInstanceOf(CxoneException.class)
          .hasMessageContaining("cannot be true");
    }
    assertThat(pacing.bench.get(campaign.id()).connectedCalls()).isEqualTo(30);
    pacing.bench.statusSteps.checkStatus(with, json("{'status':'ACTIVE'}"));
    pacing.bench.set(campaign.id(), "attempted_calls = -5, connected_calls = -1");
    pacing.bench.commands.give(campaign.id(), Command.STOP, CampaignFixture.DESK);
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), "STOPPED");
    assertThat(pacing.bench.get(campaign.id()).stage()).isEqualTo(Stage.STOPPED);
  }
}
