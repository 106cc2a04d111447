package io.campaignroutes.dialer;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The figures of a campaign as they are made from what a Personal Connection tenant tells: states
 * of agents of a moment ago, contacts once they have ended and a while later, wrap-up later still.
 * A call that is talked counts as connected.
 */
public final class ContactTelemetry {

  /**
   * What the tenant is like.
   *
   * @param states seconds that states of agents are old
   * @param contacts seconds after its end at which a contact is told
   * @param wrapUp seconds after that at which its wrap-up is
   * @param length seconds of the rolling window that increments are added up in
   * @param dropOuts share of questions that are not answered
   */
  public record Manner(
      double states, double contacts, double wrapUp, double length, double dropOuts) {

    /** States 10 s old, contacts 30 s late, wrap-up another 30 s later, five minutes. */
    public static Manner cxone() {
      return new Manner(10, 30, 30, 300, 0);
    }
  }

  private final Dialer world;
  private final DialedCampaign campaign;
  private final Manner manner;
  private final RandomGenerator dropOuts;

  /** The figures of a campaign that has its agents for itself. */
  public ContactTelemetry(Dialer world, DialedCampaign campaign, Manner manner, long seed) {
    this.world = world;
    this.campaign = campaign;
    this.manner = manner;
    this.dropOuts = new SplittableRandom(seed);
  }

  /** Asks for the figures. */
  public Telemetry.Answer read() {
    if (dropOuts.nextDouble() < manner.dropOuts()) {
      return new Telemetry.Answer(null, false);
    }
    double now = world.now();
    double told = now - manner.contacts();
    CallPeriod ended = campaign.between(told - manner.length(), told);
    CallPeriod written = campaign.between(told - manner.wrapUp() - manner.length(), told);
    AgentPool pool = campaign.pool();
    double states = now - manner.states();
    return new Telemetry.Answer(
        new Telemetry.Figures(
            Math.max(0, connected(now) - connected(now - manner.length())),
            ended.abandoned(),
            (double) ended.attempted(),
            written.handleTime(),
            pool.idleAt(states),
            pool.staffedAt(states)),
        false);
  }

  /** Contacts that have ended with an agent, and those that agents are busy with. */
  private double connected(double at) {
    double states = at - manner.states();
    double busy = campaign.pool().staffedAt(states) - campaign.pool().idleAt(states);
    return campaign.between(-1, at - manner.contacts()).handled() + busy;
  }
}
