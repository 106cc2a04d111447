package io.campaignroutes.pacing;

import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignStore;
import io.campaignroutes.campaign.Command;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.store.Ids;
import io.campaignroutes.store.InList;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.StoreUnavailableException;
import io.campaignroutes.store.Tx;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.stereotype.Component;

/** Takes ticks that are due, so that nobody else has them meanwhile. */
@Component
class PacingClaims {
  private static final Logger LOG = LoggerFactory.getLogger(PacingClaims.class);

  private static final String FORGOTTEN =
      "what was remembered of its pacing cannot be read; it is held and begins anew";

  private static final String UNPACED =
      "0 calls/s: held, because nothing could be written to the store, so that nobody paced it";

  /** Bounds what one transaction of a reserve that is small has to take. */
  private static final int MAX_HELD_AT_ONCE = 100;

  private final Store store;
  private final CampaignStore campaigns;
  private final PacingPlans plans;
  private final PacingMemory memory;
  private final PacingProperties properties;

  PacingClaims(
      Store store,
      CampaignStore campaigns,
      PacingPlans plans,
      PacingMemory memory,
      PacingProperties properties) {
    this.store = store;
    this.campaigns = campaigns;
    this.plans = plans;
    this.memory = memory;
    this.properties = properties;
  }

  /**
   * Claims ticks that are due, the longest due first.
   *
   * @param most not more than can be started now
   */
  List<PacingRun> claim(int most) {
    long now = store.now();
    if (most <= 0 || nothingDue(now)) {
      return List.of();
    }
    Map<String, Long> due = new HashMap<>();
    String token = Ids.next("tick", now);
    try {
      return runs(store.write(tx -> claim(tx, most, token, due)), token, due);
    } catch (StoreUnavailableException e) {
      if (!e.nothingChanged()) { // what may be claimed is not left alone until its lease ends
        store.later(tx -> release(tx, token));
      }
      throw e;
    }
  }

  private static int release(Tx tx, String token) {
    return tx.sql()
        .sql("update pacing set claim_token = null, due_at = ? where claim_token = ?")
        .params(tx.now(), token)
        .update();
  }

  private List<PacingRun> runs(List<PacingRow> rows, String token, Map<String, Long> due) {
    Map<String, Campaign> known = campaigns.byIds(due.keySet());
    List<PacingRun> runs = new ArrayList<>(rows.size());
    for (PacingRow row : rows) {
      Campaign campaign = known.get(row.campaignId());
      if (campaign != null && campaign.ofNewerVersion()) {
        pauseUnpaced(campaign);
      }
      if (campaign != null && campaign.stage() == Stage.ACTIVE) {
        runs.add(run(campaign, row, token, due.get(row.campaignId()), store.now()));
      }
    }
    runs.sort(Comparator.comparingLong(PacingRun::dueSince));
    return runs;
  }

  private void pauseUnpaced(Campaign campaign) {
    try {
      campaigns.pauseUnpaced(campaign);
    } catch (StoreUnavailableException e) { // the others' ticks go on; it is tried again
      LOG.warn("Campaign {} cannot be paused now.", campaign.id(), e);
    }
  }

  private boolean nothingDue(long now) {
    return store
        .read()
        .sql("select campaign_id from pacing where due_at <= ? limit 1")
        .param(now)
        .query(String.class)
        .optional()
        .isEmpty();
  }

  private List<PacingRow> claim(Tx tx, int most, String token, Map<String, Long> due) {
    tx.sql()
        .sql(
            "select campaign_id, due_at from pacing where due_at <= ? order by due_at limit ?"
                + store.claimLock())
        .params(tx.now(), most)
        .query((RowCallbackHandler) row -> due.put(row.getString(1), row.getLong(2)));
    if (due.isEmpty()) {
      return List.of();
    }
    return tx.sql()
        .sql(
            "update pacing set claim_token = :token, due_at = case when edge_at > :now and edge_at <"
                + " :lease then edge_at else :lease end where campaign_id in (:ids) and due_at <="
                + " :now returning *")
        .param("lease", tx.now() + properties.lease().toMillis())
        .param("token", token)
        .param("ids", InList.of(due.keySet()))
        .param("now", tx.now())
        .query(PacingRow::of)
        .list();
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
            unsure, row.writeAt(), row.holdAt(), row.refusal(), row.tooFastSince(), row.breaks()),
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
    if (!store.claimLock().isEmpty()) {
      return 0;
    }
    return store.write(
        tx ->
            tx.sql()
                .sql(
                    "update pacing set claim_token = null, due_at = ? where claim_token is not"
                        + " null")
                .param(tx.now())
                .update());
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
          .params(UNPACED, campaignId)
          .update();
    }
    return holds;
  }
}
