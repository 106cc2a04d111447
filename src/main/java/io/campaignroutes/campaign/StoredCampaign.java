package io.campaignroutes.campaign;

import io.campaignroutes.access.By;
import io.campaignroutes.audit.AuditEvent.PacingChange;
import io.campaignroutes.compliance.PolicyRef;
import io.campaignroutes.store.Rows;
import io.campaignroutes.text.Json;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A row of the table of campaigns as a {@link Campaign}. */
public final class StoredCampaign {
  private static final Logger LOG = LoggerFactory.getLogger(StoredCampaign.class);

  /** Campaigns of a newer version that the log has told of. */
  private static final Set<String> TOLD_NEWER = ConcurrentHashMap.newKeySet();

  /** Campaigns that cannot be read and that the log has told of. */
  private static final Set<String> TOLD_UNREADABLE = ConcurrentHashMap.newKeySet();

  private StoredCampaign() {}

  static String names(Enum<?>[] all, Enum<?> but) {
    return Arrays.stream(all)
        .filter(one -> one != but)
        .map(one -> "'" + one.name() + "'")
        .collect(Collectors.joining(", "));
  }

  static Campaign readable(ResultSet row, int n) throws SQLException {
    return readable(row, null, false);
  }

  /**
   * A row that cannot be read harms no other: it is left out, and told once.
   *
   * @param dueSince null for when it is due
   * @return null when it cannot be read
   */
  static Campaign readable(ResultSet row, Long dueSince, boolean goOn) throws SQLException {
    try {
      return campaign(row, dueSince == null ? row.getLong("due_at") : dueSince, goOn);
    } catch (RuntimeException | SQLDataException e) {
      String id = row.getString("id");
      if (TOLD_UNREADABLE.add(String.valueOf(id))) {
        LOG.warn("Campaign {}: its row cannot be read, so that nothing is done for it.", id, e);
      }
      return null;
    }
  }

  /** The lane of a row; where that is no number, the one that its stage has. */
  static PriorityClass lane(ResultSet row, Stage stage) throws SQLException {
    Object stored = row.getObject("lane");
    return stored == null || stored instanceof Integer
        ? PriorityClass.of((Integer) stored, stage)
        : PriorityClass.of(stage);
  }

  private static Campaign campaign(ResultSet row, long dueSince, boolean goOn) throws SQLException {
    return new Campaign(
        row.getString("id"),
        row.getString("external_id"),
        row.getString("source_key"),
        row.getString("fingerprint"),
        row.getString("name"),
        Json.storedObject(row.getString("request")),
        Json.storedObject(row.getString("payload")),
        Json.storedObject(row.getString("compliance")),
        new PolicyRef(
            row.getString("policy_name"),
            row.getString("policy_version"),
            row.getString("policy_sha256")),
        Stage.of(row.getString("stage")),
        row.getLong("accepted_at"),
        row.getLong("stage_at"),
        Rows.number(row, "activate_at"),
        Rows.number(row, "stop_at"),
        Rows.number(row, "intent_at"),
        Rows.number(row, "in_flight_until"),
        Rows.number(row, "activating_at"),
        Rows.number(row, "active_at"),
        row.getInt("polls"),
        row.getInt("attempt"),
        row.getInt("look_ups"),
        row.getInt("creates"),
        Rows.number(row, "latency_ms"),
        row.getString("remote_id"),
        row.getString("remote_status"),
        row.getString("webhook_id"),
        failure(row),
        Json.storedListOrNone(row.getString("pacing"), PacingChange.class),
        row.getLong("attempted_calls"),
        row.getLong("connected_calls"),
        row.getInt("held") == 1,
        Command.of(row.getString("command")),
        Rows.number(row, "command_at"),
        Rows.number(row, "asked_at"),
        row.getInt("asks"),
        row.getInt("forced") == 1,
        commandBy(row),
        row.getInt("looks_after_end"),
        row.getInt("refused_looks"),
        lane(row, Stage.of(row.getString("stage"))),
        row.getLong("due_at"),
        row.getString("claim_token"),
        dueSince,
        goOn,
        false);
  }

  /** What is said of a campaign that a newer version of the service has to go on with. */
  private static Failure newer(ResultSet row) throws SQLException {
    String id = row.getString("id");
    String command = row.getString("command");
    String message =
        "A newer version of this service left it in stage "
            + row.getString("stage")
            + (command == null ? "" : " with the command " + command.replaceAll("\\P{Graph}", "?"))
            + ", which this version cannot go on with: it is left as it is. Run the newer version."
            + (row.getString("remote_id") == null
                ? ""
                : " It may dial at CXone meanwhile, where this version neither paces nor watches"
                    + " it; a pause or a stop is carried out.");
    if (TOLD_NEWER.add(id)) {
      LOG.warn("Campaign {}: {}", id, message);
    }
    return Failure.of(Failure.Kind.UNKNOWN, message);
  }

  /** Who gave the command that is pending; null for one of the service's own, and for none. */
  static By commandBy(ResultSet row) throws SQLException {
    return By.stored(
        row.getString("command_by"),
        Rows.number(row, "command_by_at"),
        Rows.number(row, "command_at"));
  }

  /** What is said of a campaign that is not where it should be; null when all is well. */
  public static Failure failure(ResultSet row) throws SQLException {
    if (Stage.of(row.getString("stage")) == Stage.UNKNOWN
        || Command.of(row.getString("command")) == Command.UNKNOWN) {
      return newer(row);
    }
    String kind = row.getString("failure_kind");
    if (kind == null) {
      return null;
    }
    return new Failure(
        Failure.Kind.of(kind),
        Rows.integer(row, "failure_status"),
        row.getString("failure_code"),
        row.getString("failure_message"));
  }
}
