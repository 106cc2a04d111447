package io.campaignroutes.store;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;

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

  private final String replica = Ids.next("rep", System.currentTimeMillis());
  private final Duration wait;
  private final Outage outage =
      new Outage(LOG, "The store cannot be used", "The store can be used again");
  private final StoreClock clock;
  private final DueTimes due = new DueTimes();
  private final SqliteErrors errors;
  private final SqliteWatch watch;
  private final SqliteWriter writer;
  private final JdbcClient reader;

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
    this.wait = wait;
    this.clock = new StoreClock("The clock of this machine", wall, rowLock());
    clock.whenSet(due::announceAll);
    this.errors = new SqliteErrors(file, outage);
    SqliteFiles files = new SqliteFiles(url, file);
    this.watch = new SqliteWatch(pool, files, lock, outage);
    DelegatingDataSource source =
        new DelegatingDataSource(pool) {
          @Override
          public Connection getConnection() throws SQLException {
            String gone = watch.gone();
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
    JdbcTemplate jdbc = new JdbcTemplate(source);
    jdbc.setExceptionTranslator(errors);
    this.reader = JdbcClient.create(jdbc);
    this.writer =
        new SqliteWriter(
            pool, source, errors, outage, files, watch, new Reserve(file.getParent()), clock, due);
    writer.start();
  }

  @Override
  public <T> T write(Function<Tx, T> work) {
    return write(work, false);
  }

  @Override
  public <T> T write(Function<Tx, T> work, boolean commanded) {
    if (writer.isCaller()) {
      throw new IllegalStateException("a transaction must not open another one");
    }
    SqliteJob<T> job = new SqliteJob<>(work, commanded);
    if (!writer.add(job)) {
      throw StoreUnavailableException.nothingChanged("The service is stopping.", null);
    }
    return job.await(wait);
  }

  @Override
  public void later(Function<Tx, ?> work) {
    writer.later(work);
  }

  @Override
  public CommitCounts commits() {
    return writer.commits();
  }

  @Override
  public JdbcClient read() {
    return reader;
  }

  /** SQLite runs inside this process: its clock is the machine's. */
  @Override
  public long now() {
    StoreClock.Reading now = clock.read();
    if (!writer.isCaller() && clock.stepped(now)) {
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
  public String replica() {
    return replica;
  }

  @Override
  public DueTime due(String queue) {
    return due.of(queue);
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
    writer.close();
  }
}
