package io.campaignroutes.webhook;

import io.campaignroutes.store.Store;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.stereotype.Component;

/** Destinations as operators see them, and switching them off and on again. */
@Component
public class DestinationSwitch {
  private static final Logger LOG = LoggerFactory.getLogger(DestinationSwitch.class);

  private final Store store;
  private final DeliveryReads deliveries;
  private final DeliveryWrites writes;
  private final Destinations destinations;
  private final Forwarder forwarder;

  public DestinationSwitch(
      Store store,
      DeliveryReads deliveries,
      DeliveryWrites writes,
      Destinations destinations,
      Forwarder forwarder) {
    this.store = store;
    this.deliveries = deliveries;
    this.writes = writes;
    this.destinations = destinations;
    this.forwarder = forwarder;
  }

  private record Row(String name, String ownUrl, Long offAt, String offReason) {}

  /**
   * Destinations by name: those of the file, those that campaigns name, and those that were in the
   * file when they were switched off.
   *
   * @param after only those after this name; null from the start
   */
  public List<DestinationState> list(String after, int limit) {
    Map<String, Row> rows = new TreeMap<>();
    String from = after == null ? "" : after;
    store
        .read()
        .sql(
            "select name, own_url, off_at, off_reason from webhook_destination where name > ? order"
                + " by name limit ?")
        .params(from, limit)
        .query((RowCallbackHandler) row -> rows.put(row.getString(1), row(row)));
    for (Destination one : destinations.configured()) {
      if (one.name().compareTo(from) > 0 && !rows.containsKey(one.name())) {
        rows.put(one.name(), find(one.name()));
      }
    }
    return rows.values().stream().limit(limit).map(this::state).toList();
  }

  private static Row row(ResultSet row) throws SQLException {
    long at = row.getLong(3);
    Long offAt = row.wasNull() ? null : at;
    return new Row(row.getString(1), row.getString(2), offAt, row.getString(4));
  }

  private Row find(String name) {
    return store
        .read()
        .sql("select name, own_url, off_at, off_reason from webhook_destination where name = ?")
        .param(name)
        .query((row, n) -> row(row))
        .optional()
        .orElseGet(
            () -> {
              if (destinations.configured(name) == null) {
                throw new UnknownDestinationException(name);
              }
              return new Row(name, null, null, null);
            });
  }

  /**
   * One destination.
   *
   * @throws UnknownDestinationException when there is none of that name
   */
  public DestinationState get(String name) {
    return state(find(name));
  }

  private DestinationState state(Row row) {
    Destination configured = destinations.configured(row.name());
    String url =
        row.ownUrl() != null ? row.ownUrl() : configured == null ? null : configured.shown();
    return new DestinationState(
        row.name(),
        url,
        url != null,
        row.offReason(),
        row.offAt(),
        deliveries.count(row.name(), DeliveryStatus.PENDING),
        deliveries.count(row.name(), DeliveryStatus.DEAD),
        deliveries.count(row.name(), DeliveryStatus.PARKED),
        deliveries.oldestUndelivered(row.name()),
        forwarder.open(row.name()));
  }

  /**
   * Switches a destination off: nothing is sent to it, and what comes for it waits.
   *
   * @throws UnknownDestinationException when there is none of that name
   */
  public DestinationState off(String name) {
    Row row = find(name);
    store.write(
        tx -> {
          writes.switchOff(tx, row.name(), row.ownUrl(), "Switched off by an operator.");
          return null;
        });
    LOG.info("Destination {} was switched off.", name);
    forwarder.refresh();
    return get(name);
  }

  /**
   * Switches a destination on again: what waits for it is sent.
   *
   * @throws UnknownDestinationException when there is none of that name
   */
  public DestinationState on(String name) {
    find(name);
    store.write(
        tx ->
            tx.sql()
                .sql(
                    "update webhook_destination set off_at = null, off_reason = null where name ="
                        + " ?")
                .param(name)
                .update());
    LOG.info("Destination {} was switched on.", name);
    forwarder.refresh();
    return get(name);
  }

  /** When the oldest delivery was made that waits for one of these, as metrics name them. */
  Map<String, Long> oldestByTag() {
    Map<String, Long> oldest = new HashMap<>();
    for (Destination one : destinations.configured()) {
      oldest.put(one.tag(), deliveries.oldestUndelivered(one.name()));
    }
    oldest.put(Destination.OWN_TAG, deliveries.oldestOwnUndelivered());
    return oldest;
  }

  /** What metrics call the destinations. */
  List<String> tags() {
    List<String> tags = new ArrayList<>();
    destinations.configured().forEach(one -> tags.add(one.tag()));
    tags.add(Destination.OWN_TAG);
    return tags;
  }
}
