package io.campaignroutes.campaign;

import io.campaignroutes.compliance.GivenRates;
import io.campaignroutes.store.InList;
import io.campaignroutes.store.Tx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
   * What those have been given who dial for agents of a pool and have no figures yet.
   *
   * @param agents those at work in it: {@link SharedAgents#keys}
   * @param but its own rate does not count; null for none
   */
  static GivenRates given(JdbcClient sql, String poolId, Set<String> agents, String but) {
    double given = sum(sql, poolId, but);
    if (paced(sql, poolId, but)) {
      return new GivenRates(given, 0);
    }
    List<String> paced = new ArrayList<>();
    for (SharedAgents.Other other : SharedAgents.others(sql, poolId, agents)) {
      given += other.share() * sum(sql, other.poolId(), null);
      if (paced(sql, other.poolId(), null)) {
        paced.add(other.poolId());
      }
    }
    double taken = SharedAgents.alsoIn(sql, agents, paced).size();
    return new GivenRates(given, 1 - taken / Math.max(1, agents.size()));
  }

  /** Whether campaigns dial for a pool by its decisions. */
  private static boolean paced(JdbcClient sql, String poolId, String but) {
    return !sql.sql(
            """
            select 1 from campaign c
            where c.stage = 'ACTIVE' and c.pool_id = ? and c.held = 0 and c.id <> ?
              and (c.first_rate is null
                or c.first_rate = 0 and c.command is null) -- has had its first turn
              and exists (select 1 from pacing p
                where p.campaign_id = c.id and p.due_at is not null)
            limit 1\
            """)
        .params(poolId, but == null ? "" : but)
        .query(Integer.class)
        .list()
        .isEmpty();
  }

  private static double sum(JdbcClient sql, String poolId, String but) {
    return sql.sql(
            "select coalesce(sum(first_rate), 0) from campaign where pool_id = ? and id <> ? and "
                + GIVEN)
        .params(poolId, but == null ? "" : but)
        .query(Double.class)
        .single();
  }

  /** Whether a campaign found no room in its pool, and waits for a turn. */
  public static boolean waits(JdbcClient sql, String id) {
    return sql.sql("select count(*) from campaign where id = ? and first_rate = 0")
            .param(id)
            .query(Long.class)
            .single()
        > 0;
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
