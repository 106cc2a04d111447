package io.campaignroutes.store;

import java.util.concurrent.atomic.LongAdder;

/** What a store has committed since the start. */
final class CommitCounts {
  private final LongAdder commits = new LongAdder();
  private final LongAdder transactions = new LongAdder();
  private final LongAdder nanos = new LongAdder();

  /** A store that counts. */
  interface Kept {
    CommitCounts commits();
  }

  /**
   * Counts one commit.
   *
   * @param together how many transactions it made durable
   * @param took nanoseconds
   */
  void committed(int together, long took) {
    commits.increment();
    transactions.add(together);
    nanos.add(took);
  }

  long commits() {
    return commits.sum();
  }

  long transactions() {
    return transactions.sum();
  }

  long nanos() {
    return nanos.sum();
  }
}
