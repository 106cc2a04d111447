package io.campaignroutes.simulator;

import io.campaignroutes.dialer.AgentPool;
import io.campaignroutes.dialer.DialedCampaign;
import io.campaignroutes.dialer.Telemetry;
import io.campaignroutes.pacing.Overlap;
import io.campaignroutes.pacing.PoolState;
import java.util.List;
import java.util.function.BiPredicate;

/** Something that sets the rates of campaigns that share agents. One object for one run. */
interface SharedPacer {

  /** Makes one for a run. */
  interface Maker {
    SharedPacer make(SharedPool scenario);
  }

  /**
   * A campaign at one tick.
   *
   * @param index which line of the scenario
   * @param answer what the figures' API answered
   * @param closed whether it may not dial any more
   * @param campaign the campaign itself
   */
  record Seen(int index, Telemetry.Answer answer, boolean closed, DialedCampaign campaign) {}

  /**
   * A campaign was created.
   *
   * @param rate calls/s with which it was
   */
  void joined(int index, double now, double rate);

  /**
   * Decides for all and writes.
   *
   * @param overlap what another pool does with agents whom this one has too
   * @param write takes a campaign's index and calls/s, tells whether they were accepted
   */
  void tick(
      double now,
      List<Seen> seen,
      AgentPool pool,
      Overlap overlap,
      BiPredicate<Integer, Double> write);

  /** What it remembers of its agents since its last tick. */
  PoolState state();

  /** How often a campaign was held so far. */
  int holds();
}
