package io.campaignroutes.records;

import io.campaignroutes.audit.AuditArchives;
import io.campaignroutes.audit.AuditArchives.Head;
import io.campaignroutes.audit.AuditArchives.Held;
import io.campaignroutes.audit.RecordsArchive;
import io.campaignroutes.shared.Hashes;
import io.campaignroutes.store.InList;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.stereotype.Component;

/**
 * The steps of {@code routes/records.camel.yaml}: archive, verify, remove. A kill behind any of
 * their statements leaves the records in the store, or in an archive that is told of, or in both.
 */
@Component
public class RecordsSteps {
  private static final Logger LOG = LoggerFactory.getLogger(RecordsSteps.class);

  private final Store store;
  private final AuditArchives audit;
  private final RecordsQueue queue;
  private final RecordsDue due;
  private final RecordsState state;

  public RecordsSteps(
      Store store, AuditArchives audit, RecordsQueue queue, RecordsDue due, RecordsState state) {
    this.store = store;
    this.audit = audit;
    this.queue = queue;
    this.due = due;
    this.state = state;
  }

  /**
   * Writes the archive, and brings it into its place.
   *
   * @throws IOException when it cannot be written
   */
  public void archive(RecordsRun run) throws IOException {
    RecordsArchive.Written written;
    try (RecordsArchive archive = new RecordsArchive(audit.folder(), run.token())) {
      for (String id : new TreeSet<>(run.campaigns())) {
        for (String line : RecordTables.lines(store.read(), id)) {
          archive.line(line);
        }
        run.heads().put(id, audit.export(id, archive));
      }
      written = archive.written(run.number());
    }
    queue.pending(run, written.name()); // known before it is there
    written.putInPlace();
    run.archived(written);
  }

  /**
   * Reads the archive back from the disk and holds it against what was to be in it.
   *
   * @throws IOException when it cannot be read or holds something else
   */
  public void verify(RecordsRun run) throws IOException {
    Map<String, Head> found = new LinkedHashMap<>();
    for (Map.Entry<String, Held> held : audit.read(run.archive()).entrySet()) {
      found.put(held.getKey(), held.getValue().head());
      held.getValue().rows().forEach((table, rows) -> run.rows().merge(table, rows, Long::sum));
    }
    if (!found.equals(run.heads())) {
      throw new IOException(
          run.archive().place() + " does not hold the audit lines that the store has");
    }
  }

  /**
   * Removes the campaigns from the store and tells of the archive, in one transaction. When
   * anything is not as it was archived, nothing is removed.
   */
  public void remove(RecordsRun run) {
    List<String> ids = List.copyOf(run.heads().keySet());
    store.run(
        tx -> {
          if (!due.lock(tx, ids).equals(ids)) {
            throw new IllegalStateException(
                "A campaign that was to leave is not over any more; all of them stay for now.");
          }
          keep(tx, run, ids);
          audit.leave(tx, run.archive(), run.heads(), run.ended());
          Map<String, Long> removed = RecordTables.remove(tx, ids);
          if (!removed.equals(run.rows())) {
            throw new IllegalStateException(
                "The store has other rows (%s) than the archive (%s); all of them stay for now."
                    .formatted(new TreeMap<>(removed), new TreeMap<>(run.rows())));
          }
          queue.told(tx, run);
        });
    state.left(ids.size());
    LOG.info(
        "The records of {} campaigns have left the store; they are in {}.",
        ids.size(),
        run.archive().place());
  }

  /** Where the records are, and the hashes of keys that must not launch anything again. */
  private static void keep(Tx tx, RecordsRun run, List<String> ids) {
    Map<String, String[]> keys = new LinkedHashMap<>();
    tx.sql()
        .sql("select id, external_id, source_key from campaign where id in (:ids)")
        .param("ids", InList.of(ids))
        .query(
            (RowCallbackHandler)
                row ->
                    keys.put(row.getString(1), new String[] {row.getString(2), row.getString(3)}));
    tx.jdbc()
        .batchUpdate(
            "insert into archived_campaign (id, archive, left_at, head_sha256, external_key,"
                + " source_key, remains) values (?, ?, ?, ?, ?, ?, 1)",
            ids.stream()
                .map(
                    id ->
                        new Object[] {
                          id,
                          run.archive().name(),
                          tx.now(),
                          run.heads().get(id).sha256(),
                          hash(keys.get(id)[0]),
                          hash(keys.get(id)[1])
                        })
                .toList());
  }

  private static String hash(String key) {
    return key == null ? null : Hashes.sha256(key);
  }
}
