package io.campaignroutes.records;

import io.campaignroutes.audit.AuditArchives;
import io.campaignroutes.audit.RecordsArchive;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import io.campaignroutes.store.WorkQueue;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Who is at it: one row that one replica claims at a time. */
@Component
public class RecordsQueue {
  private static final Logger LOG = LoggerFactory.getLogger(RecordsQueue.class);

  private final Store store;
  private final AuditArchives audit;
  private final RecordsProperties properties;
  private final RecordsState state;
  private final WorkQueue queue;
  private boolean begun;

  public RecordsQueue(
      Store store, AuditArchives audit, RecordsProperties properties, RecordsState state) {
    this.store = store;
    this.audit = audit;
    this.properties = properties;
    this.state = state;
    this.queue = new WorkQueue(store, "records_job", "name", properties.lease());
  }

  /**
   * Claims the work, unless it is not due, another replica has it, or nothing may leave now.
   *
   * @throws org.springframework.dao.DataAccessException when the store cannot be reached
   */
  public synchronized RecordsRun claim() {
    if (!begun) {
      begin();
      begun = true;
    }
    state.resting(
        !properties.enabled()
            ? "records.enabled is false."
            : store.tellsAges()
                ? null
                : "The clock was set forward within a day: what is old cannot be told.");
    if (state.restingReason() != null || queue.nothingDue(WorkQueue.Due.ALL)) {
      return RecordsRun.NONE;
    }
    String token = WorkQueue.newToken(store);
    List<RecordsRun> claimed =
        queue.write(
            token,
            tx ->
                queue.take(
                    tx,
                    queue.lock(tx, WorkQueue.Due.ALL, "due_at", 1).keySet(),
                    token,
                    WorkQueue.Due.ALL,
                    (row, n) ->
                        new RecordsRun(token, row.getLong("number") + 1, row.getString("pending"))),
            false);
    return claimed.isEmpty() ? RecordsRun.NONE : claimed.get(0);
  }

  private void begin() {
    store.write(
        tx -> {
          tx.sql()
              .sql(
                  "insert into records_job (name, due_at, number) values (?, 0, 0)"
                      + " on conflict do nothing")
              .param(RecordsRun.JOB)
              .update();
          return queue.releaseLeftovers(tx);
        });
  }

  /** Removes what a run that was cut off has left of an archive that no line tells of. */
  public void cleanUp(RecordsRun run) throws IOException {
    RecordsArchive.removeParts(audit.folder());
    if (run.pending() != null && Files.deleteIfExists(audit.folder().resolve(run.pending()))) {
      LOG.info(
          "The archive {} was not told of before the service ended; it is removed and made again.",
          run.pending());
    }
  }

  /**
   * Says which file is about to come into the place of the next archive, and lengthens the lease.
   *
   * @throws LeaseEndedException when another replica has the work
   */
  void pending(RecordsRun run, String name) {
    store.run(
        tx ->
            require(
                tx.sql()
                    .sql("update records_job set pending = :pending, due_at = :due" + queue.fence())
                    .param("pending", name)
                    .param("due", tx.now() + properties.lease().toMillis())
                    .param("id", run.key())
                    .param("claim", run.token())
                    .update()));
  }

  /**
   * Counts an archive in the transaction that tells of it.
   *
   * @throws LeaseEndedException when another replica has the work: nothing may be written
   */
  void told(Tx tx, RecordsRun run) {
    require(
        tx.sql()
            .sql("update records_job set pending = null, number = :number" + queue.fence())
            .param("number", run.number())
            .param("id", run.key())
            .param("claim", run.token())
            .update());
  }

  /**
   * Makes sure that a run still has the work.
   *
   * @throws LeaseEndedException when another replica has it: nothing may be written
   */
  void hold(Tx tx, RecordsRun run) {
    require(
        tx.sql()
            .sql("update records_job set due_at = :due" + queue.fence())
            .param("due", tx.now() + properties.lease().toMillis())
            .param("id", run.key())
            .param("claim", run.token())
            .update());
  }

  private static void require(int rows) {
    if (rows != 1) {
      throw new LeaseEndedException();
    }
  }

  /** Gives the work back, and claims it again where more is due; else nothing. */
  public RecordsRun next(RecordsRun run) {
    store.write(
        tx ->
            queue.giveBack(
                tx,
                Set.of(run),
                done -> done.full() ? tx.now() : tx.now() + properties.period().toMillis()));
    state.ran(store.now());
    return run.full() ? claim() : RecordsRun.NONE;
  }

  /** Gives the work back for later, and says why. */
  public RecordsRun failed(RecordsRun run, Exception reason) {
    state.failed(String.valueOf(reason.getMessage()));
    store.write(
        tx -> queue.giveBack(tx, Set.of(run), done -> tx.now() + properties.period().toMillis()));
    return RecordsRun.NONE;
  }

  /** Another replica has the work: what was begun is dropped. */
  static final class LeaseEndedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    LeaseEndedException() {
      super("The lease ended before the archive was told of; another replica has the work.");
    }
  }
}
