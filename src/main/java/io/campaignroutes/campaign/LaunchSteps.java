package io.campaignroutes.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.access.By;
import io.campaignroutes.compliance.AgentCheck;
import io.campaignroutes.compliance.Finding;
import io.campaignroutes.compliance.FirstRate;
import io.campaignroutes.compliance.PlatformFindings;
import io.campaignroutes.cxone.AgentPools;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.RemoteStatus;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * What came of each step of a launch, from the check of its agents until CXone dials. Every method
 * is called by the route of its step with the campaign that the run has claimed, is one
 * transaction, and returns the campaign as it is afterwards. What follows is for the table of
 * transitions to say.
 *
 * <p>All of them throw {@link LeaseLostException} when the run's lease has ended.
 */
@Component
public class LaunchSteps {
  private final Store store;
  private final CampaignStore campaigns;
  private final CampaignWrites writes;
  private final TransitionWriter writer;
  private final StatusResults statuses;
  private final FirstRate firstRate;
  private final LaunchProperties properties;

  LaunchSteps(
      Store store,
      CampaignStore campaigns,
      CampaignWrites writes,
      TransitionWriter writer,
      StatusResults statuses,
      FirstRate firstRate,
      LaunchProperties properties) {
    this.store = store;
    this.campaigns = campaigns;
    this.writes = writes;
    this.writer = writer;
    this.statuses = statuses;
    this.firstRate = firstRate;
    this.properties = properties;
  }

  /**
   * The agents of the pool are known, and what the platform has against the campaign.
   *
   * @param told {@code {findings: [{field, rule, message}]}}; null where it was not asked
   * @throws CxoneUnavailableException when the pool's answer lists no agents
   */
  public Campaign checked(Campaign campaign, AgentPools.Pool pool, JsonNode told) {
    if (pool.exists() && !pool.agents().path("agents").isArray()) {
      throw RemoteAnswer.none("agentPool lists no agents");
    }
    List<Finding> findings = new ArrayList<>();
    if (pool.exists()) {
      findings.addAll(AgentCheck.check(campaign.poolId(), campaign.timeZone(), pool.agents()));
    } else {
      findings.add(AgentCheck.unknownPool(campaign.poolId()));
    }
    findings.addAll(PlatformFindings.in(told));
    ObjectNode checked = Compliance.platformChecked(campaign.compliance(), told);
    return findings.isEmpty()
        ? nothingAgainst(campaign, pool, checked)
        : rejected(campaign, Compliance.rejected(checked, findings), findings);
  }

  private Campaign rejected(Campaign campaign, ObjectNode compliance, List<Finding> findings) {
    String all = findings.stream().map(Finding::message).collect(Collectors.joining(" "));
    return writer.writeIn(
        campaign,
        Step.CHECK,
        (tx, c) ->
            StepResult.of(Outcome.AGENTS_MISSING, all)
                .with(
                    d -> {
                      d.compliance = compliance;
                      d.failure = Failure.of(Failure.Kind.REJECTED, all);
                    }),
        (tx, rejected) ->
            findings.forEach(
                f -> campaigns.audit(tx, rejected, "COMPLIANCE_FINDING", Compliance.details(f))));
  }

  private Campaign nothingAgainst(Campaign campaign, AgentPools.Pool pool, ObjectNode checked) {
    return writer.writeIn(
        campaign,
        Step.CHECK,
        (tx, c) -> {
          if (c.activateAt() != null && c.activateAt() > tx.now()) {
            return StepResult.of(
                    Outcome.BEFORE_ITS_TIME,
                    "Waits for its activateAt. Its agents are checked again then.")
                .with(d -> d.compliance = checked);
          }
          Campaign ready =
              writes.giveFirstRate(
                  tx,
                  c,
                  SharedAgents.keys(AgentCheck.idsAtWork(pool.agents())),
                  given -> firstRate.begin(c.request(), c.payload(), pool.agents(), given));
          return StepResult.of(Outcome.AGENTS_FOUND, "All checks passed.")
              .by(c.stage() == Stage.SCHEDULED ? By.ACTIVATE_AT : null)
              .with(
                  d -> {
                    d.payload = ready.payload();
                    d.pacing = ready.pacing();
                    d.compliance = checked;
                  });
        },
        (tx, after) -> {});
  }

  /**
   * A create is about to be sent. Once this is on disk a crash, or an answer that is lost, leads to
   * a look-up and not to a second create.
   */
  public Campaign intend(Campaign campaign) {
    return writer.writeIn(
        campaign,
        Step.CREATE,
        (tx, c) ->
            StepResult.of(Outcome.INTENDED)
                .with(
                    d -> {
                      d.creating = true;
                      d.creates = c.creates() + 1;
                      d.intentAt = tx.now();
                      d.lookUps = 0;
                      // as long as this run may take until CXone has dealt with it
                      d.inFlightUntil =
                          tx.now()
                              + properties.lease().toMillis() / 2
                              + properties.settleGrace().toMillis();
                    }),
        LaunchSteps::forgetIntent);
  }

  /** A command that came meanwhile has ended the run: nothing is sent. */
  private static void forgetIntent(Tx tx, Campaign campaign) {
    if (!campaign.creating()) {
      tx.sql()
          .sql(
              "update campaign set intent_at = null, in_flight_until = null, creates = creates - 1"
                  + " where id = ?")
          .param(campaign.id())
          .update();
    }
  }

  /**
   * CXone has created the campaign.
   *
   * @throws CxoneUnavailableException when the answer carries no id: the outcome is as good as lost
   */
  public Campaign created(Campaign campaign, JsonNode answer) {
    return exists(
        campaign,
        Step.CREATE,
        StepResult.of(Outcome.CREATED, "Created at CXone."),
        RemoteAnswer.createdId(answer),
        RemoteAnswer.status(answer),
        answer.path("takesOver").asBoolean());
  }

  /**
   * The campaign is known to exist at CXone, unless another one has its id here.
   *
   * @param takesOver whether that one gives it away if it has ended
   */
  Campaign exists(
      Campaign campaign,
      Step step,
      StepResult result,
      String remoteId,
      String remoteStatus,
      boolean takesOver) {
    Campaign other = campaigns.ofRemote(remoteId).orElse(null);
    boolean free = other == null || takesOver && other.stage().ended();
    if (!free) {
      String why =
          "CXone gave it the id %s, which campaign %s (%s, %s) has here already. If CXone was set up afresh, or CXONE_BASE_URL leads to another tenant than before, this service needs a store of its own for it (DATA_DIR, or SPRING_DATASOURCE_URL). Otherwise find out in CXone which campaign has this id, then retry."
              .formatted(remoteId, other.id(), other.name(), other.stage());
      return writer.write(
          campaign, step, LostCreates.unsettled(Outcome.ID_TAKEN, why).with(LaunchSteps::forget));
    }
    return writer.writeIn(
        campaign,
        step,
        (tx, c) -> {
          if (other != null) {
            writes.giveAwayId(tx, other.id(), remoteId);
          }
          return StepResult.of(
                  result.outcome(), result.reason() + " CXone's id is " + remoteId + ".")
              .with(LaunchSteps::forget)
              .with(
                  d -> {
                    d.creating = false;
                    d.lookUps = 0;
                    d.remoteId = remoteId;
                    d.remoteStatus = remoteStatus.isEmpty() ? null : remoteStatus;
                  });
        },
        (tx, after) -> {});
  }

  private static void forget(Campaign.Draft d) {
    d.intentAt = null;
    d.inFlightUntil = null;
  }

  /** The webhook is registered, now or by an earlier try. */
  public Campaign registered(Campaign campaign, JsonNode answer) {
    String webhookId = RemoteAnswer.id(answer);
    return writer.write(
        campaign,
        Step.REGISTER,
        StepResult.of(
                Outcome.REGISTERED,
                answer.path("observed").asBoolean()
                    ? "Its events are observed."
                    : answer.path("id").isMissingNode()
                        ? "Its webhook was registered already."
                        : "Its webhook is registered.")
            .with(d -> d.webhookId = webhookId));
  }

  /** CXone has taken the wish to activate; often it is pending, sometimes it dials at once. */
  public Campaign activationAsked(Campaign campaign, JsonNode answer) {
    String word = RemoteAnswer.status(answer);
    if (statuses.status(word) == RemoteStatus.DIALING) {
      RemoteAnswer.statusOf(campaign, answer);
      return seen(campaign, Step.ACTIVATE, word, answer);
    }
    return writer.write(
        campaign,
        Step.ACTIVATE,
        (c, now) ->
            StepResult.of(Outcome.ASKED, "CXone was asked to activate it.")
                .with(d -> d.remoteStatus = word.isEmpty() ? c.remoteStatus() : word));
  }

  /**
   * It may not call now, and the platform would: it is ACTIVE without a start, and pacing holds it
   * until it may. That tells CXone to stop, in case a start has come there all the same.
   *
   * @param why in words that end a sentence
   */
  public Campaign mayNotCall(Campaign campaign, String why) {
    return writer.write(campaign, Step.ACTIVATE, (c, now) -> StatusResults.held(c, why, now));
  }

  /**
   * It may not call now, and CXone, which keeps its schedule and knows no more of its hours, would:
   * it is not activated, and looked at again later. One that was activated all the same, as by a
   * call whose answer was lost, is told to stop.
   *
   * @param why in words that end a sentence
   * @param answer what CXone says of it
   */
  public Campaign waitsForItsHours(Campaign campaign, String why, JsonNode answer) {
    String word = RemoteAnswer.statusOf(campaign, answer);
    if (statuses.status(word) != RemoteStatus.CREATED) {
      return mayNotCall(campaign, why);
    }
    String told = "It is not activated yet: " + why + ". It will be, by itself, once it may call.";
    return writer.write(
        campaign,
        Step.ACTIVATE,
        (c, now) -> {
          Failure closed = Failure.of(Failure.Kind.CLOSED, told);
          return StepResult.of(closed.equals(c.failure()) ? Outcome.STILL_CLOSED : Outcome.CLOSED)
              .details(Map.of("reason", told))
              .with(
                  d -> {
                    d.failure = closed;
                    d.remoteStatus = word;
                    d.attempt = 0;
                    d.stageAt = now; // its tries are given up some time after the last wait
                  });
        });
  }

  /** One poll of an activation has been answered. */
  public Campaign polled(Campaign campaign, JsonNode answer) {
    String word = RemoteAnswer.statusOf(campaign, answer);
    RemoteStatus status = statuses.status(word);
    long asOf = store.now(); // which is when a clock that was set is noticed
    boolean late = timedOut(campaigns.inStep(store.read(), campaign), asOf);
    boolean resuming = status == RemoteStatus.PAUSED && campaign.activeAt() != null && !late;
    if (status == RemoteStatus.DIALING
        || status == RemoteStatus.PAUSED && !resuming
        || status.over()) {
      return seen(campaign, Step.POLL, word, answer);
    }
    if (!late) { // a resume that CXone has not come to yet is one, too
      return writer.writePoll(
          campaign, StepResult.of(Outcome.PENDING).with(d -> d.remoteStatus = word));
    }
    return writer.write(
        campaign, Step.POLL, StepFailures.notActivated(Outcome.TOO_LATE, properties, word));
  }

  private Campaign seen(Campaign campaign, Step step, String word, JsonNode answer) {
    return writer.write(
        campaign,
        step,
        (c, now) ->
            statuses
                .seen(c, statuses.status(word), RemoteAnswer.failureCode(answer), now)
                .with(d -> d.remoteStatus = word));
  }

  private boolean timedOut(Campaign campaign, long now) {
    return properties.timedOut(campaign, now);
  }
}
