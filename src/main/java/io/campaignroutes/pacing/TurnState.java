package io.campaignroutes.pacing;

/**
 * What a campaign has had of the agents that it shares.
 *
 * @param served calls that agents took, for its weight; the campaign with the fewest is next
 * @param unanswered answers that were expected since the last one: far too many of them, and its
 *     contacts have run out
 * @param emptyTurns turns in a row that ended for that
 */
record TurnState(double served, double unanswered, double emptyTurns) {
  static final TurnState NONE = new TurnState(0, 0, 0);

  /** Answers that are expected in vain before a turn ends: by chance 1 of 400 times. */
  private static final double IN_VAIN = 6;

  private static final int MAX_DOUBLED = 6;

  TurnState after(double answers, double connected, double expected, double weight) {
    double more = served + Math.max(0, connected) / weight;
    return answers > 0.5
        ? new TurnState(more, 0, 0)
        : new TurnState(more, unanswered + Math.max(0, expected), emptyTurns);
  }

  boolean inVain() {
    return unanswered >= IN_VAIN;
  }

  /** Its turn was in vain: the next one comes later each time. */
  TurnState passed(double weight) {
    double doubled = Math.scalb(IN_VAIN, (int) Math.min(MAX_DOUBLED, emptyTurns));
    return new TurnState(served + doubled / weight, 0, emptyTurns + 1);
  }

  TurnState atLeast(double level) {
    return served >= level ? this : new TurnState(level, unanswered, emptyTurns);
  }
}
