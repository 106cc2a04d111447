package io.campaignroutes.contacts;

import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Removes contacts some time after their campaign has ended, then the files that no campaign needs,
 * and what is left of uploads that were cut off; a few rows in one transaction, so that nobody
 * waits behind it. Counts and SHA-256 stay.
 */
@Component
public class ContactRemoval {
  private static final Logger LOG = LoggerFactory.getLogger(ContactRemoval.class);
  private static final int BATCH = 500;

  /** Parts of files, of 1 MiB each. */
  private static final int PARTS = 4;

  /** An upload of which nothing has come for so long is over. */
  private static final Duration MAX_STALL = Duration.ofHours(1);

  private final Store store;
  private final ContactProperties properties;

  public ContactRemoval(Store store, ContactProperties properties) {
    this.store = store;
    this.properties = properties;
  }

  /** Removes one batch; returns how many rows there were, 0 when nothing is left to remove. */
  public int sweep() {
    if (!store.tellsAges()) {
      return 0;
    }
    return store.write(
        tx -> {
          long before = tx.now() - properties.keepAfterEnd().toMillis();
          int contacts = contacts(tx, before);
          return contacts > 0 ? contacts : files(tx, before);
        });
  }

  /** Of the campaign that has ended first, as far as its contacts are there. */
  private int contacts(Tx tx, long before) {
    Optional<String> over =
        tx.sql()
            .sql(
                "select i.campaign_id from contact_import i join campaign c on c.id = i.campaign_id"
                    + " where i.state <> 'REMOVED' and c.ended = 1 and c.stage_at < ? order by"
                    + " c.stage_at limit 1")
            .param(before)
            .query(String.class)
            .optional();
    if (over.isEmpty()) {
      return 0;
    }
    int removed =
        tx.sql()
            .sql(
                "delete from contact where campaign_id = ? and number in (select number from"
                    + " contact where campaign_id = ? order by number limit "
                    + BATCH
                    + ")")
            .params(over.get(), over.get())
            .update();
    if (removed < BATCH) {
      tx.sql()
          .sql("update contact_import set state = 'REMOVED', changed_at = ? where campaign_id = ?")
          .params(tx.now(), over.get())
          .update();
      LOG.info("The contacts of campaign {} are removed.", over.get());
    }
    return removed + 1;
  }

  private int files(Tx tx, long before) {
    List<String> over =
        tx.sql()
            .sql(
                "select id from contact_file f where (used_at < ? or sha256 is null and used_at <"
                    + " ?) and not exists (select 1 from contact_import i where i.file_id = f.id"
                    + " and i.state <> 'REMOVED') order by used_at limit 1"
                    + store.rowLock())
            .params(before, tx.now() - MAX_STALL.toMillis())
            .query(String.class)
            .list();
    if (over.isEmpty()) {
      return 0;
    }
    String id = over.get(0);
    // nobody takes a campaign with it from now on
    tx.sql().sql("delete from contact_file_name where file_id = ?").param(id).update();
    tx.sql()
        .sql("update contact_file set sha256 = null, used_at = 0 where id = ?")
        .param(id)
        .update();
    int removed =
        tx.sql()
            .sql(
                "delete from contact_file_part where file_id = ? and part in (select part from"
                    + " contact_file_part where file_id = ? order by part limit "
                    + PARTS
                    + ")")
            .params(id, id)
            .update();
    if (removed < PARTS) {
      tx.sql().sql("delete from contact_file where id = ?").param(id).update();
      LOG.info("A file of contacts that nobody needs any more is removed.");
    }
    return removed + 1;
  }
}
