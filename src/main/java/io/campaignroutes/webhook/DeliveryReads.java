package io.campaignroutes.webhook;

import io.campaignroutes.access.By;
import io.campaignroutes.shared.NotFoundException;
import io.campaignroutes.store.Rows;
import io.campaignroutes.store.Store;
import io.campaignroutes.text.Plain;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Deliveries and their attempts as operators see them, and how many wait for how long. */
@Component
public class DeliveryReads {
  private static final String SHOWN =
      """
      select d.id, d.event_id, d.destination, d.campaign_id, c.name, e.remote_id, e.event_type, d.status,
        d.created_at, case when d.status = 'PENDING' and l.head = d.seq then l.due_at end as due_at,
        d.finished_at, d.attempts, d.last_status, d.last_error, d.replayed_at, d.replayed_by,
        %s as body
      from delivery d join webhook_event e on e.id = d.event_id
        left join delivery_line l on l.id = d.line
        left join campaign c on c.id = d.campaign_id
      """;

  private final Store store;

  public DeliveryReads(Store store) {
    this.store = store;
  }

  /** How many deliveries to a destination are in this status. */
  long count(String destination, DeliveryStatus status) {
    return store
        .read()
        .sql(
            "select count(*) from delivery where destination = ? and status = '"
                + status.name()
                + "'")
        .param(destination)
        .query(Long.class)
        .single();
  }

  /** When the oldest delivery was made that waits for a destination; null when none does. */
  Long oldestUndelivered(String destination) {
    return store
        .read()
        .sql(
            "select created_at from delivery where destination = ? and status = 'PENDING' order by"
                + " id limit 1")
        .param(destination)
        .query(Long.class)
        .optional()
        .orElse(null);
  }

  /** The same for all addresses that campaigns name. */
  Long oldestOwnUndelivered() {
    return store
        .read()
        .sql(
            "select min((select created_at from delivery where destination = w.name and status ="
                + " 'PENDING' order by id limit 1)) from webhook_destination w where own_url is not"
                + " null")
        .query((row, n) -> row.getObject(1) == null ? 0L : row.getLong(1))
        .optional()
        .filter(at -> at > 0)
        .orElse(null);
  }

  /** One delivery. */
  public Optional<Delivery> find(String id) {
    return store
        .read()
        .sql(SHOWN.formatted("e.body") + " where d.id = ?")
        .param(id)
        .query(DeliveryReads::delivery)
        .optional();
  }

  /**
   * One delivery.
   *
   * @throws NotFoundException when there is none
   */
  public Delivery get(String id) {
    return find(id).orElseThrow(() -> unknown(id));
  }

  /** Its attempts, the first one first. */
  public List<Delivery.Attempt> attempts(String id) {
    return store
        .read()
        .sql(
            "select number, at, duration_ms, status, error, answer from delivery_attempt where"
                + " delivery_id = ? order by number")
        .param(id)
        .query(Delivery.Attempt.class)
        .list();
  }

  /**
   * Deliveries in the order in which they were made, or in the opposite one.
   *
   * @param status only those; null for all
   * @param destination only those; null for all
   * @param campaign only those of this campaign, by our id or CXone's; null for all
   * @param after only those that follow this id in the order; null from the start
   */
  public List<Delivery> list(
      DeliveryStatus status,
      String destination,
      String campaign,
      boolean newestFirst,
      String after,
      int limit) {
    Map<String, Object> params = new HashMap<>();
    StringBuilder where = new StringBuilder(" where true");
    params.put("limit", limit);
    if (after != null) {
      where.append(newestFirst ? " and d.id < :after" : " and d.id > :after");
      params.put("after", after);
    }
    if (status != null) {
      // as a constant, so that the index over what is not delivered is seen to fit
      where.append(" and d.status = '").append(status.name()).append("'");
    }
    if (destination != null) {
      where.append(" and d.destination = :destination");
      params.put("destination", destination);
    }
    if (campaign != null) {
      where.append(
          " and d.event_id in (select id from webhook_event where remote_id in (:campaign, (select"
              + " remote_id from campaign where id = :campaign)))");
      params.put("campaign", campaign);
    }
    return store
        .read()
        .sql(
            SHOWN.formatted("null")
                + where
                + " order by d.id"
                + (newestFirst ? " desc" : "")
                + " limit :limit")
        .params(params)
        .query(DeliveryReads::delivery)
        .list();
  }

  private static Delivery delivery(ResultSet row, int n) throws SQLException {
    DeliveryStatus status = DeliveryStatus.valueOf(row.getString("status"));
    Long finished = Rows.number(row, "finished_at");
    return new Delivery(
        row.getString("id"),
        row.getString("event_id"),
        row.getString("destination"),
        row.getString("campaign_id"),
        row.getString("name"),
        row.getString("remote_id"),
        row.getString("event_type"),
        status,
        row.getLong("created_at"),
        Rows.number(row, "due_at"),
        status == DeliveryStatus.DELIVERED ? finished : null,
        row.getInt("attempts"),
        Rows.integer(row, "last_status"),
        row.getString("last_error"),
        Rows.number(row, "replayed_at"),
        By.stored(row.getString("replayed_by")),
        row.getString("body"));
  }

  static NotFoundException unknown(String id) {
    return new NotFoundException(
        "Unknown delivery", "There is no delivery " + Plain.quoted(id) + ".");
  }
}
