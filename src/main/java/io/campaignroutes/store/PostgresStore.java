package io.campaignroutes.store;

import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The store on PostgreSQL, which several replicas may share: every transaction has its connection
 * (READ COMMITTED) and PostgreSQL groups the commits.
 */
final class PostgresStore implements Store, CommitCounts.Kept {
  private static final String NOW = "select (extract(epoch from clock_timestamp()) * 1000)::bigint";

  private final JdbcTemplate jdbc;
  private final JdbcClient sql;
  private final TransactionTemplate transactions;
  private final CommitCounts commits = new CommitCounts();

  PostgresStore(DataSource source) {
    this.jdbc = new JdbcTemplate(source);
    this.sql = JdbcClient.create(jdbc);
    this.transactions = new TransactionTemplate(new JdbcTransactionManager(source));
  }

  @Override
  public <T> T write(Function<Tx, T> work) {
    long start = System.nanoTime();
    T result;
    try {
      result = transactions.execute(status -> work.apply(new Tx(sql, jdbc, now())));
    } catch (TransactionException e) { // no connection, or the commit's answer was lost
      throw new DataAccessResourceFailureException("the store cannot be written", e);
    }
    commits.committed(1, System.nanoTime() - start);
    return result;
  }

  @Override
  public CommitCounts commits() {
    return commits;
  }

  @Override
  public JdbcClient read() {
    return sql;
  }

  @Override
  public long now() {
    return sql.sql(NOW).query(Long.class).single();
  }

  @Override
  public String rowLock() {
    return " for update";
  }

  @Override
  public String claimLock() {
    return " for update skip locked";
  }
}
