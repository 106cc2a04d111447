package io.campaignroutes.store;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Stores for tests, with the tables that the migrations make and nothing in them. PostgreSQL is one
 * server for all tests of a JVM; who opens a store on it begins with empty tables.
 */
public final class TestStores {
  static final StoreProperties LIMITS =
      new Binder(new MapConfigurationPropertySource()).bindOrCreate("store", StoreProperties.class);

  private static byte[] migratedFile;
  private static EmbeddedPostgres server;
  private static JdbcClient emptier; // one connection, which knows the tables by then
  private static String empty;

  private TestStores() {}

  /** The limits that a service without settings has, but for these. */
  static StoreProperties limits(Duration maxWait, Duration lock, Duration idle) {
    return new StoreProperties(
        maxWait,
        LIMITS.connections(),
        LIMITS.connectTimeout(),
        lock,
        LIMITS.statementTimeout(),
        LIMITS.transactionTimeout(),
        idle,
        LIMITS.socketTimeout(),
        LIMITS.goneAfter());
  }

  /**
   * A store that is open, and the connections behind it.
   *
   * @param clock sets the store's clock to so many milliseconds ahead of the real one
   */
  public record Opened(Store store, DataSource source, LongConsumer clock)
      implements AutoCloseable {
    HikariDataSource pool() {
      return (HikariDataSource) source;
    }

    @Override
    public void close() {
      try {
        if (store instanceof SqliteStore sqlite) {
          sqlite.close();
        }
        if (source instanceof HikariDataSource pool) {
          pool.close();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The store in this file, which is made when it is not there. */
  public static Opened sqlite(Path file) {
    return sqlite(file, LIMITS.maxWait());
  }

  /** The same with callers who wait no longer than this for their turn. */
  static Opened sqlite(Path file, Duration maxWait) {
    AtomicLong ahead = new AtomicLong();
    LongSupplier wall = () -> System.currentTimeMillis() + ahead.get();
    return sqlite(file, maxWait, wall, new HikariDataSource(), ahead::set);
  }

  /**
   * The same with a clock of its own.
   *
   * @param fails whether a commit ends with an error of input and output, and leaves nothing
   */
  static Opened sqlite(Path file, Duration maxWait, LongSupplier wall, BooleanSupplier fails) {
    return sqlite(file, maxWait, wall, new FailingPool(fails), ahead -> {});
  }

  private static Opened sqlite(
      Path file, Duration maxWait, LongSupplier wall, HikariDataSource empty, LongConsumer clock) {
    try {
      if (!Files.exists(file)) {
        Files.write(file, migratedFile(file.resolveSibling("template.db")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String url =
        "jdbc:sqlite:"
            + file
            + "?journal_mode=WAL&synchronous=FULL&transaction_mode=DEFERRED&busy_timeout=3000"
            + "&foreign_keys=true";
    HikariDataSource pool =
        pool(empty, url, "", limits(maxWait, LIMITS.lockTimeout(), LIMITS.idleTimeout()));
    return new Opened(new SqliteStore(pool, url, file, maxWait, () -> {}, wall), pool, clock);
  }

  /** Connections of which a commit may fail. */
  private static final class FailingPool extends HikariDataSource {
    private final BooleanSupplier fails;

    FailingPool(BooleanSupplier fails) {
      this.fails = fails;
    }

    @Override
    public Connection getConnection() throws SQLException {
      return (Connection)
          Proxy.newProxyInstance(
              Connection.class.getClassLoader(),
              new Class<?>[] {Connection.class},
              new Failing(super.getConnection(), fails));
    }

    @Override
    public void evictConnection(Connection connection) {
      super.evictConnection(((Failing) Proxy.getInvocationHandler(connection)).real());
    }
  }

  private record Failing(Connection real, BooleanSupplier fails) implements InvocationHandler {
    @Override
    public Object invoke(Object proxy, Method method, Object[] values) throws Throwable {
      if (method.getName().equals("commit") && fails.getAsBoolean()) {
        real.rollback();
        throw new SQLiteException("disk I/O error", SQLiteErrorCode.SQLITE_IOERR);
      }
      try {
        return method.invoke(real, values);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }

  /** A store on PostgreSQL with empty tables. */
  public static Opened postgres() {
    return postgres("");
  }

  /** The same with more parameters of the driver, such as {@code &name=value}. */
  public static Opened postgres(String parameters) {
    return postgres(parameters, LIMITS);
  }

  /** The same with limits of its own. */
  static synchronized Opened postgres(String parameters, StoreProperties limits) {
    try {
      if (server == null) {
        server =
            EmbeddedPostgres.builder()
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("fsync", "off") // no test takes the machine's power away
                .setServerConfig("max_connections", "60")
                .start();
        migrate(server.getPostgresDatabase());
        JdbcClient.create(server.getPostgresDatabase())
            .sql("create schema test create table clock (ahead bigint)")
            .update();
        emptier =
            JdbcClient.create(
                new SingleConnectionDataSource(server.getPostgresDatabase().getConnection(), true));
        empty = emptying(emptier);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    emptier.sql(empty).update();
    return replica(parameters, limits);
  }

  /** Text that empties all tables, foreign keys aside; truncate makes new files of each. */
  private static String emptying(JdbcClient sql) {
    List<String> tables =
        sql.sql(
                "select tablename from pg_tables where schemaname = 'public' and tablename not in"
                    + " ('flyway_schema_history', 'store_state')")
            .query(String.class)
            .list();
    StringBuilder empty = new StringBuilder("set local session_replication_role = replica;");
    tables.forEach(table -> empty.append("delete from ").append(table).append(';'));
    return empty.append("delete from test.clock; insert into test.clock values (0)").toString();
  }

  /** One more process on PostgreSQL, with the tables as they are. */
  static Opened replica(String parameters) {
    return replica(parameters, LIMITS);
  }

  private static Opened replica(String parameters, StoreProperties limits) {
    HikariDataSource pool =
        pool(server.getJdbcUrl("postgres", "postgres") + parameters, "postgres", limits);
    JdbcClient sql = JdbcClient.create(pool);
    return new Opened(
        new PostgresStore(pool, limits, PostgresStore.NOW + " + (select ahead from test.clock)"),
        pool,
        ahead -> sql.sql("update test.clock set ahead = ?").param(ahead).update());
  }

  /** The same store, which takes nothing but commands while {@code full}, as on a full disk. */
  public static Opened full(Opened opened, BooleanSupplier full) {
    return with(
        opened,
        (real, method, values) -> {
          boolean commanded =
              values != null && values.length == 2 && Boolean.TRUE.equals(values[1]);
          if (method.getName().equals("write") && !commanded && full.getAsBoolean()) {
            throw StoreUnavailableException.nothingChanged("The disk is full.", null);
          }
          if (method.getName().equals("ailment") && full.getAsBoolean()) {
            return "The disk is full.";
          }
          return method.invoke(real, values);
        });
  }

  /**
   * The same store, which can be neither read nor written, nor tell the time, while {@code gone}.
   */
  public static Opened gone(Opened opened, BooleanSupplier gone) {
    return with(
        opened,
        (real, method, values) -> {
          boolean uses = Set.of("write", "read", "now", "nearlyNow").contains(method.getName());
          if (uses && gone.getAsBoolean()) {
            throw StoreUnavailableException.nothingChanged("The store is gone.", null);
          }
          if (method.getName().equals("ailment") && gone.getAsBoolean()) {
            return "The store is gone.";
          }
          return method.invoke(real, values);
        });
  }

  /** The same store, of which the answer to the next write gets lost once {@code lost} is set. */
  public static Opened losing(Opened opened, AtomicBoolean lost) {
    return with(
        opened,
        (real, method, values) -> {
          Object answer = method.invoke(real, values);
          if (method.getName().equals("write") && lost.getAndSet(false)) {
            throw StoreUnavailableException.perhapsChanged("The answer was lost.", null);
          }
          return answer;
        });
  }

  private static Opened with(Opened opened, InvocationHandler trouble) {
    Store real = opened.store();
    Store store =
        (Store)
            Proxy.newProxyInstance(
                Store.class.getClassLoader(),
                new Class<?>[] {Store.class},
                (proxy, method, values) -> {
                  try {
                    return trouble.invoke(real, method, values);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    return new Opened(store, opened.source(), opened.clock());
  }

  /** Runs the migrations; returns how many were still to be run. */
  static int migrate(DataSource source) {
    return Flyway.configure()
        .dataSource(source)
        .locations("classpath:db/migration")
        .load()
        .migrate()
        .migrationsExecuted;
  }

  private static HikariDataSource pool(String url, String user, StoreProperties limits) {
    return pool(new HikariDataSource(), url, user, limits);
  }

  private static HikariDataSource pool(
      HikariDataSource pool, String url, String user, StoreProperties limits) {
    pool.setJdbcUrl(url);
    pool.setUsername(user);
    StoreConfiguration.limit(pool, limits);
    pool.setMaximumPoolSize(16);
    pool.setMinimumIdle(1);
    return pool;
  }

  private static synchronized byte[] migratedFile(Path template) throws IOException {
    if (migratedFile == null) {
      try (HikariDataSource pool = new HikariDataSource()) {
        pool.setJdbcUrl("jdbc:sqlite:" + template);
        migrate(pool);
      }
      migratedFile = Files.readAllBytes(template);
    }
    return migratedFile;
  }

  /**
   * Runs all of it at the same instant, each in a thread of its own, and returns what came of it.
   */
  public static <T> List<T> atOnce(List<Callable<T>> works) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(works.size());
    try {
      CyclicBarrier start = new CyclicBarrier(works.size());
      List<Future<T>> running = new ArrayList<>();
      for (Callable<T> work : works) {
        running.add(
            threads.submit(
                () -> {
                  start.await();
                  return work.call();
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> one : running) {
        results.add(one.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception failure ? failure : e;
    } finally {
      threads.shutdownNow();
    }
  }

  /** The same work in {@code threads} threads at the same instant. */
  public static <T> List<T> atOnce(int threads, Callable<T> work) throws Exception {
    List<Callable<T>> works = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      works.add(work);
    }
    return atOnce(works);
  }
}
