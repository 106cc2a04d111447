package io.campaignroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.collect.CollectRun;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.PlatformRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("collect")
class CollectRoutesTest extends RouteTest {
  CollectRoutesTest() {
    super("platform/personal-connection/collect");
  }

  @Test
  void everySecondWhatIsDueIsTakenAndReadOnThreadsOfItsOwn() {
    given("collect.claim", List.of(run("states", null), run("skills", null)));
    given("direct:collect-run", "done");
    send("collect", null);
    assertThat(calls())
        .containsExactly(
            "collect.claim()",
            "on pacingWorkers",
            "direct:collect-run <- run",
            "on pacingWorkers",
            "direct:collect-run <- run");
    assertThat(from("collect"))
        .isEqualTo("scheduler:collect?delay=1000&initialDelay=2000&synchronous=true");
  }

  @ParameterizedTest
  @CsvSource({"direct:cxone-call", "direct:tenant-business-unit"})
  void aStopOfTheServiceEndsTheReadingOfSettings(String call) {
    given("skillWatch.due", List.of(skill("one"), skill("two")));
    given("direct:cxone-call", json("{\"a\": 1}"));
    given("direct:tenant-business-unit", json("{\"b\": 1}"));
    given(
        call,
        value(
            CxoneUnavailableException.class,
            "stopping",
            Map.of("stopOfService", true, "getMessage", "The service is being stopped.")));
    send("collect-run", run("settings", null));
    assertThat(calls())
        .noneMatch(line -> line.startsWith("skillWatch.unread("))
        .noneMatch(line -> line.startsWith("DEBUG "))
        .anyMatch(line -> line.startsWith("collect.failed(run, "));
  }

  @ParameterizedTest
  @CsvSource({
    "activity,  skillActivity",
    "completed, completedContacts",
    "skills,    skills",
    "lists,     lists",
    "states,    changedStates"
  })
  void whatIsReadIsHandedOverToBeCounted(String key, String operation) {
    given("direct:cxone-call", json("{\"a\": 1}"));
    send("collect-run", run(key, "2025-11-03T15:00:00Z"));
    assertThat(calls()).anyMatch(call -> call.startsWith("cxoneApi.call(" + operation + ","));
    assertThat(calls()).anyMatch(call -> call.startsWith("collect." + key + "("));
    assertThat(calls()).noneMatch(call -> call.startsWith("collect.failed("));
    assertThat(calls().contains("collectEvents.tell()")).isEqualTo(key.equals("skills"));
  }

  @Test
  void settingsAreReadSkillBySkillAndWhatCannotBeReadKeepsNobodyElseWaiting() {
    given("skillWatch.due", List.of(skill("one"), skill("two"), skill("three")));
    given(
        "direct:cxone-call",
        json("{\"a\": 1}"),
        new CxoneRefusedException(403, null, "no"),
        json("{\"a\": 3}"));
    given("skillWatch.lacksBlocks", false, true);
    given("direct:skill-read", json("{\"general\": 3}"));
    given(
        "direct:tenant-business-unit",
        json("{\"predictive\": false}"),
        json("{\"predictive\": true}"),
        new CxoneRefusedException(403, null, "no"));
    send("collect-run", run("settings", null));
    assertThat(calls())
        .contains(
            "cxoneApi.call(allSettings, one, 1)",
            "skillWatch.read(one, {\"a\":1})",
            "direct:tenant-business-unit <- one",
            "skillRatio.unit(one, {\"predictive\":false})",
            "skillRatio.unit(two, {\"predictive\":true})",
            "skillWatch.read(three, {\"general\":3})",
            "collectEvents.tell()",
            "collect.settings(run)");
    assertThat(calls())
        .anyMatch(call -> call.startsWith("skillWatch.unread(two, "))
        .anyMatch(call -> call.startsWith("DEBUG Whether there is predictive dialing cannot be"))
        .noneMatch(call -> call.startsWith("skillRatio.unit(three"));
  }

  @Test
  void allStatesAreReadFirst() {
    given("direct:cxone-call", json("{\"a\": 1}"));
    send("collect-run", run("states", null));
    assertThat(calls()).anyMatch(call -> call.startsWith("cxoneApi.call(allStates,"));
  }

  @Test
  void aReadThatIsNotAnsweredIsPutOff() {
    given("direct:cxone-call", new IllegalStateException("cut"));
    send("collect-run", run("lists", null));
    assertThat(calls()).anyMatch(call -> call.startsWith("collect.failed("));
    assertThat(calls()).noneMatch(call -> call.startsWith("collect.lists("));
  }

  private static PlatformRequest skill(String name) {
    return value(PlatformRequest.class, name, Map.of());
  }

  private CollectRun run(String key, String pollTime) {
    Map<String, Object> values = new HashMap<>();
    values.put("key", key);
    values.put("pollTime", pollTime);
    return value(CollectRun.class, "run", values);
  }
}
