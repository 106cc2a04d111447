package io.campaignroutes.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What both stores promise. */
abstract class StoreSuite {
  @TempDir Path temp;
  TestStores.Opened opened;
  Store store;

  abstract TestStores.Opened open();

  @BeforeEach
  void openStore() {
    opened = open();
    store = opened.store();
  }

  @AfterEach
  void closeStore() {
    opened.close();
  }

  @Test
  void theMigrationsMakeTheTablesAndRunOnlyOnce() {
    assertThat(TestStores.migrate(opened.source())).isZero();
    for (String table :
        List.of(
            "campaign",
            "campaign_stage",
            "inbox_file",
            "inbox_entry",
            "webhook_event",
            "secret",
            "audit_line",
            "audit_head")) {
      assertThat(count(store.read(), table)).as(table).isZero();
    }
    assertThat(
            store
                .read()
                .sql("select version from flyway_schema_history where version is not null")
                .query(String.class)
                .list())
        .contains("1", "2");
  }

  @Test
  void whatIsWrittenIsThereForEveryoneWhenWriteReturns() {
    String result =
        store.write(
            tx -> {
              insert(tx, "a");
              return "done";
            });
    assertThat(result).isEqualTo("done");
    assertThat(count(store.read(), "secret")).isOne();
    assertThat(count(JdbcClient.create(opened.source()), "secret")).isOne();
  }

  @Test
  void aTransactionSeesWhatItHasWrittenItself() {
    long seen =
        store.write(
            tx -> {
              insert(tx, "a");
              return count(tx.sql(), "secret");
            });
    assertThat(seen).isOne();
  }

  @Test
  void aWorkThatThrowsLeavesNothingAndItsExceptionComesOut() {
    IllegalArgumentException mine = new IllegalArgumentException("mine");
    assertThatThrownBy(
            () ->
                store.write(
                    tx -> {
                      insert(tx, "a");
                      throw mine;
                    }))
        .isSameAs(mine);
    assertThat(count(store.read(), "secret")).isZero();
  }

  @Test
  void aStatementThatIsRefusedLeavesNothingOfItsTransaction() {
    assertThatThrownBy(
            () ->
                store.write(
                    tx -> {
                      insert(tx, "a");
                      insert(tx, "a");
                      return null;
                    }))
        .isInstanceOf(DataAccessException.class);
    assertThat(count(store.read(), "secret")).isZero();
    store.write(
        tx -> {
          insert(tx, "b");
          return null;
        });
    assertThat(count(store.read(), "secret")).isOne();
  }

  @Test
  void worksThatThrowDoNoHarmToTheOthersCommittedWithThem() throws Exception {
    int threads = 24;
    int each = 12;
    List<Callable<Integer>> works = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int thread = t;
      works.add(
          () -> {
            int failed = 0;
            for (int i = 0; i < each; i++) {
              String name = thread + "-" + i;
              int kind = (thread + i) % 4;
              try {
                store.write(
                    tx -> {
                      insert(tx, name);
                      if (kind == 1) {
                        throw new IllegalStateException("thrown on purpose");
                      }
                      if (kind == 2) {
                        insert(tx, name); // the database refuses it
                      }
                      return null;
                    });
              } catch (IllegalStateException | DataAccessException e) {
                failed++;
              }
            }
            return failed;
          });
    }
    int failed = TestStores.atOnce(works).stream().mapToInt(Integer::intValue).sum();
    assertThat(failed).isEqualTo(threads * each / 2);
    List<String> names = store.read().sql("select name from secret").query(String.class).list();
    List<String> expected = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      for (int i = 0; i < each; i++) {
        if ((t + i) % 4 == 0 || (t + i) % 4 == 3) {
          expected.add(t + "-" + i);
        }
      }
    }
    assertThat(names).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void concurrentChangesOfOneRowAreAllCounted() throws Exception {
    store.write(
        tx -> {
          insert(tx, "counter");
          return tx.sql().sql("update secret set created_at = 0").update();
        });
    TestStores.atOnce(
        12,
        () -> {
          for (int i = 0; i < 10; i++) {
            store.write(
                tx -> tx.sql().sql("update secret set created_at = created_at + 1").update());
          }
          return null;
        });
    assertThat(store.read().sql("select created_at from secret").query(Long.class).single())
        .isEqualTo(120);
  }

  @Test
  void theClockIsNearTheMachinesAndGoesOn() throws Exception {
    long before = store.now();
    assertThat(before)
        .isBetween(System.currentTimeMillis() - 60_000, System.currentTimeMillis() + 60_000);
    Thread.sleep(5);
    long inside = store.<Long>write(Tx::now);
    assertThat(inside).isGreaterThan(before);
    Thread.sleep(5);
    assertThat(store.now()).isGreaterThan(inside);
  }

  @Test
  void everyoneWhoAsksForASecretAtOnceGetsTheSameOne() throws Exception {
    AtomicInteger made = new AtomicInteger();
    Secrets secrets = new Secrets(store);
    List<String> got =
        TestStores.atOnce(
            16, () -> secrets.get("webhook-token", () -> "secret " + made.incrementAndGet()));
    assertThat(got).hasSize(16).containsOnly(got.get(0));
    assertThat(new Secrets(store).get("webhook-token", () -> "another")).isEqualTo(got.get(0));
    assertThat(secrets.get("signing", Secrets::random)).matches("[0-9a-f]{64}");
  }

  @Test
  void whatWasPutOffIsDoneOnceTheStoreTakesSomething() {
    store.later(
        tx -> {
          insert(tx, "given back");
          return null;
        });
    store.later(
        tx -> {
          throw new IllegalStateException("no longer wanted");
        });
    assertThat(count(store.read(), "secret")).isZero();
    await()
        .untilAsserted(
            () -> {
              store.write(tx -> null);
              assertThat(count(store.read(), "secret")).isOne();
            });
  }

  @Test
  void aProgramThatIsTooOldForAStoreDoesNotStartOnIt() {
    JdbcClient sql = JdbcClient.create(opened.source());
    try {
      sql.sql(
              "insert into flyway_schema_history (installed_rank, version, description, type,"
                  + " script, checksum, installed_by, installed_on, execution_time, success)"
                  + " select 99, '99', 'of the future', type, 'V99__of_the_future.sql', 1,"
                  + " installed_by, installed_on, 1, success from flyway_schema_history where"
                  + " installed_rank = 1")
          .update();
      // it only adds: an older program may go on
      start();
      sql.sql("update store_state set value = 98 where name = 'NEEDS'").update();
      assertThatThrownBy(this::start)
          .isInstanceOf(StartRefusedException.class)
          .hasMessageMatching(
              "The store was made by a newer version of the service: its schema is 99 and wants a"
                  + " program that knows schema 98, this one knows schema \\d+\\. Start the newer"
                  + " version, or .*");
    } finally {
      sql.sql("delete from flyway_schema_history where installed_rank = 99").update();
      sql.sql("update store_state set value = 8 where name = 'NEEDS'").update();
    }
    start();
  }

  private void start() {
    new SchemaVersion()
        .migrate(
            Flyway.configure()
                .dataSource(opened.source())
                .locations("classpath:db/migration")
                .load());
  }

  static void insert(Tx tx, String name) {
    tx.sql()
        .sql("insert into secret (name, value, created_at) values (?, 'v', ?)")
        .params(name, tx.now())
        .update();
  }

  static long count(JdbcClient sql, String table) {
    return sql.sql("select count(*) from " + table).query(Long.class).single();
  }
}
