package io.campaignroutes.campaign;

/** What an operator, or a time to stop, wants done with a campaign. */
public enum Command {
  PAUSE,
  RESUME,
  STOP,
  RETRY,
  /** Our own: what has ended here, as by a time-out, must not dial unwatched at CXone. */
  HALT,
  /** Pacing's: its rate is zero, which CXone knows as a pause; the campaign stays ACTIVE here. */
  HOLD,
  /** Pacing's: what it held dials again. */
  RELEASE,
  /** One of a newer version of this service, which alone can carry it out; never written. */
  UNKNOWN;

  /** A command as it is stored; null for none. */
  public static Command of(String stored) {
    if (stored == null) {
      return null;
    }
    try {
      return valueOf(stored);
    } catch (IllegalArgumentException e) {
      return UNKNOWN;
    }
  }

  /** Whether it is to keep CXone from dialing: done once CXone says so, never given up before. */
  public boolean quiets() {
    return this == PAUSE || this == STOP || this == HALT || this == HOLD;
  }

  /** Whether pacing gives it. Whatever an operator wants takes its place. */
  public boolean byPacing() {
    return this == HOLD || this == RELEASE;
  }

  /** The workers that carry it out: a thousand releases at nine o'clock must not delay a stop. */
  PriorityClass lane() {
    return this == RELEASE ? PriorityClass.LOOK : PriorityClass.COMMAND;
  }
}
