package io.campaignroutes.simulator;

import io.campaignroutes.dialer.DialedCampaign;
import io.campaignroutes.dialer.Telemetry;

/** Something that sets a campaign's rate, tick by tick. One object for one run. */
interface Pacer {

  /** Makes one for a run of a scenario. */
  interface Maker {
    Pacer make(Scenario scenario);
  }

  /**
   * Decides at one tick.
   *
   * @param now seconds since the start
   * @param answer what the figures' API answered
   * @param campaign the campaign and its agents, for rules that see more than the API tells
   * @return calls/s to write; negative for no write
   */
  double decide(double now, Telemetry.Answer answer, DialedCampaign campaign);

  /** The rate was written and is in force. */
  default void accepted(double rate, double now) {}
}
