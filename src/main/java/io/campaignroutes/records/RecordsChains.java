package io.campaignroutes.records;

import io.campaignroutes.audit.ChainArchives;
import io.campaignroutes.audit.ChainArchives.Archived;
import io.campaignroutes.store.Store;
import java.io.IOException;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Has old lines of checkpoints and of the service's own chain leave: archived, verified, and only
 * then removed, from the store and from their file.
 */
@Component
public class RecordsChains {
  private static final Logger LOG = LoggerFactory.getLogger(RecordsChains.class);
  private static final int LINES = 200;

  private final Store store;
  private final ChainArchives chains;
  private final RecordsQueue queue;
  private final RecordsProperties properties;

  public RecordsChains(
      Store store, ChainArchives chains, RecordsQueue queue, RecordsProperties properties) {
    this.store = store;
    this.chains = chains;
    this.queue = queue;
    this.properties = properties;
  }

  /**
   * Archives what is older than {@code records.keep-chains}, of each chain a day or a part of one.
   *
   * @throws IOException when it cannot be written
   */
  public void archive(RecordsRun run) throws IOException {
    Instant before = Instant.ofEpochMilli(store.now()).minus(properties.keepChains());
    for (String chain : ChainArchives.CHAINS) {
      chains
          .archive(chain, before.toString().substring(0, "2026-03-02".length()), run.token())
          .ifPresent(run.chains()::add);
    }
  }

  /**
   * Reads the archives back from the disk.
   *
   * @throws IOException when one is not what was written
   */
  public void verify(RecordsRun run) throws IOException {
    for (Archived archived : run.chains()) {
      chains.verify(archived);
    }
  }

  /**
   * Removes from the store what is in archives, a few lines in a transaction, then from the files;
   * what an earlier run has left too.
   *
   * @throws IOException when a file cannot be written
   */
  public void remove(RecordsRun run) throws IOException {
    for (Archived archived : run.chains()) {
      store.run(
          tx -> {
            queue.hold(tx, run);
            chains.leave(tx, archived);
          });
      LOG.info("{}: they have left the store and are in {}.", archived, archived.archive().place());
    }
    for (String chain : ChainArchives.CHAINS) {
      while (store.write(tx -> ChainArchives.removeLines(tx, chain, LINES)) > 0) {
        LOG.trace("More lines of {} are to be removed.", chain);
      }
      chains.shorten(chain);
    }
  }
}
