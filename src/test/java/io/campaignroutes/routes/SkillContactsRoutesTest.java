package io.campaignroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.cxone.CxoneException;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.PlatformRequest;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How contacts come to the skill that was created for a campaign. */
@Tag("platform")
@Tag("list")
class SkillContactsRoutesTest extends RouteTest {
  private static final JsonNode ANSWER = json("{\"id\": \"r-1\"}");
  private static final String TOLD = "{\"id\":\"r-1\"}";
  private static final String CALLED = "direct:cxone-call <- <cxoneApi.call>";

  private final PlatformRequest request = value(PlatformRequest.class, "request", Map.of());

  SkillContactsRoutesTest() {
    super("platform/personal-connection/platform", "platform/personal-connection/list");
  }

  @Test
  void aPartIsUploadedToTheListThatIsKnownByNothingButItsCall() {
    given("direct:cxone-call", ANSWER);
    Exchange end = send("platform-upload-contacts", request);
    assertThat(calls())
        .containsExactly(
            "skills.known(request)",
            "skillLists.of(<skills.known>)",
            "skills.isUnready(<skillLists.of>)",
            "skillLists.isUnknown(<skillLists.of>)",
            "skillLists.file(<skillLists.of>)",
            "cxoneApi.call(uploadContacts, <skillLists.file>, 1)",
            CALLED,
            "skillLists.sent(<skillLists.file>, " + TOLD + ")");
    assertThat(end.getMessage().getBody()).hasToString("\"<skillLists.sent>\"");
  }

  @Test
  void whereNoListIsKnownItIsMadeAndNothingUploadedYet() {
    given("skillLists.isUnknown", true);
    given("direct:cxone-call", ANSWER);
    send("platform-upload-contacts", request);
    assertThat(calls())
        .containsExactly(
            "skills.known(request)",
            "skillLists.of(<skills.known>)",
            "skills.isUnready(<skillLists.of>)",
            "skillLists.isUnknown(<skillLists.of>)",
            "cxoneApi.call(lists, <skillLists.of>, 1)",
            CALLED,
            "skillLists.named(<skillLists.of>, " + TOLD + ")",
            "skillLists.isUnknown(<skillLists.named>)",
            "cxoneApi.call(createList, <skillLists.named>, 1)",
            CALLED,
            "skillLists.made(<skillLists.named>, " + TOLD + ")",
            "skillLists.listed(<skillLists.made>)");
  }

  @Test
  void aListThatIsThereIsNotMade() {
    given("skillLists.isUnknown", true, false);
    given("direct:cxone-call", ANSWER);
    send("platform-upload-contacts", request);
    assertThat(calls())
        .endsWith(
            "skillLists.isUnknown(<skillLists.named>)", "skillLists.listed(<skillLists.named>)");
  }

  @Test
  void aSkillThatWasGivenBackIsMadeReadyFirst() {
    given("skills.isUnready", true);
    send("platform-upload-contacts", request);
    assertThat(calls())
        .endsWith(
            "skills.isUnready(<skillLists.of>)",
            "direct:skill-prepare <- <skillLists.of>",
            "direct:skill-finish <- <skillLists.of>",
            "skillLists.listed(<skillLists.of>)");
  }

  @Test
  void aLostUploadIsLookedForAmongTheJobsOfTheList() {
    given("skillLists.isKnown", true);
    given("skillLists.hasJob", true);
    given("direct:cxone-call", ANSWER);
    Exchange end = send("platform-find-upload", request);
    assertThat(calls())
        .containsExactly(
            "skills.known(request)",
            "skillLists.of(<skills.known>)",
            "skillLists.isUnknown(<skillLists.of>)",
            "skillLists.isKnown(<skillLists.of>)",
            "skillLists.around(<skillLists.of>)",
            "cxoneApi.call(uploadJobs, <skillLists.around>, 1)",
            CALLED,
            "skillLists.unheard(<skillLists.around>, " + TOLD + ")",
            "skillLists.hasJob(<skillLists.unheard>)",
            "skillLists.arrived(<skillLists.unheard>)");
    assertThat(end.getMessage().getBody()).hasToString("\"<skillLists.arrived>\"");
  }

  @Test
  void whereNoJobIsSeenTheListIsCounted() {
    given("skillLists.isKnown", true);
    given("direct:cxone-call", ANSWER);
    send("platform-find-upload", request);
    assertThat(calls())
        .endsWith(
            "skillLists.hasJob(<skillLists.unheard>)",
            "cxoneApi.call(list, <skillLists.unheard>, 1)",
            CALLED,
            "skillLists.unannounced(<skillLists.unheard>, " + TOLD + ")");
  }

  @Test
  void aLostListIsLookedForByItsNameAndNoneIsMade() {
    given("skillLists.isUnknown", true);
    given("direct:cxone-call", ANSWER);
    send("platform-find-upload", request);
    assertThat(calls())
        .containsExactly(
            "skills.known(request)",
            "skillLists.of(<skills.known>)",
            "skillLists.isUnknown(<skillLists.of>)",
            "cxoneApi.call(lists, <skillLists.of>, 1)",
            CALLED,
            "skillLists.named(<skillLists.of>, " + TOLD + ")",
            "skillLists.isKnown(<skillLists.named>)",
            "skillLists.listed(<skillLists.named>)");
  }

  @Test
  void aJobIsAskedForAndItsListIsCountedOnceItIsComplete() {
    given("skillLists.isComplete", true);
    given("direct:cxone-call", ANSWER);
    Exchange end = send("platform-upload-status", request);
    assertThat(calls())
        .containsExactly(
            "skills.known(request)",
            "skillLists.of(<skills.known>)",
            "cxoneApi.call(uploadJob, <skillLists.of>, 1)",
            CALLED,
            "skillLists.worked(<skillLists.of>, " + TOLD + ")",
            "skillLists.isComplete(<skillLists.worked>)",
            "cxoneApi.call(list, <skillLists.worked>, 1)",
            CALLED,
            "skillLists.counted(<skillLists.worked>, " + TOLD + ")");
    assertThat(end.getMessage().getBody()).hasToString("\"<skillLists.counted>\"");
  }

  @Test
  void aJobThatIsWorkedOnIsNotCounted() {
    given("direct:cxone-call", ANSWER);
    send("platform-upload-status", request);
    assertThat(calls()).hasSize(7).last().isEqualTo("skillLists.working()");
  }

  @ParameterizedTest
  @CsvSource({
    "platform-upload-contacts, cut",
    "platform-upload-contacts, no",
    "platform-find-upload, cut",
    "platform-find-upload, no",
    "platform-upload-status, cut",
    "platform-upload-status, no"
  })
  void whatFailsOrIsRefusedIsLeftToTheCaller(String route, String how) {
    CxoneException failure =
        how.equals("no")
            ? new CxoneRefusedException(409, "X", "no")
            : new CxoneUnavailableException(
                CxoneUnavailableException.Kind.UNREACHABLE, "cut", null, null);
    given("skillLists.isKnown", true);
    given("direct:cxone-call", failure);
    assertLeftToTheCaller(send(route, request), failure);
    assertThat(calls()).last().isEqualTo(CALLED);
  }
}
