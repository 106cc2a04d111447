package io.campaignroutes.webhook;

import io.campaignroutes.access.By;
import io.campaignroutes.audit.AuditLog;
import io.campaignroutes.shared.NotFoundException;
import io.campaignroutes.store.Rows;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import io.campaignroutes.text.Plain;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.stereotype.Component;

/** Destinations as operators see them, and switching them off and on again. */
@Component
public class DestinationSwitch {
  private static final Logger LOG = LoggerFactory.getLogger(DestinationSwitch.class);

  private static final String ROW =
      "select name, own_url, off_at, off_reason, off_by, off_by_at from webhook_destination where name";

  private final Store store;
  private final AuditLog audit;
  private final DeliveryReads deliveries;
  private final DeliveryClaims claims;
  private final DeliveryWrites writes;
  private final Destinations destinations;
  private final Forwarder forwarder;

  DestinationSwitch(
      Store store,
      AuditLog audit,
      DeliveryReads deliveries,
      DeliveryClaims claims,
      DeliveryWrites writes,
      Destinations destinations,
      Forwarder forwarder) {
    this.store = store;
    this.audit = audit;
    this.deliveries = deliveries;
    this.claims = claims;
    this.writes = writes;
    this.destinations = destinations;
    this.forwarder = forwarder;
  }

  private record Row(String name, String ownUrl, Long offAt, String offReason, By offBy) {}

  /**
   * Destinations by name: those of the file, those that campaigns name, and those that were in the
   * file when they were switched off, or for which something waits.
   *
   * @param after only those after this name; null from the start
   */
  public List<DestinationState> list(String after, int limit) {
    Map<String, Row> rows = new TreeMap<>();
    String from = after == null ? "" : after;
    store
        .read()
        .sql(ROW + " > ? order by name limit ?")
        .params(from, limit)
        .query((RowCallbackHandler) row -> rows.put(row.getString(1), row(row)));
    Stream.concat(
            destinations.configured().stream().map(Destination::name),
            claims.waiting().stream().map(DeliveryClaims.WaitingDestination::destination))
        .filter(name -> name.compareTo(from) > 0 && !rows.containsKey(name))
        .forEach(name -> rows.put(name, unswitched(name)));
    return rows.values().stream().limit(limit).map(this::state).toList();
  }

  private static Row row(ResultSet row) throws SQLException {
    Long offAt = Rows.number(row, "off_at");
    return new Row(
        row.getString(1),
        row.getString(2),
        offAt,
        row.getString(4),
        By.stored(row.getString(5), Rows.number(row, "off_by_at"), offAt));
  }

  private Row find(String name) {
    return store
        .read()
        .sql(ROW + " = ?")
        .param(name)
        .query((row, n) -> row(row))
        .optional()
        .orElseGet(
            () -> {
              if (destinations.configured(name) == null
                  && deliveries.count(name, DeliveryStatus.PENDING) == 0) {
                throw unknown(name);
              }
              return unswitched(name);
            });
  }

  private static Row unswitched(String name) {
    return new Row(name, null, null, null, null);
  }

  static NotFoundException unknown(String name) {
    return new NotFoundException(
        "Unknown destination",
        "There is no destination " + Plain.quoted(name) + "; GET /destinations lists them.");
  }

  /**
   * One destination.
   *
   * @throws NotFoundException when there is none of that name
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
        row.offBy(),
        deliveries.count(row.name(), DeliveryStatus.PENDING),
        deliveries.count(row.name(), DeliveryStatus.DEAD),
        deliveries.count(row.name(), DeliveryStatus.PARKED),
        deliveries.oldestUndelivered(row.name()),
        forwarder.open(row.name()));
  }

  /**
   * Switches a destination off: nothing is sent to it, and what comes for it waits.
   *
   * @param by who wants that
   * @throws NotFoundException when there is none of that name
   */
  public DestinationState off(String name, By by) {
    Row row = find(name);
    store.write(
        tx -> {
          tell(tx, "DESTINATION_OFF", name, by);
          writes.switchOff(tx, row.name(), row.ownUrl(), "Switched off by an operator.");
          return tx.sql()
              .sql("update webhook_destination set off_by = ?, off_by_at = off_at where name = ?")
              .params(by.stored(), row.name())
              .update();
        });
    LOG.info("Destination {} was switched off by {}.", name, by);
    forwarder.refresh();
    return get(name);
  }

  /**
   * Switches a destination on again: what waits for it is sent.
   *
   * @param by who wants that
   * @throws NotFoundException when there is none of that name
   */
  public DestinationState on(String name, By by) {
    find(name);
    store.write(
        tx -> {
          tell(tx, "DESTINATION_ON", name, by);
          return tx.sql()
              .sql(
                  "update webhook_destination set off_at = null, off_reason = null, off_by = null"
                      + " where name = ?")
              .param(name)
              .update();
        });
    LOG.info("Destination {} was switched on by {}.", name, by);
    forwarder.refresh();
    return get(name);
  }

  private void tell(Tx tx, String event, String name, By by) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("destination", name);
    details.put("by", By.json(by));
    audit.appendService(tx, event, details);
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
