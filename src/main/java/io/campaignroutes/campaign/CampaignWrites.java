package io.campaignroutes.campaign;

import io.campaignroutes.access.By;
import io.campaignroutes.audit.AuditEvent.PacingChange;
import io.campaignroutes.compliance.FirstRate;
import io.campaignroutes.compliance.GivenRates;
import io.campaignroutes.compliance.PlatformCampaign;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.Names;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.springframework.stereotype.Component;

/**
 * Writes what steps lead to: the campaign, its history and its audit line, in the transaction of
 * the caller and fenced by the token of the run's claim. Rows are locked in this order: campaign,
 * audit trail, pacing.
 */
@Component
class CampaignWrites {
  /** What was claimed moments ago and what became of the claim's row. */
  private record Settled(
      PriorityClass lane, String command, By commandBy, long dueAt, String claim) {
    static Settled of(ResultSet row, Stage stage) throws SQLException {
      return new Settled(
          StoredCampaign.lane(row, stage),
          row.getString(2),
          StoredCampaign.commandBy(row),
          row.getLong(3),
          row.getString(4));
    }

    void announce(Tx tx, Long stopAt) {
      if (claim == null) {
        CampaignClaims.announce(tx, lane, dueAt, stopAt);
      }
    }
  }

  private static final String RETURNING =
      " returning lane, command, due_at, claim_token, command_by, command_by_at, command_at";

  private final Store store;
  private final LaunchProperties launch;
  private final CampaignStore campaigns;
  private final CampaignListeners listeners;
  private final PlatformCampaign platform;

  CampaignWrites(
      Store store,
      LaunchProperties launch,
      CampaignStore campaigns,
      CampaignListeners listeners,
      PlatformCampaign platform) {
    this.store = store;
    this.launch = launch;
    this.campaigns = campaigns;
    this.listeners = listeners;
    this.platform = platform;
  }

  /**
   * Writes what a step led to: the campaign, its history row and its audit line in one transaction.
   *
   * @param was the campaign as the run had claimed it
   * @return the campaign as it is now; {@code goOn} tells whether the run keeps its claim
   * @throws LeaseLostException when the run's lease had ended; nothing is written then
   */
  Campaign apply(Tx tx, Campaign was, Transition change) {
    Campaign to = change.to().with(CampaignWrites::settleCommand);
    Settled settled = update(tx, was, to, tx.now() + launch.lease().toMillis());
    CampaignHistory.tell(tx, campaigns, was.stage(), change);
    Campaign after = settled(to, settled);
    if (to.stage() != was.stage()) {
      listeners.tell(one -> one.entered(tx, was, to));
    }
    boolean asked = was.command() != null && was.command().quiets();
    if (asked || to.stage() != was.stage()) {
      listeners.tell(
          one -> one.quieting(tx, was, after)); // adds to the trail, which is locked before pacing
    }
    signal(tx, to, after, change);
    return after;
  }

  private static Campaign settled(Campaign to, Settled settled) {
    return to.with(
        d -> {
          d.lane = settled.lane();
          d.command = Command.of(settled.command());
          d.commandBy = settled.commandBy();
          d.dueAt = settled.dueAt();
          d.claim = settled.claim();
          d.goOn = settled.claim() != null;
          d.creating = d.creating && d.goOn;
        });
  }

  private void signal(Tx tx, Campaign to, Campaign after, Transition change) {
    switch (change.pacing()) {
      case NONE -> {}
      case BEGINS -> listeners.tell(one -> one.pacingBegins(tx, to));
      case ENDS -> listeners.tell(one -> one.pacingEnds(tx, to));
      case HELD -> listeners.tell(one -> one.held(tx, after));
      case RELEASED -> {
        newerThanEvents(tx, after);
        listeners.tell(one -> one.released(tx, after, true));
      }
      case DIALS_BY_ITSELF -> {
        listeners.tell(one -> one.released(tx, after, false));
        seen(tx, after);
      }
      case SEEN -> seen(tx, after);
      case REFUSED ->
          listeners.tell(
              one -> one.holdRefused(tx, after, String.valueOf(change.details().get("reason"))));
    }
  }

  private void seen(Tx tx, Campaign after) {
    if (after.stage() == Stage.ACTIVE) {
      listeners.tell(one -> one.seen(tx, after));
    }
  }

  /** What has ended takes no command but our own; what has one pending is urgent. */
  private static void settleCommand(Campaign.Draft draft) {
    if (draft.stage.ended() && draft.command != Command.HALT) {
      draft.command = null;
    }
    if (draft.command == null) {
      draft.commandAt = null;
      draft.commandBy = null;
      draft.askedAt = null;
      draft.asks = 0;
    } else {
      draft.lane = draft.command.lane();
    }
  }

  /**
   * Gives a campaign the rate that it is created with. One after the other of all pools that have
   * agents in common: what one is given, the next one does not get.
   *
   * @param agents those at work in its pool: {@link SharedAgents#keys}
   * @param begin makes the body of the create call from what others have been given
   */
  Campaign giveFirstRate(
      Tx tx, Campaign campaign, Set<String> agents, Function<GivenRates, FirstRate.Begin> begin) {
    String poolId = campaign.poolId();
    if (!SharedAgents.known(tx.sql(), poolId)) {
      store.lock(tx, "agents of pools"); // pools that begin at one moment see each other
      SharedAgents.keep(tx, poolId, agents);
    }
    TreeSet<String> pools = new TreeSet<>(Set.of(poolId));
    SharedAgents.others(tx.sql(), poolId, agents).forEach(other -> pools.add(other.poolId()));
    pools.forEach(pool -> store.lock(tx, "pool " + pool));
    FirstRate.Begin begins = begin.apply(FirstRates.given(tx.sql(), poolId, agents, campaign.id()));
    Campaign with = campaign.with(d -> d.payload = begins.payload());
    Integer lines = begins.byLines() ? 1 : null;
    double rate = lines == null ? firstRate(with) : lines;
    var changes = List.of(new PacingChange(tx.now(), rate, "as launched", lines, null));
    tx.sql()
        .sql(
            "update campaign set payload = :payload, pacing = :pacing, first_rate = :rate"
                + CampaignClaims.FENCE)
        .param("payload", Json.text(begins.payload()))
        .param("pacing", Json.text(Json.tree(changes)))
        .param("rate", begins.callsPerSecond())
        .param("id", campaign.id())
        .param("claim", campaign.claim())
        .update();
    return with.with(d -> d.pacing = changes);
  }

  /** The rate that CXone is given on create, in calls a second; the ceiling where that is lost. */
  double firstRate(Campaign campaign) {
    return campaign.firstRate(platform);
  }

  /** Adds the history row and the audit line of a campaign that is taken. */
  void tell(Tx tx, Transition taken) {
    CampaignHistory.tell(tx, campaigns, null, taken);
  }

  /**
   * Puts a campaign back whose poll found nothing new: the commonest write of all, so it touches
   * nothing but what a poll changes. A command that arrived meanwhile goes first.
   *
   * @param dueAt when it is polled again
   * @throws LeaseLostException when the run's lease had ended; nothing is written then
   */
  Campaign putBack(Tx tx, Campaign polled, long dueAt) {
    List<Settled> written =
        tx.sql()
            .sql(
                """
                update campaign set polls = :polls, attempt = 0, remote_status = :status,
                  failure_kind = null, failure_status = null, failure_code = null,
                  failure_message = null, claim_token = null,
                  changed_at = case when failure_kind is null then changed_at else :now end,
                  lane = case when command is null then lane else OF_COMMAND end,
                  due_at = case when command is null then :dueAt else :now end\
                """
                        .replace("OF_COMMAND", PriorityClass.OF_COMMAND)
                    + CampaignClaims.FENCE
                    + RETURNING)
            .param("polls", polled.polls())
            .param("status", polled.remoteStatus())
            .param("dueAt", dueAt)
            .param("now", tx.now())
            .param("id", polled.id())
            .param("claim", polled.claim())
            .query((row, n) -> Settled.of(row, polled.stage()))
            .list();
    if (written.isEmpty()) {
      throw new LeaseLostException(polled);
    }
    written.get(0).announce(tx, polled.stopAt());
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
    // A command that arrived meanwhile goes first, whatever the step had in mind. In SQL since the
    // command that counts is the one that the row has when it is written: of one that was read
    // before, another might be given in between. A test compares it with the table of transitions.
    // Where the step has ended the campaign, the command has nothing to do any more: what the step
    // has in mind, such as a halt at CXone, stays.
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
                  attempt = :attempt, looks_after_end = :looksAfterEnd, refused_looks = :refusedLooks,
                  look_ups = :lookUps, creates = :creates, latency_ms = :latencyMs,
                  remote_id = :remoteId, remote_status = :remoteStatus, webhook_id = :webhookId,
                  failure_kind = :failureKind, failure_status = :failureStatus,
                  failure_code = :failureCode, failure_message = :failureMessage, held = :held,
                  changed_at = case when :changed = 1 then :now else changed_at end,
                  command = case when OVERTAKEN then command else :command end,
                  command_at = case when OVERTAKEN then command_at else :commandAt end,
                  command_by = case when OVERTAKEN then command_by else :commandBy end,
                  command_by_at = case when OVERTAKEN then command_by_at else :commandAt end,
                  asked_at = case when OVERTAKEN then asked_at else :askedAt end,
                  asks = case when OVERTAKEN then asks else :asks end,
                  polls = case when OVERTAKEN then polls else :polls end,
                  lane = case when OVERTAKEN then OF_COMMAND else :lane end,
                  due_at = case when OVERTAKEN then :now
                    when :goOn = 1 then :leaseEnd else :dueAt end,
                  claim_token = case when :goOn = 1 and not OVERTAKEN
                    then claim_token else null end\
                """
                        .replace(
                            "OVERTAKEN",
                            "((:ended = 0 or ended = 1) and (coalesce(command, :was) <> :was"
                                + " or forced <> :forced and :ended = 0))")
                        .replace("OF_COMMAND", PriorityClass.OF_COMMAND)
                    + CampaignClaims.FENCE
                    + RETURNING)
            .params(columns(c))
            .param("now", tx.now())
            .param("changed", looksTheSame(was, c) ? 0 : 1)
            .param("leaseEnd", leaseEnd)
            .param("claim", was.claim())
            .param("forced", was.forced() ? 1 : 0)
            .param("was", was.command() == null ? "" : was.command().name())
            .query((row, n) -> Settled.of(row, c.stage()))
            .list();
    if (written.isEmpty()) {
      throw new LeaseLostException(c);
    }
    written.get(0).announce(tx, c.stage().ended() ? null : c.stopAt());
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
    columns.put("commandBy", c.commandBy() == null ? null : c.commandBy().stored());
    columns.put("askedAt", c.askedAt());
    columns.put("asks", c.asks());
    columns.put("looksAfterEnd", c.looksAfterEnd());
    columns.put("refusedLooks", c.refusedLooks());
    columns.put("lane", c.lane() == null ? null : c.lane().code());
    columns.put("dueAt", c.dueAt());
    columns.put("goOn", c.goOn() ? 1 : 0);
    columns.put("command", c.command() == null ? null : c.command().name());
    return columns;
  }

  /** Adds a campaign unless its source, its external id or its name is taken. */
  boolean insert(Tx tx, Campaign c) {
    CampaignClaims.announce(tx, c.lane(), c.dueAt(), c.stopAt());
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
                on conflict do nothing\
                """)
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

  /** Events that happened before now, such as that of a hold which comes late, tell no news. */
  private static void newerThanEvents(Tx tx, Campaign campaign) {
    tx.sql()
        .sql("update campaign set event_at = ? where id = ?")
        .params(tx.now(), campaign.id())
        .update();
  }

  /** A campaign that has ended gives CXone's id away to one that is made of the same there. */
  void giveAwayId(Tx tx, String campaignId, String remoteId) {
    tx.sql()
        .sql("update campaign set remote_id = null where id = ? and remote_id = ?")
        .params(campaignId, remoteId)
        .update();
  }
}
