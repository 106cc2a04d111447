package io.campaignroutes;

import io.campaignroutes.store.SqliteLock;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The store of a service under test, and what befalls it; a folder on a small disk for SQLite. */
final class FaultStore implements AutoCloseable {
  private static final String DEADLOCK = "40P01";

  private final Path data;
  private final EmbeddedPostgres postgres;
  private final boolean mounted;

  private FaultStore(Path data, EmbeddedPostgres postgres, boolean mounted) {
    this.data = data;
    this.postgres = postgres;
    this.mounted = mounted;
  }

  /** A SQLite store on a file system of its own, where one can be mounted here. */
  static FaultStore sqlite(Path data, String size) throws IOException, InterruptedException {
    Files.createDirectories(data);
    return new FaultStore(data, null, mount(data, size));
  }

  /** A PostgreSQL that puts on disk what it says that it has. */
  static FaultStore postgres(Path data) throws IOException {
    Files.createDirectories(data);
    return new FaultStore(
        data,
        EmbeddedPostgres.builder().setServerConfig("synchronous_commit", "on").start(),
        false);
  }

  /** Mounts a small file system on a folder; false where that is not allowed. */
  static boolean mount(Path folder, String size) throws InterruptedException {
    try {
      return new ProcessBuilder(
                  "mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString())
              .inheritIO()
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // there is no such command
    }
  }

  /** The service's {@code DATA_DIR}. */
  Path data() {
    return data;
  }

  /** What makes a service use it. */
  Map<String, String> environment() {
    return postgres == null
        ? Map.of()
        : Map.of(
            "SPRING_DATASOURCE_URL",
            postgres.getJdbcUrl("postgres", "postgres"),
            "SPRING_DATASOURCE_USERNAME",
            "postgres");
  }

  /** Keeps everybody else from writing until it is closed. */
  AutoCloseable lock() throws SQLException {
    if (postgres == null) {
      return SqliteLock.of(data.resolve("store/campaign-routes.db"));
    }
    Connection other = DriverManager.getConnection(postgres.getJdbcUrl("postgres", "postgres"));
    other.setAutoCommit(false);
    while (!locks(other)) {
      other.rollback();
    }
    return () -> {
      other.rollback();
      other.close();
    };
  }

  /**
   * Whether it has got all tables; PostgreSQL may end it in favour of a transaction of the service.
   */
  private static boolean locks(Connection other) throws SQLException {
    try (Statement statement = other.createStatement()) {
      statement.execute("lock table campaign, delivery_line, pacing in access exclusive mode");
      return true;
    } catch (SQLException e) {
      if (DEADLOCK.equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }

  /** Whether its disk can be filled. */
  boolean canFill() {
    return mounted;
  }

  /** Fills its disk for a while. */
  void fillFor(long millis) throws IOException, InterruptedException {
    Path filler = data.resolve("filler");
    fill(filler);
    TimeUnit.MILLISECONDS.sleep(millis);
    fill(filler); // what was freed meanwhile
    TimeUnit.MILLISECONDS.sleep(500);
    Files.delete(filler);
  }

  /** Takes all room that is left. */
  static void fill(Path file) throws IOException {
    byte[] block = new byte[64 * 1024];
    for (int size = block.length; size >= 1; size /= 16) {
      try (OutputStream out =
          Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        while (true) {
          out.write(block, 0, size);
        }
      } catch (IOException e) {
        if (!String.valueOf(e.getMessage()).contains("No space left")) {
          throw e;
        }
      }
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    if (postgres != null) {
      postgres.close();
    }
    if (mounted) {
      new ProcessBuilder("umount", "-l", data.toString()).inheritIO().start().waitFor();
    }
  }
}
