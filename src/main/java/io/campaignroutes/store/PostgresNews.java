package io.campaignroutes.store;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other processes on a PostgreSQL for which queues work has fallen due, and is told by
 * them, by NOTIFY and LISTEN. It is told after the commit and not by it, and what comes within a
 * moment is told at once: transactions that notify are committed one after the other. What is lost,
 * by a kill or a broken connection, is found by the next look of {@link DueTime#MAX_SLEEP}.
 */
final class PostgresNews implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresNews.class);
  private static final String CHANNEL = "campaign_routes_due";

  /** Between two notifications. */
  private static final long GATHER_MS = 50;

  /** So long nothing is heard before the connection is tried. */
  private static final int SILENCE_MS = 60_000;

  private static final long PAUSE_MS = 2_000;

  private final HikariDataSource pool;
  private final DueTimes due;
  private final String self = UUID.randomUUID().toString();
  private final Set<String> queues = new TreeSet<>(); // to be told; guarded by itself
  private final List<Thread> threads =
      List.of(new Thread(this::tell, "store-tells"), new Thread(this::listen, "store-listens"));
  private volatile Connection heard;
  private volatile boolean closed;

  /**
   * @param pool of the store; one connection of its own is added to its connections
   */
  PostgresNews(HikariDataSource pool, DueTimes due) {
    this.pool = pool;
    this.due = due;
  }

  void start() {
    for (Thread thread : threads) {
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** Tells the others, a moment later, of what is due by now. */
  void announce(Tx tx) {
    synchronized (queues) {
      tx.announced()
          .forEach(
              (queue, millis) -> {
                if (millis <= 0 && queues.add(queue)) {
                  queues.notifyAll();
                }
              });
    }
  }

  private void tell() {
    try {
      while (true) {
        String told = next();
        try (Connection connection = pool.getConnection();
            var statement = connection.prepareStatement("select pg_notify(?, ?)")) {
          statement.setString(1, CHANNEL);
          statement.setString(2, self + ":" + told);
          statement.execute();
        } catch (SQLException | RuntimeException e) {
          LOG.debug("Others are not told of {}: {}", told, e.toString());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String next() throws InterruptedException {
    synchronized (queues) {
      while (queues.isEmpty()) {
        queues.wait();
      }
    }
    TimeUnit.MILLISECONDS.sleep(GATHER_MS);
    synchronized (queues) {
      String next = String.join(",", queues);
      queues.clear();
      return next;
    }
  }

  private void listen() {
    try {
      while (!closed) {
        try (Connection connection = connect();
            Statement statement = connection.createStatement()) {
          heard = connection;
          statement.execute("listen " + CHANNEL);
          due.announceAll(); // nobody was told of anything until now
          while (!closed) {
            hear(connection.unwrap(PGConnection.class).getNotifications(SILENCE_MS), statement);
          }
        } catch (SQLException | RuntimeException e) {
          LOG.debug("Nothing is heard of others: {}", e.toString());
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.putAll(pool.getDataSourceProperties());
    properties.setProperty("user", pool.getUsername());
    properties.setProperty("password", pool.getPassword() == null ? "" : pool.getPassword());
    return DriverManager.getConnection(pool.getJdbcUrl(), properties);
  }

  private void hear(PGNotification[] news, Statement statement) throws SQLException {
    if (news == null || news.length == 0) {
      statement.execute("select 1");
      return;
    }
    for (PGNotification one : news) {
      String[] parts = one.getParameter().split(":", 2);
      if (parts.length == 2 && !parts[0].equals(self)) {
        for (String queue : parts[1].split(",")) {
          due.of(queue).announce();
        }
      }
    }
  }

  @Override
  public void close() throws SQLException {
    closed = true;
    threads.forEach(Thread::interrupt);
    Connection connection = heard;
    if (connection != null) {
      connection.abort(Runnable::run);
    }
  }
}
