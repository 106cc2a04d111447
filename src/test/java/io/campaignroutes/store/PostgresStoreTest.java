package io.campaignroutes.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class PostgresStoreTest extends StoreSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.postgres();
  }

  @Test
  void aCommitIsOnDiskWhenItIsAnswered() {
    assertThat(store.read().sql("show synchronous_commit").query(String.class).single())
        .isEqualTo("on");
  }

  @Test
  void ofReplicasThatSeeTheClockSetAllAtOnceExactlyOneShiftsWhatWaits() throws Exception {
    List<TestStores.Opened> replicas = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        replicas.add(TestStores.replica(""));
        replicas.get(i).store().write(tx -> null);
      }
      long due =
          store.write(
              tx -> {
                tx.sql()
                    .sql(
                        "insert into delivery_line (id, destination, head, tail, due_at) values"
                            + " ('a', 'd', 0, 1, ?)")
                    .param(tx.now() + 30_000)
                    .update();
                return tx.now() + 30_000;
              });
      for (long step : new long[] {-7_200_000, 600_000, 60_000, 0}) {
        opened.clock().accept(step);
        List<Callable<Long>> looks = new ArrayList<>();
        replicas.forEach(one -> looks.add(() -> one.store().write(Tx::now)));
        replicas.forEach(one -> looks.add(() -> one.store().now()));
        TestStores.atOnce(looks);
        assertThat(store.read().sql("select due_at from delivery_line").query(Long.class).single())
            .isBetween(due + step - 300, due + step + 300);
        assertThat(replicas).allSatisfy(one -> assertThat(one.store().clockStep()).isNotNull());
      }
    } finally {
      replicas.forEach(TestStores.Opened::close);
    }
  }

  @Test
  void otherProcessesAreToldOfWorkThatIsDueAndAgainAfterTheirConnectionWasLost() throws Exception {
    try (TestStores.Opened other = TestStores.replica("")) {
      ((PostgresStore) store).shared();
      ((PostgresStore) other.store()).shared();
      DueTime due = other.store().due("queue");
      for (int n = 0; n < 2; n++) {
        await().until(() -> listeners().size() == 2);
        due.beginLook();
        due.quiet();
        await()
            .atMost(DueTime.MAX_SLEEP.dividedBy(2))
            .until(
                () -> {
                  store.write(
                      tx -> {
                        tx.due("queue", tx.now());
                        return null;
                      });
                  return due.nanosToLook() <= 0;
                });
        List<Integer> lost = listeners();
        lost.forEach(
            pid ->
                store
                    .read()
                    .sql("select pg_terminate_backend(?)")
                    .param(pid)
                    .query(Boolean.class)
                    .single());
        await().until(() -> listeners().stream().noneMatch(lost::contains));
      }
      ((PostgresStore) other.store()).close();
      ((PostgresStore) store).close();
    }
  }

  private List<Integer> listeners() {
    return store
        .read()
        .sql("select pid from pg_stat_activity where query like 'listen %' and state = 'idle'")
        .query(Integer.class)
        .list();
  }

  @Test
  void everyConnectionHasItsLimitsWhateverItsAddressSays() throws Exception {
    TestStores.atOnce(
        16,
        () -> {
          for (String limit :
              List.of("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")) {
            assertThat(store.read().sql("show " + limit).query(String.class).single())
                .as(limit)
                .isIn("3s", "20s", "10s");
          }
          return null;
        });
    assertThat(opened.pool().getDataSourceProperties())
        .containsEntry("socketTimeout", "40")
        .containsEntry("connectTimeout", "5")
        .containsEntry("tcpKeepAlive", "true");
  }

  /** As of a replica that was frozen in the middle of a transaction. */
  @Test
  void locksThatAnotherHoldsForEverStopNobodyBeyondTheLimits() throws Exception {
    opened.close();
    opened =
        TestStores.postgres(
            "",
            TestStores.limits(
                Duration.ofSeconds(10), Duration.ofMillis(500), Duration.ofSeconds(3)));
    store = opened.store();
    List<String> tables =
        store
            .read()
            .sql(
                "select tablename from pg_tables where schemaname = 'public' and tablename <>"
                    + " 'flyway_schema_history'")
            .query(String.class)
            .list();
    store.write(
        tx -> {
          insert(tx, "row");
          return null;
        });
    try (Connection frozen = opened.pool().getConnection();
        Statement statement = frozen.createStatement()) {
      frozen.setAutoCommit(false);
      for (String table : tables) {
        statement.execute("select * from " + table + " for update");
      }
      long start = System.nanoTime();
      TestStores.atOnce(
          12,
          () -> {
            assertThatThrownBy(
                    () ->
                        store.write(
                            tx -> tx.sql().sql("update secret set created_at = 1").update()))
                .isInstanceOfSatisfying(
                    StoreUnavailableException.class, e -> assertThat(e.nothingChanged()).isTrue());
            return null;
          });
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
      store.write(
          tx -> {
            insert(tx, "another row"); // what needs none of the locked rows goes on
            return null;
          });
      assertThat(store.ailment()).isNull();
      // PostgreSQL ends the transaction of which nothing more is heard, and the row is free
      await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptionsMatching(e -> e instanceof StoreUnavailableException)
          .until(
              () ->
                  store.<Integer>write(
                      tx ->
                          tx.sql()
                              .sql("update secret set created_at = 1 where name = 'row'")
                              .update()),
              count -> count == 1);
      opened.pool().evictConnection(frozen);
    }
  }

  @Test
  void aReplicaThatStoodStillTakesThatForNoStepOfTheClock() {
    JdbcClient sql = JdbcClient.create(opened.source());
    AtomicLong wall = new AtomicLong(1_000_000_000_000L);
    StoreClock other = new StoreClock("It", wall::get, store.rowLock());
    StoreClock asleep = new StoreClock("It", wall::get, store.rowLock(), () -> 0);
    for (StoreClock one : List.of(other, asleep)) {
      one.settled(one.settle(sql));
    }
    // an hour passes: the other one notes the time all along, this one does not know of it
    wall.addAndGet(3_600_000);
    sql.sql("update store_clock set seen_at = ?").param(wall.get() - 2_000).update();
    assertThat(asleep.unsettled(asleep.read())).isTrue();
    asleep.settled(asleep.settle(sql));
    assertThat(asleep.lastStep()).isNull();
    assertThat(asleep.unsettled(asleep.read())).isFalse();
    assertThat(sql.sql("select shifted from store_clock").query(Long.class).single()).isZero();
  }

  @Test
  void aCommitWhoseAnswerWasLostIsNotCalledNothing() {
    store.write(
        tx ->
            tx.sql()
                .sql(
                    """
                    create or replace function bye() returns trigger language plpgsql as
                    $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
                    drop table if exists ending;
                    create table ending (x integer);
                    create constraint trigger bye after insert on ending
                      deferrable initially deferred for each row execute function bye()""")
                .update());
    assertThatThrownBy(
            () -> store.write(tx -> tx.sql().sql("insert into ending values (1)").update()))
        .isInstanceOfSatisfying(
            StoreUnavailableException.class, e -> assertThat(e.nothingChanged()).isFalse());
    assertThatThrownBy(
            () ->
                store.write(
                    tx ->
                        tx.sql()
                            .sql("select pg_terminate_backend(pg_backend_pid())")
                            .query(Boolean.class)
                            .single()))
        .isInstanceOfSatisfying(
            StoreUnavailableException.class, e -> assertThat(e.nothingChanged()).isTrue());
    store.write(tx -> tx.sql().sql("drop table ending").update());
    assertThat(store.ailment()).isNull();
  }

  @Test
  void whileNobodyAnswersCallersAreToldAtOnceAndItGoesOnByItself() throws Exception {
    try (ServerSocket nobody = new ServerSocket(0)) {
      int port = nobody.getLocalPort();
      nobody.close();
      HikariDataSource pool = new HikariDataSource();
      String url = "jdbc:postgresql://127.0.0.1:" + port + "/none";
      pool.setJdbcUrl(url);
      pool.setInitializationFailTimeout(-1);
      StoreProperties limits =
          TestStores.limits(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));
      StoreConfiguration.limit(pool, limits);
      Store away = StoreConfiguration.of(pool, url, limits, () -> {});
      assertThatThrownBy(() -> away.write(tx -> null))
          .isInstanceOfSatisfying(
              StoreUnavailableException.class, e -> assertThat(e.nothingChanged()).isTrue());
      long start = System.nanoTime();
      TestStores.atOnce(
          64,
          () -> {
            assertThatThrownBy(away::now).isInstanceOf(StoreUnavailableException.class);
            return null;
          });
      // one of them tries, which takes a second; the others do not wait for their turn to try
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
      assertThat(away.ailment()).contains("refused");
      pool.close();
    }
  }

  @Test
  void claimsPassOverWhatAnotherReplicaHasLocked() {
    assertThat(store.claimLock()).isEqualTo(" for update skip locked");
  }
}
