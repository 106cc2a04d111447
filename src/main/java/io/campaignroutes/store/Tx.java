package io.campaignroutes.store;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * One running transaction.
 *
 * @param sql statements sent through this client belong to the transaction
 * @param now the store's clock at the start of the transaction, in milliseconds since the epoch;
 *     every due time, lease and timestamp is reckoned by it, so that replicas whose own clocks
 *     differ still agree
 */
public record Tx(JdbcClient sql, long now) {}
