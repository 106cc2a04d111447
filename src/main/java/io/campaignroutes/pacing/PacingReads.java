package io.campaignroutes.pacing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.Command;
import io.campaignroutes.store.InList;
import io.campaignroutes.store.Store;
import io.campaignroutes.text.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What is shown of pacing: how campaigns stand, and their recent decisions. */
@Component
public class PacingReads {
  private final Store store;
  private final ControlReads control;
  private final PacingProperties properties;

  PacingReads(Store store, ControlReads control, PacingProperties properties) {
    this.store = store;
    this.control = control;
    this.properties = properties;
  }

  /**
   * How all campaigns stand together.
   *
   * @param held active campaigns that are paused at CXone
   * @param tooFast active campaigns that CXone has been dialing against our word for a while
   * @param uncontrolled campaigns over which control is lost
   * @param lagSeconds how long the tick that has been due the longest has waited
   */
  record Overview(long held, long tooFast, long uncontrolled, double lagSeconds) {}

  Overview overview() {
    long held =
        store
            .read()
            .sql("select count(*) from campaign where stage = 'ACTIVE' and held = 1")
            .query(Long.class)
            .single();
    long now = store.now();
    long tooFast =
        store
            .read()
            .sql("select count(*) from pacing where due_at is not null and too_fast_since < ?")
            .param(now - 2 * properties.longestTooFast().toMillis())
            .query(Long.class)
            .single();
    Long oldest =
        store
            .read()
            .sql("select due_at from pool where due_at <= ? order by due_at limit 1")
            .param(now)
            .query(Long.class)
            .optional()
            .orElse(now);
    return new Overview(held, tooFast, control.uncontrolled().size(), (now - oldest) / 1000.0);
  }

  /** Pools that are paced, how many. */
  int ticking() {
    return store
        .read()
        .sql("select count(*) from pool where due_at is not null")
        .query(Integer.class)
        .single();
  }

  /**
   * What campaigns of a pool dial with now at most, or soon without another word of ours, in calls
   * a second.
   *
   * @param but ids of campaigns that do not count
   */
  double mayDial(JdbcClient sql, String poolId, Set<String> but) {
    return sql
        .sql(
            "select p.campaign_id, p.rate, p.writing, c.held, c.command from pacing p"
                + " join campaign c on c.id = p.campaign_id"
                + " where p.pool_id = ? and (p.due_at is not null or c.command = 'HALT')")
        .param(poolId)
        .query((row, n) -> but.contains(row.getString("campaign_id")) ? 0 : mayDial(row))
        .list()
        .stream()
        .mapToDouble(Double::doubleValue)
        .sum();
  }

  /**
   * What a campaign dials with now at most, or soon without another word of ours, in calls a
   * second.
   *
   * @param row {@code rate, writing} of its pacing, {@code held, command} of itself
   */
  static double mayDial(ResultSet row) throws SQLException {
    boolean quiet =
        row.getInt("held") == 1 && !Command.RELEASE.name().equals(row.getString("command"));
    return quiet ? 0 : Math.max(row.getDouble("rate"), row.getDouble("writing"));
  }

  /**
   * Recent decisions of a campaign, newest first.
   *
   * @param before only those with a lower number; null from the newest
   */
  public List<JsonNode> decisions(String campaignId, Long before, int limit) {
    return store
        .read()
        .sql(
            "select decision, seq from pacing_decision where campaign_id = ? and seq < ? order by"
                + " seq desc limit ?")
        .params(campaignId, before == null ? Long.MAX_VALUE : before, limit)
        .<JsonNode>query((row, n) -> decision(row.getString(1)).put("seq", row.getLong(2)))
        .list();
  }

  /** A decision as it is shown; one that cannot be read says only that. */
  private static ObjectNode decision(String stored) {
    ObjectNode decision = Json.storedObject(stored);
    return decision.isEmpty() ? decision.put("reason", "This decision cannot be read.") : decision;
  }

  /** The latest decisions of these campaigns as the API shows them, by id; those that have one. */
  public Map<String, JsonNode> latest(Collection<String> campaignIds) {
    Map<String, JsonNode> latest = new HashMap<>();
    if (!campaignIds.isEmpty()) {
      store
          .read()
          .sql(
              "select campaign_id, decision from pacing where campaign_id in (:ids)"
                  + " and decision is not null")
          .param("ids", InList.of(campaignIds))
          .query(
              (RowCallbackHandler) row -> latest.put(row.getString(1), decision(row.getString(2))));
    }
    return latest;
  }
}
