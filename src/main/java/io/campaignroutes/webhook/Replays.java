package io.campaignroutes.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.access.By;
import io.campaignroutes.audit.AuditLog;
import io.campaignroutes.campaign.LifecycleEvents;
import io.campaignroutes.cxone.PlatformEvents;
import io.campaignroutes.shared.NotFoundException;
import io.campaignroutes.store.InList;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.StoreUnavailableException;
import io.campaignroutes.store.Tx;
import io.campaignroutes.text.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Sends deliveries again at an operator's wish. A delivery keeps its id, and with it its {@code
 * webhook-id}, begins its schedule anew and goes to the end of its line. An event that could not be
 * understood goes to every destination whose filters let it through, as it is.
 */
@Component
public class Replays {
  private static final Logger LOG = LoggerFactory.getLogger(Replays.class);
  private static final int CHUNK = 500;

  private final Store store;
  private final AuditLog audit;
  private final DeliveryReads deliveries;
  private final DeliveryWrites writes;
  private final Destinations destinations;
  private final LifecycleEvents campaigns;
  private final PlatformEvents platform;
  private final WebhookEvents events;
  private final Forwarder forwarder;

  public Replays(
      Store store,
      AuditLog audit,
      DeliveryReads deliveries,
      DeliveryWrites writes,
      Destinations destinations,
      LifecycleEvents campaigns,
      PlatformEvents platform,
      WebhookEvents events,
      Forwarder forwarder) {
    this.store = store;
    this.audit = audit;
    this.deliveries = deliveries;
    this.writes = writes;
    this.destinations = destinations;
    this.campaigns = campaigns;
    this.platform = platform;
    this.events = events;
    this.forwarder = forwarder;
  }

  /** A delivery as its row has it, with its event. */
  private record Row(
      String id,
      String eventId,
      String destination,
      String line,
      DeliveryStatus status,
      String remoteId,
      boolean unclaimed,
      String body) {}

  /**
   * Sends one again; one that waits for its next attempt is tried at once.
   *
   * @param by who wants that
   * @return the delivery as it is now
   * @throws NotFoundException when there is none of that id
   * @throws NotReplayableException when no destination takes it
   */
  public Delivery one(String id, By by) {
    events.claim(unclaimed(id));
    store.run(
        tx -> {
          audit.lockService(tx); // before lines, as everywhere
          lockLineOf(tx, id);
          Row row = row(tx, id).orElseThrow(() -> DeliveryReads.unknown(id));
          String refusal = replay(tx, row, by);
          if (refusal != null) {
            throw new NotReplayableException(refusal);
          }
          Map<String, Object> details = new LinkedHashMap<>();
          details.put("delivery", id);
          details.put("destination", row.destination());
          details.put("by", By.json(by));
          audit.appendService(tx, "DELIVERY_REPLAYED", details);
        });
    forwarder.refresh();
    LOG.info("Delivery {} is sent again, as requested by {}.", id, by);
    return deliveries.get(id);
  }

  /** The campaign, as its event names it, that was not known when the event came; mostly none. */
  private List<String> unclaimed(String id) {
    return store
        .read()
        .sql(
            "select e.remote_id from delivery d join webhook_event e on e.id = d.event_id where d.id"
                + " = ? and e.unclaimed = 1")
        .param(id)
        .query(String.class)
        .list();
  }

  /**
   * Sends all again that fit a filter, in transactions of 500 each; what no destination takes stays
   * as it is.
   *
   * @param by who wants that
   * @return how many
   */
  public long all(ReplayFilter filter, By by) {
    long to = filter.to() == null ? store.now() : filter.to();
    long count = filter.dryRun() ? known(filter, to) : 0;
    String after = "";
    while (after != null) {
      Map<String, Object> params = filter.params(to);
      params.put("after", after);
      List<String> ids =
          store
              .read()
              .sql(
                  "select id from delivery"
                      + filter.where()
                      + (filter.dryRun() ? " and destination is null" : "")
                      + " and id > :after order by id limit "
                      + CHUNK)
              .params(params)
              .query(String.class)
              .list();
      if (filter.dryRun() && !ids.isEmpty()) {
        count += store.write(tx -> ids.stream().filter(id -> goesOut(tx, id, filter)).count());
      } else if (!ids.isEmpty()) {
        try {
          count += again(ids, filter, by);
        } catch (StoreUnavailableException e) {
          throw e.afterOthers();
        }
        forwarder.refresh();
      }
      after = ids.size() < CHUNK ? null : ids.get(ids.size() - 1);
    }
    if (!filter.dryRun()) {
      LOG.info("{} deliveries are sent again, as requested by {}.", count, by);
    }
    return count;
  }

  /** How many that have a destination would be sent again. */
  private long known(ReplayFilter filter, long to) {
    JdbcClient sql = store.read();
    Map<String, Long> counts = new HashMap<>();
    sql.sql(
            "select destination, count(*) from delivery"
                + filter.where()
                + " and destination is not null group by destination")
        .params(filter.params(to))
        .query((RowCallbackHandler) row -> counts.put(row.getString(1), row.getLong(2)));
    counts.keySet().removeIf(name -> writes.destination(sql, destinations, name).isEmpty());
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Whether an event that has no destination yet would have one. */
  private boolean goesOut(Tx tx, String id, ReplayFilter filter) {
    Optional<Row> row = row(tx, id).filter(one -> filter.statuses().contains(one.status()));
    return row.isPresent() && !takers(tx, row.get()).isEmpty();
  }

  /** Line by line in one order for all who take several of them, or two could deadlock. */
  private long again(List<String> ids, ReplayFilter filter, By by) {
    Map<String, List<String>> lines = new TreeMap<>();
    List<String> parked = new ArrayList<>();
    store
        .read()
        .sql("select id, line from delivery where id in (:ids) order by id")
        .param("ids", InList.of(ids))
        .query(
            (RowCallbackHandler)
                row -> {
                  String line = row.getString(2);
                  (line == null ? parked : lines.computeIfAbsent(line, l -> new ArrayList<>()))
                      .add(row.getString(1));
                });
    long count = 0;
    if (!lines.isEmpty()) {
      count = store.write(tx -> again(tx, lines.values(), filter, by));
    }
    for (String id : parked) { // each of them joins several lines
      count += store.write(tx -> again(tx, List.of(List.of(id)), filter, by));
    }
    return count;
  }

  private long again(Tx tx, Collection<List<String>> lines, ReplayFilter filter, By by) {
    audit.lockService(tx); // before lines, as everywhere
    long count = 0;
    for (List<String> line : lines) {
      lockLineOf(tx, line.get(0));
      long sent = again(tx, line, filter, by);
      count += sent;
      if (sent == 0) {
        removeMade(tx, line.get(0));
      }
    }
    if (count > 0) {
      Map<String, Object> details = new LinkedHashMap<>();
      details.put("deliveries", count);
      details.put("status", Json.tree(new TreeSet<>(filter.statuses())));
      details.put("destination", filter.destination());
      details.put("by", By.json(by));
      audit.appendService(tx, "DELIVERIES_REPLAYED", details);
    }
    return count;
  }

  private static void lockLineOf(Tx tx, String id) {
    tx.sql()
        .sql("select line, destination from delivery where id = ? and line is not null")
        .param(id)
        .query((row, n) -> new String[] {row.getString(1), row.getString(2)})
        .optional()
        .ifPresent(line -> lock(tx, line[0], line[1]));
  }

  /**
   * The line first and then its deliveries, as those do who settle. One that is gone is made anew,
   * since a row that is not there cannot be locked; a claim removes it when it stays empty.
   */
  private static void lock(Tx tx, String line, String destination) {
    tx.sql()
        .sql(
            "insert into delivery_line (id, destination, head, tail, due_at) values (?, ?, 0, 0, ?)"
                + " on conflict (id) do update set tail = delivery_line.tail")
        .params(line, destination, tx.now())
        .update();
  }

  /** A line that was made to be locked, and that nothing waits in. */
  private static void removeMade(Tx tx, String id) {
    tx.sql()
        .sql(
            "delete from delivery_line where head = 0 and tail = 0 and claim_token is null"
                + " and id = (select line from delivery where id = ?)")
        .param(id)
        .update();
  }

  private long again(Tx tx, List<String> line, ReplayFilter filter, By by) {
    long count = 0;
    for (String id : line) {
      Optional<Row> row = row(tx, id).filter(one -> filter.statuses().contains(one.status()));
      if (row.isPresent() && replay(tx, row.get(), by) == null) {
        count++;
      }
    }
    return count;
  }

  private Optional<Row> row(Tx tx, String id) {
    Optional<String> locked =
        tx.sql()
            .sql("select id from delivery where id = ?" + store.rowLock())
            .param(id)
            .query(String.class)
            .optional();
    return locked.flatMap(
        there ->
            tx.sql()
                .sql(
                    "select d.id, d.event_id, d.destination, d.line, d.status, e.remote_id, e.unclaimed,"
                        + " e.body from delivery d join webhook_event e on e.id = d.event_id where d.id ="
                        + " ?")
                .param(there)
                .query(
                    (row, n) ->
                        new Row(
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            DeliveryStatus.valueOf(row.getString(5)),
                            row.getString(6),
                            row.getInt(7) == 1,
                            row.getString(8)))
                .optional());
  }

  /** Returns why it cannot be sent again; null when it is. */
  private String replay(Tx tx, Row row, By by) {
    String refusal = replay(tx, row);
    if (refusal == null) {
      tx.sql()
          .sql("update delivery set replayed_by = ?, replayed_at = ? where id = ?")
          .params(by.stored(), tx.now(), row.id())
          .update();
    }
    return refusal;
  }

  private String replay(Tx tx, Row row) {
    List<Destination> takers = takers(tx, row);
    if (takers.isEmpty()) {
      return refusal(row);
    }
    if (row.destination() == null) {
      forTheFirstTime(tx, row, takers);
    } else if (row.status() == DeliveryStatus.PENDING) {
      tx.sql()
          .sql("update delivery_line set due_at = ? where id = ? and claim_token is null")
          .params(tx.now(), row.line())
          .update();
    } else {
      writes.again(tx, row.id(), takers.get(0), row.remoteId());
    }
    return null;
  }

  private static String refusal(Row row) {
    if (row.destination() != null) {
      return "Its destination " + row.destination() + " " + Forwarder.NOT_CONFIGURED + ".";
    }
    return row.unclaimed()
        ? WebhookEvents.unknown(row.remoteId())
        : "No destination takes this event: there is none whose filters let it through.";
  }

  /** Who would be sent it. */
  private List<Destination> takers(Tx tx, Row row) {
    if (row.destination() != null) {
      return writes.destination(tx.sql(), destinations, row.destination()).stream().toList();
    }
    JsonNode event = platform.read(row.body().getBytes(StandardCharsets.UTF_8)).fields();
    List<Destination> takers = new ArrayList<>();
    for (Destination one : destinations.configured()) {
      if (one.wantsReplayed(event)) {
        takers.add(one);
      }
    }
    LifecycleEvents.Known campaign = campaign(tx, row);
    if (campaign != null && campaign.url() != null) {
      takers.add(destinations.own(campaign.url()));
    }
    return takers;
  }

  private LifecycleEvents.Known campaign(Tx tx, Row row) {
    return row.remoteId() == null
        ? null
        : campaigns.known(tx, List.of(row.remoteId())).get(row.remoteId());
  }

  /** The parked row itself becomes the delivery to the first destination. */
  private void forTheFirstTime(Tx tx, Row row, List<Destination> takers) {
    LifecycleEvents.Known campaign = campaign(tx, row);
    writes.add(
        tx,
        List.of(
            new NewEvent(
                row.eventId(),
                row.remoteId(),
                campaign == null ? null : campaign.id(),
                row.id(),
                null,
                takers)));
  }
}
