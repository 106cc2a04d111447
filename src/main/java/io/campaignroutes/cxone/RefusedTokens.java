package io.campaignroutes.cxone;

/**
 * Tokens that CXone has refused soon after it had given them: while it refuses each, not every call
 * is to ask for one more. Guarded by whoever has the tokens.
 */
final class RefusedTokens {
  /** What is told of them. */
  static final String TOLD =
      "CXone refuses its own tokens within a minute of giving them. Check that CXONE_TOKEN_URL and"
          + " CXONE_BASE_URL belong together.";

  /**
   * No other token is asked for sooner than that after the last, in milliseconds, once many were.
   */
  static final long REST = 5_000;

  /** So many in a row are no accident. */
  private static final int FEW = 3;

  private int inARow;
  private boolean accepted; // the current one, by any call

  /**
   * A token is there.
   *
   * @param soon whether the one before was given a short while ago
   */
  void landed(boolean soon) {
    inARow = soon ? inARow : 0;
    accepted = false;
  }

  /** A call with the current token was answered. */
  void answered(int status) {
    accepted |= status / 100 == 2 || status == 403;
  }

  /**
   * The current token was refused.
   *
   * @param age ms since it was given
   * @param young whether that is a short while
   * @return whether another one is asked for at once; one that was good for a call always is
   */
  boolean anotherAfter(long age, boolean young) {
    boolean another = accepted || age >= REST || !many();
    inARow = young ? inARow + 1 : 0;
    return another;
  }

  /** Whether so many were refused in a row that it is no accident. */
  boolean many() {
    return inARow >= FEW;
  }
}
