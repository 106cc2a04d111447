package io.campaignroutes.webhook;

import io.campaignroutes.audit.AuditCheckpoints;
import io.campaignroutes.audit.CheckpointListener;
import io.campaignroutes.shared.Hashes;
import io.campaignroutes.store.Ids;
import io.campaignroutes.store.Tx;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Has each checkpoint of the audit delivered to the destinations that ask for it by its type, so
 * that a copy lies elsewhere. It is put into their lines with the checkpoint, in one transaction;
 * from then on it is a delivery like any other: signed, in order, until it has arrived. Its body is
 * the line of {@code checkpoints.jsonl}, byte for byte.
 */
@Component
class CheckpointEvents implements CheckpointListener {
  /** The type that a destination asks for. One that names no types gets none. */
  static final String TYPE = "AUDIT_CHECKPOINT";

  /** In the place of a campaign: all checkpoints wait in one line. */
  private static final String LINE = "audit-checkpoints";

  private final Destinations destinations;
  private final DeliveryWrites deliveries;

  CheckpointEvents(
      AuditCheckpoints checkpoints, Destinations destinations, DeliveryWrites deliveries) {
    this.destinations = destinations;
    this.deliveries = deliveries;
    checkpoints.tell(this);
  }

  @Override
  public void made(Tx tx, long seq, String timestamp, String line) {
    List<Destination> to =
        destinations.configured().stream()
            .filter(one -> one.events() != null && one.events().contains(TYPE))
            .toList();
    if (to.isEmpty()) {
      return;
    }
    String id = Ids.next("evt", tx.now());
    tx.sql()
        .sql(
            "insert into webhook_event (id, identity, remote_id, event_type, occurred_at, body,"
                + " received_at, unclaimed) values (?, ?, ?, ?, ?, ?, ?, 0)")
        .params(
            id, TYPE + ":" + seq + ":" + Hashes.sha256(line), LINE, TYPE, timestamp, line, tx.now())
        .update();
    deliveries.add(tx, List.of(new NewEvent(id, LINE, null, null, null, to)));
    tx.due(Forwarder.TIMER, tx.now());
  }
}
