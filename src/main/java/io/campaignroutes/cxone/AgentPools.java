package io.campaignroutes.cxone;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The last answers about agent pools, for as long as they may be used again: a file of a thousand
 * campaigns for one pool need not ask a thousand times.
 */
public final class AgentPools {
  private static final int MOST = 1_000;

  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private final long nanos;

  private record Known(Pool pool, long until) {}

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
    this.nanos = keep.toNanos();
  }

  /** The pool as it was answered a moment ago; null when it must be asked for. */
  public Pool recent(String poolId) {
    Known entry = known.get(poolId);
    return entry != null && entry.until() - System.nanoTime() > 0 ? entry.pool() : null;
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
    if (known.size() >= MOST) {
      known.clear();
    }
    known.put(poolId, new Known(pool, System.nanoTime() + nanos));
    return pool;
  }
}
