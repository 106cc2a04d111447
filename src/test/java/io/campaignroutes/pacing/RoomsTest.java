package io.campaignroutes.pacing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rooms of the law, each by itself. */
class RoomsTest {
  private static final LawSettings LAW = LawSettings.defaults();
  private static final FigureSettings FIGURES = Course.rolling();

  @Test
  void agentsAreLearntFromTheSumOfAllWhoDialForThem() {
    AgentEstimate one = AgentEstimate.prior(LAW).after(sample(20, 4, 10), 0, LAW, FIGURES);
    assertThat(one.busy()).as("of 20 calls in 5 min of 3 min each").isBetween(8.0, 12.5);
    assertThat(one.staffed()).isEqualTo(one.idle() + one.busy());
    AgentEstimate same = one.after(next(3), 0, LAW, FIGURES);
    assertThat(same.busy()).isGreaterThan(one.busy());
    assertThat(same.idle()).isEqualTo(10);
  }

  @Test
  void callsThatEndAreIdleAgentsAndLinesThatAreAnsweredAreNone() {
    AgentEstimate agents = new AgentEstimate(100, 5, 20, 25, 0);
    AgentForecast quiet = AgentForecast.of(agents, new Ringing(0, 0, 0), 0, 10);
    assertThat(quiet.idleNow()).isEqualTo(5);
    assertThat(quiet.idleThen()).isCloseTo(5 + 20 * (1 - Math.exp(-0.1)), within(1e-9));
    AgentForecast ringing = AgentForecast.of(agents, new Ringing(2, 9, 4), 0, 10);
    assertThat(ringing.idleNow()).isEqualTo(3);
    assertThat(ringing.idleThen()).isEqualTo(quiet.idleThen());
  }

  @Test
  void ofAgentsWhomSeveralPoolsDialForEachHasItsPart() {
    PoolState dials = new PoolState(0, AgentEstimate.prior(LAW), 6, 1, 1, -3, 0, "", 0);
    Set<String> mine = Set.of("a", "b", "c", "d");
    Overlap.Other two = new Overlap.Other(Set.of("c", "d", "e", "f"), dials, 0);
    Overlap.Other one = new Overlap.Other(Set.of("d"), dials, 0);
    Overlap.Other none = new Overlap.Other(Set.of("e"), dials, 0);
    Overlap.Other rests = new Overlap.Other(mine, PoolState.NONE, 0);
    Overlap overlap = Overlap.of(mine, List.of(two, one, none, rests), 9);
    assertThat(overlap.part()).isCloseTo((2 + 1 / 2.0 + 1 / 3.0) / 4, within(1e-9));
    assertThat(overlap.answersDue()).as("half of the one's, all of the other's").isEqualTo(9);
    assertThat(overlap.credit()).isEqualTo(-4.5);
    assertThat(Overlap.of(mine, List.of(none, rests), 9)).isEqualTo(Overlap.NONE);
    assertThat(Overlap.of(Set.of(), List.of(two), 9)).isEqualTo(Overlap.NONE);
    Overlap.Other later = new Overlap.Other(mine, dials, 3600);
    assertThat(Overlap.of(mine, List.of(later), 9).answersDue())
        .as("an answer a second, each awaited for 9 s")
        .isCloseTo(9, within(1e-9));
  }

  @Test
  void aWiderMarginAimsAtFewerAnswersAndSuitsLargeTeamsBetter() {
    AgentForecast few = new AgentForecast(2, 2, 1, new Ringing(0, 0, 0));
    AgentForecast many = new AgentForecast(20, 20, 10, new Ringing(0, 0, 0));
    assertThat(few.answers(0, 0)).isEqualTo(2);
    assertThat(few.answers(1, 0)).isLessThan(few.answers(0.5, 0)).isPositive();
    assertThat(few.answers(3.5, 0)).isZero();
    assertThat(many.answers(1, 0) / 20).isGreaterThan(few.answers(1, 0) / 2);
  }

  @Test
  void anAnswerShareFarBelowTheUsualOneIsNotBelievedAtOnce() {
    AnswerEstimate usual = new AnswerEstimate(100, 30, 0.3, 40);
    AnswerEstimate none = usual.after(next(0), 400, LAW);
    assertThat(none.probability(LAW)).isGreaterThan(0.14).isLessThan(0.16);
    assertThat(none.again().answersSinceStart()).isZero();
    assertThat(none.again().uncertainty(0)).isGreaterThan(none.uncertainty(0));
  }

  @Test
  void ratesAreRoundedDownToStepsAndSmallChangesAreNotSent() {
    PlatformSettings platform = Course.platform();
    Course course = Course.of(Strategy.PREDICTIVE, null).warm(40, 20);
    Situation situation = situation(course, 5);
    double inForce = course.state.commanded();
    Shaper shaper = new Shaper(LAW, platform);
    assertThat(shaper.shape(wanted(inForce + 0.06), situation).send()).isFalse();
    assertThat(shaper.shape(wanted(0.29), situation).rate()).isEqualTo(0.2);
    Shaper.Shaped high = shaper.shape(wanted(9), situation);
    assertThat(high.bound()).isIn(RateBound.LIMIT, RateBound.RAISE_LIMIT);
    assertThat(high.rate()).isLessThanOrEqualTo(5);
    assertThat(shaper.shape(wanted(0), situation).send()).isTrue();
    Shaper whole =
        new Shaper(LAW, LawSettings.of(PlatformSettings.class, Map.of("rate-step", "1")));
    assertThat(whole.shape(wanted(0.9), situation).rate()).isZero();
  }

  private static Situation situation(Course course, double limit) {
    PacingReading reading = new PacingReading(course.now + 5000, null, null, false, "503", null);
    Estimator estimator =
        new Estimator(LAW, FIGURES, Course.platform(), RingTimes.of(Course.platform()));
    CycleTime time = CycleTime.of(course.now, reading.at(), 5);
    Estimate known = estimator.learn(course.state, reading, false, time.now());
    Bounds bounds = Bounds.of(Course.plan(Strategy.PREDICTIVE, null, limit), 20, LAW);
    AbandonmentGuard guard = new AbandonmentGuard(LAW, FIGURES, Course.platform());
    long data = estimator.data(known.seen().sampledAt(), time.now());
    Ringing ringing = estimator.ringing(known, data, time.now());
    return new Situation(
        time,
        bounds,
        reading,
        known,
        estimator.forecast(known.agents(), ringing, data, time),
        guard.judge(bounds, course.state.cap(), HistoryTotals.NONE, known),
        new Share(false, 100, 1.7, 0.01, known.dialing().inForce(), 1, 1, 0));
  }

  private static WantedRate wanted(double rate) {
    return new WantedRate(
        Mode.PREDICTIVE, rate, RateBound.NONE, "it is wanted", 0, rate, null, false);
  }

  /** The first sample, of a window of five minutes. */
  private static Sample sample(double connected, double abandoned, double idle) {
    PacingFigures read = new PacingFigures(connected, abandoned, null, 180.0, idle, null);
    return new Sample(
        read,
        null,
        300_000,
        0,
        true,
        false,
        connected,
        abandoned,
        connected + abandoned,
        abandoned);
  }

  /** A sample five seconds later, with 10 agents idle. */
  private static Sample next(double connected) {
    PacingFigures read = new PacingFigures(connected, 0.0, null, 180.0, 10.0, null);
    return new Sample(read, null, 305_000, 300_000, false, false, connected, 0, connected, 0);
  }
}
