package io.campaignroutes.pacing;

import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignStore;
import io.campaignroutes.campaign.Command;
import io.campaignroutes.campaign.FirstRates;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.store.InList;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.StoreUnavailableException;
import io.campaignroutes.store.Tx;
import io.campaignroutes.store.WorkQueue;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Takes ticks that are due, so that nobody else has them meanwhile. */
@Component
class PacingClaims {
  private static final Logger LOG = LoggerFactory.getLogger(PacingClaims.class);

  /** What every write of a tick ends with: {@link WorkQueue#fence(String)}. */
  static final String FENCE = WorkQueue.fence("campaign_id");

  private static final String FORGOTTEN =
      "what was remembered of its pacing cannot be read; it is held and begins anew";

  private static final String UNPACED =
      "held, because nothing could be written to the store, so that nobody paced it";

  /** Bounds what one transaction of a reserve that is small has to take. */
  private static final int MAX_HELD_AT_ONCE = 100;

  private static final WorkQueue.Due WHENEVER = new WorkQueue.Due("due_at is not null", Map.of());

  /** While pools are always due, others are looked for this often. */
  private static final long WAKE_NANOS = Duration.ofSeconds(1).toNanos();

  private final Store store;
  private final CampaignStore campaigns;
  private final PacingPlans plans;
  private final PacingMemory memory;
  private final PacingProperties properties;
  private final PoolQueue queue;
  private final WorkQueue pools;
  private final WorkQueue rows;
  private volatile long wokenAt = System.nanoTime() - WAKE_NANOS;

  PacingClaims(
      Store store,
      CampaignStore campaigns,
      PacingPlans plans,
      PacingMemory memory,
      PacingProperties properties,
      PoolQueue queue) {
    this.store = store;
    this.campaigns = campaigns;
    this.plans = plans;
    this.memory = memory;
    this.properties = properties;
    this.queue = queue;
    this.pools = new WorkQueue(store, "pool", "id", properties.lease());
    this.rows =
        new WorkQueue(
            store,
            "pacing",
            "campaign_id",
            properties.lease(),
            "case when edge_at > :now and edge_at < :lease then edge_at else :lease end");
  }

  /** A pool that is claimed. */
  private record Pool(String id, long seq, String state, long decidedAt) {
    static Pool of(ResultSet row, int n) throws SQLException {
      return new Pool(
          row.getString("id"),
          row.getLong("seq"),
          row.getString("state"),
          row.getLong("changed_at"));
    }
  }

  /**
   * What was claimed.
   *
   * @param due since when each pool has been due
   * @param members the same of their campaigns
   */
  private record Claimed(
      List<Pool> pools, Map<String, Long> due, List<PacingRow> rows, Map<String, Long> members) {
    static final Claimed NONE = new Claimed(List.of(), Map.of(), List.of(), Map.of());
  }

  /**
   * Claims pools whose tick is due, the longest due first, and with each its campaigns: all but
   * those that rest for longer than until the next tick.
   *
   * @param most pools, not more than can be started now
   */
  List<PoolRun> claim(int most) {
    if (most <= 0) {
      return List.of();
    }
    long now = store.nearlyNow();
    long dueAt = pools.dueAt(WHENEVER, "due_at", now);
    boolean woken = false;
    if (dueAt > now || System.nanoTime() - wokenAt > WAKE_NANOS) {
      wokenAt = System.nanoTime();
      woken = queue.wake();
    }
    if (dueAt > now && !woken) {
      store.due(PoolQueue.TIMER).quietFor(dueAt - now);
      return List.of();
    }
    String token = WorkQueue.newToken(store);
    Claimed claimed = claim(token, most);
    try {
      return claimed.pools().isEmpty() ? List.of() : runs(claimed, token);
    } catch (StoreUnavailableException e) { // nobody else has them before the lease ends
      store.later(tx -> rows.release(tx, token) + pools.release(tx, token));
      throw e;
    }
  }

  private Claimed claim(String token, int most) {
    try {
      return pools.write(token, tx -> claim(tx, token, most), false);
    } catch (StoreUnavailableException e) {
      if (!e.nothingChanged()) {
        store.later(tx -> rows.release(tx, token));
      }
      throw e;
    }
  }

  private Claimed claim(Tx tx, String token, int most) {
    Map<String, Long> due = pools.lock(tx, WorkQueue.Due.ALL, "due_at", most);
    List<Pool> taken = pools.take(tx, due.keySet(), token, WorkQueue.Due.ALL, Pool::of);
    if (taken.isEmpty()) {
      return Claimed.NONE;
    }
    WorkQueue.Due theirs =
        new WorkQueue.Due(
            "pool_id in (:pools)"
                + " and (due_at <= :now or claim_token is null and due_at <= :soon)",
            Map.of(
                "pools",
                InList.of(taken.stream().map(Pool::id).toList()),
                "soon",
                tx.now() + properties.period().toMillis()));
    Map<String, Long> members = rows.lock(tx, theirs, "campaign_id", Integer.MAX_VALUE);
    List<PacingRow> claimed = rows.take(tx, members.keySet(), token, theirs, PacingRow::of);
    Set<String> busy = claimed.stream().map(PacingRow::poolId).collect(Collectors.toSet());
    for (Pool pool : taken) {
      if (busy.contains(pool.id())) {
        endAtTheEdge(tx, pool.id(), token);
      } else {
        PoolQueue.end(tx, pool.id(), token, tx.now() + properties.period().toMillis());
      }
    }
    return new Claimed(
        taken.stream().filter(pool -> busy.contains(pool.id())).toList(), due, claimed, members);
  }

  /** A tick that is never finished is taken up where calling hours of a campaign end. */
  private void endAtTheEdge(Tx tx, String poolId, String token) {
    tx.sql()
        .sql(
            """
            update pool set due_at = (select min(due_at) from pacing
                where pool_id = :pool and claim_token = :token and due_at > :soon)
            where id = :pool and exists (select 1 from pacing
                where pool_id = :pool and claim_token = :token and due_at > :soon)\
            """)
        .param("pool", poolId)
        .param("token", token)
        .param("soon", tx.now() + properties.period().toMillis())
        .update();
  }

  private List<PoolRun> runs(Claimed claimed, String token) {
    Map<String, Campaign> known =
        campaigns.byIds(claimed.rows().stream().map(PacingRow::campaignId).toList());
    Map<String, Double> given =
        FirstRates.toBegin(store.read(), claimed.pools().stream().map(Pool::id).toList(), null);
    Map<String, List<PacingRun>> beside = beside(claimed, token);
    long now = store.now();
    Map<String, Long> decided =
        claimed.pools().stream().collect(Collectors.toMap(Pool::id, Pool::decidedAt));
    Map<String, List<PacingRun>> runs = new HashMap<>();
    for (PacingRow row : claimed.rows()) {
      Campaign campaign = known.get(row.campaignId());
      if (campaign != null && campaign.ofNewerVersion()) {
        pauseUnpaced(campaign);
      }
      if (campaign != null && campaign.stage() == Stage.ACTIVE) {
        long dueSince = Math.min(now, claimed.members().get(row.campaignId()));
        runs.computeIfAbsent(row.poolId(), pool -> new ArrayList<>())
            .add(
                lookedAt(
                    run(campaign, row, token, dueSince, now),
                    Math.min(now, decided.get(row.poolId()))));
      }
    }
    return claimed.pools().stream()
        .map(
            pool ->
                new PoolRun(
                    pool.id(),
                    token,
                    claimed.due().get(pool.id()),
                    now + properties.lease().toMillis() / 2,
                    pool.seq(),
                    pool.state(),
                    given.getOrDefault(pool.id(), 0.0),
                    runs.getOrDefault(pool.id(), List.of()).stream()
                        .sorted(Comparator.comparingLong(PacingRun::dueSince))
                        .toList(),
                    beside.getOrDefault(pool.id(), List.of()),
                    null,
                    new TickAnswers()))
        .sorted(Comparator.comparingLong(PoolRun::dueSince))
        .toList();
  }

  /**
   * The campaigns of the pools whose change of an earlier tick is still under way, by pool: each
   * dials with what it had or with what it is to have, whichever is more.
   */
  private Map<String, List<PacingRun>> beside(Claimed claimed, String token) {
    List<PacingRow> busy =
        store
            .read()
            .sql(
                "select * from pacing where pool_id in (:pools) and due_at is not null"
                    + " and claim_token is not null and claim_token <> :token order by campaign_id")
            .param("pools", InList.of(claimed.pools().stream().map(Pool::id).toList()))
            .param("token", token)
            .query(PacingRow::of)
            .list();
    if (busy.isEmpty()) {
      return Map.of();
    }
    Map<String, Campaign> known =
        campaigns.byIds(busy.stream().map(PacingRow::campaignId).toList());
    long now = store.now();
    Map<String, List<PacingRun>> beside = new HashMap<>();
    for (PacingRow row : busy) {
      Campaign campaign = known.get(row.campaignId());
      if (campaign != null && campaign.stage() == Stage.ACTIVE && !campaign.ofNewerVersion()) {
        PacingRun run = run(campaign, row, token, now, now);
        double faster =
            Math.max(run.state().commanded(), row.writing() == null ? 0 : row.writing());
        beside
            .computeIfAbsent(row.poolId(), pool -> new ArrayList<>())
            .add(run.state(run.state().confirmed(faster, row.changedAt())));
      }
    }
    return beside;
  }

  /** Whoever rests was looked at with the last decision of the pool, which wrote nothing of it. */
  private PacingRun lookedAt(PacingRun run, long decidedAt) {
    return run.rests(decidedAt, properties.figures())
        ? run.state(run.state().lookedAt(decidedAt))
        : run;
  }

  private void pauseUnpaced(Campaign campaign) {
    try {
      campaigns.pauseUnpaced(campaign);
    } catch (StoreUnavailableException e) { // the others' ticks go on; it is tried again
      LOG.warn("Campaign {} cannot be paused now.", campaign.id(), e);
    }
  }

  private PacingRun run(Campaign campaign, PacingRow row, String token, long dueSince, long now) {
    Optional<PacingState> known = memory.known(campaign, row);
    PacingState state = known.orElseGet(() -> memory.start(campaign));
    boolean unsure = row.writing() != null && campaign.command() == null;
    if (known.isEmpty()) {
      LOG.error(
          "Campaign {}: what was remembered of its pacing cannot be read. It is held and begins"
              + " anew.",
          campaign.id());
      state = state.confirmed(campaign.held() ? 0 : row.fastest(), now);
    } else if (unsure && row.writing() > state.commanded()) {
      state = state.confirmed(row.writing(), now); // of two that may be in force, the faster
    }
    return new PacingRun(
        campaign,
        memory.plan(campaign),
        state,
        token,
        dueSince,
        row.seq(),
        row.rate(),
        new PacingRun.Standing(
            unsure,
            row.writeAt(),
            row.holdAt(),
            row.refusal(),
            row.tooFastSince(),
            row.breaks(),
            row.changedAt()),
        plans
            .trouble(campaign.request())
            .map(PacingPlans.Trouble::sentence)
            .orElse(known.isPresent() ? null : FORGOTTEN),
        null,
        null,
        PacingRun.Change.NONE);
  }

  /** In an embedded store nobody else can hold a claim when the service starts. */
  int releaseLeftovers() {
    pools.releaseLeftovers();
    return rows.releaseLeftovers();
  }

  /**
   * Has campaigns held that dial while nothing of their pacing can be written, some of them at a
   * time: as a command, for which there is room on a full disk.
   *
   * @return how many
   */
  int holdUnpaced() {
    List<String> dialing =
        store
            .read()
            .sql(
                "select id from campaign where stage = 'ACTIVE' and held = 0"
                    + " and (command is null or command = 'RELEASE') order by id limit ?")
            .param(MAX_HELD_AT_ONCE)
            .query(String.class)
            .list();
    return dialing.isEmpty()
        ? 0
        : store.write(tx -> (int) dialing.stream().filter(id -> holdUnpaced(tx, id)).count(), true);
  }

  private boolean holdUnpaced(Tx tx, String campaignId) {
    boolean holds = campaigns.pend(tx, campaignId, Command.HOLD);
    if (holds) {
      tx.sql()
          .sql("update pacing set writing_reason = ? where campaign_id = ?")
          .params(Words.none(properties.platform().byRatio()) + UNPACED, campaignId)
          .update();
    }
    return holds;
  }
}
