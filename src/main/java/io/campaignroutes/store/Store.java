package io.campaignroutes.store;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Durable transactions on the embedded SQLite file or on PostgreSQL: the same tables, the same SQL.
 * Unique keys are asked for with {@code on conflict do nothing} and the row count, which both
 * databases understand, never by catching an exception.
 */
public interface Store {

  /**
   * Runs {@code work} in one transaction and returns its result once the transaction is on disk.
   * Nothing of it remains when {@code work} throws. {@code work} must do no remote call and no
   * waiting: other writers wait behind it.
   *
   * @throws StoreUnavailableException when the store cannot be used at the moment; it says whether
   *     it is certain that nothing was changed
   * @throws org.springframework.dao.DataAccessException when the store refuses a statement
   * @throws RuntimeException whatever {@code work} throws, after everything was rolled back
   */
  <T> T write(Function<Tx, T> work);

  /** The same for work without a result. */
  default void run(Consumer<Tx> work) {
    write(
        tx -> {
          work.accept(tx);
          return null;
        });
  }

  /**
   * The same for what must be possible when nothing else is: while the disk of an embedded store is
   * full, what an operator commands and what follows from it has a reserve of room.
   *
   * @param commanded whether this is such a transaction
   */
  default <T> T write(Function<Tx, T> work, boolean commanded) {
    return write(work);
  }

  /**
   * Has {@code work} done as soon as the store takes something again, after a {@link #write} that
   * failed; what it throws is dropped. It is lost with the process.
   */
  default void later(Function<Tx, ?> work) {
    throw new UnsupportedOperationException();
  }

  /**
   * Keeps others from what is called so until the transaction ends. To be taken before any row is
   * locked.
   */
  default void lock(Tx tx, String name) {} // an embedded store has one writer at a time

  /** Why nothing can be written or read at the moment, for an operator; null when all is well. */
  default String ailment() {
    return null;
  }

  /** Reads committed rows outside of any transaction. */
  JdbcClient read();

  /** The store's clock now, in milliseconds since the epoch. */
  long now();

  /**
   * The same as far as it is known without asking the store; near enough to say whether it is worth
   * while to claim, which goes by the clock itself.
   */
  default long nearlyNow() {
    return now();
  }

  /**
   * The last time since the start that the store's clock was set rather than went on; null for
   * never. What waits for a length of time was shifted by as much.
   */
  default ClockStep clockStep() {
    return this instanceof StoreClock.Kept kept ? kept.clock().lastStep() : null;
  }

  /**
   * Whether the age of what is kept can be believed: for a day after the clock was set forward it
   * cannot, since that may have been a mistake by which all of today would be old.
   */
  default boolean tellsAges() {
    ClockStep step = clockStep();
    return step == null || step.millis() < 0 || step.age().compareTo(Duration.ofDays(1)) >= 0;
  }

  /** The id of this process among those that share the store; another one after each start. */
  default String replica() {
    return Ids.first("rep", 0) + "0".repeat(16); // nobody shares it
  }

  /**
   * When the work of a queue is looked for next.
   *
   * @param queue the name of its timer: {@code scheduler:<queue>}
   */
  default DueTime due(String queue) {
    return new DueTime(); // a store of which nobody is told anything
  }

  /**
   * What a claiming {@code select} ends with so that replicas share the work: {@code " for update
   * skip locked"} on PostgreSQL, nothing on SQLite, where one process writes at a time.
   */
  String claimLock();

  /**
   * What a {@code select} of one row ends with that a later statement of the same transaction
   * changes: {@code " for update"} on PostgreSQL, nothing on SQLite.
   */
  String rowLock();
}
