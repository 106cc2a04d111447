package io.campaignroutes.store;

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
 */
public record Tx(JdbcClient sql, JdbcOperations jdbc, long now) {}
