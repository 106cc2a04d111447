package io.campaignroutes.store;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees that the files of an embedded store are the ones that were opened. While they are not,
 * nothing may be written. Used by the writer only, but for {@link #gone}.
 */
final class SqliteWatch {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteStore.class);

  /** So long the files may be away before a copy of what is open is put in their place. */
  private static final long AWAY_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final HikariDataSource pool;
  private final SqliteFiles files;
  private final Runnable lock;
  private final Outage outage;
  private volatile String gone; // what has become of the files; null while they are there
  private boolean kept; // a copy lies beside a file that is not ours
  private long goneSince;

  /**
   * @param lock takes the store's folder for this process, where it has lost it
   */
  SqliteWatch(HikariDataSource pool, SqliteFiles files, Runnable lock, Outage outage) {
    this.pool = pool;
    this.files = files;
    this.lock = lock;
    this.outage = outage;
  }

  /** What has become of the files, for an operator; null while they are there. */
  String gone() {
    return gone;
  }

  /**
   * Looks where the files are, and writes them back when they stay away.
   *
   * @param discard closes the connection that is written through
   * @return whether they are there again after they had been away
   */
  boolean look(Runnable discard) {
    String now = files.gone();
    if (now == null) {
      boolean back = gone != null;
      gone = null;
      kept = false;
      if (back) {
        LOG.info("The store's files are in their place again.");
      }
      return back;
    }
    if (gone == null) {
      goneSince = System.nanoTime();
    }
    if (!kept) {
      gone = now;
    }
    outage.failed(gone);
    return !kept && System.nanoTime() - goneSince >= AWAY_NANOS && save(discard);
  }

  /** Before the end: what is open would be lost with the process. */
  void saveAtEnd(Runnable discard) {
    if (gone != null && !kept) {
      save(discard);
    }
  }

  /**
   * Puts a copy of what is open in its place. Where another file lies by now, which somebody has
   * put there, it is kept beside that one instead. Returns whether it is in its place.
   */
  private boolean save(Runnable discard) {
    var connections = pool.getHikariPoolMXBean();
    try {
      lock.run();
      Path copy = files.save();
      if (files.foreign()) {
        kept(copy);
        return false;
      }
      connections.suspendPool();
      try {
        discard.run();
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
      return true;
    } catch (SQLException | IOException | RuntimeException e) {
      LOG.debug("The store's files could not be written back.", e);
      outage.failed(gone + " It could not be written back: " + e.getMessage());
      return false;
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
      SqliteWriter.pause();
      connections.softEvictConnections();
    }
    files.close();
  }
}
