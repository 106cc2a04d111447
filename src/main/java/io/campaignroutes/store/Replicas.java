package io.campaignroutes.store;

import jakarta.annotation.PreDestroy;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * The processes that share the store. Each says every few seconds that it lives; what one that is
 * seen no more had claimed is due for the others. A process that was only frozen loses nothing by
 * that but its turn: whatever it writes for a claim of before is fenced by the claim's token, in
 * the store as in front of CXone.
 */
@Component
public class Replicas {
  private static final Logger LOG = LoggerFactory.getLogger(Replicas.class);

  /** A process says so often within {@code store.gone-after} that it lives. */
  private static final int BEATS = 5;

  /** Asked once a second; who was not for so long has had no processor. */
  private static final long STOOD_STILL_MS = TimeUnit.SECONDS.toMillis(5);

  private static final long FORGOTTEN_AFTER_MS = TimeUnit.DAYS.toMillis(1);

  private final Store store;
  private final long goneAfterMillis;
  private final LongSupplier nanoTime;
  private final Replica self;
  private Long beatAt; // ms by the monotonic clock; null for never
  private Long askedAt; // the same, of the end of the last beat

  @Autowired
  Replicas(Store store, StoreProperties limits, @Value("${server.port:8080}") int port) {
    this(store, limits, port, System::nanoTime);
  }

  Replicas(Store store, StoreProperties limits, int port, LongSupplier nanoTime) {
    this.store = store;
    this.goneAfterMillis = limits.goneAfter().toMillis();
    this.nanoTime = nanoTime;
    long now = store.now();
    this.self = new Replica(store.replica(), host(), port, now, now, true);
  }

  /**
   * A process.
   *
   * @param startedAt milliseconds since the epoch by the store's clock
   * @param seenAt when it said last that it lives
   * @param alive whether that is not long ago
   */
  public record Replica(
      String id, String host, int port, long startedAt, long seenAt, boolean alive) {}

  /** This process. */
  public Replica self() {
    return self;
  }

  /**
   * Says that this process lives; an embedded store has no other and is spared the write.
   *
   * @return those that are seen no more and may still hold claims. None where this process itself
   *     was away for as long, as after a time without PostgreSQL: the others have to be seen first.
   * @throws StoreUnavailableException when the store cannot be used at the moment
   */
  public List<Replica> beat() {
    long now = TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
    if (askedAt != null && now - askedAt >= STOOD_STILL_MS) {
      LOG.warn(
          "This process stood still for {} s: it was stopped, or the machine gave it no time or"
              + " memory. Campaigns dialed on at their last rate meanwhile; everything goes on by"
              + " itself.",
          TimeUnit.MILLISECONDS.toSeconds(now - askedAt));
    }
    try {
      return beat(now);
    } finally { // what it has waited for the store is not counted
      askedAt = TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
    }
  }

  private List<Replica> beat(long now) {
    if (store.claimLock().isEmpty() || beatAt != null && now - beatAt < goneAfterMillis / BEATS) {
      return List.of();
    }
    boolean wasHere = beatAt != null && now - beatAt < goneAfterMillis;
    List<Replica> gone = store.write(tx -> beat(tx, wasHere));
    beatAt = now;
    return gone;
  }

  private List<Replica> beat(Tx tx, boolean wasHere) {
    List<Long> released =
        tx.sql()
            .sql("select released_at from replica where id = ?")
            .param(self.id())
            .query((row, n) -> row.getLong(1))
            .list();
    if (released.isEmpty()) {
      tx.sql()
          .sql("insert into replica (id, host, port, started_at, seen_at) values (?, ?, ?, ?, ?)")
          .params(self.id(), self.host(), self.port(), self.startedAt(), tx.now())
          .update();
      tx.sql()
          .sql("delete from replica where seen_at < ?")
          .param(tx.now() - FORGOTTEN_AFTER_MS)
          .update();
    } else {
      tx.sql()
          .sql("update replica set seen_at = ?, released_at = null where id = ?")
          .params(tx.now(), self.id())
          .update();
      if (released.get(0) > 0) {
        LOG.warn(
            "This replica was not seen for {} s or more: others have gone on with what it had in"
                + " hand. It takes part again.",
            TimeUnit.MILLISECONDS.toSeconds(goneAfterMillis));
      }
    }
    return wasHere ? gone(tx) : List.of();
  }

  private List<Replica> gone(Tx tx) {
    return tx.sql()
        .sql(
            "select * from replica" + " where released_at is null and seen_at < ? order by seen_at")
        .param(tx.now() - goneAfterMillis)
        .query((row, n) -> replica(row, tx.now()))
        .list();
  }

  private Replica replica(ResultSet row, long now) throws SQLException {
    long seenAt = row.getLong("seen_at");
    return new Replica(
        row.getString("id"),
        row.getString("host"),
        row.getInt("port"),
        row.getLong("started_at"),
        seenAt,
        now - seenAt < goneAfterMillis);
  }

  /**
   * Has due what a process had claimed that is seen no more. What a transaction of its own still
   * holds is left for the next time.
   *
   * @throws StoreUnavailableException when the store cannot be used at the moment
   */
  public void release(Replica gone) {
    int released = store.write(tx -> release(tx, gone));
    if (released >= 0) {
      LOG.warn(
          "Replica {} ({}, port {}) is seen no more. Of what it had in hand, {} rows are due"
              + " again.",
          gone.id(),
          gone.host(),
          gone.port(),
          released);
    }
  }

  /** Returns how many rows there were; -1 when it is back, or another replica has done this. */
  private int release(Tx tx, Replica gone) {
    int stillGone =
        tx.sql()
            .sql(
                "update replica set released_at = :now where id = :id and released_at is null"
                    + " and seen_at < :seen")
            .param("now", tx.now())
            .param("id", gone.id())
            .param("seen", tx.now() - goneAfterMillis)
            .update();
    if (stillGone == 0) {
      return -1;
    }
    int released = releaseAll(tx, gone.id());
    boolean more =
        WorkQueue.TABLES.keySet().stream().anyMatch(t -> WorkQueue.holds(tx, t, gone.id()));
    if (more) {
      tx.sql().sql("update replica set released_at = null where id = ?").param(gone.id()).update();
    }
    return released;
  }

  private int releaseAll(Tx tx, String id) {
    int released = 0;
    for (Map.Entry<String, String> queue : WorkQueue.TABLES.entrySet()) {
      released += WorkQueue.release(tx, queue.getKey(), queue.getValue(), id, store.claimLock());
    }
    return released;
  }

  /** This process ends: nobody waits for it, and what it still had in hand is due. */
  @PreDestroy
  void leave() {
    if (store.claimLock().isEmpty()) {
      return;
    }
    try {
      store.write(
          tx -> {
            releaseAll(tx, self.id());
            return tx.sql().sql("delete from replica where id = ?").param(self.id()).update();
          });
    } catch (StoreUnavailableException e) {
      LOG.debug("The others will notice by themselves that it has ended.", e);
    }
  }

  /** All that were seen within a day, the longest running first. */
  public List<Replica> all() {
    long now = store.now();
    if (store.claimLock().isEmpty()) {
      return List.of(new Replica(self.id(), self.host(), self.port(), self.startedAt(), now, true));
    }
    return store
        .read()
        .sql("select * from replica order by started_at")
        .query((row, n) -> replica(row, now))
        .list();
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
