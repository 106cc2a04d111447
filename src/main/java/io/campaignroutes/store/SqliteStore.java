package io.campaignroutes.store;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The store in one SQLite file. SQLite has one writer at a time and a synced commit costs about the
 * same for one transaction as for a hundred, so concurrent transactions are committed together: one
 * thread takes all that wait, runs each behind a savepoint of its own, commits once and only then
 * answers. One that throws is rolled back alone.
 *
 * <p>A trouble of the disk fails the transactions that meet it, and nothing else: the writer begins
 * anew with a fresh connection and tries by itself once a second. While the disk is full, commands
 * have a {@link Reserve}. While the store's files are not the ones that were opened, nothing is
 * written; see {@link SqliteFiles}.
 */
final class SqliteStore implements Store, CommitCounts.Kept, StoreClock.Kept, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteStore.class);

  /** Opens a file that is there, for reading and writing, and makes none. */
  static final String EXISTING = "2";

  /** Transactions that share a commit at the most: bounds how long the first waits for the last. */
  private static final int GROUP = 128;

  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Between two tries while nothing can be written. */
  private static final long PAUSE_MS = 50;

  /** So long the files may be away before a copy of what is open is put in their place. */
  private static final long AWAY_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** What a caller waits for a transaction that has begun, in terms of the wait for its turn. */
  private static final int BEGUN = 3;

  private final HikariDataSource pool;
  private final Duration wait;
  private final Runnable lock;
  private final Outage outage =
      new Outage(LOG, "The store cannot be used", "The store can be used again");
  private final SqliteErrors errors;
  private final SqliteFiles files;
  private final Reserve reserve;
  private final DelegatingDataSource source;
  private final JdbcClient reader;
  private final LinkedBlockingQueue<Job<?>> waiting = new LinkedBlockingQueue<>();
  private final Postponed postponed = new Postponed();
  private final Thread writer = new Thread(this::run, "store-writer");
  private final CommitCounts commits = new CommitCounts();
  private final StoreClock clock;
  private volatile boolean closed; // written under the lock of waiting
  private volatile String gone; // what has become of the files; null while they are there

  // known to the writer only
  private Connection connection;
  private Tx statements;
  private boolean committing;
  private StoreClock.Settled noted; // of the time, in the transaction that is open
  private boolean full; // the reserve is given up: commands only
  private boolean kept; // a copy lies beside a file that is not ours
  private long goneSince;
  private long lookAt = System.nanoTime();

  /**
   * @param url the same as the pool's
   * @param file the file that it names
   * @param wait how long a caller waits for its turn
   * @param lock takes the store's folder for this process, where it has lost it
   * @param wall milliseconds since the epoch
   */
  SqliteStore(
      HikariDataSource pool,
      String url,
      Path file,
      Duration wait,
      Runnable lock,
      LongSupplier wall) {
    this.pool = pool;
    this.lock = lock;
    this.wait = wait;
    this.clock = new StoreClock("The clock of this machine", wall, rowLock());
    this.errors = new SqliteErrors(file, outage);
    this.files = new SqliteFiles(url, file);
    this.reserve = new Reserve(file.getParent());
    this.source =
        new DelegatingDataSource(pool) {
          @Override
          public Connection getConnection() throws SQLException {
            if (gone != null) {
              throw StoreUnavailableException.perhapsChanged(gone, null);
            }
            try {
              return super.getConnection();
            } catch (SQLException e) {
              String why = errors.why(e);
              outage.failed(why);
              throw StoreUnavailableException.perhapsChanged(why, e);
            }
          }
        };
    this.reader = JdbcClient.create(jdbc(source));
    writer.setDaemon(true);
    writer.start();
  }

  private JdbcTemplate jdbc(DataSource connections) {
    JdbcTemplate jdbc = new JdbcTemplate(connections);
    jdbc.setExceptionTranslator(errors);
    return jdbc;
  }

  @Override
  public <T> T write(Function<Tx, T> work) {
    return write(work, false);
  }

  @Override
  public <T> T write(Function<Tx, T> work, boolean commanded) {
    if (Thread.currentThread() == writer) {
      throw new IllegalStateException("a transaction must not open another one");
    }
    Job<T> job = new Job<>(work, commanded);
    synchronized (waiting) { // what is added while it is open is carried out or answered
      if (closed) {
        throw StoreUnavailableException.nothingChanged("The service is stopping.", null);
      }
      waiting.add(job);
    }
    return answer(job);
  }

  /**
   * Waits for the outcome, also when interrupted: a transaction that has begun is not undone by it,
   * and what it did must be known.
   */
  private <T> T answer(Job<T> job) {
    boolean interrupted = false;
    try {
      long left = wait.toNanos();
      boolean begun = false;
      while (true) {
        long start = System.nanoTime();
        try {
          return job.done.get(left, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
          left = Math.max(0, left - (System.nanoTime() - start));
        } catch (TimeoutException e) {
          if (job.taken.compareAndSet(false, true)) { // from here on nobody carries it out
            throw StoreUnavailableException.nothingChanged(
                "The store has taken nothing for " + wait.toSeconds() + " s.", null);
          }
          if (begun) {
            throw StoreUnavailableException.perhapsChanged(
                "The store has not said what came of a change.", null);
          }
          begun = true;
          left = BEGUN * wait.toNanos();
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void later(Function<Tx, ?> work) {
    postponed.add(work);
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
  public String ailment() {
    return outage.cause();
  }

  /** Carries out what waits and takes nothing more. */
  @Override
  public void close() throws InterruptedException {
    synchronized (waiting) {
      closed = true;
      Job<?> wake = new Job<>(tx -> null, false);
      wake.taken.set(true);
      waiting.add(wake);
    }
    writer.join(TimeUnit.SECONDS.toMillis(10));
    List<Job<?>> left = new ArrayList<>();
    waiting.drainTo(left);
    left.removeIf(job -> !job.taken.compareAndSet(false, true));
    fail(left, StoreUnavailableException.nothingChanged("The service is stopping.", null));
  }

  // The writer

  private void run() {
    List<Job<?>> group = new ArrayList<>(GROUP);
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
    if (gone != null && !kept) {
      save();
    }
    discard();
    try {
      files.close();
    } catch (SQLException e) {
      LOG.warn("The store could not be closed: {}", e.getMessage());
    }
  }

  private void take(List<Job<?>> group) throws InterruptedException {
    for (Job<?> job = waiting.poll(200, TimeUnit.MILLISECONDS);
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
    lookAtFiles();
    if (gone != null) {
      return;
    }
    if (full) {
      if (reserve.affordable() && reserve.make()) {
        full = false;
        probe();
      }
    } else if (outage.cause() != null) {
      probe();
    } else if (!reserve.there() && reserve.affordable()) {
      reserve.make();
    }
  }

  /** Writes something, to see whether that can be done again. */
  private void probe() {
    Job<?> probe =
        new Job<>(
            tx ->
                tx.sql()
                    .sql("update store_state set value = ? where name = 'PROBED'")
                    .param(tx.now())
                    .update(),
            false);
    carryOut(new ArrayList<>(List.of(probe)));
  }

  private void carryOut(List<Job<?>> group) {
    if (gone != null) {
      fail(group, StoreUnavailableException.nothingChanged(gone, null));
      return;
    }
    if (full) {
      List<Job<?>> others = group.stream().filter(job -> !job.commanded).toList();
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
    group.forEach(Job::answer);
    if (!full) {
      outage.worked();
      postponed.next().ifPresent(this::again);
    }
  }

  private void again(Function<Tx, ?> work) {
    synchronized (waiting) {
      waiting.add(new Job<>(work, false));
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
        jdbc(new SingleConnectionDataSource(StatementCache.around(connection), true));
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

  private void commitTogether(List<Job<?>> group) throws SQLException {
    Tx tx = new Tx(statements.sql(), statements.jdbc(), settled());
    for (Job<?> job : group) {
      Savepoint start = connection.setSavepoint();
      if (!job.run(tx)) {
        SQLException cause = SqliteErrors.of(job.failure);
        if (cause != null && SqliteErrors.trouble(cause)) {
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
  }

  /** Nothing of the group is on disk, or that is not known; the next one gets a new connection. */
  private void failed(List<Job<?>> group, Throwable e) {
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

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      LOG.debug("The writer is not to be interrupted.", e);
    }
  }

  private static void fail(List<Job<?>> group, StoreUnavailableException e) {
    group.forEach(job -> job.done.completeExceptionally(e));
  }

  /** Closes the connection for good: it does not go back into the pool. */
  private void discard() {
    Connection broken = connection;
    connection = null;
    statements = null;
    if (broken != null) {
      try {
        broken.rollback();
      } catch (SQLException e) {
        LOG.debug("SQLite has rolled back by itself: {}", e.getMessage());
      }
      pool.evictConnection(broken);
    }
  }

  // The files

  private void lookAtFiles() {
    String now = files.gone();
    if (now == null) {
      if (gone != null) {
        gone = null;
        kept = false;
        LOG.info("The store's files are in their place again.");
        probe();
      }
      return;
    }
    if (gone == null) {
      goneSince = System.nanoTime();
    }
    if (!kept) {
      gone = now;
    }
    outage.failed(gone);
    if (!kept && System.nanoTime() - goneSince >= AWAY_NANOS) {
      save();
    }
  }

  /**
   * Puts a copy of what is open in its place. Where another file lies by now, which somebody has
   * put there, it is kept beside that one instead.
   */
  private void save() {
    var connections = pool.getHikariPoolMXBean();
    try {
      lock.run();
      Path copy = files.save();
      if (files.foreign()) {
        kept(copy);
        return;
      }
      connections.suspendPool();
      try {
        discard();
        files.replaceBy(copy);
        closeAll();
        files.open();
      } catch (IOException e) {
        kept(copy);
        throw e;
      } finally {
        connections.resumePool();
      }
      LOG.warn("{} It was written back from what was open; nothing is lost.", gone);
      gone = null;
      probe();
    } catch (SQLException | IOException | RuntimeException e) {
      LOG.debug("The store's files could not be written back.", e);
      outage.failed(gone + " It could not be written back: " + e.getMessage());
    }
  }

  private void kept(Path copy) {
    kept = true;
    gone =
        gone
            + " All that the service knew is in "
            + copy
            + ". Stop the service, put the right file in its place with no -wal and -shm file"
            + " beside it, and start again.";
    LOG.warn("{}", gone);
  }

  /** Closes all connections to the files that were; one that is still reading closes afterwards. */
  private void closeAll() throws SQLException {
    var connections = pool.getHikariPoolMXBean();
    connections.softEvictConnections();
    for (int i = 0; connections.getTotalConnections() > 0 && i < 100; i++) {
      pause();
      connections.softEvictConnections();
    }
    files.close();
  }

  private static final class Job<T> {
    final Function<Tx, T> work;
    final boolean commanded;
    final CompletableFuture<T> done = new CompletableFuture<>();

    /** By the writer, which carries it out, or by its caller, who has waited long enough. */
    final AtomicBoolean taken = new AtomicBoolean();

    private T result;
    private Throwable failure;

    Job(Function<Tx, T> work, boolean commanded) {
      this.work = work;
      this.commanded = commanded;
    }

    /** Returns whether the work may stay. */
    boolean run(Tx tx) {
      failure = null;
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
