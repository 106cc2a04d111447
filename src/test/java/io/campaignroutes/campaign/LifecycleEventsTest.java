package io.campaignroutes.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campaignroutes.store.TestStores;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LifecycleEventsTest {
  private static final String PAUSED = "CAMPAIGN_PAUSED";
  private static final String ACTIVATED = "CAMPAIGN_ACTIVATED";

  @TempDir Path temp;
  private CampaignFixture bench;
  private LifecycleEvents events;

  @BeforeEach
  void open() {
    use(TestStores.sqlite(temp.resolve("store.db")));
  }

  private void use(TestStores.Opened opened) {
    bench = new CampaignFixture(opened);
    events = bench.events;
  }

  @AfterEach
  void close() {
    bench.assertHistoryAndAuditAgree();
    bench.close();
  }

  @Test
  void anEventMovesTheStageWithItsHistoryAndAuditLine() {
    Campaign c = bench.active("A");
    assertThat(stage(c, PAUSED)).isEqualTo(Stage.PAUSED);
    assertThat(stage(c, ACTIVATED)).isEqualTo(Stage.ACTIVE);
    assertThat(stage(c, "CAMPAIGN_COMPLETED")).isEqualTo(Stage.COMPLETED);
    assertThat(bench.history(c.id()))
        .endsWith(Stage.ACTIVE, Stage.PAUSED, Stage.ACTIVE, Stage.COMPLETED);
  }

  @Test
  void anEndThatAnEventTellsOfIsLookedAtAtOnceAndNotBelievedOverCxone() {
    Campaign c = bench.active("A");
    assertThat(stage(c, "CAMPAIGN_COMPLETED")).isEqualTo(Stage.COMPLETED);
    Campaign look = bench.claim(PriorityClass.LOOK, c.id());
    assertThat(bench.table.next(look)).isEqualTo(Step.CONFIRM);
    assertThat(
            bench.commandSteps.confirmed(look, CampaignFixture.json("{'status':'ACTIVE'}")).stage())
        .isEqualTo(Stage.ACTIVE);
  }

  @Test
  void theSameMovesOnPostgres() {
    bench.close();
    use(TestStores.postgres());
    Campaign c = bench.active("A");
    assertThat(stage(c, PAUSED)).isEqualTo(Stage.PAUSED);
    happened(c, "CAMPAIGN_ERROR", bench.store.now(), "{'failureCode':'CONTACT_LIST_EMPTY'}");
    assertThat(bench.campaigns.get(c.id()).stage()).isEqualTo(Stage.FAILED);
  }

  @Test
  void theReasonOfAnErrorIsItsCodeWhereTheEventHasNone() {
    Campaign c = bench.active("A");
    happened(c, "CAMPAIGN_ERROR", bench.store.now(), "{'reason':'CONTACT_LIST_EMPTY'}");
    Failure failure = bench.campaigns.get(c.id()).failure();
    assertThat(failure.code()).isEqualTo("CONTACT_LIST_EMPTY");
    assertThat(failure.message()).contains("The contact list holds nobody who may be called");
  }

  @Test
  void anErrorWithoutACodeHasCxoneAskedForItBeforeTheCampaignFails() {
    for (String event :
        new String[] {"{}", "{'reason':'The list is empty.'}", "{'failureCode':''}"}) {
      Campaign c = bench.active("A " + event.length());
      assertThat(happened(c, "CAMPAIGN_ERROR", bench.store.now(), event)).isEmpty();
      assertThat(bench.campaigns.get(c.id()).stage()).isEqualTo(Stage.ACTIVE);
      Campaign looked =
          bench.statusSteps.checkStatus(
              bench.claim(PriorityClass.LOOK, c.id()),
              CampaignFixture.json("{'status':'ERROR','failureCode':'AGENT_POOL_UNAVAILABLE'}"));
      assertThat(looked.stage()).isEqualTo(Stage.FAILED);
      assertThat(looked.failure().code()).isEqualTo("AGENT_POOL_UNAVAILABLE");
    }
  }

  @Test
  void anErrorDuringALookThatWasAnsweredBeforeItIsLookedForAgainAtOnce() {
    Campaign c = bench.activating("A");
    Campaign polling = bench.claimLater(PriorityClass.LAUNCH, c.id());
    assertThat(happened(c, "CAMPAIGN_ERROR", bench.store.now(), "{}")).isEmpty();
    assertThatThrownBy(
            () -> bench.launchSteps.polled(polling, CampaignFixture.json("{'status':'PENDING'}")))
        .isInstanceOf(LeaseLostException.class);
    Campaign polled =
        bench.launchSteps.polled(
            bench.claim(PriorityClass.LAUNCH, c.id()),
            CampaignFixture.json("{'status':'ERROR','failureCode':'CONTACT_LIST_EMPTY'}"));
    assertThat(polled.failure().code()).isEqualTo("CONTACT_LIST_EMPTY");
  }

  @Test
  void anErrorFailsTheCampaignWithItsCode() {
    Campaign c = bench.active("A");
    happened(c, "CAMPAIGN_ERROR", bench.store.now(), "{'failureCode':'CONTACT_LIST_EMPTY'}");
    assertThat(bench.campaigns.get(c.id()).failure().code()).isEqualTo("CONTACT_LIST_EMPTY");
  }

  @Test
  void aCodeThatNoColumnTakesIsClippedAndCleaned() {
    bench.close();
    use(TestStores.postgres());
    Campaign c = bench.active("A");
    String code = "A\\u0000B\\n\\ud800" + "x".repeat(200);
    happened(c, "CAMPAIGN_ERROR", bench.store.now(), "{'failureCode':'" + code + "'}");
    assertThat(bench.campaigns.get(c.id()).failure().code())
        .startsWith("A B xxx")
        .endsWith("x...")
        .hasSize(100);
  }

  @Test
  void theLogHasTheReasonOfWhatWentWrong() {
    Campaign c = bench.active("A");
    assertThat(TransitionWriter.why(c)).isEqualTo(".");
    happened(c, "CAMPAIGN_ERROR", bench.store.now(), "{'failureCode':'CONTACT_LIST_EMPTY'}");
    assertThat(TransitionWriter.why(bench.campaigns.get(c.id())))
        .startsWith(": ")
        .contains("contact list");
  }

  @Test
  void anActivationThatIsPolledIsOverWithTheEvent() {
    Campaign c = bench.activating("A");
    assertThat(stage(c, ACTIVATED)).isEqualTo(Stage.ACTIVE);
    assertThat(bench.campaigns.get(c.id()).latencyMs()).isNotNull();
  }

  @Test
  void anOlderEventNeverOverwritesANewerState() {
    Campaign c = bench.active("A");
    long now = bench.store.now();
    assertThat(happened(c, PAUSED, c.stageAt() - 1, "{}")).isEmpty();
    assertThat(happened(c, PAUSED, now + 5_000, "{}")).isPresent();
    assertThat(happened(c, ACTIVATED, now - 60_000, "{}")).isEmpty();
    assertThat(bench.campaigns.get(c.id()).stage()).isEqualTo(Stage.PAUSED);
  }

  @Test
  void anEventWhoseTimeCannotBeReadOnlyHasTheCampaignLookedAt() {
    Campaign c = bench.active("A");
    assertThat(happened(c, PAUSED, null, "{}")).isEmpty();
    assertThat(bench.campaigns.get(c.id()).dueAt()).isLessThanOrEqualTo(bench.store.now());
  }

  @Test
  void ourOwnPauseIsToldOnce() {
    Campaign c = bench.active("A");
    bench.commands.give(c.id(), Command.PAUSE, CampaignFixture.DESK);
    Campaign claimed = bench.claims.claim(PriorityClass.COMMAND, 1).get(0);
    assertThat(happened(c, PAUSED, bench.store.now(), "{}")).isEmpty();
    bench.carriedOut(claimed, "PAUSED");
    assertThat(happened(c, PAUSED, bench.store.now() + 1, "{}")).isEmpty();
    assertThat(bench.history(c.id())).endsWith(Stage.ACTIVE, Stage.PAUSED);
  }

  @Test
  void aRunThatHasTheCampaignClaimedLosesItToTheEvent() {
    Campaign c = bench.active("A");
    assertThat(happened(c, PAUSED, null, "{}")).isEmpty(); // due at once
    List<Campaign> claimed = bench.claims.claim(PriorityClass.LOOK, 1);
    assertThat(claimed).hasSize(1);
    assertThat(stage(c, "CAMPAIGN_COMPLETED")).isEqualTo(Stage.COMPLETED);
    assertThatThrownBy(
            () ->
                bench.statusSteps.checkStatus(
                    claimed.get(0), CampaignFixture.json("{'status':'ACTIVE'}")))
        .isInstanceOf(LeaseLostException.class);
    assertThat(bench.history(c.id())).endsWith(Stage.ACTIVE, Stage.COMPLETED);
  }

  @Test
  void aPauseThatPacingHasMadeMovesNothing() {
    Campaign c = bench.active("A");
    bench.set(c.id(), "held = 1");
    assertThat(stage(c, PAUSED)).isEqualTo(Stage.ACTIVE);
    bench.set(c.id(), "held = 0");
    assertThat(stage(c, PAUSED)).isEqualTo(Stage.PAUSED);
  }

  @Test
  void whatHasEndedStaysEnded() {
    Campaign c = bench.active("A");
    assertThat(stage(c, "CAMPAIGN_COMPLETED")).isEqualTo(Stage.COMPLETED);
    for (String type : List.of(ACTIVATED, PAUSED, "CAMPAIGN_ERROR", "CAMPAIGN_COMPLETED")) {
      assertThat(stage(c, type)).isEqualTo(Stage.COMPLETED);
    }
  }

  private Stage stage(Campaign c, String type) {
    happened(c, type, bench.store.now() + 1, "{}");
    return bench.campaigns.get(c.id()).stage();
  }

  private Optional<Campaign> happened(Campaign c, String type, Long at, String json) {
    return bench.store.write(
        tx -> events.happened(tx, c.remoteId(), type, at, CampaignFixture.json(json)));
  }
}
