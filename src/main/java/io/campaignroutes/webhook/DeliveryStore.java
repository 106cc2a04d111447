package io.campaignroutes.webhook;

import io.campaignroutes.campaign.Json;
import io.campaignroutes.store.Ids;
import io.campaignroutes.store.InList;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.stereotype.Component;

/**
 * Deliveries in the store, and the lines that they wait in. A line is claimed, never a delivery: it
 * says when its first unfinished delivery falls due, so the claim is one look into one index
 * however much waits behind. A claim pushes the due time to the end of a lease under a fresh token;
 * settling is fenced by the token.
 */
@Component
public class DeliveryStore {
  private static final String SHOWN =
      """
      select d.id, d.event_id, d.destination, d.campaign_id, c.name, e.remote_id, e.event_type, d.status,
        d.created_at, case when d.status = 'PENDING' and l.head = d.seq then l.due_at end as due_at,
        d.finished_at, d.attempts, d.last_status, d.last_error, %s as body
      from delivery d join webhook_event e on e.id = d.event_id
        left join delivery_line l on l.id = d.line
        left join campaign c on c.id = d.campaign_id
      """;

  private static final int LONGEST_ERROR = 1_000;

  /** Bytes of a body that is read along with its delivery, unasked. */
  static final int SHORT_BODY = 2_048;

  private final Store store;

  public DeliveryStore(Store store) {
    this.store = store;
  }

  /**
   * An event that has just been kept.
   *
   * @param eventId ours
   * @param remoteId CXone's id of its campaign
   * @param campaignId ours; null for none
   * @param row the delivery that it is parked as; null for none
   * @param parked why it is parked, with that delivery or a new one; null when it is not
   * @param to where it goes; the delivery that it was parked as becomes the first of them
   */
  record Fresh(
      String eventId,
      String remoteId,
      String campaignId,
      String row,
      String parked,
      List<Destination> to) {}

  /** A delivery about to be put into a line. */
  private static final class Placed {
    final String id;
    final Destination destination;
    final String line;
    Fresh event;
    long seq;

    Placed(String id, Destination destination, String remoteId) {
      this.id = id;
      this.destination = destination;
      this.line = line(destination, remoteId, id);
    }

    Placed(Fresh event, Destination destination, String id) {
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
    return line.length() <= 280
        ? line
        : destination.name() + "#" + Json.sha256(line.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a delivery for every destination of every event, each at the end of its line. */
  void add(Tx tx, List<Fresh> events) {
    List<Placed> placed = new ArrayList<>();
    for (Fresh event : events) {
      for (Destination to : event.to()) {
        boolean first = to == event.to().get(0) && event.row() != null;
        placed.add(new Placed(event, to, first ? event.row() : Ids.next("dlv", tx.now())));
      }
    }
    join(tx, placed);
    insert(tx, placed.stream().filter(one -> !one.parked()).toList());
    for (Placed one : placed) {
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

  private static void park(Tx tx, List<Fresh> events) {
    for (Fresh event : events) {
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
  private static void join(Tx tx, List<Placed> placed) {
    Map<String, List<Placed>> lines = new TreeMap<>(); // one order for all, or two could deadlock
    placed.forEach(one -> lines.computeIfAbsent(one.line, id -> new ArrayList<>()).add(one));
    Map<String, String> own = new TreeMap<>();
    placed.stream()
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
    List<List<Placed>> all = List.copyOf(lines.values());
    for (int from = 0; from < all.size(); ) {
      // few different sizes, so that few statements have to be prepared
      int size = Math.min(Integer.highestOneBit(all.size() - from), 64);
      join(tx, lines, all.subList(from, from + size));
      from += size;
    }
  }

  private static void join(Tx tx, Map<String, List<Placed>> byId, List<List<Placed>> lines) {
    String rows = "(?, ?, 0, ?, ?)" + ", (?, ?, 0, ?, ?)".repeat(lines.size() - 1);
    tx.jdbc()
        .query(
            "insert into delivery_line (id, destination, head, tail, due_at) values "
                + rows
                + " on conflict (id) do update set tail = delivery_line.tail + excluded.tail"
                + " returning id, tail",
            statement -> {
              int column = 1;
              for (List<Placed> line : lines) {
                statement.setString(column++, line.get(0).line);
                statement.setString(column++, line.get(0).destination.name());
                statement.setLong(column++, line.size());
                statement.setLong(column++, tx.now());
              }
            },
            (RowCallbackHandler)
                row -> {
                  List<Placed> line = byId.get(row.getString(1));
                  long seq = row.getLong(2) - line.size();
                  for (Placed one : line) {
                    one.seq = seq++;
                  }
                });
  }

  private static void insert(Tx tx, List<Placed> placed) {
    if (placed.isEmpty()) {
      return;
    }
    tx.jdbc()
        .batchUpdate(
            "insert into delivery (id, event_id, destination, campaign_id, line, seq, status,"
                + " created_at, tries, attempts) values (?, ?, ?, ?, ?, ?, 'PENDING', ?, 0, 0)",
            placed,
            placed.size(),
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
   * A destination for which something waits.
   *
   * @param dueAt when the first of its lines falls due
   * @param ownUrl the address when campaigns name it
   * @param off whether it is switched off
   */
  record Waiting(String destination, long dueAt, String ownUrl, boolean off) {}

  /** Every destination for which something waits; a few looks into an index for each. */
  List<Waiting> waiting() {
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
                new Waiting(
                    row.getString(1), row.getLong(2), row.getString(3), row.getObject(4) != null))
        .list();
  }

  /**
   * How much one claim takes at the most.
   *
   * @param lines lines
   * @param depth deliveries of one line
   * @param deliveries deliveries of all lines together
   * @param bytes of the bodies of all of them together; the first one is taken whatever its size
   */
  record Most(int lines, int depth, int deliveries, long bytes) {}

  /**
   * What was claimed.
   *
   * @param more whether more lines may be due
   */
  record Claimed(List<LineRun> lines, boolean more) {}

  /** A line on its way to being claimed. */
  private static final class Line {
    final String id;
    final long head;
    final long tail;
    final long dueAt;
    final List<Outgoing> next = new ArrayList<>();
    final List<Long> sizes = new ArrayList<>();

    Line(String id, long head, long tail, long dueAt) {
      this.id = id;
      this.head = head;
      this.tail = tail;
      this.dueAt = dueAt;
    }

    /** Deliveries that it may have; some of them may be finished. */
    long length() {
      return tail - head;
    }
  }

  /**
   * Claims the lines of a destination that are due, the longest due first. Lines beyond what may be
   * taken stay as they are.
   *
   * @param leaseMillis how long the claim holds
   */
  Claimed claim(Tx tx, Destination destination, Most most, long leaseMillis) {
    String token = Ids.next("fwd", tx.now());
    Map<String, Line> lines = new LinkedHashMap<>();
    boolean more = due(tx, destination, most, lines);
    if (lines.isEmpty()) {
      return new Claimed(List.of(), false);
    }
    tx.jdbc()
        .batchUpdate(
            "update delivery_line set due_at = ?, claim_token = ? where id = ?",
            lines.values(),
            lines.size(),
            (row, line) -> {
              row.setLong(1, tx.now() + leaseMillis);
              row.setString(2, token);
              row.setString(3, line.id);
            });
    read(tx, token, most.depth(), lines);
    List<Line> beyond = cut(lines, most);
    giveBack(tx, beyond);
    bodies(tx, lines.values());
    List<LineRun> claimed = new ArrayList<>();
    for (Line line : lines.values()) {
      if (line.next.isEmpty()) {
        mend(tx, line.id);
      } else {
        claimed.add(new LineRun(line.id, token, destination, line.head, line.tail, line.next));
      }
    }
    return new Claimed(claimed, more || !beyond.isEmpty());
  }

  /** Locks lines that are due, in their order; returns whether there may be more of them. */
  private boolean due(Tx tx, Destination destination, Most most, Map<String, Line> lines) {
    List<Line> due = new ArrayList<>();
    tx.jdbc()
        .query(
            "select id, head, tail, due_at from delivery_line where destination = ? and due_at <= ?"
                + " order by due_at limit ?"
                + store.claimLock(),
            statement -> {
              statement.setString(1, destination.name());
              statement.setLong(2, tx.now());
              statement.setInt(3, most.lines());
            },
            (RowCallbackHandler)
                row ->
                    due.add(
                        new Line(
                            row.getString(1), row.getLong(2), row.getLong(3), row.getLong(4))));
    long deliveries = 0;
    for (Line line : due) {
      if (deliveries >= most.deliveries()) {
        return true;
      }
      deliveries += Math.min(most.depth(), Math.max(1, line.length()));
      lines.put(line.id, line);
    }
    return due.size() == most.lines();
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
  private static List<Line> cut(Map<String, Line> lines, Most most) {
    List<Line> beyond = new ArrayList<>();
    int deliveries = 0;
    long bytes = 0;
    boolean full = false;
    for (Line line : lines.values()) {
      int taken = 0;
      while (!full && taken < line.next.size()) {
        long size = line.sizes.get(taken);
        full = deliveries > 0 && (deliveries >= most.deliveries() || bytes + size > most.bytes());
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

  private static void giveBack(Tx tx, List<Line> lines) {
    if (!lines.isEmpty()) {
      tx.jdbc()
          .batchUpdate(
              "update delivery_line set due_at = ?, claim_token = null where id = ?",
              lines,
              lines.size(),
              (row, line) -> {
                row.setLong(1, line.dueAt);
                row.setString(2, line.id);
              });
    }
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
  private static void mend(Tx tx, String line) {
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
  List<LineRun> settle(Tx tx, List<LineRun> runs) {
    // one order for all who take several lines, or two of them could deadlock
    List<LineRun> sorted = new ArrayList<>(runs);
    sorted.sort(Comparator.comparing(run -> run.id));
    List<LineRun> settled = new ArrayList<>();
    int[] counts =
        tx.jdbc()
            .batchUpdate(
                "update delivery_line set head = ?, due_at = ?, claim_token = null where id = ?"
                    + " and claim_token = ?",
                sorted,
                Math.max(1, sorted.size()),
                (row, run) -> {
                  row.setLong(1, run.head());
                  row.setLong(2, tx.now() + run.waitMillis());
                  row.setString(3, run.id);
                  row.setString(4, run.token);
                })[0];
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] == 1) {
        settled.add(sorted.get(i));
      }
    }
    List<LineRun> drained = settled.stream().filter(LineRun::drained).toList();
    if (!drained.isEmpty()) {
      tx.jdbc()
          .batchUpdate(
              "delete from delivery_line where id = ? and head = tail",
              drained,
              drained.size(),
              (row, run) -> row.setString(1, run.id));
    }
    outcomes(tx, settled);
    return settled;
  }

  /** Lengthens the leases of claimed lines that are still under way. */
  void renew(Tx tx, List<LineRun> runs, long leaseMillis) {
    for (LineRun run : runs) {
      tx.sql()
          .sql("update delivery_line set due_at = ? where id = ? and claim_token = ?")
          .params(tx.now() + leaseMillis, run.id, run.token)
          .update();
    }
  }

  private record Tried(Outgoing delivery, Outcome outcome) {}

  private static void outcomes(Tx tx, List<LineRun> runs) {
    List<Tried> tried = new ArrayList<>();
    for (LineRun run : runs) {
      for (int i = 0; i < run.tried().size(); i++) {
        tried.add(new Tried(run.tried().get(i), run.outcomes().get(i)));
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
              boolean counts = one.outcome().kind() != Outcome.Kind.UNTRIED;
              row.setString(1, one.outcome().kind().status.name());
              setLong(row, 2, one.outcome().kind().finished() ? tx.now() : null);
              row.setInt(3, one.delivery().tries() + (counts ? 1 : 0));
              row.setInt(4, one.delivery().attempts() + (counts ? 1 : 0));
              setLong(row, 5, one.outcome().status());
              row.setString(6, Texts.storable(one.outcome().error(), LONGEST_ERROR));
              row.setString(7, one.delivery().id());
            });
    List<Tried> attempts =
        tried.stream().filter(one -> one.outcome().kind() != Outcome.Kind.UNTRIED).toList();
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
              row.setString(6, Texts.storable(one.outcome().error(), LONGEST_ERROR));
              row.setString(7, Texts.storable(one.outcome().answer(), LONGEST_ERROR));
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

  /** A destination by its name: one of the file, or one that campaigns name. */
  Optional<Destination> destination(Tx tx, Destinations destinations, String name) {
    Destination configured = destinations.configured(name);
    return configured != null
        ? Optional.of(configured)
        : tx.sql()
            .sql("select own_url from webhook_destination where name = ? and own_url is not null")
            .param(name)
            .query(String.class)
            .optional()
            .map(destinations::own);
  }

  /** Puts a delivery that was finished to the end of its line, with its schedule begun anew. */
  void again(Tx tx, String id, Destination destination, String remoteId) {
    Placed placed = new Placed(id, destination, remoteId);
    join(tx, List.of(placed));
    again(tx, placed);
  }

  private static void again(Tx tx, Placed placed) {
    tx.sql()
        .sql(
            "update delivery set status = 'PENDING', destination = ?, line = ?, seq = ?, tries = 0,"
                + " finished_at = null where id = ?")
        .params(placed.destination.name(), placed.line, placed.seq, placed.id)
        .update();
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

  /**
   * In an embedded store nobody else can hold a claim when the service starts: what a crash left
   * claimed is due at once.
   *
   * @return how many lines there were
   */
  int releaseLeftovers() {
    if (!store.claimLock().isEmpty()) {
      return 0;
    }
    return store.write(
        tx ->
            tx.sql()
                .sql(
                    "update delivery_line set claim_token = null, due_at = ? where claim_token is"
                        + " not null")
                .param(tx.now())
                .update());
  }

  /** One delivery. */
  public Optional<Delivery> find(String id) {
    return store
        .read()
        .sql(SHOWN.formatted("e.body") + " where d.id = ?")
        .param(id)
        .query(DeliveryStore::delivery)
        .optional();
  }

  /**
   * One delivery.
   *
   * @throws UnknownDeliveryException when there is none
   */
  public Delivery get(String id) {
    return find(id).orElseThrow(() -> new UnknownDeliveryException(id));
  }

  /** Its attempts, the first one first. */
  public List<Delivery.Attempt> attempts(String id) {
    return store
        .read()
        .sql(
            "select number, at, duration_ms, status, error, answer from delivery_attempt where"
                + " delivery_id = ? order by number")
        .param(id)
        .query(
            (row, n) ->
                new Delivery.Attempt(
                    row.getInt(1),
                    row.getLong(2),
                    row.getInt(3),
                    integer(row, 4),
                    row.getString(5),
                    row.getString(6)))
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
        .query(DeliveryStore::delivery)
        .list();
  }

  private static Delivery delivery(ResultSet row, int n) throws SQLException {
    DeliveryStatus status = DeliveryStatus.valueOf(row.getString("status"));
    Long finished = number(row, "finished_at");
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
        number(row, "due_at"),
        status == DeliveryStatus.DELIVERED ? finished : null,
        row.getInt("attempts"),
        integer(row, row.findColumn("last_status")),
        row.getString("last_error"),
        row.getString("body"));
  }

  private static Long number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }

  private static Integer integer(ResultSet row, int column) throws SQLException {
    int value = row.getInt(column);
    return row.wasNull() ? null : value;
  }
}
