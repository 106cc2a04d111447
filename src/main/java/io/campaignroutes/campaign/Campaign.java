package io.campaignroutes.campaign;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.access.By;
import io.campaignroutes.audit.AuditEvent.PacingChange;
import io.campaignroutes.compliance.PlatformCampaign;
import io.campaignroutes.compliance.PolicyRef;
import io.campaignroutes.cxone.TimeRange;
import io.campaignroutes.cxone.Urgency;
import io.campaignroutes.text.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;

/**
 * A campaign as the store has it. Immutable; all times are milliseconds since the epoch by the
 * store's clock.
 *
 * @param fingerprint SHA-256 of the request, which tells a repeat from another use of a key
 * @param request the request with its defaults
 * @param payload what CXone is sent on create
 * @param compliance what was checked: rules, warnings, findings
 * @param intentAt set while a create's outcome is not known
 * @param inFlightUntil until then such a create may still be on its way
 * @param attempt failed tries of the present step
 * @param lookUps how often a lost create was looked for
 * @param creates creates that were sent, or about to be, since the last one was settled for good
 * @param latencyMs from accepted to ACTIVE
 * @param remoteId CXone's id
 * @param pacing the latest pacing changes, newest last
 * @param held whether it is paused at CXone because pacing's rate is zero; its stage is ACTIVE then
 * @param commandAt since when the command has been pending
 * @param askedAt when CXone was sent the command, which is read next; null while it is to be sent
 * @param asks how often CXone was sent the command
 * @param forced whether a stop is to end calls that are under way, too
 * @param commandBy who gave the command; null for one of the service's own, and for none
 * @param looksAfterEnd how often CXone was seen to have ended it, too, since the campaign ended
 * @param refusedLooks looks in a row, since the campaign ended, that CXone refused
 * @param dueAt when its next work falls due; while claimed, when the lease ends
 * @param claim the claim's token; null when nobody works on it
 * @param dueSince since when the work that was claimed has been due
 * @param goOn whether the run that has the claim does the next step at once
 * @param creating whether this very run is sending the create; never stored
 */
public record Campaign(
    String id,
    String externalId,
    String sourceKey,
    String fingerprint,
    String name,
    ObjectNode request,
    ObjectNode payload,
    ObjectNode compliance,
    PolicyRef policy,
    Stage stage,
    long acceptedAt,
    long stageAt,
    Long activateAt,
    Long stopAt,
    Long intentAt,
    Long inFlightUntil,
    Long activatingAt,
    Long activeAt,
    int polls,
    int attempt,
    int lookUps,
    int creates,
    Long latencyMs,
    String remoteId,
    String remoteStatus,
    String webhookId,
    Failure failure,
    List<PacingChange> pacing,
    long attemptedCalls,
    long connectedCalls,
    boolean held,
    Command command,
    Long commandAt,
    Long askedAt,
    int asks,
    boolean forced,
    By commandBy,
    int looksAfterEnd,
    int refusedLooks,
    PriorityClass lane,
    long dueAt,
    String claim,
    long dueSince,
    boolean goOn,
    boolean creating) {

  /** Of the id alone: routes look methods of this up by it, and all of it is much. */
  @Override
  public int hashCode() {
    return id.hashCode();
  }

  /** The agent pool that the request names. */
  public String poolId() {
    return request.path("agentPoolId").asText();
  }

  /** Its share of its agent pool, beside those of other campaigns that dial for it. */
  public double weight() {
    double weight = request.path("weight").asDouble(1);
    return weight > 0 && weight < Double.POSITIVE_INFINITY ? weight : 1; // whatever was damaged
  }

  public String timeZone() {
    return request.path("timeZone").asText();
  }

  /** The rate that CXone is given on create, in calls a second; the ceiling where that is lost. */
  public double firstRate(PlatformCampaign platform) {
    return platform.rate(payload).orElse(request.at("/pacing/maxCallsPerSecond").asDouble());
  }

  /** How urgent the next call is when the rate limit is short. */
  public Urgency urgency() {
    if (command != null) {
      return command == Command.RELEASE ? Urgency.PACING : Urgency.COMMAND;
    }
    return lane == null ? Urgency.LOOK : lane.urgency();
  }

  /** Whether a newer version of the service has left it in a way that only that can go on with. */
  public boolean ofNewerVersion() {
    return stage == Stage.UNKNOWN || command == Command.UNKNOWN;
  }

  /** What an operator, or its {@code stopAt}, wants done and is not done yet; null for nothing. */
  public Command pending() {
    return command == null || command.byPacing() ? null : command;
  }

  /** Whether CXone has said no to what is pending, which is asked for again all the same. */
  public boolean pendingIsRefused() {
    return pending() != null
        && asks > 0
        && failure != null
        && failure.kind() == Failure.Kind.REFUSED
        && !stage.ended();
  }

  /** Whether its launch goes on only when a time has come that may be far away. */
  public boolean waitsForItsTime() {
    boolean closed = failure != null && failure.kind() == Failure.Kind.CLOSED;
    return stage == Stage.SCHEDULED || stage == Stage.REGISTERED && closed;
  }

  /** Whether it brought contacts that have yet to go through a step. */
  boolean contactsWaitFor(Step step) {
    if (!request.has("contacts")) {
      return false;
    }
    return step == Step.UPLOAD_CONTACTS
        ? !compliance.at("/contacts/uploaded").isNumber()
        : !compliance.has("contacts");
  }

  /** What the platform's operations are told of it by the run that has claimed it. */
  public ObjectNode arguments() {
    ObjectNode arguments = Json.object();
    arguments.put("id", id);
    arguments.put("name", name);
    arguments.put("poolId", poolId());
    arguments.put("remoteId", remoteId);
    arguments.put("ended", stage.ended());
    arguments.put("force", forced);
    arguments.put("claim", claim);
    arguments.set("payload", payload);
    return arguments;
  }

  /** From its activation until now, in whole seconds. */
  public TimeRange sinceActivation() {
    long from = activeAt == null ? acceptedAt : activeAt;
    return new TimeRange(
        Instant.ofEpochMilli(from).truncatedTo(ChronoUnit.SECONDS),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(1));
  }

  /** A copy with some fields changed. */
  Campaign with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.campaign();
  }

  /** The fields of a campaign that change while it lives. */
  static final class Draft {
    private final Campaign was;
    ObjectNode payload;
    ObjectNode compliance;
    Stage stage;
    long acceptedAt;
    long stageAt;
    Long intentAt;
    Long inFlightUntil;
    Long activatingAt;
    Long activeAt;
    int polls;
    int attempt;
    int lookUps;
    int creates;
    Long latencyMs;
    String remoteId;
    String remoteStatus;
    String webhookId;
    Failure failure;
    List<PacingChange> pacing;
    long attemptedCalls;
    long connectedCalls;
    boolean held;
    Command command;
    Long commandAt;
    Long askedAt;
    int asks;
    By commandBy;
    int looksAfterEnd;
    int refusedLooks;
    PriorityClass lane;
    long dueAt;
    String claim;
    boolean goOn;
    boolean creating;

    private Draft(Campaign was) {
      this.was = was;
      payload = was.payload;
      compliance = was.compliance;
      stage = was.stage;
      acceptedAt = was.acceptedAt;
      stageAt = was.stageAt;
      intentAt = was.intentAt;
      inFlightUntil = was.inFlightUntil;
      activatingAt = was.activatingAt;
      activeAt = was.activeAt;
      polls = was.polls;
      attempt = was.attempt;
      lookUps = was.lookUps;
      creates = was.creates;
      latencyMs = was.latencyMs;
      remoteId = was.remoteId;
      remoteStatus = was.remoteStatus;
      webhookId = was.webhookId;
      failure = was.failure;
      pacing = was.pacing;
      attemptedCalls = was.attemptedCalls;
      connectedCalls = was.connectedCalls;
      held = was.held;
      command = was.command;
      commandAt = was.commandAt;
      askedAt = was.askedAt;
      asks = was.asks;
      commandBy = was.commandBy;
      looksAfterEnd = was.looksAfterEnd;
      refusedLooks = was.refusedLooks;
      lane = was.lane;
      dueAt = was.dueAt;
      claim = was.claim;
      goOn = was.goOn;
      creating = was.creating;
    }

    private Campaign campaign() {
      return new Campaign(
          was.id,
          was.externalId,
          was.sourceKey,
          was.fingerprint,
          was.name,
          was.request,
          payload,
          compliance,
          was.policy,
          stage,
          acceptedAt,
          stageAt,
          was.activateAt,
          was.stopAt,
          intentAt,
          inFlightUntil,
          activatingAt,
          activeAt,
          polls,
          attempt,
          lookUps,
          creates,
          latencyMs,
          remoteId,
          remoteStatus,
          webhookId,
          failure,
          pacing,
          attemptedCalls,
          connectedCalls,
          held,
          command,
          commandAt,
          askedAt,
          asks,
          was.forced,
          commandBy,
          looksAfterEnd,
          refusedLooks,
          lane,
          dueAt,
          claim,
          was.dueSince,
          goOn,
          creating);
    }
  }
}
