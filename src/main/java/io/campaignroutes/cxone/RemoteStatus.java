package io.campaignroutes.cxone;

/**
 * How a campaign stands at the platform, in this service's words; {@code config/cxone/*.yaml} says
 * which word of the platform's means which.
 */
public enum RemoteStatus {
  /** Created and never activated. */
  CREATED,
  /** It was asked to dial and has not begun. */
  STARTING,
  DIALING,
  PAUSED,
  STOPPED,
  COMPLETED,
  /** It ran into an error. */
  ERROR,
  /** No word, or one that the file does not have. */
  UNKNOWN;

  /** Whether it will never dial again by itself. */
  public boolean over() {
    return this == STOPPED || this == COMPLETED || this == ERROR;
  }

  /** Whether it does not dial and is not about to. */
  public boolean quiet() {
    return over() || this == CREATED || this == PAUSED;
  }
}
