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

  /** Who is paused has what it was given only while it is about to dial again. */
  private static final String GIVEN =
      "first_rate is not null and (stage <> 'PAUSED' or command = 'RESUME')";

  /**
   * Those of campaigns of a pool that have no figures yet, together, in calls a second; infinite
   * where others dial for its agents by their figures, for what these leave to whoever joins them
   * is the pool's next decision.
   *
   * @param but its own rate does not count; null for none
   */
  static double given(JdbcClient sql, String poolId, String but) {
    String other = but == null ? "" : but;
    boolean paced =
        sql.sql(
                    "select count(*) from pacing p join campaign c on c.id = p.campaign_id"
                        + " where p.pool_id = ? and p.due_at is not null and c.stage = 'ACTIVE'"
                        + " and c.held = 0 and c.first_rate is null and c.id <> ?")
                .params(poolId, other)
                .query(Long.class)
                .single()
            > 0;
    return paced
        ? Double.POSITIVE_INFINITY
        : sql.sql(
                "select coalesce(sum(first_rate), 0) from campaign where pool_id = ? and id <> ?"
                    + " and "
                    + GIVEN)
            .params(poolId, other)
            .query(Double.class)
            .single();
  }

  /**
   * Those of campaigns that do not run yet, together, in calls a second by pool; none for pools
   * without any.
   *
   * @param but its own rate does not count; null for none
   */
  public static Map<String, Double> toBegin(
      JdbcClient sql, Collection<String> poolIds, String but) {
    Map<String, Double> given = new HashMap<>();
    if (!poolIds.isEmpty()) {
      sql.sql(
              "select pool_id, sum(first_rate) from campaign where pool_id in (:ids)"
                  + " and stage <> 'ACTIVE' and id <> :but and "
                  + GIVEN
                  + " group by pool_id")
          .param("ids", InList.of(poolIds))
          .param("but", but == null ? "" : but)
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
