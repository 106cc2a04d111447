package io.campaignroutes.pacing;

/** How a campaign dials; the names are CXone's {@code dialerStrategy}. */
public enum Strategy {
  /** Dials ahead of agents becoming free; some calls may be abandoned. */
  PREDICTIVE,
  /** At most one ringing line for each idle agent. */
  PROGRESSIVE,
  /** Agents start each call themselves, so the rate decides nothing but whether they may. */
  PREVIEW,
  /**
   * CXone dials a fixed number of lines for each agent. The rate is still what bounds it, and an
   * answered call that meets no agent is abandoned all the same, so it is paced like {@link
   * #PREDICTIVE}.
   */
  POWER
}
