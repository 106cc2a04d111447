package io.campaignroutes.audit;

import io.campaignroutes.store.InList;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.StoreUnavailableException;
import io.campaignroutes.store.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * Which process writes which file: rows of {@code audit_file} with a lease. Nothing here locks or
 * waits for a row that appending a line needs.
 */
final class AuditClaims {
  private final Store store;
  private final AuditProperties settings;

  AuditClaims(Store store, AuditProperties settings) {
    this.store = store;
    this.settings = settings;
  }

  /** Claims files that lack lines for the lease, the longest not written first. */
  AuditBatch claim() {
    boolean nothingDue =
        store
            .read()
            .sql(
                "select 1 from audit_unwritten u join audit_file f on f.campaign_id = u.campaign_id"
                    + " where f.due_at <= ? limit 1")
            .param(store.now())
            .query(Integer.class)
            .list()
            .isEmpty();
    return nothingDue ? AuditBatch.NONE : store.write(this::claim);
  }

  private AuditBatch claim(Tx tx) {
    List<String> lacking =
        tx.sql()
            .sql(
                "select f.campaign_id from audit_file f"
                    + " join audit_unwritten u on u.campaign_id = f.campaign_id"
                    + " where f.due_at <= ? group by f.campaign_id, f.written_at"
                    + " order by f.written_at limit ?")
            .params(tx.now(), settings.batch())
            .query(String.class)
            .list();
    if (lacking.isEmpty()) {
      return AuditBatch.NONE;
    }
    List<String> free =
        tx.sql()
            .sql(
                "select campaign_id from audit_file where campaign_id in (:ids) and due_at <= :now"
                    + store.claimLock())
            .param("ids", InList.of(lacking))
            .param("now", tx.now())
            .query(String.class)
            .list();
    if (free.isEmpty()) {
      return AuditBatch.NONE;
    }
    String token = UUID.randomUUID().toString();
    long deadline = System.nanoTime() + settings.lease().toNanos() / 2;
    List<AuditFile> claimed =
        tx.sql()
            .sql(
                "update audit_file set due_at = :until, claim_token = :token"
                    + " where campaign_id in (:ids) and due_at <= :now"
                    + " returning campaign_id, written_seq, written_sha256")
            .param("until", tx.now() + settings.lease().toMillis())
            .param("token", token)
            .param("ids", InList.of(free))
            .param("now", tx.now())
            .query(
                (row, i) ->
                    new AuditFile(
                        row.getString(1), token, row.getLong(2), row.getString(3), deadline))
            .list();
    return new AuditBatch(claimed, lacking.size() == settings.batch());
  }

  /**
   * Makes files due that were written within some time of the last write. An embedded store has no
   * other process that could hold a claim, so leftovers of a crash are dropped too.
   */
  void lookAgain(Duration before) {
    boolean alone = store.claimLock().isEmpty();
    store.write(
        tx -> {
          tx.sql()
              .sql(
                  "update audit_file set written_seq = 0, due_at = :now, claim_token = null"
                      + " where campaign_id in (select campaign_id from audit_file"
                      + " where written_at > (select max(written_at) from audit_file) - :before"
                      + (alone ? "" : " and claim_token is null")
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
  List<AuditFile> mark(AuditBatch batch) {
    List<AuditFile> files = new ArrayList<>(batch.files());
    files.sort(Comparator.comparing(AuditFile::chain)); // one order for all: no waiting in a circle
    Function<Tx, List<AuditFile>> marks =
        tx -> files.stream().filter(file -> !mark(tx, file)).toList();
    try {
      return store.write(marks);
    } catch (StoreUnavailableException e) {
      store.later(marks); // and not only when the lease has ended
      throw e;
    }
  }

  private static boolean mark(Tx tx, AuditFile file) {
    if (!file.written()) {
      return tx.sql()
              .sql(
                  "update audit_file set due_at = ?, claim_token = null"
                      + " where campaign_id = ? and claim_token = ?")
              .params(tx.now() + file.waitMillis(), file.chain(), file.token())
              .update()
          > 0;
    }
    int kept =
        tx.sql()
            .sql(
                "update audit_file set written_seq = ?, written_sha256 = ?, written_at = ?,"
                    + " due_at = ?, claim_token = null where campaign_id = ? and claim_token = ?")
            .params(file.seq(), file.sha256(), tx.now(), tx.now(), file.chain(), file.token())
            .update();
    if (kept == 0) {
      return false;
    }
    tx.sql()
        .sql("delete from audit_unwritten where campaign_id = ? and seq <= ?")
        .params(file.chain(), file.seq())
        .update();
    if (file.grown() && !file.chain().equals(AuditRows.CHECKPOINTS)) {
      tx.sql()
          .sql("insert into audit_uncovered (campaign_id, seq) values (?, ?)")
          .params(file.chain(), file.seq())
          .update();
    }
    return true;
  }
}
