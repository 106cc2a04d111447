package io.campaignroutes.audit;

import io.campaignroutes.shared.Hashes;
import io.campaignroutes.store.Tx;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The chained lines in the store, one chain for each campaign and one for the checkpoints. */
final class AuditRows {
  /** The chain of checkpoint lines; no campaign may have this id. */
  static final String CHECKPOINTS = "checkpoints";

  private AuditRows() {}

  /** Number and {@code prev} of the line to be added. */
  record Next(long seq, String prev) {}

  record Row(long seq, String line) {}

  /**
   * Takes the next number of a campaign's chain. The chain stays locked until the transaction ends,
   * so that concurrent writers of one campaign come one after the other; {@link #add} must follow.
   */
  static Next next(Tx tx, String campaignId) {
    return tx.sql()
        .sql(
            "insert into audit_head (campaign_id, seq, sha256) values (?, 1, ?)"
                + " on conflict (campaign_id) do update set seq = audit_head.seq + 1"
                + " returning seq, sha256")
        .params(campaignId, AuditText.ZEROS)
        .query((row, i) -> new Next(row.getLong(1), row.getString(2)))
        .single();
  }

  /** Makes a chain without lines, if there is none yet: what is not there cannot be locked. */
  static void prepare(Tx tx, String chain) {
    tx.sql()
        .sql(
            // An insert alone would wait for whoever has the row locked.
            "insert into audit_head (campaign_id, seq, sha256) select :id, 0, :sha256"
                + " where not exists (select 1 from audit_head where campaign_id = :id)"
                + " on conflict do nothing")
        .param("id", chain)
        .param("sha256", AuditText.ZEROS)
        .update();
  }

  /**
   * The next number of the chain of checkpoints, which stays locked until the transaction ends.
   * Empty, without waiting, while another process has it locked, however long.
   */
  static Optional<Next> nextCheckpoint(Tx tx, String claimLock) {
    return tx.sql()
        .sql("select seq, sha256 from audit_head where campaign_id = ?" + claimLock)
        .param(CHECKPOINTS)
        .query((row, i) -> new Next(row.getLong(1) + 1, row.getString(2)))
        .optional();
  }

  /** The same without a lock: another process may be quicker. */
  static Optional<Next> checkpointAfter(JdbcClient sql) {
    return after(sql, CHECKPOINTS);
  }

  /** The next number of any chain, without a lock. */
  static Optional<Next> after(JdbcClient sql, String chain) {
    return sql.sql("select seq, sha256 from audit_head where campaign_id = ?")
        .param(chain)
        .query((row, i) -> new Next(row.getLong(1) + 1, row.getString(2)))
        .optional();
  }

  /** Adds the line for whose number {@link #next} or {@link #nextCheckpoint} was asked. */
  static void add(Tx tx, String chain, long seq, String line) {
    tx.sql()
        .sql("insert into audit_line (campaign_id, seq, line) values (?, ?, ?)")
        .params(chain, seq, line)
        .update();
    tx.sql()
        .sql("update audit_head set seq = ?, sha256 = ? where campaign_id = ?")
        .params(seq, Hashes.sha256(line), chain)
        .update();
    if (seq == 1) {
      tx.sql()
          .sql(
              "insert into audit_file (campaign_id, written_seq, written_at, due_at)"
                  + " values (?, 0, ?, 0)")
          .params(chain, tx.now())
          .update();
    }
    tx.sql()
        .sql("insert into audit_unwritten (campaign_id, seq) values (?, ?)")
        .params(chain, seq)
        .update();
    tx.due(AuditClaims.TIMER, tx.now());
  }

  /** Lines from number {@code from} on, in order, {@code limit} at the most. */
  static List<Row> page(JdbcClient sql, String chain, long from, int limit) {
    return sql.sql(
            "select seq, line from audit_line where campaign_id = ? and seq >= ?"
                + " order by seq limit ?")
        .params(chain, from, limit)
        .query((row, i) -> new Row(row.getLong(1), row.getString(2)))
        .list();
  }
}
