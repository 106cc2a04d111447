package io.campaignroutes.sandbox;

/** Figures of the calls in one slot of time, or over several of them. */
final class Counts {

  /** Start of the slot, in seconds since the epoch. */
  final long at;

  int attempted;
  int connected;
  int abandoned;

  /** Calls that ended after an agent had handled them. */
  int handled;

  /** Handle time of those calls, in seconds. */
  int handleSeconds;

  /** Time from dialling to an agent on the line, of the connected calls, in seconds. */
  int answerSeconds;

  Counts(long at) {
    this.at = at;
  }

  Counts add(Counts other) {
    attempted += other.attempted;
    connected += other.connected;
    abandoned += other.abandoned;
    handled += other.handled;
    handleSeconds += other.handleSeconds;
    answerSeconds += other.answerSeconds;
    return this;
  }

  long[] state() {
    return new long[] {at, attempted, connected, abandoned, handled, handleSeconds, answerSeconds};
  }

  static Counts of(long[] state) {
    Counts counts = new Counts(state[0]);
    counts.attempted = (int) state[1];
    counts.connected = (int) state[2];
    counts.abandoned = (int) state[3];
    counts.handled = (int) state[4];
    counts.handleSeconds = (int) state[5];
    counts.answerSeconds = (int) state[6];
    return counts;
  }
}
