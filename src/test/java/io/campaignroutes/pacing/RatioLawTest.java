package io.campaignroutes.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.compliance.Abandonment;
import io.campaignroutes.cxone.DialingRatio;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RatioLawTest {
  private static final long PERIOD = 5_000;

  private final Map<String, String> settings = new HashMap<>(Map.of("actuator", "RATIO"));
  private final List<PacingEvent> events = new ArrayList<>();
  private long now = Course.START;
  private double limit = 100;
  private double handle = 180;
  private Double staffed = 50.0;
  private double idle = 6;
  private Double attempted = 250.0;
  private DialingRatio found;
  private PlatformRules rules;
  private PacingLaw law;
  private PacingState state;
  private PoolState pool;
  private PacingDecision last;

  @Test
  void itBeginsWithOneLineForEachAgentAndWaitsForAnswers() {
    tick(5, 0);
    assertThat(last.lines().ratio()).isEqualTo(new DialingRatio(1, null, true));
    assertThat(last.bound()).isEqualTo(RateBound.COLD);
    assertThat(last.send()).isTrue();
    tick(5, 0);
    assertThat(last.send()).isFalse();
  }

  @Test
  void itGoesUpOneRatioAtATimeAndSlowly() {
    List<Long> raised = new ArrayList<>();
    List<Double> lines = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      tick(75, 0);
      if (last.send()) {
        raised.add(now);
        lines.add(last.rate());
      }
    }
    assertThat(lines).containsExactly(1.0, 2.0, 3.0);
    assertThat(raised.get(1) - raised.get(0)).isGreaterThanOrEqualTo(60_000);
    assertThat(raised.get(2) - raised.get(1)).isGreaterThanOrEqualTo(60_000);
  }

  @Test
  void itGoesDownAtOnceButNotTooSoonAfterTheLastChangeExceptToOne() {
    until(3);
    long changed = state.dialing().commandedAt();
    staffed = 20.0;
    idle = 2;
    while (!last.send() || now == changed) {
      tick(75, 1);
    }
    assertThat(last.rate()).isLessThan(3);
    assertThat(now - changed).isGreaterThanOrEqualTo(30_000);
    staffed = 2.0;
    tick(75, 1);
    assertThat(last.rate()).isEqualTo(1);
    assertThat(last.send()).isTrue();
    assertThat(last.bound()).isEqualTo(RateBound.SMALL_TEAM);
  }

  @Test
  void figuresThatAreOldOrNotThereAreNoReasonForMoreThanOneLine() {
    until(3);
    for (int i = 0; i < 2; i++) {
      without();
      assertThat(last.rate()).isEqualTo(3);
    }
    without();
    assertThat(last.rate()).isEqualTo(1);
    assertThat(last.send()).isTrue();
    assertThat(last.bound()).isEqualTo(RateBound.NO_FIGURES);
  }

  @Test
  void whoseAgentsAreNotKnownIsNotDialedAheadOf() {
    staffed = null;
    for (int i = 0; i < 60; i++) {
      tick(75, 0);
      assertThat(last.rate()).isEqualTo(1);
    }
    assertThat(last.reason()).contains("not known how many agents");
  }

  @Test
  void abandonedCallsBeyondTheAimBringItDownAndBothAimsAreTold() {
    staffed = 20.0;
    idle = 3;
    until(2);
    double abandoned = 0;
    while (last.rate() > 1 && now < Course.START + 3_600_000) {
      abandoned += 1;
      tick(75, Math.min(8, abandoned));
    }
    assertThat(last.rate()).isEqualTo(1);
    assertThat(last.lines().aim()).isEqualTo(0.7 * 0.03);
    assertThat(last.lines().allowed()).isEqualTo(0.03);
  }

  @Test
  void ourAimIsNeverAboveSevenTenthsOfWhatCxoneAllows() {
    settings.put("ratio.allowed", "0.02");
    tick(75, 0);
    assertThat(last.lines().aim()).isEqualTo(0.7 * 0.02);
  }

  @Test
  void theFineLeverGoesUpInStepsOfTen() {
    settings.put("ratio.fine-lever", "true");
    staffed = 10.0;
    idle = 2;
    attempted = 60.0;
    List<DialingRatio> written = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      tick(17, 0);
      if (last.send()) {
        written.add(last.lines().ratio());
      }
    }
    assertThat(written)
        .startsWith(
            new DialingRatio(1, 0, true),
            new DialingRatio(2, 50, false),
            new DialingRatio(2, 40, false),
            new DialingRatio(2, 30, false));
  }

  @Test
  void whatSomebodyHasSetIsToldAndLeftForAWhile() {
    until(3);
    wait(70);
    found = new DialingRatio(2, 20, false);
    tick(75, 0);
    assertThat(events)
        .extracting(PacingEvent::name)
        .containsExactly(PacingEvent.RATIO_CHANGED_BY_HAND);
    assertThat(last.rate()).isEqualTo(2);
    assertThat(last.send()).isFalse();
    assertThat(last.lines().humanUntil()).isEqualTo(now + 600_000);
    long at = now;
    while (now < at + 595_000) {
      tick(75, 0);
      assertThat(last.send()).isFalse();
    }
    assertThat(events).hasSize(1);
    found = null;
    wait(120);
    assertThat(state.commanded()).isEqualTo(3);
  }

  @Test
  void whatSomebodySetsWhenACampaignHasJustBegunIsLeftToo() {
    tick(1, 0);
    found = new DialingRatio(2, null, false);
    few(30);
    assertThat(last.bound()).isEqualTo(RateBound.COLD);
    assertThat(last.rate()).isEqualTo(2);
    assertThat(last.reason()).contains("set by hand is left");
    assertThat(events)
        .extracting(PacingEvent::name)
        .containsExactly(PacingEvent.RATIO_CHANGED_BY_HAND);
    few(550);
    assertThat(last.send()).isFalse();
    assertThat(state.commanded()).isEqualTo(2);
    found = null;
    few(120);
    assertThat(state.commanded()).isEqualTo(1);
  }

  @Test
  void whatSomebodySetBeforeTheFirstWriteIsNotWrittenOver() {
    found = new DialingRatio(3, null, false);
    tick(1, 0);
    assertThat(last.rate()).isEqualTo(3);
    assertThat(last.send()).isFalse();
    assertThat(events).hasSize(1);
  }

  @Test
  void whatSomebodyHasSetGivesWayToWhatKeepsTheCap() {
    until(3);
    wait(30);
    found = new DialingRatio(2, null, false);
    tick(75, 0);
    staffed = 2.0;
    tick(75, 0);
    assertThat(last.rate()).isEqualTo(1);
    assertThat(last.send()).isTrue();
  }

  @Test
  void withoutPredictiveDialingAtTheTenantItIsOneLine() {
    rules = new PlatformRules(false, null);
    for (int i = 0; i < 60; i++) {
      tick(75, 0);
      rules = null; // told now and then, and remembered
      assertThat(last.rate()).isEqualTo(1);
    }
    assertThat(last.reason()).contains("allowPredictiveDialing");
    rules = new PlatformRules(true, null);
    wait(120);
    assertThat(last.rate()).isGreaterThan(1);
  }

  @Test
  void whatCxoneAllowsTheSkillGoesBeforeWhatIsConfigured() {
    rules = new PlatformRules(true, 0.01);
    tick(75, 0);
    assertThat(last.lines().allowed()).isEqualTo(0.01);
    assertThat(last.lines().aim()).isEqualTo(0.7 * 0.01);
    rules = null;
    tick(75, 0);
    assertThat(last.lines().allowed()).isEqualTo(0.01);
  }

  @Test
  void theSecondsBeforeAStartAreNotTakenForLongCalls() {
    handle = 120;
    idle = 10;
    for (int i = 1; i <= 24; i++) { // two minutes in which each of 40 agents has had a call or two
      attempted = 10.0 * i;
      tick(2.5 * i, 0);
    }
    assertThat(last.estimates().handleTimeSeconds()).isLessThanOrEqualTo(180);
  }

  @Test
  void answeredCallsThatAreToldBeforeTheOthersAreNotTakenForAHigherShare() {
    for (int i = 1; i <= 12; i++) { // a minute in which only calls with an agent are told
      attempted = 3.0 * i;
      tick(3.0 * i, 0);
      assertThat(last.estimates().answerProbability()).isBetween(.24, .26);
    }
    for (int i = 13; i <= 60; i++) {
      attempted = Math.min(250.0, 3.0 * i + 9 * (i - 8));
      tick(Math.min(75, 3.0 * i), 0);
    }
    assertThat(last.estimates().answerProbability()).isBetween(.24, .32);
    assertThat(last.rate()).isGreaterThan(1);
  }

  @Test
  void betweenTwoRatiosThereAreTwoLinesForAsLongAsManyAgentsWait() {
    staffed = 10.0;
    attempted = 60.0;
    idle = 1;
    for (int i = 0; i < 120; i++) {
      tick(17, 0);
      assertThat(last.rate()).isEqualTo(1);
    }
    idle = 4;
    until(2);
    assertThat(last.reason()).contains("for as long as agents wait");
    long changed = now;
    idle = 1;
    tick(17, 0);
    tick(17, 0);
    assertThat(last.rate()).isEqualTo(1);
    idle = 4;
    while (state.commanded() < 2) {
      tick(17, 0);
    }
    assertThat(now - changed).isGreaterThanOrEqualTo(60_000);
  }

  @Test
  void whatIsNotOursMayBeSetByAnybody() {
    until(3);
    wait(70);
    found = new DialingRatio(3, 40, false);
    tick(75, 0);
    assertThat(events).isEmpty();
    assertThat(last.lines().humanUntil()).isNull();
  }

  @Test
  void aLimitBoundsTheRatio() {
    limit = .86;
    for (int i = 0; i < 400; i++) {
      tick(75, 0);
    }
    assertThat(last.rate()).as("it dials .83 calls/s with one line already").isEqualTo(1);
    assertThat(last.bound()).isEqualTo(RateBound.LIMIT);
  }

  @Test
  void aLimitThatOneLineForEachAgentCannotKeepHoldsTheCampaign() {
    limit = .3;
    double held = 0;
    for (int i = 0; i < 200 && held == 0; i++) {
      tick(75, 0);
      held = last.rate() == 0 ? now : 0;
    }
    assertThat(held - Course.START).isBetween(60_000.0, 120_000.0);
    assertThat(last.bound()).isEqualTo(RateBound.LIMIT);
    assertThat(last.lines().ratio()).isNull();
    assertThat(last.reason()).contains("0 calls", "the limit of the campaign, 0.3 calls/s");
    assertThat(last.lines().callsPerSecond()).isGreaterThan(limit);
    state = state.paused(now);
    wait(700);
    assertThat(last.rate()).isZero();
    staffed = 10.0;
    wait(10);
    assertThat(last.rate()).isEqualTo(1);
  }

  @Test
  void whoBeginsAgainDoesSoWithOneLine() {
    until(3);
    state = state.paused(now);
    tick(75, 0);
    assertThat(last.rate()).isEqualTo(1);
    assertThat(last.send()).isTrue();
  }

  @Test
  void campaignsThatShareAgentsHaveTheSameLines() {
    PacingState one = law().start(plan(), now);
    PacingState other = one;
    for (int i = 0; i < 120; i++) {
      now += PERIOD;
      attempted = 125.0;
      List<PoolMember> members =
          List.of(
              new PoolMember("a", plan(), one, reading(37, 0), 1),
              new PoolMember("b", plan(), other, reading(38, 0), 1));
      PoolStep step = law().step(pool, new AgentsSeen(now, 6, 50), period(), members);
      pool = step.state();
      one = carriedOut(step.steps().get(0));
      other = carriedOut(step.steps().get(1));
      assertThat(one.commanded()).isEqualTo(other.commanded());
    }
    assertThat(one.commanded()).isEqualTo(3);
  }

  @Test
  void whatIsRememberedSurvivesARestart() {
    until(2);
    settings.put("ratio.fine-lever", "false");
    PacingState fresh = law().start(plan(), now);
    Optional<PacingState> read = StoredState.read(StoredState.text(state), fresh);
    assertThat(read).contains(state);
    assertThat(StoredState.text(state)).contains("\"ratio\":{");
  }

  @Test
  void aCampaignPacedByRateRemembersNothingOfIt() {
    PacingLaw byRate = new PacingLaw(LawSettings.defaults(), Course.rolling(), Course.platform());
    PacingState rate = byRate.start(plan(), now);
    assertThat(rate.ratio()).isNull();
    assertThat(StoredState.text(rate)).doesNotContain("ratio");
  }

  @Test
  void theModelSaysWhatTheSimulatedDialerAbandons() {
    assertThat(new LinesModel(10, .3, 180, 16).abandoned(1)).isZero();
    assertThat(new LinesModel(10, .3, 180, 16).abandoned(2)).isBetween(.035, .06);
    assertThat(new LinesModel(50, .3, 180, 16).abandoned(3)).isBetween(.004, .015);
    assertThat(new LinesModel(20, .3, 180, 16).lines(.0001, 3)).isBetween(1.0, 1.1);
    assertThat(new LinesModel(50, .3, 180, 16).lines(.0211, 3)).isGreaterThan(3);
  }

  // A tick

  private void until(double lines) {
    while (state == null || state.commanded() < lines) {
      tick(75, 0);
    }
  }

  /** Seconds in which too few calls are answered to go by them. */
  private void few(int seconds) {
    for (int i = 0; i < seconds * 1000 / PERIOD; i++) {
      tick(1, 0);
    }
  }

  private void wait(int seconds) {
    for (int i = 0; i < seconds * 1000 / PERIOD; i++) {
      tick(75, 0);
    }
  }

  /** Five seconds later; so many calls of the last five minutes. */
  private void tick(double connected, double abandoned) {
    now += PERIOD;
    decide(reading(connected, abandoned));
  }

  private void without() {
    now += PERIOD;
    decide(new PacingReading(now, null, null, false, "503", null));
  }

  private PacingReading reading(double connected, double abandoned) {
    return new PacingReading(
        now,
        null,
        new PacingFigures(connected, abandoned, attempted, handle, seen(), staffed, found, rules),
        false,
        null,
        null);
  }

  /** Agents who wait change, or they would be taken for all who are at work. */
  private double seen() {
    return now % (2 * PERIOD) == 0 ? idle : idle - 1;
  }

  private void decide(PacingReading reading) {
    if (state == null) {
      state = law().start(plan(), Course.START);
    }
    PoolStep made =
        law().step(pool, null, period(), List.of(new PoolMember("", plan(), state, reading, 1)));
    pool = made.state();
    state = carriedOut(made.steps().get(0));
    last = made.steps().get(0).decision();
    events.addAll(last.events());
  }

  private PacingState carriedOut(PacingStep step) {
    PacingDecision decision = step.decision();
    return decision.send() ? step.state().confirmed(decision.rate(), now) : step.state();
  }

  private static Duration period() {
    return Duration.ofMillis(PERIOD);
  }

  private PacingPlan plan() {
    Abandonment cap = Course.thirtyDays();
    return Course.plan(Strategy.PREDICTIVE, cap, limit);
  }

  private PacingLaw law() {
    if (law == null) {
      law =
          new PacingLaw(
              LawSettings.defaults(),
              Course.rolling(),
              LawSettings.of(PlatformSettings.class, settings));
    }
    return law;
  }
}
