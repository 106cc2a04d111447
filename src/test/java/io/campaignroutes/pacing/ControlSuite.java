package io.campaignroutes.pacing;

import static io.campaignroutes.campaign.CampaignFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignFixture;
import io.campaignroutes.campaign.Command;
import io.campaignroutes.campaign.PriorityClass;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.CxoneUnavailableException.Kind;
import io.campaignroutes.store.TestStores;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.Status;

/** CXone goes on dialing against our word: told once, and once that it is over. */
abstract class ControlSuite {
  @TempDir Path temp;
  PacingFixture pacing;

  abstract TestStores.Opened open();

  private final Logger logger = (Logger) LoggerFactory.getLogger(ControlWatch.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void openBench() {
    log.start();
    logger.addAppender(log);
    pacing = new PacingFixture(open());
  }

  @AfterEach
  void close() {
    logger.detachAppender(log);
    pacing.close();
  }

  @Test
  void aLowerRateThatIsNotTakenIsToldOnceAndOnceMoreWhenItIs() {
    Campaign campaign = pacing.active("Spring");
    tooFast(campaign);
    PacingRun run = null;
    for (int tick = 0; tick < 8; tick++) {
      run = withoutFigures(campaign);
    }
    assertThat(told(campaign)).containsExactly("CONTROL_LOST");
    assertThat(line(campaign, 0).path("reason").asText())
        .startsWith("CXone is still dialing at up to ")
        .endsWith(" Pause or stop it in CXone if you cannot wait.");
    assertThat(line(campaign, 0).path("since").asText()).isNotEmpty();

    pacing.work.hold(run.change() == PacingRun.Change.HOLD ? run : held(campaign));
    assertThat(told(campaign)).hasSize(1);
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), "PAUSED");
    assertThat(told(campaign)).containsExactly("CONTROL_LOST", "CONTROL_REGAINED");
    withoutFigures(campaign);
    assertThat(told(campaign)).hasSize(2);
    assertThat(pacing.control.uncontrolled()).isEmpty();
  }

  @Test
  void aServiceThatComesBackWhileControlIsLostRepeatsNothing() {
    Campaign campaign = pacing.active("Spring");
    tooFast(campaign);
    for (int tick = 0; tick < 6; tick++) {
      withoutFigures(campaign);
    }
    assertThat(told(campaign)).containsExactly("CONTROL_LOST");
    pacing.ahead += Duration.ofMinutes(10).toMillis();
    withoutFigures(campaign);
    withoutFigures(campaign);
    assertThat(told(campaign)).containsExactly("CONTROL_LOST");
  }

  @Test
  void aRateThatIsTakenInTheEndBringsControlBack() {
    Campaign campaign = pacing.active("Spring");
    tooFast(campaign);
    PacingRun run = withoutFigures(campaign);
    while (told(campaign).isEmpty()) {
      run = withoutFigures(campaign);
    }
    pacing.set(campaign, "write_at = 0, claim_token = 'mine'");
    pacing.bench.store.write(tx -> null);
    PacingRun taken =
        new PacingRun(
            run.campaign(),
            run.plan(),
            run.state(),
            "mine",
            run.dueSince(),
            run.seq(),
            run.rate(),
            new PacingRun.Standing(false, 0, 0, null, pacing.now() - 20_000, 0, 0),
            null,
            run.reading(),
            run.decision().with(0.1, "0.1 calls/s: again"),
            PacingRun.Change.RATE);
    pacing.work.written(taken);
    assertThat(told(campaign)).containsExactly("CONTROL_LOST", "CONTROL_REGAINED");
  }

  @Test
  void aPauseThatIsTakenAtOnceIsNoLossOfControl() {
    Campaign campaign = pacing.active("Spring");
    pacing.bench.commands.give(campaign.id(), Command.PAUSE, CampaignFixture.DESK);
    assertThat(control(campaign).path("asked").asText()).isEqualTo("STOP");
    assertThat(control(campaign).path("lost").asBoolean()).as("it is on its way").isFalse();
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), "PAUSED");
    assertThat(told(campaign)).isEmpty();
    assertThat(control(campaign).isMissingNode()).isTrue();
  }

  @Test
  void aPauseThatCxoneTakesAndDoesNotCarryOutIsToldOnce() {
    Campaign campaign = pacing.active("Spring");
    pacing.bench.commands.give(campaign.id(), Command.PAUSE, CampaignFixture.DESK);
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), "ACTIVE");
    assertThat(told(campaign)).isEmpty();
    longAgo(campaign);
    read(campaign, "ACTIVE");
    assertThat(told(campaign)).containsExactly("CONTROL_LOST");
    assertThat(line(campaign, 0).path("command").asText()).isEqualTo("PAUSE");
    read(campaign, "ACTIVE");
    read(campaign, "ACTIVE");
    assertThat(told(campaign)).hasSize(1);
    JsonNode control = control(campaign);
    assertThat(control.path("lost").asBoolean()).isTrue();
    assertThat(control.path("nextTry").asText()).isNotEmpty();
    assertThat(control.path("sentence").asText())
        .startsWith("CXone is still dialing. It has been asked to stop since ")
        .endsWith("Pause or stop it in CXone if you cannot wait.");
    assertThat(pacing.control.uncontrolled()).extracting("name").containsExactly("Spring");
    assertThat(pacing.rows.overview().uncontrolled()).isOne();

    read(campaign, "PAUSED");
    assertThat(told(campaign)).containsExactly("CONTROL_LOST", "CONTROL_REGAINED");
    assertThat(pacing.control.uncontrolled()).isEmpty();
  }

  @Test
  void aStopThatIsRefusedAndOneThatFindsCxoneDownAreTold() {
    for (boolean refused : new boolean[] {true, false}) {
      Campaign campaign = pacing.active(refused ? "Refused" : "Down");
      pacing.bench.commands.give(campaign.id(), Command.STOP, CampaignFixture.DESK);
      fail(campaign, refused);
      longAgo(campaign);
      fail(campaign, refused);
      fail(campaign, refused);
      assertThat(told(campaign)).containsExactly("CONTROL_LOST");
      pacing.bench.carriedOut(
          pacing.bench.claimLater(PriorityClass.COMMAND, campaign.id()), "STOPPED");
      assertThat(told(campaign)).containsExactly("CONTROL_LOST", "CONTROL_REGAINED");
    }
  }

  @Test
  void whicheverWayCxoneRefusesItHasBeenAskedSinceTheFirstTime() {
    Campaign campaign = pacing.active("Spring");
    pacing.work.hold(nobodyThere(campaign));
    pacing.set(campaign, "too_fast_since = too_fast_since - 20000");
    String first = control(campaign).path("since").asText();
    assertAskedSince(first, campaign, "STOP");
    fail(campaign, false);
    assertAskedSince(first, campaign, "STOP");
    fail(campaign, true); // which drops a pause of pacing's own
    assertAskedSince(first, campaign, "STOP");
    assertThat(Instant.parse(control(campaign).path("nextTry").asText()).toEpochMilli())
        .as("it is not asked before")
        .isEqualTo(pacing.time(campaign, "hold_at"));
    nobodyThere(campaign);
    assertAskedSince(first, campaign, "STOP");
    pacing.set(campaign, "hold_at = 0");
    pacing.work.hold(nobodyThere(campaign));
    assertAskedSince(first, campaign, "STOP");
    for (Command command : List.of(Command.PAUSE, Command.STOP)) {
      pacing.bench.commands.give(campaign.id(), command, CampaignFixture.DESK);
      assertAskedSince(first, campaign, "STOP");
      fail(campaign, true);
      nobodyThere(campaign);
      fail(campaign, false);
      assertAskedSince(first, campaign, "STOP");
    }
    assertThat(told(campaign)).containsExactly("CONTROL_LOST");
    assertThat(line(campaign, 0).path("since").asText()).isEqualTo(first);
    assertThat(line(campaign, 0).path("nextTry").asText()).isNotEmpty();
    assertThat(warnings(campaign)).hasSize(1);
  }

  private void assertAskedSince(String since, Campaign campaign, String asked) {
    JsonNode control = control(campaign);
    assertThat(control.path("since").asText()).isEqualTo(since);
    assertThat(control.path("asked").asText()).isEqualTo(asked);
    assertThat(control.path("lost").asBoolean()).isTrue();
    assertThat(Instant.parse(control.path("nextTry").asText()))
        .isBetween(Instant.parse(since), Instant.ofEpochMilli(pacing.now() + 60_000));
    assertThat(pacing.control.uncontrolled())
        .singleElement()
        .satisfies(
            one ->
                assertThat(one.control().since()).isEqualTo(Instant.parse(since).toEpochMilli()));
  }

  @Test
  void whatTakesThePlaceOfACommandThatWasNotCarriedOutIsNoNewBeginning() {
    Campaign campaign = pacing.active("Spring");
    pacing.bench.commands.give(campaign.id(), Command.PAUSE, CampaignFixture.DESK);
    pacing.bench.set(campaign.id(), "command_at = command_at - 7000", true);
    String first = control(campaign).path("since").asText();
    pacing.bench.commands.give(campaign.id(), Command.STOP, CampaignFixture.DESK);
    assertThat(control(campaign).path("since").asText()).isEqualTo(first);
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), "STOPPED");
    assertThat(control(campaign).isMissingNode()).isTrue();
  }

  @Test
  void callsThatTakeLongToFailCountAsTries() {
    Campaign campaign = pacing.active("Spring");
    tooFast(campaign, cut(Kind.UNREACHABLE, null));
    long since = pacing.time(campaign, "too_fast_since");
    pacing.ahead += 10_000; // which the change took
    pacing.set(campaign, "changed_at = " + pacing.now());
    withoutFigures(campaign);
    assertThat(pacing.time(campaign, "too_fast_since")).isEqualTo(since);
  }

  @Test
  void aLowerRateThatIsNotTakenIsWarnedOfOnceInTheLog() {
    Campaign campaign = pacing.active("Spring");
    tooFast(campaign);
    for (int tick = 0; tick < 8; tick++) {
      withoutFigures(campaign);
    }
    assertThat(warnings(campaign))
        .singleElement()
        .asString()
        .contains(
            "CXone is still dialing at up to ", " it has not taken ", " It is asked again at ");
    pacing.work.hold(held(campaign));
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), "PAUSED");
    assertThat(warnings(campaign)).hasSize(1);
  }

  @Test
  void whatIsUnderWayIsTriedNowAndNotWhenItsLeaseEnds() {
    Campaign campaign = pacing.active("Spring");
    pacing.bench.commands.give(campaign.id(), Command.PAUSE, CampaignFixture.DESK);
    pacing.bench.claim(PriorityClass.COMMAND, campaign.id());
    assertThat(Instant.parse(control(campaign).path("nextTry").asText()))
        .isBeforeOrEqualTo(Instant.ofEpochMilli(pacing.bench.store.now()));

    Campaign fast = pacing.active("Fast");
    tooFast(fast);
    pacing.set(fast, "write_at = 0");
    pacing.claimLater(fast);
    assertThat(Instant.parse(control(fast).path("nextTry").asText()))
        .isBeforeOrEqualTo(Instant.ofEpochMilli(pacing.bench.store.now()));
  }

  @Test
  void aPoolShowsWhichOfItsCampaignsAreOutOfControl() {
    Campaign campaign = pacing.active("Spring");
    pacing.active("Obedient");
    assertThat(pool().path("uncontrolled").asInt(-1)).isZero();
    assertThat(pool().path("uncontrolledSince").isNull()).isTrue();
    pacing.bench.commands.give(campaign.id(), Command.STOP, CampaignFixture.DESK);
    fail(campaign, true);
    longAgo(campaign);
    JsonNode pool = pool();
    assertThat(pool.path("uncontrolled").asInt()).isOne();
    assertThat(pool.path("uncontrolledSince").asText())
        .isEqualTo(control(campaign).path("since").asText());
    assertThat(pacing.poolReads.list(null, 10))
        .filteredOn(one -> one.path("uncontrolled").asInt() == 1)
        .extracting(one -> one.path("id").asText())
        .containsExactly("pool-1");
    assertThat(pool.path("campaigns"))
        .filteredOn(one -> one.path("control").isObject())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.path("name").asText()).isEqualTo("Spring");
              assertThat(one.at("/control/since")).isEqualTo(control(campaign).path("since"));
              assertThat(one.at("/control/lost").asBoolean()).isTrue();
            });
  }

  private JsonNode pool() {
    return pacing.poolReads.get("pool-1");
  }

  @Test
  void whatHasEndedHereAndDialsThereIsShownWithItsPool() {
    Campaign campaign = pacing.active("Spring");
    pacing.bench.set(
        campaign.id(),
        "stage = 'FAILED', ended = 1, command = 'HALT', remote_status = 'ACTIVE', command_at = "
            + (pacing.bench.store.now() - 60_000),
        true);
    pacing.set(campaign, "due_at = null, rate = 2.5");
    assertThat(pool().path("uncontrolled").asInt()).isOne();
    assertThat(pool().path("running").asInt()).isOne();
    assertThat(pool().path("callsPerSecond").asDouble()).isEqualTo(2.5);
    assertThat(health().getStatus()).isEqualTo(Status.DOWN);
    assertThat(health().getDetails().get("campaigns").toString())
        .contains(campaign.id(), "CXone is still dialing. It has been asked to stop since ");
    pacing.bench.set(campaign.id(), "command = null, remote_status = 'STOPPED'", true);
    assertThat(health().getStatus()).isEqualTo(Status.UP);
    assertThat(pool().path("running").asInt()).isZero();
  }

  private Health health() {
    return new ControlHealthIndicator(pacing.control).health();
  }

  private PacingRun nobodyThere(Campaign campaign) {
    pacing.due(campaign, 1L);
    pacing.set(campaign, "claim_token = null");
    return pacing.decide(pacing.claim(campaign), 0, 0, 0);
  }

  private List<String> warnings(Campaign campaign) {
    return log.list.stream()
        .filter(line -> line.getLevel() == Level.WARN)
        .map(ILoggingEvent::getFormattedMessage)
        .filter(line -> line.contains(campaign.id()) && line.contains("is still dialing"))
        .toList();
  }

  private void fail(Campaign campaign, boolean refused) {
    Campaign sent = pacing.bench.claimLater(PriorityClass.COMMAND, campaign.id());
    if (refused) {
      pacing.bench.refusals.refused(
          sent, new CxoneRefusedException(403, null, "CXone refused it."));
    } else {
      pacing.bench.failures.retryLater(
          sent, new CxoneUnavailableException(Kind.UNREACHABLE, "CXone is down.", null, null));
    }
  }

  /** CXone dials with a rate that is to go down, and throttles the change for an hour. */
  private void tooFast(Campaign campaign) {
    tooFast(campaign, cut(Kind.THROTTLED, Duration.ofHours(1)));
  }

  private void tooFast(Campaign campaign, CxoneUnavailableException answer) {
    pacing.work.written(pacing.rate(campaign, 3, 0, 100));
    for (int tick = 0; tick < 40; tick++) {
      PacingRun run = withoutFigures(campaign);
      if (run.decision().bound() == RateBound.NO_FIGURES && run.change() == PacingRun.Change.RATE) {
        pacing.work.notWritten(run, answer);
        return;
      }
      if (run.change() == PacingRun.Change.RATE) {
        pacing.work.written(run);
      }
    }
    throw new AssertionError("it never went down");
  }

  private PacingRun held(Campaign campaign) {
    for (int tick = 0; tick < 10; tick++) {
      PacingRun run = withoutFigures(campaign);
      if (run.change() == PacingRun.Change.HOLD) {
        return run;
      }
    }
    throw new AssertionError("it is never held");
  }

  private PacingRun withoutFigures(Campaign campaign) {
    pacing.set(campaign, "claim_token = null");
    return pacing.decide(
        pacing.work.missing(pacing.claimLater(campaign), cut(Kind.UNREACHABLE, null)));
  }

  private static CxoneUnavailableException cut(Kind kind, Duration wish) {
    return new CxoneUnavailableException(kind, "CXone did not answer.", wish, null);
  }

  private void longAgo(Campaign campaign) {
    pacing.bench.set(campaign.id(), "command_at = " + (pacing.bench.store.now() - 60_000), true);
  }

  private void read(Campaign campaign, String status) {
    Campaign asked = pacing.bench.claimLater(PriorityClass.COMMAND, campaign.id());
    JsonNode answer = json("{'status':'" + status + "'}");
    if (asked.askedAt() == null) {
      pacing.bench.carriedOut(asked, status);
    } else {
      pacing.bench.commandSteps.confirmed(asked, answer);
    }
  }

  private JsonNode control(Campaign campaign) {
    JsonNode shown =
        new PacingViews(pacing.rows, pacing.control)
            .control(List.of(pacing.bench.get(campaign.id())))
            .get(campaign.id());
    return shown == null ? com.fasterxml.jackson.databind.node.MissingNode.getInstance() : shown;
  }

  private List<String> told(Campaign campaign) {
    return lines(campaign).stream().map(line -> line.path("event").asText()).toList();
  }

  private JsonNode line(Campaign campaign, int n) {
    return lines(campaign).get(n);
  }

  private List<JsonNode> lines(Campaign campaign) {
    return pacing.bench.auditLines(campaign.id()).stream()
        .map(line -> (JsonNode) line)
        .filter(line -> line.path("event").asText().startsWith("CONTROL_"))
        .toList();
  }
}
