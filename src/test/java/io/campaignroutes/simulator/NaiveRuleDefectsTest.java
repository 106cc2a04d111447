package io.campaignroutes.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.compliance.Abandonment;
import io.campaignroutes.pacing.FigureSettings;
import io.campaignroutes.pacing.LawSettings;
import io.campaignroutes.pacing.Mode;
import io.campaignroutes.pacing.PacingDecision;
import io.campaignroutes.pacing.PacingFigures;
import io.campaignroutes.pacing.PacingLaw;
import io.campaignroutes.pacing.PacingPlan;
import io.campaignroutes.pacing.PacingReading;
import io.campaignroutes.pacing.PacingState;
import io.campaignroutes.pacing.PacingStep;
import io.campaignroutes.pacing.PlatformSettings;
import io.campaignroutes.pacing.RateBound;
import io.campaignroutes.pacing.Strategy;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What was wrong with {@code min(current, floor(availableAgents / (avgHandleTime / 60) * 0.8))}, at
 * least 1, and is not any more.
 */
class NaiveRuleDefectsTest {
  private static final long START = LawPacer.START;

  private final Abandonment cap = AcceptanceTest.usFederal();
  private final PacingLaw law =
      new PacingLaw(
          LawSettings.defaults(),
          LawSettings.of(FigureSettings.class, Map.of("window", "cumulative")),
          LawSettings.of(PlatformSettings.class, Map.of()));
  private final PacingPlan plan =
      new PacingPlan(Strategy.PREDICTIVE, 10, 20, "the campaign", cap, START, ZoneOffset.UTC);

  private PacingState state = law.start(plan, START);
  private long now = START;
  private double connected;
  private double abandoned;

  @Test
  void unitsAreCallsPerSecondOnBothSides() {
    // 50 agents of 180 s a call take 0.28 answered calls/s, which at 30 % answers are 0.93 dialed
    // ones; the naive rule said 13.
    RunOutcome outcome =
        Simulation.run(
            Scenario.of(50, 0.3, 180, 2, cap), Laws.defaults().pacer(Strategy.PREDICTIVE), 1);
    assertThat(outcome.callsPerSecond()).isBetween(0.7, 1.0);
  }

  @Test
  void theRateGoesUpAgainAfterItWentDown() {
    warm();
    for (int i = 0; i < 10; i++) {
      tick(0, 1, 0);
    }
    assertThat(state.commanded()).isZero();
    for (int i = 0; i < 60; i++) {
      tick(1, 0, 15 + i % 2);
    }
    assertThat(state.commanded()).isGreaterThan(0.3);
  }

  @Test
  void withoutAgentsNothingIsDialedAndRatesNeedNotBeWhole() {
    PacingDecision none = null;
    for (int i = 0; i < 10; i++) {
      none = tick(0, 0, 0);
    }
    assertThat(none.rate()).isZero();
    assertThat(none.bound()).isEqualTo(RateBound.NO_AGENTS);
    boolean fraction = false;
    for (int i = 0; i < 100; i++) {
      double rate = tick(i % 2, 0, 10 + i % 2).rate();
      fraction |= rate != Math.rint(rate);
    }
    assertThat(fraction).isTrue();
  }

  @Test
  void abandonedCallsAndTheAnswerProbabilityDecide() {
    warm();
    double before = lastUnclamped();
    PacingState calm = state;
    tick(1, 3, 12);
    double worse = lastUnclamped();
    assertThat(worse).isLessThan(before);
    // The same idle agents want more calls where fewer are answered.
    state = calm;
    for (int i = 0; i < 60; i++) {
      state = state.confirmed(1, now);
      tick(i % 10 == 0 ? 1 : 0, 0, 12 + i % 2);
    }
    PacingDecision few = last;
    for (int i = 0; i < 60; i++) {
      state = state.confirmed(1, now);
      tick(3, 0, 12 + i % 2);
    }
    assertThat(few.estimates().answerProbability())
        .isLessThan(last.estimates().answerProbability() / 2);
    assertThat(few.estimates().unclamped()).isGreaterThan(last.estimates().unclamped());
  }

  @Test
  void missingFiguresAreNeitherZerosNorACrash() {
    warm();
    double handle = last.estimates().handleTimeSeconds();
    double answered = last.period().answered();
    for (PacingFigures odd :
        new PacingFigures[] {
          null,
          new PacingFigures(null, null, null, null, null, null),
          new PacingFigures(Double.NaN, 0.0, null, 0.0, 5.0, null),
          new PacingFigures(connected, abandoned, null, 180.0, -4.0, null)
        }) {
      now += 5000;
      step(new PacingReading(now, null, odd, odd == null, null, 12));
      assertThat(last.inputs().missing()).isNotBlank();
      assertThat(last.estimates().handleTimeSeconds()).isEqualTo(handle);
      assertThat(last.period().answered()).isEqualTo(answered);
    }
    // A handle time of 0 is none at all; the naive rule took 120 s for it.
    now += 5000;
    step(
        new PacingReading(
            now,
            null,
            new PacingFigures(connected, abandoned, null, 0.0, 12.0, null),
            false,
            null,
            null));
    assertThat(last.inputs().missing()).isNull();
    assertThat(last.estimates().handleTimeSeconds()).isEqualTo(handle);
  }

  @Test
  void theNextStepStartsFromWhatIsReallyInForce() {
    warm();
    PacingState confirmed = state;
    // A decision that was not carried out changes nothing of what is believed to be in force.
    PacingStep lost =
        law.step(
            plan,
            state,
            new PacingReading(
                now + 5000,
                null,
                new PacingFigures(connected, abandoned, null, 180.0, 40.0, null),
                false,
                null,
                null));
    assertThat(lost.decision().rate()).isNotEqualTo(confirmed.commanded());
    assertThat(lost.state().commanded()).isEqualTo(confirmed.commanded());
    // And one that somebody else made counts: the calls it dials ring.
    PacingState other = confirmed.confirmed(8, now);
    assertThat(other.commanded()).isEqualTo(8);
    state = other;
    tick(1, 0, 12);
    assertThat(last.estimates().ringingExpected()).isGreaterThan(8 * 5 * 0.5);
  }

  @Test
  void theAbandonmentCapIsWatchedAllTheTime() {
    warm();
    tick(0, 60, 0);
    assertThat(last.mode()).isEqualTo(Mode.HOLD);
    assertThat(last.period().rate()).isGreaterThan(cap.cap());
    for (int i = 0; i < 100; i++) {
      assertThat(tick(0, 0, 30).rate()).isZero();
    }
  }

  private PacingDecision last;

  private double lastUnclamped() {
    return last.estimates().unclamped();
  }

  private void warm() {
    for (int i = 0; i < 90; i++) {
      tick(2, 0, 12 + i % 2);
    }
  }

  private PacingDecision tick(double moreConnected, double moreAbandoned, double idle) {
    now += 5000;
    connected += moreConnected;
    abandoned += moreAbandoned;
    return step(
        new PacingReading(
            now,
            null,
            new PacingFigures(connected, abandoned, null, 180.0, idle, null),
            false,
            null,
            null));
  }

  private PacingDecision step(PacingReading reading) {
    PacingStep step = law.step(plan, state, reading);
    state = step.state();
    last = step.decision();
    if (last.send()) {
      state = state.confirmed(last.rate(), now);
    }
    return last;
  }
}
