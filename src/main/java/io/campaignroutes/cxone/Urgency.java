package io.campaignroutes.cxone;

/** Which calls go first when the rate limit is short; the order is that of the constants. */
public enum Urgency {
  /** What an operator, or a time to stop, wants done. */
  COMMAND,
  /** What slows a running campaign down. */
  SLOWER,
  /** Launches, and whatever an HTTP caller waits for. */
  LAUNCH,
  /** Pacing of running campaigns. */
  PACING,
  /** Slow looks at running campaigns. */
  LOOK
}
