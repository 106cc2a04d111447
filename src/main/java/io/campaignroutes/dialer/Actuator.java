package io.campaignroutes.dialer;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** How the platform takes a new rate: rounded, late, or not at all. */
public final class Actuator {

  /**
   * What the platform is like.
   *
   * @param step calls/s to which rates are rounded down
   * @param lowest lowest rate in calls/s that is in force even when a lower one is asked for
   * @param latency seconds until an accepted rate is in force
   * @param refused share of writes that are answered 429
   */
  public record Manner(double step, double lowest, double latency, double refused) {

    /** Tenths of a call a second, 0 accepted, in force after 0.2 s. */
    public static Manner tenths() {
      return new Manner(0.1, 0, 0.2, 0);
    }
  }

  private final Dialer world;
  private final DialedCampaign campaign;
  private final Manner manner;
  private final RandomGenerator chance;
  private long writes;
  private long refusals;

  /** Writes the rate of a campaign. */
  public Actuator(Dialer world, DialedCampaign campaign, Manner manner, long seed) {
    this.world = world;
    this.campaign = campaign;
    this.manner = manner;
    this.chance = new SplittableRandom(seed);
  }

  /**
   * Asks for a rate.
   *
   * @param rate calls/s
   * @return whether it was accepted; if not (429) the old one stays in force
   */
  public boolean write(double rate) {
    if (refused()) {
      return false;
    }
    double rounded = Math.floor(rate / manner.step() + 1e-9) * manner.step();
    double inForce = Math.max(manner.lowest(), rounded);
    world.at(world.now() + manner.latency(), () -> campaign.dial(inForce));
    return true;
  }

  private boolean refused() {
    writes++;
    boolean refused = chance.nextDouble() < manner.refused();
    refusals += refused ? 1 : 0;
    return refused;
  }

  /** Writes so far, refused ones included. */
  public long writes() {
    return writes;
  }

  /** Refused writes so far. */
  public long refusals() {
    return refusals;
  }
}
