package io.campaignroutes.campaign;

/** Where a campaign stands. The stage says what comes next. */
public enum Stage {
  /** Taken and durable; agents not checked yet. */
  RECEIVED,
  /** Checked; waits for its {@code activateAt}. */
  SCHEDULED,
  /** All checks passed; to be created at CXone. */
  CHECKED,
  /** Exists at CXone as a draft. */
  CREATED,
  /** Its webhook is registered. */
  REGISTERED,
  /** Activation was asked for; CXone's status is polled. */
  ACTIVATING,
  /** CXone dials. */
  ACTIVE,
  /** Paused by command or at CXone. */
  PAUSED,
  /** Stopped by command, by its {@code stopAt} or at CXone. */
  STOPPED,
  /** CXone has worked through the contact list. */
  COMPLETED,
  /** Our own checks refused it. */
  REJECTED,
  /** CXone refused it, reported an error, or did not activate it in time. */
  FAILED,
  /** A create whose outcome cannot be found out: a person decides. */
  UNSETTLED,
  /** One of a newer version of this service, which alone can go on with it; never written. */
  UNKNOWN;

  /** A stage as it is stored. */
  public static Stage of(String stored) {
    try {
      return valueOf(stored);
    } catch (IllegalArgumentException e) {
      return UNKNOWN;
    }
  }

  /** Whether nothing more happens by itself and the name is free again. */
  public boolean ended() {
    return this == STOPPED || this == COMPLETED || this == REJECTED || this == FAILED;
  }

  /** Whether a launch has come to its end, well or badly. */
  public boolean launched() {
    return switch (this) {
      case RECEIVED, SCHEDULED, CHECKED, CREATED, REGISTERED, ACTIVATING -> false;
      default -> true;
    };
  }

  /** Whether CXone is dialing, or would go on after a resume. */
  public boolean running() {
    return this == ACTIVE || this == PAUSED;
  }
}
