package io.campaignroutes.webhook;

import io.campaignroutes.campaign.LifecycleEvents.Known;
import io.campaignroutes.store.Ids;
import io.campaignroutes.store.InList;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import io.campaignroutes.text.Json;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.stereotype.Component;

/**
 * Events of campaigns that were not known here when they came: of another tenant's user, or so
 * early that the answer to the campaign's create was not stored yet. Each is marked until its
 * campaign is known.
 */
@Component
class UnclaimedEvents {
  private static final int BATCH = 200;

  /** More than these are not counted. */
  private static final int MAX_COUNTED = 10_000;

  /**
   * No transaction lasts so long that an event could be written that much after its id was made.
   */
  private static final Duration MAX_WRITE = Duration.ofMinutes(10);

  private final Store store;
  private final EventReader reader;

  UnclaimedEvents(Store store, EventReader reader) {
    this.store = store;
    this.reader = reader;
  }

  /**
   * An event whose campaign is known now.
   *
   * @param id ours
   * @param row the delivery that it is parked as; null when destinations of the file have taken it
   */
  record Claimed(String id, String row, Known campaign, Event event) {}

  /** Takes the events of these campaigns, in the order in which they came; each is taken once. */
  List<Claimed> claim(Tx tx, Collection<Known> campaigns) {
    Map<String, Known> byId = new HashMap<>();
    campaigns.forEach(
        campaign -> {
          byId.put(campaign.id(), campaign);
          byId.put(campaign.remoteId(), campaign);
        });
    if (byId.isEmpty()) {
      return List.of();
    }
    List<Claimed> found = new ArrayList<>();
    tx.sql()
        .sql(
            """
            select e.id, d.id, e.remote_id, e.event_type, e.status, e.occurred_at,
              case when e.event_type = 'CAMPAIGN_ERROR' then e.body end
            from webhook_event e
              left join delivery d on d.event_id = e.id and d.destination is null
            where e.unclaimed = 1 and e.remote_id in (:ids) order by e.id""")
        .param("ids", InList.of(byId.keySet()))
        .query(
            (RowCallbackHandler)
                row ->
                    found.add(
                        new Claimed(
                            row.getString(1),
                            row.getString(2),
                            byId.get(row.getString(3)),
                            event(row))));
    found.removeIf(one -> !taken(tx, one));
    return found;
  }

  /** With its code of an error, for which alone its body is read. */
  private Event event(ResultSet row) throws SQLException {
    String body = row.getString(7);
    return new Event(
        null,
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        null,
        body == null ? Json.object() : reader.read(body.getBytes(StandardCharsets.UTF_8)).json(),
        null);
  }

  /** False when somebody else has taken it meanwhile. */
  private static boolean taken(Tx tx, Claimed one) {
    int taken =
        tx.sql()
            .sql(
                "update webhook_event set unclaimed = 0, remote_id = ? where id = ? and unclaimed"
                    + " = 1")
            .params(one.campaign().remoteId(), one.id())
            .update();
    if (taken == 1) {
      tx.sql()
          .sql("update delivery set campaign_id = ? where event_id = ?")
          .params(one.campaign().id(), one.id())
          .update();
    }
    return taken == 1;
  }

  /**
   * The campaigns, as their events name them, that are known by now although nobody took their
   * events: where several replicas share a store, an event can be written at the same moment as its
   * campaign's id.
   *
   * @param since only events that came then or later, in milliseconds since the epoch
   */
  List<String> overlooked(long since) {
    return store
        .read()
        .sql(
            """
            select distinct e.remote_id from webhook_event e
            where e.unclaimed = 1 and e.id >= ? and exists (select 1 from campaign c
              where c.remote_id = e.remote_id or c.id = e.remote_id and c.remote_id is not null)
            limit\s"""
                + BATCH)
        .param(Ids.first("evt", Math.max(0, since - MAX_WRITE.toMillis())))
        .query(String.class)
        .list();
  }

  /** How many wait for their campaign; 10,000 stand for more. */
  long count() {
    return store
        .read()
        .sql(
            "select count(*) from (select 1 from webhook_event where unclaimed = 1 limit "
                + MAX_COUNTED
                + ") counted")
        .query(Long.class)
        .single();
  }
}
