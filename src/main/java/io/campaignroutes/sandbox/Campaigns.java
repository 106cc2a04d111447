package io.campaignroutes.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
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
class Campaigns {

  /** The contact list that has no contacts. */
  static final String EMPTY_LIST = "empty-list";

  private static final Logger LOG = LoggerFactory.getLogger(Campaigns.class);

  private static final List<SandboxTeam> TEAMS =
      List.of(
          new SandboxTeam("pool-east", "America/New_York", 12),
          new SandboxTeam("pool-west", "America/Los_Angeles", 8),
          new SandboxTeam("pool-berlin", "Europe/Berlin", 20),
          new SandboxTeam("pool-one-agent", "America/New_York", 1));

  /** Numbers skipped after a crash, so that an id that was never saved is not given out again. */
  private static final long SPARE_NUMBERS = 1000;

  private final Clock clock;
  private final Duration activationDelay;
  private final int contacts;
  private final long seed;
  private final ChangeCount changes;
  private final Consumer<LifecycleEvent> events;
  private final Supplier<Optional<String>> activationFault;
  private final Map<String, SandboxCampaign> campaigns = new LinkedHashMap<>();
  private final Queue<Pending> pending =
      new PriorityQueue<>(Comparator.comparingLong(Pending::due));
  private final Set<SandboxCampaign> moving = new LinkedHashSet<>();
  private CallWorld world;
  private long nextNumber = 1;

  private record Pending(SandboxCampaign campaign, long since, long due, Activation activation) {}

  /**
   * What becomes of a campaign that is activated.
   *
   * @param after how long it stays {@code PENDING}, null for ever
   * @param status what it is then
   * @param error the code where that is {@code ERROR}, else null
   */
  record Activation(Duration after, CampaignStatus status, String error) {}

  /** What is kept of this over a restart. */
  record State(long nextNumber, List<SandboxCampaign.State> campaigns, CallWorld.State calls) {}

  /**
   * A tenant without campaigns.
   *
   * @param activationFault asked once per activation: the error code in which it shall end, if any
   * @param events told of every lifecycle event, while the lock is held
   */
  Campaigns(
      SandboxProperties properties,
      Clock clock,
      ChangeCount changes,
      Supplier<Optional<String>> activationFault,
      Consumer<LifecycleEvent> events) {
    this(
        properties,
        clock,
        changes,
        activationFault,
        events,
        new CallWorld(TEAMS, properties.seed(), clock.millis() / 1000));
  }

  /** The same in another world. */
  Campaigns(
      SandboxProperties properties,
      Clock clock,
      ChangeCount changes,
      Supplier<Optional<String>> activationFault,
      Consumer<LifecycleEvent> events,
      CallWorld world) {
    this.activationDelay = properties.activationDelay();
    this.contacts = properties.contacts();
    this.seed = properties.seed();
    this.clock = clock;
    this.changes = changes;
    this.activationFault = activationFault;
    this.events = events;
    this.world = world;
  }

  synchronized ObjectNode pool(String id) {
    advance();
    if (!world.knows(id)) {
      throw new SandboxException(404, "AGENT_POOL_NOT_FOUND", "There is no agent pool " + id + ".");
    }
    return world.team(id);
  }

  synchronized ObjectNode create(ObjectNode payload) {
    PayloadCheck.create(payload, world::knows);
    String id = "c-" + nextNumber++;
    boolean empty = payload.path("contactList").path("id").asText().equals(EMPTY_LIST);
    SandboxCampaign campaign = new SandboxCampaign(id, payload, empty ? 0 : contacts, now());
    campaigns.put(id, campaign);
    changes.note();
    LOG.info("sandbox: campaign {} ({}) created", id, shown(campaign));
    return SandboxJson.object().put("id", id).put("status", campaign.status().name());
  }

  /** All campaigns, or those whose name is exactly {@code name}. */
  synchronized List<ObjectNode> find(String name) {
    advance();
    return campaigns.values().stream()
        .filter(campaign -> name == null || campaign.name().equals(name))
        .map(SandboxCampaign::json)
        .toList();
  }

  synchronized ObjectNode get(String id) {
    advance();
    return known(id).json();
  }

  synchronized ObjectNode setStatus(String id, JsonNode wanted) {
    advance();
    SandboxCampaign campaign = known(id);
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
    SandboxCampaign campaign = known(id);
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
    if (campaign.status() == CampaignStatus.ACTIVE) {
      world.dial(campaign, campaign.callsPerSecond());
    }
    changes.note();
    LOG.info(
        "sandbox: campaign {} dials {} calls/s, before {}", id, campaign.callsPerSecond(), before);
    return campaign.json();
  }

  /** The figures of the last five minutes. */
  synchronized ObjectNode realtime(String id) {
    advance();
    SandboxCampaign campaign = known(id);
    ObjectNode figures = world.realtime(campaign);
    if (figures == null) {
      throw new SandboxException(404, "NO_DATA", "There are no figures yet for " + id + ".");
    }
    return figures;
  }

  /** The figures between two times; no average where no call was answered. */
  synchronized ObjectNode history(String id, Instant from, Instant to) {
    advance();
    return world.history(known(id), from, to);
  }

  /** Brings campaigns, agents and calls up to the clock. */
  synchronized void advance() {
    long now = now();
    while (!pending.isEmpty() && pending.peek().due() <= now) {
      Pending due = pending.remove();
      SandboxCampaign campaign = due.campaign();
      if (campaign.status() == CampaignStatus.PENDING && campaign.changedAt() == due.since()) {
        turn(campaign, due.activation().status(), due.activation().error());
      }
    }
    if (world.advance(now / 1000) && !moving.isEmpty()) {
      moving.removeIf(this::atRest);
      changes.note();
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
        campaigns.values().stream().map(SandboxCampaign::state).toList(),
        world.state());
  }

  /** Goes on from what was kept. The time in between has not passed for the calls. */
  synchronized void restore(State state) {
    nextNumber = state.nextNumber();
    world = new CallWorld(TEAMS, seed, now() / 1000, state.calls());
    for (SandboxCampaign.State kept : state.campaigns()) {
      SandboxCampaign campaign = new SandboxCampaign(kept);
      campaigns.put(campaign.id(), campaign);
      if (campaign.status() == CampaignStatus.ACTIVE || world.underWay(campaign)) {
        moving.add(campaign);
      }
    }
    campaigns.values().stream()
        .filter(campaign -> campaign.status() == CampaignStatus.PENDING)
        .forEach(campaign -> await(campaign, activation(campaign.errorToCome())));
  }

  private void activate(SandboxCampaign campaign) {
    if (campaign.status() == CampaignStatus.PENDING || campaign.status() == CampaignStatus.ACTIVE) {
      return;
    }
    Activation activation = activation(campaign);
    turn(campaign, CampaignStatus.PENDING, activation.error());
    await(campaign, activation);
  }

  private void await(SandboxCampaign campaign, Activation activation) {
    if (activation.after() != null) {
      long since = campaign.changedAt();
      pending.add(new Pending(campaign, since, since + activation.after().toMillis(), activation));
    }
  }

  /** What becomes of a campaign that is activated now. */
  Activation activation(SandboxCampaign campaign) {
    return activation(
        activationFault.get().orElse(contactsLeft(campaign) == 0 ? "CONTACT_LIST_EMPTY" : null));
  }

  private Activation activation(String error) {
    return new Activation(
        activationDelay, error == null ? CampaignStatus.ACTIVE : CampaignStatus.ERROR, error);
  }

  private long contactsLeft(SandboxCampaign campaign) {
    return campaign.contacts() - world.attempted(campaign);
  }

  /** Whether its last call has ended; it is then COMPLETED when it had no contact left. */
  private boolean atRest(SandboxCampaign campaign) {
    if (world.underWay(campaign)) {
      return false;
    }
    if (campaign.status() == CampaignStatus.ACTIVE && contactsLeft(campaign) == 0) {
      turn(campaign, CampaignStatus.COMPLETED, null);
    }
    return campaign.status() != CampaignStatus.ACTIVE;
  }

  /** Gives a campaign another status. */
  void turn(SandboxCampaign campaign, CampaignStatus status, String error) {
    boolean dialed = campaign.status() == CampaignStatus.ACTIVE;
    campaign.set(status, error, now());
    if (status == CampaignStatus.ACTIVE) {
      world.dial(campaign, campaign.callsPerSecond());
      moving.add(campaign);
    } else if (dialed) {
      world.dial(campaign, 0);
    }
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

  /** The campaign of an id; 404 when there is none. */
  SandboxCampaign known(String id) {
    SandboxCampaign campaign = campaigns.get(id);
    if (campaign == null) {
      throw new SandboxException(404, "CAMPAIGN_NOT_FOUND", "There is no campaign " + id + ".");
    }
    return campaign;
  }

  private static SandboxException conflict(SandboxCampaign campaign, String why) {
    return new SandboxException(
        409,
        "CAMPAIGN_STATE_CONFLICT",
        "Campaign " + campaign.id() + " is " + campaign.status() + " and " + why + ".");
  }

  /** The name fit for a log line. */
  private static String shown(SandboxCampaign campaign) {
    String name = campaign.name().replaceAll("\\p{Cntrl}", "?");
    return name.length() <= 60 ? name : name.substring(0, 60) + "...";
  }

  private long now() {
    return clock.millis();
  }
}
