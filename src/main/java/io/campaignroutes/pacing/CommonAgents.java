package io.campaignroutes.pacing;

import io.campaignroutes.campaign.SharedAgents;
import io.campaignroutes.store.InList;
import io.campaignroutes.store.Store;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Which agents a pool has in common with others that dial, and what these do: {@link Overlap}. Each
 * pool's agents at work are in the store, where the ticks of others find them, whoever runs these.
 */
@Component
class CommonAgents {
  private final Store store;
  private final double ring;

  CommonAgents(Store store, PacingProperties properties) {
    this.store = store;
    this.ring = properties.platform().answerMean();
  }

  /**
   * What other pools do with agents of a pool, which is claimed.
   *
   * @param ids those of its agents at work, as CXone tells them
   */
  Overlap of(String poolId, Set<String> ids) {
    Set<String> agents = SharedAgents.keys(ids);
    Map<String, Set<String>> pools = withAgentsOf(poolId);
    if (!agents.equals(pools.getOrDefault(poolId, Set.of()))) {
      store.write( // nobody else writes them while the pool is claimed
          tx -> {
            SharedAgents.keep(tx, poolId, agents);
            return null;
          });
      pools = withAgentsOf(poolId);
    }
    return overlap(poolId, pools);
  }

  /** The same for the agents who were at work when the pool was last looked at. */
  Overlap asSeenLast(String poolId) {
    return overlap(poolId, withAgentsOf(poolId));
  }

  private Overlap overlap(String poolId, Map<String, Set<String>> pools) {
    Set<String> agents = pools.remove(poolId);
    return agents == null || pools.isEmpty()
        ? Overlap.NONE
        : Overlap.of(agents, dialing(pools), ring);
  }

  /** The pools that have some of a pool's agents, itself among them, each with all of its own. */
  private Map<String, Set<String>> withAgentsOf(String poolId) {
    Map<String, Set<String>> pools = new HashMap<>();
    store
        .read()
        .sql(
            """
            select pool_id, agent from pool_agent where pool_id in (
              select other.pool_id from pool_agent mine
              join pool_agent other on other.agent = mine.agent where mine.pool_id = ?)\
            """)
        .param(poolId)
        .query(
            (row, n) ->
                pools
                    .computeIfAbsent(row.getString(1), pool -> new HashSet<>())
                    .add(row.getString(2)))
        .list();
    return pools;
  }

  private List<Overlap.Other> dialing(Map<String, Set<String>> pools) {
    long now = store.now();
    return store
        .read()
        .sql(
            "select id, state, changed_at from pool" + " where id in (:ids) and due_at is not null")
        .param("ids", InList.of(pools.keySet()))
        .query(
            (row, n) ->
                new Overlap.Other(
                    pools.get(row.getString("id")),
                    row.getString("state") == null
                        ? PoolState.NONE
                        : StoredState.readPool(row.getString("state")).orElse(PoolState.NONE),
                    (now - row.getLong("changed_at")) / 1000.0,
                    row.getString("state") == null))
        .list();
  }
}
