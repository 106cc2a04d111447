package io.campaignroutes.pacing;

import java.util.Map;

/**
 * Something that an operator or auditor wants to know of, told once when it happens.
 *
 * @param name one of the constants of this class
 * @param reason a sentence
 * @param details figures behind it, plain JSON values
 */
public record PacingEvent(String name, String reason, Map<String, Object> details) {
  /** Dialing is to stop, since the abandonment cap was reached and cannot be kept by going on. */
  public static final String HOLD = "COMPLIANCE_HOLD";

  /** Dialing may go on after a hold. */
  public static final String HOLD_RELEASED = "COMPLIANCE_HOLD_RELEASED";

  /** Abandonment reached its cap: the widest safety margin from now on. */
  public static final String PROTECT = "ABANDONMENT_PROTECT";

  /** Abandonment is well under its cap again. */
  public static final String PROTECT_RELEASED = "ABANDONMENT_PROTECT_RELEASED";

  /**
   * The figure for idle agents never fell while calls were connected, so it seems to count all
   * staffed agents.
   */
  public static final String AGENTS_LOOK_STAFFED = "AGENTS_LOOK_STAFFED";

  /** Lines for each agent are in force that somebody else has set; they are left for a while. */
  public static final String RATIO_CHANGED_BY_HAND = "RATIO_CHANGED_BY_HAND";
}
