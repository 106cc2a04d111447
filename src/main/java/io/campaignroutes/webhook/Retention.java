package io.campaignroutes.webhook;

import io.campaignroutes.store.Ids;
import io.campaignroutes.store.InList;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Removes what has been delivered for long, and what has waited for a replay for very long, a few
 * hundred rows in one transaction, so that nobody waits behind it.
 */
@Component
public class Retention {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
  private static final int BATCH = 500;

  private final Store store;
  private final WebhookProperties properties;

  public Retention(Store store, WebhookProperties properties) {
    this.store = store;
    this.properties = properties;
  }

  /** Removes one batch; returns how many rows there were, 0 when nothing is left to remove. */
  public int sweep() {
    if (!store.tellsAges()) {
      return 0;
    }
    int removed = store.write(this::sweep);
    if (removed > 0) {
      LOG.debug("{} rows of old events were removed.", removed);
    }
    return removed;
  }

  private int sweep(Tx tx) {
    long delivered = tx.now() - properties.keepDelivered().toMillis();
    long undelivered = tx.now() - properties.keepUndelivered().toMillis();
    return deliveries(tx, "status = 'DELIVERED' and finished_at < :before", delivered)
        + deliveries(
            tx,
            "status in ('DEAD', 'PARKED') and coalesce(finished_at, created_at) < :before",
            undelivered)
        + events(tx, delivered);
  }

  private int deliveries(Tx tx, String which, long before) {
    List<String> ids =
        tx.sql()
            .sql(
                "select id from delivery where id < :first and "
                    + which
                    + " order by id limit "
                    + BATCH
                    + store.claimLock()) // one that is just being replayed stays
            .param("first", Ids.first("dlv", before))
            .param("before", before)
            .query(String.class)
            .list();
    if (ids.isEmpty()) {
      return 0;
    }
    tx.sql()
        .sql("delete from delivery_attempt where delivery_id in (:ids)")
        .param("ids", InList.of(ids))
        .update();
    return tx.sql()
        .sql("delete from delivery where id in (:ids)")
        .param("ids", InList.of(ids))
        .update();
  }

  /** Events of which no delivery is left. */
  private static int events(Tx tx, long before) {
    return tx.sql()
        .sql(
            "delete from webhook_event where id in (select id from webhook_event e where id < ? and"
                + " not exists (select 1 from delivery where event_id = e.id) order by id limit "
                + BATCH
                + ")")
        .param(Ids.first("evt", before))
        .update();
  }
}
