package io.campaignroutes.tenant;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.campaignroutes.cxone.PlatformRequest;
import io.campaignroutes.store.Rows;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table of skills. */
@Component
class SkillRows {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MINUTE = 60_000;

  private final Store store;

  SkillRows(Store store) {
    this.store = store;
  }

  Optional<SkillRow> of(String campaignId) {
    return of(store.read(), campaignId, "");
  }

  /** The row of the campaign that a request is about. */
  Optional<SkillRow> of(PlatformRequest request) {
    return of(id(request));
  }

  /** The same where there must be one. */
  SkillRow known(PlatformRequest request) {
    return of(request)
        .orElseThrow(
            () -> new IllegalStateException("campaign " + id(request) + " has no skill here"));
  }

  /** The id of the campaign that a request is about. */
  static String id(PlatformRequest request) {
    return request.arguments().path("id").asText();
  }

  /** The same for a transaction that changes the row. */
  Optional<SkillRow> locked(Tx tx, String campaignId) {
    return of(tx.sql(), campaignId, store.rowLock());
  }

  private static Optional<SkillRow> of(JdbcClient sql, String campaignId, String lock) {
    return sql.sql("select * from skill where campaign_id = ?" + lock)
        .param(campaignId)
        .query((row, n) -> read(row))
        .optional();
  }

  /** The campaign that a skill works for or is made ready for; empty for none but this one. */
  Optional<SkillRow> otherUser(Tx tx, String skillId, String campaignId) {
    return others(tx.sql(), skillId, campaignId, store.rowLock()).findFirst();
  }

  private static Stream<SkillRow> others(
      JdbcClient sql, String skillId, String campaignId, String lock) {
    return sql
        .sql(
            "select * from skill where skill_id = ? and campaign_id <> ? and state <> 'CLOSED'"
                + lock)
        .params(skillId, campaignId)
        .query((row, n) -> read(row))
        .list()
        .stream();
  }

  /** Whether a campaign has ended here, and nothing is asked of CXone for it any more. */
  static boolean ended(JdbcClient sql, String campaignId) {
    return sql.sql(
            "select case when command is null then ended else 0 end from campaign where id = ?")
        .param(campaignId)
        .query(Integer.class)
        .optional()
        .map(ended -> ended == 1)
        .orElse(false);
  }

  /** Whether a campaign has a command to stop. */
  boolean isUnwanted(String campaignId) {
    return store
            .read()
            .sql("select count(*) from campaign where id = ? and command = 'STOP'")
            .param(campaignId)
            .query(Long.class)
            .single()
        > 0;
  }

  /**
   * The campaign that a skill works for at this moment, and which would have to be stopped first.
   *
   * @param campaignId the campaign that is not meant; empty for none
   */
  Optional<String> user(String skillId, String campaignId) {
    JdbcClient sql = store.read();
    return others(sql, skillId, campaignId, "")
        .map(SkillRow::campaignId)
        .filter(other -> !ended(sql, other))
        .findFirst();
  }

  /** Skills that are ours now. */
  long ready() {
    return store
        .read()
        .sql("select count(*) from skill where state = 'READY'")
        .query(Long.class)
        .single();
  }

  /** When its settings were read last, in milliseconds since the epoch; 0 for never. */
  long readAt(String campaignId) {
    return store
        .read()
        .sql("select coalesce(read_at, 0) from skill where campaign_id = ?")
        .param(campaignId)
        .query(Long.class)
        .single();
  }

  void insert(Tx tx, String campaignId, SkillRow.Mode mode, String skillId, String name) {
    tx.sql()
        .sql(
            "insert into skill (campaign_id, skill_id, name, mode, state, ran, mismatches,"
                + " changed_at) values (?, ?, ?, ?, 'NEW', 0, 0, ?)")
        .params(campaignId, skillId, name, mode.name(), tx.now())
        .update();
  }

  /**
   * Changes columns of a row.
   *
   * @param columns each with its value: JSON and constants become text
   */
  void set(Tx tx, String campaignId, Map<String, Object> columns) {
    Map<String, Object> all = new LinkedHashMap<>(columns);
    all.put("changed_at", tx.now());
    String set = all.keySet().stream().map(name -> name + " = ?").collect(Collectors.joining(", "));
    var statement = tx.sql().sql("update skill set " + set + " where campaign_id = ?");
    for (Object value : all.values()) {
      statement = statement.param(plain(value));
    }
    statement.param(campaignId).update();
  }

  /** A campaign is about to start its skill: what is counted of it is its own from now on. */
  void begins(Tx tx, SkillRow row) {
    tx.sql()
        .sql(
            """
            insert into skill_period (campaign_id, skill_id, began)
            select :id, :skill, :minute where not exists (select 1 from skill_period
              where campaign_id = :id and ended is null)
            on conflict (campaign_id, began) do update set ended = null\
            """)
        .param("id", row.campaignId())
        .param("skill", row.skillId())
        .param("minute", tx.now() / MINUTE)
        .update();
  }

  /** A start may take effect from now on, of a campaign whose row is of that kind. */
  void mayStart(PlatformRequest request, Predicate<SkillRow> which, Duration within) {
    store.run(
        tx ->
            locked(tx, id(request))
                .filter(which)
                .ifPresent(
                    row ->
                        set(
                            tx,
                            row.campaignId(),
                            Map.of("start_until", tx.now() + within.toMillis()))));
  }

  /** Its start has taken effect: none may any more. */
  void cannotStart(PlatformRequest request) {
    Map<String, Object> columns = new HashMap<>();
    columns.put("start_until", null);
    set(request, columns);
  }

  /** A skill is its campaign's no more. */
  void close(Tx tx, String campaignId, Map<String, Object> columns) {
    Map<String, Object> all = new HashMap<>(columns);
    all.put("state", SkillRow.State.CLOSED);
    all.put("start_until", null);
    set(tx, campaignId, all);
    tx.sql()
        .sql("update skill_period set ended = ? where campaign_id = ? and ended is null")
        .params(tx.now() / MINUTE, campaignId)
        .update();
  }

  /** Whether a run still has its campaign; arguments without a claim are of no run. */
  static boolean holds(Tx tx, PlatformRequest request) {
    String claim = request.arguments().path("claim").asText("");
    return claim.isEmpty()
        || !tx.sql()
            .sql("select 1 from campaign where id = ? and claim_token = ?")
            .params(id(request), claim)
            .query(Integer.class)
            .list()
            .isEmpty();
  }

  /** Whether another campaign has started a skill, and it is still its own. */
  boolean isStartedByAnother(SkillRow row) {
    return !store
        .read()
        .sql(
            "select 1 from skill where skill_id = ? and campaign_id <> ? and state <> 'CLOSED'"
                + " and asked = 'START'")
        .params(row.skillId(), row.campaignId())
        .query(Integer.class)
        .list()
        .isEmpty();
  }

  /** Changes columns of the row that a request is about, in a transaction of its own. */
  void set(PlatformRequest request, Map<String, Object> columns) {
    store.run(tx -> set(tx, id(request), columns));
  }

  private static Object plain(Object value) {
    return value instanceof JsonNode || value instanceof Enum ? value.toString() : value;
  }

  private static SkillRow read(ResultSet row) throws SQLException {
    return new SkillRow(
        row.getString("campaign_id"),
        row.getString("skill_id"),
        row.getString("group_id"),
        row.getString("name"),
        SkillRow.Mode.valueOf(row.getString("mode")),
        SkillRow.State.valueOf(row.getString("state")),
        json(row.getString("settings_before")),
        json(row.getString("settings_now")),
        order(row.getString("asked")),
        row.getInt("ran") == 1,
        Rows.number(row, "end_seen_at"),
        row.getInt("mismatches"),
        order(row.getString("by_person")),
        row.getInt("stops"),
        Rows.number(row, "writing_until"),
        Rows.number(row, "wrote_at"),
        Rows.number(row, "start_until"));
  }

  private static SkillRow.Asked order(String stored) {
    return stored == null ? null : SkillRow.Asked.valueOf(stored);
  }

  private static JsonNode json(String text) {
    try {
      return text == null ? null : JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
