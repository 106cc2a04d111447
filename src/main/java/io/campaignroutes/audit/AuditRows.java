package io.campaignroutes.audit;

import io.campaignroutes.store.Tx;
import java.util.List;
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
   * Takes the next number of a chain. The chain stays locked until the transaction ends, so that
   * concurrent writers of one campaign come one after the other; {@link #add} must follow.
   */
  static Next next(Tx tx, String chain) {
    return tx.sql()
        .sql(
            "insert into audit_head (campaign_id, seq, sha256, written_seq, anchored_seq, due_at)"
                + " values (?, 1, ?, 0, 0, ?)"
                + " on conflict (campaign_id) do update set seq = audit_head.seq + 1"
                + " returning seq, sha256")
        .params(chain, AuditText.ZEROS, tx.now())
        .query((row, i) -> new Next(row.getLong(1), row.getString(2)))
        .single();
  }

  static void add(Tx tx, String chain, long seq, String line) {
    tx.sql()
        .sql("insert into audit_line (campaign_id, seq, line) values (?, ?, ?)")
        .params(chain, seq, line)
        .update();
    tx.sql()
        .sql("update audit_head set sha256 = ? where campaign_id = ?")
        .params(AuditText.sha256(line), chain)
        .update();
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
