package io.campaignroutes.pacing;

import java.time.Duration;
import java.util.List;

/**
 * The pacing law. Pure: state in, state out; one object serves all threads and campaigns.
 *
 * <p>At each tick it predicts how many agents will be idle when calls dialed now are answered, and
 * dials until the answers to be expected (those of lines that ring already included) come up to
 * that number less a safety margin. The margin is measured in standard deviations, so it fits small
 * and large teams, and moves with a budget: each answered call adds the abandonment aimed at, each
 * abandoned one takes 1 off. What the cap is about, the answered and abandoned calls of its period,
 * is kept apart from that and can protect or hold the campaign whatever the prediction says.
 *
 * <p>On a platform that dials for agents who wait it decides the lines for each of them instead
 * ({@link RatioCycle}); a rate is then that number of lines, 1 for 1:1.
 */
public final class PacingLaw {
  private final LawSettings law;
  private final PoolCycle cycle;
  private final RatioCycle ratioCycle;
  private final boolean byRatio;

  /** Makes a law with these constants. */
  public PacingLaw(LawSettings law, FigureSettings figures, PlatformSettings platform) {
    this.law = law;
    this.cycle = new PoolCycle(law, figures, platform);
    this.ratioCycle = new RatioCycle(law, figures, platform);
    this.byRatio = platform.byRatio();
  }

  /**
   * The state of a campaign that begins to dial, with {@link PacingPlan#launchRate} in force; where
   * lines for each agent are decided, nobody knows how many, so that 1:1 is written first.
   *
   * @param at epoch ms
   */
  public PacingState start(PacingPlan plan, long at) {
    return new PacingState(
        Dialing.from(at, byRatio ? RatioShaper.UNKNOWN : Bounds.rate(plan.launchRate())),
        FiguresSeen.none(at),
        HistoryTotals.NONE,
        AnswerEstimate.prior(law),
        AgentEstimate.prior(law),
        CapState.none(new Periods(plan).bucket(at)),
        TurnState.NONE,
        byRatio ? RatioState.NONE : null);
  }

  /** Whether lines for each agent are decided, and no rates. */
  public boolean byRatio() {
    return byRatio;
  }

  /**
   * Decides what a campaign that has its agents for itself dials next. Never throws for what stands
   * in a reading.
   */
  public PacingStep step(PacingPlan plan, PacingState state, PacingReading reading) {
    PoolMember only = new PoolMember("", plan, state, reading, 1);
    return step(null, null, law.tick(), List.of(only)).steps().get(0);
  }

  /**
   * Decides what campaigns that share agents dial next: how many answers these can take, and whose
   * calls bring them. Never throws for what stands in a reading.
   *
   * @param pool what is remembered of the agents; null for nothing
   * @param agents who is there, as CXone tells; null when that is not known
   * @param period until the next tick, if all is well
   * @param members all campaigns that dial for them, or might; one at least
   */
  public PoolStep step(
      PoolState pool, AgentsSeen agents, Duration period, List<PoolMember> members) {
    Overlap last = new Overlap(pool == null ? 1 : pool.part(), 0, 0);
    return step(pool, agents, agents == null ? last : agents.overlap(), period, members);
  }

  /**
   * The same where it is known what other pools do with the agents, though perhaps not who of them
   * is there now.
   */
  PoolStep step(
      PoolState pool,
      AgentsSeen agents,
      Overlap overlap,
      Duration period,
      List<PoolMember> members) {
    return byRatio
        ? ratioCycle.decide(pool, agents, overlap, seconds(period), members)
        : cycle.decide(pool, agents, overlap, seconds(period), members);
  }

  /**
   * How long each of several campaigns that share agents dials for them before the next does.
   *
   * @param campaigns how many dial at one time, 1 at least
   */
  public Duration turn(int campaigns) {
    return Duration.ofMillis(Turns.length(campaigns));
  }

  /**
   * No calls, without a look at figures: something that the law goes by cannot be used. What it
   * remembers stays as it is.
   *
   * @param why in words that end a sentence
   */
  public PacingStep held(PacingPlan plan, PacingState state, long at, String why) {
    AgentEstimate agents = state.agentEstimate();
    PacingDecision decision =
        new PacingDecision(
            at,
            Mode.HOLD,
            0,
            true,
            RateBound.UNUSABLE,
            none() + why,
            new PacingDecision.Inputs(null, null, null, null, null, "there are no figures"),
            new PacingDecision.Estimates(
                state.answerEstimate().usualAnswer(),
                agents.handleTime(),
                state.cap().abandonmentCredit(),
                0,
                agents.staffed(),
                agents.busy(),
                0,
                0,
                null),
            PacingDecision.Period.of(plan, state.cap(), at),
            List.of(),
            byRatio ? PacingDecision.Lines.NONE : null);
    return new PacingStep(state, decision);
  }

  /** What a sentence about no calls begins with. */
  String none() {
    return Words.none(byRatio);
  }

  static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
