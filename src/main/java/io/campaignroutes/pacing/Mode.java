package io.campaignroutes.pacing;

/** How the law paced at one tick. */
public enum Mode {
  /** Ahead of agents becoming free. */
  PREDICTIVE,
  /** At most one ringing line for each idle agent, by strategy or because prediction is refused. */
  PROGRESSIVE,
  /** Agents start the calls; the rate stays at the limit. */
  PREVIEW,
  /** As predictive, of a campaign whose strategy is POWER. */
  POWER,
  /** Nothing is dialed until the abandonment rules allow it again. */
  HOLD
}
