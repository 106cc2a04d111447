package io.campaignroutes.simulator;

import io.campaignroutes.dialer.DialedCampaign;
import io.campaignroutes.dialer.Telemetry;
import io.campaignroutes.pacing.Mode;
import io.campaignroutes.pacing.PacingDecision;
import io.campaignroutes.pacing.PacingEvent;
import io.campaignroutes.pacing.PacingFigures;
import io.campaignroutes.pacing.PacingLaw;
import io.campaignroutes.pacing.PacingPlan;
import io.campaignroutes.pacing.PacingReading;
import io.campaignroutes.pacing.PacingState;
import io.campaignroutes.pacing.PacingStep;
import io.campaignroutes.pacing.PoolMember;
import io.campaignroutes.pacing.Strategy;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;

/** The pacing law at work in the simulated world. */
final class LawPacer implements Pacer {
  /** Epoch ms of second 0: 2026-01-05, a Monday. */
  static final long START = 1_767_571_200_000L;

  private final PacingLaw law;
  private final PacingPlan plan;
  private final Duration period;
  private PacingState state;
  private PacingDecision last;
  private int holds;
  private int heldTicks;

  LawPacer(PacingLaw law, Strategy strategy, Scenario scenario) {
    this.law = law;
    period = Duration.ofMillis(Math.round(1000 * scenario.tick()));
    plan =
        new PacingPlan(
            strategy,
            scenario.launchRate(),
            scenario.limit(),
            "the campaign",
            scenario.abandonment(),
            START,
            ZoneOffset.UTC);
    state = law.start(plan, START);
  }

  @Override
  public double decide(double now, Telemetry.Answer answer, DialedCampaign campaign) {
    PacingFigures figures = figures(answer);
    PacingReading reading =
        new PacingReading(
            millis(now),
            null,
            figures,
            answer.notYet(),
            figures != null ? null : answer.notYet() ? "404" : "503",
            figures == null ? campaign.pool().idle() : null);
    PoolMember only = new PoolMember("", plan, state, reading, 1);
    PacingStep step = law.step(null, null, period, List.of(only)).steps().get(0);
    state = step.state();
    last = step.decision();
    holds += (int) last.events().stream().filter(e -> e.name().equals(PacingEvent.HOLD)).count();
    heldTicks += last.mode() == Mode.HOLD ? 1 : 0;
    return last.send() ? last.rate() : -1;
  }

  @Override
  public void accepted(double rate, double now) {
    state = state.confirmed(rate, millis(now));
  }

  /** Figures as a platform answers them; null for none. */
  static PacingFigures figures(Telemetry.Answer answer) {
    Telemetry.Figures told = answer.figures();
    return told == null
        ? null
        : new PacingFigures(
            told.connected(),
            told.abandoned(),
            told.attempted(),
            told.handleTime(),
            told.agents(),
            told.staffed());
  }

  PacingDecision last() {
    return last;
  }

  /** How often the campaign was held so far. */
  int holds() {
    return holds;
  }

  /** Decisions at which it was held. */
  int heldTicks() {
    return heldTicks;
  }

  private static long millis(double now) {
    return START + Math.round(now * 1000);
  }
}
