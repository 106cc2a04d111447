package io.campaignroutes.pacing;

import io.campaignroutes.pacing.PacingDecision.Estimates;
import io.campaignroutes.pacing.PacingDecision.Inputs;
import io.campaignroutes.pacing.PacingDecision.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One tick of one campaign, in the order of {@code src/docs/pacing.md}: new calls, what is learnt
 * from them and what is predicted ({@link Estimator}: 1 to 3), what the cap says ({@link
 * AbandonmentGuard}: 4), what is wanted ({@link RateLaw}: 5 to 8) and what of it is written ({@link
 * Shaper}: 9).
 */
final class PacingCycle {
  private final LawSettings law;
  private final FigureSettings figures;
  private final Estimator estimator;
  private final AbandonmentGuard guard;
  private final RateLaw rateLaw;
  private final Shaper shaper;

  PacingCycle(LawSettings law, FigureSettings figures, PlatformSettings platform) {
    this.law = law;
    this.figures = figures;
    this.estimator = new Estimator(law, figures, platform, RingTimes.of(platform));
    this.guard = new AbandonmentGuard(law, figures, platform);
    this.rateLaw = new RateLaw(law, figures, platform);
    this.shaper = new Shaper(law, platform);
  }

  PacingStep decide(PacingPlan plan, PacingState kept, PacingReading reading) {
    PacingState before = kept.notAheadOf(reading.at(), law.tick().toMillis());
    CycleTime time = CycleTime.of(before.figuresSeen().readAt(), reading.at(), law);
    Bounds bounds = Bounds.of(plan, before.agentEstimate().staffed(), law);
    Estimate known = estimator.learn(before, reading, time.now());
    AbandonmentGuard.Judgement judgement =
        guard.judge(bounds, before.cap(), before.historyTotals(), known);
    if (judgement.released()) {
      known = known.again(time.now());
    }
    AgentForecast forecast = estimator.forecast(known, time);
    Situation situation = new Situation(time, bounds, reading, known, forecast, judgement);
    WantedRate wanted = rateLaw.wanted(situation);
    Shaper.Shaped shaped = shaper.shape(wanted, situation);
    return new PacingStep(
        after(before, situation, wanted),
        decision(situation, wanted, shaped, events(before.agentEstimate(), known, judgement)));
  }

  /** What is remembered for the next tick. */
  private static PacingState after(PacingState before, Situation s, WantedRate wanted) {
    long now = s.time().now();
    Estimate known = s.reading().closed() != null ? s.known().again(now) : s.known();
    FiguresSeen seen = known.seen().readAt(now);
    return new PacingState(
        known.dialing(),
        wanted.probes() ? seen.probeAt(now) : seen,
        known.sample().usable() ? before.historyTotals().at(0) : before.historyTotals(),
        known.answers(),
        known.agents(),
        s.judgement().cap());
  }

  private List<PacingEvent> events(
      AgentEstimate before, Estimate known, AbandonmentGuard.Judgement judgement) {
    if (before.staffedOnly(figures) || !known.agents().staffedOnly(figures)) {
      return judgement.events();
    }
    double agents = known.sample().figures().agents();
    List<PacingEvent> events = new ArrayList<>();
    events.add(
        new PacingEvent(
            PacingEvent.AGENTS_LOOK_STAFFED,
            "availableAgents stays at "
                + Words.number(agents)
                + " while calls are connected, so it seems to count all staffed agents.",
            Map.of("availableAgents", agents)));
    events.addAll(judgement.events());
    return events;
  }

  private static PacingDecision decision(
      Situation s, WantedRate wanted, Shaper.Shaped shaped, List<PacingEvent> events) {
    Estimate known = s.known();
    PacingFigures read = known.sample().figures();
    CapState cap = s.judgement().cap();
    return new PacingDecision(
        s.time().now(),
        wanted.mode(),
        shaped.rate(),
        shaped.send(),
        shaped.bound(),
        Words.rate(shaped.rate()) + " calls/s: " + shaped.why(),
        new Inputs(
            read.connected(),
            read.abandoned(),
            read.attempted(),
            read.avgHandleTime(),
            read.agents(),
            wanted.missing()),
        new Estimates(
            known.answerProbability(),
            known.agents().handleTime(),
            cap.abandonmentCredit(),
            wanted.overdial(),
            known.agents().staffed(),
            known.agents().busy(),
            s.forecast().idleThen(),
            s.forecast().ringing().lines(),
            wanted.mode() == Mode.PREVIEW ? null : wanted.predicted()),
        Period.of(s.bounds().plan(), cap, s.time().now()),
        List.copyOf(events));
  }
}
