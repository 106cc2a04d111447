package io.campaignroutes.inbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.CheckedEntry;
import io.campaignroutes.campaign.Problem;
import io.campaignroutes.store.Tx;
import io.campaignroutes.text.Json;
import java.util.Set;

/** What the store has of files: how far each is taken, and what became of its entries. */
final class InboxRows {
  /** Stands in the place of an entry's number for what is wrong with a file as a whole. */
  private static final long WHOLE_FILE = -1;

  private InboxRows() {}

  /**
   * What was known of a file when it was opened.
   *
   * @param entries how many of its entries are taken
   * @param whole whether all of it was taken before
   */
  record Known(long entries, boolean whole) {}

  /**
   * Begins a file, or goes on with it.
   *
   * @param earlier SHA-256 of what it was when it was shorter; null when it is not known to have
   *     grown
   */
  static Known begin(Tx tx, String sha256, String name, long size, String earlier) {
    boolean first =
        tx.sql()
                .sql(
                    "insert into inbox_file (sha256, name, size, entries, first_seen_at)"
                        + " values (?, ?, ?, 0, ?) on conflict do nothing")
                .params(sha256, name, size, tx.now())
                .update()
            == 1;
    if (first && earlier != null) {
      goOn(tx, sha256, earlier);
    }
    Known known =
        tx.sql()
            .sql("select entries, whole_at from inbox_file where sha256 = ?")
            .param(sha256)
            .query((row, n) -> new Known(row.getLong(1), row.getObject(2) != null))
            .single();
    if (known.whole()) {
      reopen(tx, sha256);
    }
    return known;
  }

  /** A file that has grown: what was launched when it was shorter is not launched again. */
  private static void goOn(Tx tx, String sha256, String earlier) {
    tx.sql()
        .sql(
            "insert into inbox_entry (sha256, entry, line, campaign_id, note) select cast(? as"
                + " varchar(64)), entry, line, campaign_id, note from inbox_entry where sha256 = ?"
                + " and campaign_id is not null")
        .params(sha256, earlier)
        .update();
  }

  /**
   * The same bytes once more: what was launched stays, what was refused gets another chance, since
   * the reason may be gone.
   */
  private static void reopen(Tx tx, String sha256) {
    tx.sql()
        .sql("delete from inbox_entry where sha256 = ? and problem is not null")
        .param(sha256)
        .update();
    tx.sql()
        .sql("update inbox_file set entries = 0, whole_at = null where sha256 = ?")
        .param(sha256)
        .update();
  }

  /**
   * Notes how far a file is taken.
   *
   * @return false when another replica has taken the same entries
   */
  static boolean advance(Tx tx, InboxFile file, long from, long to) {
    return tx.sql()
            .sql("update inbox_file set entries = ? where sha256 = ? and entries = ?")
            .params(to, file.sha256(), from)
            .update()
        == 1;
  }

  /** Entries that have a campaign, of those from {@code first} on and before {@code next}. */
  static Set<Long> launched(Tx tx, InboxFile file, long first, long next) {
    return Set.copyOf(
        tx.sql()
            .sql("select entry from inbox_entry where sha256 = ? and entry >= ? and entry < ?")
            .params(file.sha256(), first, next)
            .query(Long.class)
            .list());
  }

  /** An entry has a campaign. */
  static void taken(
      Tx tx, InboxFile file, InboxEntries.Entry entry, String campaignId, String note) {
    insert(tx, file, entry.number(), entry.line(), campaignId, note, null);
  }

  /** What is told of a refused entry. */
  static ObjectNode refusal(InboxEntries.Entry entry, Problem problem) {
    return new CheckedEntry(
            entry.number(), entry.line(), entry.count(), entry.lastLine(), null, problem)
        .refusal(problem);
  }

  /** Refuses a file as a whole. */
  static void refuseWhole(Tx tx, InboxFile file, long line, Problem problem) {
    ObjectNode refusal = Json.tree(problem);
    refusal.put("entry", 0).put("line", line);
    insert(tx, file, WHOLE_FILE, line, null, null, Json.text(Json.array().add(refusal)));
  }

  /** What a chunk refuses makes one row, however much it is. */
  static void refused(Tx tx, InboxFile file, ArrayNode refused) {
    long first = refused.get(0).path("entry").asLong();
    long line = refused.get(0).path("line").asLong();
    insert(tx, file, first, line, null, null, Json.text(refused));
  }

  private static void insert(
      Tx tx,
      InboxFile file,
      long number,
      long line,
      String campaignId,
      String note,
      String problem) {
    tx.sql()
        .sql(
            "insert into inbox_entry (sha256, entry, line, campaign_id, note, problem) values (?,"
                + " ?, ?, ?, ?, ?) on conflict do nothing")
        .params(file.sha256(), number, line, campaignId, note, problem)
        .update();
  }

  /** Refuses a file that holds no entry. */
  static void refuseEmpty(Tx tx, InboxFile file) {
    boolean empty =
        tx.sql()
            .sql("select entry from inbox_entry where sha256 = ? limit 1")
            .param(file.sha256())
            .query(Long.class)
            .list()
            .isEmpty();
    if (empty) {
      refuseWhole(tx, file, 1, Problem.of(400, "Empty file", "The file holds no request."));
    }
  }

  /**
   * Notes that a file is taken in whole.
   *
   * @return whether it is the first time
   */
  static boolean whole(Tx tx, InboxFile file) {
    return tx.sql()
            .sql("update inbox_file set whole_at = ? where sha256 = ? and whole_at is null")
            .params(tx.now(), file.sha256())
            .update()
        == 1;
  }

  /** Another replica that was given the same bytes may have begun them anew. */
  static void requireOurs(Tx tx, InboxFile file) {
    long entries =
        tx.sql()
            .sql("select entries from inbox_file where sha256 = ?")
            .param(file.sha256())
            .query(Long.class)
            .single();
    if (entries != file.reached()) {
      throw new InboxChangedException("Another replica takes the same file at this moment.");
    }
  }
}
