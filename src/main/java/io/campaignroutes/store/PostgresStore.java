package io.campaignroutes.store;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The store on PostgreSQL, which several replicas may share: every transaction has its connection
 * (READ COMMITTED) and PostgreSQL groups the commits. While it cannot be reached, one caller at a
 * time tries and all others are told at once, so that no thread waits for nothing.
 */
final class PostgresStore implements Store, CommitCounts.Kept, StoreClock.Kept, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresStore.class);
  static final String NOW = "select (extract(epoch from clock_timestamp()) * 1000)::bigint";

  private final Outage outage =
      new Outage(LOG, "The store cannot be used", "The store can be used again");
  private final Outage waits =
      new Outage(
          LOG, "The store keeps statements waiting too long", "The store answers in time again");
  private final String replica = Ids.next("rep", System.currentTimeMillis());
  private final HikariDataSource pool;
  private final JdbcTemplate jdbc;
  private final JdbcClient sql;
  private final TransactionTemplate transactions;
  private final CommitCounts commits = new CommitCounts();
  private final StoreClock clock;
  private final DueTimes due = new DueTimes();
  private final PostgresNews news;
  private final Postponed postponed = new Postponed();
  private final Semaphore trial = new Semaphore(1);
  private volatile boolean away;

  /** What a transaction has come to, unless it was not begun since the clock had been set. */
  private record Done<T>(T result, Tx tx) {}

  /**
   * @param now asks for the database's time in milliseconds since the epoch
   */
  PostgresStore(HikariDataSource pool, StoreProperties limits, String now) {
    this.pool = pool;
    this.news = new PostgresNews(pool, due);
    DelegatingDataSource source =
        new DelegatingDataSource(pool) {
          @Override
          public Connection getConnection() {
            return connection();
          }
        };
    this.jdbc = new JdbcTemplate(source);
    this.sql = JdbcClient.create(jdbc);
    JdbcTransactionManager manager = new JdbcTransactionManager(source);
    PostgresErrors errors = new PostgresErrors(outage, waits);
    jdbc.setExceptionTranslator(errors);
    manager.setExceptionTranslator(errors);
    this.transactions = new TransactionTemplate(manager);
    transactions.setTimeout((int) Math.max(1, limits.transactionTimeout().toSeconds()));
    this.clock =
        new StoreClock(
            "The clock of the database", () -> sql.sql(now).query(Long.class).single(), rowLock());
    clock.whenSet(due::announceAll);
  }

  /** Tells other processes what falls due, and is told by them; until then nobody is. */
  PostgresStore shared() {
    news.start();
    return this;
  }

  @Override
  public void close() throws SQLException {
    news.close();
  }

  private Connection connection() {
    if (!away) {
      return connect();
    }
    if (!trial.tryAcquire()) {
      throw StoreUnavailableException.perhapsChanged(outage.cause(), null);
    }
    try {
      return connect();
    } finally {
      trial.release();
    }
  }

  private Connection connect() {
    try {
      Connection connection = pool.getConnection();
      if (away) {
        away = false;
        outage.worked();
      }
      return connection;
    } catch (SQLException e) {
      SQLException cause = e.getCause() instanceof SQLException behind ? behind : e;
      String why = PostgresErrors.why(cause);
      if (cause != e || pool.getHikariPoolMXBean().getTotalConnections() == 0) {
        away = true;
        outage.failed(why);
      } else {
        why = "All " + pool.getMaximumPoolSize() + " connections to PostgreSQL are in use.";
        waits.failed(why);
      }
      throw StoreUnavailableException.perhapsChanged(why, e);
    }
  }

  @Override
  public <T> T write(Function<Tx, T> work) {
    T result = commit(work);
    postponed.next().ifPresent(this::again);
    return result;
  }

  private <T> T commit(Function<Tx, T> work) {
    long start = System.nanoTime();
    boolean[] committing = {false};
    T result;
    try {
      if (clock.toNote()) {
        transactions.execute(status -> clock.note(sql)).ifPresent(clock::settled);
      }
      Done<T> done = transact(work, committing);
      while (done == null) {
        settleClock();
        done = transact(work, committing);
      }
      result = done.result;
      due.announce(done.tx);
      news.announce(done.tx);
    } catch (StoreUnavailableException e) {
      throw outcome(e.getMessage(), e, committing[0]);
    } catch (TransactionException e) { // it could not begin, took too long or could not end
      LOG.debug("A transaction failed.", e);
      throw outcome("A transaction could not be carried out.", e, committing[0]);
    }
    commits.committed(1, System.nanoTime() - start);
    outage.worked();
    waits.worked();
    return result;
  }

  private <T> Done<T> transact(Function<Tx, T> work, boolean[] committing) {
    return transactions.execute(
        status -> {
          StoreClock.Reading now = clock.read();
          if (clock.unsettled(now)) {
            return null;
          }
          Tx tx = new Tx(sql, jdbc, now.wall());
          T done = work.apply(tx);
          committing[0] = true;
          return new Done<>(done, tx);
        });
  }

  private void settleClock() {
    clock.settled(transactions.execute(status -> clock.settle(sql)));
  }

  @Override
  public StoreClock clock() {
    return clock;
  }

  private static StoreUnavailableException outcome(String why, Throwable e, boolean committing) {
    boolean unknown = committing;
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof StoreUnavailableException known) {
        why = known.getMessage();
      }
      if (cause instanceof SQLException answer) {
        unknown = committing && !PostgresErrors.certain(answer);
      }
    }
    return unknown
        ? StoreUnavailableException.perhapsChanged(why, e)
        : StoreUnavailableException.nothingChanged(why, e);
  }

  private void again(Function<Tx, ?> work) {
    try {
      commit(work);
    } catch (StoreUnavailableException e) {
      postponed.add(work);
    } catch (RuntimeException e) {
      LOG.debug("What was put off is no longer wanted.", e);
    }
  }

  @Override
  public void later(Function<Tx, ?> work) {
    postponed.add(work);
  }

  @Override
  public void lock(Tx tx, String name) {
    tx.sql()
        .sql("select 1 from (select pg_advisory_xact_lock(hashtext(?))) locked")
        .param(name)
        .query(Integer.class)
        .single();
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
  public String replica() {
    return replica;
  }

  @Override
  public DueTime due(String queue) {
    return due.of(queue);
  }

  @Override
  public long nearlyNow() {
    return clock.expected().orElseGet(this::now);
  }

  @Override
  public String rowLock() {
    return " for update";
  }

  @Override
  public String claimLock() {
    return " for update skip locked";
  }

  @Override
  public String ailment() {
    return outage.cause();
  }
}
