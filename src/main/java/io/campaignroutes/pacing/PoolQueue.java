package io.campaignroutes.pacing;

import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignStore;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import io.campaignroutes.store.WorkQueue;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * When a pool is due: with the first of its campaigns that is, but no sooner than a period after
 * its tick before. Whoever has a campaign due leaves its pool alone; that is looked for here.
 */
@Component
class PoolQueue {
  /** What every write of a tick ends with: {@link WorkQueue#fence(String)}. */
  static final String FENCE = WorkQueue.fence("id");

  /** The timer in {@code routes/} that takes pools. */
  static final String TIMER = "campaign-pacing";

  /** Campaigns that are looked at in one transaction. */
  private static final int MAX_AT_ONCE = 500;

  private final Store store;
  private final CampaignStore campaigns;
  private final PacingProperties properties;

  PoolQueue(Store store, CampaignStore campaigns, PacingProperties properties) {
    this.store = store;
    this.campaigns = campaigns;
    this.properties = properties;
  }

  /** A campaign that is due, with its pool; null where an older program has begun its pacing. */
  private record Waiting(String campaignId, String poolId) {}

  /**
   * Has pools due whose campaigns are and that would not be for longer than a period: no campaign
   * of them ran until now, or all rested, or nobody has ever seen the pool.
   *
   * @return whether there were any
   */
  boolean wake() {
    long now = store.nearlyNow();
    long latest = properties.lease().plus(properties.restPeriod()).toMillis();
    List<Waiting> waiting =
        store
            .read()
            .sql(
                """
                select c.campaign_id, c.pool_id from pacing c left join pool p on p.id = c.pool_id
                where c.due_at <= :now and (p.due_at is null or p.due_at > :latest
                  or p.claim_token is null and p.due_at > :soon)
                order by c.due_at limit :most\
                """)
            .param("now", now)
            .param("latest", now + latest)
            .param("soon", now + properties.period().toMillis())
            .param("most", MAX_AT_ONCE)
            .query((row, n) -> new Waiting(row.getString(1), row.getString(2)))
            .list();
    if (waiting.isEmpty()) {
      return false;
    }
    Map<String, String> found = found(waiting);
    TreeSet<String> pools = new TreeSet<>(found.values());
    waiting.stream().map(Waiting::poolId).filter(id -> id != null).forEach(pools::add);
    store.run(
        tx -> {
          found.forEach((id, pool) -> join(tx, id, pool));
          pools.forEach(pool -> wake(tx, pool, tx.now() + latest));
        });
    return true;
  }

  /** The pools of campaigns whose rows do not tell, sorted by the campaigns' ids. */
  private Map<String, String> found(List<Waiting> waiting) {
    List<String> unknown =
        waiting.stream().filter(w -> w.poolId() == null).map(Waiting::campaignId).toList();
    Map<String, Campaign> known = campaigns.byIds(unknown);
    return unknown.stream()
        .collect(
            Collectors.toMap(
                Function.identity(),
                id -> known.containsKey(id) ? known.get(id).poolId() : "",
                (one, other) -> one,
                TreeMap::new));
  }

  private static void join(Tx tx, String campaignId, String poolId) {
    tx.sql()
        .sql("update pacing set pool_id = ? where campaign_id = ? and pool_id is null")
        .params(poolId, campaignId)
        .update();
  }

  private void wake(Tx tx, String poolId, long latest) {
    tx.sql()
        .sql(
            """
            insert into pool (id, due_at, seq, changed_at) values (:id, :now, 0, :now)
            on conflict (id) do update set due_at = excluded.due_at, claim_token = null
            where pool.due_at is null or pool.due_at > :latest
              or pool.claim_token is null and pool.due_at > :soon\
            """)
        .param("id", poolId)
        .param("now", tx.now())
        .param("latest", latest)
        .param("soon", tx.now() + properties.period().toMillis())
        .update();
  }

  /** The next tick of a pool is due now, unless one is under way. */
  static void hurry(Tx tx, String poolId) {
    tx.sql()
        .sql("update pool set due_at = ? where id = ? and due_at > ? and claim_token is null")
        .params(tx.now(), poolId, tx.now())
        .update();
    tx.due(TIMER, tx.now());
  }

  /** Campaigns that a tick of a pool still has are due again: it has lost the pool itself. */
  static int letGo(Tx tx, String poolId, String token) {
    tx.due(TIMER, tx.now());
    return tx.sql()
        .sql(
            "update pacing set claim_token = null, due_at = :now"
                + " where pool_id = :id and claim_token = :claim and due_at is not null")
        .param("now", tx.now())
        .param("id", poolId)
        .param("claim", token)
        .update();
  }

  /**
   * Ends a claim.
   *
   * @param next epoch ms of the next tick where a campaign is due by now
   */
  static void end(Tx tx, String poolId, String token, long next) {
    end(tx, poolId, token, next, 0);
  }

  /**
   * The same where the next tick may come sooner than its campaigns are due.
   *
   * @param early milliseconds; who is due within that from now need not wait for it
   */
  static void end(Tx tx, String poolId, String token, long next, long early) {
    tx.sql()
        .sql(
            """
            update pool set claim_token = null, due_at = (
              select min(case when due_at <= :now or due_at > :next and due_at <= :soon
                then :next else due_at end)
              from pacing where pool_id = :id and due_at is not null)\
            """
                + FENCE
                + " returning due_at")
        .param("id", poolId)
        .param("claim", token)
        .param("now", tx.now())
        .param("soon", tx.now() + early)
        .param("next", Math.max(next, tx.now()))
        .query((row, n) -> row.getObject(1) == null ? Long.MAX_VALUE : row.getLong(1))
        .list()
        .forEach(dueAt -> tx.due(TIMER, dueAt));
  }
}
