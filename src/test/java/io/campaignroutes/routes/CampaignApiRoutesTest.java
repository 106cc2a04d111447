package io.campaignroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignIntake;
import io.campaignroutes.campaign.CheckedEntry;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.compliance.CheckedRequest;
import io.campaignroutes.cxone.AgentPools;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.TimeRange;
import io.campaignroutes.store.StoreUnavailableException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("campaign-api")
class CampaignApiRoutesTest extends RouteTest {
  private static final byte[] REQUEST = "{}".getBytes(StandardCharsets.UTF_8);

  private final Campaign campaign =
      value(Campaign.class, "campaign", Map.of("arguments", json("{\"id\": \"r-1\"}")));
  private final CheckedRequest good = checked("good", true);
  private final CheckedRequest bad = checked("bad", false);
  private final AgentPools.Pool pool = value(AgentPools.Pool.class, "the pool", Map.of());

  CampaignApiRoutesTest() {
    super("campaign-api");
  }

  private static CheckedRequest checked(String name, boolean valid) {
    return value(CheckedRequest.class, name, Map.of("valid", valid));
  }

  @BeforeEach
  void aRequestForOneCampaign() {
    request(
        Map.of(
            "id",
            "cmp_1",
            "idempotencyKey",
            "key-1",
            "by",
            DESK,
            "stage",
            Stage.ACTIVE,
            "force",
            false,
            "afterCampaign",
            "cmp_0",
            "limit",
            2,
            "limitAndOne",
            3));
  }

  @Test
  void aLaunchIsWaitedForAndAnswered() {
    does(
        "direct:campaign-intake",
        arguments -> {
          handedIn(arguments);
          return campaign;
        });
    assertThat(send("campaign-api-create", REQUEST).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "httpRequest.process({})",
            "direct:campaign-intake <- {}",
            "launchEnd.process(campaign)",
            "answers.launched(campaign)",
            "httpAnswer.process(<answers.launched>)");
  }

  /** What an intake is called with besides the request. */
  private static Exchange handedIn(Object[] arguments) {
    Exchange exchange = (Exchange) arguments[0];
    assertThat(exchange.getVariable("idempotencyKey")).isEqualTo("key-1");
    assertThat(exchange.getVariable("by")).isSameAs(DESK);
    return exchange;
  }

  @Test
  void aCampaignThatIsTakenIsAnsweredAtOnce() {
    does(
        "direct:campaign-intake",
        arguments -> {
          handedIn(arguments).setVariable("repeat", true);
          return campaign;
        });
    assertThat(send("campaign-api-take", REQUEST).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "httpRequest.process({})",
            "direct:campaign-intake <- {}",
            "answers.accepted(campaign, true)",
            "httpAnswer.process(<answers.accepted>)");
  }

  @Test
  void aGoodRequestIsTaken() {
    does(
        "campaignIntake.check",
        arguments -> {
          assertThat(arguments[0]).isInstanceOf(byte[].class);
          return good;
        });
    given(
        "campaignIntake.take",
        value(CampaignIntake.Taken.class, "taken", Map.of("campaign", campaign, "repeat", true)));
    Exchange end = intake();
    assertThat(end.getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "campaignIntake.check({}, key-1)", "campaignIntake.take(good, desk (key))");
    assertThat(end.getVariable("repeat")).hasToString("true");
    assertThat(end.getMessage().getBody()).isSameAs(campaign);
  }

  private Exchange intake() {
    return send("campaign-intake", "{}", "idempotencyKey", "key-1", "by", DESK);
  }

  @Test
  void aBadRequestIsRefusedWithWhatIsToBeSaidAboutItsAgents() {
    var refused = new IllegalStateException("refused");
    given("campaignIntake.check", bad);
    given("campaignIntake.taken", false);
    given("campaignIntake.poolId", "pool-1");
    given("direct:platform-agents", pool);
    given("campaignIntake.withAgents", checked("bad, with agents", false));
    given("campaignIntake.refuse", refused);
    assertLeftToTheCaller(intake(), refused);
    assertThat(calls())
        .containsExactly(
            "campaignIntake.check({}, key-1)",
            "campaignIntake.taken(bad)",
            "campaignIntake.poolId(bad)",
            "platform.agents(pool-1, LAUNCH, 0)",
            "direct:platform-agents <- <platform.agents>",
            "campaignIntake.withAgents(bad, the pool)",
            "campaignIntake.refuse(bad, with agents)");
  }

  @Test
  void aBadRequestIsRefusedThoughItsAgentsCannotBeRead() {
    given("campaignIntake.check", bad);
    given("campaignIntake.taken", false);
    given("direct:campaign-agents", failure(CxoneUnavailableException.class, "no CXone"));
    given("campaignIntake.refuse", new IllegalStateException("refused"));
    assertThat(intake().getException()).hasMessage("refused");
    assertThat(calls())
        .containsExactly(
            "campaignIntake.check({}, key-1)",
            "campaignIntake.taken(bad)",
            "direct:campaign-agents <- {}",
            "DEBUG Refused before its agents were checked: no CXone",
            "campaignIntake.refuse(bad)");
  }

  @Test
  void aBadRequestThatWasTakenWhileItWasGoodIsARepeat() {
    given("campaignIntake.check", bad);
    given("campaignIntake.taken", true);
    given(
        "campaignIntake.take",
        value(CampaignIntake.Taken.class, "taken", Map.of("campaign", campaign, "repeat", true)));
    Exchange end = intake();
    assertThat(end.getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "campaignIntake.check({}, key-1)",
            "campaignIntake.taken(bad)",
            "campaignIntake.take(bad, desk (key))");
    assertThat(end.getVariable("repeat")).hasToString("true");
  }

  @Test
  void theAgentsThatARequestNamesAreLeftWithWhatIsToBeSaidOfThem() {
    given("campaignIntake.poolId", "pool-1");
    given("direct:platform-agents", pool);
    Exchange end = send("campaign-agents", REQUEST, "checked", good);
    assertThat(calls())
        .containsExactly(
            "campaignIntake.poolId(good)",
            "platform.agents(pool-1, LAUNCH, 0)",
            "direct:platform-agents <- <platform.agents>",
            "campaignIntake.withAgents(good, the pool)");
    assertThat(end.getVariable("pool")).isSameAs(pool);
    assertThat(end.getVariable("checked")).hasToString("<campaignIntake.withAgents>");
  }

  @Test
  void nobodyIsAskedForAgentsThatARequestDoesNotName() {
    given("campaignIntake.poolId", (Object) null);
    send("campaign-agents", REQUEST, "checked", good);
    assertThat(calls()).containsExactly("campaignIntake.poolId(good)");
  }

  @Test
  void agentsThatCannotBeReadAreLeftToTheCaller() {
    var odd = new IllegalStateException("odd");
    given("campaignIntake.poolId", odd);
    assertLeftToTheCaller(send("campaign-agents", REQUEST, "checked", good), odd);
  }

  @Test
  void aDryRunAsksThePlatformWhatItHasAgainstIt() {
    given("platformFindings.ofDryRun", json("{\"poolId\": \"p-1\"}"));
    given("direct:platform-findings", json("{\"findings\": []}"));
    Exchange end = send("campaign-findings", REQUEST, "checked", good);
    assertThat(calls())
        .containsExactly(
            "platformFindings.ofDryRun(good)",
            "platform.findings({\"poolId\":\"p-1\"}, LAUNCH, 0)",
            "direct:platform-findings <- <platform.findings>",
            "platformFindings.withAnswer(good, {\"findings\":[]})");
    assertThat(end.getVariable("checked")).hasToString("<platformFindings.withAnswer>");
  }

  @Test
  void aDryRunThatThePlatformIsNotAskedForStaysAsItIs() {
    given("platformFindings.ofDryRun", (Object) null);
    Exchange end = send("campaign-findings", REQUEST, "checked", good);
    assertThat(calls()).containsExactly("platformFindings.ofDryRun(good)");
    assertThat(end.getVariable("checked")).isSameAs(good);
  }

  @Test
  void aPlatformThatCannotBeAskedIsAWarningOfADryRun() {
    given("platformFindings.ofDryRun", json("{}"));
    given("direct:platform-findings", failure(CxoneUnavailableException.class, "no CXone"));
    Exchange end = send("campaign-findings", REQUEST, "checked", good);
    assertThat(calls())
        .endsWith(
            "DEBUG Validated without what the platform has against it: no CXone",
            "platformFindings.withoutAnswer(good, no CXone)");
    assertThat(end.getException()).isNull();
    assertThat(end.getVariable("checked")).hasToString("<platformFindings.withoutAnswer>");
  }

  @Test
  void aDryRunChecksAllThatALaunchWouldAndForecasts() {
    given("direct:campaign-findings", "looked");
    given("campaignIntake.check", good);
    given("campaignIntake.poolId", "pool-1");
    given("direct:platform-agents", pool);
    given("campaignIntake.withAgents", checked("agreed", true));
    assertThat(send("campaign-api-validate", REQUEST).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "httpRequest.process({})",
            "campaignIntake.check({}, key-1)",
            "direct:campaign-findings <- {}",
            "campaignIntake.poolId(good)",
            "platform.agents(pool-1, LAUNCH, 0)",
            "direct:platform-agents <- <platform.agents>",
            "campaignIntake.withAgents(good, the pool)",
            "campaignIntake.takeable(agreed)",
            "campaignForecast.of(agreed, the pool)",
            "poolOutlook.of(agreed, the pool, <campaignForecast.of>)",
            "answers.validated(agreed, <campaignForecast.of>, <poolOutlook.of>)",
            "httpAnswer.process(<answers.validated>)");
  }

  @Test
  void aDryRunWithoutAgentsSaysSo() {
    given("direct:campaign-findings", "looked");
    given("campaignIntake.check", good);
    given("direct:campaign-agents", failure(CxoneUnavailableException.class, "no CXone"));
    given("campaignIntake.withoutAgents", checked("unsure", true));
    assertThat(send("campaign-api-validate", REQUEST).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "httpRequest.process({})",
            "campaignIntake.check({}, key-1)",
            "direct:campaign-findings <- {}",
            "direct:campaign-agents <- looked",
            "DEBUG Validated without checking its agents: no CXone",
            "campaignIntake.withoutAgents(good, no CXone)",
            "campaignIntake.takeable(unsure)",
            "campaignForecast.of(unsure, null)",
            "poolOutlook.of(unsure, null, <campaignForecast.of>)",
            "answers.validated(unsure, <campaignForecast.of>, <poolOutlook.of>)",
            "httpAnswer.process(<answers.validated>)");
  }

  private static CheckedEntry entry(String name) {
    return value(CheckedEntry.class, name, Map.of());
  }

  @Test
  void aDryRunOfAFileAsksForEachPoolOnceAndTellsTheSum() {
    given(
        "dryRunFiles.chunks",
        List.of(List.of(entry("first")), List.of(entry("second"))).iterator());
    given("dryRuns.poolsOf", Set.of("pool-1"));
    given("dryRuns.asks", true);
    given("dryRuns.told", json("{\"valid\": true}"));
    given("direct:platform-agents", pool);
    assertThat(send("campaign-api-validate-file", REQUEST).getException()).isNull();
    assertThat(calls())
        .startsWith(
            "httpRequest.process({})",
            "dryRuns.begin()",
            "dryRunFiles.chunks({})",
            "dryRuns.poolsOf(<dryRuns.begin>, [first])",
            "dryRuns.asks(<dryRuns.begin>)",
            "platform.agents(pool-1, LAUNCH, 0)",
            "direct:platform-agents <- <platform.agents>",
            "dryRuns.agents(<dryRuns.begin>, pool-1, the pool)",
            "dryRuns.add(<dryRuns.begin>, [first])",
            "dryRuns.poolsOf(<dryRuns.begin>, [second])")
        .endsWith(
            "dryRuns.told(<dryRuns.begin>)",
            "answers.ok({\"valid\":true})",
            "httpAnswer.process(<answers.ok>)");
  }

  @Test
  void aDryRunOfAFileGoesOnWithoutAgentsThatCannotBeRead() {
    given("dryRunFiles.chunks", List.of(List.of(entry("first"))).iterator());
    given("dryRuns.poolsOf", Set.of("pool-1"));
    given("dryRuns.asks", true);
    given("dryRuns.told", json("{\"valid\": true}"));
    given("direct:platform-agents", failure(CxoneUnavailableException.class, "no CXone"));
    assertThat(send("campaign-api-validate-file", REQUEST).getException()).isNull();
    assertThat(calls())
        .contains(
            "DEBUG Agent pool pool-1 cannot be read now: no CXone",
            "dryRuns.unknown(<dryRuns.begin>, pool-1, no CXone)",
            "dryRuns.add(<dryRuns.begin>, [first])",
            "dryRuns.told(<dryRuns.begin>)");
  }

  @Test
  void aDryRunOfAFileReadsOnWhenItIsThroughWithWhatItHasRead() {
    var read = new AtomicInteger();
    given(
        "dryRunFiles.chunks",
        IntStream.range(0, 20)
            .mapToObj(n -> List.of(entry("entry " + read.incrementAndGet())))
            .iterator());
    given("dryRuns.poolsOf", Set.of());
    List<Integer> readByThen = new ArrayList<>();
    does(
        "dryRuns.add",
        arguments -> {
          readByThen.add(read.get());
          return null;
        });
    send("campaign-api-validate-file", REQUEST);
    assertThat(readByThen).hasSize(20);
    assertThat(readByThen.get(0)).as("chunks read when the first is through").isLessThan(5);
  }

  @Test
  void aDryRunOfAFileEndsWithWhatFails() {
    given(
        "dryRunFiles.chunks",
        List.of(List.of(entry("first")), List.of(entry("second"))).iterator());
    given("dryRuns.poolsOf", new IllegalStateException("odd"));
    send("campaign-api-validate-file", REQUEST);
    assertThat(calls())
        .contains("dryRuns.poolsOf(<dryRuns.begin>, [first])")
        .doesNotContain("dryRuns.poolsOf(<dryRuns.begin>, [second])")
        .last()
        .isEqualTo("httpAnswer.process(<answers.problem>)");
  }

  @Test
  void aDryRunOfABadRequestIsRefused() {
    given("direct:campaign-findings", "looked");
    given("campaignIntake.check", bad);
    given("direct:campaign-agents", "asked");
    given("campaignIntake.refuse", new IllegalStateException("refused"));
    send("campaign-api-validate", REQUEST);
    assertThat(calls())
        .containsExactly(
            "httpRequest.process({})",
            "campaignIntake.check({}, key-1)",
            "direct:campaign-findings <- {}",
            "direct:campaign-agents <- looked",
            "campaignIntake.refuse(bad)",
            "answers.problem(java.lang.IllegalStateException: refused)",
            "httpAnswer.process(<answers.problem>)");
  }

  @Test
  void aPageOfCampaignsIsReadByAllThatTheRequestSays() {
    given("campaignStore.list", List.of(campaign));
    assertThat(send("campaign-api-list", "asked").getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "httpRequest.process(asked)",
            "campaignStore.list(ACTIVE, cmp_0, 3)",
            "answers.list([campaign], 2)",
            "httpAnswer.process(<answers.list>)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "campaign-api-show   | one(campaign)",
        "campaign-api-pacing | pacing(campaign, http)",
        "campaign-api-audit  | audit(campaign)"
      })
  void aCampaignIsReadAndShown(String route, String call) {
    given("campaignStore.get", campaign);
    assertThat(send(route, "asked").getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "httpRequest.process(asked)",
            "campaignStore.get(cmp_1)",
            "answers." + call,
            "httpAnswer.process(<answers." + call.replaceFirst("\\(.*", "") + ">)");
  }

  @Test
  void thePlatformIsAskedForTheFiguresBetweenTwoTimes() {
    given("campaignStore.get", campaign);
    given("figures.between", new TimeRange(Instant.EPOCH, Instant.EPOCH.plusSeconds(60)));
    given("direct:platform-totals", json("{\"attemptedCalls\": 5}"));
    assertThat(send("campaign-api-metrics", "asked").getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "httpRequest.process(asked)",
            "campaignStore.get(cmp_1)",
            "figures.between(campaign, http)",
            "platform.totals({\"id\":\"r-1\"},"
                + " TimeRange[from=1970-01-01T00:00:00Z, to=1970-01-01T00:01:00Z], LAUNCH, 0)",
            "direct:platform-totals <- <platform.totals>",
            "answers.metrics(campaign, {\"attemptedCalls\":5})",
            "httpAnswer.process(<answers.metrics>)");
  }

  @ParameterizedTest
  @CsvSource({"pause, PAUSE", "resume, RESUME", "stop, STOP", "retry, RETRY"})
  void aCommandIsWrittenDownAndItsEndAnswered(String route, String command) {
    assertThat(send("campaign-api-" + route, "asked").getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "httpRequest.process(asked)",
            "commands.give(cmp_1, " + command + ", desk (key))",
            "commandEnd.process(<commands.give>)",
            "answers.commanded(<commands.give>, " + command + ")",
            "httpAnswer.process(<answers.commanded>)");
  }

  @Test
  void aStopThatIsForcedIsWrittenDownAsOne() {
    request(Map.of("id", "cmp_1", "force", true));
    send("campaign-api-stop", "asked");
    assertThat(calls()).contains("commands.forceStop(cmp_1, desk (key))");
    send("campaign-api-pause", "asked");
    assertThat(calls()).contains("commands.give(cmp_1, PAUSE, desk (key))");
  }

  @Test
  void aCommandThatCannotBeGivenIsLeftToTheCaller() {
    var odd = new IllegalStateException("odd");
    given("commands.give", odd);
    assertLeftToTheCaller(send("campaign-api-command", "asked", "command", "STOP"), odd);
  }

  @Test
  void theAuditOfWhatIsAboutNoCampaignIsAnswered() {
    assertThat(send("campaign-api-audit-service", "asked").getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "httpRequest.process(asked)",
            "answers.auditOfService()",
            "httpAnswer.process(<answers.auditOfService>)");
  }

  @Test
  void theDescriptionOfTheApiIsAnswered() {
    given("openApi.document", json("{\"openapi\": \"3.1.0\"}"));
    assertThat(send("campaign-api-openapi", "asked").getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "httpRequest.process(asked)",
            "openApi.document()",
            "answers.ok({\"openapi\":\"3.1.0\"})",
            "httpAnswer.process(<answers.ok>)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create",
        "take",
        "validate",
        "validate-file",
        "list",
        "show",
        "pacing",
        "audit",
        "metrics",
        "pause",
        "resume",
        "stop",
        "retry",
        "openapi"
      })
  void whatFailsIsAnsweredByAProblem(String route) {
    given("httpRequest.process", new IllegalStateException("odd"));
    assertThat(send("campaign-api-" + route, "asked").getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "httpRequest.process(asked)",
            "answers.problem(java.lang.IllegalStateException: odd)",
            "httpAnswer.process(<answers.problem>)");
  }

  @Test
  void callersWhoseWaitIsOverAreLookedAfter() {
    given("launchWaiters.due", List.of("cmp_1", "cmp_2"));
    send("campaign-api-sweep", null);
    assertThat(calls())
        .containsExactly(
            "launchWaiters.due()", "launchWaiters.look(cmp_1)", "launchWaiters.look(cmp_2)");
    assertThat(from("campaign-api-sweep"))
        .isEqualTo("scheduler:campaign-api-sweep?delay=250&scheduler=#whenDue&synchronous=true");
  }

  @Test
  void aSweepThatFailsGoesOnWithTheNextTick() {
    given("launchWaiters.due", List.of("cmp_1"));
    given("launchWaiters.look", failure(StoreUnavailableException.class, "no store"));
    assertThat(send("campaign-api-sweep", null).getException()).isNull();
    assertThat(calls()).last().asString().startsWith("DEBUG campaign-api-sweep is tried again");
  }
}
