package io.campaignroutes.campaign;

import io.campaignroutes.store.InList;
import io.campaignroutes.store.Tx;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The rates that campaigns have been given to begin with, until there are figures of them: what
 * others of their pool must leave to them.
 */
public final class FirstRates {
  private FirstRates() {}

  /**
   * Those of campaigns of a pool that have no figures yet, together, in calls a second.
   *
   * @param but its own rate does not count; null for none
   */
  static double given(JdbcClient sql, String poolId, String but) {
    return sql.sql(
            "select coalesce(sum(first_rate), 0) from campaign where pool_id = ? and first_rate is"
                + " not null and id <> ?")
        .params(poolId, but == null ? "" : but)
        .query(Double.class)
        .single();
  }

  /**
   * Those of campaigns that do not run yet, together, in calls a second by pool; none for pools
   * without any.
   */
  public static Map<String, Double> toBegin(JdbcClient sql, Collection<String> poolIds) {
    Map<String, Double> given = new HashMap<>();
    if (!poolIds.isEmpty()) {
      sql.sql(
              "select pool_id, sum(first_rate) from campaign where pool_id in (:ids)"
                  + " and first_rate is not null and stage not in ('ACTIVE', 'PAUSED')"
                  + " group by pool_id")
          .param("ids", InList.of(poolIds))
          .query((RowCallbackHandler) row -> given.put(row.getString(1), row.getDouble(2)));
    }
    return given;
  }

  /** A campaign is about to dial again, and has been given a rate to begin with. */
  public static void give(Tx tx, String id, double rate) {
    tx.sql()
        .sql("update campaign set first_rate = ? where id = ? and ended = 0")
        .params(rate, id)
        .update();
  }

  /** There are figures of a campaign: its pacing goes by them, and no longer by its first rate. */
  public static void forget(Tx tx, String id) {
    tx.sql()
        .sql("update campaign set first_rate = null where id = ? and first_rate is not null")
        .param(id)
        .update();
  }
}
