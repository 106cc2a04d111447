package io.campaignroutes.records;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.store.InList;
import io.campaignroutes.store.Tx;
import io.campaignroutes.text.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The tables that hold what is kept of a campaign, besides its audit lines. Contacts are in none of
 * them: a campaign leaves after they were removed.
 */
final class RecordTables {
  private static final String EVENTS =
      "select id from webhook_event where remote_id in (select remote_id from campaign where id in"
          + " (:ids))";

  /** Removed a few at a time, after the campaign itself. */
  static final String DECISIONS = "pacing_decision";

  /** In the order in which rows go, the campaign last since others are found by it. */
  private static final List<Table> TABLES =
      List.of(
          new Table(
              "delivery_attempt",
              "delivery_id in (select id from delivery where event_id in (" + EVENTS + "))",
              "delivery_id, number"),
          new Table("delivery", "event_id in (" + EVENTS + ")", "id"),
          new Table("webhook_event", "id in (" + EVENTS + ")", "id"),
          new Table("inbox_entry", "campaign_id in (:ids)", "sha256, entry"),
          new Table("contact_upload", "campaign_id in (:ids)", "part"),
          new Table("contact_import", "campaign_id in (:ids)", "campaign_id"),
          new Table("skill_period", "campaign_id in (:ids)", "began"),
          new Table("skill", "campaign_id in (:ids)", "campaign_id"),
          new Table(DECISIONS, "campaign_id in (:ids)", "seq"),
          new Table("pacing", "campaign_id in (:ids)", "campaign_id"),
          new Table("campaign_stage", "campaign_id in (:ids)", "seq"),
          new Table("campaign", "id in (:ids)", "id"));

  private record Table(String name, String which, String order) {}

  private RecordTables() {}

  /** What the store has of a campaign, the campaign first: a line of JSON for each row. */
  static List<String> lines(JdbcClient sql, String campaignId) {
    List<String> lines = new ArrayList<>();
    for (int i = TABLES.size() - 1; i >= 0; i--) {
      Table table = TABLES.get(i);
      List<Map<String, Object>> rows =
          sql.sql(
                  "select * from %s where %s order by %s"
                      .formatted(table.name(), table.which(), table.order()))
              .param("ids", List.of(campaignId))
              .query()
              .listOfRows();
      for (Map<String, Object> row : rows) {
        ObjectNode line = Json.object().put("table", table.name());
        line.set("row", Json.tree(row));
        lines.add(Json.text(line));
      }
    }
    return lines;
  }

  /**
   * Removes what the store has of campaigns, all but their decisions.
   *
   * @return how many rows there were, by table, decisions included
   */
  static Map<String, Long> remove(Tx tx, Collection<String> campaignIds) {
    Map<String, Long> removed = new HashMap<>();
    List<String> ids = InList.of(campaignIds);
    for (Table table : TABLES) {
      String which = " from " + table.name() + " where " + table.which();
      long rows =
          table.name().equals(DECISIONS)
              ? tx.sql().sql("select count(*)" + which).param("ids", ids).query(Long.class).single()
              : tx.sql().sql("delete" + which).param("ids", ids).update();
      if (rows > 0) {
        removed.put(table.name(), rows);
      }
    }
    return removed;
  }

  /** Removes some of the decisions of a campaign; returns how many there were. */
  static int removeDecisions(Tx tx, String campaignId, int most) {
    return tx.sql()
        .sql(
            "delete from pacing_decision where campaign_id = ? and seq in (select seq from"
                + " pacing_decision where campaign_id = ? order by seq limit ?)")
        .params(campaignId, campaignId, most)
        .update();
  }
}
