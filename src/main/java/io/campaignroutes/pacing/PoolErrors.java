package io.campaignroutes.pacing;

import io.campaignroutes.store.StoreUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * What {@link PoolSteps} makes of a pool's tick that failed, where that can fail too: the pool may
 * be somebody else's by then, and the store away.
 */
@Component
public class PoolErrors {
  private static final Logger LOG = LoggerFactory.getLogger(PoolErrors.class);

  private final PoolSteps pools;

  PoolErrors(PoolSteps pools) {
    this.pools = pools;
  }

  /** A stop of the service ended the tick before anything was decided. */
  public void notDecided(PoolRun pool) {
    settle(pool, () -> pools.notDecided(pool));
  }

  /** Somebody else has the pool by now. */
  public void lost(PoolRun pool) {
    settle(pool, () -> pools.lost(pool));
  }

  /** The tick ended in a way that nobody has foreseen. */
  public void broken(PoolRun pool, Exception failure) {
    settle(pool, () -> pools.broken(pool, failure));
  }

  private void settle(PoolRun pool, Runnable work) {
    try {
      work.run();
    } catch (PacingClaimLostException e) {
      LOG.info("{} The result of this run is dropped.", e.getMessage());
    } catch (StoreUnavailableException e) {
      pools.giveBack(pool);
    }
  }
}
