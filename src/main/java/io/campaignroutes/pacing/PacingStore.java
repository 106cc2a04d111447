package io.campaignroutes.pacing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.audit.AuditEvent.PacingChange;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignListener;
import io.campaignroutes.campaign.CampaignListeners;
import io.campaignroutes.campaign.CampaignStore;
import io.campaignroutes.campaign.Command;
import io.campaignroutes.campaign.Json;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.store.Ids;
import io.campaignroutes.store.InList;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.StoreUnavailableException;
import io.campaignroutes.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.stereotype.Component;

/**
 * What is kept of the pacing of campaigns: what the law remembers, what is in force at CXone, and
 * the recent decisions. A row is due only while its campaign is ACTIVE; whoever moves the campaign
 * moves it in the same transaction.
 *
 * <p>A transaction that also touches the campaign or its audit trail locks those first, in this
 * order: campaign, trail, pacing. So two of them never wait for each other.
 */
@Component
public class PacingStore implements CampaignListener {
  private static final Logger LOG = LoggerFactory.getLogger(PacingStore.class);

  private static final String FORGOTTEN =
      "what was remembered of its pacing cannot be read; it is held and begins anew";

  private static final String UNPACED =
      "0 calls/s: held, because nothing could be written to the store, so that nobody paced it";

  /** Bounds what one transaction of a reserve that is small has to take. */
  private static final int MAX_HELD_AT_ONCE = 100;

  private final Store store;
  private final CampaignStore campaigns;
  private final PacingPlans plans;
  private final PacingLaw law;
  private final PacingProperties properties;

  public PacingStore(
      Store store,
      CampaignStore campaigns,
      CampaignListeners listeners,
      PacingPlans plans,
      PacingLaw law,
      PacingProperties properties) {
    this.store = store;
    this.campaigns = campaigns;
    this.plans = plans;
    this.law = law;
    this.properties = properties;
    listeners.add(this);
  }

  /** A row of the table. */
  private record Row(
      String campaignId,
      String state,
      long seq,
      double rate,
      Double writing,
      String writingReason,
      long writeAt,
      long holdAt,
      String refusal,
      Long tooFastSince,
      int breaks) {

    /** Of two rates that may be in CXone's pacing, the faster. */
    double fastest() {
      return writing == null ? rate : Math.max(rate, writing);
    }

    /** Whether it is known which rate is in CXone's pacing. */
    boolean sure() {
      return writing == null || writing == rate;
    }
  }

  /**
   * How a campaign is paced now.
   *
   * @param decision the latest one as the API shows it; null before the first tick
   * @param rate calls a second in the campaign's pacing at CXone
   */
  public record Latest(JsonNode decision, double rate) {}

  // What campaigns tell

  @Override
  public void pacingBegins(Tx tx, Campaign campaign) {
    begin(tx, campaign, campaign.firstRate());
  }

  @Override
  public void pacingEnds(Tx tx, Campaign campaign) {
    end(tx, campaign);
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
    boolean lost =
        late == 0
            && tx.sql()
                .sql("select 1 from pacing where campaign_id = ?")
                .param(campaign.id())
                .query(Integer.class)
                .optional()
                .isEmpty();
    if (lost) { // nobody knows what it dials with
      begin(tx, campaign, plan(campaign).mostCallsPerSecond());
    }
    if (late > 0 || lost) {
      LOG.warn("Campaign {} is ACTIVE and no tick of its pacing was due; one is.", campaign.id());
    }
  }

  /**
   * @param rateThere calls a second in force at CXone where none is remembered
   */
  private void begin(Tx tx, Campaign campaign, double rateThere) {
    Optional<Row> before = row(tx, campaign.id());
    if (before.isEmpty()) {
      tx.sql()
          .sql(
              "insert into pacing (campaign_id, seq, rate, due_at, changed_at) values (?, 0, ?, ?,"
                  + " ?)")
          .params(campaign.id(), rateThere, tx.now(), tx.now())
          .update();
      return;
    }
    // it dials with the rate that its pacing had when it was paused, or with one that was being
    // written then and that the first tick writes again: which of the two is told by that
    double rate = before.get().fastest();
    List<PacingChange> changes = campaign.pacing();
    if (before.get().sure()
        && (changes.isEmpty() || changes.get(changes.size() - 1).maxCallsPerSecond() != rate)) {
      tellChange(tx, campaign, rate, "It dials again with the rate that it had.");
    }
    tx.sql()
        .sql(
            "update pacing set state = ?, due_at = ?, claim_token = null, changed_at = ?,"
                + " too_fast_since = null, hold_refusal = null, rate_refusal = null,"
                + " rate_refused_at = null where campaign_id = ?")
        .params(
            noted(campaign, before.get(), s -> s.resumed(tx.now()).confirmed(rate, tx.now())),
            tx.now(),
            tx.now(),
            campaign.id())
        .update();
  }

  private void end(Tx tx, Campaign campaign) {
    Optional<Row> row = row(tx, campaign.id());
    String state =
        row.map(r -> noted(campaign, r, s -> s.paused(tx.now()).confirmed(0, tx.now())))
            .orElse(null);
    tx.sql()
        .sql(
            "update pacing set state = ?, due_at = null, claim_token = null, changed_at = ?,"
                + " too_fast_since = null, hold_refusal = null, rate_refusal = null,"
                + " rate_refused_at = null where campaign_id = ?")
        .params(state, tx.now(), campaign.id())
        .update();
  }

  @Override
  public void held(Tx tx, Campaign campaign) {
    inForce(tx, campaign, 0, "No calls.");
  }

  @Override
  public void released(Tx tx, Campaign campaign, boolean asked) {
    double rate = row(tx, campaign.id()).map(Row::rate).orElse(campaign.firstRate());
    inForce(
        tx,
        campaign,
        rate,
        asked ? "It dials again." : "It dials at CXone although its pacing had held it.");
  }

  @Override
  public void holdRefused(Tx tx, Campaign campaign, String why) {
    Row row = row(tx, campaign.id()).orElse(null);
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
    Row row = row(tx, campaign.id()).orElse(null);
    if (row == null) {
      return; // it left ACTIVE and came back by a way that has told of itself
    }
    tellChange(tx, campaign, rate, row.writingReason() != null ? row.writingReason() : otherwise);
    tx.sql()
        .sql(
            """
            update pacing set state = :state, writing = null, writing_reason = null,
              claim_token = null, changed_at = :now, too_fast_since = null, hold_at = 0,
              hold_refusal = null, rate_refusal = null, rate_refused_at = null,
              due_at = case when due_at is null then null else :now end
            where campaign_id = :id""")
        .param("state", noted(campaign, row, state -> state.confirmed(rate, tx.now())))
        .param("now", tx.now())
        .param("id", campaign.id())
        .update();
  }

  private void tellChange(Tx tx, Campaign campaign, double rate, String reason) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("maxCallsPerSecond", rate);
    details.put("reason", reason);
    details.put("cxoneCampaignId", campaign.remoteId());
    campaigns.pacingChanged(tx, campaign.id(), new PacingChange(tx.now(), rate, reason), details);
  }

  // Ticks

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

  private List<PacingRun> runs(List<Row> rows, String token, Map<String, Long> due) {
    Map<String, Campaign> known = campaigns.byIds(due.keySet());
    List<PacingRun> runs = new ArrayList<>(rows.size());
    for (Row row : rows) {
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

  private List<Row> claim(Tx tx, int most, String token, Map<String, Long> due) {
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
        .query(PacingStore::row)
        .list();
  }

  private PacingRun run(Campaign campaign, Row row, String token, long dueSince, long now) {
    Optional<PacingState> known = known(campaign, row);
    PacingState state = known.orElseGet(() -> start(campaign));
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
        plan(campaign),
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
   * Writes a decision: what the law remembers, the decision as it is shown, and whether a change is
   * about to be sent.
   *
   * @param shown the decision as the API shows it
   * @param keeps whether a change of an earlier tick whose outcome is not known stays so
   * @param tooFastSince since when CXone has dialed faster than this, because it takes nothing
   *     slower; null when it does not
   * @param nextAt when the next tick is due, once this one is over
   * @param edgeAt when its calling hours begin or end next; null when they do not
   * @throws PacingClaimLostException when somebody else has the campaign; nothing is written then
   */
  void decided(
      Tx tx,
      PacingRun run,
      JsonNode shown,
      boolean keeps,
      Long tooFastSince,
      long nextAt,
      Long edgeAt) {
    boolean changes = run.change() != PacingRun.Change.NONE;
    // a hold that CXone has not carried out yet is for what holds it now
    boolean holding = run.campaign().command() == Command.HOLD && run.decision().rate() == 0;
    JsonNode abandonment = shown.at("/period/rate");
    for (PacingEvent event : run.decision().events()) {
      Map<String, Object> details = new LinkedHashMap<>();
      details.put("reason", event.reason());
      event.details().forEach((name, value) -> details.put(name, Json.tree(value)));
      campaigns.audit(tx, run.campaign(), event.name(), details);
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
                  claim_token = case when :changes = 1 then claim_token else null end
                where campaign_id = :id and claim_token = :claim""")
            .param("state", StoredState.text(run.state()))
            .param("decision", Json.text(shown))
            .param("seq", run.seq())
            .param(
                "abandonment", abandonment.isNumber() ? (Double) abandonment.doubleValue() : null)
            .param("writing", changes ? (Double) run.decision().rate() : null)
            .param("reason", changes || holding ? run.decision().reason() : null)
            .param("stays", holding ? 0 : 1)
            .param("settled", !changes && !keeps && run.standing().writeAt() <= tx.now() ? 1 : 0)
            .param("tooFast", tooFastSince)
            .param("edge", edgeAt)
            .param("now", tx.now())
            .param("changes", changes ? 1 : 0)
            .param("keeps", keeps ? 1 : 0)
            .param("next", nextAt)
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
   * CXone has the new rate in the campaign's pacing.
   *
   * @param dials whether it dials with it; a campaign that is held does once it is released
   */
  void written(Tx tx, PacingRun run, boolean dials, long nextAt) {
    double rate = run.decision().rate();
    if (dials) {
      tellChange(tx, run.campaign(), rate, run.decision().reason());
    }
    PacingState state = dials ? run.state().confirmed(rate, tx.now()) : run.state();
    int written =
        tx.sql()
            .sql(
                """
                update pacing set state = :state, rate = :rate,
                  writing = case when :dials = 1 then null else writing end,
                  writing_reason = case when :dials = 1 then null else writing_reason end,
                  too_fast_since = null, write_at = 0, breaks = 0, rate_refusal = null,
                  rate_refused_at = null, due_at = :next, claim_token = null, changed_at = :now
                where campaign_id = :id and claim_token = :claim""")
            .param("state", StoredState.text(state))
            .param("rate", rate)
            .param("dials", dials ? 1 : 0)
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
              changed_at = case when :refused = 1 then :now else changed_at end,
              too_fast_since = case when :tooFast = 1 then coalesce(too_fast_since, :decided)
                else too_fast_since end,
              writing = case when :maybe = 1 then writing else null end,
              writing_reason = case when :maybe = 1 then writing_reason else null end
            where campaign_id = :id and claim_token = :claim""")
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
  }

  private static void fence(int written, PacingRun run) {
    if (written == 0) {
      throw new PacingClaimLostException(run.campaign().id());
    }
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

  // What is shown

  /**
   * How all campaigns stand together.
   *
   * @param held active campaigns that are paused at CXone
   * @param tooFast active campaigns that CXone has been dialing faster than decided for a while
   * @param lagSeconds how long the tick that has been due the longest has waited
   */
  record Overview(long held, long tooFast, double lagSeconds) {}

  Overview overview() {
    long held =
        store
            .read()
            .sql("select count(*) from campaign where stage = 'ACTIVE' and held = 1")
            .query(Long.class)
            .single();
    long now = store.now();
    long tooFast =
        store
            .read()
            .sql("select count(*) from pacing where due_at is not null and too_fast_since < ?")
            .param(now - 2 * properties.longestTooFast().toMillis())
            .query(Long.class)
            .single();
    Long oldest =
        store
            .read()
            .sql("select due_at from pacing where due_at <= ? order by due_at limit 1")
            .param(now)
            .query(Long.class)
            .optional()
            .orElse(now);
    return new Overview(held, tooFast, (now - oldest) / 1000.0);
  }

  /**
   * Recent decisions of a campaign, newest first.
   *
   * @param before only those with a lower number; null from the newest
   */
  public List<JsonNode> decisions(String campaignId, Long before, int limit) {
    return store
        .read()
        .sql(
            "select decision, seq from pacing_decision where campaign_id = ? and seq < ? order by seq"
                + " desc limit ?")
        .params(campaignId, before == null ? Long.MAX_VALUE : before, limit)
        .<JsonNode>query((row, n) -> decision(row.getString(1)).put("seq", row.getLong(2)))
        .list();
  }

  /** A decision as it is shown; one that cannot be read says only that. */
  private static ObjectNode decision(String stored) {
    ObjectNode decision = Json.storedObject(stored);
    return decision.isEmpty() ? decision.put("reason", "This decision cannot be read.") : decision;
  }

  /** How these campaigns are paced, by id; one that was never ACTIVE is left out. */
  public Map<String, Latest> latest(Collection<String> campaignIds) {
    Map<String, Latest> latest = new HashMap<>();
    if (!campaignIds.isEmpty()) {
      store
          .read()
          .sql("select campaign_id, decision, rate from pacing where campaign_id in (:ids)")
          .param("ids", InList.of(campaignIds))
          .query(
              (RowCallbackHandler)
                  row -> {
                    String decision = row.getString(2);
                    latest.put(
                        row.getString(1),
                        new Latest(decision == null ? null : decision(decision), row.getDouble(3)));
                  });
    }
    return latest;
  }

  // Rows

  /** The row, locked, and before it the audit trail, which what is done with it may add to. */
  private Optional<Row> row(Tx tx, String campaignId) {
    campaigns.lockTrail(tx, campaignId);
    return tx.sql()
        .sql("select * from pacing where campaign_id = ?" + store.rowLock())
        .param(campaignId)
        .query(PacingStore::row)
        .optional();
  }

  private static Row row(ResultSet row, int n) throws SQLException {
    double writing = row.getDouble("writing");
    Double writingOrNone = row.wasNull() ? null : (Double) writing;
    long tooFast = row.getLong("too_fast_since");
    Long tooFastOrNone = row.wasNull() ? null : (Long) tooFast;
    return new Row(
        row.getString("campaign_id"),
        row.getString("state"),
        row.getLong("seq"),
        row.getDouble("rate"),
        writingOrNone,
        row.getString("writing_reason"),
        row.getLong("write_at"),
        row.getLong("hold_at"),
        row.getString("hold_refusal"),
        tooFastOrNone,
        row.getInt("breaks"));
  }

  /** What the law remembers; empty when that cannot be read. */
  private Optional<PacingState> known(Campaign campaign, Row row) {
    PacingState fresh = start(campaign);
    return row.state() == null ? Optional.of(fresh) : StoredState.read(row.state(), fresh);
  }

  /**
   * What the law remembers once it has been told something. What cannot be read stays as it is: the
   * next tick holds the campaign and says so.
   */
  private String noted(Campaign campaign, Row row, UnaryOperator<PacingState> news) {
    return known(campaign, row).map(news).map(StoredState::text).orElse(row.state());
  }

  private PacingState start(Campaign campaign) {
    return law.start(plan(campaign).launchedWith(campaign.firstRate()), since(campaign));
  }

  private PacingPlan plan(Campaign campaign) {
    return plans.plan(campaign.request(), since(campaign));
  }

  private static long since(Campaign campaign) {
    return campaign.activeAt() == null ? campaign.stageAt() : campaign.activeAt();
  }
}
