package io.campaignroutes.webhook;

import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignListener;
import io.campaignroutes.campaign.CampaignListeners;
import io.campaignroutes.campaign.LifecycleEvents;
import io.campaignroutes.cxone.WebhookToken;
import io.campaignroutes.store.Ids;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import io.campaignroutes.text.Plain;
import io.campaignroutes.text.UnreadableJsonException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Receives lifecycle events. An event, one delivery for each destination that wants it, and what it
 * does to the campaign's stage are one transaction, which concurrent requests share.
 */
@Component
public class WebhookEvents implements CampaignListener {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookEvents.class);

  /** What is told of an event whose campaign is not known, with the id that it names. */
  static String unknown(String remoteId) {
    return UNKNOWN.formatted(Plain.escaped(remoteId));
  }

  private static final String UNKNOWN =
      "This service knows no campaign %s. It may be another one of the tenant, or its create is not"
          + " settled yet. Once the campaign is known, the event goes on by itself.";

  private static final String NOBODY =
      "The campaign is known by now, and the event was taken into account. No destination wants it.";

  /** Between two log lines about them: they may be as many as a whole tenant has. */
  private static final long UNKNOWN_GAP_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Store store;
  private final LifecycleEvents campaigns;
  private final WebhookToken token;
  private final EventReader reader;
  private final Destinations destinations;
  private final DeliveryWrites deliveries;
  private final UnclaimedEvents unclaimed;
  private final Forwarder forwarder;
  private final WebhookMetrics metrics;
  private final GroupCommit<Event, Kept> commits;
  private long unknownToldAt = System.nanoTime() - UNKNOWN_GAP_NANOS - 1; // guarded by this
  private long lookedAt; // used by one thread at a time
  private volatile double waiting = Double.NaN;

  WebhookEvents(
      Store store,
      LifecycleEvents campaigns,
      WebhookToken token,
      EventReader reader,
      Destinations destinations,
      DeliveryWrites deliveries,
      UnclaimedEvents unclaimed,
      CampaignListeners listeners,
      Forwarder forwarder,
      WebhookMetrics metrics) {
    this.store = store;
    this.campaigns = campaigns;
    this.token = token;
    this.reader = reader;
    this.destinations = destinations;
    this.deliveries = deliveries;
    this.unclaimed = unclaimed;
    this.forwarder = forwarder;
    this.metrics = metrics;
    this.commits = new GroupCommit<>(store, this::keep);
    listeners.add(this);
  }

  /**
   * What became of an event.
   *
   * @param id our id of the event
   * @param repeat whether it was here before
   * @param parked why an authentic event is kept without being dealt with; null when it is
   */
  public record Received(String id, boolean repeat, String parked) {}

  /** What the transaction did: where events go, and which campaigns they moved. */
  private record Kept(Received event, List<String> to, List<Campaign> moved) {}

  /** Whether the caller knows the secret that webhooks are registered with. */
  public boolean authentic(String given) {
    boolean authentic = token.matches(given);
    if (!authentic) {
      metrics.refused();
    }
    return authentic;
  }

  /**
   * Keeps an event; it is on disk when this returns.
   *
   * @param body as it came
   * @throws UnreadableJsonException when it is no JSON object in UTF-8
   */
  public Received receive(byte[] body) {
    Event event;
    try {
      event = reader.read(body);
    } catch (UnreadableJsonException e) {
      metrics.refused();
      throw e;
    }
    Kept kept = commits.write(event);
    done(kept.to(), kept.moved());
    Received received = kept.event();
    boolean parked = received.parked() != null && !received.repeat();
    if (parked && (event.parked() != null || tellsOfUnknown())) {
      LOG.warn("Event {} is parked: {}", received.id(), received.parked());
    }
    metrics.received(received, event.parked() == null);
    return received;
  }

  private synchronized boolean tellsOfUnknown() {
    long now = System.nanoTime();
    boolean tells = now - unknownToldAt > UNKNOWN_GAP_NANOS;
    unknownToldAt = tells ? now : unknownToldAt;
    return tells;
  }

  private void done(List<String> to, List<Campaign> moved) {
    forwarder.wake(to);
    moved.forEach(campaigns::moved);
  }

  /** An event on its way through the store. */
  private static final class Taken {
    final Event event;
    String id;
    boolean fresh = true;
    String row;
    LifecycleEvents.Known campaign;
    List<Destination> to = List.of();
    String parked;
    Campaign moved;

    Taken(Event event, String id, LifecycleEvents.Known campaign) {
      this.event = event;
      this.id = id;
      this.campaign = campaign;
      this.parked = event.parked();
    }

    boolean understood() {
      return event.parked() == null;
    }

    String remoteId() {
      return campaign == null ? event.remoteId() : campaign.remoteId();
    }

    Received received() {
      return new Received(id, !fresh, parked);
    }
  }

  /** Writes a group of events; one answer for each, in their order. */
  private List<Kept> keep(Tx tx, List<Event> events) {
    Map<String, LifecycleEvents.Known> known =
        campaigns.known(
            tx,
            events.stream()
                .filter(event -> event.parked() == null)
                .map(Event::remoteId)
                .collect(Collectors.toCollection(LinkedHashSet::new)));
    List<Taken> group =
        events.stream()
            .map(
                event ->
                    new Taken(
                        event,
                        Ids.next("evt", tx.now()),
                        event.parked() == null ? known.get(event.remoteId()) : null))
            .toList();
    insert(tx, group);
    List<Taken> work = claimed(tx, known.values());
    group.forEach(this::address);
    group.stream().filter(taken -> taken.fresh).forEach(work::add);
    move(tx, work);
    deliver(tx, work);
    List<Kept> kept = new ArrayList<>();
    for (Taken taken : group) {
      // whoever is answered first wakes the forwarder for all
      List<Taken> told = kept.isEmpty() ? work : List.of();
      kept.add(new Kept(taken.received(), names(told), moved(told)));
    }
    return kept;
  }

  /** Those that came before their campaign was known; they go before what comes now. */
  private List<Taken> claimed(Tx tx, Collection<LifecycleEvents.Known> known) {
    List<Taken> claimed = new ArrayList<>();
    for (UnclaimedEvents.Claimed one : unclaimed.claim(tx, known)) {
      Taken taken = new Taken(one.event(), one.id(), one.campaign());
      taken.row = one.row();
      if (one.row() == null) { // the file's destinations have taken it
        taken.to = own(one.campaign());
      } else {
        address(taken);
        taken.parked = taken.to.isEmpty() ? NOBODY : null;
      }
      claimed.add(taken);
    }
    return claimed;
  }

  private void deliver(Tx tx, List<Taken> work) {
    deliveries.add(
        tx,
        work.stream()
            .map(
                taken ->
                    new NewEvent(
                        taken.id,
                        taken.remoteId(),
                        taken.campaign == null ? null : taken.campaign.id(),
                        taken.row,
                        taken.parked,
                        taken.to))
            .toList());
  }

  private static List<String> names(List<Taken> work) {
    return work.stream().flatMap(taken -> taken.to.stream()).map(Destination::name).toList();
  }

  private static List<Campaign> moved(List<Taken> work) {
    return work.stream().map(taken -> taken.moved).filter(Objects::nonNull).toList();
  }

  /**
   * CXone's id of a campaign is known from this transaction on: what came too early goes to the
   * campaign's destinations. It moves no stage, since CXone is about to be asked for it anyway.
   */
  @Override
  public void entered(Tx tx, Campaign was, Campaign now) {
    if (was.remoteId() == null && now.remoteId() != null) {
      List<Taken> claimed = claimed(tx, List.of(LifecycleEvents.Known.of(now)));
      deliver(tx, claimed);
      if (!claimed.isEmpty()) {
        tx.due(Forwarder.TIMER, tx.now());
      }
    }
  }

  /**
   * Deals with what came before its campaign was known, where nobody else has.
   *
   * @param ids CXone's or ours, as the events name them
   */
  public void claim(Collection<String> ids) {
    if (ids.isEmpty()) {
      return;
    }
    List<Taken> work =
        store.write(
            tx -> {
              List<Taken> claimed = claimed(tx, campaigns.known(tx, ids).values());
              move(tx, claimed);
              deliver(tx, claimed);
              return claimed;
            });
    done(names(work), moved(work));
  }

  /** Which campaigns have events that were overlooked; see {@link UnclaimedEvents#overlooked}. */
  public List<String> overlooked() {
    long now = store.now();
    List<String> overlooked = unclaimed.overlooked(lookedAt);
    waiting = unclaimed.count();
    lookedAt = now;
    return overlooked;
  }

  /** How many events wait for their campaign; not a number before the first look. */
  double unclaimed() {
    return waiting;
  }

  /** In the order of their identities, so that two transactions never wait for each other. */
  private static void insert(Tx tx, List<Taken> group) {
    List<Taken> sorted = new ArrayList<>(group);
    sorted.sort(Comparator.comparing(taken -> taken.event.identity()));
    int[][] written =
        tx.jdbc()
            .batchUpdate(
                "insert into webhook_event (id, identity, remote_id, event_type, status,"
                    + " occurred_at, parked, body, received_at, unclaimed) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                    + " on conflict do nothing",
                sorted,
                sorted.size(),
                (row, taken) -> {
                  row.setString(1, taken.id);
                  row.setString(2, taken.event.identity());
                  row.setString(3, taken.remoteId());
                  row.setString(4, taken.event.type());
                  row.setString(5, taken.event.status());
                  row.setString(6, taken.event.occurredAt());
                  row.setString(7, taken.event.parked());
                  row.setString(8, taken.event.body());
                  row.setLong(9, tx.now());
                  row.setInt(10, taken.understood() && taken.campaign == null ? 1 : 0);
                });
    for (int i = 0; i < sorted.size(); i++) {
      Taken taken = sorted.get(i);
      taken.fresh = written[0][i] == 1;
      if (!taken.fresh) {
        String kept =
            tx.sql()
                .sql("select id from webhook_event where identity = ?")
                .param(taken.event.identity())
                .query(String.class)
                .single();
        // a driver that rewrites batches does not tell which rows were written
        taken.fresh = kept.equals(taken.id);
        taken.id = kept;
      }
    }
  }

  /**
   * Where an event goes that was understood; one that nobody takes of an unknown campaign stays.
   */
  private void address(Taken taken) {
    if (!taken.understood()) {
      return;
    }
    List<Destination> to = new ArrayList<>();
    for (Destination one : destinations.configured()) {
      if (one.wants(taken.event.type(), taken.remoteId())) {
        to.add(one);
      }
    }
    if (taken.campaign != null) {
      to.addAll(own(taken.campaign));
    } else if (to.isEmpty()) {
      taken.parked = unknown(taken.event.remoteId());
    }
    taken.to = to;
  }

  private List<Destination> own(LifecycleEvents.Known campaign) {
    return campaign.url() == null ? List.of() : List.of(destinations.own(campaign.url()));
  }

  /** Campaign by campaign in the order of their ids, the events of each as they came. */
  private void move(Tx tx, List<Taken> work) {
    Map<String, List<Taken>> byCampaign = new TreeMap<>();
    for (Taken taken : work) {
      if (taken.campaign != null) {
        byCampaign.computeIfAbsent(taken.remoteId(), id -> new ArrayList<>()).add(taken);
      }
    }
    byCampaign.forEach(
        (remoteId, events) ->
            events.forEach(
                taken ->
                    taken.moved =
                        campaigns
                            .happened(
                                tx,
                                remoteId,
                                taken.event.type(),
                                EventReader.time(taken.event.occurredAt()),
                                taken.event.json())
                            .orElse(null)));
  }
}
