package io.campaignroutes.pacing;

/** What bounded the rate, where it was not the prediction itself that decided. */
public enum RateBound {
  /** The prediction decided. */
  NONE,
  /** The campaign may not dial: hours, a pause, a stop. */
  CLOSED,
  /**
   * What it is bound to, or what was remembered of it, cannot be used: held until that is mended.
   */
  UNUSABLE,
  /** Nobody is there to take a call. */
  NO_AGENTS,
  /** Held because of the abandonment cap. */
  HOLD,
  /** At the abandonment cap: dialing with the widest safety margin. */
  PROTECT,
  /** Too few answered calls seen to predict: one line for each idle agent. */
  COLD,
  /** A team too small to predict for. */
  SMALL_TEAM,
  /** No figures; the rate is kept for a moment or goes down. */
  NO_FIGURES,
  /** No figures because nothing was dialed yet: a careful beginning. */
  PROBE,
  /** Only staffed agents are visible: a constant rate from the Erlang formula. */
  STAFFED_ONLY,
  /** Rates go up in limited steps. */
  RAISE_LIMIT,
  /** The limit of the campaign, its profile or the operator. */
  LIMIT,
  /** As slow as can be told, in the place of a pause that CXone does not take. */
  STANDS_IN,
  /** Others of its agent pool dial at the moment. */
  TURN,
  /** The strategy sets the rate: progressive or preview. */
  STRATEGY
}
