package io.campaignroutes.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The campaigns of the simulated tenant, its agents, and the time that moves them. Every look first
 * brings them up to the clock, so an answer is right to the millisecond however rarely {@link
 * #advance()} is called; calls move in steps of one second. A campaign dials whenever it is {@code
 * ACTIVE}, whatever its calling hours, so that there is something to see at night too.
 */
final class Campaigns {

  /** The contact list that has no contacts. */
  static final String EMPTY_LIST = "empty-list";

  private static final Logger LOG = LoggerFactory.getLogger(Campaigns.class);

  /** Time lost longer than this (a machine asleep) is not made up for. */
  private static final long LONGEST_CATCH_UP = 3600;

  /** Numbers skipped after a crash, so that an id that was never saved is not given out again. */
  private static final long SPARE_NUMBERS = 1000;

  private final Clock clock;
  private final Duration activationDelay;
  private final int contacts;
  private final long seed;
  private final Changes changes;
  private final Consumer<LifecycleEvent> events;
  private final Supplier<Optional<String>> activationFault;
  private final Map<String, Campaign> campaigns = new LinkedHashMap<>();
  private final Map<String, AgentPool> pools = new LinkedHashMap<>();
  private final Deque<Pending> pending = new ArrayDeque<>();
  private final Set<Campaign> moving = new LinkedHashSet<>();
  private long nextNumber = 1;
  private long second;

  private record Pending(Campaign campaign, long since) {}

  /** What is kept of this over a restart. */
  record State(long nextNumber, List<Campaign.State> campaigns, List<AgentPool.Talk> talks) {}

  /**
   * A tenant without campaigns.
   *
   * @param activationFault asked once per activation: the error code in which it shall end, if any
   * @param events told of every lifecycle event, while the lock is held
   */
  Campaigns(
      SandboxProperties properties,
      Clock clock,
      Changes changes,
      Supplier<Optional<String>> activationFault,
      Consumer<LifecycleEvent> events) {
    this.activationDelay = properties.activationDelay();
    this.contacts = properties.contacts();
    this.seed = properties.seed();
    this.clock = clock;
    this.changes = changes;
    this.activationFault = activationFault;
    this.events = events;
    this.second = now() / 1000;
    for (AgentPool pool :
        List.of(
            new AgentPool("pool-east", "America/New_York", 12),
            new AgentPool("pool-west", "America/Los_Angeles", 8),
            new AgentPool("pool-berlin", "Europe/Berlin", 20),
            new AgentPool("pool-one-agent", "America/New_York", 1))) {
      pools.put(pool.id(), pool);
    }
  }

  synchronized ObjectNode pool(String id) {
    advance();
    AgentPool pool = pools.get(id);
    if (pool == null) {
      throw new SandboxException(404, "AGENT_POOL_NOT_FOUND", "There is no agent pool " + id + ".");
    }
    return pool.json(second);
  }

  synchronized ObjectNode create(ObjectNode payload) {
    PayloadCheck.create(payload, pools::containsKey);
    String id = "c-" + nextNumber++;
    boolean empty = payload.path("contactList").path("id").asText().equals(EMPTY_LIST);
    Campaign campaign =
        new Campaign(id, payload, new CampaignCalls(empty ? 0 : contacts, random(id)), now());
    campaigns.put(id, campaign);
    changes.note();
    LOG.info("sandbox: campaign {} ({}) created", id, shown(campaign));
    return Json.object().put("id", id).put("status", campaign.status().name());
  }

  /** All campaigns, or those whose name is exactly {@code name}. */
  synchronized List<ObjectNode> find(String name) {
    advance();
    return campaigns.values().stream()
        .filter(campaign -> name == null || campaign.name().equals(name))
        .map(Campaign::json)
        .toList();
  }

  synchronized ObjectNode get(String id) {
    advance();
    return known(id).json();
  }

  synchronized ObjectNode setStatus(String id, JsonNode wanted) {
    advance();
    Campaign campaign = known(id);
    CampaignStatus status =
        switch (wanted.asText()) {
          case "ACTIVE" -> CampaignStatus.ACTIVE;
          case "PAUSED" -> CampaignStatus.PAUSED;
          case "STOPPED" -> CampaignStatus.STOPPED;
          default ->
              throw new SandboxException(
                  400, "INVALID_STATUS", "status must be ACTIVE, PAUSED or STOPPED.");
        };
    if (!campaign.status().allows(status)) {
      throw conflict(campaign, "cannot become " + status);
    }
    if (status == CampaignStatus.ACTIVE) {
      activate(campaign);
    } else if (campaign.status() != status) {
      turn(campaign, status, null);
    }
    return campaign.json();
  }

  /** Replaces the pacing whole: what the new one does not name is gone. */
  synchronized ObjectNode setPacing(String id, ObjectNode change) {
    advance();
    Campaign campaign = known(id);
    if (!(change.get("pacing") instanceof ObjectNode pacing) || change.size() != 1) {
      throw new SandboxException(400, PayloadCheck.CODE, "Only a pacing object can be changed.");
    }
    PayloadCheck.pacing(pacing, campaign.payload());
    if (campaign.status() == CampaignStatus.STOPPED
        || campaign.status() == CampaignStatus.COMPLETED) {
      throw conflict(campaign, "has no pacing any more");
    }
    double before = campaign.callsPerSecond();
    campaign.setPacing(pacing);
    changes.note();
    LOG.info(
        "sandbox: campaign {} dials {} calls/s, before {}", id, campaign.callsPerSecond(), before);
    return campaign.json();
  }

  /** The figures of the last five minutes. */
  synchronized ObjectNode realtime(String id) {
    advance();
    Campaign campaign = known(id);
    if (!campaign.calls().hasFigures()) {
      throw new SandboxException(404, "NO_DATA", "There are no figures yet for " + id + ".");
    }
    Counts counts = campaign.calls().window(second);
    double handleTime =
        counts.handled == 0
            ? AgentPool.USUAL_HANDLE_TIME
            : (double) counts.handleSeconds / counts.handled;
    return Json.object()
        .put("campaignId", id)
        .put("interval", "PT5M")
        .put("attemptedCalls", counts.attempted)
        .put("connectedCalls", counts.connected)
        .put("abandonedCalls", counts.abandoned)
        .put("avgHandleTime", tenths(handleTime))
        .put("availableAgents", pools.get(campaign.poolId()).idle(second));
  }

  /** The figures between two times; no average where no call was answered. */
  synchronized ObjectNode history(String id, Instant from, Instant to) {
    advance();
    Counts counts = known(id).calls().between(from.getEpochSecond(), to.getEpochSecond());
    ObjectNode json =
        Json.object()
            .put("campaignId", id)
            .put("startDate", from.toString())
            .put("endDate", to.toString())
            .put("attemptedCalls", counts.attempted)
            .put("connectedCalls", counts.connected)
            .put("abandonedCalls", counts.abandoned);
    if (counts.connected > 0) {
      json.put("avgAnswerTime", tenths((double) counts.answerSeconds / counts.connected));
    }
    return json;
  }

  /** Brings campaigns, agents and calls up to the clock. */
  synchronized void advance() {
    long now = now();
    while (!pending.isEmpty() && pending.peekFirst().since() + delay() <= now) {
      Pending due = pending.removeFirst();
      Campaign campaign = due.campaign();
      if (campaign.status() == CampaignStatus.PENDING && campaign.changedAt() == due.since()) {
        endActivation(campaign);
      }
    }
    second = Math.max(second, now / 1000 - LONGEST_CATCH_UP);
    while (second < now / 1000) {
      second++;
      step();
    }
  }

  /**
   * What has to be kept.
   *
   * @param last whether the process ends now, so that no number given out later can be lost
   */
  synchronized State state(boolean last) {
    return new State(
        last ? nextNumber : nextNumber + SPARE_NUMBERS,
        campaigns.values().stream().map(Campaign::state).toList(),
        pools.values().stream().flatMap(pool -> pool.talks().stream()).toList());
  }

  /** Goes on from what was kept. The time in between has not passed for the calls. */
  synchronized void restore(State state) {
    nextNumber = state.nextNumber();
    second = now() / 1000;
    for (Campaign.State kept : state.campaigns()) {
      Campaign campaign = new Campaign(kept, new CampaignCalls(contacts, random(kept.id())));
      campaigns.put(campaign.id(), campaign);
      if (campaign.status() == CampaignStatus.ACTIVE || campaign.calls().underWay()) {
        moving.add(campaign);
      }
    }
    campaigns.values().stream()
        .filter(campaign -> campaign.status() == CampaignStatus.PENDING)
        .sorted(Comparator.comparingLong(Campaign::changedAt))
        .forEach(campaign -> pending.addLast(new Pending(campaign, campaign.changedAt())));
    for (AgentPool.Talk talk : state.talks()) {
      pools.get(talk.pool()).resume(talk);
    }
  }

  private void activate(Campaign campaign) {
    if (campaign.status() == CampaignStatus.PENDING || campaign.status() == CampaignStatus.ACTIVE) {
      return;
    }
    String error =
        activationFault
            .get()
            .orElse(campaign.calls().contactsLeft() == 0 ? "CONTACT_LIST_EMPTY" : null);
    turn(campaign, CampaignStatus.PENDING, error);
    pending.addLast(new Pending(campaign, campaign.changedAt()));
  }

  private void endActivation(Campaign campaign) {
    if (campaign.errorToCome() != null) {
      turn(campaign, CampaignStatus.ERROR, campaign.errorToCome());
    } else {
      turn(campaign, CampaignStatus.ACTIVE, null);
      moving.add(campaign);
    }
  }

  /** One second of calls: agents get free, campaigns dial, people who answer get agents. */
  private void step() {
    if (moving.isEmpty()) {
      return;
    }
    for (AgentPool pool : pools.values()) {
      for (AgentPool.Talk talk : pool.end(second)) {
        campaigns.get(talk.campaignId()).calls().ended(second, talk.handleSeconds());
      }
    }
    for (Campaign campaign : inTurn()) {
      boolean active = campaign.status() == CampaignStatus.ACTIVE;
      if (active) {
        campaign.calls().dial(second, campaign.callsPerSecond());
      }
      campaign.calls().connect(second, pools.get(campaign.poolId()), campaign.id());
      if (active && campaign.calls().exhausted()) {
        turn(campaign, CampaignStatus.COMPLETED, null);
        moving.remove(campaign);
      } else if (!active && !campaign.calls().underWay()) {
        moving.remove(campaign);
      }
    }
    changes.note();
  }

  /** The campaigns with another one first each second, so that all come to the agents. */
  private List<Campaign> inTurn() {
    List<Campaign> all = new ArrayList<>(moving);
    Collections.rotate(all, (int) (second % all.size()));
    return all;
  }

  private void turn(Campaign campaign, CampaignStatus status, String error) {
    campaign.set(status, error, now());
    changes.note();
    LOG.info(
        "sandbox: campaign {} is {}{}",
        campaign.id(),
        status,
        status == CampaignStatus.ERROR ? " (" + error + ")" : "");
    if (status.eventType() != null) {
      events.accept(
          new LifecycleEvent(
              UUID.randomUUID().toString(),
              campaign.id(),
              status,
              Instant.ofEpochMilli(campaign.changedAt()).toString(),
              status.eventType(),
              reason(status, error)));
    }
  }

  private static String reason(CampaignStatus status, String error) {
    return switch (status) {
      case ERROR -> error;
      case COMPLETED -> "CONTACT_LIST_EXHAUSTED";
      default -> null;
    };
  }

  private Campaign known(String id) {
    Campaign campaign = campaigns.get(id);
    if (campaign == null) {
      throw new SandboxException(404, "CAMPAIGN_NOT_FOUND", "There is no campaign " + id + ".");
    }
    return campaign;
  }

  private static SandboxException conflict(Campaign campaign, String why) {
    return new SandboxException(
        409,
        "CAMPAIGN_STATE_CONFLICT",
        "Campaign " + campaign.id() + " is " + campaign.status() + " and " + why + ".");
  }

  /** The name fit for a log line. */
  private static String shown(Campaign campaign) {
    String name = campaign.name().replaceAll("\\p{Cntrl}", "?");
    return name.length() <= 60 ? name : name.substring(0, 60) + "...";
  }

  private Random random(String id) {
    return new Random(seed * 1_000_003 + id.hashCode());
  }

  private long now() {
    return clock.millis();
  }

  private long delay() {
    return activationDelay.toMillis();
  }

  private static double tenths(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
