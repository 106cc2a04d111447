package io.campaignroutes.campaign;

import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import io.campaignroutes.text.Names;
import jakarta.annotation.PostConstruct;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Keys of names, by which it is told whether nobody can tell two of them apart. */
@Component
class CampaignNames {
  private static final Logger LOG = LoggerFactory.getLogger(CampaignNames.class);

  private final Store store;

  CampaignNames(Store store) {
    this.store = store;
  }

  /**
   * Gives their keys to names that an older version has kept. Campaigns that carry the same name by
   * now go on beside each other, and the log tells of them once.
   */
  @PostConstruct
  void keyNames() {
    String unkeyed =
        "select id, name from campaign where ended = 0 and name_key is null order by id";
    if (store.read().sql(unkeyed).query().listOfRows().isEmpty()) {
      return;
    }
    store.run(
        tx ->
            tx.sql()
                .sql(unkeyed)
                .query((row, n) -> Map.entry(row.getString(1), row.getString(2)))
                .list()
                .forEach(one -> keyName(tx, one.getKey(), one.getValue())));
  }

  private static void keyName(Tx tx, String id, String name) {
    List<Campaign> others = CampaignStore.carrying(tx.sql(), name);
    tx.sql()
        .sql("update campaign set name_key = ?, name_twin = ? where id = ?")
        .params(Names.key(name), others.isEmpty() ? "" : id, id)
        .update();
    if (!others.isEmpty()) {
      LOG.warn(
          "Campaigns {} ({}) and {} ({}) have names that nobody can tell apart. Both go on; a new"
              + " one of that name is refused until both have ended.",
          others.get(0).id(),
          others.get(0).name(),
          id,
          name);
    }
  }
}
