package io.campaignroutes.campaign;

import io.campaignroutes.shared.Hashes;
import io.campaignroutes.store.InList;
import io.campaignroutes.store.Tx;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Which agent pools have the same agents at work, as each was last looked at: what pools dial for
 * agents in common is one thing, whoever runs them.
 */
public final class SharedAgents {
  /** Hex digits of a hash that tell one agent from all others. */
  private static final int DIGITS = 20;

  /** Agents of a pool that are looked for in others; it bounds a statement. */
  private static final int MAX_LOOKED_FOR = 8_192;

  private SharedAgents() {}

  /** What tells agents from others, of CXone's ids of them. */
  public static Set<String> keys(Collection<String> ids) {
    return ids.stream()
        .map(id -> Hashes.sha256(id).substring(0, DIGITS))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Notes who is at work in a pool, by their keys. */
  public static void keep(Tx tx, String poolId, Set<String> agents) {
    tx.sql().sql("delete from pool_agent where pool_id = ?").param(poolId).update();
    tx.jdbc()
        .batchUpdate(
            "insert into pool_agent (pool_id, agent) values (?, ?) on conflict do nothing",
            agents.stream().sorted().map(agent -> new Object[] {poolId, agent}).toList());
  }

  /** Whether it is known who is at work in a pool. */
  static boolean known(JdbcClient sql, String poolId) {
    return !sql.sql("select 1 from pool_agent where pool_id = ? limit 1")
        .param(poolId)
        .query(Integer.class)
        .list()
        .isEmpty();
  }

  /**
   * A pool that has agents of another.
   *
   * @param common how many of them
   * @param agents how many it has in all
   */
  record Other(String poolId, int common, int agents) {
    /** Share of what it brings to its agents that comes to those in common. */
    double share() {
      return (double) common / Math.max(1, agents);
    }
  }

  /** The pools that have some of these agents at work too, in the order of their ids. */
  static List<Other> others(JdbcClient sql, String poolId, Set<String> agents) {
    return agents.isEmpty()
        ? List.of()
        : sql.sql(
                """
                select o.pool_id, count(*), (select count(*) from pool_agent a
                  where a.pool_id = o.pool_id)
                from pool_agent o where o.agent in (:agents) and o.pool_id <> :pool
                group by o.pool_id order by o.pool_id\
                """)
            .param("agents", lookedFor(agents))
            .param("pool", poolId)
            .query((row, n) -> new Other(row.getString(1), row.getInt(2), row.getInt(3)))
            .list();
  }

  /** For each of these agents whom some of the pools have too: how many of them do. */
  static List<Integer> alsoIn(JdbcClient sql, Set<String> agents, Collection<String> pools) {
    return agents.isEmpty() || pools.isEmpty()
        ? List.of()
        : sql.sql(
                "select count(*) from pool_agent where agent in (:agents) and pool_id in (:pools)"
                    + " group by agent")
            .param("agents", lookedFor(agents))
            .param("pools", InList.of(pools))
            .query(Integer.class)
            .list();
  }

  private static List<String> lookedFor(Set<String> agents) {
    return InList.of(agents.stream().sorted().limit(MAX_LOOKED_FOR).toList());
  }
}
