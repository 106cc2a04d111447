package io.campaignroutes.cxone;

/** Which calls go first when the rate limit is short; the order is that of the constants. */
public enum Urgency {
  /** What an operator, or a time to stop, wants done. */
  COMMAND,
  /** What slows a running campaign down. */
  SLOWER,
  /** Whether what CXone was asked to activate dials by now. */
  ACTIVATION,
  /**
   * Launches, and whatever an HTTP caller waits for: at least every third turn while activations
   * wait.
   */
  LAUNCH(1),
  /** Pacing of running campaigns: every third turn or so, so that launches do not blind it. */
  PACING(2),
  /** Slow looks at running campaigns: every tenth turn or so. */
  LOOK(9);

  private final int patience;

  Urgency() {
    this(0);
  }

  Urgency(int patience) {
    this.patience = patience;
  }

  /**
   * How many turns go to those more urgent before one of these has its own. What stops or slows
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
