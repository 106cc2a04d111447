package io.campaignroutes.store;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The store's limits. No statement, lock, transaction or socket is waited for without one.
 *
 * @param maxWait how long a caller waits for its turn; one that has waited longer is told to try
 *     again and its work is not done later
 * @param connections connections to PostgreSQL of this process
 * @param connectTimeout how long PostgreSQL has to take a connection
 * @param lockTimeout how long a statement waits for a row that another transaction holds
 * @param statementTimeout how long one statement may take
 * @param transactionTimeout how long all statements of a transaction may take
 * @param idleTimeout after this PostgreSQL ends a transaction of which it has heard nothing more,
 *     and its locks with it
 * @param socketTimeout a connection that has not answered for this long is given up; longer than
 *     {@link #statementTimeout}
 * @param goneAfter a replica that has not been seen for this long is taken for gone, and others go
 *     on with what it had in hand; it says five times as often that it lives
 */
@Validated
@ConfigurationProperties("store")
public record StoreProperties(
    @DefaultValue("10s") Duration maxWait,
    @DefaultValue("24") @Min(1) int connections,
    @DefaultValue("5s") Duration connectTimeout,
    @DefaultValue("3s") Duration lockTimeout,
    @DefaultValue("20s") Duration statementTimeout,
    @DefaultValue("30s") Duration transactionTimeout,
    @DefaultValue("10s") Duration idleTimeout,
    @DefaultValue("40s") Duration socketTimeout,
    @DefaultValue("12s") @DurationMin(seconds = 5) Duration goneAfter) {}
