package io.campaignroutes.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.audit.AuditEvent;
import io.campaignroutes.audit.AuditEvent.PacingChange;
import io.campaignroutes.audit.AuditLog;
import io.campaignroutes.compliance.PolicyRef;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.CxoneUnavailableException.Kind;
import io.campaignroutes.store.ClockStep;
import io.campaignroutes.store.Ids;
import io.campaignroutes.store.InList;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.StoreUnavailableException;
import io.campaignroutes.store.Tx;
import io.campaignroutes.text.Names;
import jakarta.annotation.PostConstruct;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Campaigns in the store. A claim is one short transaction that pushes the due time to the end of a
 * lease under a fresh token; every later write of that run is fenced by the token. After a crash
 * the row simply falls due again.
 */
@Component
public class CampaignStore {
  /** Changes of pacing that a campaign, and with it each of its audit lines, carries. */
  private static final int MOST_PACING_CHANGES = 20;

  private static final Logger LOG = LoggerFactory.getLogger(CampaignStore.class);

  /** Campaigns of a newer version that the log has told of. */
  private static final Set<String> TOLD_NEWER = ConcurrentHashMap.newKeySet();

  /** Campaigns that cannot be read and that the log has told of. */
  private static final Set<String> TOLD_UNREADABLE = ConcurrentHashMap.newKeySet();

  /** Campaigns with figures that cannot be true and that the log has told of. */
  private static final Set<String> TOLD_FIGURES = ConcurrentHashMap.newKeySet();

  /** No number of calls above this is believed. */
  private static final double MOST_CALLS = 1e12;

  private static final String UNPACED =
      "A newer version of this service left it in a way that this version does not know, so that"
          + " nobody paces it: CXone is to pause it.";

  private static final long REPAIR_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** Due at a time that cannot be. */
  private static final String FAR =
      "due_at > :far and lane is not null"
          + " and (stage in ('ACTIVATING', 'ACTIVE', 'PAUSED') or command is not null)";

  private volatile long repairAt = System.nanoTime() + REPAIR_NANOS;

  private final Store store;
  private final AuditLog audit;
  private final LaunchProperties launch;
  private final CampaignListeners listeners;

  public CampaignStore(
      Store store, AuditLog audit, LaunchProperties launch, CampaignListeners listeners) {
    this.store = store;
    this.audit = audit;
    this.launch = launch;
    this.listeners = listeners;
  }

  /** Rows that this version can go on with; those of a newer one are that one's. */
  private static final String KNOWN =
      " and stage in ("
          + names(Stage.values(), Stage.UNKNOWN)
          + ") and (command is null or"
          + " command in ("
          + names(Command.values(), Command.UNKNOWN)
          + "))";

  /** What may dial although a newer version has it: an operator's pause and stop get through. */
  private static final String WORKABLE =
      "((1 = 1" + KNOWN + ") or remote_id is not null and command in ('PAUSE', 'STOP'))";

  /** A stop that is due whatever else its campaign waits for. */
  private static final String STOP_DUE =
      "ended = 0 and stop_at <= :now and (lane is not null or remote_id is not null)"
          + " and (command is null or command <> 'STOP')"
          + " and (claim_token is null or due_at <= :now)"
          + " and (remote_id is not null or (1 = 1"
          + KNOWN
          + "))";

  /** What a newer version has in hand, and no operator wants to be quiet. */
  private static final String NEWER =
      "(stage not in ("
          + names(Stage.values(), Stage.UNKNOWN)
          + ") or command not in ("
          + names(Command.values(), Command.UNKNOWN)
          + ")) and (command is null or command not in ('PAUSE', 'STOP'))";

  private static String names(Enum<?>[] all, Enum<?> but) {
    return Arrays.stream(all)
        .filter(one -> one != but)
        .map(one -> "'" + one.name() + "'")
        .collect(Collectors.joining(", "));
  }

  /** What was claimed moments ago and what became of the claim's row. */
  private record Settled(Lane lane, String command, long dueAt, String claim) {}

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
    return find(id).orElseThrow(() -> new UnknownCampaignException(id));
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
        .query(CampaignStore::readable)
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
    return sql
        .sql("select * from campaign where ended = 0 and name_key = ? order by id")
        .param(Names.key(name))
        .query(CampaignStore::readable)
        .list()
        .stream()
        .filter(Objects::nonNull)
        .toList();
  }

  /**
   * Gives their keys to names that an older version has kept. Campaigns that carry the same name by
   * now go on beside each other, and the log tells of them once.
   */
  @PostConstruct
  void keyNames() {
    String unkeyed =
        "select id, name from campaign where ended = 0 and name_key is null order by id";
    if (store.read().sql(unkeyed).query().listOfRows().isEmpty()) {
      return;
    }
    store.write(
        tx -> {
          tx.sql()
              .sql(unkeyed)
              .query((row, n) -> Map.entry(row.getString(1), row.getString(2)))
              .list()
              .forEach(one -> keyName(tx, one.getKey(), one.getValue()));
          return null;
        });
  }

  private static void keyName(Tx tx, String id, String name) {
    List<Campaign> others = carrying(tx.sql(), name);
    tx.sql()
        .sql("update campaign set name_key = ?, name_twin = ? where id = ?")
        .params(Names.key(name), others.isEmpty() ? "" : id, id)
        .update();
    if (!others.isEmpty()) {
      LOG.warn(
          "Campaigns {} ({}) and {} ({}) have names that nobody can tell apart. Both go on; a new"
              + " one of that name is refused until both have ended.",
          others.get(0).id(),
          others.get(0).name(),
          id,
          name);
    }
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
    return store
        .read()
        .sql("select * from campaign" + where + " order by id limit :limit")
        .params(params)
        .query(CampaignStore::readable)
        .list()
        .stream()
        .filter(Objects::nonNull)
        .toList();
  }

  /** One line of a campaign's history. */
  public record StageChange(int seq, long at, Stage stage, String reason) {}

  /** Every change of stage, oldest first. */
  public List<StageChange> history(String id) {
    return store
        .read()
        .sql("select seq, at, stage, reason from campaign_stage where campaign_id = ? order by seq")
        .param(id)
        .query(
            (row, n) ->
                new StageChange(
                    row.getInt(1), row.getLong(2), Stage.of(row.getString(3)), row.getString(4)))
        .list();
  }

  /** How many campaigns are in each stage. */
  public Map<Stage, Long> countByStage() {
    Map<Stage, Long> counts = new HashMap<>();
    store
        .read()
        .sql("select stage, count(*) from campaign group by stage")
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
   * Claims campaigns whose work in this lane is due, the longest due first.
   *
   * @param most not more than can be started now
   */
  public List<Campaign> claim(Lane lane, int most) {
    long nanos = System.nanoTime();
    if (lane == Lane.LOOK && nanos - repairAt >= 0) {
      repairAt = nanos + REPAIR_NANOS;
      repairDueTimes();
    }
    if (most <= 0 || nothingDue(lane)) {
      return List.of();
    }
    String token = Ids.next("run", store.now());
    try {
      return store.write(tx -> claim(tx, lane, most, token, ""), lane == Lane.COMMAND);
    } catch (StoreUnavailableException e) {
      if (lane == Lane.LAUNCH && e.nothingChanged()) {
        return claimActivating(most, token);
      }
      throw perhapsClaimed(e, token);
    }
  }

  /** On a full disk: what CXone was asked to activate must not begin to dial unseen. */
  private List<Campaign> claimActivating(int most, String token) {
    try {
      return store.write(
          tx -> claim(tx, Lane.LAUNCH, most, token, " and stage = 'ACTIVATING'"), true);
    } catch (StoreUnavailableException e) {
      throw perhapsClaimed(e, token);
    }
  }

  /** What may be claimed is not left alone until its lease ends. */
  private StoreUnavailableException perhapsClaimed(StoreUnavailableException e, String token) {
    if (!e.nothingChanged()) {
      store.later(tx -> release(tx, token));
    }
    return e;
  }

  private static int release(Tx tx, String token) {
    return tx.sql()
        .sql("update campaign set claim_token = null, due_at = ? where claim_token = ?")
        .params(tx.now(), token)
        .update();
  }

  private boolean nothingDue(Lane lane) {
    String due = "select id from campaign where lane = :lane and due_at <= :now and " + WORKABLE;
    String stop =
        lane == Lane.COMMAND ? " union all select id from campaign where " + STOP_DUE : "";
    return store
        .read()
        .sql(due + stop + " limit 1")
        .param("lane", lane.code())
        .param("now", store.now())
        .query(String.class)
        .optional()
        .isEmpty();
  }

  private List<Campaign> claim(Tx tx, Lane lane, int most, String token, String only) {
    String inLane = "lane = :lane and due_at <= :now and " + WORKABLE + only;
    String claimable = inLane;
    Map<String, Long> due = new HashMap<>();
    if (lane == Lane.LAUNCH) {
      due.putAll(due(tx, lane, inLane, "due_at", most));
    } else {
      if (lane == Lane.COMMAND) { // whatever it waits for, a back-off say, its stopAt goes first
        claimable = "(" + inLane + " or " + STOP_DUE + ")";
        due.putAll(due(tx, lane, STOP_DUE, "stop_at", most));
      }
      // what an operator wants before what pacing wants, and both before slow looks
      String ownLast = "case when command in ('HOLD', 'RELEASE') then 1 else 0 end, due_at";
      String commanded = inLane + " and command is not null";
      due.putAll(due(tx, lane, commanded, ownLast, most - due.size()));
      due.putAll(due(tx, lane, inLane + " and command is null", "due_at", most - due.size()));
    }
    if (due.isEmpty()) {
      return List.of();
    }
    String stops = "ended = 0 and stop_at <= :now and (command is null or command <> 'STOP')";
    List<Campaign> claimed =
        tx.sql()
            .sql(
                """
                update campaign set due_at = :lease, claim_token = :token,
                  command = case when STOPS then 'STOP' else command end,
                  command_at = case when STOPS then :now else command_at end,
                  asked_at = case when STOPS then null else asked_at end,
                  asks = case when STOPS then 0 else asks end,
                  polls = case when STOPS then 0 else polls end,
                  changed_at = case when STOPS then :now else changed_at end,
                  lane = case when STOPS then :commands else lane end
                where id in (:ids) and CLAIMABLE
                returning *"""
                    .replace("STOPS", stops)
                    .replace("CLAIMABLE", claimable))
            .param("lease", tx.now() + launch.lease().toMillis())
            .param("token", token)
            .param("now", tx.now())
            .param("lane", lane.code())
            .param("commands", Lane.COMMAND.code())
            .param("ids", InList.of(due.keySet()))
            .query((row, n) -> readable(row, due.get(row.getString("id")), true))
            .list();
    List<Campaign> inOrder = new ArrayList<>(claimed);
    inOrder.removeIf(Objects::isNull);
    inOrder.sort((a, b) -> Long.compare(a.dueSince(), b.dueSince()));
    return inOrder;
  }

  /** When those fell due that were due longest, by their ids, locked. */
  private Map<String, Long> due(Tx tx, Lane lane, String which, String order, int most) {
    Map<String, Long> due = new HashMap<>();
    if (most <= 0) {
      return due;
    }
    tx.sql()
        .sql(
            "select id, due_at from campaign where "
                + which
                + " order by "
                + order
                + " limit :most"
                + store.claimLock())
        .param("lane", lane.code())
        .param("now", tx.now())
        .param("most", most)
        .query((RowCallbackHandler) row -> due.put(row.getString(1), row.getLong(2)));
    return due;
  }

  /**
   * In an embedded store nobody else can hold a lease when the service starts: what a crash left
   * claimed is due at once, and a create that it had sent is with CXone since before now.
   *
   * @return how many there were
   */
  public int releaseLeftovers() {
    if (!store.claimLock().isEmpty()) {
      return 0;
    }
    return store.write(
        tx -> {
          watchAll(tx);
          pauseUnpaced(tx);
          repairDueTimes(tx);
          return tx.sql()
              .sql(
                  """
                    update campaign set claim_token = null, due_at = :now,
                      in_flight_until = case when in_flight_until > :grace then :grace
                        else in_flight_until end
                    where claim_token is not null""")
              .param("now", tx.now())
              .param("grace", tx.now() + launch.settleGrace().toMillis())
              .update();
        });
  }

  /**
   * What a newer version has left that may dial, though no tick of its pacing is due: in an
   * embedded store that can only have been before the start.
   */
  private void pauseUnpaced(Tx tx) {
    tx
        .sql()
        .sql(
            "select * from campaign where ended = 0 and remote_id is not null"
                + " and (active_at is not null or activating_at is not null) and "
                + NEWER)
        .query(CampaignStore::readable)
        .list()
        .stream()
        .filter(Objects::nonNull)
        .filter(campaign -> pauseUnpaced(tx, campaign))
        .forEach(campaign -> LOG.warn("Campaign {}: {}", campaign.id(), UNPACED));
  }

  /**
   * What may dial is due again within a time that is known. A due time far beyond, of a row that
   * was damaged, would have nobody look at it: such a row is due now.
   */
  private void repairDueTimes(Tx tx) {
    int repaired =
        tx.sql()
            .sql("update campaign set due_at = :now, claim_token = null where " + FAR)
            .param("now", tx.now())
            .param("far", tx.now() + longestWait())
            .update();
    if (repaired > 0) {
      LOG.warn("{} campaigns were due at a time that cannot be; they are looked at now.", repaired);
    }
  }

  /** ms: no work of what may dial, or is commanded, is due later than this. */
  private long longestWait() {
    return 2
        * Stream.of(
                launch.lease(), launch.lookPeriod(), launch.retryMax(), launch.activationTimeout())
            .mapToLong(Duration::toMillis)
            .max()
            .orElseThrow();
  }

  /** The same for all processes on a store, and while the service runs. */
  public void repairDueTimes() {
    boolean damaged =
        store
            .read()
            .sql("select id from campaign where " + FAR + " limit 1")
            .param("far", store.now() + longestWait())
            .query(String.class)
            .optional()
            .isPresent();
    if (damaged) {
      store.write(
          tx -> {
            repairDueTimes(tx);
            return null;
          });
    }
  }

  /** What runs and is in no lane, since its row was damaged, would be looked at by nobody. */
  private static void watchAll(Tx tx) {
    int lost =
        tx.sql()
            .sql(
                "update campaign set due_at = :now, lane = case when command is null then :look else "
                    + Lane.OF_COMMAND
                    + " end where stage in ('ACTIVE', 'PAUSED')"
                    + " and (lane is null or typeof(lane) <> 'integer')")
            .param("now", tx.now())
            .param("look", Lane.LOOK.code())
            .update();
    if (lost > 0) {
      LOG.warn("{} running campaigns were in no lane; they are looked at again.", lost);
    }
  }

  /**
   * Writes what a step led to: the campaign, its history row and its audit line in one transaction.
   *
   * @param was the campaign as the run had claimed it
   * @return the campaign as it is now; {@code goOn} tells whether the run keeps its claim
   * @throws LeaseLostException when the run's lease had ended; nothing is written then
   */
  Campaign apply(Tx tx, Campaign was, Transition change) {
    Campaign to = change.to().with(CampaignStore::settleCommand);
    Settled settled = update(tx, was, to, tx.now() + launch.lease().toMillis());
    tell(tx, change);
    Campaign after = settled(to, settled);
    if (to.stage() != was.stage()) {
      listeners.entered(tx, was, to);
    }
    signal(tx, to, after, change);
    return after;
  }

  private static Campaign settled(Campaign to, Settled settled) {
    return to.with(
        d -> {
          d.lane = settled.lane();
          d.command = Command.of(settled.command());
          d.dueAt = settled.dueAt();
          d.claim = settled.claim();
          d.goOn = settled.claim() != null;
          d.creating = d.creating && d.goOn;
        });
  }

  private void signal(Tx tx, Campaign to, Campaign after, Transition change) {
    switch (change.pacing()) {
      case NONE -> {}
      case BEGINS -> listeners.pacingBegins(tx, to);
      case ENDS -> listeners.pacingEnds(tx, to);
      case HELD -> listeners.held(tx, after);
      case RELEASED -> {
        newerThanEvents(tx, after);
        listeners.released(tx, after, true);
      }
      case DIALS_BY_ITSELF -> {
        listeners.released(tx, after, false);
        seen(tx, after);
      }
      case SEEN -> seen(tx, after);
      case REFUSED ->
          listeners.holdRefused(tx, after, String.valueOf(change.details().get("reason")));
    }
  }

  private void seen(Tx tx, Campaign after) {
    if (after.stage() == Stage.ACTIVE) {
      listeners.seen(tx, after);
    }
  }

  /** What has ended takes no command but our own; what has one pending is urgent. */
  private static void settleCommand(Campaign.Draft draft) {
    if (draft.stage.ended() && draft.command != Command.HALT) {
      draft.command = null;
    }
    if (draft.command == null) {
      draft.commandAt = null;
      draft.askedAt = null;
      draft.asks = 0;
    } else {
      draft.lane = draft.command.lane();
    }
  }

  /**
   * What campaigns of a pool have been given to begin with that have no figures yet, in calls a
   * second.
   *
   * @param but its own rate does not count; null for none
   */
  double given(JdbcClient sql, String poolId, String but) {
    return sql.sql(
            "select coalesce(sum(first_rate), 0) from campaign where pool_id = ? and first_rate is"
                + " not null and id <> ?")
        .params(poolId, but == null ? "" : but)
        .query(Double.class)
        .single();
  }

  /**
   * Gives a campaign the rate that it is created with. One after the other of a pool: what one is
   * given, the next one does not get.
   *
   * @param payload makes the body of the create call from what others of the pool have been given
   */
  Campaign giveFirstRate(Tx tx, Campaign campaign, DoubleFunction<ObjectNode> payload) {
    store.lock(tx, "pool " + campaign.poolId());
    ObjectNode body = payload.apply(given(tx.sql(), campaign.poolId(), campaign.id()));
    Campaign with = campaign.with(d -> d.payload = body);
    List<PacingChange> changes =
        List.of(new PacingChange(tx.now(), with.firstRate(), "as launched"));
    tx.sql()
        .sql(
            "update campaign set payload = ?, pacing = ?, first_rate = ? where id = ? and"
                + " claim_token = ?")
        .params(
            Json.text(body),
            Json.text(Json.tree(changes)),
            with.firstRate(),
            campaign.id(),
            campaign.claim())
        .update();
    return with.with(d -> d.pacing = changes);
  }

  /** There are figures of a campaign: its pacing goes by them, and no longer by its first rate. */
  public void hasFigures(Tx tx, String id) {
    tx.sql()
        .sql("update campaign set first_rate = null where id = ? and first_rate is not null")
        .param(id)
        .update();
  }

  /** Adds the history row and the audit line of a change. */
  void tell(Tx tx, Transition change) {
    Campaign to = change.to();
    if (change.reason() != null) {
      tx.sql()
          .sql(
              "insert into campaign_stage (campaign_id, seq, at, stage, reason) select :id,"
                  + " coalesce(max(seq), 0) + 1, :at, :stage, :reason from campaign_stage where"
                  + " campaign_id = :id")
          .param("id", to.id())
          .param("at", tx.now())
          .param("stage", to.stage().name())
          .param("reason", change.reason())
          .update();
    }
    if (change.event() != null) {
      audit(tx, to, change.event(), change.details());
    }
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

  /** Ends a run that came to nothing, unless its lease has ended: the campaign is due again. */
  int giveBack(Tx tx, Campaign campaign) {
    return tx.sql()
        .sql(
            "update campaign set due_at = :now, claim_token = null where id = :id and claim_token ="
                + " :claim")
        .param("now", tx.now())
        .param("id", campaign.id())
        .param("claim", campaign.claim())
        .update();
  }

  /**
   * Puts a campaign back whose poll found nothing new: the commonest write of all, so it touches
   * nothing but what a poll changes. A command that arrived meanwhile goes first.
   *
   * @param dueAt when it is polled again
   * @throws LeaseLostException when the run's lease had ended; nothing is written then
   */
  Campaign putBack(Tx tx, Campaign polled, long dueAt) {
    int written =
        tx.sql()
            .sql(
                """
                update campaign set polls = :polls, attempt = 0, remote_status = :status,
                  failure_kind = null, failure_status = null, failure_code = null,
                  failure_message = null, claim_token = null,
                  changed_at = case when failure_kind is null then changed_at else :now end,
                  lane = case when command is null then lane else OF_COMMAND end,
                  due_at = case when command is null then :dueAt else :now end
                where id = :id and claim_token = :claim"""
                    .replace("OF_COMMAND", Lane.OF_COMMAND))
            .param("polls", polled.polls())
            .param("status", polled.remoteStatus())
            .param("dueAt", dueAt)
            .param("now", tx.now())
            .param("id", polled.id())
            .param("claim", polled.claim())
            .update();
    if (written == 0) {
      throw new LeaseLostException(polled);
    }
    return polled.with(
        d -> {
          d.attempt = 0;
          d.failure = null;
          d.dueAt = dueAt;
          d.claim = null;
          d.goOn = false;
        });
  }

  private Settled update(Tx tx, Campaign was, Campaign c, long leaseEnd) {
    // a command that arrived meanwhile goes first, whatever the step had in mind
    List<Settled> written =
        tx.sql()
            .sql(
                """
                update campaign set
                  compliance = :compliance, stage_at = :stageAt, name_key = :nameKey,
                  first_rate = case when :ended = 1 then null else first_rate end,
                  stage = case when :stage = 'UNKNOWN' then stage else :stage end,
                  ended = case when :stage = 'UNKNOWN' then ended else :ended end,
                  intent_at = :intentAt,
                  in_flight_until = :inFlightUntil, activating_at = :activatingAt, active_at = :activeAt,
                  attempt = :attempt, looks_after_end = :looksAfterEnd, look_ups = :lookUps, creates = :creates, latency_ms = :latencyMs,
                  remote_id = :remoteId, remote_status = :remoteStatus, webhook_id = :webhookId,
                  failure_kind = :failureKind, failure_status = :failureStatus,
                  failure_code = :failureCode, failure_message = :failureMessage, held = :held,
                  changed_at = case when :changed = 1 then :now else changed_at end,
                  command = case when OVERTAKEN then command else :command end,
                  command_at = case when OVERTAKEN then command_at else :commandAt end,
                  asked_at = case when OVERTAKEN then asked_at else :askedAt end,
                  asks = case when OVERTAKEN then asks else :asks end,
                  polls = case when OVERTAKEN then polls else :polls end,
                  lane = case when OVERTAKEN then OF_COMMAND else :lane end,
                  due_at = case when OVERTAKEN then :now
                    when :goOn = 1 then :leaseEnd else :dueAt end,
                  claim_token = case when :goOn = 1 and not OVERTAKEN
                    then claim_token else null end
                where id = :id and claim_token = :claim
                returning lane, command, due_at, claim_token"""
                    .replace("OVERTAKEN", "(coalesce(command, :was) <> :was)")
                    .replace("OF_COMMAND", Lane.OF_COMMAND))
            .params(columns(c))
            .param("now", tx.now())
            .param("changed", looksTheSame(was, c) ? 0 : 1)
            .param("leaseEnd", leaseEnd)
            .param("claim", was.claim())
            .param("was", was.command() == null ? "" : was.command().name())
            .query(
                (row, n) ->
                    new Settled(
                        lane(row, c.stage()), row.getString(2), row.getLong(3), row.getString(4)))
            .list();
    if (written.isEmpty()) {
      throw new LeaseLostException(c);
    }
    return written.get(0);
  }

  /**
   * Whether nothing of what operators are shown differs, as after a look that found nothing new.
   */
  private static boolean looksTheSame(Campaign was, Campaign is) {
    return was.stage() == is.stage()
        && was.pending() == is.pending()
        && was.held() == is.held()
        && was.attempt() == is.attempt()
        && Objects.equals(was.failure(), is.failure())
        && Objects.equals(was.remoteId(), is.remoteId())
        && Objects.equals(was.remoteStatus(), is.remoteStatus());
  }

  private static Map<String, Object> columns(Campaign c) {
    Map<String, Object> columns = new HashMap<>();
    columns.put("id", c.id());
    columns.put("nameKey", Names.key(c.name()));
    columns.put("compliance", Json.text(c.compliance()));
    columns.put("stage", c.stage().name());
    columns.put("ended", c.stage().ended() ? 1 : 0);
    columns.put("stageAt", c.stageAt());
    columns.put("intentAt", c.intentAt());
    columns.put("inFlightUntil", c.inFlightUntil());
    columns.put("activatingAt", c.activatingAt());
    columns.put("activeAt", c.activeAt());
    columns.put("polls", c.polls());
    columns.put("attempt", c.attempt());
    columns.put("lookUps", c.lookUps());
    columns.put("creates", c.creates());
    columns.put("latencyMs", c.latencyMs());
    columns.put("remoteId", c.remoteId());
    columns.put("remoteStatus", c.remoteStatus());
    columns.put("webhookId", c.webhookId());
    Failure failure = c.failure();
    columns.put("failureKind", failure == null ? null : failure.kind().name());
    columns.put("failureStatus", failure == null ? null : failure.status());
    columns.put("failureCode", failure == null ? null : failure.code());
    columns.put("failureMessage", failure == null ? null : failure.message());
    columns.put("held", c.held() ? 1 : 0);
    columns.put("commandAt", c.commandAt());
    columns.put("askedAt", c.askedAt());
    columns.put("asks", c.asks());
    columns.put("looksAfterEnd", c.looksAfterEnd());
    columns.put("lane", c.lane() == null ? null : c.lane().code());
    columns.put("dueAt", c.dueAt());
    columns.put("goOn", c.goOn() ? 1 : 0);
    columns.put("command", c.command() == null ? null : c.command().name());
    return columns;
  }

  /** Adds a campaign unless its source, its external id or its name is taken. */
  boolean insert(Tx tx, Campaign c) {
    return tx.sql()
            .sql(
                """
                insert into campaign (
                  id, external_id, source_key, fingerprint, name, name_key, request, payload, compliance,
                  policy_name, policy_version, policy_sha256, stage, ended, accepted_at, stage_at,
                  activate_at, stop_at, polls, attempt, look_ups, creates, pacing, attempted_calls,
                  connected_calls, held, changed_at, pool_id, lane, due_at)
                values (
                  :id, :externalId, :sourceKey, :fingerprint, :name, :nameKey, :request, :payload,
                  :compliance, :policyName, :policyVersion, :policySha, :stage, 0, :acceptedAt,
                  :acceptedAt, :activateAt, :stopAt, 0, 0, 0, 0, :pacing, 0, 0, 0, :acceptedAt,
                  :poolId, :lane, :dueAt)
                on conflict do nothing""")
            .param("id", c.id())
            .param("externalId", c.externalId())
            .param("sourceKey", c.sourceKey())
            .param("fingerprint", c.fingerprint())
            .param("name", c.name())
            .param("nameKey", Names.key(c.name()))
            .param("request", Json.text(c.request()))
            .param("payload", Json.text(c.payload()))
            .param("compliance", Json.text(c.compliance()))
            .param("policyName", c.policy().name())
            .param("policyVersion", c.policy().version())
            .param("policySha", c.policy().sha256())
            .param("stage", c.stage().name())
            .param("acceptedAt", c.acceptedAt())
            .param("activateAt", c.activateAt())
            .param("stopAt", c.stopAt())
            .param("pacing", Json.text(Json.tree(c.pacing())))
            .param("poolId", c.poolId())
            .param("lane", c.lane().code())
            .param("dueAt", c.dueAt())
            .update()
        == 1;
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
    Campaign was =
        lock(tx, id, store.rowLock()).orElseThrow(() -> new UnknownCampaignException(id));
    List<PacingChange> changes = new ArrayList<>(was.pacing());
    changes.add(change);
    if (changes.size() > MOST_PACING_CHANGES) {
      changes.subList(0, changes.size() - MOST_PACING_CHANGES).clear();
    }
    tx.sql()
        .sql("update campaign set pacing = ? where id = ?")
        .params(Json.text(Json.tree(changes)), id)
        .update();
    Campaign now = was.with(d -> d.pacing = List.copyOf(changes));
    audit(tx, now, "PACING_CHANGE", details);
    return now;
  }

  /** Events that happened before now, such as that of a hold which comes late, tell no news. */
  static void newerThanEvents(Tx tx, Campaign campaign) {
    tx.sql()
        .sql("update campaign set event_at = ? where id = ?")
        .params(tx.now(), campaign.id())
        .update();
  }

  /**
   * Gives a running campaign one of pacing's own commands, unless one is still to be carried out:
   * what an operator wants goes first. A hold takes the place of a release.
   *
   * @return whether it was given
   */
  public boolean pend(Tx tx, String id, Command command) {
    return tx.sql()
            .sql(
                """
                update campaign set command = :command, command_at = :now, asked_at = null,
                  asks = 0, polls = 0,
                  lane = case when claim_token is null then :lane else lane end,
                  due_at = case when claim_token is null then :now else due_at end
                where id = :id and stage = 'ACTIVE'
                  and (command is null or command = 'RELEASE' and :command = 'HOLD')""")
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
                update campaign set command = 'PAUSE', command_at = :now, asked_at = null,
                  asks = 0, polls = 0, lane = :lane, changed_at = :now,
                  due_at = case when claim_token is null then :now else due_at end
                where id = :id and remote_id is not null and ended = 0 and """
                    + NEWER)
            .param("lane", Command.PAUSE.lane().code())
            .param("now", tx.now())
            .param("id", campaign.id())
            .update();
    if (written == 1) {
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
    Map<String, Campaign> found = new HashMap<>();
    if (!ids.isEmpty()) {
      store
          .read()
          .sql("select * from campaign where id in (:ids)")
          .param("ids", InList.of(ids))
          .query(CampaignStore::readable)
          .list()
          .stream()
          .filter(Objects::nonNull)
          .forEach(c -> found.put(c.id(), c));
    }
    return found;
  }

  /**
   * Lets whoever watches a campaign look at once: an event told that something has happened to it.
   * What has happened is CXone's to say, so a late or forged event changes nothing. One that has
   * ended is looked at once more.
   */
  public void lookNow(Tx tx, String remoteId) {
    tx.sql()
        .sql(
            """
            update campaign set due_at = :now, lane = coalesce(lane, :look),
              looks_after_end = case when lane is null then 1 else looks_after_end end
            where remote_id = :id and claim_token is null
              and (lane is not null and due_at > :now or lane is null and ended = 1)""")
        .param("now", tx.now())
        .param("look", Lane.LOOK.code())
        .param("id", remoteId)
        .update();
  }

  private static Campaign readable(ResultSet row, int n) throws SQLException {
    return readable(row, null, false);
  }

  /**
   * A row that cannot be read harms no other: it is left out, and told once.
   *
   * @param dueSince null for when it is due
   * @return null when it cannot be read
   */
  private static Campaign readable(ResultSet row, Long dueSince, boolean goOn) throws SQLException {
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
  private static Lane lane(ResultSet row, Stage stage) throws SQLException {
    Object stored = row.getObject("lane");
    return stored == null || stored instanceof Integer ? Lane.of((Integer) stored) : Lane.of(stage);
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
        time(row, "activate_at"),
        time(row, "stop_at"),
        time(row, "intent_at"),
        time(row, "in_flight_until"),
        time(row, "activating_at"),
        time(row, "active_at"),
        row.getInt("polls"),
        row.getInt("attempt"),
        row.getInt("look_ups"),
        row.getInt("creates"),
        time(row, "latency_ms"),
        row.getString("remote_id"),
        row.getString("remote_status"),
        row.getString("webhook_id"),
        failure(row),
        Json.storedListOrNone(row.getString("pacing"), PacingChange.class),
        row.getLong("attempted_calls"),
        row.getLong("connected_calls"),
        row.getInt("held") == 1,
        Command.of(row.getString("command")),
        time(row, "command_at"),
        time(row, "asked_at"),
        row.getInt("asks"),
        row.getInt("looks_after_end"),
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
    return new Failure(Failure.Kind.UNKNOWN, null, null, message);
  }

  private static long calls(Campaign campaign, JsonNode figures, String name, long known) {
    JsonNode told = figures.path(name);
    if (!told.isNumber()) {
      return known;
    }
    double calls = told.doubleValue();
    if (!(calls >= 0 && calls <= MOST_CALLS)) {
      String why = "%s of %s from CXone cannot be true, so it is none.".formatted(name, told);
      if (TOLD_FIGURES.add(campaign.id())) {
        LOG.warn("Campaign {}: {}", campaign.id(), why);
      }
      throw new CxoneUnavailableException(Kind.UNREACHABLE, why, null, null);
    }
    return (long) calls;
  }

  private static Long time(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
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
    int status = row.getInt("failure_status");
    return new Failure(
        Failure.Kind.of(kind),
        row.wasNull() ? null : status,
        row.getString("failure_code"),
        row.getString("failure_message"));
  }

  /**
   * Keeps the latest figures of a campaign's calls, which its later audit lines carry.
   *
   * @param figures {@code {attemptedCalls, connectedCalls}} since it first was ACTIVE
   * @return the campaign with them
   * @throws CxoneUnavailableException when they cannot be true, which is no answer
   * @throws LeaseLostException when the run's lease had ended; nothing is written then
   */
  public Campaign figures(Campaign campaign, JsonNode figures) {
    long attempted = calls(campaign, figures, "attemptedCalls", campaign.attemptedCalls());
    long connected = calls(campaign, figures, "connectedCalls", campaign.connectedCalls());
    int written =
        store.write(
            tx ->
                tx.sql()
                    .sql(
                        "update campaign set attempted_calls = ?, connected_calls = ? where id = ?"
                            + " and claim_token = ?")
                    .params(attempted, connected, campaign.id(), campaign.claim())
                    .update());
    if (written == 0) {
      throw new LeaseLostException(campaign);
    }
    return campaign.with(
        d -> {
          d.attemptedCalls = attempted;
          d.connectedCalls = connected;
        });
  }
}
