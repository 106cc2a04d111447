package io.campaignroutes.campaign;

/** What an operator, or a time to stop, wants done with a campaign. */
public enum Command {
  PAUSE,
  RESUME,
  STOP,
  RETRY,
  /** Our own: a campaign that did not become active in time must not do so unwatched later. */
  HALT,
  /** Pacing's: its rate is zero, which CXone knows as a pause; the campaign stays ACTIVE here. */
  HOLD,
  /** Pacing's: what it held dials again. */
  RELEASE;

  /** Whether pacing gives it. Whatever an operator wants takes its place. */
  public boolean byPacing() {
    return this == HOLD || this == RELEASE;
  }

  /** The runner that carries it out: a thousand releases at nine o'clock must not delay a stop. */
  Lane lane() {
    return this == RELEASE ? Lane.LOOK : Lane.COMMAND;
  }
}
