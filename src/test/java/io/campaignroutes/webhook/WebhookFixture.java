package io.campaignroutes.webhook;

import io.campaignroutes.audit.AuditLog;
import io.campaignroutes.campaign.CampaignFixture;
import io.campaignroutes.campaign.CampaignListeners;
import io.campaignroutes.campaign.CampaignStore;
import io.campaignroutes.campaign.LifecycleEvents;
import io.campaignroutes.compliance.RequestSchema;
import io.campaignroutes.cxone.TestCxone;
import io.campaignroutes.cxone.WebhookToken;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.TestStores;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The real beans of receiving and forwarding over one store; the test is the destination. */
final class WebhookFixture implements AutoCloseable {
  static final String TOKEN = "hook-secret";
  private static final RequestSchema SCHEMA =
      RequestSchema.load(Path.of("config", "destinations.schema.json"), "/$defs/destination");

  private final TestStores.Opened opened;
  final Store store;
  final DeliveryReads deliveries;
  final DeliveryClaims claims;
  final DeliveryWrites writes;
  final Destinations destinations;
  final Forwarder forwarder;
  final WebhookEvents events;
  final Replays replays;
  final DestinationSwitch switches;
  final WebhookProperties properties;
  final Retention retention;
  private int next;

  WebhookFixture(TestStores.Opened opened, Path folder, String destinations) {
    this(opened, folder, destinations, properties("10m", "20m"));
  }

  WebhookFixture(TestStores.Opened opened, Path folder, String yaml, WebhookProperties properties) {
    this(opened, folder, yaml, properties, new CampaignListeners(), null);
  }

  /** With the campaigns of a bench over the same store. */
  WebhookFixture(TestStores.Opened opened, Path folder, String yaml, CampaignFixture bench) {
    this(opened, folder, yaml, properties("10m", "20m"), bench.listeners, bench.events);
  }

  private WebhookFixture(
      TestStores.Opened opened,
      Path folder,
      String yaml,
      WebhookProperties properties,
      CampaignListeners listeners,
      LifecycleEvents known) {
    this.opened = opened;
    this.store = opened.store();
    this.properties = properties;
    this.destinations = destinations(folder, yaml);
    this.deliveries = new DeliveryReads(store);
    this.claims = new DeliveryClaims(store, properties);
    this.writes = new DeliveryWrites();
    WebhookMetrics metrics = new WebhookMetrics(new SimpleMeterRegistry());
    this.forwarder =
        new Forwarder(
            store, new AuditLog(store), claims, writes, destinations, properties, metrics);
    LifecycleEvents campaigns =
        known != null
            ? known
            : CampaignFixture.eventsOf(store, new CampaignStore(store, new AuditLog(store), null));
    EventReader reader = new EventReader(TestCxone.events());
    this.events =
        new WebhookEvents(
            store,
            campaigns,
            new WebhookToken(TOKEN),
            reader,
            destinations,
            writes,
            new UnclaimedEvents(store, reader),
            listeners,
            forwarder,
            metrics);
    this.replays =
        new Replays(
            store,
            new AuditLog(store),
            deliveries,
            writes,
            destinations,
            campaigns,
            TestCxone.events(),
            events,
            forwarder);
    this.switches =
        new DestinationSwitch(
            store, new AuditLog(store), deliveries, claims, writes, destinations, forwarder);
    this.retention = new Retention(store, properties);
  }

  static WebhookProperties properties(String... schedule) {
    return properties(Duration.ofSeconds(60), schedule);
  }

  static WebhookProperties properties(Duration lease, String... schedule) {
    return properties(lease, Duration.ofMillis(5), schedule);
  }

  static WebhookProperties properties(Duration lease, Duration look, String... schedule) {
    return new WebhookProperties(
        null,
        "",
        List.of(schedule).stream().map(s -> Duration.parse("PT" + s)).toList(),
        Duration.ofMillis(500),
        lease,
        16,
        2,
        Duration.ZERO,
        look,
        10,
        Duration.ofSeconds(5),
        Duration.ofMinutes(1),
        Duration.ofDays(7),
        Duration.ofDays(90));
  }

  static Destinations destinations(Path folder, String yaml) {
    try {
      Path file = folder.resolve("destinations.yaml");
      Files.writeString(file, yaml);
      return Destinations.load(
          file, SCHEMA, text -> text, true, new Signature(Signature.secret()), 2);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An event of a campaign, the next one of its kind. */
  String event(String campaign) {
    return "{\"campaignId\":\"%s\",\"status\":\"ACTIVE\",\"timestamp\":\"2026-03-02T15:00:00Z\","
            .formatted(campaign)
        + "\"eventType\":\"CAMPAIGN_ACTIVATED\",\"eventId\":\"e-"
        + campaign
        + next++
        + "\"}";
  }

  WebhookEvents.Received receive(String text) {
    return events.receive(text.getBytes(StandardCharsets.UTF_8));
  }

  void receive(String campaign, int count) {
    for (int i = 0; i < count; i++) {
      receive(event(campaign));
    }
  }

  /** What an attempt is answered; null for a connection that is cut. */
  interface Receiver {
    Integer answer(DeliveryBatch run);
  }

  /** Claims once and has everything claimed answered; returns the ids in their order. */
  List<String> round(Receiver receiver) {
    forwarder.refresh();
    List<String> sent = new ArrayList<>();
    for (DeliveryBatch run : forwarder.claim()) {
      while (run.next()) {
        sent.add(run.id());
        Integer status = receiver.answer(run);
        if (status == null) {
          run.failed(new IOException("cut"));
        } else {
          run.answered(status, null, "answer");
        }
      }
      forwarder.done(run);
    }
    return sent;
  }

  /** Rounds until two in a row find nothing; what was sent is settled then. */
  List<String> all(Receiver receiver) {
    List<String> sent = new ArrayList<>();
    for (int quiet = 0; quiet < 2; ) {
      List<String> round = round(receiver);
      sent.addAll(round);
      quiet = round.isEmpty() ? quiet + 1 : 0;
    }
    return sent;
  }

  /** As if so much time had passed for everything that waits. */
  void later(Duration time) {
    store.write(
        tx ->
            tx.sql()
                .sql("update delivery_line set due_at = due_at - ?")
                .param(time.toMillis())
                .update());
  }

  /** The ids of all deliveries, line by line in their order. */
  List<String> ids() {
    return store
        .read()
        .sql("select id from delivery order by line, seq")
        .query(String.class)
        .list();
  }

  long count(String table) {
    return store.read().sql("select count(*) from " + table).query(Long.class).single();
  }

  List<Delivery> list(DeliveryStatus status) {
    return deliveries.list(status, null, null, false, null, 1_000);
  }

  @Override
  public void close() {
    opened.close();
  }
}
