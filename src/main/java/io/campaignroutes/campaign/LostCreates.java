package io.campaignroutes.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.RemoteStatus;
import io.campaignroutes.text.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Finds out what became of a create whose answer was lost, so that it is never sent twice: CXone is
 * asked for its campaigns of the name.
 */
@Component
public class LostCreates {
  /** After so many creates without an answer a person should look. */
  private static final int MAX_LOST_CREATES = 10;

  private final CampaignStore campaigns;
  private final LaunchSteps steps;
  private final TransitionWriter writer;
  private final StatusResults statuses;
  private final LaunchProperties properties;

  LostCreates(
      CampaignStore campaigns,
      LaunchSteps steps,
      TransitionWriter writer,
      StatusResults statuses,
      LaunchProperties properties) {
    this.campaigns = campaigns;
    this.steps = steps;
    this.writer = writer;
    this.statuses = statuses;
    this.properties = properties;
  }

  /**
   * The campaigns of our name at CXone, in whatever form it lists it, are known. One that never
   * dialed, belongs to no campaign of ours and does not contradict what was sent is the one; a
   * look-up that finds nothing is repeated for a while, since CXone may list it late, and only then
   * is the create sent again.
   *
   * @param found {@code {campaigns: [{id, name, status, payload}]}}, the payload as far as it is
   *     told
   * @throws CxoneUnavailableException when there is no such list
   * @throws LeaseLostException when the run's lease has ended
   */
  public Campaign resolveCreate(Campaign campaign, JsonNode found) {
    if (!found.path("campaigns").isArray()) {
      throw RemoteAnswer.none("findCampaigns lists no campaigns");
    }
    List<JsonNode> unknown = unknownOfThisName(campaign, found.path("campaigns"));
    ObjectNode sent = campaign.payload().deepCopy();
    sent.remove("name"); // compared above: CXone may list it in another form
    List<JsonNode> alike =
        unknown.stream()
            .filter(one -> neverDialed(one) && agrees(sent, one.path("payload")))
            .toList();
    if (alike.size() == 1) {
      return steps.exists(
          campaign,
          Step.RESOLVE_CREATE,
          StepResult.of(
              Outcome.FOUND,
              "The answer to the create was lost; the campaign was found by its name."),
          alike.get(0).path("id").asText(),
          statuses.word(RemoteStatus.CREATED),
          alike.get(0).path("takesOver").asBoolean());
    }
    List<String> live =
        unknown.stream()
            .filter(this::isLive)
            .map(one -> one.path("id").asText() + " " + one.path("status").asText())
            .toList();
    if (!live.isEmpty()) {
      return unsettled(
          campaign,
          Outcome.UNCLEAR,
          "CXone's answer when the campaign was created was lost, and CXone has campaigns of this"
              + " name that this service does not know or that were set up differently: "
              + String.join(", ", live)
              + ". Delete the extra ones in CXone, then retry.");
    }
    if (campaign.creates() >= MAX_LOST_CREATES) {
      return unsettled(
          campaign,
          Outcome.LOST_TOO_OFTEN,
          "The create was sent "
              + campaign.creates()
              + " times, its answer was lost each time, and CXone lists no campaign of this name."
              + " Check in CXone, then retry.");
    }
    return writer.write(campaign, Step.RESOLVE_CREATE, this::notListed);
  }

  private List<JsonNode> unknownOfThisName(Campaign campaign, JsonNode listed) {
    List<JsonNode> ours = new ArrayList<>();
    for (JsonNode one : listed) {
      if (Names.same(campaign.name(), one.path("name").asText(campaign.name()))) {
        ours.add(one);
      }
    }
    List<String> known =
        campaigns.knownRemoteIds(ours.stream().map(one -> one.path("id").asText()).toList());
    ours.removeIf(one -> known.contains(one.path("id").asText()));
    return ours;
  }

  private boolean neverDialed(JsonNode one) {
    JsonNode status = one.path("status");
    return status.isMissingNode()
        || status.isNull()
        || statuses.status(status.asText()) == RemoteStatus.CREATED;
  }

  private boolean isLive(JsonNode one) {
    RemoteStatus status = statuses.status(one.path("status").asText());
    return status != RemoteStatus.STOPPED && status != RemoteStatus.COMPLETED;
  }

  private StepResult notListed(Campaign c, long now) {
    boolean maybeOnItsWay = c.inFlightUntil() != null && now < c.inFlightUntil();
    long since = orElse(c.inFlightUntil(), orElse(c.intentAt(), now));
    boolean maybeListedLater = now < since + properties.settleTime().toMillis();
    if (maybeOnItsWay || maybeListedLater || c.lookUps() == 0) {
      long next = now + properties.lookUps().millis(c.lookUps());
      return StepResult.of(Outcome.MAY_STILL_APPEAR)
          .until(Math.max(next, orElse(c.inFlightUntil(), now)))
          .with(d -> d.lookUps = c.lookUps() + 1);
    }
    return StepResult.of(Outcome.NOT_THERE)
        .with(
            d -> {
              d.intentAt = null;
              d.inFlightUntil = null;
              d.lookUps = 0;
            });
  }

  private static long orElse(Long time, long now) {
    return time == null ? now : time;
  }

  private Campaign unsettled(Campaign campaign, Outcome outcome, String why) {
    return writer.write(campaign, Step.RESOLVE_CREATE, unsettled(outcome, why));
  }

  /** A person has to decide, by this sentence. */
  static StepResult unsettled(Outcome outcome, String why) {
    return StepResult.of(outcome, why)
        .with(
            d -> {
              d.creating = false;
              d.failure = Failure.of(Failure.Kind.UNSETTLED, why);
            });
  }

  /** Whether what CXone tells of a campaign contradicts nothing of what ours is made from. */
  private static boolean agrees(JsonNode ours, JsonNode told) {
    if (told.isMissingNode() || told.isNull()) {
      return true;
    }
    if (ours.isObject() && told.isObject()) {
      return ours.properties().stream()
          .allMatch(field -> agrees(field.getValue(), told.path(field.getKey())));
    }
    if (ours.isArray() && told.isArray()) { // of days and outcomes, whose order means nothing
      return ours.size() == told.size() && values(ours).equals(values(told));
    }
    return ours.isNumber() && told.isNumber()
        ? ours.doubleValue() == told.doubleValue()
        : ours.asText().equals(told.asText());
  }

  private static Set<String> values(JsonNode list) {
    Set<String> values = new HashSet<>();
    list.forEach(one -> values.add(one.isValueNode() ? one.asText() : one.toString()));
    return values;
  }
}
