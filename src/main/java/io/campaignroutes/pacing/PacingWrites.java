package io.campaignroutes.pacing;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.audit.AuditEvent.PacingChange;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignStore;
import io.campaignroutes.campaign.Command;
import io.campaignroutes.campaign.FirstRates;
import io.campaignroutes.cxone.DialingRatio;
import io.campaignroutes.store.ClockStep;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import io.campaignroutes.text.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Writes what became of ticks: decisions, and what CXone has taken or not.
 *
 * <p>A transaction that also touches the campaign or its audit trail locks those first, in this
 * order: campaign, trail, pacing, pool. So two of them never wait for each other.
 */
@Component
class PacingWrites {
  private final Store store;
  private final CampaignStore campaigns;
  private final PacingProperties properties;

  PacingWrites(Store store, CampaignStore campaigns, PacingProperties properties) {
    this.store = store;
    this.campaigns = campaigns;
    this.properties = properties;
  }

  /**
   * Writes what was decided for a pool: of each of its campaigns that is still this tick's what the
   * law remembers, the decision as it is shown, and whether a change is about to be sent. Those
   * that stay as they are only end their tick.
   *
   * @return the campaigns that it was written of
   * @throws PacingClaimLostException when somebody else has the pool; nothing is written then
   */
  List<PacingRun> decided(Tx tx, PoolRun pool, List<PacingDecider.Decided> all) {
    List<PacingDecider.Decided> sorted =
        all.stream()
            .filter(decided -> !pool.leaves(decided))
            .sorted(Comparator.comparing(d -> d.run().campaign().id()))
            .toList();
    for (PacingDecider.Decided decided : sorted) {
      if (decided.urged()) { // a pause or stop on its way, which may have been put off for long
        campaigns.lookNow(tx, decided.run().campaign().remoteId());
      }
      if (decided.firstFigures()) {
        FirstRates.forget(tx, decided.run().campaign().id());
      }
    }
    sorted.stream()
        .filter(decided -> !decided.run().decision().events().isEmpty())
        .forEach(decided -> campaigns.lockTrail(tx, decided.run().campaign().id()));
    Set<String> held = held(tx, pool);
    List<PacingRun> written = new ArrayList<>(sorted.size());
    for (PacingDecider.Decided decided : sorted) {
      if (held.contains(decided.run().campaign().id())) {
        decided(tx, decided);
        written.add(decided.run());
      }
    }
    ClockStep step = store.clockStep();
    List<Object[]> left =
        all.stream()
            .filter(pool::leaves)
            .map(d -> new Object[] {d.nextAt(step), d.run().campaign().id(), pool.claim()})
            .toList();
    if (!left.isEmpty()) {
      tx.jdbc()
          .batchUpdate(
              "update pacing set due_at = ?, claim_token = null where campaign_id = ? and claim_token"
                  + " = ?",
              left);
    }
    return written;
  }

  /** The campaigns of a pool that are still a tick's; their rows stay locked. */
  private Set<String> held(Tx tx, PoolRun pool) {
    return new HashSet<>(
        tx.sql()
            .sql(
                "select campaign_id from pacing where pool_id = ? and claim_token = ?"
                    + " order by campaign_id"
                    + store.rowLock())
            .params(pool.id(), pool.claim())
            .query(String.class)
            .list());
  }

  /**
   * Writes the decision of a pool.
   *
   * @throws PacingClaimLostException when somebody else has the pool
   */
  void decided(Tx tx, PoolRun pool) {
    int written =
        tx.sql()
            .sql(
                "update pool set seq = :seq, rate = :rate, state = :state, decision = :decision,"
                    + " changed_at = :now"
                    + PoolQueue.FENCE)
            .param("seq", pool.seq())
            .param("rate", pool.decision().rate())
            .param("state", pool.state())
            .param("decision", Json.text(PoolViews.decision(pool)))
            .param("now", tx.now())
            .param("id", pool.id())
            .param("claim", pool.claim())
            .update();
    if (written == 0) {
      throw PacingClaimLostException.of(pool);
    }
  }

  /**
   * Writes the decision of one campaign.
   *
   * @throws PacingClaimLostException when somebody else has the campaign; nothing is written then
   */
  void decided(Tx tx, PacingDecider.Decided decided) {
    PacingRun run = decided.run();
    JsonNode shown = PacingViews.decision(run);
    // what stands in for a pause leaves alone what is remembered of that
    boolean standsIn = run.decision().bound() == RateBound.STANDS_IN;
    boolean keeps = decided.keeps() || standsIn;
    boolean changes = run.change() != PacingRun.Change.NONE;
    // a hold that CXone has not carried out yet is for what holds it now
    boolean holding = run.campaign().command() == Command.HOLD && run.decision().rate() == 0;
    JsonNode abandonment = shown.at("/period/rate");
    for (PacingEvent event : run.decision().events()) {
      Map<String, Object> details = new LinkedHashMap<>();
      details.put("reason", event.reason());
      event.details().forEach((name, value) -> details.put(name, Json.tree(value)));
      if (!ControlWatch.concerns(event.name())) {
        campaigns.audit(tx, run.campaign(), event.name(), details);
      } else if (!ControlWatch.knows(campaigns, tx, run.campaign(), event.name())) {
        ControlWatch.tell(campaigns, tx, run.campaign(), event.name(), details);
      }
    }
    int written =
        tx.sql()
            .sql(
                """
                update pacing set state = :state, decision = :decision, seq = :seq,
                  abandonment = :abandonment,
                  writing = case when :keeps = 1 then writing else :writing end,
                  writing_reason = case when :keeps = 1 and :stays = 1 then writing_reason
                    else :reason end,
                  rate_refusal = case when :settled = 1 then null else rate_refusal end,
                  rate_refused_at = case when :settled = 1 then null else rate_refused_at end,
                  too_fast_since = :tooFast, edge_at = :edge,
                  breaks = case when :changes = 1 then breaks else 0 end,
                  changed_at = :now,
                  due_at = case when :changes = 1 then due_at else :next end,
                  claim_token = case when :changes = 1 then claim_token else null end"""
                    + PacingClaims.FENCE)
            .param("state", StoredState.text(run.state()))
            .param("decision", Json.text(shown))
            .param("seq", run.seq())
            .param(
                "abandonment", abandonment.isNumber() ? (Double) abandonment.doubleValue() : null)
            .param("writing", changes ? (Double) run.decision().rate() : null)
            .param("reason", changes || holding ? run.decision().reason() : null)
            .param("stays", holding && !standsIn ? 0 : 1)
            .param("settled", !changes && !keeps && run.standing().writeAt() <= tx.now() ? 1 : 0)
            .param("tooFast", decided.tooFastSince())
            .param("edge", decided.edgeAt())
            .param("now", tx.now())
            .param("changes", changes ? 1 : 0)
            .param("keeps", keeps ? 1 : 0)
            .param("next", decided.nextAt(store.clockStep()))
            .param("id", run.campaign().id())
            .param("claim", run.claim())
            .update();
    fence(written, run);
    tx.sql()
        .sql("insert into pacing_decision (campaign_id, seq, decision) values (?, ?, ?)")
        .params(run.campaign().id(), run.seq(), Json.text(shown))
        .update();
    tx.sql()
        .sql("delete from pacing_decision where campaign_id = ? and seq <= ?")
        .params(run.campaign().id(), run.seq() - properties.keepDecisions())
        .update();
  }

  /**
   * CXone has the new rate in the campaign's pacing. One that stands in for a pause that CXone does
   * not take ends nothing: it dials against our word still.
   *
   * @param dials whether it dials with it; a campaign that is held does once it is released
   */
  void written(Tx tx, PacingRun run, boolean dials, long nextAt) {
    tx.due(PoolQueue.TIMER, nextAt); // its pool may have gone on without it
    double rate = run.decision().rate();
    boolean settled = dials && run.decision().bound() != RateBound.STANDS_IN;
    if (dials) {
      tellChange(tx, run.campaign(), rate, run.decision().reason());
    }
    if (settled) {
      ControlWatch.regained(campaigns, tx, run);
    }
    PacingState state = dials ? run.state().confirmed(rate, tx.now()) : run.state();
    int written =
        tx.sql()
            .sql(
                """
                update pacing set state = :state, rate = :rate,
                  writing = case when :settled = 1 then null else writing end,
                  writing_reason = case when :settled = 1 then null else writing_reason end,
                  too_fast_since = case when :settled = 1 then null else too_fast_since end,
                  write_at = 0, breaks = 0, rate_refusal = null,
                  rate_refused_at = null, due_at = :next, claim_token = null, changed_at = :now"""
                    + PacingClaims.FENCE)
            .param("state", StoredState.text(state))
            .param("rate", rate)
            .param("settled", settled ? 1 : 0)
            .param("next", nextAt)
            .param("now", tx.now())
            .param("id", run.campaign().id())
            .param("claim", run.claim())
            .update();
    fence(written, run);
  }

  /**
   * Ends a tick whose change was not carried out, or may have been.
   *
   * @param maybe whether it may have been carried out all the same
   * @param refusal why CXone has not taken the rate, for an operator; null where that is not it
   * @param writeAt before that no rate is written; 0 for at once
   * @param breaks ticks in a row that broke, this one included
   */
  void notWritten(
      Tx tx, PacingRun run, boolean maybe, String refusal, long writeAt, int breaks, long nextAt) {
    tx.due(PoolQueue.TIMER, nextAt);
    boolean tooFast =
        refusal != null
            && run.decision() != null
            && run.tooFast(run.decision(), properties.law().deadBand());
    tx.sql()
        .sql(
            """
            update pacing set due_at = :next, claim_token = null, breaks = :breaks,
              write_at = case when :writeAt > write_at then :writeAt else write_at end,
              rate_refusal = case when :refused = 1 then :refusal else rate_refusal end,
              rate_refused_at = case when :refused = 1 then coalesce(rate_refused_at, :now)
                else rate_refused_at end,
              changed_at = :now,
              too_fast_since = case when :tooFast = 1 then coalesce(too_fast_since, :decided)
                else too_fast_since end,
              writing = case when :maybe = 1 then writing else null end,
              writing_reason = case when :maybe = 1 then writing_reason else null end"""
                + PacingClaims.FENCE)
        .param("next", nextAt)
        .param("maybe", maybe ? 1 : 0)
        .param("writeAt", writeAt)
        .param("refused", refusal == null ? 0 : 1)
        .param("tooFast", tooFast ? 1 : 0)
        .param("decided", tooFast ? run.decision().at() : 0)
        .param("refusal", refusal)
        .param("now", tx.now())
        .param("breaks", breaks)
        .param("id", run.campaign().id())
        .param("claim", run.claim())
        .update();
    if (refusal != null) {
      notTaken(tx, run);
    }
  }

  /** CXone is to be asked to pause the campaign, which it dials for against our word until then. */
  void holds(Tx tx, PacingRun run, long nextAt) {
    if (run.dials()) {
      int written =
          tx.sql()
              .sql(
                  "update pacing set too_fast_since = coalesce(too_fast_since, :since)"
                      + PacingClaims.FENCE)
              .param("since", run.decision().at())
              .param("id", run.campaign().id())
              .param("claim", run.claim())
              .update();
      fence(written, run);
    }
    notWritten(tx, run, true, null, 0, 0, nextAt);
  }

  /** Ends a tick whose change has to wait until others of the pool dial slower. */
  void waits(Tx tx, PacingRun run, long nextAt) {
    notWritten(tx, run, run.standing().unsure(), null, 0, run.standing().breaks(), nextAt);
    String reason = run.decision().reason() + "; waits until others of its pool dial slower";
    notTaken(tx, run.because(reason));
  }

  private static void notTaken(Tx tx, PacingRun run) {
    String shown = Json.text(PacingViews.notTaken(run));
    tx.sql()
        .sql("update pacing_decision set decision = ? where campaign_id = ? and seq = ?")
        .params(shown, run.campaign().id(), run.seq())
        .update();
    tx.sql()
        .sql("update pacing set decision = ? where campaign_id = ? and seq = ?")
        .params(shown, run.campaign().id(), run.seq())
        .update();
  }

  private static void fence(int written, PacingRun run) {
    if (written == 0) {
      throw new PacingClaimLostException(run.campaign().id());
    }
  }

  /** Tells of a rate that CXone dials with from now on: in the campaign and its trail. */
  void tellChange(Tx tx, Campaign campaign, double rate, String reason) {
    Map<String, Object> details = new LinkedHashMap<>();
    PacingChange change = change(tx.now(), rate, reason);
    if (change.ratio() == null) {
      details.put("maxCallsPerSecond", rate);
    } else {
      details.put("ratio", change.ratio());
      if (change.overdialPercentage() != null) {
        details.put("overdialPercentage", change.overdialPercentage());
      }
    }
    details.put("reason", reason);
    details.put("cxoneCampaignId", campaign.remoteId());
    campaigns.pacingChanged(tx, campaign.id(), change, details);
  }

  private PacingChange change(long at, double rate, String reason) {
    PlatformSettings platform = properties.platform();
    if (!platform.byRatio()) {
      return new PacingChange(at, rate, reason);
    }
    DialingRatio told = DialingRatio.of(rate, platform.ratio().fineLever());
    return rate == 0
        ? new PacingChange(at, 0, reason, 0, null)
        : new PacingChange(at, rate, reason, told.ratio(), told.overdialPercentage());
  }
}
