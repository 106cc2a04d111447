package io.campaignroutes.webhook;

import io.campaignroutes.store.InList;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import io.campaignroutes.store.WorkQueue;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.stereotype.Component;

/**
 * Claims on the lines that deliveries wait in. A line is claimed, never a delivery: it says when
 * its first unfinished delivery falls due, so the claim is one look into one index however much
 * waits behind.
 */
@Component
class DeliveryClaims {
  private static final int MAX_ERROR = 1_000;

  /** Bytes of a body that is read along with its delivery, unasked. */
  static final int SHORT_BODY = 2_048;

  private final Store store;
  private final WorkQueue queue;

  DeliveryClaims(Store store, WebhookProperties properties) {
    this.store = store;
    this.queue = new WorkQueue(store, "delivery_line", "id", properties.lease());
  }

  /**
   * A destination for which something waits.
   *
   * @param dueAt when the first of its lines falls due
   * @param ownUrl the address when campaigns name it
   * @param off whether it is switched off
   */
  record WaitingDestination(String destination, long dueAt, String ownUrl, boolean off) {}

  /** Every destination for which something waits; a few looks into an index for each. */
  List<WaitingDestination> waiting() {
    return store
        .read()
        .sql(
            """
            with recursive waiting(name) as (
              select min(destination) from delivery_line
              union all
              select (select min(destination) from delivery_line where destination > waiting.name)
                from waiting where waiting.name is not null)
            select w.name, (select min(due_at) from delivery_line where destination = w.name),
              d.own_url, d.off_at
            from waiting w left join webhook_destination d on d.name = w.name
            where w.name is not null\
            """)
        .query(
            (row, n) ->
                new WaitingDestination(
                    row.getString(1), row.getLong(2), row.getString(3), row.getObject(4) != null))
        .list();
  }

  /**
   * What was claimed.
   *
   * @param more whether more lines may be due
   */
  record Claimed(List<ClaimedLine> lines, boolean more) {}

  /** A line on its way to being claimed. */
  private static final class Line implements WorkQueue.Claim {
    final String id;
    final String token;
    final long dueAt;
    final long head;
    final long tail;
    final List<Outgoing> next = new ArrayList<>();
    final List<Long> sizes = new ArrayList<>();

    Line(String id, String token, long dueAt, long head, long tail) {
      this.id = id;
      this.token = token;
      this.dueAt = dueAt;
      this.head = head;
      this.tail = tail;
    }

    @Override
    public String key() {
      return id;
    }

    @Override
    public String token() {
      return token;
    }

    /** Deliveries that it may have; some of them may be finished. */
    long length() {
      return tail - head;
    }
  }

  /**
   * Runs a transaction that claims under these tokens; see {@link WorkQueue#write(Collection,
   * Function, boolean)}.
   */
  <T> T write(Collection<String> tokens, Function<Tx, T> claiming) {
    return queue.write(tokens, claiming, false);
  }

  /**
   * Claims the lines of a destination that are due, the longest due first. Lines beyond what may be
   * taken stay as they are.
   *
   * @param token a fresh one
   */
  Claimed claim(Tx tx, Destination destination, ClaimLimits limits, String token) {
    var due =
        new WorkQueue.Due(
            "destination = :destination and due_at <= :now",
            Map.of("destination", destination.name()));
    Map<String, Line> lines = new LinkedHashMap<>();
    boolean more = lock(tx, due, limits, token, lines);
    Set<String> taken =
        new HashSet<>(queue.take(tx, lines.keySet(), token, due, (row, n) -> row.getString("id")));
    lines.keySet().retainAll(taken);
    if (lines.isEmpty()) {
      return new Claimed(List.of(), false);
    }
    read(tx, token, limits.depth(), lines);
    List<Line> beyond = cut(lines, limits);
    queue.giveBack(tx, beyond, line -> line.dueAt);
    bodies(tx, lines.values());
    List<ClaimedLine> claimed = new ArrayList<>();
    for (Line line : lines.values()) {
      if (line.next.isEmpty()) {
        repairHead(tx, line.id);
      } else {
        claimed.add(new ClaimedLine(line.id, token, destination, line.head, line.tail, line.next));
      }
    }
    return new Claimed(claimed, more || !beyond.isEmpty());
  }

  /** Locks lines that are due, in their order; returns whether there may be more of them. */
  private boolean lock(
      Tx tx, WorkQueue.Due which, ClaimLimits limits, String token, Map<String, Line> lines) {
    List<Line> due = new ArrayList<>();
    queue.lock(
        tx,
        which,
        "due_at",
        limits.lines(),
        ", head, tail",
        row ->
            due.add(
                new Line(row.getString(1), token, row.getLong(2), row.getLong(3), row.getLong(4))));
    long deliveries = 0;
    for (Line line : due) {
      if (deliveries >= limits.deliveries()) {
        return true;
      }
      deliveries += Math.min(limits.depth(), Math.max(1, line.length()));
      lines.put(line.id, line);
    }
    return due.size() == limits.lines();
  }

  /** Reads the next deliveries of claimed lines, without those bodies that are long. */
  private static void read(Tx tx, String token, int depth, Map<String, Line> lines) {
    tx.jdbc()
        .query(
            """
            select d.line, d.id, d.event_id, d.seq, d.tries, d.attempts, octet_length(e.body),
              case when octet_length(e.body) <= ? then e.body end
            from delivery_line l
              join delivery d on d.line = l.id and d.status = 'PENDING' and d.seq < l.head + ?
              join webhook_event e on e.id = d.event_id
            where l.claim_token = ? order by d.line, d.seq\
            """,
            statement -> {
              statement.setInt(1, SHORT_BODY);
              statement.setInt(2, depth);
              statement.setString(3, token);
            },
            (RowCallbackHandler)
                row -> {
                  Line line = lines.get(row.getString(1));
                  line.sizes.add(row.getLong(7));
                  line.next.add(
                      new Outgoing(
                          row.getString(2),
                          row.getString(3),
                          row.getString(1),
                          row.getLong(4),
                          row.getInt(5),
                          row.getInt(6),
                          row.getString(8)));
                });
  }

  /** Takes out what is too much; returns the lines of which nothing is left for that reason. */
  private static List<Line> cut(Map<String, Line> lines, ClaimLimits limits) {
    List<Line> beyond = new ArrayList<>();
    int deliveries = 0;
    long bytes = 0;
    boolean full = false;
    for (Line line : lines.values()) {
      int taken = 0;
      while (!full && taken < line.next.size()) {
        long size = line.sizes.get(taken);
        full =
            deliveries > 0 && (deliveries >= limits.deliveries() || bytes + size > limits.bytes());
        if (!full) {
          taken++;
          deliveries++;
          bytes += size;
        }
      }
      if (full && taken == 0) {
        beyond.add(line);
      }
      line.next.subList(taken, line.next.size()).clear();
    }
    beyond.forEach(line -> lines.remove(line.id));
    return beyond;
  }

  /** Reads the bodies that are long. */
  private static void bodies(Tx tx, Collection<Line> lines) {
    List<String> missing =
        lines.stream()
            .flatMap(line -> line.next.stream())
            .filter(delivery -> delivery.body() == null)
            .map(Outgoing::eventId)
            .toList();
    if (missing.isEmpty()) {
      return;
    }
    Map<String, String> bodies = new HashMap<>();
    tx.sql()
        .sql("select id, body from webhook_event where id in (:ids)")
        .param("ids", InList.of(missing))
        .query((RowCallbackHandler) row -> bodies.put(row.getString(1), row.getString(2)));
    for (Line line : lines) {
      line.next.replaceAll(one -> one.body() == null ? one.with(bodies.get(one.eventId())) : one);
    }
  }

  /** A line whose first delivery has been taken out of it by hand goes on with the next one. */
  private static void repairHead(Tx tx, String line) {
    Long head =
        tx.sql()
            .sql("select min(seq) from delivery where line = ? and status = 'PENDING'")
            .param(line)
            .query((row, n) -> row.getObject(1) == null ? null : row.getLong(1))
            .single();
    if (head == null) {
      tx.sql().sql("delete from delivery_line where id = ?").param(line).update();
    } else {
      tx.sql()
          .sql("update delivery_line set head = ?, due_at = ?, claim_token = null where id = ?")
          .params(head, tx.now(), line)
          .update();
    }
  }

  /**
   * Writes what came of claimed lines and gives them back. A line whose lease was lost in the
   * meantime is left to its new owner, who sends its deliveries again under the same ids.
   *
   * @return those that were still ours
   */
  List<ClaimedLine> recordOutcomes(Tx tx, List<ClaimedLine> lines) {
    List<ClaimedLine> held =
        queue.giveBack(
            tx,
            lines,
            line -> tx.now() + line.waitMillis(),
            ", head = ?",
            line -> List.of(line.head()));
    List<ClaimedLine> drained = held.stream().filter(ClaimedLine::drained).toList();
    if (!drained.isEmpty()) {
      int[] deleted =
          tx.jdbc()
              .batchUpdate(
                  "delete from delivery_line where id = ? and head = tail",
                  drained,
                  drained.size(),
                  (row, line) -> row.setString(1, line.id))[0];
      for (int i = 0; i < deleted.length; i++) {
        if (deleted[i] == 0) { // a driver that does not count says less than 0
          drained.get(i).grew();
        }
      }
    }
    outcomes(tx, held);
    return held;
  }

  /** Lengthens the leases of claimed lines that are still under way. */
  void renew(Tx tx, List<ClaimedLine> lines) {
    queue.renew(tx, lines);
  }

  private record Tried(Outgoing delivery, AttemptOutcome outcome) {}

  private static void outcomes(Tx tx, List<ClaimedLine> lines) {
    List<Tried> tried = new ArrayList<>();
    for (ClaimedLine line : lines) {
      for (int i = 0; i < line.tried().size(); i++) {
        tried.add(new Tried(line.tried().get(i), line.outcomes().get(i)));
      }
    }
    if (tried.isEmpty()) {
      return;
    }
    tx.jdbc()
        .batchUpdate(
            "update delivery set status = ?, finished_at = ?, tries = ?, attempts = ?,"
                + " last_status = ?, last_error = ? where id = ?",
            tried,
            tried.size(),
            (row, one) -> {
              boolean counts = one.outcome().kind() != AttemptOutcome.Kind.UNTRIED;
              row.setString(1, one.outcome().kind().status.name());
              setLong(row, 2, one.outcome().kind().finished() ? tx.now() : null);
              row.setInt(3, one.delivery().tries() + (counts ? 1 : 0));
              row.setInt(4, one.delivery().attempts() + (counts ? 1 : 0));
              setLong(row, 5, one.outcome().status());
              row.setString(6, Texts.storable(one.outcome().error(), MAX_ERROR));
              row.setString(7, one.delivery().id());
            });
    List<Tried> attempts =
        tried.stream().filter(one -> one.outcome().kind() != AttemptOutcome.Kind.UNTRIED).toList();
    if (attempts.isEmpty()) {
      return;
    }
    tx.jdbc()
        .batchUpdate(
            "insert into delivery_attempt (delivery_id, number, at, duration_ms, status, error,"
                + " answer) values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
            attempts,
            attempts.size(),
            (row, one) -> {
              row.setString(1, one.delivery().id());
              row.setInt(2, one.delivery().attempts() + 1);
              row.setLong(3, one.outcome().at());
              row.setInt(4, one.outcome().durationMs());
              setLong(row, 5, one.outcome().status());
              row.setString(6, Texts.storable(one.outcome().error(), MAX_ERROR));
              row.setString(7, Texts.storable(one.outcome().answer(), MAX_ERROR));
            });
  }

  private static void setLong(PreparedStatement row, int column, Number value) throws SQLException {
    if (value == null) {
      row.setNull(column, Types.BIGINT);
    } else {
      row.setLong(column, value.longValue());
    }
  }

  /**
   * What a crash left claimed is due at once where nobody else can hold it; see {@link
   * WorkQueue#releaseLeftovers()}.
   *
   * @return how many lines there were
   */
  int releaseLeftovers() {
    return queue.releaseLeftovers();
  }
}
