package io.campaignroutes.webhook;

import io.campaignroutes.shared.Hashes;
import io.campaignroutes.store.Ids;
import io.campaignroutes.store.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Puts deliveries into the lines that they wait in, and says where they go. */
@Component
class DeliveryWrites {
  /** A delivery about to be put into a line. */
  private static final class QueuedDelivery {
    final String id;
    final Destination destination;
    final String line;
    NewEvent event;
    long seq;

    QueuedDelivery(String id, Destination destination, String remoteId) {
      this.id = id;
      this.destination = destination;
      this.line = line(destination, remoteId, id);
    }

    QueuedDelivery(NewEvent event, Destination destination, String id) {
      this(id, destination, event.remoteId());
      this.event = event;
    }

    boolean parked() {
      return id.equals(event.row());
    }
  }

  /** The events of one campaign, or a line of its own where no order is wanted. */
  private static String line(Destination destination, String remoteId, String deliveryId) {
    if (!destination.ordered() || remoteId == null) {
      return deliveryId;
    }
    String line = destination.name() + "/" + remoteId;
    return line.length() <= 280 ? line : destination.name() + "#" + Hashes.sha256(line);
  }

  /** Adds a delivery for every destination of every event, each at the end of its line. */
  void add(Tx tx, List<NewEvent> events) {
    List<QueuedDelivery> queued = new ArrayList<>();
    for (NewEvent event : events) {
      for (Destination to : event.to()) {
        boolean first = to == event.to().get(0) && event.row() != null;
        queued.add(new QueuedDelivery(event, to, first ? event.row() : Ids.next("dlv", tx.now())));
      }
    }
    join(tx, queued);
    insert(tx, queued.stream().filter(one -> !one.parked()).toList());
    for (QueuedDelivery one : queued) {
      if (one.parked()) {
        again(tx, one);
        tx.sql()
            .sql("update delivery set campaign_id = ? where id = ?")
            .params(one.event.campaignId(), one.id)
            .update();
      }
    }
    park(tx, events);
  }

  private static void park(Tx tx, List<NewEvent> events) {
    for (NewEvent event : events) {
      if (event.parked() != null && event.row() != null) {
        tx.sql()
            .sql("update delivery set campaign_id = ?, last_error = ? where id = ?")
            .params(event.campaignId(), event.parked(), event.row())
            .update();
      } else if (event.parked() != null) {
        tx.sql()
            .sql(
                "insert into delivery (id, event_id, campaign_id, status, created_at, tries,"
                    + " attempts, last_error) values (?, ?, ?, 'PARKED', ?, 0, 0, ?)")
            .params(
                Ids.next("dlv", tx.now()),
                event.eventId(),
                event.campaignId(),
                tx.now(),
                event.parked())
            .update();
      }
    }
  }

  /** Gives each its place at the end of its line, and makes lines that are not there. */
  private static void join(Tx tx, List<QueuedDelivery> queued) {
    Map<String, List<QueuedDelivery>> lines =
        new TreeMap<>(); // one order for all, or two could deadlock
    queued.forEach(one -> lines.computeIfAbsent(one.line, id -> new ArrayList<>()).add(one));
    Map<String, String> own = new TreeMap<>();
    queued.stream()
        .filter(one -> one.destination.own())
        .forEach(one -> own.put(one.destination.name(), one.destination.url()));
    own.forEach(
        (name, url) ->
            tx.sql()
                .sql(
                    "insert into webhook_destination (name, own_url) values (?, ?) on conflict do"
                        + " nothing")
                .params(name, url)
                .update());
    List<List<QueuedDelivery>> all = List.copyOf(lines.values());
    for (int from = 0; from < all.size(); ) {
      // few different sizes, so that few statements have to be prepared
      int size = Math.min(Integer.highestOneBit(all.size() - from), 64);
      join(tx, lines, all.subList(from, from + size));
      from += size;
    }
  }

  private static void join(
      Tx tx, Map<String, List<QueuedDelivery>> byId, List<List<QueuedDelivery>> lines) {
    String rows = "(?, ?, 0, ?, ?)" + ", (?, ?, 0, ?, ?)".repeat(lines.size() - 1);
    tx.jdbc()
        .query(
            "insert into delivery_line (id, destination, head, tail, due_at) values "
                + rows
                + " on conflict (id) do update set tail = delivery_line.tail + excluded.tail"
                + " returning id, tail",
            statement -> {
              int column = 1;
              for (List<QueuedDelivery> line : lines) {
                statement.setString(column++, line.get(0).line);
                statement.setString(column++, line.get(0).destination.name());
                statement.setLong(column++, line.size());
                statement.setLong(column++, tx.now());
              }
            },
            (RowCallbackHandler)
                row -> {
                  List<QueuedDelivery> line = byId.get(row.getString(1));
                  long seq = row.getLong(2) - line.size();
                  for (QueuedDelivery one : line) {
                    one.seq = seq++;
                  }
                });
  }

  private static void insert(Tx tx, List<QueuedDelivery> queued) {
    if (queued.isEmpty()) {
      return;
    }
    tx.jdbc()
        .batchUpdate(
            "insert into delivery (id, event_id, destination, campaign_id, line, seq, status,"
                + " created_at, tries, attempts) values (?, ?, ?, ?, ?, ?, 'PENDING', ?, 0, 0)",
            queued,
            queued.size(),
            (row, one) -> {
              row.setString(1, one.id);
              row.setString(2, one.event.eventId());
              row.setString(3, one.destination.name());
              row.setString(4, one.event.campaignId());
              row.setString(5, one.line);
              row.setLong(6, one.seq);
              row.setLong(7, tx.now());
            });
  }

  /**
   * Switches a destination off; what waits for it stays as it is.
   *
   * @param ownUrl the address when campaigns name it; null for one of the file
   */
  void switchOff(Tx tx, String name, String ownUrl, String reason) {
    tx.sql()
        .sql(
            "insert into webhook_destination (name, own_url, off_at, off_reason) values (?, ?, ?,"
                + " ?) on conflict (name) do update set off_at = excluded.off_at, off_reason ="
                + " excluded.off_reason")
        .params(name, ownUrl, tx.now(), reason)
        .update();
  }

  /** Whether a destination is switched off. */
  boolean isOff(Tx tx, String name) {
    return tx.sql()
        .sql(
            "select exists (select 1 from webhook_destination where name = ? and off_at is not null)")
        .param(name)
        .query(Boolean.class)
        .single();
  }

  /** A destination by its name: one of the file, or one that campaigns name. */
  Optional<Destination> destination(JdbcClient sql, Destinations destinations, String name) {
    Destination configured = destinations.configured(name);
    return configured != null
        ? Optional.of(configured)
        : sql.sql("select own_url from webhook_destination where name = ? and own_url is not null")
            .param(name)
            .query(String.class)
            .optional()
            .map(destinations::own);
  }

  /** Puts a delivery that was finished to the end of its line, with its schedule begun anew. */
  void again(Tx tx, String id, Destination destination, String remoteId) {
    QueuedDelivery queued = new QueuedDelivery(id, destination, remoteId);
    join(tx, List.of(queued));
    again(tx, queued);
  }

  private static void again(Tx tx, QueuedDelivery queued) {
    tx.sql()
        .sql(
            "update delivery set status = 'PENDING', destination = ?, line = ?, seq = ?, tries = 0,"
                + " finished_at = null where id = ?")
        .params(queued.destination.name(), queued.line, queued.seq, queued.id)
        .update();
  }
}
