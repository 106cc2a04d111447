package io.campaignroutes.pacing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.Command;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.store.InList;
import io.campaignroutes.store.Rows;
import io.campaignroutes.store.Store;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.stereotype.Component;

/** What is shown of campaigns that CXone dials against our word. */
@Component
public class ControlReads {
  /** Of a campaign {@code c} and its pacing {@code p}, all that tells whether CXone obeys. */
  private static final String COLUMNS =
      "select c.id, c.name, c.pool_id, c.stage, c.held, c.remote_status, c.command, c.command_at,"
          + " c.due_at as command_due, c.claim_token as command_claim, p.due_at as tick_due,"
          + " p.claim_token as tick_claim, p.hold_at, p.write_at, p.too_fast_since,"
          + " case when p.too_fast_since is null then null else p.decision end as decision"
          + " from campaign c ";

  private final Store store;
  private final PacingProperties properties;

  public ControlReads(Store store, PacingProperties properties) {
    this.store = store;
    this.properties = properties;
  }

  /**
   * A campaign over which control is lost.
   *
   * @param poolId the agent pool that it dials for
   * @param nextTry epoch ms when CXone is asked, or read, next
   */
  public record Uncontrolled(
      String id, String name, String poolId, Control control, long nextTry) {}

  /** The campaigns that CXone has dialed for too long against our word, the longest first. */
  public List<Uncontrolled> uncontrolled() {
    long now = store.now();
    return store
        .read()
        .sql(
            COLUMNS
                + "left join pacing p on p.campaign_id = c.id"
                + " where c.command in ('PAUSE', 'STOP', 'HALT', 'HOLD') and c.command_at <= :before"
                + " union "
                + COLUMNS
                + "join pacing p on p.campaign_id = c.id where p.too_fast_since <= :before")
        .param("before", now - properties.longestTooFast().toMillis())
        .query((row, n) -> uncontrolled(row, now))
        .list()
        .stream()
        .filter(Objects::nonNull)
        .sorted(Comparator.comparingLong(one -> one.control().since()))
        .toList();
  }

  /** What CXone was asked for and has not done, by id; nothing of campaigns that it obeys. */
  Map<String, JsonNode> shown(Collection<String> campaignIds) {
    Map<String, JsonNode> shown = new HashMap<>();
    if (!campaignIds.isEmpty()) {
      long now = store.now();
      store
          .read()
          .sql(
              COLUMNS
                  + "left join pacing p on p.campaign_id = c.id where c.id in (:ids)"
                  + " and (c.command is not null or p.too_fast_since is not null)")
          .param("ids", InList.of(campaignIds))
          .query(
              (RowCallbackHandler)
                  row -> {
                    Uncontrolled one = uncontrolled(row, now);
                    if (one != null) {
                      shown.put(one.id(), shown(one));
                    }
                  });
    }
    return shown;
  }

  /** As the API shows it. */
  public ObjectNode shown(Uncontrolled one) {
    return Json.object()
        .put("lost", one.control().lost(store.now(), properties))
        .put("asked", one.control().stops() ? "STOP" : "SLOWER")
        .put("since", Times.iso(one.control().since()))
        .put("nextTry", Times.iso(one.nextTry()))
        .put("sentence", one.control().sentence(one.nextTry()));
  }

  /** How many there are in each pool, and since when the longest of them. */
  Map<String, List<Uncontrolled>> byPool() {
    return uncontrolled().stream()
        .filter(one -> one.poolId() != null)
        .collect(Collectors.groupingBy(Uncontrolled::poolId));
  }

  private static Uncontrolled uncontrolled(ResultSet row, long now) throws SQLException {
    Command command = Command.of(row.getString("command"));
    Control control =
        Control.of(
            Control.dials(
                Stage.of(row.getString("stage")),
                row.getInt("held") == 1,
                row.getString("remote_status")),
            command,
            Rows.number(row, "command_at"),
            Rows.number(row, "too_fast_since"),
            decided(row.getString("decision")));
    return control == null
        ? null
        : new Uncontrolled(
            row.getString("id"),
            row.getString("name"),
            row.getString("pool_id"),
            control,
            command != null
                ? nextTry(row, now, "command", 0)
                : nextTry(row, now, "tick", row.getLong(control.stops() ? "hold_at" : "write_at")));
  }

  private static long nextTry(ResultSet row, long now, String of, long notBefore)
      throws SQLException {
    boolean underWay = row.getString(of + "_claim") != null;
    return Control.nextTry(now, underWay, row.getLong(of + "_due"), notBefore);
  }

  /** Calls a second that were decided last; a rate that stands in for a pause is none. */
  private static Double decided(String decision) {
    ObjectNode shown = Json.storedObject(decision == null ? "{}" : decision);
    return shown.path("clamp").asText().equals(RateBound.STANDS_IN.name())
        ? (Double) 0.0
        : PacingViews.decided(shown);
  }
}
