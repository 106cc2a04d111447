package io.campaignroutes.store;

import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The store on PostgreSQL, which several replicas may share: every transaction has its connection
 * (READ COMMITTED) and PostgreSQL groups the commits.
 */
final class PostgresStore implements Store, CommitCounts.Kept {
  private static final String NOW = "select (extract(epoch from clock_timestamp()) * 1000)::bigint";

  private final JdbcClient sql;
  private final TransactionTemplate transactions;
  private final CommitCounts commits = new CommitCounts();

  PostgresStore(DataSource source) {
    this.sql = JdbcClient.create(source);
    this.transactions = new TransactionTemplate(new JdbcTransactionManager(source));
  }

  @Override
  public <T> T write(Function<Tx, T> work) {
    long start = System.nanoTime();
    T result = transactions.execute(status -> work.apply(new Tx(sql, now())));
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
