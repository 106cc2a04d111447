package io.campaignroutes.audit;

import io.campaignroutes.store.InList;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.StoreUnavailableException;
import io.campaignroutes.store.Tx;
import io.campaignroutes.store.WorkQueue;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Which process writes which file: rows of {@code audit_file} with a lease. Nothing here locks or
 * waits for a row that appending a line needs.
 */
final class AuditClaims {
  /** The timer in {@code routes/} that has lines written. */
  static final String TIMER = "audit-project";

  private final Store store;
  private final AuditProperties settings;
  private final WorkQueue queue;

  AuditClaims(Store store, AuditProperties settings) {
    this.store = store;
    this.settings = settings;
    this.queue = new WorkQueue(store, "audit_file", "campaign_id", settings.lease());
  }

  /** Claims files that lack lines for the lease, the longest not written first. */
  AuditBatch claim() {
    List<String> lacking =
        store
            .read()
            .sql(
                "select f.campaign_id from audit_file f"
                    + " join audit_unwritten u on u.campaign_id = f.campaign_id"
                    + " where f.due_at <= ? group by f.campaign_id, f.written_at"
                    + " order by f.written_at limit ?")
            .params(store.nearlyNow(), settings.batch())
            .query(String.class)
            .list();
    if (lacking.isEmpty()) {
      store.due(TIMER).quiet();
      return AuditBatch.NONE;
    }
    var due =
        new WorkQueue.Due(
            "campaign_id in (:lacking) and due_at <= :now", Map.of("lacking", InList.of(lacking)));
    String token = WorkQueue.newToken(store);
    long deadline = System.nanoTime() + settings.lease().toNanos() / 2;
    List<AuditFile> claimed =
        queue.write(
            token,
            tx ->
                queue.take(
                    tx,
                    queue.lock(tx, due, "written_at", settings.batch()).keySet(),
                    token,
                    due,
                    (row, i) ->
                        new AuditFile(
                            row.getString("campaign_id"),
                            token,
                            row.getLong("written_seq"),
                            row.getString("written_sha256"),
                            deadline)),
            false);
    return new AuditBatch(claimed, lacking.size() == settings.batch());
  }

  /**
   * Makes files due that were written within some time of the last write, but for those that
   * another process has claimed. What a crash left claimed is due too.
   */
  void lookAgain(Duration before) {
    store.write(
        tx -> {
          queue.releaseLeftovers(tx);
          tx.sql()
              .sql(
                  "update audit_file set written_seq = 0, due_at = :now"
                      + " where campaign_id in (select campaign_id from audit_file"
                      + " where written_at > (select max(written_at) from audit_file) - :before"
                      + " and claim_token is null"
                      + store.claimLock()
                      + ")")
              .param("now", tx.now())
              .param("before", before.toMillis())
              .update();
          return tx.sql()
              .sql(
                  "insert into audit_unwritten (campaign_id, seq)"
                      + " select h.campaign_id, h.seq from audit_head h"
                      + " join audit_file f on f.campaign_id = h.campaign_id"
                      + " where f.written_seq = 0 and f.claim_token is null"
                      + " on conflict do nothing")
              .update();
        });
  }

  /**
   * Gives the files of a batch back in one transaction, the written ones with the number of their
   * newest line. Returns those whose lease was lost in the meantime: they are left to their new
   * owner.
   */
  List<AuditFile> markWritten(AuditBatch batch) {
    Function<Tx, List<AuditFile>> marks = tx -> markWritten(tx, batch.files());
    try {
      return store.write(marks);
    } catch (StoreUnavailableException e) {
      store.later(marks); // and not only when the lease has ended
      throw e;
    }
  }

  private List<AuditFile> markWritten(Tx tx, List<AuditFile> files) {
    List<AuditFile> held =
        queue.giveBack(
            tx,
            files,
            file -> tx.now() + file.waitMillis(),
            ", written_seq = coalesce(?, written_seq), written_sha256 = coalesce(?, written_sha256),"
                + " written_at = coalesce(?, written_at)",
            file ->
                file.written()
                    ? List.of(file.seq(), file.sha256(), tx.now())
                    : Arrays.asList(null, null, null));
    for (AuditFile file : held) {
      if (file.waitMillis() > 0) {
        tx.due(TIMER, tx.now() + file.waitMillis());
      }
      if (file.written()) {
        noLongerUnwritten(tx, file);
      }
    }
    return files.stream().filter(file -> !held.contains(file)).toList();
  }

  private static void noLongerUnwritten(Tx tx, AuditFile file) {
    tx.sql()
        .sql("delete from audit_unwritten where campaign_id = ? and seq <= ?")
        .params(file.chain(), file.seq())
        .update();
    if (file.grown() && !file.chain().equals(AuditRows.CHECKPOINTS)) {
      tx.sql()
          .sql("insert into audit_uncovered (campaign_id, seq) values (?, ?)")
          .params(file.chain(), file.seq())
          .update();
      tx.due(AuditCheckpoints.TIMER, tx.now());
    }
  }
}
