package io.campaignroutes.store;

import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * One running transaction.
 *
 * @param sql statements sent through this client belong to the transaction
 * @param jdbc the same, for the same statement with many rows ({@code batchUpdate})
 * @param now the store's clock at the start of the transaction, in milliseconds since the epoch;
 *     every due time, lease and timestamp is reckoned by it, so that replicas whose own clocks
 *     differ still agree
 * @param announced queues for which the transaction has made work due, each with the milliseconds
 *     from now until the first of it
 */
public record Tx(JdbcClient sql, JdbcOperations jdbc, long now, Map<String, Long> announced) {
  public Tx(JdbcClient sql, JdbcOperations jdbc, long now) {
    this(sql, jdbc, now, new HashMap<>());
  }

  /**
   * Whoever works on a queue is told once the transaction is on disk, and looks then; see {@link
   * Store#due}.
   *
   * @param at when something falls due, in milliseconds since the epoch
   */
  public void due(String queue, long at) {
    announced.merge(queue, at - now, Math::min);
  }
}
