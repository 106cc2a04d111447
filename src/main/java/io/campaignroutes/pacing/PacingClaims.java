package io.campaignroutes.pacing;

import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignStore;
import io.campaignroutes.campaign.Command;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.StoreUnavailableException;
import io.campaignroutes.store.Tx;
import io.campaignroutes.store.WorkQueue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
      "0 calls/s: held, because nothing could be written to the store, so that nobody paced it";

  /** Bounds what one transaction of a reserve that is small has to take. */
  private static final int MAX_HELD_AT_ONCE = 100;

  private final Store store;
  private final CampaignStore campaigns;
  private final PacingPlans plans;
  private final PacingMemory memory;
  private final WorkQueue queue;

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
    this.queue =
        new WorkQueue(
            store,
            "pacing",
            "campaign_id",
            properties.lease(),
            "case when edge_at > :now and edge_at < :lease then edge_at else :lease end");
  }

  /**
   * Claims ticks that are due, the longest due first.
   *
   * @param most not more than can be started now
   */
  List<PacingRun> claim(int most) {
    if (most <= 0 || queue.nothingDue(WorkQueue.Due.ALL)) {
      return List.of();
    }
    Map<String, Long> due = new HashMap<>();
    String token = WorkQueue.newToken();
    List<PacingRow> rows =
        queue.write(
            token,
            tx -> {
              due.putAll(queue.lock(tx, WorkQueue.Due.ALL, "due_at", most));
              return queue.take(tx, due.keySet(), token, WorkQueue.Due.ALL, PacingRow::of);
            },
            false);
    return runs(rows, token, due);
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
    return queue.releaseLeftovers();
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
