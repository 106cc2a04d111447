package io.campaignroutes.store;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps the prepared statements of one connection that one thread uses. SQLite's driver compiles
 * the SQL at every {@code prepareStatement}, which cost a fifth of the writer's time; a statement
 * that is closed is kept here instead and used again, the {@value #MAX_IDLE} used last at the most:
 * a compiled statement takes memory outside of Java's.
 */
final class StatementCache {
  static final int MAX_IDLE = 200;

  /** Put in again at each use, so that the first is the one that was not used for longest. */
  private final Map<String, PreparedStatement> idle = new LinkedHashMap<>();

  private StatementCache() {}

  /** The connection, with {@code prepareStatement(sql)} answered from the cache. */
  static Connection around(Connection connection) {
    StatementCache cache = new StatementCache();
    return proxy(
        Connection.class,
        (self, method, args) ->
            method.getName().equals("prepareStatement") && args.length == 1
                ? cache.take(connection, (String) args[0])
                : invoke(method, connection, args));
  }

  private PreparedStatement take(Connection connection, String sql) throws SQLException {
    PreparedStatement kept = idle.remove(sql);
    PreparedStatement statement = kept != null ? kept : connection.prepareStatement(sql);
    return proxy(
        PreparedStatement.class,
        (self, method, args) -> {
          if (!method.getName().equals("close")) {
            return invoke(method, statement, args);
          }
          keep(sql, statement);
          return null;
        });
  }

  private void keep(String sql, PreparedStatement statement) throws SQLException {
    if (idle.get(sql) == statement) {
      return; // closed twice
    }
    statement.clearBatch(); // rows of a batch that was not sent
    statement.clearParameters();
    PreparedStatement other = idle.put(sql, statement);
    if (other != null) {
      other.close(); // two of the same were open at once
    }
    if (idle.size() > MAX_IDLE) {
      var longestUnused = idle.values().iterator();
      PreparedStatement one = longestUnused.next();
      longestUnused.remove();
      one.close();
    }
  }

  @SuppressWarnings("unchecked")
  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
  }

  private static Object invoke(Method method, Object target, Object[] args) throws Throwable {
    try {
      return method.invoke(target, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
