package io.campaignroutes.pacing;

import static io.campaignroutes.pacing.PacingLaw.seconds;

/**
 * Makes of a campaign's figures what is to be known: new calls, how many dialed calls are answered,
 * what the agents do, and how many of them will be idle.
 */
final class Estimator {
  /** Fewer answers due than this are none. */
  private static final double NO_CALLS = 0.02;

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

  /**
   * Learns from the figures of a campaign what is to be known of its calls; without a sample all
   * stays as it was. Its agents are as they were before.
   */
  Estimate learn(PacingState known, PacingReading reading, boolean shared, long now) {
    Dialing dialing = known.dialing().until(now, known.figuresSeen().sampledAt());
    FiguresSeen before = known.figuresSeen();
    Sampler.Sampled taken = sampler.take(before, known.historyTotals(), reading, now);
    Sample sample = taken.sample();
    AnswerEstimate answers = known.answerEstimate();
    if (sample.usable()) {
      dialing = corrected(dialing, sample);
      double due = due(dialing.dialed(), sample.from(), sample.at());
      boolean none = shared && due < NO_CALLS && sample.answered() < 0.5;
      if (!none) { // nothing is learnt from calls that were not made
        answers = answers.after(sample, due, law);
      }
    }
    return new Estimate(
        sample,
        taken.seen(),
        dialing,
        answers,
        known.agentEstimate(),
        answers.probability(law),
        answers.probability(law) * due(dialing.dialed(), before.readAt(), now));
  }

  /** Dialed calls whose answer was due between the last figures and these. */
  private double due(Dialed dialed, long from, long to) {
    long lag = figures.lag().toMillis();
    return dialed.expectedAnswered(to - lag, ring) - dialed.expectedAnswered(from - lag, ring);
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

  /** What the agents do, by the figures of all campaigns of a tick together. */
  AgentEstimate agents(AgentEstimate before, Sample all, long freshSince) {
    return all.usable() ? before.after(all, freshSince, law, figures) : before;
  }

  /**
   * Where agents and lines will stand when calls that are dialed now are answered.
   *
   * @param ringing what was dialed already, for all campaigns
   * @param data epoch ms at which the figures were as they are
   */
  AgentForecast forecast(AgentEstimate agents, Ringing ringing, long data, CycleTime time) {
    double lead = seconds(law.lead()) + (time.interval() - seconds(law.tick())) / 2;
    return AgentForecast.of(agents, ringing, (time.now() - data) / 1000.0, lead);
  }

  /** Epoch ms at which figures were as they are that were last read then; 0 for never. */
  long data(long sampledAt, long now) {
    return (sampledAt == 0 ? now : sampledAt) - figures.lag().toMillis();
  }

  /** What a campaign has dialed already. */
  Ringing ringing(Estimate known, long data, long now) {
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
