package io.campaignroutes.store;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.flyway.FlywayDataSource;
import org.springframework.boot.autoconfigure.jdbc.DataSourceProperties;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/** Chooses the store by the JDBC URL: a SQLite file of this process, or PostgreSQL. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StoreProperties.class)
class StoreConfiguration {
  private static final String SQLITE = "jdbc:sqlite:";

  /** The writer and readers; each costs memory of its own. */
  private static final int SQLITE_CONNECTIONS = 8;

  /** The connections, with the folder of an embedded store made and locked first. */
  @Bean
  @ConfigurationProperties("spring.datasource.hikari")
  HikariDataSource dataSource(
      DataSourceProperties properties, StoreProperties limits, EmbeddedStoreLock lock) {
    lock.take(properties.determineUrl());
    HikariDataSource pool =
        properties.initializeDataSourceBuilder().type(HikariDataSource.class).build();
    limit(pool, limits);
    return pool;
  }

  /** Connections without the time limits: a migration may take as long as it must. */
  @Bean(defaultCandidate = false)
  @FlywayDataSource
  DataSource migrations(DataSourceProperties properties, EmbeddedStoreLock lock) {
    String url = properties.determineUrl();
    lock.take(url);
    DataSource source =
        properties.initializeDataSourceBuilder().type(SimpleDriverDataSource.class).build();
    reach(source, url);
    return source;
  }

  /**
   * Opens the store once, before anything else does.
   *
   * @throws StartRefusedException when that fails, in words for an operator
   */
  static void reach(DataSource source, String url) {
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        // the first page of a SQLite file tells what it is
        statement.execute(sqlite(url) ? "select count(*) from sqlite_master" : "select 1");
      }
      connection.rollback();
    } catch (SQLException e) {
      throw new StartRefusedException(
          sqlite(url)
              ? new SqliteErrors(SqliteFiles.of(url), null).atStart(e)
              : PostgresErrors.atStart(e));
    }
  }

  @Bean
  EmbeddedStoreLock embeddedStoreLock() {
    return new EmbeddedStoreLock();
  }

  /** Made once the migrations have run. */
  @Bean
  @DependsOn("flywayInitializer")
  Store store(
      HikariDataSource pool,
      DataSourceProperties properties,
      StoreProperties limits,
      EmbeddedStoreLock lock) {
    String url = properties.determineUrl();
    return of(pool, url, limits, () -> lock.take(url));
  }

  /** The store behind a pool that has its limits; the tables must be there. */
  static Store of(HikariDataSource pool, String url, StoreProperties limits, Runnable lock) {
    return sqlite(url)
        ? new SqliteStore(
            pool, url, SqliteFiles.of(url), limits.maxWait(), lock, System::currentTimeMillis)
        : new PostgresStore(pool, limits, PostgresStore.NOW).shared();
  }

  private static boolean sqlite(String url) {
    return url.startsWith(SQLITE);
  }

  /** Gives every connection its limits, whatever its URL is; what the URL says itself stays. */
  static void limit(HikariDataSource pool, StoreProperties limits) {
    pool.setConnectionTimeout(limits.maxWait().toMillis());
    if (sqlite(pool.getJdbcUrl())) {
      pool.setMaximumPoolSize(SQLITE_CONNECTIONS);
      pool.addDataSourceProperty("open_mode", SqliteStore.EXISTING);
      pool.addDataSourceProperty("temp_store", "MEMORY"); // a sort needs no room on a full disk
      pool.setAllowPoolSuspension(true);
      pool.setMaxLifetime(0);
      return;
    }
    pool.setMaximumPoolSize(limits.connections());
    pool.addDataSourceProperty("tcpKeepAlive", "true");
    pool.addDataSourceProperty("connectTimeout", seconds(limits.connectTimeout()));
    pool.addDataSourceProperty("socketTimeout", seconds(limits.socketTimeout()));
    pool.setConnectionInitSql(
        "set lock_timeout = %d; set statement_timeout = %d; set idle_in_transaction_session_timeout = %d"
            .formatted(
                limits.lockTimeout().toMillis(),
                limits.statementTimeout().toMillis(),
                limits.idleTimeout().toMillis()));
  }

  private static String seconds(Duration duration) {
    return Long.toString(Math.max(1, duration.toSeconds()));
  }

  /**
   * Keeps a second process off an embedded store: two of them would each take the other's claims
   * for leftovers of a crash. The operating system drops the lock when the process dies, however.
   */
  static final class EmbeddedStoreLock implements AutoCloseable {
    private static final FileAttribute<?> OWNER_ONLY =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private FileChannel channel;
    private Object locked;

    /**
     * Makes and locks the folder of a SQLite URL, unless this process has it locked, and makes the
     * file; does nothing for any other URL.
     *
     * @throws StartRefusedException when another process has the store, or the folder cannot be
     *     made
     */
    synchronized void take(String url) {
      Path file = sqlite(url) ? SqliteFiles.of(url) : null;
      if (file == null) {
        return;
      }
      Path folder = file.getParent();
      Path lock = folder.resolve(".lock");
      boolean starting = channel == null;
      try {
        make(folder);
        if (channel == null || !Files.exists(lock) || !key(lock).equals(locked)) {
          close();
          channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          locked = key(lock);
          if (channel.tryLock() == null) {
            throw new StartRefusedException(
                "Another process uses the store in "
                    + folder
                    + ". Stop it, give this one another DATA_DIR, or let both share a PostgreSQL by"
                    + " SPRING_DATASOURCE_URL.");
          }
        }
        if (starting && !Files.exists(file)) {
          refuseToLose(file);
          Files.createFile(file); // connections open a file that is there
        }
      } catch (IOException e) {
        throw new StartRefusedException(
            "The folder of the store, "
                + folder
                + ", cannot be made or locked"
                + because(e)
                + ". Correct that, or give the service another DATA_DIR.");
      }
    }

    /** For nobody else on the machine: secrets and what campaigns ask for are in it. */
    private static void make(Path folder) throws IOException {
      boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
      if (posix && !Files.exists(folder)) {
        Files.createDirectories(folder.toAbsolutePath().getParent());
        Files.createDirectory(folder, OWNER_ONLY);
      } else {
        Files.createDirectories(folder);
      }
    }

    private static String because(IOException e) {
      String file = e instanceof FileSystemException where ? where.getFile() : null;
      if (e instanceof AccessDeniedException) {
        return ": it may not write " + file;
      }
      if (e instanceof FileAlreadyExistsException) {
        return ": " + file + " is a file";
      }
      String reason = e instanceof FileSystemException where ? where.getReason() : e.getMessage();
      return (file == null ? "" : ": " + file) + (reason == null ? "" : ": " + reason);
    }

    /** An empty store must not be begun where an old one was left. */
    private static void refuseToLose(Path file) throws IOException {
      try (Stream<Path> all = Files.list(file.getParent())) {
        String rest = file.getFileName() + "(-wal|\\.kept-.*)";
        Optional<Path> left =
            all.filter(one -> one.getFileName().toString().matches(rest)).findFirst();
        if (left.isPresent()) {
          throw new StartRefusedException(
              "There is no store file "
                  + file
                  + ", but what is left of one: "
                  + left.get()
                  + ". Put the store back (a .kept- file is a whole one, to be renamed), or move that"
                  + " away to begin with an empty store.");
        }
      }
    }

    private static Object key(Path file) throws IOException {
      Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      return key == null ? file : key;
    }

    @Override
    public void close() throws IOException {
      if (channel != null) {
        channel.close();
      }
    }
  }
}
