package io.campaignroutes.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatementCacheTest {
  private final Set<PreparedStatement> compiled = new HashSet<>();
  private Connection sqlite;
  private Connection cached;

  @BeforeEach
  void open() throws SQLException {
    sqlite = DriverManager.getConnection("jdbc:sqlite::memory:");
    sqlite.createStatement().executeUpdate("create table t (x integer)");
    Connection counting =
        (Connection)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Connection.class},
                (self, method, args) -> {
                  Object result = method.invoke(sqlite, args);
                  if (result instanceof PreparedStatement statement) {
                    compiled.add(statement);
                  }
                  return result;
                });
    cached = StatementCache.around(counting);
  }

  @AfterEach
  void close() throws SQLException {
    sqlite.close();
  }

  @Test
  void itKeepsNoMoreThanTheStatementsThatWereUsedLast() throws SQLException {
    for (int i = 0; i < 1_000; i++) {
      use("select " + i);
      use("select 'again and again'");
    }
    assertThat(open(compiled)).isEqualTo(StatementCache.MAX_IDLE);
    int before = compiled.size();
    use("select 'again and again'");
    use("select 999");
    assertThat(compiled).hasSize(before);
    use("select 0");
    assertThat(compiled).hasSize(before + 1);
  }

  @Test
  void rowsOfABatchThatWasNotSentAreNotTheNextUsersRows() throws SQLException {
    String insert = "insert into t (x) values (?)";
    try (PreparedStatement broken = cached.prepareStatement(insert)) {
      broken.setInt(1, 1);
      broken.addBatch();
    }
    try (PreparedStatement next = cached.prepareStatement(insert)) {
      next.setInt(1, 2);
      next.addBatch();
      assertThat(next.executeBatch()).hasSize(1);
    }
    try (PreparedStatement all = cached.prepareStatement("select group_concat(x) from t");
        ResultSet rows = all.executeQuery()) {
      assertThat(rows.getString(1)).isEqualTo("2");
    }
    assertThat(compiled).hasSize(2);
  }

  private void use(String sql) throws SQLException {
    try (PreparedStatement statement = cached.prepareStatement(sql);
        ResultSet row = statement.executeQuery()) {
      assertThat(row.next()).isTrue();
    }
  }

  private static long open(Set<PreparedStatement> statements) throws SQLException {
    long open = 0;
    for (PreparedStatement statement : statements) {
      open += statement.isClosed() ? 0 : 1;
    }
    return open;
  }
}
