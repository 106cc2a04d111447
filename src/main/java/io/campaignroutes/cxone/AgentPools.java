package io.campaignroutes.cxone;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;

/**
 * The last answers about agent pools, for as long as they may be used again: a file of a thousand
 * campaigns for one pool need not ask a thousand times.
 */
public final class AgentPools {
  private static final int MAX_POOLS = 1_000;

  private final Cache<String, Pool> known;

  /**
   * What CXone says of a pool.
   *
   * @param agents {@code {agents: [{id, status, timeZone}]}}; null when there is no such pool
   */
  public record Pool(JsonNode agents) {
    public boolean exists() {
      return agents != null;
    }
  }

  AgentPools(Duration keep) {
    this.known = Caffeine.newBuilder().expireAfterWrite(keep).maximumSize(MAX_POOLS).build();
  }

  /** The pool as it was answered a moment ago; null when it must be asked for. */
  public Pool recent(String poolId) {
    return known.getIfPresent(poolId);
  }

  /** Keeps an answer. */
  public Pool keep(String poolId, JsonNode agents) {
    return keep(poolId, new Pool(agents));
  }

  /** Keeps that there is no such pool. */
  public Pool keepUnknown(String poolId) {
    return keep(poolId, new Pool(null));
  }

  private Pool keep(String poolId, Pool pool) {
    known.put(poolId, pool);
    return pool;
  }
}
