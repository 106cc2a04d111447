package io.campaignroutes.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The store in one SQLite file. SQLite has one writer at a time and a synced commit costs about the
 * same for one transaction as for a hundred, so concurrent transactions are committed together: one
 * thread takes all that wait, runs each behind a savepoint of its own, commits once and only then
 * answers. One that throws is rolled back alone.
 */
final class SqliteStore implements Store, CommitCounts.Kept, StoreClock.Kept, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteStore.class);

  /** Transactions that share a commit at the most: bounds how long the first waits for the last. */
  private static final int GROUP = 128;

  private final DataSource source;
  private final JdbcClient reader;
  private final LinkedBlockingQueue<Job<?>> waiting = new LinkedBlockingQueue<>();
  private final Thread writer = new Thread(this::run, "store-writer");
  private final CommitCounts commits = new CommitCounts();
  private final StoreClock clock;
  private volatile boolean closed;

  SqliteStore(DataSource source) {
    this(source, System::currentTimeMillis);
  }

  /**
   * @param wall milliseconds since the epoch
   */
  SqliteStore(DataSource source, LongSupplier wall) {
    this.source = source;
    this.clock = new StoreClock("The clock of this machine", wall, rowLock());
    this.reader = JdbcClient.create(source);
    writer.setDaemon(true);
    writer.start();
  }

  @Override
  public <T> T write(Function<Tx, T> work) {
    if (Thread.currentThread() == writer) {
      throw new IllegalStateException("a transaction must not open another one");
    }
    if (closed) {
      throw new DataAccessResourceFailureException("the store is closed");
    }
    Job<T> job = new Job<>(work);
    waiting.add(job);
    try {
      return job.done.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataAccessResourceFailureException("interrupted while waiting for the store", e);
    }
  }

  @Override
  public CommitCounts commits() {
    return commits;
  }

  @Override
  public JdbcClient read() {
    return reader;
  }

  /** SQLite runs inside this process: its clock is the machine's. */
  @Override
  public long now() {
    StoreClock.Reading now = clock.read();
    if (Thread.currentThread() != writer && clock.stepped(now)) {
      write(tx -> null); // when nothing is due by the new time, nobody would write
      now = clock.read();
    }
    return now.wall();
  }

  @Override
  public StoreClock clock() {
    return clock;
  }

  @Override
  public String rowLock() {
    return "";
  }

  @Override
  public String claimLock() {
    return "";
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    writer.join(TimeUnit.SECONDS.toMillis(10));
  }

  private void run() {
    List<Job<?>> group = new ArrayList<>(GROUP);
    Connection connection = null;
    JdbcTemplate jdbc = null;
    JdbcClient sql = null;
    while (!closed || !waiting.isEmpty()) {
      try {
        Job<?> first = waiting.poll(200, TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        group.add(first);
        waiting.drainTo(group, GROUP - 1);
        if (connection == null) {
          connection = StatementCache.around(source.getConnection());
          connection.setAutoCommit(false);
          jdbc = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
          sql = JdbcClient.create(jdbc);
        }
        commitTogether(connection, new Tx(sql, jdbc, settled(connection, sql)), group);
      } catch (Throwable e) { // an Error must not end the only writer
        connection = discard(connection);
        var failure = new DataAccessResourceFailureException("the store cannot be written", e);
        LOG.error("The store cannot be written: {}", e.toString());
        group.forEach(job -> job.done.completeExceptionally(failure));
      } finally {
        group.clear();
      }
    }
    discard(connection);
  }

  /** The time by which a group is written, with the rows as they have to be at that time. */
  private long settled(Connection connection, JdbcClient sql) throws SQLException {
    StoreClock.Reading now = clock.read();
    while (clock.unsettled(now)) {
      StoreClock.Settled done = clock.settle(sql);
      connection.commit();
      clock.settled(done);
      now = clock.read();
    }
    if (clock.toNote()) {
      clock.settled(clock.settle(sql)); // is on disk with what is written next
      now = clock.read();
    }
    return now.wall();
  }

  private void commitTogether(Connection connection, Tx tx, List<Job<?>> group)
      throws SQLException {
    for (Job<?> job : group) {
      Savepoint start = connection.setSavepoint();
      if (job.run(tx)) {
        connection.releaseSavepoint(start);
      } else {
        connection.rollback(start);
        connection.releaseSavepoint(start);
      }
    }
    long start = System.nanoTime();
    connection.commit();
    commits.committed(group.size(), System.nanoTime() - start);
    group.forEach(Job::answer);
  }

  private static Connection discard(Connection connection) {
    if (connection != null) {
      try {
        connection.rollback();
        connection.close();
      } catch (SQLException e) {
        LOG.warn("A broken connection to the store could not be closed: {}", e.toString());
      }
    }
    return null;
  }

  private static final class Job<T> {
    final Function<Tx, T> work;
    final CompletableFuture<T> done = new CompletableFuture<>();
    private T result;
    private Throwable failure;

    Job(Function<Tx, T> work) {
      this.work = work;
    }

    /** Returns whether the work may stay. */
    boolean run(Tx tx) {
      try {
        result = work.apply(tx);
        return true;
      } catch (RuntimeException | Error e) {
        failure = e;
        return false;
      }
    }

    void answer() {
      if (failure == null) {
        done.complete(result);
      } else {
        done.completeExceptionally(failure);
      }
    }
  }
}
