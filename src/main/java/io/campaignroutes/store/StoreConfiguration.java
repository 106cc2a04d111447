package io.campaignroutes.store;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.jdbc.DataSourceProperties;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;

/** Chooses the store by the JDBC URL: a SQLite file of this process, or PostgreSQL. */
@Configuration(proxyBeanMethods = false)
class StoreConfiguration {
  private static final String SQLITE = "jdbc:sqlite:";

  /** The connections, with the folder of an embedded store made and locked first. */
  @Bean
  @ConfigurationProperties("spring.datasource.hikari")
  HikariDataSource dataSource(DataSourceProperties properties, EmbeddedStoreLock lock) {
    lock.take(properties.determineUrl());
    return properties.initializeDataSourceBuilder().type(HikariDataSource.class).build();
  }

  @Bean
  EmbeddedStoreLock embeddedStoreLock() {
    return new EmbeddedStoreLock();
  }

  /** Made once the migrations have run. */
  @Bean
  @DependsOn("flywayInitializer")
  Store store(DataSource source, DataSourceProperties properties) {
    return of(source, properties.determineUrl());
  }

  /** The store behind a JDBC URL; the tables must be there. */
  static Store of(DataSource source, String url) {
    return url.startsWith(SQLITE) ? new SqliteStore(source) : new PostgresStore(source);
  }

  /**
   * Keeps a second process off an embedded store: two of them would each take the other's claims
   * for leftovers of a crash. The operating system drops the lock when the process dies, however.
   */
  static final class EmbeddedStoreLock implements AutoCloseable {
    private FileChannel channel;

    /**
     * Locks the folder of a SQLite URL; does nothing for any other.
     *
     * @throws IllegalStateException when another process has the store, or the folder cannot be
     *     made
     */
    void take(String url) {
      if (!url.startsWith(SQLITE) || url.startsWith(SQLITE + ":memory:")) {
        return;
      }
      Path file =
          Path.of(url.substring(SQLITE.length()).replaceFirst("^file:", "").split("\\?")[0]);
      Path folder = file.toAbsolutePath().getParent();
      try {
        Files.createDirectories(folder);
        channel =
            FileChannel.open(
                folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = channel.tryLock();
        if (held == null) {
          throw new IllegalStateException(
              "Another process uses the store in "
                  + folder
                  + ". Stop it, give this one another DATA_DIR, or let both share a PostgreSQL by"
                  + " SPRING_DATASOURCE_URL.");
        }
      } catch (IOException e) {
        throw new IllegalStateException(
            "The folder of the store, " + folder + ", cannot be made or locked: " + e.getMessage(),
            e);
      }
    }

    @Override
    public void close() throws IOException {
      if (channel != null) {
        channel.close();
      }
    }
  }
}
