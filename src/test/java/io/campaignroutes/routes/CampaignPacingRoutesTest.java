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
import io.campaignroutes.pacing.PacingClaimLostException;
import io.campaignroutes.pacing.PacingDecision;
import io.campaignroutes.pacing.PacingRun;
import io.campaignroutes.store.StoreUnavailableException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
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
  private static final String TOTALS =
      "platform.totals({\"id\":\"cmp_1\"},"
          + " TimeRange[from=1970-01-01T00:00:00Z, to=1970-01-01T00:01:00Z], PACING, 7)";

  private final PacingRun run = run("run", Map.of("asks", true));

  CampaignPacingRoutesTest() {
    super("campaign-pacing");
  }

  private static PacingRun run(String name, Map<String, ?> says) {
    Map<String, Object> all = new HashMap<>();
    all.put("arguments", json("{\"id\": \"cmp_1\"}"));
    all.put("dueSince", 7L);
    all.put("campaign", value(Campaign.class, "cmp_1", Map.of("id", "cmp_1", "poolId", "pool-1")));
    all.put("decision", value(PacingDecision.class, "decision", Map.of("rate", 1.5)));
    all.putAll(says);
    return value(PacingRun.class, name, all);
  }

  @Test
  void ticksThatAreDueAreClaimedAndRunOnTheirThreads() {
    given("pacing.claim", List.of(run, run("other", Map.of())));
    given("direct:campaign-pacing-tick", "done");
    assertThat(send("campaign-pacing", null).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "pacing.claim()",
            "on pacingWorkers",
            "direct:campaign-pacing-tick <- run",
            "on pacingWorkers",
            "direct:campaign-pacing-tick <- other");
    assertThat(from("campaign-pacing"))
        .isEqualTo("scheduler:campaign-pacing?delay=100ms&initialDelay=500&synchronous=true");
  }

  @Test
  void aClaimThatFailsIsTriedAgainWithTheNextTick() {
    given("pacing.claim", new IllegalStateException("odd"));
    assertThat(send("campaign-pacing", null).getException()).isNull();
    assertThat(calls())
        .last()
        .isEqualTo("WARN campaign-pacing failed and is tried again with the next tick: odd");
  }

  @Test
  void aTickDecidesByFiguresAndSendsTheRate() {
    given("direct:platform-figures", FIGURES);
    given("pacing.figures", run("read", Map.of()));
    given("pacing.decide", run("decided", Map.of("change", PacingRun.Change.RATE)));
    given("direct:platform-set-rate", new RateWrites.Outcome(true, null));
    assertThat(send("campaign-pacing-tick", run).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            ASKED,
            FIGURES_ASKED,
            "pacing.figures(run, {\"connected\":5})",
            "pacing.behind(read)",
            "pacing.decide(read)",
            "platform.setRate({\"id\":\"cmp_1\"}, 1.5, PACING, 7)",
            "direct:platform-set-rate <- <platform.setRate>",
            "pacing.sent(decided, Outcome[confirmed=true, why=null])");
  }

  @Test
  void aTickThatAsksForNothingDecidesAndMayHold() {
    given("pacing.decide", run("decided", Map.of("change", PacingRun.Change.HOLD)));
    assertThat(send("campaign-pacing-tick", run("quiet", Map.of())).getException()).isNull();
    assertThat(calls()).containsExactly("pacing.decide(quiet)", "pacing.hold(decided)");
  }

  @Test
  void aDecisionThatChangesNothingSendsNothing() {
    given("pacing.decide", run("decided", Map.of("change", PacingRun.Change.NONE)));
    Exchange end = send("campaign-pacing-tick", run("quiet", Map.of()));
    assertThat(calls()).containsExactly("pacing.decide(quiet)");
    assertThat(end.getVariable("run")).hasToString("decided");
  }

  @Test
  void countsThatWereMissedAreCaughtUpWith() {
    given("direct:platform-figures", FIGURES);
    given("pacing.figures", run("read", Map.of()));
    given("pacing.behind", true);
    given("pacing.period", new TimeRange(Instant.EPOCH, Instant.EPOCH.plusSeconds(60)));
    given("direct:platform-totals", json("{\"attemptedCalls\": 9}"));
    Exchange end = send("campaign-pacing-figures", null, "run", run);
    assertThat(calls())
        .containsExactly(
            ASKED,
            FIGURES_ASKED,
            "pacing.figures(run, {\"connected\":5})",
            "pacing.behind(read)",
            "pacing.period(read)",
            TOTALS,
            "direct:platform-totals <- <platform.totals>",
            "pacing.caughtUp(read, {\"attemptedCalls\":9})");
    assertThat(end.getVariable("run")).hasToString("<pacing.caughtUp>");
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
  void whereThereAreNoFiguresYetThePoolIsAsked() {
    given("direct:platform-figures", NONE_YET);
    given("direct:platform-agents", value(AgentPools.Pool.class, "the pool", Map.of()));
    Exchange end = send("campaign-pacing-figures", null, "run", run);
    assertThat(calls())
        .containsExactly(
            ASKED,
            FIGURES_ASKED,
            "platform.agents(pool-1, PACING, 7)",
            "direct:platform-agents <- <platform.agents>",
            "pacing.notYet(run, the pool)");
    assertThat(end.getVariable("run")).hasToString("<pacing.notYet>");
  }

  @Test
  void whereThereAreNeitherFiguresNorAgentsNobodyIsSaidToBeThere() {
    given("direct:platform-agents", UNREACHABLE);
    send("campaign-pacing-first", "before", "run", run);
    assertThat(calls())
        .containsExactly(
            "platform.agents(pool-1, PACING, 7)",
            "direct:platform-agents <- <platform.agents>",
            "DEBUG Campaign cmp_1: CXone gave neither figures nor agents: no answer",
            "pacing.notYet(run, null)");
  }

  @Test
  void figuresThatAreRefusedOrNotAnsweredAreMissing() {
    for (CxoneException why : List.of(new CxoneRefusedException(400, "X", "no"), UNREACHABLE)) {
      forget();
      given("direct:platform-figures", why);
      Exchange end = send("campaign-pacing-figures", null, "run", run);
      assertThat(calls()).containsExactly(ASKED, FIGURES_ASKED, "pacing.missing(run, " + why + ")");
      assertThat(end.getVariable("run")).hasToString("<pacing.missing>");
      assertThat(end.getException()).isNull();
    }
  }

  /** Nothing was asked for then, so nothing is to be decided by it. */
  @Test
  void aStopOfTheServiceEndsATickAtWhateverCallItComes() {
    given("direct:platform-figures", STOPPING);
    send("campaign-pacing-tick", run);
    assertThat(calls())
        .containsExactly(ASKED, FIGURES_ASKED, "tickErrors.notWritten(run, stopping)");
    forget();
    given("direct:platform-agents", STOPPING);
    given("direct:platform-figures", NONE_YET);
    send("campaign-pacing-tick", run);
    assertThat(calls()).last().isEqualTo("tickErrors.notWritten(run, stopping)");
    assertThat(calls()).noneMatch(line -> line.startsWith("pacing."));
    forget();
    given("direct:platform-figures", FIGURES);
    given("pacing.behind", true);
    given("direct:platform-totals", STOPPING);
    given("pacing.figures", run("read", Map.of()));
    given("pacing.period", new TimeRange(Instant.EPOCH, Instant.EPOCH.plusSeconds(60)));
    send("campaign-pacing-tick", run);
    assertThat(calls()).last().isEqualTo("tickErrors.notWritten(read, stopping)");
  }

  @Test
  void eachKindOfFailureOfATickLeadsToItsOwnEnd() {
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
    given("pacing.decide", failure);
    Exchange end = send("campaign-pacing-tick", run("run", Map.of()));
    assertThat(end.getException()).isNull();
    return calls().get(calls().size() - 1);
  }
}
