package io.campaignroutes.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.campaignroutes.campaign.CampaignStore;
import io.campaignroutes.campaign.Command;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.campaign.StoredCampaign;
import io.campaignroutes.campaign.UnknownCampaignException;
import io.campaignroutes.pacing.Control;
import io.campaignroutes.pacing.PacingViews;
import io.campaignroutes.store.InList;
import io.campaignroutes.store.Rows;
import io.campaignroutes.store.Store;
import io.campaignroutes.text.Json;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.stereotype.Component;

/** Campaigns as the list shows them: small rows, and never the whole of a campaign. */
@Component
class CampaignRows {
  private static final String COLUMNS =
      "select c.id, c.remote_id, c.external_id, c.name, c.stage, c.stage_at, c.accepted_at,"
          + " c.activate_at, c.stop_at, c.policy_name, c.command, c.command_at, c.remote_status,"
          + " c.failure_kind, c.failure_status, c.failure_code, c.failure_message, c.attempt,"
          + " c.due_at, c.held, coalesce(p.rate, c.first_rate, 0) as rate, p.decision,"
          + " p.rate_refusal, p.rate_refused_at, p.too_fast_since, case when c.command is null then"
          + " p.claim_token else c.claim_token end as claimed, p.due_at as tick_at, p.hold_at,"
          + " p.write_at from campaign c left join pacing p on p.campaign_id = c.id";

  /** Pacing's own: its pause and release are no command of an operator. */
  private static final Set<String> OWN_COMMANDS = Set.of("HOLD", "RELEASE");

  private final Store store;
  private final CampaignSetups setups;
  private final Duration period;

  /**
   * @param period between two ticks of pacing, which a decision may take to CXone
   */
  CampaignRows(Store store, CampaignSetups setups, @Value("${pacing.period}") Duration period) {
    this.store = store;
    this.setups = setups;
    this.period = period;
  }

  /** Campaigns, and how many there would be without a limit. */
  record Page(List<CampaignRow> rows, long total) {}

  /**
   * One page of campaigns.
   *
   * @param first ids of those that come before all others
   */
  Page page(CampaignQuery query, List<String> first) {
    Map<String, Object> params = new HashMap<>();
    String where = where(query, params);
    long total =
        store
            .read()
            .sql("select count(*) from campaign c" + where)
            .params(params)
            .query(Long.class)
            .single();
    params.put("limit", query.limit());
    params.put("offset", query.offset());
    String turn = query.descending() ? " desc" : "";
    String order = " order by " + query.sort().column() + turn + ", c.id" + turn;
    if (!first.isEmpty()) {
      order = order.replace(" by ", " by case when c.id in (:first) then 0 else 1 end, ");
      params.put("first", InList.of(first));
    }
    return new Page(rows(where + order + " limit :limit offset :offset", params), total);
  }

  /**
   * One campaign by our id or CXone's.
   *
   * @throws UnknownCampaignException when there is none
   */
  CampaignRow one(String id) {
    List<CampaignRow> found = rows(" where c.id = :id", Map.of("id", id));
    if (found.isEmpty()) {
      found = rows(" where c.remote_id = :id", Map.of("id", id));
    }
    if (found.isEmpty()) {
      throw CampaignStore.unknown(store.read(), id);
    }
    return found.get(0);
  }

  /**
   * Since when pacing decides as it did last; null where that is longer than decisions are kept.
   */
  Instant clampedSince(CampaignRow row) {
    String clamp = "%\"clamp\":\"" + row.decision().path("clamp").asText() + "\"%";
    return store
        .read()
        .sql(
            "select decision from pacing_decision where campaign_id = :id and seq > (select"
                + " max(seq) from pacing_decision where campaign_id = :id and decision not like"
                + " :clamp) order by seq limit 1")
        .params(Map.of("id", row.id(), "clamp", clamp))
        .query((found, n) -> Instant.parse(Json.stored(found.getString(1)).path("at").asText()))
        .optional()
        .orElse(null);
  }

  /**
   * What a look for changes found.
   *
   * @param marks of all rows that it came upon, by their ids; a mark differs when what is shown of
   *     the row does
   * @param rows those among them whose mark is new
   */
  record Changed(Map<String, Integer> marks, List<CampaignRow> rows) {}

  /**
   * The campaigns of which something that is shown has changed at this time or later.
   *
   * @param known marks of an earlier look: rows that look the same are left out
   * @param most at most so many rows are looked at
   */
  Changed changedSince(long since, Map<String, Integer> known, int most) {
    String ids =
        "select id from campaign where changed_at >= :since"
            + " union select campaign_id from pacing where changed_at >= :since";
    Map<String, Integer> marks = new HashMap<>();
    List<CampaignRow> bare = new ArrayList<>();
    store
        .read()
        .sql(COLUMNS + " where c.id in (" + ids + ") limit :most")
        .params(Map.of("since", since, "most", most))
        .query(
            (RowCallbackHandler)
                row -> {
                  String id = row.getString("id");
                  int mark = mark(row);
                  marks.put(id, mark);
                  if (!Objects.equals(known.get(id), mark)) {
                    bare.add(row(row));
                  }
                });
    return new Changed(marks, whole(bare));
  }

  /** When a campaign is due is shown with a failure only, and moves with every look at it. */
  private static int mark(ResultSet row) throws SQLException {
    boolean failed = row.getObject("failure_kind") != null;
    ResultSetMetaData columns = row.getMetaData();
    int mark = 1;
    for (int n = 1; n <= columns.getColumnCount(); n++) {
      Object value =
          switch (columns.getColumnLabel(n)) {
            case "due_at", "attempt" -> failed ? row.getObject(n) : null;
            case "claimed", "tick_at", "hold_at", "write_at" -> null;
            case "command" -> shownCommand(row);
            default -> row.getObject(n);
          };
      mark = 31 * mark + Objects.hashCode(value);
    }
    return mark;
  }

  private static String shownCommand(ResultSet row) throws SQLException {
    String command = row.getString("command");
    return command == null || OWN_COMMANDS.contains(command) ? null : command;
  }

  /** How many campaigns are in each stage; all stages are there. */
  Map<Stage, Long> counts() {
    Map<Stage, Long> counts = new EnumMap<>(Stage.class);
    for (Stage stage : Stage.values()) {
      counts.put(stage, 0L);
    }
    counts.putAll(CampaignStore.countByStage(store.read()));
    return counts;
  }

  private List<CampaignRow> rows(String rest, Map<String, Object> params) {
    return whole(
        store.read().sql(COLUMNS + rest).params(params).query((row, n) -> row(row)).list());
  }

  /** With what their requests say. */
  private List<CampaignRow> whole(List<CampaignRow> bare) {
    Map<String, CampaignSetup> known =
        setups.of(bare.stream().map(CampaignRow::id).toList(), this::requests);
    return bare.stream().map(row -> with(row, known.get(row.id()))).toList();
  }

  private Map<String, String> requests(Collection<String> ids) {
    Map<String, String> requests = new HashMap<>();
    store
        .read()
        .sql("select id, request from campaign where id in (:ids)")
        .param("ids", InList.of(ids))
        .query((RowCallbackHandler) row -> requests.put(row.getString(1), row.getString(2)));
    return requests;
  }

  private static String where(CampaignQuery query, Map<String, Object> params) {
    StringBuilder where = new StringBuilder();
    if (!query.stages().isEmpty()) {
      where.append(" and c.stage in (:stages)");
      params.put("stages", query.stages().stream().map(Stage::name).toList());
    }
    if (!query.text().isEmpty()) {
      where.append(
          " and (lower(c.name) like :text escape '!' or c.id = :exact or c.remote_id = :exact"
              + " or lower(coalesce(c.external_id, '')) like :text escape '!'"
              + " or lower(coalesce(c.pool_id, '')) like :text escape '!'"
              + " or c.policy_name like :text escape '!')");
      params.put("exact", query.text());
      params.put(
          "text", "%" + query.text().toLowerCase(Locale.ROOT).replaceAll("([!%_])", "!$1") + "%");
    }
    return where.isEmpty() ? "" : " where" + where.substring(" and".length());
  }

  private CampaignRow row(ResultSet row) throws SQLException {
    String stored = row.getString("decision");
    JsonNode decision = stored == null ? MissingNode.getInstance() : Json.storedObject(stored);
    return new CampaignRow(
        row.getString("id"),
        row.getString("remote_id"),
        row.getString("external_id"),
        row.getString("name"),
        Stage.of(row.getString("stage")),
        row.getLong("stage_at"),
        row.getLong("accepted_at"),
        Rows.number(row, "activate_at"),
        Rows.number(row, "stop_at"),
        row.getString("policy_name"),
        shownCommand(row),
        Rows.number(row, "command_at"),
        row.getString("remote_status"),
        StoredCampaign.failure(row),
        row.getInt("attempt"),
        row.getLong("due_at"),
        row.getInt("held") == 1,
        null,
        row.getInt("held") == 1 ? 0 : row.getDouble("rate"),
        wish(row, decision),
        decision);
  }

  private CampaignRow.Wish wish(ResultSet row, JsonNode decision) throws SQLException {
    Command command = Command.of(row.getString("command"));
    Double decided = PacingViews.decided(decision);
    Control control =
        Control.of(
            true,
            command,
            Rows.number(row, "command_at"),
            Rows.number(row, "too_fast_since"),
            decided);
    boolean stops = control != null && control.stops();
    long notBefore =
        command != null
            ? 0
            : row.getLong(stops || decided != null && decided == 0 ? "hold_at" : "write_at");
    boolean underWay = row.getString("claimed") != null;
    return new CampaignRow.Wish(
        command == Command.RELEASE,
        stops,
        control == null ? null : (Long) control.since(),
        period.toMillis(),
        Control.nextTry(
            0, underWay, row.getLong(command == null ? "tick_at" : "due_at"), notBefore),
        row.getString("rate_refusal"),
        Rows.number(row, "rate_refused_at"));
  }

  private static CampaignRow with(CampaignRow row, CampaignSetup setup) {
    return new CampaignRow(
        row.id(),
        row.cxoneId(),
        row.externalId(),
        row.name(),
        row.stage(),
        row.stageAt(),
        row.acceptedAt(),
        row.activateAt(),
        row.stopAt(),
        row.policy(),
        row.command(),
        row.commandAt(),
        row.cxoneStatus(),
        row.failure(),
        row.attempt(),
        row.dueAt(),
        row.held(),
        setup,
        row.rate(),
        row.wish(),
        row.decision());
  }
}
