package io.campaignroutes.audit;

import com.zaxxer.hikari.HikariDataSource;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A store with the audit tables only, on either database. */
final class TestStore implements Store, AutoCloseable {
  private final JdbcClient sql;
  private final TransactionTemplate transactions;
  private final DataSource source;
  private final boolean postgres;

  private TestStore(DataSource source, boolean postgres) {
    this.source = source;
    this.sql = JdbcClient.create(source);
    this.transactions = new TransactionTemplate(new JdbcTransactionManager(source));
    this.postgres = postgres;
  }

  static TestStore sqlite(Path file) {
    boolean fresh = !Files.exists(file);
    HikariDataSource source = new HikariDataSource();
    source.setJdbcUrl(
        "jdbc:sqlite:"
            + file
            + "?journal_mode=WAL&synchronous=NORMAL&transaction_mode=DEFERRED&busy_timeout=10000");
    source.setMaximumPoolSize(4);
    TestStore store = new TestStore(source, false);
    if (fresh) {
      store.migrate();
    }
    return store;
  }

  /** Begins with empty tables. */
  static TestStore postgres(DataSource source) {
    TestStore store = new TestStore(source, true);
    store
        .sql
        .sql(
            "drop table if exists store_state, audit_line, audit_head, audit_file,"
                + " audit_unwritten, audit_uncovered, audit_base, secret")
        .update();
    store.migrate();
    return store;
  }

  private void migrate() {
    for (String version : List.of("V2__audit.sql", "V8__store_state.sql", "V9__audit_files.sql")) {
      migrate(Path.of("src/main/resources/db/migration", version));
    }
    sql.sql(
            "create table audit_base (campaign_id varchar(64) primary key, seq bigint not null,"
                + " sha256 varchar(64) not null)")
        .update();
    sql.sql(
            "create table secret (name varchar(60) primary key, value text not null,"
                + " created_at bigint not null)")
        .update();
  }

  /** Makes the tables as they were before files had tables of their own. */
  void backToV2() {
    for (String table :
        List.of("audit_line", "audit_head", "audit_file", "audit_unwritten", "audit_uncovered")) {
      sql.sql("drop table " + table).update();
    }
    migrate(Path.of("src/main/resources/db/migration/V2__audit.sql"));
  }

  void toV9() {
    migrate(Path.of("src/main/resources/db/migration/V9__audit_files.sql"));
  }

  private void migrate(Path file) {
    try {
      String script = Files.readString(file).replaceAll("--[^\n]*", "");
      for (String statement : script.split(";")) {
        if (!statement.isBlank()) {
          sql.sql(statement).update();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public <T> T write(Function<Tx, T> work) {
    if (postgres) {
      return transactions.execute(
          status -> work.apply(new Tx(sql, new JdbcTemplate(source), now())));
    }
    synchronized (this) {
      return transactions.execute(
          status -> work.apply(new Tx(sql, new JdbcTemplate(source), now())));
    }
  }

  @Override
  public JdbcClient read() {
    return sql;
  }

  @Override
  public long now() {
    return System.currentTimeMillis();
  }

  @Override
  public String rowLock() {
    return "";
  }

  @Override
  public String claimLock() {
    return postgres ? " for update skip locked" : "";
  }

  @Override
  public void close() {
    if (source instanceof HikariDataSource pool) {
      pool.close();
    }
  }
}
