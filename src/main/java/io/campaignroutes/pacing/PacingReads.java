package io.campaignroutes.pacing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.Command;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.store.InList;
import io.campaignroutes.store.Store;
import io.campaignroutes.text.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What is shown of pacing: how campaigns stand, and their recent decisions. */
@Component
public class PacingReads {
  private final Store store;
  private final PacingProperties properties;

  PacingReads(Store store, PacingProperties properties) {
    this.store = store;
    this.properties = properties;
  }

  /**
   * How a campaign is paced now.
   *
   * @param decision the latest one as the API shows it; null before the first tick
   * @param rate calls a second in the campaign's pacing at CXone
   * @param tooFastSince epoch ms since when CXone has dialed faster than decided; null when it does
   *     not
   * @param nextTry epoch ms when CXone is asked next
   */
  public record Latest(JsonNode decision, double rate, Long tooFastSince, long nextTry) {}

  /**
   * How all campaigns stand together.
   *
   * @param held active campaigns that are paused at CXone
   * @param tooFast active campaigns that CXone has been dialing faster than decided for a while
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
    return new Overview(held, tooFast, uncontrolled().size(), (now - oldest) / 1000.0);
  }

  /**
   * A campaign over which control is lost.
   *
   * @param since epoch ms since when CXone has been asked to stop or to dial slower
   */
  public record Uncontrolled(String id, String name, long since) {}

  /** The campaigns that CXone has dialed for too long against our word, the longest first. */
  public List<Uncontrolled> uncontrolled() {
    return store
        .read()
        .sql(
            """
            select c.id, c.name, c.stage, c.held, c.remote_status, c.command, c.command_at,
              case when p.due_at is null then null else p.too_fast_since end as too_fast_since
            from campaign c left join pacing p on p.campaign_id = c.id
            where c.command in ('PAUSE', 'STOP', 'HALT', 'HOLD') and c.command_at <= :before
            union
            select c.id, c.name, c.stage, c.held, c.remote_status, c.command, c.command_at,
              p.too_fast_since
            from pacing p join campaign c on c.id = p.campaign_id
            where p.due_at is not null and p.too_fast_since <= :before""")
        .param("before", store.now() - properties.longestTooFast().toMillis())
        .query(
            (row, n) -> {
              Stage stage = Stage.of(row.getString("stage"));
              boolean held = row.getInt("held") == 1;
              Control control =
                  Control.of(
                      Control.dials(stage, held, row.getString("remote_status")),
                      Command.of(row.getString("command")),
                      time(row, 7),
                      time(row, 8),
                      null);
              return control == null
                  ? null
                  : new Uncontrolled(row.getString("id"), row.getString("name"), control.since());
            })
        .list()
        .stream()
        .filter(Objects::nonNull)
        .sorted(Comparator.comparingLong(Uncontrolled::since))
        .toList();
  }

  /** As the API shows it. */
  ObjectNode shown(Control control) {
    return Json.object()
        .put("lost", control.lost(store.now(), properties))
        .put("asked", control.stops() ? "STOP" : "SLOWER")
        .put("since", Words.time(control.since()))
        .put("nextTry", control.nextTry() == null ? null : Words.time(control.nextTry()))
        .put("sentence", control.sentence());
  }

  private static Long time(ResultSet row, int column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : (Long) value;
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
            "select decision, seq from pacing_decision where campaign_id = ? and seq < ? order by seq"
                + " desc limit ?")
        .params(campaignId, before == null ? Long.MAX_VALUE : before, limit)
        .<JsonNode>query((row, n) -> decision(row.getString(1)).put("seq", row.getLong(2)))
        .list();
  }

  /** A decision as it is shown; one that cannot be read says only that. */
  private static ObjectNode decision(String stored) {
    ObjectNode decision = Json.storedObject(stored);
    return decision.isEmpty() ? decision.put("reason", "This decision cannot be read.") : decision;
  }

  /** How these campaigns are paced, by id; one that was never ACTIVE is left out. */
  public Map<String, Latest> latest(Collection<String> campaignIds) {
    Map<String, Latest> latest = new HashMap<>();
    if (!campaignIds.isEmpty()) {
      store
          .read()
          .sql(
              "select campaign_id, decision, rate, too_fast_since, due_at, hold_at, write_at from"
                  + " pacing where campaign_id in (:ids)")
          .param("ids", InList.of(campaignIds))
          .query(
              (RowCallbackHandler)
                  row -> {
                    String decision = row.getString(2);
                    latest.put(
                        row.getString(1),
                        new Latest(
                            decision == null ? null : decision(decision),
                            row.getDouble(3),
                            time(row, 4),
                            Math.max(row.getLong(5), Math.max(row.getLong(6), row.getLong(7)))));
                  });
    }
    return latest;
  }
}
