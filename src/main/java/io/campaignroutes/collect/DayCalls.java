package io.campaignroutes.collect;

import io.campaignroutes.cxone.CallTally;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;

/**
 * Counts the calls of a day, by UTC, of all replicas: whoever makes one tells it here, and it is on
 * disk a second later. What a kill leaves untold is a second's worth of calls.
 */
@Component
public class DayCalls implements CallTally {
  private final Store store;
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong writes = new AtomicLong();

  /**
   * Calls of a day.
   *
   * @param reads those that only read
   */
  record Count(long reads, long writes) {
    long all() {
      return reads + writes;
    }
  }

  DayCalls(Store store) {
    this.store = store;
  }

  @Override
  public void ended(boolean read, int sent) {
    (read ? reads : writes).addAndGet(sent);
  }

  /** Writes down what is not on disk yet. */
  void keep() {
    long read = reads.getAndSet(0);
    long written = writes.getAndSet(0);
    if (read + written == 0) {
      return;
    }
    try {
      store.write(
          tx ->
              tx.sql()
                  .sql(
                      "insert into tenant_day (day, calls, writes) values (?, ?, ?) on conflict"
                          + " (day) do update set calls = tenant_day.calls + excluded.calls,"
                          + " writes = tenant_day.writes + excluded.writes")
                  .params(day(tx.now()), read, written)
                  .update());
    } catch (RuntimeException e) {
      reads.addAndGet(read);
      writes.addAndGet(written);
      throw e;
    }
  }

  /** Calls of today, as they are on disk. */
  Count today() {
    return store
        .read()
        .sql("select calls, writes from tenant_day where day = ?")
        .param(day(store.now()))
        .query((row, n) -> new Count(row.getLong(1), row.getLong(2)))
        .optional()
        .orElse(new Count(0, 0));
  }

  /** Notes that today's calls are told to be many; whether nobody has done so before. */
  boolean warnsFirst(Tx tx) {
    return tx.sql()
            .sql("update tenant_day set warned = 1 where day = ? and warned = 0")
            .param(day(tx.now()))
            .update()
        == 1;
  }

  /** The day of a time, by UTC. */
  static String day(long now) {
    return Instant.ofEpochMilli(now).atZone(ZoneOffset.UTC).toLocalDate().toString();
  }
}
