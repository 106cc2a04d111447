package io.campaignroutes.console;

import io.campaignroutes.store.Ids;
import io.campaignroutes.store.Store;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** The processes that share the store. */
@Component
public class Replicas {
  private static final long BEAT_MS = 5_000;
  private static final long GONE_AFTER_MS = 20_000;
  private static final long FORGOTTEN_AFTER_MS = 24 * 3_600_000L;

  private final Store store;
  private final Replica self;
  private long beatAt;

  Replicas(Store store, @Value("${server.port:8080}") int port) {
    this.store = store;
    long now = store.now();
    this.self = new Replica(Ids.next("rep", now), host(), port, now, now, true);
  }

  /**
   * A process.
   *
   * @param startedAt milliseconds since the epoch by the store's clock
   * @param seenAt when it said last that it lives
   * @param alive whether that is not long ago
   */
  record Replica(String id, String host, int port, long startedAt, long seenAt, boolean alive) {}

  /** This process. */
  Replica self() {
    return self;
  }

  /** Says that this process lives; an embedded store has no other and is spared the write. */
  public void beat() {
    long now = System.nanoTime() / 1_000_000;
    if (store.claimLock().isEmpty() || beatAt != 0 && now - beatAt < BEAT_MS) {
      return;
    }
    beatAt = now;
    store.write(
        tx -> {
          int known =
              tx.sql()
                  .sql("update replica set seen_at = ? where id = ?")
                  .params(tx.now(), self.id())
                  .update();
          if (known == 0) {
            tx.sql()
                .sql(
                    "insert into replica (id, host, port, started_at, seen_at) values (?, ?, ?, ?,"
                        + " ?)")
                .params(self.id(), self.host(), self.port(), self.startedAt(), tx.now())
                .update();
            tx.sql()
                .sql("delete from replica where seen_at < ?")
                .param(tx.now() - FORGOTTEN_AFTER_MS)
                .update();
          }
          return known;
        });
  }

  /** All that were seen within a day, the longest running first. */
  List<Replica> all() {
    if (store.claimLock().isEmpty()) {
      long now = store.now();
      return List.of(new Replica(self.id(), self.host(), self.port(), self.startedAt(), now, true));
    }
    long now = store.now();
    return store
        .read()
        .sql("select id, host, port, started_at, seen_at from replica order by started_at")
        .query(
            (row, n) ->
                new Replica(
                    row.getString(1),
                    row.getString(2),
                    row.getInt(3),
                    row.getLong(4),
                    row.getLong(5),
                    now - row.getLong(5) < GONE_AFTER_MS))
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
