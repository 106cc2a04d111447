package io.campaignroutes.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.flyway.FlywayMigrationStrategy;
import org.springframework.stereotype.Component;

/**
 * Runs the migrations, unless a newer program has been here and has left a mark that this one must
 * not use the store any more. What the mark says stands in {@code V8__store_state.sql}.
 */
@Component
class SchemaVersion implements FlywayMigrationStrategy {
  private static final Logger LOG = LoggerFactory.getLogger(SchemaVersion.class);

  @Override
  public void migrate(Flyway flyway) {
    MigrationInfo[] all = flyway.info().all();
    int known = newest(Arrays.stream(all).filter(one -> one.getState().isResolved()));
    int applied = newest(Arrays.stream(all).filter(one -> one.getState().isApplied()));
    if (applied <= known) {
      flyway.migrate();
      return;
    }
    int needs = needs(flyway).orElse(0);
    if (needs > known) {
      throw new StartRefusedException(
          "The store was made by a newer version of the service: its schema is "
              + applied
              + " and wants a program that knows schema "
              + needs
              + ", this one knows schema "
              + known
              + ". Start the newer version, or put a copy of the store back that was made before the"
              + " newer one ran.");
    }
    LOG.info(
        "The store's schema is {}, made by a newer version of the service. This one knows schema {},"
            + " which is enough for it.",
        applied,
        known);
  }

  private static int newest(Stream<MigrationInfo> migrations) {
    return migrations
        .filter(one -> one.getVersion() != null)
        .mapToInt(one -> one.getVersion().getMajor().intValue())
        .max()
        .orElse(0);
  }

  private static OptionalInt needs(Flyway flyway) {
    try (Connection connection = flyway.getConfiguration().getDataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("select value from store_state where name = 'NEEDS'")) {
      return row.next() ? OptionalInt.of(row.getInt(1)) : OptionalInt.empty();
    } catch (SQLException e) {
      throw new StartRefusedException(
          "The store was made by a newer version of the service and does not say whether this one"
              + " may use it: "
              + e.getMessage());
    }
  }
}
