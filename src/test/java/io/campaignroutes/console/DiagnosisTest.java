package io.campaignroutes.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.campaignroutes.campaign.Failure;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.compliance.CallingHours;
import io.campaignroutes.compliance.Policies;
import io.campaignroutes.pacing.PacingPlans;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiagnosisTest {
  /** A Tuesday, 15:00 in Berlin. */
  private static final Instant OPEN = Instant.parse("2026-11-24T14:00:00Z");

  private static final Policies POLICIES =
      Policies.load(
          Path.of("config", "policies"), LocalDate.of(2026, 3, 2), Duration.ofDays(4_000));

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final CampaignSetup SETUP =
      new CampaignSetup(
          "pool-berlin",
          "Europe/Berlin",
          "none",
          CallingHours.of(
              json(
                  "{'timeZone':'Europe/Berlin','schedule':{'daysOfWeek':['MONDAY','TUESDAY',"
                      + "'FRIDAY'],'startHour':9,'endHour':17}}"),
              POLICIES.policy("none").orElseThrow()),
          null,
          5,
          0.03);

  /** A campaign, of which a test changes what it is about. */
  private static final class Row {
    Stage stage = Stage.ACTIVE;
    Long activateAt;
    String cxoneStatus;
    Long stopAt;
    String command;
    Failure failure;
    boolean held;
    CampaignSetup setup = SETUP;
    double rate = 0.85;
    CampaignRow.Wish wish = CampaignRow.Wish.NONE;
    JsonNode decision = MissingNode.getInstance();

    Diagnosis at(Instant now) {
      return at(now, CxoneState.Trouble.NONE);
    }

    Diagnosis at(Instant now, CxoneState.Trouble trouble) {
      return Diagnosis.of(row(now), now, trouble);
    }

    CampaignRow row(Instant now) {
      return new CampaignRow(
          "cmp_1",
          "c-1",
          null,
          "Welcome",
          stage,
          Instant.parse("2026-11-24T13:00:00Z").toEpochMilli(),
          0,
          activateAt,
          stopAt,
          "none",
          command,
          command == null ? null : OPEN.minusSeconds(60).toEpochMilli(),
          cxoneStatus,
          failure,
          0,
          now.plusSeconds(30).toEpochMilli(),
          held,
          setup,
          rate,
          wish,
          decision);
    }
  }

  private static List<String> codes(Diagnosis diagnosis) {
    return diagnosis.reasons().stream().map(Diagnosis.Reason::code).toList();
  }

  @Test
  void aCampaignThatDialsSaysHowFast() {
    Diagnosis diagnosis = new Row().at(OPEN);

    assertThat(diagnosis.dialing()).isTrue();
    assertThat(diagnosis.sentence()).isEqualTo("Dialing at up to 0.85 calls/s, 5 allowed.");
    assertThat(diagnosis.reasons()).isEmpty();
  }

  @Test
  void outsideItsHoursTheNextOpeningIsTold() {
    Row row = new Row();

    Diagnosis early = row.at(Instant.parse("2026-11-24T06:00:00Z"));
    assertThat(early.dialing()).isFalse();
    assertThat(early.sentence())
        .isEqualTo("Not dialing: outside calling hours until 09:00 Europe/Berlin.");
    assertThat(early.reasons().get(0).until()).isEqualTo("2026-11-24T08:00:00Z");

    assertThat(row.at(Instant.parse("2026-11-24T16:00:00Z")).sentence())
        .as("the day that begins at the end of the window is closed")
        .isEqualTo("Not dialing: outside calling hours until Fri 09:00 Europe/Berlin.");
  }

  @Test
  void heldBecauseOfAbandonmentItSaysHowMuchOfHowMany() {
    Row row = new Row();
    row.held = true;
    row.rate = 0;
    row.decision =
        json(
            "{'at':'2026-11-24T13:59:00Z','mode':'HOLD','clamp':'HOLD','reason':'0 calls/s: held',"
                + "'maxCallsPerSecond':0,'period':{'end':'2026-12-01T00:00:00Z','answered':412.0,"
                + "'abandoned':12.8,'rate':0.0311,'cap':0.03}}");

    Diagnosis diagnosis = row.at(OPEN);

    assertThat(diagnosis.sentence())
        .isEqualTo("Not dialing: held: abandonment 3.1 % of 412 answered in this period.");
    assertThat(diagnosis.reasons().get(0).until()).isEqualTo("2026-12-01T00:00:00Z");
  }

  @Test
  void whatCxoneStillDialsForThoughItMustNotIsTold() {
    Row row = new Row();
    row.rate = 20;
    row.decision =
        json(
            "{'clamp':'HOLD','maxCallsPerSecond':0,'period':{'answered':181,'abandoned':178,"
                + "'rate':0.983,'cap':0.03}}");
    row.failure = new Failure(Failure.Kind.UNREACHABLE, 503, null, "CXone did not answer.");
    row.wish = asked(9);

    Diagnosis diagnosis = row.at(OPEN);

    assertThat(diagnosis.sentence())
        .isEqualTo(
            "CXone is still dialing at up to 20 calls/s. We have been asking it to stop since %s, next try in 9 s. Stop it in CXone if you cannot wait. Held: abandonment 98.3 %% of 181 answered in this period; CXone did not answer."
                .formatted(secondsBefore()));
    assertThat(diagnosis.unwanted()).isTrue();

    Row paused = new Row();
    paused.command = "PAUSE";
    assertThat(paused.at(OPEN).unwanted()).as("an operator wants it to stop").isTrue();
    assertThat(new Row().at(OPEN).unwanted()).isFalse();
  }

  @Test
  void aShareAboveTheCapIsNotCalledNearIt() {
    Row row = new Row();
    row.decision =
        json("{'clamp':'PROTECT','period':{'answered':90,'abandoned':59,'rate':0.658,'cap':0.03}}");
    assertThat(row.at(OPEN).sentence()).endsWith("abandonment 65.8 % is above its cap of 3.0 %.");

    row.decision =
        json(
            "{'clamp':'PROTECT','period':{'answered':900,'abandoned':25,'rate':0.0278,'cap':0.03}}");
    assertThat(row.at(OPEN).sentence()).endsWith("abandonment 2.8 % is near its cap of 3.0 %.");

    row.decision =
        json(
            "{'clamp':'PROTECT','period':{'answered':600,'abandoned':200,'rate':0.333,'cap':null}}");
    assertThat(row.at(OPEN).sentence())
        .endsWith(
            "abandonment is 33.3 %; its rules set no cap, so the service keeps one of its own.");
  }

  @ParameterizedTest(name = "{1} of {0}")
  @CsvSource({
    "15, 15, true",
    "2, 1, false",
    "1, 1, false",
    "10, 2, false",
    "10, 3, true",
    "64, 59, true",
    "149, 5, false",
    "150, 5, true",
    "200, 5, false",
    "0, 0, false"
  })
  void anAbandonmentThatIsNoChanceIsNotHiddenBehindAnotherReason(
      int answered, int abandoned, boolean told) {
    Row row = new Row();
    row.rate = 0;
    row.held = true;
    double rate = answered == 0 ? 0 : (double) abandoned / answered;
    row.decision =
        json(
            "{'clamp':'COLD','maxCallsPerSecond':0,'reason':'0 calls/s: few answers',"
                + "'period':{'answered':%d,'abandoned':%d,'rate':%s,'cap':0.03}}"
                    .formatted(answered, abandoned, rate));

    assertThat(codes(row.at(OPEN)))
        .isEqualTo(told ? List.of("OVER_THE_CAP", "RATE_ZERO") : List.of("RATE_ZERO"));
    assertThat(Views.row(row.row(OPEN), row.at(OPEN)).at("/pacing/overCap").asBoolean())
        .isEqualTo(told);
  }

  @ParameterizedTest(name = "{0} staffed, {1} busy, {2} idle: {3}")
  @CsvSource({
    "3, 7, 0, NONE, 7, 7, 0",
    "3, 0, 5, NONE, 5, 0, 5",
    "6, 2, 4, NONE, 6, 2, 4",
    "2, 0, 2, NO_AGENTS, 2, 0, 0"
  })
  void figuresOfAgentsContradictNeitherEachOtherNorTheReason(
      double staffed,
      double busy,
      double idle,
      String clamp,
      double shownStaffed,
      double shownBusy,
      double shownIdle) {
    Row row = new Row();
    row.decision =
        json(
            "{'clamp':'%s','inputs':{'availableAgents':%s},'estimates':{'staffedAgents':%s,'busyAgents':%s}}"
                .formatted(clamp, idle, staffed, busy));

    JsonNode agents = Views.row(row.row(OPEN), row.at(OPEN)).at("/pacing/agents");

    assertThat(agents.path("staffed").asDouble()).isEqualTo(shownStaffed);
    assertThat(agents.path("busy").asDouble()).isEqualTo(shownBusy);
    assertThat(agents.path("idle").asDouble()).isEqualTo(shownIdle);
  }

  @Test
  void figuresThatAreMissingAreAReasonOnlyWhenNothingIsDialed() {
    Row row = new Row();
    row.decision =
        json(
            "{'clamp':'NO_FIGURES','mode':'PREDICTIVE','maxCallsPerSecond':0.85,'reason':'0.85"
                + " calls/s: no figures from CXone for 20 s; kept for now'}");
    assertThat(row.at(OPEN).sentence())
        .isEqualTo(
            "Dialing at up to 0.85 calls/s, 5 allowed; no figures from CXone for 20 s; kept for"
                + " now.");

    row.rate = 0;
    row.held = true;
    row.decision =
        json(
            "{'clamp':'NO_FIGURES','mode':'PREDICTIVE','maxCallsPerSecond':0,'reason':'0 calls/s:"
                + " no figures from CXone for 70 s'}");
    assertThat(row.at(OPEN).sentence()).isEqualTo("Not dialing: no figures from CXone for 70 s.");
    assertThat(codes(row.at(OPEN))).containsExactly("NO_FIGURES");
  }

  @Test
  void aReleaseThatIsOnItsWayIsTold() {
    Row row = new Row();
    row.held = true;
    row.rate = 0;
    row.decision = json("{'clamp':'COLD','maxCallsPerSecond':0.4,'reason':'0.4 calls/s: few'}");
    assertThat(row.at(OPEN).sentence())
        .isEqualTo("Not dialing: CXone is being asked to dial again.");

    row.decision = json("{'clamp':'COLD','maxCallsPerSecond':0,'reason':'0 calls/s: few answers'}");
    assertThat(row.at(OPEN).sentence()).isEqualTo("Not dialing: rate zero for now (few answers).");
  }

  @Test
  void nobodyThereToTakeACallNamesThePool() {
    Row row = new Row();
    row.held = true;
    row.rate = 0;
    row.decision = json("{'clamp':'NO_AGENTS','maxCallsPerSecond':0,'reason':'0 calls/s: x'}");

    assertThat(row.at(OPEN).sentence())
        .isEqualTo("Not dialing: no agent of pool pool-berlin is there to take a call.");
  }

  @Test
  void aPolicyThatIsGoneForbidsCalls() {
    Row row = new Row();
    row.setup =
        new CampaignSetup(
            "pool",
            "Europe/Berlin",
            "old",
            null,
            new PacingPlans.Trouble("POLICY_GONE", "bound to the policy old, which is gone"),
            5,
            null);

    assertThat(row.at(OPEN).dialing()).isFalse();
    assertThat(codes(row.at(OPEN))).containsExactly("POLICY_GONE");
    assertThat(row.at(OPEN).sentence())
        .isEqualTo("Not dialing: bound to the policy old, which is gone.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"POLICY_GONE", "TIME_ZONE_UNKNOWN", "REQUEST_UNREADABLE", "LIMIT_TOO_LOW"})
  void whatCannotBePacedMustStopWhileCxoneStillDials(String code) {
    Row row = new Row();
    row.rate = 5;
    row.decision = json("{'clamp':'UNUSABLE','maxCallsPerSecond':0}");
    row.setup =
        new CampaignSetup(
            "pool",
            "Europe/Berlin",
            "old",
            null,
            new PacingPlans.Trouble(code, "what it is bound to cannot be used"),
            5,
            null);

    assertThat(row.at(OPEN).unwanted()).isTrue();
    assertThat(row.at(OPEN).sentence())
        .isEqualTo(
            "CXone is still dialing at up to 5 calls/s. We are asking it to stop. Stop it in CXone if you"
                + " cannot wait. What it is bound to cannot be used.");
  }

  @Test
  void aCallingHourAfterItsStopIsNotPromised() {
    Row row = new Row();
    row.stopAt = Instant.parse("2026-11-24T20:00:00Z").toEpochMilli();
    Instant evening = Instant.parse("2026-11-24T18:00:00Z");

    assertThat(row.at(evening).sentence())
        .contains("do not come again before its stopAt 21:00 Europe/Berlin")
        .doesNotContain("until");
    assertThat(row.at(evening).reasons().get(0).until()).isNull();
  }

  @Test
  void whatCannotBePacedSaysWhy() {
    Row row = new Row();
    row.held = true;
    row.rate = 0;
    row.decision =
        json("{'clamp':'UNUSABLE','maxCallsPerSecond':0,'reason':'0 calls/s: it is forgotten'}");

    assertThat(codes(row.at(OPEN))).containsExactly("CANNOT_BE_PACED");
    assertThat(row.at(OPEN).sentence()).isEqualTo("Not dialing: it is forgotten.");
  }

  @Test
  void aScheduledStartIsTold() {
    Row row = new Row();
    row.stage = Stage.SCHEDULED;
    row.activateAt = Instant.parse("2026-12-20T08:00:00Z").toEpochMilli();

    Diagnosis diagnosis = row.at(OPEN);

    assertThat(diagnosis.sentence())
        .isEqualTo("Not dialing: starts at 20 Dec 2026, 09:00 Europe/Berlin.");
    assertThat(diagnosis.reasons().get(0).until()).isEqualTo("2026-12-20T08:00:00Z");
  }

  @Test
  void aLaunchThatCxoneDoesNotAnswerSaysWhenItIsTriedAgain() {
    Row row = new Row();
    row.stage = Stage.CHECKED;
    row.failure = new Failure(Failure.Kind.UNREACHABLE, null, null, "The connection was cut.");

    Diagnosis diagnosis = row.at(OPEN);

    assertThat(diagnosis.sentence())
        .isEqualTo("Not dialing: checked; it is to be created at CXone; The connection was cut.");
    assertThat(codes(diagnosis)).containsExactly("CHECKED", "CXONE_UNREACHABLE");
    assertThat(diagnosis.reasons().get(1).until()).isEqualTo(OPEN.plusSeconds(30));
  }

  @Test
  void troubleOnTheWayToCxoneIsToldWithEachCampaignThatHasNotEnded() {
    var trouble = new CxoneState.Trouble("CXone refuses the client credentials (401).", true, null);
    Row row = new Row();
    assertThat(codes(row.at(OPEN, trouble))).containsExactly("NO_TOKEN", "CIRCUIT_OPEN");
    assertThat(row.at(OPEN, trouble).dialing())
        .as("CXone goes on with what it was told last")
        .isTrue();

    row.stage = Stage.STOPPED;
    assertThat(codes(row.at(OPEN, trouble))).containsExactly("STOPPED");
  }

  @Test
  void aCommandThatIsBeingCarriedOutIsTold() {
    Row row = new Row();
    row.command = "PAUSE";

    assertThat(row.at(OPEN).sentence())
        .isEqualTo(
            "CXone is still dialing at up to 0.85 calls/s. We are asking it to stop. Stop it in CXone if"
                + " you cannot wait. Pausing since %s Europe/Berlin.".formatted(minuteBefore()));

    row.command = "STOP";
    row.cxoneStatus = "ACTIVE";
    row.failure = new Failure(Failure.Kind.TIMED_OUT, null, null, "CXone has been asked...");
    assertThat(row.at(OPEN).sentence())
        .contains("Stopping since", "CXone still says ACTIVE and may be dialing", "by hand");
    assertThat(codes(row.at(OPEN))).containsExactly("STILL_DIALING", "COMMAND_PENDING");
    row.stage = Stage.PAUSED;
    row.cxoneStatus = "PAUSED";
    row.failure = null;
    assertThat(row.at(OPEN).unwanted()).isFalse();
    assertThat(codes(row.at(OPEN))).containsExactly("PAUSED", "COMMAND_PENDING");
  }

  /** Asked to stop since a minute ago, and next in some seconds. */
  private static CampaignRow.Wish asked(int seconds) {
    return new CampaignRow.Wish(
        false,
        true,
        OPEN.minusSeconds(60).toEpochMilli(),
        5_000,
        OPEN.plusSeconds(seconds).toEpochMilli(),
        null,
        null);
  }

  private static String secondsBefore() {
    return java.time.format.DateTimeFormatter.ofPattern("HH:mm:ss 'Europe/Berlin'")
        .format(OPEN.minusSeconds(60).atZone(java.time.ZoneId.of("Europe/Berlin")));
  }

  @Test
  void whateverHasItStopItDoesNotLookWellWhileCxoneDials() {
    for (String clamp :
        List.of("NO_AGENTS", "NO_FIGURES", "COLD", "SMALL_TEAM", "PROTECT", "CLOSED")) {
      Row row = new Row();
      row.decision =
          json("{'clamp':'%s','maxCallsPerSecond':0,'reason':'0 calls/s: x'}".formatted(clamp));
      row.wish = asked(4);
      Diagnosis diagnosis = row.at(OPEN);
      assertThat(diagnosis.unwanted()).as(clamp).isTrue();
      assertThat(diagnosis.sentence())
          .startsWith(
              "CXone is still dialing at up to 0.85 calls/s. We have been asking it to stop since %s, next try in 4 s. Stop it in CXone if you cannot wait."
                  .formatted(secondsBefore()));
      Diagnosis.Reason first = diagnosis.reasons().get(0);
      assertThat(first.code()).isEqualTo("STILL_DIALING");
      assertThat(first.since()).isEqualTo(OPEN.minusSeconds(60));
      assertThat(first.until()).isEqualTo(OPEN.plusSeconds(4));

      row.wish =
          new CampaignRow.Wish(
              false, true, OPEN.minusSeconds(1).toEpochMilli(), 5_000, null, null, null);
      assertThat(row.at(OPEN).unwanted()).as("it is on its way").isFalse();
    }
  }

  @Test
  void aRateThatCxoneDoesNotTakeIsTold() {
    Row row = new Row();
    row.decision = json("{'clamp':'NONE','maxCallsPerSecond':1.2,'reason':'1.2 calls/s: x'}");
    long since = OPEN.minusSeconds(60).toEpochMilli();
    long next = OPEN.plusSeconds(5).toEpochMilli();
    String why = "CXone failed to answer setPacing (503).";
    row.wish = new CampaignRow.Wish(false, false, null, 5_000, next, why, since);
    assertThat(row.at(OPEN).unwanted()).as("it dials slower than it may").isFalse();
    assertThat(row.at(OPEN).sentence())
        .isEqualTo(
            "Dialing at up to 0.85 calls/s, 5 allowed; CXone has not taken its new rate (0.85 calls/s, 1.2 decided) since %s: CXone failed to answer setPacing (503)."
                .formatted(secondsBefore()));
    assertThat(codes(row.at(OPEN))).containsExactly("RATE_NOT_TAKEN");
    assertThat(row.at(OPEN).reasons().get(0).until()).isEqualTo(OPEN.plusSeconds(5));

    row.decision = json("{'clamp':'NONE','maxCallsPerSecond':0.2,'reason':'0.2 calls/s: x'}");
    assertThat(row.at(OPEN).unwanted()).as("it dials faster than it should").isTrue();
    assertThat(row.at(OPEN).sentence())
        .contains("CXone dials faster than it should (0.85 calls/s,");
    assertThat(row.at(OPEN).sentence())
        .startsWith("CXone dials faster than it should (0.85 calls/s, 0.2 decided) since ")
        .doesNotContain("Dialing at up to")
        .endsWith("; stop it in CXone if you cannot wait. Next try in 5 s.");
    assertThat(row.at(OPEN).reasons().get(0).code()).isEqualTo("RATE_TOO_HIGH");

    row.held = true;
    row.rate = 0;
    assertThat(row.at(OPEN).sentence()).contains("CXone has not taken the rate to dial again with");
    assertThat(row.at(OPEN).unwanted()).isFalse();
  }

  @Test
  void whatIsHeldSinceNobodyCanPaceItIsNotBeingReleased() {
    var trouble = new CxoneState.Trouble(null, false, "The disk is full.");
    Row row = new Row();
    row.held = true;
    row.rate = 0;
    row.decision = json("{'clamp':'NONE','maxCallsPerSecond':1.2,'reason':'1.2 calls/s: x'}");
    assertThat(row.at(OPEN, trouble).sentence())
        .isEqualTo(
            "Not dialing: held until somebody can pace it again; nothing can be written down, so"
                + " nobody paces it: The disk is full.");
    assertThat(codes(row.at(OPEN, trouble))).containsExactly("HELD_UNPACED", "STORE_UNAVAILABLE");
    row.wish = new CampaignRow.Wish(true, false, null, 5_000, null, null, null);
    assertThat(codes(row.at(OPEN, trouble))).startsWith("RELEASING");
  }

  private static String minuteBefore() {
    return java.time.format.DateTimeFormatter.ofPattern("HH:mm")
        .format(OPEN.minusSeconds(60).atZone(java.time.ZoneId.of("Europe/Berlin")));
  }

  @Test
  void whatDialsAtCxoneAfterItsEndIsToldAsDialing() {
    Row row = new Row();
    row.stage = Stage.FAILED;
    row.cxoneStatus = "ACTIVE";
    row.command = "HALT";
    assertThat(row.at(OPEN).dialing()).isTrue();
    assertThat(row.at(OPEN).sentence())
        .startsWith("CXone is still dialing, though it is FAILED here. We are asking it to stop.");
    assertThat(row.at(OPEN).unwanted()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Stage.class)
  void everyStageHasASentence(Stage stage) {
    Row row = new Row();
    row.stage = stage;
    if (stage == Stage.UNKNOWN) {
      row.failure = new Failure(Failure.Kind.UNKNOWN, null, null, "A newer version left it.");
    }

    Diagnosis diagnosis = row.at(OPEN);

    assertThat(diagnosis.dialing()).isEqualTo(stage == Stage.ACTIVE);
    assertThat(diagnosis.sentence()).matches("(Not dialing: |Dialing ).*[^.]\\.");
    if (stage != Stage.ACTIVE) {
      assertThat(codes(diagnosis)).containsExactly(stage.name());
    }
  }
}
