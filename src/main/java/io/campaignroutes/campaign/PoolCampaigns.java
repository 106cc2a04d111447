package io.campaignroutes.campaign;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.store.Rows;
import io.campaignroutes.store.Store;
import io.campaignroutes.text.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/** The campaigns that dial for an agent pool, or will: all that have not ended. */
@Component
public class PoolCampaigns {
  private final Store store;

  public PoolCampaigns(Store store) {
    this.store = store;
  }

  /**
   * When a campaign wants its agents, and how it stands.
   *
   * @param request complete; empty when it was damaged
   * @param activateAt epoch ms before which it does not dial; null for none
   * @param stopAt epoch ms from which it does not dial any more; null for none
   */
  public record Wanting(Stage stage, ObjectNode request, Long activateAt, Long stopAt) {
    private static Wanting of(ResultSet row, int n) throws SQLException {
      return new Wanting(
          Stage.of(row.getString(1)),
          Json.storedObject(row.getString(2)),
          Rows.number(row, "activate_at"),
          Rows.number(row, "stop_at"));
    }
  }

  /**
   * Those of a pool, in the order they were taken.
   *
   * @param but key of a campaign that does not count; null for none
   */
  public List<Wanting> of(String poolId, String but, int limit) {
    return store
        .read()
        .sql(
            "select stage, request, activate_at, stop_at from campaign where pool_id = ?"
                + " and ended = 0 and (external_id is null or external_id <> ?)"
                + " order by id limit ?")
        .params(poolId, but == null ? "" : but, limit)
        .query(Wanting::of)
        .list();
  }

  /** How many there are of a pool. */
  public long count(String poolId) {
    return store
        .read()
        .sql("select count(*) from campaign where pool_id = ? and ended = 0")
        .param(poolId)
        .query(Long.class)
        .single();
  }

  /**
   * What of a pool's agents is its own where campaigns of other pools dial for them too.
   *
   * @param pools the other pools, in the order of their ids; those whose campaigns have not ended
   * @param common agents whom they have too
   * @param part share of all that is the pool's, each agent being shared equally, above 0 to 1
   */
  public record Own(List<String> pools, int common, double part) {}

  /**
   * What of its agents is a pool's own.
   *
   * @param ids CXone's ids of those at work
   */
  public Own own(String poolId, Set<String> ids) {
    Set<String> agents = SharedAgents.keys(ids);
    List<String> pools =
        SharedAgents.others(store.read(), poolId, agents).stream()
            .map(SharedAgents.Other::poolId)
            .filter(other -> count(other) > 0)
            .toList();
    List<Integer> shared = SharedAgents.alsoIn(store.read(), agents, pools);
    double left = shared.stream().mapToDouble(others -> 1.0 / (1 + others)).sum();
    int all = Math.max(1, agents.size());
    return new Own(pools, shared.size(), shared.isEmpty() ? 1 : (all - shared.size() + left) / all);
  }
}
