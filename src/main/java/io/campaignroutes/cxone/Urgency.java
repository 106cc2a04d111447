package io.campaignroutes.cxone;

/** Which calls go first when the rate limit is short; the order is that of the constants. */
public enum Urgency {
  /** What an operator, or a time to stop, wants done. */
  COMMAND(0),
  /** What slows a running campaign down. */
  SLOWER(0),
  /** Launches, and whatever an HTTP caller waits for. */
  LAUNCH(0),
  /** Pacing of running campaigns: at least every third turn, so that launches do not blind it. */
  PACING(2),
  /** Slow looks at running campaigns: at least every tenth turn. */
  LOOK(9);

  private final int patience;

  Urgency(int patience) {
    this.patience = patience;
  }

  /**
   * How many turns in a row go to the more urgent, while one of these waits. What stops or slows
   * calls goes first nevertheless.
   */
  int patience() {
    return patience;
  }

  /** Whether the less urgent may ever go before it. */
  boolean canWait() {
    return compareTo(SLOWER) > 0;
  }
}
