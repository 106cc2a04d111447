package io.campaignroutes.pacing;

import io.campaignroutes.audit.AuditEvent.PacingChange;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignListener;
import io.campaignroutes.campaign.CampaignListeners;
import io.campaignroutes.campaign.CampaignStore;
import io.campaignroutes.campaign.Command;
import io.campaignroutes.campaign.FirstRates;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Begins and ends the pacing of campaigns, and notes what was done at CXone about it. A row is due
 * only while its campaign is ACTIVE; whoever moves the campaign moves it in the same transaction.
 */
@Component
class PacingListener implements CampaignListener {
  private static final Logger LOG = LoggerFactory.getLogger(PacingListener.class);

  private static final String NO_ROOM =
      "others that have just begun dial for all of its agents; it waits for its turn";

  private final Store store;
  private final CampaignStore campaigns;
  private final PacingMemory memory;
  private final PacingWrites writes;
  private final PacingProperties properties;
  private final StartHours hours;

  PacingListener(
      Store store,
      CampaignStore campaigns,
      CampaignListeners listeners,
      PacingMemory memory,
      PacingWrites writes,
      PacingProperties properties,
      StartHours hours) {
    this.store = store;
    this.campaigns = campaigns;
    this.memory = memory;
    this.writes = writes;
    this.properties = properties;
    this.hours = hours;
    listeners.add(this);
  }

  @Override
  public void pacingBegins(Tx tx, Campaign campaign) {
    begin(tx, campaign, memory.firstRate(campaign));
    String closed = hours.closed(campaign);
    boolean waits = closed == null && FirstRates.waits(tx.sql(), campaign.id());
    if ((waits || closed != null) && campaigns.pend(tx, campaign.id(), Command.HOLD)) {
      String why = waits ? NO_ROOM : closed;
      tx.sql()
          .sql("update pacing set writing_reason = ? where campaign_id = ?")
          .params(Words.none(properties.platform().byRatio()) + why, campaign.id())
          .update();
    }
  }

  @Override
  public void pacingEnds(Tx tx, Campaign campaign) {
    end(tx, campaign);
  }

  /** It has been asked since the first of its commands. */
  @Override
  public void quietedAgain(Tx tx, Campaign was) {
    if (was.commandAt() != null) {
      tx.sql()
          .sql(
              "update pacing set too_fast_since = ? where campaign_id = ? and due_at is not null"
                  + " and (too_fast_since is null or too_fast_since > ?)")
          .params(was.commandAt(), was.id(), was.commandAt())
          .update();
    }
  }

  /** A tick that is lost, or due at no time that will come, is due now. */
  @Override
  public void seen(Tx tx, Campaign campaign) {
    long latest = properties.lease().plus(properties.restPeriod()).toMillis();
    int late =
        tx.sql()
            .sql(
                "update pacing set due_at = ?, claim_token = null where campaign_id = ?"
                    + " and (due_at is null or due_at > ?)")
            .params(tx.now(), campaign.id(), tx.now() + latest)
            .update();
    if (late > 0) {
      tx.due(PoolQueue.TIMER, tx.now());
    }
    boolean lost =
        late == 0
            && tx.sql()
                .sql("select 1 from pacing where campaign_id = ?")
                .param(campaign.id())
                .query(Integer.class)
                .optional()
                .isEmpty();
    if (lost) { // nobody knows what it dials with
      begin(tx, campaign, memory.plan(campaign).mostCallsPerSecond());
    }
    if (late > 0 || lost) {
      LOG.warn("Campaign {} is ACTIVE and no tick of its pacing was due; one is.", campaign.id());
    }
  }

  /**
   * @param rateThere calls a second in force at CXone where none is remembered
   */
  private void begin(Tx tx, Campaign campaign, double rateThere) {
    tx.due(PoolQueue.TIMER, tx.now());
    Optional<PacingRow> before = row(tx, campaign.id());
    if (before.isEmpty()) {
      tx.sql()
          .sql(
              "insert into pacing (campaign_id, pool_id, seq, rate, due_at, changed_at) values (?,"
                  + " ?, 0, ?, ?, ?)")
          .params(campaign.id(), campaign.poolId(), rateThere, tx.now(), tx.now())
          .update();
      return;
    }
    Optional<PacingState> known = memory.known(campaign, before.get());
    if (known.isPresent() && known.get().figuresSeen().sampledAt() != 0) {
      FirstRates.forget(tx, campaign.id()); // what it was given to begin with again is in force
    }
    // it dials with the rate that its pacing had when it was paused, or with one that was being
    // written then and that the first tick writes again: which of the two is told by that
    double rate = before.get().fastest();
    List<PacingChange> changes = campaign.pacing();
    if (hours.closed(campaign) == null
        && before.get().sure()
        && (changes.isEmpty() || changes.get(changes.size() - 1).maxCallsPerSecond() != rate)) {
      writes.tellChange(tx, campaign, rate, "It dials again with the rate that it had.");
    }
    tx.sql()
        .sql(
            "update pacing set state = ?, due_at = ?, claim_token = null, changed_at = ?,"
                + " too_fast_since = null, hold_refusal = null, rate_refusal = null,"
                + " rate_refused_at = null where campaign_id = ?")
        .params(
            memory.noted(
                campaign, before.get(), s -> s.resumed(tx.now()).confirmed(rate, tx.now())),
            tx.now(),
            tx.now(),
            campaign.id())
        .update();
  }

  private void end(Tx tx, Campaign campaign) {
    Optional<PacingRow> row = row(tx, campaign.id());
    String state =
        row.map(r -> memory.noted(campaign, r, s -> s.paused(tx.now()).confirmed(0, tx.now())))
            .orElse(null);
    boolean dials = campaign.command() == Command.HALT; // what has ended here may dial there still
    tx.sql()
        .sql(
            "update pacing set state = :state, due_at = null, claim_token = null, changed_at ="
                + " :now, too_fast_since = case when :dials = 1 then too_fast_since else null end,"
                + " hold_refusal = null, rate_refusal = null, rate_refused_at = null where"
                + " campaign_id = :id")
        .param("state", state)
        .param("now", tx.now())
        .param("dials", dials ? 1 : 0)
        .param("id", campaign.id())
        .update();
  }

  @Override
  public void held(Tx tx, Campaign campaign) {
    inForce(tx, campaign, 0, "No calls.");
  }

  @Override
  public void released(Tx tx, Campaign campaign, boolean asked) {
    double rate = row(tx, campaign.id()).map(PacingRow::rate).orElse(memory.firstRate(campaign));
    inForce(
        tx,
        campaign,
        rate,
        asked ? "It dials again." : "It dials at CXone although its pacing had held it.");
  }

  @Override
  public void holdRefused(Tx tx, Campaign campaign, String why) {
    PacingRow row = row(tx, campaign.id()).orElse(null);
    if (row == null) {
      return;
    }
    long pause = properties.retryAfterRefusal().toMillis();
    if (campaign.held()) { // a release: it stays paused, and is asked for with a rate again
      tx.sql()
          .sql("update pacing set write_at = ? where campaign_id = ?")
          .params(tx.now() + pause, campaign.id())
          .update();
      return;
    }
    if (row.refusal() == null) {
      LOG.warn(
          "Campaign {} may not dial now, and CXone refuses to pause it. It is asked again. {}",
          campaign.id(),
          why);
    }
    long sofar = row.tooFastSince() == null ? 0 : tx.now() - row.tooFastSince();
    tx.sql()
        .sql(
            "update pacing set writing = null, writing_reason = null, hold_at = ?, hold_refusal = ?"
                + " where campaign_id = ?")
        .params(
            tx.now() + Math.min(pause, Math.max(properties.period().toMillis(), sofar)),
            why,
            campaign.id())
        .update();
  }

  /**
   * CXone dials with this rate from now on; the next tick looks at once whether it still should.
   *
   * @param otherwise why, where no decision has asked for it
   */
  private void inForce(Tx tx, Campaign campaign, double rate, String otherwise) {
    PacingRow row = row(tx, campaign.id()).orElse(null);
    if (row == null) {
      return; // it left ACTIVE and came back by a way that has told of itself
    }
    writes.tellChange(
        tx, campaign, rate, row.writingReason() != null ? row.writingReason() : otherwise);
    tx.sql()
        .sql(
            """
            update pacing set state = :state, writing = null, writing_reason = null,
              claim_token = null, changed_at = :now, too_fast_since = null, hold_at = 0,
              hold_refusal = null, rate_refusal = null, rate_refused_at = null,
              due_at = case when due_at is null then null else :now end
            where campaign_id = :id\
            """)
        .param("state", memory.noted(campaign, row, state -> state.confirmed(rate, tx.now())))
        .param("now", tx.now())
        .param("id", campaign.id())
        .update();
    tx.due(PoolQueue.TIMER, tx.now());
  }

  /** The row, locked, and before it the audit trail, which what is done with it may add to. */
  private Optional<PacingRow> row(Tx tx, String campaignId) {
    campaigns.lockTrail(tx, campaignId);
    return tx.sql()
        .sql("select * from pacing where campaign_id = ?" + store.rowLock())
        .param(campaignId)
        .query(PacingRow::of)
        .optional();
  }
}
