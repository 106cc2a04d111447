package io.campaignroutes.campaign;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.store.Store;
import io.campaignroutes.text.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
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
          time(row, 3),
          time(row, 4));
    }

    private static Long time(ResultSet row, int column) throws SQLException {
      long value = row.getLong(column);
      return row.wasNull() ? null : (Long) value;
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
}
