package io.campaignroutes.records;

import io.campaignroutes.audit.AuditArchives;
import io.campaignroutes.store.Store;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Removes what is left of campaigns whose records are in an archive: their lines and decisions, a
 * few hundred in a transaction, so that nobody waits behind it, and then their files.
 */
@Component
public class RecordsTidy {
  private static final Logger LOG = LoggerFactory.getLogger(RecordsTidy.class);
  private static final int ROWS = 500;

  /** Campaigns in one run: bounds how long the lease is needed for it. */
  private static final int CAMPAIGNS = 1_000;

  private static final int LINES = 1;
  private static final int FILE = 2;
  private static final int NOTHING = 0;
  private static final int OTHER_FILE = 3;

  private final Store store;
  private final AuditArchives audit;

  public RecordsTidy(Store store, AuditArchives audit) {
    this.store = store;
    this.audit = audit;
  }

  private record Left(String id, String headSha256) {}

  /** Removes their lines and decisions from the store. */
  public void lines() {
    for (Left left : remaining(LINES)) {
      while (removed(left.id()) > 0) {
        LOG.trace("More lines of {} are to be removed.", left.id());
      }
    }
  }

  private int removed(String id) {
    return store.write(
        tx -> {
          int rows =
              AuditArchives.removeLines(tx, id, ROWS) + RecordTables.removeDecisions(tx, id, ROWS);
          if (rows == 0) {
            remains(tx.sql(), id, FILE);
          }
          return rows;
        });
  }

  /**
   * Removes their files, once nobody but the service can have said that they were archived: the
   * line that says so is in its file and covered by a checkpoint.
   *
   * @throws IOException when a file cannot be removed
   */
  public void files() throws IOException {
    files(FILE);
    files(OTHER_FILE); // somebody may have seen to it
  }

  private void files(int which) throws IOException {
    List<Left> left = remaining(which);
    if (left.isEmpty() || !audit.allIsCovered()) {
      return;
    }
    for (Left one : left) {
      String stays = audit.removeFile(one.id(), one.headSha256());
      if (stays != null && which == OTHER_FILE) {
        continue;
      }
      if (stays != null) {
        LOG.error("{} It stays; 'audit verify' tells what is wrong with it.", stays);
      }
      store.run(tx -> remains(tx.sql(), one.id(), stays == null ? NOTHING : OTHER_FILE));
    }
  }

  private static void remains(JdbcClient sql, String id, int what) {
    sql.sql("update archived_campaign set remains = ? where id = ?").params(what, id).update();
  }

  private List<Left> remaining(int what) {
    return store
        .read()
        .sql(
            "select id, head_sha256 from archived_campaign where remains = ? and remains <> 0"
                + " order by id limit ?")
        .params(what, CAMPAIGNS)
        .query((row, n) -> new Left(row.getString(1), row.getString(2)))
        .list();
  }
}
