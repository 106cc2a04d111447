package io.campaignroutes.store;

import java.sql.ResultSet;
import java.sql.SQLException;

/** Columns that may be empty. */
public final class Rows {
  private Rows() {}

  /** A whole number; null where there is none. */
  public static Long number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : (Long) value;
  }

  /** A small one; null where there is none. */
  public static Integer integer(ResultSet row, String column) throws SQLException {
    int value = row.getInt(column);
    return row.wasNull() ? null : (Integer) value;
  }
}
