package io.campaignroutes.store;

import java.sql.SQLException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;

/** Tells what ails PostgreSQL, or keeps its rows locked, from mistakes in a statement. */
final class PostgresErrors implements SQLExceptionTranslator {
  private final Outage outage;
  private final Outage waits;
  private final SQLExceptionTranslator others = new SQLStateSQLExceptionTranslator();

  /**
   * @param outage told of what makes the store unusable
   * @param waits told of statements that have met a time limit
   */
  PostgresErrors(Outage outage, Outage waits) {
    this.outage = outage;
    this.waits = waits;
  }

  @Override
  public DataAccessException translate(String task, String sql, SQLException e) {
    if (unusable(e)) {
      outage.failed(why(e));
    } else if (late(e)) {
      waits.failed(why(e));
    } else {
      return others.translate(task, sql, e);
    }
    return StoreUnavailableException.perhapsChanged(why(e), e);
  }

  /** No connection, no room, no right to write: nobody can use the store. */
  static boolean unusable(SQLException e) {
    String state = state(e);
    return state.startsWith("08") // connection
        || state.startsWith("28") // user
        || state.startsWith("53") // disk full, out of memory, too many connections
        || state.startsWith("57P") // shutdown, start
        || state.startsWith("58") // input and output
        || state.startsWith("XX")
        || state.equals("25006") // a standby
        || state.equals("3D000"); // no such database
  }

  /** A time limit, a deadlock: this transaction is over, others may do. */
  private static boolean late(SQLException e) {
    String state = state(e);
    return state.equals("55P03")
        || state.equals("57014")
        || state.equals("25P03")
        || state.equals("25P04")
        || state.startsWith("40");
  }

  /** Whether a commit that failed like this has certainly left nothing: PostgreSQL said so. */
  static boolean certain(SQLException e) {
    String state = state(e);
    return !state.isEmpty()
        && !state.startsWith("08")
        && !state.startsWith("57P")
        && !state.equals("40003");
  }

  static String why(SQLException e) {
    String message =
        e.getMessage() == null ? e.toString() : e.getMessage().lines().findFirst().orElse("");
    return "PostgreSQL: " + message;
  }

  /** What keeps the service from its store at the start, and which setting to look at. */
  static String atStart(SQLException e) {
    String state = state(e);
    String setting =
        state.startsWith("28")
            ? "SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD"
            : "SPRING_DATASOURCE_URL";
    String why = why(e);
    return "The store cannot be opened. %s%s Check %s."
        .formatted(why, why.endsWith(".") ? "" : ".", setting);
  }

  private static String state(SQLException e) {
    return e.getSQLState() == null ? "" : e.getSQLState();
  }
}
