package io.campaignroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.cxone.AgentPools;
import io.campaignroutes.cxone.CxoneException;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.RateWrites;
import io.campaignroutes.cxone.TimeRange;
import io.campaignroutes.cxone.Urgency;
import io.campaignroutes.pacing.PacingClaimLostException;
import io.campaignroutes.pacing.PacingDecision;
import io.campaignroutes.pacing.PacingRun;
import io.campaignroutes.pacing.PoolRun;
import io.campaignroutes.pacing.UnpacedCampaign;
import io.campaignroutes.store.StoreUnavailableException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.model.ThreadsDefinition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("campaign-pacing")
class CampaignPacingRoutesTest extends RouteTest {
  private static final JsonNode FIGURES = json("{\"connected\": 5}");
  private static final CxoneRefusedException NONE_YET =
      new CxoneRefusedException(404, null, "no figures");
  private static final CxoneUnavailableException STOPPING =
      value(
          CxoneUnavailableException.class,
          "stopping",
          Map.of("stopOfService", true, "getMessage", "The service is being stopped."));
  private static final CxoneUnavailableException UNREACHABLE =
      new CxoneUnavailableException(
          CxoneUnavailableException.Kind.UNREACHABLE, "no answer", null, null);

  private static final String ASKED = "platform.figures({\"id\":\"cmp_1\"}, PACING, 7)";
  private static final String FIGURES_ASKED = "direct:platform-figures <- <platform.figures>";
  private static final String AGENTS = "platform.agents(pool-1, PACING, 5)";
  private static final String AGENTS_ASKED = "direct:platform-agents <- <platform.agents>";
  private static final String TOTALS =
      "platform.totals({\"id\":\"cmp_1\"},"
          + " TimeRange[from=1970-01-01T00:00:00Z, to=1970-01-01T00:01:00Z], PACING, 7)";

  private final PacingRun run = run("run", Map.of());
  private final PoolRun pool = pool("pool", Map.of());

  CampaignPacingRoutesTest() {
    super("campaign-pacing");
  }

  private static PoolRun pool(String name, Map<String, ?> says) {
    Map<String, Object> all = new HashMap<>(Map.of("id", "pool-1", "askedSince", 5L));
    all.putAll(says);
    return value(PoolRun.class, name, all);
  }

  private static PacingRun run(String name, Map<String, ?> says) {
    Map<String, Object> all = new HashMap<>();
    all.put("arguments", json("{\"id\": \"cmp_1\"}"));
    all.put("dueSince", 7L);
    all.put("campaign", value(Campaign.class, "cmp_1", Map.of("id", "cmp_1")));
    all.put("decision", value(PacingDecision.class, "decision", Map.of("rate", 1.5)));
    all.putAll(says);
    return value(PacingRun.class, name, all);
  }

  // The tick of a pool

  @Test
  void poolsThatAreDueAreClaimedAndRunOnTheirThreads() {
    given("pools.claim", List.of(pool, pool("other", Map.of())));
    given("direct:campaign-pacing-pool", "done");
    assertThat(send("campaign-pacing", null).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "pools.claim()",
            "on pacingWorkers",
            "direct:campaign-pacing-pool <- pool",
            "on pacingWorkers",
            "direct:campaign-pacing-pool <- other");
    assertThat(from("campaign-pacing"))
        .isEqualTo(
            "scheduler:campaign-pacing?delay=100ms&initialDelay=500&scheduler=#whenDue&synchronous=true");
  }

  @Test
  void aClaimThatFailsIsTriedAgainWithTheNextTick() {
    given("pools.claim", new IllegalStateException("odd"));
    assertThat(send("campaign-pacing", null).getException()).isNull();
    assertThat(calls())
        .last()
        .isEqualTo("WARN campaign-pacing failed and is tried again with the next tick: odd");
  }

  // Without a store

  private static final UnpacedCampaign UNPACED =
      value(
          UnpacedCampaign.class,
          "unpaced",
          Map.of("arguments", json("{\"id\": \"cmp_1\"}"), "rate", 0.01, "since", 9L));

  private static final List<String> SLOWER =
      List.of(
          "platform.setRate({\"id\":\"cmp_1\"}, 0.01, SLOWER, 9)",
          "direct:platform-set-rate <- <platform.setRate>");

  @Test
  void whatNobodyPacesIsBroughtDown() {
    given("unpaced.slower", List.of(UNPACED));
    given("direct:campaign-pacing-unpaced", "told");
    assertThat(send("campaign-unpaced", null).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "unpaced.slower()", "on pacingWorkers", "direct:campaign-pacing-unpaced <- unpaced");
    assertThat(from("campaign-unpaced"))
        .isEqualTo("scheduler:campaign-unpaced?delay=1000&initialDelay=1000&synchronous=true");
    given("unpaced.slower", new IllegalStateException("odd"));
    assertThat(send("campaign-unpaced", null).getException()).isNull();
    assertThat(calls())
        .last()
        .isEqualTo("WARN campaign-unpaced failed and is tried again with the next tick: odd");
  }

  @Test
  void theLowestRateIsSentAndWhatBecameOfItIsRemembered() {
    given("direct:platform-set-rate", new RateWrites.Outcome(true, null));
    assertThat(send("campaign-pacing-unpaced", UNPACED).getException()).isNull();
    assertThat(calls())
        .startsWith(SLOWER.toArray(String[]::new))
        .last()
        .isEqualTo("unpaced.told(unpaced, Outcome[confirmed=true, why=null])");
  }

  @Test
  void theLowestRateThatCouldNotBeSentIsSentAgain() {
    for (Exception why : List.of(UNREACHABLE, new IllegalStateException("odd"))) {
      forget();
      given("direct:platform-set-rate", why);
      assertThat(send("campaign-pacing-unpaced", UNPACED).getException()).isNull();
      assertThat(calls()).last().isEqualTo("unpaced.notTold(unpaced, " + why + ")");
    }
  }

  @Test
  void aTickAsksForAgentsAndFiguresDecidesAndSendsTheLowerRatesFirst() {
    given("direct:campaign-pacing-agents", "asked");
    given("direct:campaign-pacing-figures", "asked");
    given("direct:campaign-pacing-change", "changed");
    given("pools.decide", pool("decided", Map.of("lowers", List.of(run("lower", Map.of())))));
    given("pools.raises", List.of(run("higher", Map.of())));
    send(
        "campaign-pacing-pool",
        pool("pool", Map.of("asks", true, "questions", List.of(pool, run, run("2nd", Map.of())))));
    assertThat(calls())
        .filteredOn(call -> !call.startsWith("on "))
        .containsExactly(
            "direct:campaign-pacing-agents <- pool",
            "direct:campaign-pacing-figures <- run",
            "direct:campaign-pacing-figures <- 2nd",
            "pools.decide(pool)",
            "direct:campaign-pacing-change <- lower",
            "pools.raises(decided)",
            "direct:campaign-pacing-change <- higher",
            "pools.ended(decided)");
    assertThat(calls()).filteredOn(call -> call.startsWith("on ")).containsOnly("on pacingWorkers");
  }

  @Test
  void campaignsOfOnePoolAreAskedForAndChangedOnSeveralThreads() {
    assertThat(
            ProcessorDefinitionHelper.filterTypeInOutputs(
                context.getRouteDefinition("campaign-pacing-pool").getOutputs(),
                SplitDefinition.class))
        .hasSize(3)
        .allMatch(split -> "true".equals(split.getParallelProcessing()))
        .allMatch(split -> "#pacingWorkers".equals(split.getExecutorService()))
        .as("none waits for an answer for longer than a period")
        .allMatch(split -> "{{pacing.period}}".equals(split.getTimeout()));
    assertThat(
            ProcessorDefinitionHelper.filterTypeInOutputs(
                context.getRouteDefinition("campaign-pacing-pool").getOutputs(),
                ThreadsDefinition.class))
        .as("nor decides on the thread that tells of it")
        .singleElement()
        .satisfies(threads -> assertThat(threads.getExecutorService()).isEqualTo("#pacingWorkers"));
  }

  @Test
  void wherePoolsHaveNobodyWhoMayCallNothingIsAsked() {
    given("pools.decide", pool("decided", Map.of()));
    send("campaign-pacing-pool", pool);
    assertThat(calls())
        .filteredOn(call -> !call.startsWith("on "))
        .containsExactly("pools.decide(pool)", "pools.raises(decided)", "pools.ended(decided)");
  }

  private Exchange agents() {
    return send("campaign-pacing-agents", pool, "pool", pool);
  }

  @Test
  void whoIsThereIsKeptForTheDecision() {
    given("direct:platform-agents", value(AgentPools.Pool.class, "the agents", Map.of()));
    agents();
    assertThat(calls()).containsExactly(AGENTS, AGENTS_ASKED, "pools.agents(pool, the agents)");
  }

  @Test
  void agentsThatCxoneDoesNotTellAreNotKnown() {
    given("direct:platform-agents", UNREACHABLE);
    Exchange end = agents();
    assertThat(calls())
        .containsExactly(
            AGENTS,
            AGENTS_ASKED,
            "DEBUG Agent pool pool-1: CXone did not tell its agents: no answer");
    assertThat(end.getException()).isNull();
  }

  @Test
  void whateverElseBecomesOfTheQuestionForAgentsIsToldToThePool() {
    for (Exception why : List.of(STOPPING, new IllegalStateException("odd"))) {
      forget();
      given("direct:platform-agents", why);
      Exchange end = agents();
      assertThat(calls())
          .containsExactly(AGENTS, AGENTS_ASKED, "pools.agentsUnread(pool, " + why + ")");
      assertThat(end.getException()).isNull();
    }
  }

  @Test
  void eachKindOfFailureOfAPoolsTickLeadsToItsOwnEnd() {
    assertThat(endOfPool(failure(StoreUnavailableException.class, "no store")))
        .isEqualTo("pools.giveBack(pool)");
    assertThat(endOfPool(failure(PacingClaimLostException.class, "The claim is lost.")))
        .isEqualTo("poolErrors.lost(pool)");
    assertThat(calls()).contains("INFO The claim is lost. The result of this run is dropped.");
    assertThat(endOfPool(UNREACHABLE)).isEqualTo("poolErrors.notDecided(pool)");
    assertThat(endOfPool(new IllegalStateException("odd")))
        .isEqualTo("poolErrors.broken(pool, java.lang.IllegalStateException: odd)");
  }

  private String endOfPool(Throwable failure) {
    given("pools.decide", failure);
    Exchange end = send("campaign-pacing-pool", pool);
    assertThat(end.getException()).isNull();
    return calls().get(calls().size() - 1);
  }

  // The figures of a campaign

  private Exchange figures() {
    return send("campaign-pacing-figures", run, "pool", pool);
  }

  @Test
  void figuresAreReadAndKeptForTheDecisionOfThePool() {
    given("direct:platform-figures", FIGURES);
    given("pacing.figures", run("read", Map.of()));
    figures();
    assertThat(calls())
        .containsExactly(
            ASKED,
            FIGURES_ASKED,
            "pacing.figures(run, {\"connected\":5})",
            "pacing.behind(read)",
            "pools.read(pool, read)");
  }

  @Test
  void countsThatWereMissedAreCaughtUpWith() {
    given("direct:platform-figures", FIGURES);
    given("pacing.figures", run("read", Map.of()));
    given("pacing.behind", true);
    given("pacing.period", new TimeRange(Instant.EPOCH, Instant.EPOCH.plusSeconds(60)));
    given("direct:platform-totals", json("{\"attemptedCalls\": 9}"));
    figures();
    assertThat(calls())
        .containsExactly(
            ASKED,
            FIGURES_ASKED,
            "pacing.figures(run, {\"connected\":5})",
            "pacing.behind(read)",
            "pacing.period(read)",
            TOTALS,
            "direct:platform-totals <- <platform.totals>",
            "pacing.caughtUp(read, {\"attemptedCalls\":9})",
            "pools.read(pool, <pacing.caughtUp>)");
  }

  @Test
  void countsThatCannotBeCaughtUpWithLeaveTheFiguresAsTheyAre() {
    given("pacing.period", new TimeRange(Instant.EPOCH, Instant.EPOCH.plusSeconds(60)));
    given("direct:platform-totals", UNREACHABLE);
    Exchange end = send("campaign-pacing-catch-up", null, "run", run);
    assertThat(calls())
        .containsExactly(
            "pacing.period(run)",
            TOTALS,
            "direct:platform-totals <- <platform.totals>",
            "WARN Campaign cmp_1: the counts of the meantime are not known: no answer");
    assertThat(end.getVariable("run")).isSameAs(run);
    assertThat(end.getException()).isNull();
  }

  @Test
  void whereThereAreNoFiguresYetThatIsWhatIsKnown() {
    given("direct:platform-figures", NONE_YET);
    figures();
    assertThat(calls())
        .containsExactly(
            ASKED, FIGURES_ASKED, "pacing.notYet(run)", "pools.read(pool, <pacing.notYet>)");
  }

  @Test
  void figuresThatAreRefusedOrNotAnsweredAreMissing() {
    for (CxoneException why : List.of(new CxoneRefusedException(400, "X", "no"), UNREACHABLE)) {
      forget();
      given("direct:platform-figures", why);
      Exchange end = figures();
      assertThat(calls())
          .containsExactly(
              ASKED,
              FIGURES_ASKED,
              "pacing.missing(run, " + why + ")",
              "pools.read(pool, <pacing.missing>)");
      assertThat(end.getException()).isNull();
    }
  }

  /** The figures of the others of the pool hold all the same. */
  @Test
  void whateverElseBecomesOfTheQuestionIsKeptOfThatCampaign() {
    for (Exception why : List.of(STOPPING, new IllegalStateException("odd"))) {
      forget();
      given("direct:platform-figures", why);
      Exchange end = figures();
      assertThat(calls())
          .containsExactly(ASKED, FIGURES_ASKED, "pools.unread(pool, run, " + why + ")");
      assertThat(end.getException()).isNull();
    }
  }

  @Test
  void aStopOfTheServiceWhileCountsAreCaughtUpWithIsOneOfTheTick() {
    given("direct:platform-figures", FIGURES);
    given("pacing.behind", true);
    given("direct:platform-totals", STOPPING);
    given("pacing.figures", run("read", Map.of()));
    given("pacing.period", new TimeRange(Instant.EPOCH, Instant.EPOCH.plusSeconds(60)));
    figures();
    assertThat(calls()).last().isEqualTo("pools.unread(pool, read, stopping)");
  }

  // A change

  private Exchange change(PacingRun changing) {
    return send("campaign-pacing-change", changing, "pool", pool);
  }

  @Test
  void anotherRateIsSentAndWhatBecameOfItIsWritten() {
    given("direct:platform-set-rate", new RateWrites.Outcome(true, null));
    change(run("decided", Map.of("change", PacingRun.Change.RATE, "urgency", Urgency.COMMAND)));
    assertThat(calls())
        .containsExactly(
            "pools.late(pool, decided)",
            "platform.setRate({\"id\":\"cmp_1\"}, 1.5, COMMAND, 7)",
            "direct:platform-set-rate <- <platform.setRate>",
            "pacing.sent(decided, Outcome[confirmed=true, why=null])");
  }

  @Test
  void noCallsIsAHold() {
    change(run("decided", Map.of("change", PacingRun.Change.HOLD)));
    assertThat(calls()).containsExactly("pools.late(pool, decided)", "pacing.hold(decided)");
  }

  @Test
  void whatIsNoChangeSendsNothing() {
    change(run("decided", Map.of("change", PacingRun.Change.NONE)));
    assertThat(calls()).containsExactly("pools.late(pool, decided)");
  }

  @Test
  void aChangeUnderWhichTheLeaseCouldEndIsNotBegun() {
    given("pools.late", true);
    change(run("decided", Map.of("change", PacingRun.Change.RATE)));
    assertThat(calls()).containsExactly("pools.late(pool, decided)", "pacing.putOff(decided)");
  }

  @Test
  void eachKindOfFailureOfAChangeLeadsToItsOwnEnd() {
    assertThat(endOf(failure(StoreUnavailableException.class, "no store")))
        .isEqualTo("pacing.giveBack(run)");
    assertThat(endOf(failure(PacingClaimLostException.class, "The claim is lost.")))
        .isEqualTo("INFO The claim is lost. The result of this run is dropped.");
    assertThat(endOf(UNREACHABLE)).isEqualTo("tickErrors.notWritten(run, " + UNREACHABLE + ")");
    assertThat(endOf(NONE_YET)).isEqualTo("tickErrors.refused(run, " + NONE_YET + ")");
    assertThat(endOf(new IllegalStateException("odd")))
        .isEqualTo("tickErrors.broken(run, java.lang.IllegalStateException: odd)");
  }

  private String endOf(Throwable failure) {
    given("direct:platform-set-rate", failure);
    Exchange end = change(run("run", Map.of("change", PacingRun.Change.RATE)));
    assertThat(end.getException()).isNull();
    return calls().get(calls().size() - 1);
  }

  // A campaign that is resumed

  private final Campaign resumed =
      value(
          Campaign.class,
          "cmp_1",
          Map.of(
              "id",
              "cmp_1",
              "arguments",
              json("{\"id\": \"cmp_1\"}"),
              "urgency",
              Urgency.COMMAND,
              "dueSince",
              7L));

  @Test
  void whoIsResumedIsBroughtDownToWhatItsPoolHasRoomFor() {
    given("resumes.rate", 0.4);
    given("direct:platform-set-rate", new RateWrites.Outcome(true, null));
    Exchange end = send("campaign-pacing-resume", null, "campaign", resumed);
    assertThat(end.getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "resumes.rate(cmp_1)",
            "platform.setRate({\"id\":\"cmp_1\"}, 0.4, COMMAND, 7)",
            "direct:platform-set-rate <- <platform.setRate>",
            "resumes.sent(cmp_1, 0.4, Outcome[confirmed=true, why=null])");
  }

  @Test
  void whoMayDialAsItDidIsLeftAlone() {
    send("campaign-pacing-resume", null, "campaign", resumed);
    assertThat(calls()).containsExactly("resumes.rate(cmp_1)");
  }

  @Test
  void aRefusalOfThatDoesNotStopTheResumeAndALostAnswerLeavesItToTheCaller() {
    given("resumes.rate", 0.4);
    given("direct:platform-set-rate", new CxoneRefusedException(409, "X", "no"));
    assertThat(send("campaign-pacing-resume", null, "campaign", resumed).getException()).isNull();
    assertThat(calls())
        .contains("resumes.keeps(cmp_1)")
        .last()
        .isEqualTo("WARN Campaign cmp_1: the rate that it is to begin with again was refused: no");
    given("direct:platform-set-rate", UNREACHABLE);
    assertLeftToTheCaller(send("campaign-pacing-resume", null, "campaign", resumed), UNREACHABLE);
  }
}
