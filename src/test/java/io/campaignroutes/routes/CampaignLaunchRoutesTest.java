package io.campaignroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.LeaseLostException;
import io.campaignroutes.contacts.ContactImport;
import io.campaignroutes.contacts.ContactImports;
import io.campaignroutes.contacts.ContactUploads;
import io.campaignroutes.cxone.AgentPools;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.TimeRange;
import io.campaignroutes.cxone.Urgency;
import io.campaignroutes.store.StoreUnavailableException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("campaign-launch")
class CampaignLaunchRoutesTest extends RouteTest {
  private static final JsonNode ANSWER = json("{\"status\": \"ACTIVE\"}");
  private static final Map<String, Object> SAYS =
      Map.of(
          "id",
          "cmp_1",
          "poolId",
          "pool-1",
          "urgency",
          Urgency.LAUNCH,
          "dueSince",
          7L,
          "sinceActivation",
          new TimeRange(Instant.EPOCH, Instant.EPOCH.plusSeconds(60)),
          "arguments",
          json("{\"id\": \"cmp_1\"}"));

  private final Campaign campaign = campaign("cmp_1", Map.of());

  CampaignLaunchRoutesTest() {
    super("campaign-launch");
  }

  private static Campaign campaign(String name, Map<String, ?> says) {
    Map<String, Object> all = new HashMap<>(SAYS);
    all.putAll(says);
    return value(Campaign.class, name, all);
  }

  @ParameterizedTest
  @CsvSource({
    "campaign-launch,  LAUNCH,  launchWorkers,  20ms",
    "campaign-activation, ACTIVATION, activationWorkers, 20ms",
    "campaign-command, COMMAND, commandWorkers, 20ms",
    "campaign-watch,   LOOK,    lookWorkers,    200ms"
  })
  void whatIsDueInALaneIsClaimedAndRunOnItsThreads(
      String route, String lane, String workers, String period) {
    given("workerPools.claim", List.of(campaign, campaign("cmp_2", Map.of())));
    given("direct:campaign-run", "done");
    assertThat(send(route, null).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "workerPools.claim(" + lane + ")",
            "on " + workers,
            "direct:campaign-run <- cmp_1",
            "on " + workers,
            "direct:campaign-run <- cmp_2");
    assertThat(from(route))
        .isEqualTo(
            "scheduler:%s?delay=%s&initialDelay=500&scheduler=#whenDue&synchronous=true",
            route, period);
  }

  @ParameterizedTest
  @CsvSource({"campaign-launch", "campaign-activation", "campaign-command", "campaign-watch"})
  void aClaimThatFailsIsTriedAgainWithTheNextTick(String route) {
    given(
        "workerPools.claim",
        failure(StoreUnavailableException.class, "no store"),
        new IllegalStateException("odd"));
    assertThat(send(route, null).getException()).isNull();
    assertThat(send(route, null).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "workerPools.claim(" + lane(route) + ")",
            "DEBUG " + route + " is tried again with the next tick: no store",
            "workerPools.claim(" + lane(route) + ")",
            "WARN " + route + " failed and is tried again with the next tick: odd");
  }

  private static String lane(String route) {
    return route.equals("campaign-watch")
        ? "LOOK"
        : route.replace("campaign-", "").toUpperCase(java.util.Locale.ROOT);
  }

  @Test
  void aRunGoesThroughTheStepsOfTheTableForAsLongAsOneIsDueAtOnce() {
    Campaign first = campaign("first", Map.of("goOn", true));
    Campaign second = campaign("second", Map.of("goOn", true));
    Campaign third = campaign("third", Map.of());
    Iterator<Campaign> after = List.of(second, third).iterator();
    given("launchTable.route", "check", "create");
    Recorder.Deed step =
        arguments -> {
          ((Exchange) arguments[0]).setVariable("campaign", after.next());
          return "of the step";
        };
    does("direct:campaign-check", step);
    does("direct:campaign-create", step);
    Exchange end = send("campaign-run", first);
    assertThat(calls())
        .containsExactly(
            "launchTable.route(first)",
            "direct:campaign-check <- first",
            "launchTable.route(second)",
            "direct:campaign-create <- of the step");
    assertThat(end.getProperty("correlationId")).isEqualTo("cmp_1");
  }

  @Test
  void aRunThatAStopHasEndedBetweenTwoStepsIsPutDown() {
    Iterator<Boolean> goOn = List.of(true, false, true).iterator();
    given("launchTable.route", "none");
    given("direct:campaign-none", "done");
    send("campaign-run", campaign("cmp_1", Map.of("goOn", (Supplier<Boolean>) goOn::next)));
    assertThat(calls())
        .containsExactly(
            "launchTable.route(cmp_1)",
            "direct:campaign-none <- cmp_1",
            "stepFailures.putDown(cmp_1)");
  }

  @ParameterizedTest
  @CsvSource({
    "campaign-resolve-create, find,     lostCreates.resolveCreate",
    "campaign-register,       register, launchSteps.registered",
    "campaign-activate,       activate, launchSteps.activationAsked",
    "campaign-poll,           status,   launchSteps.polled",
    "campaign-confirm,        status,   commandSteps.confirmed",
    "campaign-pause,          pause,    commandSteps.commanded",
    "campaign-resume,         activate, commandSteps.commanded"
  })
  void aStepAsksThePlatformAndTakesItsAnswerToItsBean(String route, String operation, String bean) {
    given("startHours.closed", (Object) null);
    given("direct:platform-" + operation, ANSWER);
    Exchange end = send(route, "before", "campaign", campaign);
    assertThat(calls())
        .filteredOn(call -> !call.startsWith("direct:campaign-pacing-resume "))
        .filteredOn(call -> !call.startsWith("startHours.closed("))
        .containsExactly(
            "platform." + operation + "({\"id\":\"cmp_1\"}, LAUNCH, 7)",
            "direct:platform-" + operation + " <- <platform." + operation + ">",
            bean + "(cmp_1, " + ANSWER + ")");
    assertThat(end.getVariable("campaign")).hasToString("<" + bean + ">");
  }

  @Test
  void whoIsResumedIsBroughtDownToWhatItsPoolHasRoomForFirst() {
    given("startHours.closed", (Object) null);
    send("campaign-resume", "before", "campaign", campaign);
    assertThat(calls())
        .startsWith("startHours.closed(cmp_1)", "direct:campaign-pacing-resume <- null");
  }

  private void keepsHours(boolean keeps) {
    var platform = new Properties();
    platform.setProperty("pacing.platform.keeps-hours", Boolean.toString(keeps));
    context.getPropertiesComponent().setLocalProperties(platform);
  }

  @ParameterizedTest
  @CsvSource({
    "campaign-activate, false, launchSteps",
    "campaign-resume, true, commandSteps",
    "campaign-resume, false, commandSteps"
  })
  void whatMayNotCallNowIsNotStartedWhereThePlatformWouldCall(
      String route, boolean keeps, String bean) {
    keepsHours(keeps);
    given("startHours.closed", "outside calling hours until 09:00");
    Exchange end = send(route, "before", "campaign", campaign);
    String held = bean + ".mayNotCall";
    assertThat(calls())
        .containsExactly(
            "startHours.closed(cmp_1)", held + "(cmp_1, outside calling hours until 09:00)");
    assertThat(end.getVariable("campaign")).hasToString("<" + held + ">");
  }

  @Test
  void anActivationWaitsForHoursThatThePlatformDoesNotKnowOnceItIsSeenNotToHaveBegun() {
    keepsHours(true);
    given("startHours.closed", "outside calling hours until 09:00");
    given("direct:platform-status", ANSWER);
    Exchange end = send("campaign-activate", "before", "campaign", campaign);
    assertThat(calls())
        .containsExactly(
            "startHours.closed(cmp_1)",
            "platform.status({\"id\":\"cmp_1\"}, LAUNCH, 7)",
            "direct:platform-status <- <platform.status>",
            "launchSteps.waitsForItsHours(cmp_1, outside calling hours until 09:00, %s)"
                .formatted(ANSWER));
    assertThat(end.getVariable("campaign")).hasToString("<launchSteps.waitsForItsHours>");
  }

  @Test
  void aCheckAsksForTheAgentsOfThePoolAndWhatThePlatformHasAgainstIt() {
    given("direct:platform-agents", value(AgentPools.Pool.class, "the pool", Map.of()));
    given("platformFindings.ofCampaign", json("{\"poolId\": \"pool-1\"}"));
    given("direct:platform-findings", ANSWER);
    Campaign asking = campaign("cmp_1", Map.of("request", json("{\"name\": \"Spring\"}")));
    Exchange end = send("campaign-check", null, "campaign", asking);
    assertThat(calls())
        .containsExactly(
            "platform.agents(pool-1, LAUNCH, 7)",
            "direct:platform-agents <- <platform.agents>",
            "platformFindings.ofCampaign(cmp_1, {\"name\":\"Spring\"})",
            "platform.findings({\"poolId\":\"pool-1\"}, LAUNCH, 7)",
            "direct:platform-findings <- <platform.findings>",
            "launchSteps.checked(cmp_1, the pool, " + ANSWER + ")");
    assertThat(end.getVariable("campaign")).hasToString("<launchSteps.checked>");
  }

  @Test
  void aPlatformThatHasNothingToTellIsNotAsked() {
    given("direct:platform-agents", value(AgentPools.Pool.class, "the pool", Map.of()));
    given("platformFindings.ofCampaign", (Object) null);
    send("campaign-check", null, "campaign", campaign);
    assertThat(calls()).endsWith("launchSteps.checked(cmp_1, the pool, null)").hasSize(4);
  }

  @Test
  void aCreateIsSentOnceItsIntentIsOnDisk() {
    given("launchSteps.intend", campaign("intended", Map.of("creating", true)));
    given("direct:platform-create", ANSWER);
    Exchange end = send("campaign-create", null, "campaign", campaign);
    assertThat(calls())
        .containsExactly(
            "launchSteps.intend(cmp_1)",
            "platform.create({\"id\":\"cmp_1\"}, LAUNCH, 7)",
            "direct:platform-create <- <platform.create>",
            "launchSteps.created(intended, " + ANSWER + ")");
    assertThat(end.getVariable("campaign")).hasToString("<launchSteps.created>");
  }

  @Test
  void aStopThatComesBeforeTheCreateKeepsItFromBeingSent() {
    given("launchSteps.intend", campaign("stopped", Map.of()));
    Exchange end = send("campaign-create", null, "campaign", campaign);
    assertThat(calls()).containsExactly("launchSteps.intend(cmp_1)");
    assertThat(end.getVariable("campaign")).hasToString("stopped");
  }

  private static final String TOTALS =
      "platform.totals({\"id\":\"cmp_1\"},"
          + " TimeRange[from=1970-01-01T00:00:00Z, to=1970-01-01T00:01:00Z], LAUNCH, 7)";

  @Test
  void aLookTakesTheFiguresAlongAndReadsTheStatus() {
    given("direct:platform-totals", json("{\"attemptedCalls\": 5}"));
    given("direct:platform-status", ANSWER);
    given("statusSteps.figures", campaign("counted", Map.of()));
    Exchange end = send("campaign-check-status", null, "campaign", campaign);
    assertThat(calls())
        .containsExactly(
            TOTALS,
            "direct:platform-totals <- <platform.totals>",
            "statusSteps.figures(cmp_1, {\"attemptedCalls\":5})",
            "platform.status({\"id\":\"cmp_1\"}, LAUNCH, 7)",
            "direct:platform-status <- <platform.status>",
            "statusSteps.checkStatus(counted, " + ANSWER + ")");
    assertThat(end.getVariable("campaign")).hasToString("<statusSteps.checkStatus>");
  }

  @Test
  void aLookWithoutFiguresReadsTheStatusAllTheSame() {
    given("direct:platform-totals", new CxoneRefusedException(400, "X", "no figures here"));
    given("direct:platform-status", ANSWER);
    send("campaign-check-status", null, "campaign", campaign);
    assertThat(calls())
        .containsExactly(
            TOTALS,
            "direct:platform-totals <- <platform.totals>",
            "DEBUG No figures for campaign cmp_1; the last ones are kept: no figures here",
            "platform.status({\"id\":\"cmp_1\"}, LAUNCH, 7)",
            "direct:platform-status <- <platform.status>",
            "statusSteps.checkStatus(cmp_1, " + ANSWER + ")");
  }

  @Test
  void aStoreThatFailsWhileFiguresAreTakenEndsTheLook() {
    given("direct:platform-totals", ANSWER);
    given("statusSteps.figures", failure(StoreUnavailableException.class, "no store"));
    given("launchTable.route", "check-status"); // the run that it is a step of takes care of it
    Exchange end = send("campaign-run", campaign("cmp_1", Map.of("goOn", true)));
    assertThat(calls()).last().isEqualTo("stepFailures.giveBack(cmp_1)");
    assertThat(end.getException()).isNull();
  }

  @Test
  void whatIsNotThereYetIsStoppedWithoutACall() {
    Exchange end = send("campaign-stop", null, "campaign", campaign);
    assertThat(calls()).containsExactly("commandSteps.stoppedBeforeLaunch(cmp_1)");
    assertThat(end.getVariable("campaign")).hasToString("<commandSteps.stoppedBeforeLaunch>");
  }

  @Test
  void whatIsThereIsStoppedThere() {
    given("direct:platform-stop", ANSWER);
    Campaign there = campaign("cmp_1", Map.of("remoteId", "r-1"));
    Exchange end = send("campaign-stop", null, "campaign", there);
    assertThat(calls())
        .containsExactly(
            "platform.stop({\"id\":\"cmp_1\"}, LAUNCH, 7)",
            "direct:platform-stop <- <platform.stop>",
            "commandSteps.commanded(cmp_1, " + ANSWER + ")");
    assertThat(end.getVariable("campaign")).hasToString("<commandSteps.commanded>");
  }

  @Test
  void aCommandThatWasOvertakenIsDropped() {
    Exchange end = send("campaign-none", null, "campaign", campaign);
    assertThat(calls())
        .containsExactly(
            "DEBUG Nothing is to be done for campaign cmp_1.", "commandSteps.dropCommand(cmp_1)");
    assertThat(end.getVariable("campaign")).hasToString("<commandSteps.dropCommand>");
  }

  @ParameterizedTest
  @CsvSource({
    "campaign-run,            launchTable.route",
    "campaign-check,          platform.agents",
    "campaign-create,         launchSteps.intend",
    "campaign-resolve-create, platform.find",
    "campaign-register,       platform.register",
    "campaign-activate,       platform.activate",
    "campaign-poll,           platform.status",
    "campaign-check-status,   platform.status",
    "campaign-confirm,        platform.status",
    "campaign-pause,          platform.pause",
    "campaign-resume,         platform.activate",
    "campaign-stop,           commandSteps.stoppedBeforeLaunch",
    "campaign-none,           commandSteps.dropCommand"
  })
  void aStepThatBreaksIsTakenCareOf(String route, String call) {
    given("startHours.closed", (Object) null);
    given("direct:platform-totals", ANSWER);
    given("statusSteps.figures", campaign);
    given(call, new IllegalStateException("odd"));
    Campaign running = campaign("cmp_1", Map.of("goOn", true));
    Exchange end = send(route, running, "campaign", running);
    assertThat(end.getException()).isNull();
    assertThat(calls())
        .last()
        .isEqualTo("stageErrors.broken(cmp_1, java.lang.IllegalStateException: odd)");
  }

  @Test
  void eachKindOfFailureOfAStepLeadsToItsOwnEnd() {
    assertThat(endOf(failure(StoreUnavailableException.class, "no store")))
        .isEqualTo("stepFailures.giveBack(cmp_1)");
    assertThat(endOf(failure(LeaseLostException.class, "The lease is lost.")))
        .isEqualTo("INFO The lease is lost. The result of this run is dropped.");
    assertThat(endOf(failure(CxoneUnavailableException.class, "no CXone")))
        .isEqualTo("stageErrors.retryLater(cmp_1, CxoneUnavailableException)");
    assertThat(endOf(failure(CxoneRefusedException.class, "no")))
        .isEqualTo("stageErrors.refused(cmp_1, CxoneRefusedException)");
  }

  private String endOf(Throwable failure) {
    given("direct:platform-status", failure);
    Exchange end = send("campaign-poll", null, "campaign", campaign);
    assertThat(end.getException()).isNull();
    return calls().get(calls().size() - 1);
  }

  // Contacts

  private static ContactUploads.Part part(String step) {
    return value(ContactUploads.Part.class, "part 1", Map.of("step", step));
  }

  private static ContactUploads.Progress progress(String name) {
    return value(ContactUploads.Progress.class, name, Map.of());
  }

  @Test
  void contactsAreJudgedChunkByChunkForAsLongAsARunMayTake() {
    var judging = value(ContactImports.Judging.class, "judging", Map.of());
    given("contactImports.open", judging);
    given("contactImports.chunks", List.of(List.of("a", "b"), List.of("c")).iterator());
    given("contactImports.end", value(ContactImport.class, "half of it", Map.of()));
    given("contactSteps.judged", campaign("next", Map.of()));
    Exchange end = send("campaign-judge-contacts", null, "campaign", campaign);
    assertThat(end.getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "contactImports.open(cmp_1)",
            "contactImports.chunks(judging)",
            "contactImports.judge(judging, [a, b])",
            "contactImports.judge(judging, [c])",
            "contactImports.end(judging)",
            "contactSteps.judged(cmp_1, half of it)");
    assertThat(end.getVariable("campaign")).hasToString("next");
  }

  @Test
  void aChunkThatCannotBeStoredEndsTheRun() {
    given("contactImports.open", value(ContactImports.Judging.class, "judging", Map.of()));
    given("contactImports.chunks", List.of(List.of("a"), List.of("b")).iterator());
    given("contactImports.judge", new IllegalStateException("odd"));
    send("campaign-judge-contacts", null, "campaign", campaign);
    assertThat(calls()).hasSize(4);
    assertThat(calls().get(2)).isEqualTo("contactImports.judge(judging, [a])");
    assertThat(calls().get(3)).startsWith("stageErrors.broken(cmp_1, ").contains("odd");
  }

  @Test
  void aPlannedPartIsNotedThenSent() {
    given("contactUploads.next", part("PLANNED"));
    given("contactUploads.send", value(ContactUploads.Part.class, "part 1 sent", Map.of()));
    given("contactUploads.content", json("{\"part\": 1}"));
    given("direct:platform-upload-contacts", ANSWER);
    given("contactUploads.sent", progress("sent"));
    given("contactSteps.uploading", campaign("next", Map.of()));
    Exchange end = send("campaign-upload-contacts", null, "campaign", campaign);
    assertThat(calls())
        .containsExactly(
            "contactUploads.next(cmp_1)",
            "contactUploads.send(part 1)",
            "contactUploads.content(part 1 sent)",
            "platform.uploadContacts({\"id\":\"cmp_1\"}, {\"part\":1}, LAUNCH, 7)",
            "direct:platform-upload-contacts <- <platform.uploadContacts>",
            "contactUploads.sent(part 1 sent, " + ANSWER + ")",
            "contactSteps.uploading(cmp_1, sent)");
    assertThat(end.getVariable("campaign")).hasToString("next");
  }

  @Test
  void aPartWhoseAnswerWasLostIsLookedFor() {
    given("contactUploads.next", part("SENDING"));
    given("contactUploads.about", json("{\"part\": 1}"));
    given("direct:platform-find-upload", ANSWER);
    given("contactUploads.found", progress("found"));
    send("campaign-upload-contacts", null, "campaign", campaign);
    assertThat(calls())
        .containsExactly(
            "contactUploads.next(cmp_1)",
            "contactUploads.about(part 1)",
            "platform.findUpload({\"id\":\"cmp_1\"}, {\"part\":1}, LAUNCH, 7)",
            "direct:platform-find-upload <- <platform.findUpload>",
            "contactUploads.found(part 1, " + ANSWER + ")",
            "contactSteps.uploading(cmp_1, found)");
  }

  @Test
  void aPartThatWasSentIsAskedFor() {
    given("contactUploads.next", part("SENT"));
    given("contactUploads.about", json("{\"part\": 1}"));
    given("direct:platform-upload-status", ANSWER);
    given("contactUploads.worked", progress("worked"));
    send("campaign-upload-contacts", null, "campaign", campaign);
    assertThat(calls())
        .containsExactly(
            "contactUploads.next(cmp_1)",
            "contactUploads.about(part 1)",
            "platform.uploadStatus({\"id\":\"cmp_1\"}, {\"part\":1}, LAUNCH, 7)",
            "direct:platform-upload-status <- <platform.uploadStatus>",
            "contactUploads.worked(part 1, " + ANSWER + ")",
            "contactSteps.uploading(cmp_1, worked)");
  }

  @Test
  void theUploadIsOverWhenNoPartIsLeft() {
    given("contactUploads.next", (Object) null);
    given("contactUploads.whole", progress("whole"));
    send("campaign-upload-contacts", null, "campaign", campaign);
    assertThat(calls())
        .containsExactly(
            "contactUploads.next(cmp_1)",
            "contactUploads.whole(cmp_1)",
            "contactSteps.uploading(cmp_1, whole)");
  }

  @Test
  void whatSurelyDidNotArriveNeedNotBeLookedFor() {
    CxoneUnavailableException throttled = unavailable(CxoneUnavailableException.Kind.THROTTLED);
    given("contactUploads.next", part("PLANNED"));
    given("contactUploads.send", value(ContactUploads.Part.class, "part 1 sent", Map.of()));
    given("contactUploads.content", json("{\"part\": 1}"));
    given("direct:platform-upload-contacts", throttled);
    given("contactUploads.notSent", throttled);
    send("campaign-upload-contacts", null, "campaign", campaign);
    assertThat(calls().subList(5, calls().size()))
        .containsExactly(
            "contactUploads.notSent(part 1 sent, " + throttled + ")",
            "stageErrors.retryLater(cmp_1, " + throttled + ")");
  }

  private static CxoneUnavailableException unavailable(CxoneUnavailableException.Kind kind) {
    return new CxoneUnavailableException(kind, "cut", null, null);
  }

  @Test
  void contactsThatAreRefusedAreToldWithoutNumbersAndALostAnswerIsTriedLater() {
    CxoneUnavailableException cut = unavailable(CxoneUnavailableException.Kind.UNREACHABLE);
    given("contactUploads.next", part("PLANNED"));
    given("contactUploads.send", value(ContactUploads.Part.class, "part 1 sent", Map.of()));
    given("contactUploads.content", json("{\"part\": 1}"));
    given("direct:platform-upload-contacts", failure(CxoneRefusedException.class, "no"), cut);
    given("contactUploads.refused", progress("refused"));
    send("campaign-upload-contacts", null, "campaign", campaign);
    assertThat(calls()).hasSize(7);
    assertThat(calls().get(5)).isEqualTo("contactUploads.refused(part 1 sent, no)");
    assertThat(calls().get(6)).isEqualTo("contactSteps.uploading(cmp_1, refused)");
    send("campaign-upload-contacts", null, "campaign", campaign);
    assertThat(calls()).hasSize(13).last().isEqualTo("stageErrors.retryLater(cmp_1, " + cut + ")");
  }
}
