package io.campaignroutes.pacing;

import static io.campaignroutes.pacing.PacingLaw.seconds;

/**
 * Makes of a campaign's figures what is to be known: new calls, how many dialed calls are answered,
 * what the agents do, and how many of them will be idle.
 */
final class Estimator {
  private final LawSettings law;
  private final FigureSettings figures;
  private final PlatformSettings platform;
  private final RingTimes ring;
  private final Sampler sampler;

  Estimator(LawSettings law, FigureSettings figures, PlatformSettings platform, RingTimes ring) {
    this.law = law;
    this.figures = figures;
    this.platform = platform;
    this.ring = ring;
    this.sampler = new Sampler(figures);
  }

  /** Learns from the figures of this tick; without a sample all stays as it was. */
  Estimate learn(PacingState known, PacingReading reading, long now) {
    Dialing dialing = known.dialing().until(now, known.figuresSeen().sampledAt());
    FiguresSeen before = known.figuresSeen();
    Sampler.Sampled taken = sampler.take(before, known.historyTotals(), reading, now);
    Sample sample = taken.sample();
    AnswerEstimate answers = known.answerEstimate();
    AgentEstimate agents = known.agentEstimate();
    if (sample.usable()) {
      dialing = corrected(dialing, sample);
      answers = answers.after(sample, due(dialing.dialed(), sample), law);
      agents = agents.after(sample, before.freshSince(), law, figures);
    }
    return new Estimate(sample, taken.seen(), dialing, answers, agents, answers.probability(law));
  }

  /** Dialed calls whose answer was due between the last figures and these. */
  private double due(Dialed dialed, Sample sample) {
    long lag = figures.lag().toMillis();
    return dialed.expectedAnswered(sample.at() - lag, ring)
        - dialed.expectedAnswered(sample.from() - lag, ring);
  }

  /** Puts the dialed calls right by what the API counted, where it does. */
  private Dialing corrected(Dialing dialing, Sample sample) {
    Double attempted = sample.figures().attempted();
    if (attempted == null || sample.first() || figures.window() != FigureSettings.Window.ROLLING) {
      return dialing;
    }
    // Only the whole window is told. What of it was not dialed lately is not remembered, so the
    // newest stretch gets the ratio of the whole.
    Dialed dialed = dialing.dialed();
    long length = figures.length().toMillis();
    long end = sample.at() - figures.lag().toMillis();
    long start = Math.max(end - length, dialed.end() - 120_000);
    double own = dialed.calls(start, end);
    if (own <= 20) {
      return dialing;
    }
    double told = attempted * (end - start) / Math.max(1, length);
    long from = sample.from() - figures.lag().toMillis();
    return dialing.dialed(dialed.corrected(from, end, dialed.calls(from, end) * told / own));
  }

  /** Where agents and lines will stand when calls that are dialed now are answered. */
  AgentForecast forecast(Estimate known, CycleTime time) {
    long sampledAt = known.seen().sampledAt();
    long data = (sampledAt == 0 ? time.now() : sampledAt) - figures.lag().toMillis();
    double lead = seconds(law.lead()) + (time.interval() - seconds(law.tick())) / 2;
    return AgentForecast.of(
        known.agents(), ringing(known, data, time.now()), (time.now() - data) / 1000.0, lead);
  }

  private Ringing ringing(Estimate known, long data, long now) {
    Dialed dialed = known.dialing().dialed();
    double answer = known.answerProbability();
    double answeredThen = dialed.expectedAnswered(data, ring);
    double answeredNow = dialed.expectedAnswered(now, ring);
    double all = dialed.calls(Long.MIN_VALUE / 2, now);
    double unanswered = dialed.calls(now - platform.ringTimeout().toMillis(), now);
    return new Ringing(
        answer * (answeredNow - answeredThen),
        all - answeredThen,
        answer * (all - answeredNow) + (1 - answer) * unanswered);
  }
}
