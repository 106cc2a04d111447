package io.campaignroutes.compliance;

/**
 * What those have been given to begin with who dial for the agents of a pool and have no figures
 * yet.
 *
 * @param callsPerSecond together, those of other pools as far as their agents are in this one too
 * @param free share of the pool's agents, 0 to 1, whom nobody dials for by figures: what the others
 *     take is left to whoever joins by the next decision of their pool
 */
public record GivenRates(double callsPerSecond, double free) {
  /** Nobody dials. */
  public static final GivenRates NONE = new GivenRates(0, 1);

  /** The same beside one more. */
  public GivenRates plus(double rate) {
    return new GivenRates(callsPerSecond + rate, free);
  }
}
