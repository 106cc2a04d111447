package io.campaignroutes.store;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The one thread that writes to an embedded store: takes all transactions that wait, runs each
 * behind a savepoint of its own, commits once and only then answers. One that throws is rolled back
 * alone.
 */
final class SqliteWriter implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteStore.class);

  /** Transactions that share a commit at the most: bounds how long the first waits for the last. */
  private static final int GROUP = 128;

  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Between two tries while nothing can be written. */
  private static final long PAUSE_MS = 50;

  private final HikariDataSource pool;
  private final DataSource source;
  private final SqliteErrors errors;
  private final Outage outage;
  private final SqliteFiles files;
  private final SqliteWatch watch;
  private final Reserve reserve;
  private final StoreClock clock;
  private final DueTimes due;
  private final CommitCounts commits = new CommitCounts();
  private final Postponed postponed = new Postponed();
  private final Thread thread = new Thread(this, "store-writer");
  private final LinkedBlockingQueue<SqliteJob<?>> waiting = new LinkedBlockingQueue<>();
  private volatile boolean closed; // written under the lock of waiting

  // known to the thread only
  private Connection connection;
  private Tx statements;
  private boolean committing;
  private StoreClock.Settled noted; // of the time, in the transaction that is open
  private boolean full; // the reserve is given up: commands only
  private long lookAt = System.nanoTime();

  /**
   * @param source connections of the pool, while the files are there
   */
  SqliteWriter(
      HikariDataSource pool,
      DataSource source,
      SqliteErrors errors,
      Outage outage,
      SqliteFiles files,
      SqliteWatch watch,
      Reserve reserve,
      StoreClock clock,
      DueTimes due) {
    this.pool = pool;
    this.source = source;
    this.errors = errors;
    this.outage = outage;
    this.files = files;
    this.watch = watch;
    this.reserve = reserve;
    this.clock = clock;
    this.due = due;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** See {@link Store#later}. */
  void later(Function<Tx, ?> work) {
    postponed.add(work);
  }

  CommitCounts commits() {
    return commits;
  }

  /** Whether the caller is inside of a transaction. */
  boolean isCaller() {
    return Thread.currentThread() == thread;
  }

  /** Puts a transaction to the others that wait; false once the store is closed. */
  boolean add(SqliteJob<?> job) {
    synchronized (waiting) { // what is added while it is open is carried out or answered
      return !closed && waiting.add(job);
    }
  }

  /** Carries out what waits and takes nothing more. */
  void close() throws InterruptedException {
    synchronized (waiting) {
      closed = true;
      SqliteJob<?> wake = new SqliteJob<>(tx -> null, false);
      wake.taken.set(true);
      waiting.add(wake);
    }
    thread.join(TimeUnit.SECONDS.toMillis(10));
    List<SqliteJob<?>> left = new ArrayList<>();
    waiting.drainTo(left);
    left.removeIf(job -> !job.taken.compareAndSet(false, true));
    fail(left, StoreUnavailableException.nothingChanged("The service is stopping.", null));
  }

  @Override
  public void run() {
    List<SqliteJob<?>> group = new ArrayList<>(GROUP);
    while (!closed || !waiting.isEmpty()) {
      try {
        take(group);
        if (System.nanoTime() - lookAt >= 0) {
          look();
          lookAt = System.nanoTime() + LOOK_NANOS;
        }
        carryOut(group);
      } catch (Throwable e) { // an Error must not end the only writer
        LOG.error("The writer of the store broke and goes on.", e);
        fail(group, StoreUnavailableException.perhapsChanged("The store broke.", e));
      } finally {
        group.clear();
      }
    }
    watch.saveAtEnd(this::discard);
    giveBack();
    try {
      files.close();
    } catch (SQLException e) {
      LOG.warn("The store could not be closed: {}", e.getMessage());
    }
  }

  private void take(List<SqliteJob<?>> group) throws InterruptedException {
    for (SqliteJob<?> job = waiting.poll(200, TimeUnit.MILLISECONDS);
        job != null;
        job = group.size() < GROUP ? waiting.poll() : null) {
      if (job.taken.compareAndSet(false, true)) {
        group.add(job);
      }
    }
  }

  /** Once a second: are the files there, has a trouble ended? */
  private void look() {
    try {
      files.open();
    } catch (SQLException e) {
      outage.failed(errors.why(e));
    }
    if (watch.look(this::discard)) {
      probe();
    }
    if (watch.gone() != null) {
      return;
    }
    if (full) {
      if (reserve.affordable() && reserve.make()) {
        full = false;
        probe();
      } else { // claims that are given back: a command may wait for one of them
        for (Function<Tx, ?> work : postponed.all()) {
          add(new SqliteJob<>(work, true));
        }
      }
    } else if (outage.cause() != null) {
      probe();
    } else if (!reserve.there() && reserve.affordable()) {
      reserve.make();
    }
  }

  /** Writes something, to see whether that can be done again. */
  private void probe() {
    SqliteJob<?> probe =
        new SqliteJob<>(
            tx ->
                tx.sql()
                    .sql("update store_state set value = ? where name = 'PROBED'")
                    .param(tx.now())
                    .update(),
            false);
    carryOut(new ArrayList<>(List.of(probe)));
  }

  private void carryOut(List<SqliteJob<?>> group) {
    String gone = watch.gone();
    if (gone != null) {
      fail(group, StoreUnavailableException.nothingChanged(gone, null));
      return;
    }
    if (full) {
      List<SqliteJob<?>> others = group.stream().filter(job -> !job.commanded).toList();
      group.removeAll(others);
      others.forEach(job -> outage.failed(outage.cause()));
      fail(others, StoreUnavailableException.nothingChanged(outage.cause(), null));
    }
    if (group.isEmpty()) {
      return;
    }
    try {
      connect();
      commitTogether(group);
    } catch (Throwable e) {
      failed(group, e);
      return;
    }
    group.forEach(SqliteJob::answer);
    if (!full) {
      outage.worked();
      postponed.next().ifPresent(work -> add(new SqliteJob<>(work, false)));
    }
  }

  private void connect() throws SQLException {
    if (connection != null) {
      return;
    }
    files.open();
    Connection fresh = source.getConnection();
    try {
      fresh.setAutoCommit(false);
    } catch (SQLException e) {
      pool.evictConnection(fresh);
      throw e;
    }
    connection = fresh;
    JdbcTemplate jdbc =
        new JdbcTemplate(new SingleConnectionDataSource(StatementCache.around(connection), true));
    jdbc.setExceptionTranslator(errors);
    statements = new Tx(JdbcClient.create(jdbc), jdbc, 0);
  }

  /** The time by which a group is written, with the rows as they have to be at that time. */
  private long settled() throws SQLException {
    StoreClock.Reading now = clock.read();
    while (clock.unsettled(now)) {
      StoreClock.Settled done = clock.settle(statements.sql());
      connection.commit();
      clock.settled(done);
      now = clock.read();
    }
    if (clock.toNote()) {
      noted = clock.note(statements.sql()).orElse(null); // on disk with what is written next
      now = clock.read();
    }
    return now.wall();
  }

  private void commitTogether(List<SqliteJob<?>> group) throws SQLException {
    Tx tx = new Tx(statements.sql(), statements.jdbc(), settled());
    for (SqliteJob<?> job : group) {
      Savepoint start = connection.setSavepoint();
      if (!job.run(tx)) {
        SQLException cause = SqliteErrors.of(job.failure());
        if (cause != null && SqliteErrors.unusable(cause)) {
          throw cause; // SQLite may have ended the whole transaction
        }
        connection.rollback(start);
      }
      connection.releaseSavepoint(start);
    }
    long start = System.nanoTime();
    committing = true;
    connection.commit();
    committing = false;
    if (noted != null) {
      clock.settled(noted);
      noted = null;
    }
    commits.committed(group.size(), System.nanoTime() - start);
    due.announce(tx);
  }

  /** Nothing of the group is on disk, or that is not known; the next one gets a new connection. */
  private void failed(List<SqliteJob<?>> group, Throwable e) {
    SQLException cause = SqliteErrors.of(e);
    boolean unknown = committing && (cause == null || !SqliteErrors.certain(cause));
    committing = false;
    noted = null;
    discard();
    String why = cause == null ? "The store cannot be used at the moment." : errors.why(cause);
    if (cause == null) {
      LOG.error("A group of transactions broke.", e);
    }
    outage.failed(why);
    if (cause != null && !full && errors.full(cause)) {
      full = true;
      if (reserve.giveUp() && !unknown) {
        carryOut(group); // its commands now have room
        return;
      }
    }
    fail(
        group,
        unknown
            ? StoreUnavailableException.perhapsChanged(why, e)
            : StoreUnavailableException.nothingChanged(why, e));
    pause();
  }

  static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      LOG.debug("The writer is not to be interrupted.", e);
    }
  }

  private static void fail(List<SqliteJob<?>> group, StoreUnavailableException e) {
    group.forEach(job -> job.fail(e));
  }

  /** Closes the connection for good: it does not go back into the pool. */
  private void discard() {
    Connection broken = letGo();
    if (broken != null) {
      pool.evictConnection(broken);
    }
  }

  /**
   * Gives the connection back at the end, to be closed with the pool. One that is thrown away just
   * before that can hold up the pool's end for ten seconds: who closes it waits for a lock that the
   * end holds.
   */
  private void giveBack() {
    Connection last = letGo();
    if (last != null) {
      try {
        last.close();
      } catch (SQLException e) {
        LOG.debug("The last connection could not be given back: {}", e.getMessage());
      }
    }
  }

  /** The connection, with nothing of a transaction left; null when there is none. */
  private Connection letGo() {
    Connection last = connection;
    connection = null;
    statements = null;
    if (last != null) {
      try {
        last.rollback();
      } catch (SQLException e) {
        LOG.debug("SQLite has rolled back by itself: {}", e.getMessage());
      }
    }
    return last;
  }
}
