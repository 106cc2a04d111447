package io.campaignroutes.campaign;

/** What an operator, or a time to stop, wants done with a campaign. */
public enum Command {
  PAUSE,
  RESUME,
  STOP,
  RETRY,
  /** Our own: a campaign that did not become active in time must not do so unwatched later. */
  HALT
}
