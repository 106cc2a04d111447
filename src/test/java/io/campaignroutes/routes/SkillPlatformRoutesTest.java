package io.campaignroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.PlatformRequest;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the flow asks of a platform, as the platform personal-connection does it. */
@Tag("platform")
class SkillPlatformRoutesTest extends RouteTest {
  private static final JsonNode ANSWER = json("{\"id\": \"r-1\"}");
  private static final String CALLED = "direct:cxone-call <- <cxoneApi.call>";

  private final PlatformRequest request =
      value(PlatformRequest.class, "request", Map.of("poolId", "skill:1"));

  SkillPlatformRoutesTest() {
    super("platform/personal-connection/platform");
  }

  private static CxoneRefusedException refused(int status) {
    return new CxoneRefusedException(status, "X", "no");
  }

  @Test
  void whatThereIsAgainstASkillIsReadOfItAndItsLists() {
    given("skillAgents.isSkill", true);
    given("direct:cxone-call", json("{\"a\": 1}"), ANSWER);
    Exchange end = send("platform-findings", request);
    assertThat(calls())
        .containsExactly(
            "skillAgents.pool(request)",
            "skillAgents.isSkill(<skillAgents.pool>)",
            "cxoneApi.call(lists, <skillAgents.pool>, 1)",
            CALLED,
            "cxoneApi.call(getSkill, <skillAgents.pool>, 1)",
            CALLED,
            "skillFindings.ofSkill(<skillAgents.pool>, {\"id\":\"r-1\"}, {\"a\":1})");
    assertThat(end.getMessage().getBody()).hasToString("\"<skillFindings.ofSkill>\"");
  }

  @Test
  void againstASkillThatThereIsNotThereIsNothingMoreToTell() {
    given("skillAgents.isSkill", true);
    given("direct:cxone-call", ANSWER, refused(404));
    Exchange end = send("platform-findings", request);
    assertThat(calls()).last().isEqualTo("skillFindings.none()");
    assertThat(end.getException()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"404, false", "403, true"})
  void whatCannotBeReadIsLeftToTheCaller(int status, boolean listsAreRead) {
    CxoneRefusedException no = refused(status);
    given("skillAgents.isSkill", true);
    if (listsAreRead) {
      given("direct:cxone-call", ANSWER, no);
    } else {
      given("direct:cxone-call", no);
    }
    assertLeftToTheCaller(send("platform-findings", request), no);
    assertThat(calls()).last().isEqualTo(CALLED);
  }

  @Test
  void aTeamWhoseSkillKeepsToDoNotCallGroupsNeedsThem() {
    given("skillFindings.keepsNumbers", true);
    given("direct:cxone-call", ANSWER);
    Exchange end = send("platform-findings", request);
    assertThat(calls())
        .containsExactly(
            "skillAgents.pool(request)",
            "skillAgents.isSkill(<skillAgents.pool>)",
            "skillFindings.keepsNumbers(<skillAgents.pool>)",
            "cxoneApi.call(dncGroups, <skillAgents.pool>, 1)",
            CALLED,
            "skillFindings.ofGroups({\"id\":\"r-1\"})");
    assertThat(end.getMessage().getBody()).hasToString("\"<skillFindings.ofGroups>\"");
  }

  @Test
  void anyOtherTeamIsNotAskedAbout() {
    Exchange end = send("platform-findings", request);
    assertThat(calls()).last().isEqualTo("skillFindings.none()");
    assertThat(end.getMessage().getBody()).hasToString("\"<skillFindings.none>\"");
  }

  @Test
  void aCampaignIsCreatedByMakingItsSkillReady() {
    given("direct:skill-prepare", "prepared");
    given("direct:skill-finish", "finished");
    Exchange end = send("platform-create", request);
    assertThat(calls())
        .containsExactly(
            "direct:skill-prepare <- request",
            "direct:skill-finish <- prepared",
            "skills.created(request)");
    assertThat(end.getMessage().getBody()).hasToString("\"<skills.created>\"");
  }

  @Test
  void whatIsRefusedHalfWayIsGivenBackAndRefusedThen() {
    CxoneRefusedException no = refused(400);
    given("direct:skill-prepare", "prepared");
    given("direct:skill-finish", no);
    given("skills.rethrow", no);
    Exchange end = send("platform-create", request);
    assertThat(calls())
        .containsSubsequence(
            "direct:skill-prepare <- request",
            "direct:skill-close <- request",
            "skills.rethrow(" + no + ")");
    assertLeftToTheCaller(end, no);
  }

  @Test
  void aLostCreateGoesOnWithTheSkillThatIsFound() {
    given("skills.lacksSkill", true);
    given("skills.hasSkill", true);
    Exchange end = send("platform-find", request);
    assertThat(calls())
        .containsExactly(
            "skills.begin(request)",
            "skills.lacksSkill(<skills.begin>)",
            "direct:skill-look <- request",
            "skillSetup.isUnwanted(<skills.begin>)",
            "skills.hasSkill(<skills.begin>)",
            "direct:skill-usable <- request",
            "direct:skill-finish <- request",
            "skills.found(<skills.begin>)");
    assertThat(end.getMessage().getBody()).hasToString("\"<skills.found>\"");
  }

  @Test
  void ofALostCreateThatIsToBeStoppedNothingMoreIsMade() {
    given("skillSetup.isUnwanted", true);
    given("skills.hasSkill", true);
    send("platform-find", request);
    assertThat(calls())
        .endsWith(
            "skillSetup.isUnwanted(<skills.begin>)",
            "direct:skill-close <- <skills.begin>",
            "skills.none()");
  }

  @Test
  void whereNoneIsFoundNoneIsCreated() {
    given("skills.lacksSkill", true);
    send("platform-find", request);
    assertThat(calls()).last().isEqualTo("skills.none()");
    assertThat(calls()).doesNotContain("direct:skill-finish <- request");
  }

  @Test
  void aRefusalOfWhatWasFoundGivesItBack() {
    given("skills.hasSkill", true);
    given("direct:skill-finish", refused(400));
    Exchange end = send("platform-find", request);
    assertThat(calls()).endsWith("direct:skill-close <- <skills.begin>", "skills.none()");
    assertThat(end.getException()).isNull();
  }

  @Test
  void nothingIsRegistered() {
    send("platform-register", request);
    assertThat(calls())
        .containsExactly(
            "DEBUG Nothing is registered for a campaign: CXone posts no events of skills.",
            "skills.registered()");
  }

  @Test
  void aReadySkillIsStarted() {
    given("direct:cxone-call", ANSWER);
    send("platform-activate", request);
    assertThat(calls())
        .containsExactly(
            "skills.known(request)",
            "skills.isUnready(<skills.known>)",
            "skills.isFirstStart(<skills.known>)",
            "cxoneApi.call(getSkill, <skills.known>, 1)",
            CALLED,
            "skillStatus.starting(<skills.known>)",
            "skillStatus.runs({\"id\":\"r-1\"})",
            "cxoneApi.call(startSkill, <skillStatus.starting>, 0)",
            CALLED,
            "skillStatus.started(<skillStatus.starting>)",
            "overtakenStarts.isOvertaken(<skillStatus.starting>)");
  }

  @Test
  void aStartThatWasOvertakenIsTakenBack() {
    given("direct:cxone-call", ANSWER);
    given("overtakenStarts.isOvertaken", true);
    send("platform-activate", request);
    assertThat(calls())
        .endsWith(
            "overtakenStarts.isOvertaken(<skillStatus.starting>)",
            "direct:skill-take-back <- <skillStatus.starting>");
  }

  @Test
  void aSkillThatIsNotReadyIsMadeReadyFirst() {
    given("skills.isUnready", true);
    given("direct:cxone-call", ANSWER);
    send("platform-activate", request);
    assertThat(calls())
        .containsSubsequence(
            "direct:skill-prepare <- <skills.known>",
            "direct:skill-finish <- <skills.known>",
            "skillStatus.starting(<skills.known>)");
  }

  @Test
  void aSkillThatRunsIsNotStarted() {
    given("skillStatus.runs", true);
    given("direct:cxone-call", ANSWER);
    send("platform-activate", request);
    assertThat(calls()).endsWith("skillStatus.running(<skillStatus.starting>)").hasSize(8);
  }

  @Test
  void beforeItsFirstStartItIsLookedAtOnceMore() {
    given("skills.isFirstStart", true);
    given("direct:cxone-call", ANSWER);
    send("platform-activate", request);
    assertThat(calls())
        .containsSubsequence(
            "direct:skill-settle <- request", "skillStatus.starting(<skills.known>)");
  }

  @Test
  void aStartThatIsRefusedIsJudgedByWhatTheSkillDoes() {
    CxoneRefusedException no = refused(409);
    given("direct:cxone-call", ANSWER, no, ANSWER);
    send("platform-activate", request);
    assertThat(calls())
        .endsWith(
            "cxoneApi.call(getSkill, <skillStatus.starting>, 1)",
            CALLED,
            "skillStatus.startRefused(<skillStatus.starting>, {\"id\":\"r-1\"}, " + no + ")",
            "overtakenStarts.isOvertaken(<skillStatus.starting>)");
  }

  @ParameterizedTest
  @CsvSource({"platform-pause, pausing", "platform-stop, stopping"})
  void aStopIsNotedAndAskedFor(String route, String step) {
    send(route, request);
    assertThat(calls())
        .containsExactly(
            "skills.known(request)",
            "skillStatus." + step + "(<skills.known>)",
            "direct:skill-stop <- request");
  }

  @Test
  void theStatusIsWhatTheSkillDoes() {
    does(
        "direct:skill-see",
        arguments -> {
          ((Exchange) arguments[0]).setVariable("skill", ANSWER);
          return null;
        });
    send("platform-status", request);
    assertThat(calls())
        .containsExactly(
            "skills.known(request)",
            "direct:skill-see <- request",
            "skillEnds.mayBeThrough(<skills.known>)",
            "skillStatus.isToStop(<skills.known>, {\"id\":\"r-1\"})",
            "skillStatus.isToClose(<skills.known>, {\"id\":\"r-1\"})",
            "skillStatus.seen(<skills.known>, {\"id\":\"r-1\"})");
  }

  @Test
  void whatIsThroughIsStoppedAndGivenBack() {
    given("skillEnds.mayBeThrough", true);
    given("skillStatus.isToStop", true);
    given("skillStatus.isToClose", true);
    given("direct:tenant-lists", ANSWER);
    send("platform-status", request);
    assertThat(calls())
        .containsSubsequence(
            "direct:tenant-lists <- <skills.known>",
            "skillEnds.listsSeen(<skills.known>, {\"id\":\"r-1\"})",
            "direct:skill-stop <- {\"id\":\"r-1\"}",
            "direct:skill-close <- <skillEnds.listsSeen>");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatDialsNoMoreIsSeenNotToThoughItIsNotGivenBackYet(boolean stopping) {
    CxoneUnavailableException none =
        new CxoneUnavailableException(
            CxoneUnavailableException.Kind.UNREACHABLE, "not yet", null, null);
    given("skillStatus.isToClose", true);
    given("skillStatus.isStopping", stopping);
    given("direct:skill-close", none);
    Exchange end = send("platform-status", request);
    if (stopping) {
      assertThat(calls())
          .containsSubsequence(
              "skillStatus.isStopping(<skills.known>)",
              "skillSetup.backLater(<skills.known>, " + none + ")");
      assertThat(calls()).last().asString().startsWith("skillStatus.seen(<skills.known>, ");
    } else {
      assertLeftToTheCaller(end, none);
    }
  }

  @Test
  void totalsAreMadeOfWhatWasReadForAllCampaigns() {
    send("platform-totals", request);
    assertThat(calls()).containsExactly("collectFigures.between(request)");
  }

  @Test
  void figuresAreMadeOfWhatWasReadForAllCampaignsAndTellTheRatioThatIsKnown() {
    given("collectFigures.now", ANSWER);
    send("platform-figures", request);
    assertThat(calls())
        .containsExactly(
            "collectFigures.now(request)", "skillRatio.inForce(request, {\"id\":\"r-1\"})");
  }

  @Test
  void aRatioIsWrittenOverTheBlockAndReadBack() {
    given("direct:cxone-call", json("{\"a\": 1}"), json("{\"a\": 2}"), json("{\"a\": 3}"));
    given("skillRatio.writes", true);
    Exchange end = send("platform-set-rate", request);
    assertThat(calls())
        .containsExactly(
            "skills.known(request)",
            "cxoneApi.call(generalSettings, <skills.known>, 1)",
            CALLED,
            "skillRatio.over(<skills.known>, {\"a\":1})",
            "skillRatio.writes(<skillRatio.over>)",
            "cxoneApi.call(setGeneral, <skillRatio.over>, 1)",
            CALLED,
            "cxoneApi.call(generalSettings, <skillRatio.over>, 1)",
            CALLED,
            "skillRatio.outcome(<skillRatio.over>, {\"a\":3})");
    assertThat(end.getMessage().getBody()).hasToString("<skillRatio.outcome>");
  }

  @Test
  void aRatioThatIsSoAlreadyIsNotWritten() {
    given("direct:cxone-call", json("{\"a\": 1}"));
    send("platform-set-rate", request);
    assertThat(calls()).endsWith("skillRatio.outcome(<skillRatio.over>, {\"a\":1})").hasSize(6);
  }

  @Test
  void aPoolOfAMomentAgoIsNotAskedForAgain() {
    send("platform-agents", request);
    assertThat(calls()).containsExactly("agentPools.recent(skill:1)");
  }

  @ParameterizedTest
  @CsvSource({"isSkill, tenant-skill-agents", "isTeam, tenant-team"})
  void thoseWhoWorkForASkillOrAreInATeamAreFound(String kind, String call) {
    given("agentPools.recent", (Object) null);
    given("skillAgents." + kind, true);
    given("direct:" + call, json("{\"m\": 1}"));
    given("direct:tenant-agents", json("{\"m\": 2}"));
    given("direct:tenant-states", json("{\"m\": 3}"));
    given("direct:tenant-zones", json("{\"m\": 4}"));
    given("direct:tenant-business-unit", json("{\"m\": 5}"));
    send("platform-agents", request);
    assertThat(calls())
        .containsSubsequence(
            "agentPools.recent(skill:1)",
            "skillAgents.pool(request)",
            "direct:" + call + " <- <skillAgents.pool>",
            "direct:tenant-agents <- <skillAgents.pool>",
            "direct:tenant-states <- <skillAgents.pool>",
            "direct:tenant-zones <- <skillAgents.pool>",
            "direct:tenant-business-unit <- <skillAgents.pool>",
            "skillAgents.of(<skillAgents.pool>, {\"m\":1}, {\"m\":2}, {\"m\":3})",
            "skillAgents.zoned(\"<skillAgents.of>\", {\"m\":4}, {\"m\":5})",
            "agentPools.keep(, \"<skillAgents.zoned>\")".replace("(,", "(null,"));
  }

  @Test
  void aPoolThatIsNeitherIsUnknown() {
    given("agentPools.recent", (Object) null);
    given("skillAgents.unknown", refused(404));
    Exchange end = send("platform-agents", request);
    assertThat(calls()).contains("skillAgents.unknown(<skillAgents.pool>)");
    assertThat(calls()).last().asString().startsWith("agentPools.keepUnknown(");
    assertThat(end.getException()).isNull();
  }

  @Test
  void aPoolThatMayNotBeReadIsNotUnknown() {
    CxoneRefusedException no = refused(403);
    given("agentPools.recent", (Object) null);
    given("skillAgents.isSkill", true);
    given("direct:tenant-agents", no);
    assertLeftToTheCaller(send("platform-agents", request), no);
    assertThat(calls()).noneMatch(call -> call.startsWith("agentPools.keep"));
  }
}
