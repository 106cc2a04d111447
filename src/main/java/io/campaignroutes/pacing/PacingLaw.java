package io.campaignroutes.pacing;

import java.util.List;

/** The pacing law. Pure: state in, state out; one object serves all threads and campaigns. */
public final class PacingLaw {
  private final LawSettings law;
  private final FigureSettings figures;
  private final PlatformSettings platform;

  /** Makes a law with these constants. */
  public PacingLaw(LawSettings law, FigureSettings figures, PlatformSettings platform) {
    this.law = law;
    this.figures = figures;
    this.platform = platform;
  }

  /**
   * The state of a campaign that begins to dial, with {@link PacingPlan#launchRate} in force.
   *
   * @param at epoch ms
   */
  public PacingState start(PacingPlan plan, long at) {
    return new PacingState(plan.launchRate(), at, 0, at);
  }

  /** The epoch ms at which the period that {@code at} lies in began; what history is asked from. */
  public long periodStart(PacingPlan plan, long at) {
    return plan.periodAnchor();
  }

  /** Decides what to dial next. Never throws for what stands in a reading. */
  public PacingStep step(PacingPlan plan, PacingState state, PacingReading reading) {
    var inputs = new PacingDecision.Inputs(null, null, null, null, null, reading.missing());
    var estimates = new PacingDecision.Estimates(0, 0, 0, 0, 0, 0, 0, 0, null);
    var period = new PacingDecision.Period(plan.periodAnchor(), null, 0, 0, 0, null);
    return new PacingStep(
        state,
        new PacingDecision(
            reading.at(),
            Mode.PROGRESSIVE,
            0,
            state.commanded() > 0,
            Clamp.NO_FIGURES,
            "no calls: there are no figures",
            inputs,
            estimates,
            period,
            List.of()));
  }
}
