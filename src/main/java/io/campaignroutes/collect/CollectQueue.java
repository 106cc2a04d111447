package io.campaignroutes.collect;

import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import io.campaignroutes.store.WorkQueue;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.stereotype.Component;

/**
 * Whose turn it is to read a tenant: each collector is a row that one replica claims, and that
 * falls due again when its lease ends.
 */
@Component
class CollectQueue {
  /** What ended shortly before the first read is asked for too. */
  private static final long FIRST = 60_000;

  private static final long MAX_WAIT = 60_000;

  /** Nothing is due later than this: the clock was set back. */
  private static final long TOO_FAR = 3_600_000;

  /** Between two looks for skills whose settings are to be read. */
  private static final long EACH = 5_000;

  /**
   * So often agents are told all, and not changes only: who is none any more is told by nothing.
   */
  private static final long FULL = 3_600_000;

  private static final int MAX_FAILURE = 500;

  /** So many failures in a row, and longer than a day without a try nobody reads a tenant. */
  private static final int FAILING = 3;

  private static final long FORGOTTEN = 86_400_000;

  private final Store store;
  private final CollectProperties properties;
  private final CollectBudget budget;
  private final DayCalls calls;
  private final WorkQueue queue;

  CollectQueue(Store store, CollectProperties properties, DayCalls calls) {
    this.store = store;
    this.calls = calls;
    this.properties = properties;
    this.budget = new CollectBudget(properties);
    this.queue = new WorkQueue(store, "collector", "name", properties.lease());
  }

  /** Claims what is due. */
  List<CollectRun> claim() {
    calls.keep();
    WorkQueue.Due which =
        new WorkQueue.Due(
            "(due_at <= :now or due_at > :far)", Map.of("far", store.now() + TOO_FAR));
    if (queue.nothingDue(which) && begun()) {
      return List.of();
    }
    String token = WorkQueue.newToken(store);
    return queue.write(token, tx -> claim(tx, which, token), false);
  }

  private List<CollectRun> claim(Tx tx, WorkQueue.Due which, String token) {
    begin(tx);
    Map<String, Long> due = queue.lock(tx, which, "due_at", Collector.values().length);
    return queue.take(
        tx,
        due.keySet(),
        token,
        which,
        (row, n) -> {
          long readAt = row.getLong("read_at");
          boolean read = !row.wasNull();
          return new CollectRun(
              Collector.of(row.getString("name")),
              token,
              tx.now() - row.getLong("full_at") > FULL
                      && row.getString("name").equals(Collector.STATES.label())
                  ? null
                  : row.getString("poll_time"),
              due.get(row.getString("name")),
              row.getInt("failures"),
              tx.now(),
              read ? (Long) readAt : null);
        });
  }

  private boolean begun() {
    return store.read().sql("select count(*) from collector").query(Integer.class).single() > 0;
  }

  private static void begin(Tx tx) {
    for (Collector collector : Collector.values()) {
      if (collector != Collector.COMPLETED) {
        insert(tx, collector, null);
      }
    }
  }

  private static void insert(Tx tx, Collector collector, String pollTime) {
    tx.sql()
        .sql(
            "insert into collector (name, due_at, poll_time, pages, failures) values (?, ?, ?, 1, 0)"
                + " on conflict do nothing")
        .params(collector.label(), tx.now(), pollTime)
        .update();
  }

  /**
   * Calls are read from the time on that CXone's own clock shows when it is asked first: what ended
   * before is nobody's.
   */
  private static void beginCompleted(Tx tx, String pollTime) {
    Instant since = Instant.parse(pollTime).minusMillis(FIRST);
    insert(tx, Collector.COMPLETED, since.truncatedTo(ChronoUnit.MILLIS).toString());
  }

  /**
   * Ends a claim in the transaction that writes what was read.
   *
   * @param pollTime from when on changes are asked for next; null leaves it
   * @param pages calls that it took
   * @return whether the claim held; if not, nothing may be written
   */
  boolean done(Tx tx, CollectRun run, String pollTime, int pages) {
    Map<Collector, Integer> all = pages(tx);
    all.put(run.collector(), pages);
    long next = tx.now() + period(tx, run.collector(), all);
    if (run.collector() == Collector.STATES && run.pollTime() == null && pollTime != null) {
      beginCompleted(tx, pollTime);
    }
    return !queue
        .giveBack(
            tx,
            Set.of(run),
            claimed -> next,
            ", poll_time = coalesce(?, poll_time), read_at = ?, pages = ?, failures = 0,"
                + " failure = null, full_at = coalesce(?, full_at)",
            claimed ->
                Arrays.asList(pollTime, tx.now(), pages, run.pollTime() == null ? tx.now() : null))
        .isEmpty();
  }

  private static Map<Collector, Integer> pages(Tx tx) {
    Map<Collector, Integer> pages = new EnumMap<>(Collector.class);
    tx.sql()
        .sql("select name, pages from collector")
        .query(
            (RowCallbackHandler) row -> pages.put(Collector.of(row.getString(1)), row.getInt(2)));
    return pages;
  }

  /**
   * Where a skill runs, what waits for as long as in a tenant in which none does is read sooner.
   */
  void hasten(Tx tx) {
    if (quiet(tx)) {
      return;
    }
    Map<Collector, Integer> pages = pages(tx);
    for (Collector collector : Collector.READS) {
      long soon = tx.now() + period(tx, collector, pages);
      tx.sql()
          .sql(
              "update collector set due_at = ? where name = ? and due_at > ? and failures = 0"
                  + " and claim_token is null")
          .params(soon, collector.label(), soon)
          .update();
    }
  }

  private long period(Tx tx, Collector collector, Map<Collector, Integer> pages) {
    return Collector.READS.contains(collector)
        ? budget.period(collector, pages, quiet(tx), calls.today().reads(), tx.now())
        : EACH; // of skills, each of which has its own time
  }

  /** There was no answer: it is asked for again, later from time to time. */
  void failed(CollectRun run, String why) {
    store.run(
        tx -> {
          long period = properties.period(run.collector()).toMillis();
          long wait = Math.min(MAX_WAIT, period << Math.min(6, run.failures()));
          queue.giveBack(
              tx,
              Set.of(run),
              claimed -> tx.now() + Math.max(period, wait),
              ", failures = failures + 1, failure = ?",
              claimed -> List.of(why.length() > MAX_FAILURE ? why.substring(0, MAX_FAILURE) : why));
        });
  }

  /** Nothing was asked, since the service stops: it is due at once. */
  void release(CollectRun run) {
    store.write(tx -> queue.release(tx, run.token()));
  }

  private static boolean quiet(Tx tx) {
    return tx.sql()
        .sql("select 1 from skill_now where running = 1 limit 1")
        .query(Integer.class)
        .list()
        .isEmpty();
  }

  /** In an embedded store what a crash left claimed is due at once. */
  void begins() {
    queue.releaseLeftovers();
  }

  /** Reads that have failed several times in a row, each with why it did so last. */
  Map<String, String> failing() {
    Map<String, String> failing = new TreeMap<>();
    store
        .read()
        .sql("select name, failure from collector where failures >= ? and due_at > ?")
        .params(FAILING, store.now() - FORGOTTEN)
        .query((RowCallbackHandler) row -> failing.put(row.getString(1), row.getString(2)));
    return failing;
  }
}
