package io.campaignroutes.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;

/** The lock that whoever writes into a SQLite file has, in the hands of another program. */
public final class SqliteLock {
  private SqliteLock() {}

  /** Takes it as soon as nobody has it; it is released when this is closed. */
  public static AutoCloseable of(Path file) throws SQLException {
    Connection other = DriverManager.getConnection("jdbc:sqlite:" + file + "?busy_timeout=0");
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (true) { // without a pause: the store may have it again a moment later
      try (Statement statement = other.createStatement()) {
        statement.execute("begin immediate");
        return other;
      } catch (SQLException e) {
        if (System.nanoTime() - end > 0) {
          other.close();
          throw e;
        }
      }
    }
  }
}
