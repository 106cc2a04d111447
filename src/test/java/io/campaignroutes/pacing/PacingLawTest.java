package io.campaignroutes.pacing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.campaignroutes.compliance.Abandonment.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacingLawTest {

  @Test
  void theFirstStepBringsTheLaunchRateDown() {
    Course course = Course.of(Strategy.PREDICTIVE, Course.thirtyDays());
    PacingDecision first = course.tick(0, 0, 20);
    assertThat(first.rate()).isLessThan(2);
    assertThat(first.send()).isTrue();
    assertThat(first.bound()).isEqualTo(RateBound.COLD);
  }

  @Test
  void withoutAnyFiguresItBeginsOnTheAgentsThatAreReady() {
    Course course = Course.of(Strategy.PREDICTIVE, Course.thirtyDays());
    double most = 0;
    for (int i = 0; i < 12; i++) {
      PacingDecision decision = course.notYet(20);
      most = Math.max(most, decision.rate());
      assertThat(decision.bound()).isIn(RateBound.PROBE, RateBound.RAISE_LIMIT);
    }
    assertThat(most).isBetween(0.1, 2.0);
    for (int i = 0; i < 20; i++) {
      course.notYet(20);
    }
    assertThat(course.state.commanded()).isZero();
    int waited = 0;
    while (course.notYet(20).rate() == 0) {
      waited++;
    }
    assertThat(waited * 5).isBetween(200, 330);
  }

  /** As one whose agents others dial for at first: without calls CXone has no figures, for ever. */
  @Test
  void withoutFiguresItBeginsAsSoonAsAgentsAreReadyHoweverLateThatIs() {
    Course course = Course.of(Strategy.PREDICTIVE, Course.thirtyDays());
    for (int i = 0; i < 40; i++) { // longer than figures may be missing, and than they look back
      assertThat(course.notYet(0).rate()).isZero();
    }
    assertThat(course.notYet(20).rate()).isPositive();
    assertThat(course.last.bound()).isIn(RateBound.PROBE, RateBound.RAISE_LIMIT);
  }

  @Test
  void withoutFiguresOrKnownAgentsNothingIsDialed() {
    Course course = Course.of(Strategy.PREDICTIVE, Course.thirtyDays());
    assertThat(course.notYet(null).rate()).isZero();
    assertThat(course.last.send()).isTrue();
    assertThat(course.without("CXone answered 503").rate()).isZero();
    assertThat(course.last.reason()).contains("CXone answered 503");
  }

  @Test
  void afterAMinuteWithoutFiguresTheRateIsHeldOnceAndThenHalved() {
    Course course = Course.of(Strategy.PREDICTIVE, Course.thirtyDays()).warm(60, 8);
    for (int i = 0; i < 12; i++) {
      course.without("CXone answered 503");
    }
    course.state = course.state.confirmed(2, course.now);
    assertThat(course.without("CXone answered 503").rate()).isEqualTo(2);
    assertThat(course.without("CXone answered 503").rate()).isEqualTo(1);
    assertThat(course.without("CXone answered 503").rate()).isEqualTo(0.5);
    for (int i = 0; i < 4; i++) {
      course.without("CXone answered 503");
    }
    assertThat(course.state.commanded()).isZero();
  }

  @Test
  void whatIsClosedDialsNothingAndComesBackCarefully() {
    Course course = Course.of(Strategy.PREDICTIVE, Course.thirtyDays()).warm(60, 8);
    double handle = course.last.estimates().handleTimeSeconds();
    PacingDecision closed = course.closed("outside calling hours until 09:00");
    assertThat(closed.rate()).isZero();
    assertThat(closed.bound()).isEqualTo(RateBound.CLOSED);
    assertThat(closed.reason()).contains("outside calling hours until 09:00");
    course.closed("outside calling hours until 09:00");
    PacingDecision again = course.tick(0, 0, 20);
    assertThat(again.bound()).isIn(RateBound.COLD, RateBound.RAISE_LIMIT);
    assertThat(again.rate()).isLessThan(1.5);
    assertThat(again.estimates().handleTimeSeconds()).isCloseTo(handle, within(30.0));
  }

  @Test
  void aPauseCountsAsNotDialing() {
    Course course = Course.of(Strategy.PREDICTIVE, Course.thirtyDays()).warm(60, 8);
    course.state = course.state.confirmed(3, course.now);
    course.state = course.state.paused(course.now);
    assertThat(course.state.paused(course.now + 1)).isEqualTo(course.state);
    course.now += 600_000;
    course.state = course.state.resumed(course.now);
    assertThat(course.state.commanded()).isEqualTo(3);
    PacingDecision first = course.tick(0, 0, 12);
    assertThat(first.bound()).isIn(RateBound.COLD, RateBound.RAISE_LIMIT);
    // Of the calls before the pause none rings any more, so what rings is from the last 5 s.
    assertThat(first.estimates().ringingExpected()).isLessThan(3 * 5 + 1);
  }

  @Test
  void previewLeavesTheRateAtTheLimit() {
    Course course = Course.of(Strategy.PREVIEW, Course.thirtyDays());
    PacingDecision decision = course.tick(0, 0, 3);
    assertThat(decision.mode()).isEqualTo(Mode.PREVIEW);
    assertThat(decision.rate()).isEqualTo(5);
    assertThat(course.closed("paused by an operator").rate()).isZero();
  }

  @Test
  void progressiveDialsNoMoreLinesThanAgentsAreIdle() {
    Course course = Course.of(Strategy.PROGRESSIVE, Course.thirtyDays());
    course.state = course.state.confirmed(0, course.now);
    course.now += 60_000;
    PacingDecision decision = course.tick(0, 0, 6);
    assertThat(decision.mode()).isEqualTo(Mode.PROGRESSIVE);
    assertThat(decision.rate() * 5).isLessThanOrEqualTo(6);
  }

  @Test
  void powerIsPacedLikePredictive() {
    Course power = Course.of(Strategy.POWER, Course.thirtyDays()).warm(60, 8);
    Course predictive = Course.of(Strategy.PREDICTIVE, Course.thirtyDays()).warm(60, 8);
    assertThat(power.last.mode()).isEqualTo(Mode.POWER);
    assertThat(power.last.rate()).isEqualTo(predictive.last.rate());
  }

  @Test
  void aTeamOfFiveIsNotDialedAheadOf() {
    Course course = Course.of(Strategy.PREDICTIVE, Course.thirtyDays());
    for (int i = 0; i < 500; i++) {
      course.tick(i % 12 == 0 ? 1 : 0, 0, i % 3);
    }
    assertThat(course.last.estimates().staffedAgents()).isLessThan(6);
    assertThat(course.last.mode()).isEqualTo(Mode.PROGRESSIVE);
    assertThat(course.last.bound()).isIn(RateBound.SMALL_TEAM, RateBound.RAISE_LIMIT);
  }

  @Test
  void theCapProtectsFirstAndThenHolds() {
    Course course = Course.of(Strategy.PREDICTIVE, Course.thirtyDays()).warm(40, 8);
    course.tick(0, 5, 0);
    assertThat(course.last.bound()).isEqualTo(RateBound.PROTECT);
    assertThat(course.eventNames()).containsExactly(PacingEvent.PROTECT);
    assertThat(course.last.reason()).contains("protected: abandonment 5.9 % of 85 answered");
    course.warm(60, 8);
    course.tick(0, 25, 0);
    assertThat(course.last.mode()).isEqualTo(Mode.HOLD);
    assertThat(course.last.rate()).isZero();
    assertThat(course.last.reason())
        .contains("held: abandonment 13 % of 230 answered in this period, the cap is 3 %")
        .contains("until the next period begins at 2026-02-14");
    course.tick(0, 0, 20);
    course.tick(0, 0, 20);
    assertThat(course.events)
        .filteredOn(event -> event.name().equals(PacingEvent.HOLD))
        .singleElement()
        .as("CXone has not stopped yet")
        .satisfies(event -> assertThat(event.reason()).startsWith("Dialing is to stop: "));
    course.now = Course.START + Duration.ofDays(30).toMillis();
    course.tick(0, 0, 20);
    assertThat(course.eventNames()).contains(PacingEvent.HOLD_RELEASED);
    assertThat(course.last.mode()).isNotEqualTo(Mode.HOLD);
    assertThat(course.last.period().answered()).isZero();
  }

  @Test
  void aFewAbandonedCallsProtectButDoNotHold() {
    Course course = Course.of(Strategy.PREDICTIVE, Course.thirtyDays());
    course.tick(29, 1, 3);
    assertThat(course.state.cap().protect()).as("one of thirty is chance").isFalse();
    course.tick(0, 2, 3);
    course.tick(0, 1, 3);
    course.tick(0, 1, 3);
    course.tick(0, 2, 3);
    assertThat(course.state.cap().protect()).isTrue();
    assertThat(course.state.cap().held()).as("careful dialing makes them good").isFalse();
    for (int i = 0; i < 300; i++) {
      course.tick(1, 0, 3 + i % 2);
    }
    assertThat(course.eventNames())
        .containsExactly(PacingEvent.PROTECT, PacingEvent.PROTECT_RELEASED);
  }

  @Test
  void fifteenOfFifteenAreHeldAtOnce() {
    Course course = Course.of(Strategy.PREDICTIVE, Course.thirtyDays());
    course.tick(0, 15, 0);
    assertThat(course.eventNames()).containsExactly(PacingEvent.PROTECT, PacingEvent.HOLD);
    assertThat(course.last.mode()).isEqualTo(Mode.HOLD);
    assertThat(course.last.rate()).isZero();
    assertThat(course.last.reason()).contains("held: abandonment 100 % of 15 answered");
  }

  @Test
  void aHoldEndsWhenTooLittleIsLeftInTheWindowToTellItFromChance() {
    Course course = Course.of(Strategy.PREDICTIVE, Course.cap(Kind.ROLLING, Duration.ofHours(24)));
    course.tick(0, 15, 0);
    course.now += Duration.ofHours(12).toMillis();
    course.tick(9, 1, 20); // what rang when it was paused
    assertThat(course.last.mode()).isEqualTo(Mode.HOLD);
    course.now += Duration.ofHours(14).toMillis();
    course.tick(0, 0, 20);
    assertThat(course.last.period().rate()).as("above the cap still").isGreaterThan(0.03);
    assertThat(course.eventNames()).endsWith(PacingEvent.HOLD_RELEASED);
    assertThat(course.last.mode()).isNotEqualTo(Mode.HOLD);
  }

  @Test
  void aRollingWindowReleasesTheHoldWhenItsShareIsBelowTheCap() {
    Course course = Course.of(Strategy.PREDICTIVE, Course.cap(Kind.ROLLING, Duration.ofHours(24)));
    course.warm(60, 8);
    course.tick(0, 40, 0);
    assertThat(course.last.mode()).isEqualTo(Mode.HOLD);
    course.now += Duration.ofHours(23).toMillis();
    course.tick(0, 0, 20);
    assertThat(course.last.mode()).isEqualTo(Mode.HOLD);
    course.now += Duration.ofHours(3).toMillis();
    course.tick(0, 0, 20);
    assertThat(course.last.mode()).isNotEqualTo(Mode.HOLD);
    assertThat(course.last.period().answered()).isZero();
  }

  @Test
  void aMonthBeginsInTheCampaignsZone() {
    Course course = Course.of(Strategy.PREDICTIVE, Course.cap(Kind.CALENDAR_MONTH, null));
    course.tick(10, 0, 8);
    // Midnight in New York on 1 February is 05:00 UTC.
    assertThat(course.last.period().end()).isEqualTo(1_769_922_000_000L);
    course.now = 1_769_922_000_000L - 5_000 - 1_000;
    course.tick(1, 0, 8);
    assertThat(course.last.period().answered()).isEqualTo(11);
    course.tick(1, 0, 8);
    assertThat(course.last.period().answered()).isEqualTo(1);
  }

  @Test
  void withoutACapInTheProfileNothingIsHeld() {
    Course course = Course.of(Strategy.PREDICTIVE, null).warm(100, 8);
    course.tick(0, 100, 0);
    assertThat(course.last.bound()).isEqualTo(RateBound.PROTECT);
    assertThat(course.last.mode()).isNotEqualTo(Mode.HOLD);
    assertThat(course.last.period().cap()).isNull();
  }

  @Test
  void aRollingWindowIsCountedOnceHoweverTheTicksCome() {
    Course course = Course.ofRollingFigures();
    int[] seconds = {5, 5, 12, 5, 60, 5, 5, 31, 7, 5, 44, 5, 5, 5, 58, 5, 60, 60, 60, 60, 5, 5};
    // One connected call a second, and an abandoned one every 50 s.
    long total = 0;
    for (int round = 0; round < 6; round++) {
      for (int gap : seconds) {
        total += gap;
        long from = Math.max(0, total - 300);
        course.step(
            new PacingReading(
                Course.START + total * 1000,
                null,
                new PacingFigures(
                    (double) (total - from),
                    (double) (total / 50 - from / 50),
                    null,
                    180.0,
                    5.0 + gap % 3,
                    null),
                false,
                null,
                null));
      }
    }
    double answered = total + total / 50.0;
    assertThat(course.last.period().answered()).isCloseTo(answered, within(answered * 0.01));
    assertThat(course.last.period().abandoned()).isCloseTo(total / 50.0, within(2.0));
  }

  @Test
  void aGlitchOfTheFiguresIsCountedOnce() {
    Course course = Course.ofRollingFigures();
    for (int i = 1; i <= 40; i++) {
      double shown = i == 20 ? 0 : i;
      course.tick(new PacingFigures(shown, 0.0, null, 180.0, 5.0 + i % 2, null));
    }
    assertThat(course.last.period().answered()).isCloseTo(40, within(0.01));
  }

  @Test
  void whatCxoneHasToldAndTakesBackStaysInThePeriodOfTheCap() {
    Course course = Course.ofRollingFigures();
    course.tick(new PacingFigures(0.0, 60.0, null, 180.0, 5.0, null));
    assertThat(course.last.mode()).isEqualTo(Mode.HOLD);
    for (int tick = 0; tick < 100; tick++) {
      course.tick(new PacingFigures(2.0, 0.0, null, 180.0, 5.0 + tick % 2, null));
    }
    assertThat(course.last.mode()).isEqualTo(Mode.HOLD);
    assertThat(course.last.period().abandoned()).isCloseTo(60, within(0.01));
    assertThat(course.last.period().answered()).isBetween(62.0, 66.0); // those shown age unseen
    assertThat(course.eventNames()).doesNotContain(PacingEvent.HOLD_RELEASED);
  }

  @Test
  void whatOneReadingLacksAndTheNextHasAgainChangesNothing() {
    Course course = Course.ofRollingFigures();
    course.tick(new PacingFigures(0.0, 60.0, null, 180.0, 5.0, null));
    course.tick(new PacingFigures(0.0, 0.0, null, 180.0, 6.0, null));
    for (int tick = 0; tick < 120; tick++) {
      double shown = tick < 58 ? 60 : 0; // they leave the window in the end
      course.tick(new PacingFigures(0.0, shown, null, 180.0, 5.0 + tick % 2, null));
      assertThat(course.last.mode()).isEqualTo(Mode.HOLD);
    }
    assertThat(course.last.period().abandoned()).isCloseTo(60, within(0.01));
  }

  @Test
  void afterALongGapHistoryTellsWhatWasMissed() {
    Course course = Course.ofRollingFigures();
    for (int i = 1; i <= 20; i++) {
      course.tick(new PacingFigures((double) i, 0.0, null, 180.0, 5.0 + i % 2, null));
    }
    assertThat(course.state.behind(course.now + 200_000, Course.rolling())).isFalse();
    assertThat(course.state.behind(course.now + 301_000, Course.rolling())).isTrue();
    course.now += 3_600_000;
    course.state = course.state.caughtUp(500, 12, course.now);
    course.tick(new PacingFigures(40.0, 1.0, null, 180.0, 5.0, null));
    assertThat(course.last.period().answered()).isEqualTo(500);
    assertThat(course.last.period().abandoned()).isEqualTo(12);
    course.tick(new PacingFigures(42.0, 1.0, null, 180.0, 6.0, null));
    assertThat(course.last.period().answered()).isCloseTo(502, within(1.5));
    // What history tells of less than was counted is late, and changes nothing.
    course.state = course.state.caughtUp(100, 1, course.now);
    course.tick(new PacingFigures(42.0, 1.0, null, 180.0, 5.0, null));
    assertThat(course.last.period().answered()).isGreaterThan(499);
  }

  @Test
  void aFigureThatNeverMovesIsToldToBeOneOfStaffedAgents() {
    Course course = Course.of(Strategy.PREDICTIVE, Course.thirtyDays());
    for (int i = 0; i < 20; i++) {
      course.tick(3, 0, 50);
    }
    assertThat(course.eventNames()).contains(PacingEvent.AGENTS_LOOK_STAFFED);
    assertThat(course.last.bound()).isIn(RateBound.STAFFED_ONLY, RateBound.RAISE_LIMIT);
    assertThat(course.last.reason()).contains("only staffed agents are visible");
    // 50 agents of 180 s can take 0.28 answered calls/s, whatever is dialed for them.
    double answers = course.last.rate() * course.last.estimates().answerProbability();
    assertThat(answers).isLessThan(0.28);
  }

  @Test
  void littleChangesAreNotWritten() {
    Course course = Course.of(Strategy.PREDICTIVE, Course.thirtyDays());
    int writes = 0;
    for (int i = 0; i < 240; i++) {
      course.tick(i % 3 == 0 ? 2 : 1, 0, 6 + i % 3);
      writes += course.last.send() ? 1 : 0;
    }
    assertThat(writes).isLessThan(200);
  }

  @Test
  void aChangeWaitsForTheIntervalBetweenWritesUnlessItIsToZero() {
    PlatformSettings slow =
        LawSettings.of(PlatformSettings.class, Map.of("min-write-interval", "20s"));
    Course course =
        new Course(
            Course.plan(Strategy.PREDICTIVE, Course.thirtyDays(), 5), Course.cumulative(), slow);
    long lastWrite = 0;
    for (int i = 0; i < 120; i++) {
      course.tick(2, 0, 8 + i % 4);
      if (course.last.send()) {
        assertThat(course.last.rate() == 0 || course.now - lastWrite >= 20_000).isTrue();
        lastWrite = course.now;
      }
    }
    assertThat(course.closed("stopped").send()).isTrue();
  }

  @Test
  void aPlatformOfWholeCallsGetsWholeCalls() {
    PlatformSettings whole = LawSettings.of(PlatformSettings.class, Map.of("rate-step", "1"));
    Course course =
        new Course(
            Course.plan(Strategy.PREDICTIVE, Course.thirtyDays(), 5), Course.cumulative(), whole);
    boolean some = false;
    for (int i = 0; i < 120; i++) {
      double rate = course.tick(1, 0, 12 + i % 2).rate();
      assertThat(rate).isEqualTo(Math.rint(rate));
      some |= rate > 0;
    }
    assertThat(some).isTrue();
  }

  @Test
  void withOnlyStaffedAgentsAProgressiveCampaignKeepsFarBelowTheirCapacity() {
    FigureSettings staffed =
        LawSettings.of(FigureSettings.class, Map.of("window", "cumulative", "agents", "staffed"));
    Course course =
        new Course(
            Course.plan(Strategy.PROGRESSIVE, Course.thirtyDays(), 5), staffed, Course.platform());
    for (int i = 0; i < 60; i++) {
      course.tick(1, 0, 50);
    }
    double answers = course.last.rate() * course.last.estimates().answerProbability();
    assertThat(answers).isBetween(0.05, 0.2);
  }

  // A clock that is put right

  @ParameterizedTest
  @ValueSource(longs = {11, 60, 600, 7_200, 40_000_000})
  void aClockThatIsSetBackChangesNothingButTheTime(long seconds) {
    for (FigureSettings figures : List.of(Course.cumulative(), Course.rolling())) {
      PacingPlan plan = Course.plan(Strategy.PREDICTIVE, Course.thirtyDays(), 5);
      Course steady = new Course(plan, figures, Course.platform());
      Course stepped = new Course(plan, figures, Course.platform());
      for (int tick = 1; tick < 120; tick++) {
        if (tick == 60) {
          stepped.now -= seconds * 1000;
        }
        double window =
            figures.window() == FigureSettings.Window.ROLLING ? Math.min(tick, 60) : tick;
        PacingFigures seen =
            new PacingFigures(
                2 * window, Math.floor(window / 20), null, 180.0, 8.0 + tick % 2, null);
        PacingDecision expected = steady.tick(seen);
        PacingDecision decision = stepped.tick(seen);
        assertThat(decision.inputs().missing()).as("tick %d", tick).isNull();
        assertThat(decision.rate()).as("tick %d", tick).isCloseTo(expected.rate(), within(0.11));
        assertThat(decision.period().answered())
            .isCloseTo(expected.period().answered(), within(3.0));
        assertThat(decision.period().abandoned())
            .isCloseTo(expected.period().abandoned(), within(0.2));
      }
    }
  }

  @Test
  void figuresThatStayAwayAreMissedByTheClockAsItIs() {
    Course course = Course.of(Strategy.PREDICTIVE, Course.thirtyDays()).warm(60, 8);
    course.now -= 7_200_000;
    int ticks = 1;
    while (course.without("CXone answered 503").bound() != RateBound.NO_FIGURES) {
      ticks++;
      assertThat(ticks).isLessThan(20);
    }
    assertThat(ticks * 5).isBetween(60, 70);
  }

  @Test
  void aHoldEndsWithItsPeriodByTheClockAsItIs() {
    Course course = Course.of(Strategy.PREDICTIVE, Course.thirtyDays());
    course.now += Duration.ofDays(300).toMillis(); // it was wrong when the campaign began to dial
    course.warm(40, 8);
    for (int i = 0; i < 60 && !course.eventNames().contains(PacingEvent.HOLD); i++) {
      course.tick(0, 5, 0);
    }
    assertThat(course.last.mode()).isEqualTo(Mode.HOLD);
    double abandoned = course.last.period().abandoned();
    course.now -= Duration.ofDays(300).toMillis();
    assertThat(course.tick(0, 0, 8).mode()).isEqualTo(Mode.HOLD);
    assertThat(course.last.period().abandoned()).isEqualTo(abandoned);
    assertThat(course.last.reason()).contains("until the next period begins at 2026-02-14");
    course.now += Duration.ofDays(31).toMillis();
    course.tick(1, 0, 8);
    assertThat(course.eventNames()).contains(PacingEvent.HOLD_RELEASED);
    assertThat(course.last.mode()).isNotEqualTo(Mode.HOLD);
  }

  @Test
  void theCountsOfARollingWindowLeaveItThoughTheyWereMadeInTheFuture() {
    Course course = Course.of(Strategy.PREDICTIVE, Course.cap(Kind.ROLLING, Duration.ofHours(24)));
    course.now += Duration.ofDays(300).toMillis();
    course.warm(40, 8);
    double answered = course.last.period().answered();
    course.now -= Duration.ofDays(300).toMillis();
    course.tick(2, 0, 8);
    assertThat(course.last.period().answered()).isEqualTo(answered + 2);
    course.now += Duration.ofHours(27).toMillis();
    course.tick(1, 0, 8);
    assertThat(course.last.period().answered()).isEqualTo(1);
  }
}
