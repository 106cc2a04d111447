package io.campaignroutes.pacing;

import static io.campaignroutes.campaign.CampaignFixture.cut;
import static io.campaignroutes.campaign.CampaignFixture.json;
import static io.campaignroutes.campaign.CampaignFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignFixture;
import io.campaignroutes.campaign.Command;
import io.campaignroutes.campaign.PriorityClass;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.store.TestStores;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ticks of campaigns on a platform that dials for agents who wait, on a real store. */
abstract class RatioSuite {
  private static final String ALL_DAY =
      "'policy':'none','pacingLimit':50,'pacing':{'maxCallsPerSecond':50},"
          + "'schedule':{'daysOfWeek':['MONDAY','TUESDAY','WEDNESDAY','THURSDAY',"
          + "'FRIDAY','SATURDAY','SUNDAY'],'startHour':0,'endHour':24}";

  private PacingFixture pacing;
  private TestStores.Opened opened;
  private int tick;

  abstract TestStores.Opened open();

  @BeforeEach
  void openBench() {
    opened = open();
    pacing = new PacingFixture(opened, PacingFixture.BY_RATIO);
  }

  @AfterEach
  void close() {
    try {
      pacing.bench.assertHistoryAndAuditAgree();
    } finally {
      pacing.close();
      opened.close();
    }
  }

  @Test
  void theFirstWriteIsOneLineForEachAgent() {
    Campaign campaign = active();
    PacingRun run = decide(pacing.claim(campaign), 0, 0);
    assertThat(run.change()).isEqualTo(PacingRun.Change.RATE);
    assertThat(run.decision().rate()).isEqualTo(1);
    pacing.work.written(run);
    JsonNode told = pacing.changesInAudit(campaign).get(0);
    assertThat(told.path("ratio").asInt()).isEqualTo(1);
    assertThat(told.has("maxCallsPerSecond")).isFalse();
    JsonNode shown = pacing.decisions(campaign).get(0);
    assertThat(shown.path("ratio").asInt()).isEqualTo(1);
    assertThat(shown.path("blockMultipleCalls").asBoolean()).isTrue();
    assertThat(shown.path("sentLines").asDouble()).isEqualTo(1);
    assertThat(shown.path("abandonmentAim").asDouble()).isEqualTo(0.021);
    assertThat(shown.path("abandonmentAllowedByCxone").asDouble()).isEqualTo(0.03);
    assertThat(shown.has("maxCallsPerSecond")).isFalse();
  }

  @Test
  void itGoesUpSlowlyAndApiAndPoolShowIt() {
    Campaign campaign = active();
    PacingRun run = until(campaign, 2);
    written(pacing, run);
    long second = pacing.now();
    assertThat(pacing.column(campaign, "rate")).isEqualTo(2.0);
    JsonNode pool = pacing.poolReads.get(campaign.poolId());
    assertThat(pool.at("/decision/ratio").asInt()).isEqualTo(2);
    assertThat(pool.path("callsPerSecond").asDouble()).isGreaterThan(250 / 300.0 - 0.01);
    assertThat(pool.at("/campaigns/0/ratio").asInt()).isEqualTo(2);
    assertThat(pool.at("/decision/reason").asText()).startsWith("2:1: 50 agents at work");
    pacing.work.written(until(campaign, 3));
    assertThat(pacing.now() - second).isGreaterThanOrEqualTo(60_000);
    assertThat(pacing.changesInAudit(campaign))
        .extracting(line -> line.path("ratio").asInt())
        .containsExactly(1, 2, 3);
  }

  @Test
  void anotherReplicaGoesByTheSameTimes() {
    Campaign campaign = active();
    written(pacing, until(campaign, 2));
    PacingFixture other = new PacingFixture(opened, PacingFixture.BY_RATIO);
    other.ahead = pacing.ahead;
    long since = pacing.now();
    PacingRun run;
    do {
      run = other.decide(other.work.figures(other.claimLater(campaign), figures(75, 0)));
    } while (run.change() == PacingRun.Change.NONE);
    assertThat(run.decision().rate()).isEqualTo(3);
    assertThat(other.now() - since).isGreaterThanOrEqualTo(60_000);
    pacing.ahead = other.ahead;
    other.work.written(run);
  }

  @Test
  void withoutFiguresItRestsAtOneLineAndIsNotPaused() {
    Campaign campaign = active();
    written(pacing, until(campaign, 2));
    PacingRun run;
    do {
      run = pacing.decide(pacing.work.missing(pacing.claimLater(campaign), cut()));
    } while (run.change() == PacingRun.Change.NONE);
    assertThat(run.change()).isEqualTo(PacingRun.Change.RATE);
    assertThat(run.decision().rate()).isEqualTo(1);
    pacing.work.written(run);
  }

  @Test
  void aRatioThatIsNotLoweredIsToldAsControlLostInLines() {
    Campaign campaign = active();
    PacingRun run = null;
    for (int ticks = 0; ticks < 8; ticks++) {
      run = decide(ticks == 0 ? pacing.claim(campaign) : pacing.claimLater(campaign), 0, 0);
      if (run.change() == PacingRun.Change.RATE) {
        pacing.work.refused(run, refusal(409, "BUSY"));
        pacing.set(campaign, "write_at = 0");
      }
    }
    assertThat(run).isNotNull();
    JsonNode lost =
        pacing.bench.auditLines(campaign.id()).stream()
            .filter(line -> line.path("event").asText().equals("CONTROL_LOST"))
            .findFirst()
            .orElseThrow();
    assertThat(lost.path("reason").asText()).contains("still dialing as before");
    assertThat(lost.has("maxCallsPerSecond")).isFalse();
  }

  private static final String NEVER =
      ALL_DAY
          .replaceFirst("'startHour':0,'endHour':24", "'startHour':0,'endHour':1")
          .replaceFirst("'MONDAY'.*'SUNDAY'", "'%s'".formatted(dayThatIsOver()));

  private static String dayThatIsOver() {
    return ZonedDateTime.now(ZoneId.of("America/New_York")).getDayOfWeek().minus(2).name();
  }

  @Test
  void whatMayNotCallYetIsHeldWithoutAStart() {
    Campaign registered = registered("Spring", NEVER);
    Campaign closed = pacing.bench.launchSteps.mayNotCall(registered, "outside calling hours");
    assertThat(closed.stage()).isEqualTo(Stage.ACTIVE);
    assertThat(pacing.bench.get(closed.id()).command()).isEqualTo(Command.HOLD);
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, closed.id()), "PAUSED");
    assertThat(pacing.bench.get(closed.id()).held()).isTrue();
    JsonNode told = pacing.changesInAudit(closed).get(0);
    assertThat(told.path("ratio").asInt()).isZero();
    assertThat(told.path("reason").asText()).contains("outside calling hours until");
    assertThat(pacing.changesInAudit(closed)).hasSize(1);
  }

  @Test
  void aReleaseAfterTheHoursIsDropped() {
    Campaign campaign = active();
    written(pacing, decide(pacing.claim(campaign), 0, 0));
    pacing.bench.store.write(tx -> pacing.bench.campaigns.pend(tx, campaign.id(), Command.HOLD));
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), "PAUSED");
    written(pacing, decide(pacing.claimLater(campaign), 0, 0));
    assertThat(pacing.bench.get(campaign.id()).command()).isEqualTo(Command.RELEASE);
    Campaign held =
        pacing.bench.commandSteps.mayNotCall(
            pacing.bench.claim(PriorityClass.LOOK, campaign.id()), "outside calling hours");
    assertThat(held.command()).isNull();
    assertThat(held.held()).isTrue();
    assertThat(pacing.bench.claim(PriorityClass.LOOK, campaign.id()))
        .as("is looked at")
        .isNotNull();
  }

  @Test
  void aResumeAtAnHourAtWhichItMayNotCallHoldsIt() {
    Campaign registered = registered("Spring", NEVER);
    Campaign campaign = pacing.bench.launchSteps.mayNotCall(registered, "outside calling hours");
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), "PAUSED");
    pacing.bench.commands.give(campaign.id(), Command.PAUSE, CampaignFixture.DESK);
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), "PAUSED");
    pacing.bench.commands.give(campaign.id(), Command.RESUME, CampaignFixture.DESK);
    Campaign resumed =
        pacing.bench.commandSteps.mayNotCall(
            pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), "outside calling hours");
    assertThat(resumed.stage()).isEqualTo(Stage.ACTIVE);
    assertThat(pacing.bench.get(resumed.id()).command()).isEqualTo(Command.HOLD);
  }

  private Campaign registered(String name, String properties) {
    Campaign checked = pacing.checked(name, properties, CampaignFixture.agents(8));
    Campaign created =
        pacing.bench.launchSteps.created(
            pacing.bench.launchSteps.intend(checked),
            json("{'id':'R-" + name + "','status':'DRAFT'}"));
    return pacing.bench.launchSteps.registered(created, json("{'id':'W-1'}"));
  }

  @Test
  void whoIsResumedBeginsWithOneLine() {
    Campaign campaign = active();
    written(pacing, until(campaign, 2));
    pacing.bench.commands.give(campaign.id(), Command.PAUSE, CampaignFixture.DESK);
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), "PAUSED");
    pacing.bench.commands.give(campaign.id(), Command.RESUME, CampaignFixture.DESK);
    Campaign resuming = pacing.bench.claim(PriorityClass.COMMAND, campaign.id());
    assertThat(pacing.resumes.rate(resuming)).isEqualTo(1);
    pacing.bench.commandSteps.commanded(resuming, json("{'status':'PENDING'}"));
  }

  @Test
  void aLimitThatOneLineCannotKeepHoldsTheCampaign() {
    Campaign campaign = pacing.active("Spring", ALL_DAY.replace(":50", ":0.5"));
    PacingRun run;
    int ticks = 0;
    do {
      run = decide(ticks++ == 0 ? pacing.claim(campaign) : pacing.claimLater(campaign), 75, 0);
      if (run.change() == PacingRun.Change.RATE) {
        pacing.work.written(run);
      }
    } while (run.change() != PacingRun.Change.HOLD && ticks < 120);
    assertThat(run.change()).isEqualTo(PacingRun.Change.HOLD);
    assertThat(run.decision().bound()).isEqualTo(RateBound.LIMIT);
    assertThat(run.decision().reason()).contains("faster than the limit");
    pacing.work.hold(run);
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), "PAUSED");
    assertThat(pacing.changesInAudit(campaign))
        .extracting(line -> line.path("ratio").asInt())
        .containsExactly(1, 0);
  }

  private Campaign active() {
    return pacing.active("Spring", ALL_DAY);
  }

  /** CXone has taken it now, by the clock of ticks, which is ahead of the store's. */
  private static void written(PacingFixture pacing, PacingRun run) {
    pacing.work.written(run);
    String state = (String) pacing.column(run.campaign(), "state");
    String now = "\"commandedAt\":" + pacing.now();
    pacing.set(
        run.campaign(), "state = '" + state.replaceFirst("\"commandedAt\":[0-9]+", now) + "'");
  }

  /** Ticks until so many lines are to be written; what leads there is. */
  private PacingRun until(Campaign campaign, double lines) {
    for (int ticks = 0; ticks < 200; ticks++) {
      PacingRun run =
          decide(tick++ == 0 ? pacing.claim(campaign) : pacing.claimLater(campaign), 75, 0);
      if (run.change() == PacingRun.Change.RATE && run.decision().rate() >= lines) {
        return run;
      }
      if (run.change() == PacingRun.Change.RATE) {
        pacing.work.written(run);
      }
    }
    throw new AssertionError("no tick wanted " + lines + " lines");
  }

  private PacingRun decide(PacingRun run, int connected, int abandoned) {
    return pacing.decide(pacing.work.figures(run, figures(connected, abandoned)));
  }

  private ObjectNode figures(int connected, int abandoned) {
    int idle = 5 + tick % 2; // who waits changes, or all at work would be taken for them
    return PacingFixture.figures(connected, abandoned, idle)
        .put("attempted", 250)
        .put("staffed", 50);
  }
}
