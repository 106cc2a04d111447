package io.campaignroutes.store;

import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The store on PostgreSQL, which several replicas may share: every transaction has its connection
 * (READ COMMITTED) and PostgreSQL groups the commits.
 */
final class PostgresStore implements Store, CommitCounts.Kept, StoreClock.Kept {
  static final String NOW = "select (extract(epoch from clock_timestamp()) * 1000)::bigint";

  private final JdbcTemplate jdbc;
  private final JdbcClient sql;
  private final TransactionTemplate transactions;
  private final CommitCounts commits = new CommitCounts();
  private final StoreClock clock;

  /** What a transaction has come to, unless it was not begun since the clock had been set. */
  private record Done<T>(T result) {}

  PostgresStore(DataSource source) {
    this(source, NOW);
  }

  /**
   * @param now asks for the database's time in milliseconds since the epoch
   */
  PostgresStore(DataSource source, String now) {
    this.jdbc = new JdbcTemplate(source);
    this.sql = JdbcClient.create(jdbc);
    this.transactions = new TransactionTemplate(new JdbcTransactionManager(source));
    this.clock =
        new StoreClock(
            "The clock of the database", () -> sql.sql(now).query(Long.class).single(), rowLock());
  }

  @Override
  public <T> T write(Function<Tx, T> work) {
    long start = System.nanoTime();
    T result;
    try {
      if (clock.toNote()) {
        settleClock();
      }
      Done<T> done = transact(work);
      while (done == null) {
        settleClock();
        done = transact(work);
      }
      result = done.result;
    } catch (TransactionException e) { // no connection, or the commit's answer was lost
      throw new DataAccessResourceFailureException("the store cannot be written", e);
    }
    commits.committed(1, System.nanoTime() - start);
    return result;
  }

  private <T> Done<T> transact(Function<Tx, T> work) {
    return transactions.execute(
        status -> {
          StoreClock.Reading now = clock.read();
          return clock.unsettled(now)
              ? null
              : new Done<>(work.apply(new Tx(sql, jdbc, now.wall())));
        });
  }

  private void settleClock() {
    clock.settled(transactions.execute(status -> clock.settle(sql)));
  }

  @Override
  public StoreClock clock() {
    return clock;
  }

  @Override
  public CommitCounts commits() {
    return commits;
  }

  @Override
  public JdbcClient read() {
    return sql;
  }

  @Override
  public long now() {
    StoreClock.Reading now = clock.read();
    while (!TransactionSynchronizationManager.isActualTransactionActive() && clock.stepped(now)) {
      settleClock(); // when nothing is due by the new time, nobody would write
      now = clock.read();
    }
    return now.wall();
  }

  @Override
  public String rowLock() {
    return " for update";
  }

  @Override
  public String claimLock() {
    return " for update skip locked";
  }
}
