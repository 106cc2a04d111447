package io.campaignroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.PlatformRequest;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a campaign comes to its skill, the skill to its settings, and back. */
@Tag("skill")
class SkillRoutesTest extends RouteTest {
  private static final JsonNode ANSWER = json("{\"id\": \"r-1\"}");
  private static final String TOLD = "{\"id\":\"r-1\"}";
  private static final String CALLED = "direct:cxone-call <- <cxoneApi.call>";

  private final PlatformRequest request = value(PlatformRequest.class, "request", Map.of());

  SkillRoutesTest() {
    super("platform/personal-connection/skill");
  }

  private static PlatformRequest named(String name) {
    return value(PlatformRequest.class, name, Map.of());
  }

  private static CxoneRefusedException refused(int status) {
    return new CxoneRefusedException(status, "X", "no");
  }

  @Test
  void aSkillThatIsKnownIsLookedAt() {
    given("skills.hasSkill", true);
    given("direct:cxone-call", ANSWER);
    send("skill-prepare", request);
    assertThat(calls())
        .startsWith("skills.begin(request)", "skills.hasSkill(<skills.begin>)")
        .containsSubsequence(
            "cxoneApi.call(getSkill, <skills.begin>, 1)",
            CALLED,
            "skills.usable(<skills.begin>, " + TOLD + ")",
            "skills.isInactive(<skills.usable>)",
            "skills.bringsLists(<skills.usable>)");
    assertThat(calls()).doesNotContain("skills.lacksGroup(<skills.begin>)");
  }

  @Test
  void oneThatIsInactiveIsActivatedAndItsListIsLookedFor() {
    given("skills.isInactive", true);
    given("skills.bringsLists", true);
    given("direct:cxone-call", ANSWER);
    Exchange end = send("skill-usable", request, "request", request);
    assertThat(end.getVariable("request")).hasToString("<skills.listsChecked>");
    assertThat(calls())
        .containsSubsequence(
            "skills.active(<skills.usable>, true)",
            "cxoneApi.call(setActive, <skills.active>, 1)",
            CALLED,
            "cxoneApi.call(lists, <skills.active>, 1)",
            CALLED,
            "skills.listsChecked(<skills.active>, " + TOLD + ")");
  }

  @Test
  void aSkillIsCreatedInItsGroupWhereNoneOfItsNameIsFound() {
    given("skills.lacksGroup", true);
    given("direct:cxone-call", ANSWER);
    Exchange end = send("skill-prepare", request);
    assertThat(end.getVariable("request")).hasToString("<skills.made>");
    assertThat(calls())
        .containsSubsequence(
            "cxoneApi.call(groups, <skills.begin>, 1)",
            CALLED,
            "skills.group(<skills.begin>, " + TOLD + ")",
            "cxoneApi.call(createGroup, <skills.group>, 1)",
            CALLED,
            "skills.groupMade(<skills.group>, " + TOLD + ")",
            "cxoneApi.call(findSkills, <skills.groupMade>, 1)",
            CALLED,
            "skills.listed(<skills.groupMade>, " + TOLD + ")",
            "skills.hasSkill(<skills.listed>)",
            "cxoneApi.call(createSkill, <skills.listed>, 1)",
            CALLED,
            "skills.made(<skills.listed>, " + TOLD + ")");
  }

  @Test
  void aGroupThatAnotherLaunchHasJustCreatedIsLookedForAgain() {
    var refused = new CxoneRefusedException(400, null, "Campaign name in use");
    given("skills.lacksGroup", true);
    given("direct:cxone-call", ANSWER, refused, ANSWER);
    Exchange end = send("skill-prepare", request);
    assertThat(end.getVariable("request")).hasToString("<skills.made>");
    assertThat(calls())
        .containsSubsequence(
            "cxoneApi.call(createGroup, <skills.group>, 1)",
            CALLED,
            "cxoneApi.call(groups, <skills.group>, 1)",
            CALLED,
            "skills.groupOfOthers(<skills.group>, " + TOLD + ", " + refused + ")",
            "cxoneApi.call(findSkills, <skills.groupOfOthers>, 1)");
  }

  @Test
  void aSkillThatIsFoundIsNotCreated() {
    given("skills.hasSkill", false, true);
    given("direct:cxone-call", ANSWER);
    send("skill-prepare", request);
    assertThat(calls())
        .contains("skills.usable(<skills.listed>, " + TOLD + ")")
        .doesNotContain("cxoneApi.call(createSkill, <skills.listed>, 1)");
  }

  @Test
  void settingsAreReadWrittenReadBackAndOnlyThenTheSkillIsReady() {
    given("direct:cxone-call", ANSWER);
    given("skillSetup.blocks", json("{\"b\": 1}"), json("{\"b\": 2}"));
    given("skillSetup.writes", true);
    Exchange end = send("skill-finish", request, "request", request);
    assertThat(end.getVariable("request")).hasToString("<skills.ready>");
    assertThat(calls())
        .containsSubsequence(
            "cxoneApi.call(generalSettings, request, 1)",
            CALLED,
            "cxoneApi.call(retrySettings, request, 1)",
            CALLED,
            "cxoneApi.call(cpaSettings, request, 1)",
            CALLED,
            "skillSetup.blocks(" + TOLD + ", " + TOLD + ", " + TOLD + ")",
            "skillSetup.plan(request, {\"b\":1})",
            "skillSetup.writes(<skillSetup.plan>, general)",
            "cxoneApi.call(setGeneral, <skillSetup.plan>, 1)",
            CALLED,
            "skillSetup.writes(<skillSetup.plan>, retry)",
            "cxoneApi.call(setRetry, <skillSetup.plan>, 1)",
            CALLED,
            "skillSetup.writes(<skillSetup.plan>, cpa)",
            "cxoneApi.call(setCpa, <skillSetup.plan>, 1)",
            CALLED,
            "cxoneApi.call(generalSettings, <skillSetup.plan>, 1)",
            CALLED,
            "skillSetup.verified(<skillSetup.plan>, {\"b\":2})",
            "skills.isCreated(<skillSetup.verified>)",
            "skills.ready(<skillSetup.verified>)");
  }

  @Test
  void onlyWhatIsDifferentIsWritten() {
    send("skill-write", request, "request", request);
    assertThat(calls())
        .containsExactly(
            "skillSetup.writes(request, general)",
            "skillSetup.writes(request, retry)",
            "skillSetup.writes(request, cpa)");
  }

  @Test
  void aCreatedSkillHasItsAgentsAndGroupsBeforeItIsReady() {
    given("direct:cxone-call", ANSWER);
    given("direct:tenant-agents", ANSWER);
    given("skills.isCreated", true);
    given("skillSetup.lacksAgents", true);
    given("skillSetup.assignments", List.of(named("some")));
    given("skillSetup.scrubs", List.of(named("one"), named("two")));
    send("skill-finish", request, "request", request);
    assertThat(calls())
        .containsSubsequence(
            "direct:tenant-agents <- <skillSetup.verified>",
            "cxoneApi.call(skillAgents, <skillSetup.verified>, 1)",
            CALLED,
            "skillSetup.missing(<skillSetup.verified>, " + TOLD + ", " + TOLD + ")",
            "skillSetup.lacksAgents(<skillSetup.missing>)",
            "skillSetup.assignments(<skillSetup.missing>)",
            "cxoneApi.call(assignAgents, some, 1)",
            CALLED,
            "direct:tenant-agents <- <skillSetup.missing>",
            "skillSetup.missing(<skillSetup.missing>, " + TOLD + ", " + TOLD + ")",
            "skillSetup.assigned(<skillSetup.missing>)",
            "skillSetup.scrubs(<skillSetup.assigned>)",
            "cxoneApi.call(scrubSkill, one, 1)",
            CALLED,
            "cxoneApi.call(scrubbedSkills, one, 1)",
            CALLED,
            "skillSetup.scrubbed(one, " + TOLD + ")",
            "cxoneApi.call(scrubSkill, two, 1)",
            CALLED,
            "skills.ready(<skillSetup.assigned>)");
  }

  @Test
  void doNotCallGroupsAreLookedForBeforeASkillIsCreated() {
    given("skillSetup.keepsNumbers", true);
    given("direct:cxone-call", ANSWER);
    send("skill-make", request, "request", request);
    assertThat(calls())
        .startsWith(
            "skillSetup.keepsNumbers(request)",
            "cxoneApi.call(dncGroups, request, 1)",
            CALLED,
            "skillSetup.groupsChecked(" + TOLD + ")",
            "skills.lacksGroup(request)");
  }

  @Test
  void aGroupThatIsRefusedEndsIt() {
    CxoneRefusedException no = refused(404);
    given("direct:cxone-call", ANSWER, no);
    given("direct:tenant-agents", ANSWER);
    given("skillSetup.scrubs", List.of(named("one"), named("two")));
    given("cxoneApi.fail", no);
    assertThat(send("skill-equip", request, "request", request).getException()).isSameAs(no);
    assertThat(calls()).last().asString().startsWith("cxoneApi.fail(");
    assertThat(calls())
        .contains("cxoneApi.call(scrubSkill, one, 1)")
        .doesNotContain("cxoneApi.call(scrubSkill, two, 1)");
  }

  @ParameterizedTest
  @CsvSource({"400, true", "409, false"})
  void agentsAreAssignedAsAListWhereTheOtherFormIsNotUnderstood(int status, boolean again) {
    given("direct:cxone-call", ANSWER, refused(status), ANSWER);
    given("direct:tenant-agents", ANSWER);
    given("skillSetup.lacksAgents", true);
    given("skillSetup.assignments", List.of(named("some")));
    given("cxoneApi.fail", refused(status));
    Exchange end = send("skill-equip", request, "request", request);
    String list = "cxoneApi.call(assignAgentsAsList, some, 1)";
    assertThat(calls().contains(list)).isEqualTo(again);
    if (again) {
      assertThat(calls())
          .containsSubsequence(list, CALLED, "direct:tenant-agents <- <skillSetup.missing>");
    }
    assertThat(end.getException() == null).isEqualTo(again);
  }

  @Test
  void whatSomebodyHasChangedBeforeTheFirstStartIsWrittenAgain() {
    given("direct:cxone-call", ANSWER);
    given("skillSetup.isWriting", true);
    given("skillSetup.blocks", json("{\"b\": 1}"), json("{\"b\": 2}"));
    send("skill-settle", request, "request", request);
    assertThat(calls())
        .containsSubsequence(
            "skillSetup.plan(request, {\"b\":1})",
            "skillSetup.isWriting(<skillSetup.plan>)",
            "skillSetup.writes(<skillSetup.plan>, general)",
            "skillSetup.verified(<skillSetup.plan>, {\"b\":2})");
    forget();
    given("direct:cxone-call", ANSWER);
    given("skillSetup.isWriting", false);
    send("skill-settle", request, "request", request);
    assertThat(calls()).endsWith("skillSetup.isWriting(<skillSetup.plan>)");
  }

  @Test
  void anAdoptedSkillIsGivenBack() {
    given("direct:cxone-call", ANSWER);
    given("skillSetup.isOpen", true);
    given("skillSetup.blocks", json("{\"b\": 1}"), json("{\"b\": 2}"));
    send("skill-close", request);
    assertThat(calls())
        .startsWith("skills.known(request)", "skillSetup.isOpen(<skills.known>)")
        .containsSubsequence(
            "skillSetup.planBefore(<skills.known>, {\"b\":1})",
            "skillSetup.writes(<skillSetup.planBefore>, general)",
            "skillSetup.givenBack(<skillSetup.planBefore>, {\"b\":2})");
  }

  @Test
  void whatNothingWasWrittenToIsNotRead() {
    given("skillSetup.isOpen", true);
    given("skillSetup.isUntouched", true);
    send("skill-close", request);
    assertThat(calls())
        .endsWith("skillSetup.isUntouched(<skills.known>)", "skillSetup.gone(<skills.known>)");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void settingsWithoutAValueAreLeftOutWhereCxoneRefusesThem(boolean empties) {
    CxoneRefusedException no = refused(400);
    given("skillSetup.isOpen", true);
    given("skillSetup.empties", empties);
    given("skillSetup.writes", true);
    given("direct:cxone-call", ANSWER, ANSWER, ANSWER, no, ANSWER);
    send("skill-close", request);
    assertThat(calls()).contains("skillSetup.empties(<skillSetup.planBefore>)");
    if (empties) {
      assertThat(calls())
          .containsSubsequence(
              "skillSetup.planLeavingOut(<skillSetup.planBefore>)",
              "cxoneApi.call(setGeneral, <skillSetup.planLeavingOut>, 1)");
      assertThat(calls())
          .last()
          .asString()
          .startsWith("skillSetup.givenBack(<skillSetup.planLeavingOut>, ");
    } else {
      assertThat(calls())
          .last()
          .isEqualTo("skillSetup.notGivenBack(<skillSetup.planBefore>, " + no + ")");
    }
  }

  @Test
  void aCreatedSkillIsDeactivated() {
    given("direct:cxone-call", ANSWER);
    given("skillSetup.isOpen", true);
    given("skills.isCreated", true);
    send("skill-close", request);
    assertThat(calls())
        .endsWith(
            "skills.active(<skills.known>, false)",
            "cxoneApi.call(setActive, <skills.active>, 1)",
            CALLED,
            "cxoneApi.call(getSkill, <skills.active>, 1)",
            CALLED,
            "skillSetup.deactivated(<skills.active>, " + TOLD + ")");
  }

  @Test
  void whatIsGivenBackIsLeftAlone() {
    send("skill-close", request);
    assertThat(calls())
        .containsExactly("skills.known(request)", "skillSetup.isOpen(<skills.known>)");
  }

  @Test
  void aSkillThatIsGoneNeedNotBeGivenBackAndARefusalIsNoEnd() {
    CxoneRefusedException no = refused(400);
    given("skillSetup.isOpen", true);
    given("direct:cxone-call", refused(404), no);
    send("skill-close", request);
    assertThat(calls()).last().isEqualTo("skillSetup.gone(<skills.known>)");
    send("skill-close", request);
    assertThat(calls()).last().isEqualTo("skillSetup.notGivenBack(<skills.known>, " + no + ")");
  }

  @Test
  void aStartThatCameLateIsStoppedOnceItTakesEffect() {
    given("direct:cxone-call", ANSWER);
    given("overtakenStarts.isToTakeBack", true, true, false);
    given("skillStatus.runs", false, true);
    send("skill-take-back", request);
    String looks = "cxoneApi.call(getSkill, <overtakenStarts.takingBack>, 1)";
    assertThat(calls())
        .containsExactly(
            "overtakenStarts.takingBack(request)",
            "overtakenStarts.isToTakeBack(<overtakenStarts.takingBack>)",
            looks,
            CALLED,
            "skillStatus.runs({\"id\":\"r-1\"})",
            "overtakenStarts.isToTakeBack(<overtakenStarts.takingBack>)",
            looks,
            CALLED,
            "skillStatus.runs({\"id\":\"r-1\"})",
            "skillStatus.isForced(<overtakenStarts.takingBack>)",
            "cxoneApi.call(stopSkill, <overtakenStarts.takingBack>, 0)",
            CALLED,
            "skillStatus.stopTaken(<overtakenStarts.takingBack>)",
            "overtakenStarts.takenBack(<overtakenStarts.takingBack>)",
            "overtakenStarts.isToTakeBack(<overtakenStarts.takingBack>)");
  }

  @Test
  void aStopIsAskedForAndARefusalJudgedByWhatTheSkillDoes() {
    CxoneRefusedException no = refused(404);
    given("direct:cxone-call", ANSWER, no, ANSWER);
    send("skill-stop", request, "request", request);
    assertThat(calls())
        .containsExactly(
            "skillStatus.isForced(request)",
            "cxoneApi.call(stopSkill, request, 0)",
            CALLED,
            "skillStatus.stopTaken(request)");
    send("skill-stop", request, "request", request);
    assertThat(calls())
        .endsWith(
            "cxoneApi.call(getSkill, request, 1)",
            CALLED,
            "skillStatus.stopRefused(request, " + TOLD + ", " + no + ")");
  }

  @Test
  void aStopEndsCallsWhereAnOperatorWantsJustThat() {
    given("skillStatus.isForced", true);
    given("direct:cxone-call", ANSWER);
    send("skill-stop", request, "request", request);
    assertThat(calls())
        .containsExactly(
            "skillStatus.isForced(request)",
            "cxoneApi.call(forceStop, request, 0)",
            CALLED,
            "skillStatus.stopTaken(request)");
  }

  @Test
  void aSkillIsSeenByItself() {
    given("direct:cxone-call", ANSWER);
    Exchange end =
        send("skill-see", request, "request", request, "skill", json("{\"of\": \"before\"}"));
    assertThat(calls())
        .containsExactly(
            "skillStatus.isSlowLook(request)", "cxoneApi.call(getSkill, request, 1)", CALLED);
    assertThat(end.getVariable("skill")).isEqualTo(ANSWER);
  }

  @Test
  void forOneOfManyLooksTheListOfAllWillDo() {
    given("skillStatus.isSlowLook", true);
    given("direct:tenant-skills", ANSWER);
    Exchange end = send("skill-see", named("other"), "request", request);
    assertThat(calls())
        .containsExactly(
            "skillStatus.isSlowLook(request)",
            "direct:tenant-skills <- request",
            "skillStatus.inList(request, " + TOLD + ")");
    assertThat(end.getVariable("skill")).hasToString("\"<skillStatus.inList>\"");
  }
}
