package io.campaignroutes.pacing;

import static io.campaignroutes.campaign.CampaignFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.Command;
import io.campaignroutes.campaign.PriorityClass;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.CxoneUnavailableException.Kind;
import io.campaignroutes.store.TestStores;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CXone goes on dialing against our word: told once, and once that it is over. */
abstract class ControlSuite {
  @TempDir Path temp;
  PacingFixture pacing;

  abstract TestStores.Opened open();

  @BeforeEach
  void openBench() {
    pacing = new PacingFixture(open());
  }

  @AfterEach
  void close() {
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
    assertThat(pacing.rows.uncontrolled()).isEmpty();
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
            new PacingRun.Standing(false, 0, 0, null, pacing.now() - 20_000, 0),
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
    pacing.bench.commands.give(campaign.id(), Command.PAUSE);
    assertThat(control(campaign).path("asked").asText()).isEqualTo("STOP");
    assertThat(control(campaign).path("lost").asBoolean()).as("it is on its way").isFalse();
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), "PAUSED");
    assertThat(told(campaign)).isEmpty();
    assertThat(control(campaign).isMissingNode()).isTrue();
  }

  @Test
  void aPauseThatCxoneTakesAndDoesNotCarryOutIsToldOnce() {
    Campaign campaign = pacing.active("Spring");
    pacing.bench.commands.give(campaign.id(), Command.PAUSE);
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
    assertThat(pacing.rows.uncontrolled()).extracting("name").containsExactly("Spring");
    assertThat(pacing.rows.overview().uncontrolled()).isOne();

    read(campaign, "PAUSED");
    assertThat(told(campaign)).containsExactly("CONTROL_LOST", "CONTROL_REGAINED");
    assertThat(pacing.rows.uncontrolled()).isEmpty();
  }

  @Test
  void aStopThatIsRefusedAndOneThatFindsCxoneDownAreTold() {
    for (boolean refused : new boolean[] {true, false}) {
      Campaign campaign = pacing.active(refused ? "Refused" : "Down");
      pacing.bench.commands.give(campaign.id(), Command.STOP);
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
    pacing.work.written(pacing.rate(campaign, 3, 0, 100));
    for (int tick = 0; tick < 40; tick++) {
      PacingRun run = withoutFigures(campaign);
      if (run.decision().bound() == RateBound.NO_FIGURES && run.change() == PacingRun.Change.RATE) {
        pacing.work.notWritten(run, cut(Kind.THROTTLED, Duration.ofHours(1)));
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
        new PacingViews(pacing.rows)
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
