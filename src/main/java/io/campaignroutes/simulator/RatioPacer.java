package io.campaignroutes.simulator;

import io.campaignroutes.compliance.Abandonment;
import io.campaignroutes.cxone.DialingRatio;
import io.campaignroutes.dialer.DialRatio;
import io.campaignroutes.dialer.Telemetry;
import io.campaignroutes.pacing.PacingDecision;
import io.campaignroutes.pacing.PacingEvent;
import io.campaignroutes.pacing.PacingFigures;
import io.campaignroutes.pacing.PacingLaw;
import io.campaignroutes.pacing.PacingPlan;
import io.campaignroutes.pacing.PacingReading;
import io.campaignroutes.pacing.PacingState;
import io.campaignroutes.pacing.PacingStep;
import io.campaignroutes.pacing.PoolMember;
import io.campaignroutes.pacing.PoolState;
import io.campaignroutes.pacing.PoolStep;
import io.campaignroutes.pacing.Strategy;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;

/** The pacing law at work by lines for each agent in the simulated world. */
final class RatioPacer implements SkillPacer {
  private static final double NO_LIMIT = 1000;

  private final PacingLaw law;
  private final PacingPlan plan;
  private final Duration period;
  private PoolState pool;
  private PacingState state;
  private PacingDecision last;
  private int holds;

  RatioPacer(PacingLaw law, SkillScenario scenario, Abandonment abandonment) {
    this(law, Strategy.PREDICTIVE, NO_LIMIT, scenario, abandonment);
  }

  /**
   * @param limit calls/s that are never exceeded
   */
  RatioPacer(
      PacingLaw law,
      Strategy strategy,
      double limit,
      SkillScenario scenario,
      Abandonment abandonment) {
    this.law = law;
    period = Duration.ofMillis(Math.round(1000 * scenario.tick()));
    plan =
        new PacingPlan(
            strategy, 1, limit, "the campaign", abandonment, LawPacer.START, ZoneOffset.UTC);
    state = law.start(plan, LawPacer.START);
  }

  @Override
  public DialRatio decide(double now, Telemetry.Answer answer) {
    PacingFigures figures = LawPacer.figures(answer);
    String missing = figures != null ? null : "503";
    PacingReading reading = new PacingReading(millis(now), null, figures, false, missing, null);
    PoolMember only = new PoolMember("", plan, state, reading, 1);
    PoolStep made = law.step(pool, null, period, List.of(only));
    PacingStep step = made.steps().get(0);
    pool = made.state();
    state = step.state();
    last = step.decision();
    holds += (int) last.events().stream().filter(e -> e.name().equals(PacingEvent.HOLD)).count();
    if (!last.send()) {
      return null;
    }
    DialingRatio ratio = last.lines().ratio();
    if (ratio == null) {
      return DialRatio.STOPPED;
    }
    double waiting = ratio.overdialPercentage() == null ? 0 : ratio.overdialPercentage();
    return new DialRatio(ratio.ratio(), waiting, ratio.blockMultipleCalls());
  }

  @Override
  public void accepted(double now) {
    state = state.confirmed(last.rate(), millis(now));
  }

  @Override
  public int holds() {
    return holds;
  }

  private static long millis(double now) {
    return LawPacer.START + Math.round(now * 1000);
  }
}
