package io.campaignroutes.campaign;

import io.campaignroutes.access.By;
import io.campaignroutes.audit.AuditEvent;
import io.campaignroutes.audit.AuditEvent.PacingChange;
import io.campaignroutes.audit.AuditLog;
import io.campaignroutes.store.ClockStep;
import io.campaignroutes.store.InList;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.Names;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Campaigns in the store: how they are found, and what others than their own steps write of them.
 * See {@link CampaignClaims} for who works on one, and {@link CampaignWrites} for what steps lead
 * to.
 */
@Component
public class CampaignStore {
  /** Changes of pacing that a campaign, and with it each of its audit lines, carries. */
  private static final int MAX_PACING_CHANGES = 20;

  private static final Logger LOG = LoggerFactory.getLogger(CampaignStore.class);

  private static final String UNPACED =
      "A newer version of this service left it in a way that this version does not know, so that"
          + " nobody paces it: CXone is to pause it.";

  /** What a newer version has in hand, and no operator wants to be quiet. */
  private static final String NEWER =
      "(stage not in ("
          + StoredCampaign.names(Stage.values(), Stage.UNKNOWN)
          + ") or command not in ("
          + StoredCampaign.names(Command.values(), Command.UNKNOWN)
          + ")) and (command is null or command not in ('PAUSE', 'STOP'))";

  private final Store store;
  private final AuditLog audit;
  private final LaunchProperties launch;

  public CampaignStore(Store store, AuditLog audit, LaunchProperties launch) {
    this.store = store;
    this.audit = audit;
    this.launch = launch;
  }

  /** The store's clock, in milliseconds since the epoch. */
  public long now() {
    return store.now();
  }

  /** A campaign by our id or CXone's. */
  public Optional<Campaign> find(String id) {
    return find(store.read(), id);
  }

  /**
   * A campaign by our id or CXone's.
   *
   * @throws UnknownCampaignException when there is none
   */
  public Campaign get(String id) {
    return find(id).orElseThrow(() -> unknown(store.read(), id));
  }

  /** That there is no such campaign, and where the records are of one that was there. */
  public static UnknownCampaignException unknown(JdbcClient sql, String id) {
    return Archived.unknown(sql, id);
  }

  static Optional<Campaign> find(JdbcClient sql, String id) {
    return one(sql, "id = ?", id).or(() -> one(sql, "remote_id = ?", id));
  }

  /** A campaign by our id or CXone's, which no other transaction changes until this one ends. */
  static Optional<Campaign> lock(Tx tx, String id, String rowLock) {
    return one(tx.sql(), "id = ?" + rowLock, id)
        .or(() -> one(tx.sql(), "remote_id = ?" + rowLock, id));
  }

  static Optional<Campaign> one(JdbcClient sql, String condition, Object value) {
    return sql.sql("select * from campaign where " + condition)
        .param(value)
        .query(StoredCampaign::readable)
        .optional();
  }

  /** The campaign that has this id at CXone. */
  Optional<Campaign> ofRemote(String remoteId) {
    return one(store.read(), "remote_id = ?", remoteId);
  }

  /** Another campaign that has not ended and carries the name of this one. */
  Optional<Campaign> holder(Campaign of) {
    return holder(store.read(), of);
  }

  static Optional<Campaign> holder(JdbcClient sql, Campaign of) {
    return carrying(sql, of.name()).stream().filter(one -> !one.id().equals(of.id())).findFirst();
  }

  /** Campaigns that have not ended and whose names nobody can tell from this one; oldest first. */
  static List<Campaign> carrying(JdbcClient sql, String name) {
    return readable(
        sql.sql("select * from campaign where ended = 0 and name_key = ? order by id")
            .param(Names.key(name)));
  }

  /** Rows that cannot be read are left out. */
  private static List<Campaign> readable(JdbcClient.StatementSpec rows) {
    return rows.query(StoredCampaign::readable).list().stream().filter(Objects::nonNull).toList();
  }

  /**
   * Campaigns in the order they were taken.
   *
   * @param stage only those in this stage; null for all
   * @param after only those after this id; null from the start
   */
  public List<Campaign> list(Stage stage, String after, int limit) {
    Map<String, Object> params = new HashMap<>();
    String where = " where id > :after";
    params.put("after", after == null ? "" : after);
    params.put("limit", limit);
    if (stage != null) {
      where += " and stage = :stage";
      params.put("stage", stage.name());
    }
    return readable(
        store
            .read()
            .sql("select * from campaign" + where + " order by id limit :limit")
            .params(params));
  }

  /**
   * One line of a campaign's history.
   *
   * @param by by whose wish; null for nobody's
   */
  public record StageChange(int seq, long at, Stage stage, String reason, By by) {}

  /** Every change of stage, oldest first. */
  public List<StageChange> history(String id) {
    return store
        .read()
        .sql(
            "select seq, at, stage, reason, by_whom from campaign_stage where campaign_id = ? order"
                + " by seq")
        .param(id)
        .query(
            (row, n) ->
                new StageChange(
                    row.getInt(1),
                    row.getLong(2),
                    Stage.of(row.getString(3)),
                    row.getString(4),
                    By.stored(row.getString(5))))
        .list();
  }

  /** How many campaigns are in each stage. */
  public Map<Stage, Long> countByStage() {
    return countByStage(store.read());
  }

  /** The same, for whoever reads from the store on their own. */
  public static Map<Stage, Long> countByStage(JdbcClient sql) {
    Map<Stage, Long> counts = new HashMap<>();
    sql.sql("select stage, count(*) from campaign group by stage")
        .query(
            (RowCallbackHandler)
                row -> counts.merge(Stage.of(row.getString(1)), row.getLong(2), Long::sum));
    return counts;
  }

  /** Whether any of these remote ids belongs to a campaign that is known here. */
  public List<String> knownRemoteIds(List<String> remoteIds) {
    return remoteIds.isEmpty()
        ? List.of()
        : store
            .read()
            .sql("select remote_id from campaign where remote_id in (:ids)")
            .param("ids", InList.of(remoteIds))
            .query(String.class)
            .list();
  }

  /**
   * What a newer version has left that may dial, though no tick of its pacing is due: in an
   * embedded store that can only have been before the start.
   */
  void pauseUnpaced(Tx tx) {
    readable(
            tx.sql()
                .sql(
                    "select * from campaign where ended = 0 and remote_id is not null"
                        + " and (active_at is not null or activating_at is not null) and "
                        + NEWER))
        .stream()
        .filter(campaign -> pauseUnpaced(tx, campaign))
        .forEach(campaign -> LOG.warn("Campaign {}: {}", campaign.id(), UNPACED));
  }

  /** Locks the audit trail of a campaign, before anything that is locked after it. */
  public void lockTrail(Tx tx, String id) {
    audit.lock(tx, id);
  }

  /** Adds an audit line with what is known of the campaign. */
  public void audit(Tx tx, Campaign campaign, String event, Map<String, Object> details) {
    audit.append(
        tx,
        new AuditEvent(
            campaign.id(),
            event,
            details,
            campaign.latencyMs(),
            Math.max(0, campaign.attemptedCalls()), // whatever stands in a row that was damaged
            Math.max(0, campaign.connectedCalls()),
            campaign.pacing(),
            campaign.compliance(),
            campaign.policy().name(),
            campaign.policy().version(),
            campaign.policy().sha256()));
  }

  /**
   * Adds a change of pacing to what a campaign remembers and to its audit trail. The row is locked
   * first.
   *
   * @param details further fields of the audit line
   * @return the campaign as it is now
   * @throws UnknownCampaignException when there is no such campaign
   */
  public Campaign pacingChanged(
      Tx tx, String id, PacingChange change, Map<String, Object> details) {
    Campaign was = lock(tx, id, store.rowLock()).orElseThrow(() -> Archived.unknown(tx.sql(), id));
    List<PacingChange> changes = new ArrayList<>(was.pacing());
    changes.add(change);
    if (changes.size() > MAX_PACING_CHANGES) {
      changes.subList(0, changes.size() - MAX_PACING_CHANGES).clear();
    }
    tx.sql()
        .sql("update campaign set pacing = ? where id = ?")
        .params(Json.text(Json.tree(changes)), id)
        .update();
    Campaign now = was.with(d -> d.pacing = List.copyOf(changes));
    audit(tx, now, "PACING_CHANGE", details);
    return now;
  }

  /**
   * Gives a running campaign one of pacing's own commands, unless one is still to be carried out:
   * what an operator wants goes first. A hold takes the place of a release.
   *
   * @return whether it was given
   */
  public boolean pend(Tx tx, String id, Command command) {
    tx.due(command.lane().timer(), tx.now());
    return tx.sql()
            .sql(
                """
                update campaign set command = :command, command_at = :now, command_by = null, asked_at = null,
                  asks = 0, polls = 0,
                  lane = case when claim_token is null then :lane else lane end,
                  due_at = case when claim_token is null then :now else due_at end
                where id = :id and stage = 'ACTIVE'
                  and (command is null or command = 'RELEASE' and :command = 'HOLD')\
                """)
            .param("command", command.name())
            .param("lane", command.lane().code())
            .param("now", tx.now())
            .param("id", id)
            .update()
        == 1;
  }

  /** Whether a command that keeps CXone from dialing is on its way; the campaign stays locked. */
  public boolean isBeingQuieted(Tx tx, String id) {
    Optional<Campaign> campaign = lock(tx, id, store.rowLock());
    return campaign.map(Campaign::command).filter(Command::quiets).isPresent();
  }

  /**
   * Has a campaign of a newer version paused at CXone, where it would dial with nobody to pace it,
   * whether that is for its stage or for a command of it. In an embedded store no newer version can
   * be at work beside this one; in any other the campaign stays as it is.
   */
  public void pauseUnpaced(Campaign campaign) {
    if (!store.claimLock().isEmpty() || !campaign.ofNewerVersion()) {
      return;
    }
    if (store.write(tx -> pauseUnpaced(tx, campaign), true)) {
      LOG.warn("Campaign {}: {}", campaign.id(), UNPACED);
    }
  }

  private boolean pauseUnpaced(Tx tx, Campaign campaign) {
    int written =
        tx.sql()
            .sql(
                """
                update campaign set command = 'PAUSE', command_at = :now, command_by = null, asked_at = null,
                  asks = 0, polls = 0, lane = :lane, changed_at = :now,
                  due_at = case when claim_token is null then :now else due_at end
                where id = :id and remote_id is not null and ended = 0 and\
                """
                    + NEWER)
            .param("lane", Command.PAUSE.lane().code())
            .param("now", tx.now())
            .param("id", campaign.id())
            .update();
    if (written == 1) {
      tx.due(Command.PAUSE.lane().timer(), tx.now());
      audit(tx, campaign, "CAMPAIGN_UNPACED", Map.of("reason", UNPACED));
    }
    return written == 1;
  }

  /**
   * The campaign of a run, with the times that its row has had since the store's clock was set
   * under the run.
   */
  Campaign inStep(JdbcClient sql, Campaign campaign) {
    ClockStep step = store.clockStep();
    if (step == null || step.age().compareTo(launch.lease()) > 0) {
      return campaign;
    }
    return one(sql, "id = ?", campaign.id())
        .map(
            row ->
                campaign.with(
                    d -> {
                      d.acceptedAt = row.acceptedAt();
                      d.stageAt = row.stageAt();
                      d.intentAt = row.intentAt();
                      d.inFlightUntil = row.inFlightUntil();
                      d.activatingAt = row.activatingAt();
                      d.activeAt = row.activeAt();
                      d.commandAt = row.commandAt();
                      d.askedAt = row.askedAt();
                    }))
        .orElse(campaign);
  }

  /** The campaigns of these ids, by id; an id that is not known is left out. */
  public Map<String, Campaign> byIds(Collection<String> ids) {
    return ids.isEmpty()
        ? Map.of()
        : readable(
                store
                    .read()
                    .sql("select * from campaign where id in (:ids)")
                    .param("ids", InList.of(ids)))
            .stream()
            .collect(Collectors.toMap(Campaign::id, Function.identity()));
  }

  /**
   * Lets whoever watches a campaign look at once: an event told that something has happened to it.
   * What has happened is CXone's to say, so a late or forged event changes nothing. One that has
   * ended is looked at once more.
   */
  public void lookNow(Tx tx, String remoteId) {
    int looked =
        tx.sql()
            .sql(
                """
                update campaign set due_at = :now, lane = coalesce(lane, :look),
                  looks_after_end = case when lane is null then 1 else looks_after_end end
                where remote_id = :id and claim_token is null
                  and (lane is not null and due_at > :now or lane is null and ended = 1)\
                """)
            .param("now", tx.now())
            .param("look", PriorityClass.LOOK.code())
            .param("id", remoteId)
            .update();
    if (looked > 0) {
      for (PriorityClass lane : PriorityClass.values()) { // whichever it is in
        tx.due(lane.timer(), tx.now());
      }
    }
  }
}
