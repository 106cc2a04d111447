package io.campaignroutes.campaign;

import io.campaignroutes.store.Ids;
import io.campaignroutes.store.InList;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.StoreUnavailableException;
import io.campaignroutes.store.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.stereotype.Component;

/**
 * Claims of campaigns whose work is due. A claim is one short transaction that pushes the due time
 * to the end of a lease under a fresh token; every later write of that run is fenced by the token.
 * After a crash the row simply falls due again.
 */
@Component
public class CampaignClaims {
  private static final Logger LOG = LoggerFactory.getLogger(CampaignClaims.class);

  private static final long REPAIR_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** Due at a time that cannot be. */
  private static final String FAR =
      "due_at > :far and lane is not null"
          + " and (stage in ('ACTIVATING', 'ACTIVE', 'PAUSED') or command is not null)";

  /** Rows that this version can go on with; those of a newer one are that one's. */
  private static final String KNOWN =
      " and stage in ("
          + StoredCampaign.names(Stage.values(), Stage.UNKNOWN)
          + ") and (command is null or"
          + " command in ("
          + StoredCampaign.names(Command.values(), Command.UNKNOWN)
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

  private final Store store;
  private final LaunchProperties launch;
  private final CampaignStore campaigns;

  private volatile long repairAt = System.nanoTime() + REPAIR_NANOS;

  public CampaignClaims(Store store, LaunchProperties launch, CampaignStore campaigns) {
    this.store = store;
    this.launch = launch;
    this.campaigns = campaigns;
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
            .query((row, n) -> StoredCampaign.readable(row, due.get(row.getString("id")), true))
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
          campaigns.pauseUnpaced(tx);
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
}
