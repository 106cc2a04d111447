package io.campaignroutes.campaign;

import io.campaignroutes.access.By;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import io.campaignroutes.store.WorkQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Claims of campaigns whose work is due. A claim is one short transaction that pushes the due time
 * to the end of a lease under a fresh token; every later write of that run is fenced by the token.
 * After a crash the row simply falls due again.
 */
@Component
public class CampaignClaims {
  private static final Logger LOG = LoggerFactory.getLogger(CampaignClaims.class);

  /** What every write of a run ends with: {@link WorkQueue#fence(String)}. */
  static final String FENCE = WorkQueue.fence("id");

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

  private static final String IN_LANE = "lane = LANE and " + WORKABLE;

  /** What its stopAt stops whatever else it waits for, once that has come. */
  private static final String STOPS_AT =
      "ended = 0 and stop_at is not null and (lane is not null or remote_id is not null)"
          + " and (command is null or command <> 'STOP')"
          + " and (claim_token is null or due_at <= :now)"
          + " and (remote_id is not null or (1 = 1"
          + KNOWN
          + "))";

  private static final String STOP_DUE = STOPS_AT + " and stop_at <= :now";

  /**
   * What a stop that is due makes of a campaign, whatever command it has. In SQL since a claim is
   * one statement: the command that counts is the one that the row has then. It stops whatever the
   * table of transitions has {@code STOP} allowed for, which a test compares.
   */
  private static final String STOPS =
      """
      , command = case when STOPS then 'STOP' else command end,
        command_at = case when STOPS then :now else command_at end,
        command_by = case when STOPS then :stopAt else command_by end,
        command_by_at = case when STOPS then :now else command_by_at end,
        asked_at = case when STOPS then null else asked_at end,
        asks = case when STOPS then 0 else asks end,
        polls = case when STOPS then 0 else polls end,
        changed_at = case when STOPS then :now else changed_at end,
        lane = case when STOPS then :commands else lane end"""
          .replace(
              "STOPS", "ended = 0 and stop_at <= :now and (command is null or command <> 'STOP')");

  private final Store store;
  private final LaunchProperties launch;
  private final CampaignStore campaigns;
  private final WorkQueue queue;

  /** The last time by which a launch waits for its turn to call CXone, in ms since the epoch. */
  private final AtomicLong turn = new AtomicLong();

  private volatile long repairAt = System.nanoTime() + REPAIR_NANOS;

  public CampaignClaims(Store store, LaunchProperties launch, CampaignStore campaigns) {
    this.store = store;
    this.launch = launch;
    this.campaigns = campaigns;
    this.queue = new WorkQueue(store, "campaign", "id", launch.lease());
  }

  /**
   * Claims campaigns whose work in this lane is due, the longest due first.
   *
   * @param most not more than can be started now
   */
  public List<Campaign> claim(PriorityClass lane, int most) {
    long nanos = System.nanoTime();
    if (lane == PriorityClass.LOOK && nanos - repairAt >= 0) {
      repairAt = nanos + REPAIR_NANOS;
      repairDueTimes();
    }
    if (most <= 0) {
      return List.of();
    }
    long now = store.nearlyNow();
    long dueAt = dueAt(lane, now);
    if (dueAt > now) {
      store.due(lane.timer()).quietFor(dueAt - now);
      return List.of();
    }
    // also on a full disk what CXone was asked to activate must not begin to dial unseen
    return claim(lane, most, lane == PriorityClass.COMMAND || lane == PriorityClass.ACTIVATION);
  }

  /** When the first of what waits in a lane falls due; {@code Long.MAX_VALUE} for nothing. */
  private long dueAt(PriorityClass lane, long now) {
    long work = queue.dueAt(due(inLane(lane)), "due_at", now);
    return lane == PriorityClass.COMMAND
        ? Math.min(work, queue.dueAt(due(STOPS_AT), "stop_at", now))
        : work;
  }

  /** A campaign that nobody has claimed falls due for the timers. */
  static void announce(Tx tx, PriorityClass lane, long dueAt, Long stopAt) {
    if (lane != null) {
      tx.due(lane.timer(), dueAt);
    }
    if (stopAt != null) {
      tx.due(PriorityClass.COMMAND.timer(), stopAt);
    }
  }

  /**
   * What is in a lane, due or not. Its number stands in the text, by which SQLite finds the index
   * that is made for it.
   */
  static String inLane(PriorityClass lane) {
    return IN_LANE.replace("LANE", Integer.toString(lane.code()))
        + switch (lane) {
          case LAUNCH -> " and stage <> 'ACTIVATING'";
          case ACTIVATION -> " and stage = 'ACTIVATING'";
          default -> "";
        };
  }

  private static WorkQueue.Due due(String condition) {
    return new WorkQueue.Due(
        condition, Map.of("commands", PriorityClass.COMMAND.code(), "stopAt", By.STOP_AT.stored()));
  }

  private List<Campaign> claim(PriorityClass lane, int most, boolean commanded) {
    String token = WorkQueue.newToken(store);
    List<Campaign> claimed = queue.write(token, tx -> claim(tx, lane, most, token), commanded);
    List<Campaign> inOrder = new ArrayList<>(claimed);
    inOrder.removeIf(Objects::isNull);
    inOrder.sort(Comparator.comparingLong(Campaign::dueSince));
    return inOrder;
  }

  private List<Campaign> claim(Tx tx, PriorityClass lane, int most, String token) {
    WorkQueue.Due inLane = due(inLane(lane) + " and due_at <= :now");
    WorkQueue.Due claimable = inLane;
    Map<String, Long> due = new HashMap<>();
    if (lane == PriorityClass.LAUNCH) {
      due.putAll(oneByOne(queue.lock(tx, inLane, "due_at", most)));
    } else if (lane == PriorityClass.ACTIVATION) {
      due.putAll(queue.lock(tx, inLane, "due_at", most));
    } else {
      if (lane == PriorityClass.COMMAND) {
        // whatever it waits for, a back-off say, its stopAt goes first
        claimable = due("(" + inLane.condition() + " or " + STOP_DUE + ")");
        due.putAll(queue.lock(tx, due(STOP_DUE), "stop_at", most));
      }
      // what an operator wants before what pacing wants, and both before slow looks
      String ownLast = "case when command in ('HOLD', 'RELEASE') then 1 else 0 end, due_at";
      WorkQueue.Due commanded = due(inLane.condition() + " and command is not null");
      WorkQueue.Due others = due(inLane.condition() + " and command is null");
      due.putAll(queue.lock(tx, commanded, ownLast, most - due.size()));
      due.putAll(queue.lock(tx, others, "due_at", most - due.size()));
    }
    return queue.take(
        tx,
        due.keySet(),
        token,
        claimable,
        STOPS,
        (row, n) -> StoredCampaign.readable(row, due.get(row.getString("id")), true));
  }

  /**
   * Of those that fell due at the same moment, as with one file, each goes before the next with all
   * of its calls to CXone: all of them together, step by step, would be activated at once, and dial
   * until the first of them is looked at.
   *
   * @param due by id, the first due first
   */
  private Map<String, Long> oneByOne(Map<String, Long> due) {
    due.replaceAll((id, at) -> turn.updateAndGet(last -> Math.max(at, last + 1)));
    return due;
  }

  /**
   * In an embedded store nobody else can hold a lease when the service starts: what a crash left
   * claimed is due at once, and a create that it had sent is with CXone since before now.
   *
   * @return how many there were
   */
  public int releaseLeftovers() {
    if (queue.shared()) {
      return 0;
    }
    return store.write(
        tx -> {
          watchAll(tx);
          campaigns.pauseUnpaced(tx);
          repairDueTimes(tx);
          tx.sql()
              .sql(
                  "update campaign set in_flight_until = :grace"
                      + " where claim_token is not null and in_flight_until > :grace")
              .param("grace", tx.now() + launch.settleGrace().toMillis())
              .update();
          return queue.releaseLeftovers(tx);
        });
  }

  /**
   * What may dial is due again within a time that is known. A due time far beyond, of a row that
   * was damaged, would have nobody look at it: such a row is due now.
   */
  private void repairDueTimes(Tx tx) {
    int repaired = queue.dueNow(tx, far(tx.now()));
    if (repaired > 0) {
      LOG.warn("{} campaigns were due at a time that cannot be; they are looked at now.", repaired);
    }
  }

  private WorkQueue.Due far(long now) {
    return new WorkQueue.Due(FAR, Map.of("far", now + longestWait()));
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
    if (!queue.nothingDue(far(store.now()))) {
      store.run(tx -> repairDueTimes(tx));
    }
  }

  /** What runs and is in no lane, since its row was damaged, would be looked at by nobody. */
  private static void watchAll(Tx tx) {
    int lost =
        tx.sql()
            .sql(
                "update campaign set due_at = :now, lane = case when command is null then :look else "
                    + PriorityClass.OF_COMMAND
                    + " end where stage in ('ACTIVE', 'PAUSED')"
                    + " and (lane is null or typeof(lane) <> 'integer')")
            .param("now", tx.now())
            .param("look", PriorityClass.LOOK.code())
            .update();
    if (lost > 0) {
      LOG.warn("{} running campaigns were in no lane; they are looked at again.", lost);
    }
  }

  /** Ends a run that came to nothing, unless its lease has ended: the campaign is due again. */
  int giveBack(Tx tx, Campaign campaign) {
    announce(tx, campaign.lane(), tx.now(), tx.now()); // a command may have come meanwhile
    return tx.sql()
        .sql("update campaign set due_at = :now, claim_token = null" + FENCE)
        .param("now", tx.now())
        .param("id", campaign.id())
        .param("claim", campaign.claim())
        .update();
  }
}
