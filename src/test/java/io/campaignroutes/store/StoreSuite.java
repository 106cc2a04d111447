package io.campaignroutes.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
  void whoeverWaitsForWorkIsToldOnceItIsOnDisk() {
    DueTime due = store.due("queue");
    due.beginLook();
    due.quiet();
    store.write(
        tx -> {
          insert(tx, "a");
          tx.due("queue", tx.now());
          assertThat(due.nanosToLook()).isPositive();
          return null;
        });
    assertThat(due.nanosToLook()).isNotPositive();
    assertThat(store.due("other").nanosToLook()).isNotPositive(); // nobody has looked yet
  }

  @Test
  void whatFallsDueLaterIsLookedForThen() {
    DueTime due = store.due("queue");
    due.beginLook();
    due.quiet();
    store.write(
        tx -> {
          tx.due("queue", tx.now() + 1_500);
          tx.due("queue", tx.now() + 2_000);
          return null;
        });
    assertThat(due.nanosToLook()).isBetween(1L, 1_500_000_000L);
  }

  @Test
  void whenTheClockIsSetEverybodyLooks() {
    store.write(tx -> null);
    DueTime due = store.due("queue");
    due.beginLook();
    due.quiet();
    opened.clock().accept(3_600_000);
    store.now();
    assertThat(due.nanosToLook()).isNotPositive();
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

  // A clock that is set

  private static void wait(Tx tx, String line, long millis) {
    tx.sql()
        .sql(
            "insert into delivery_line (id, destination, head, tail, due_at) values (?, 'd', 0, 1,"
                + " ?)")
        .params(line, tx.now() + millis)
        .update();
  }

  /** How long this line still waits, in milliseconds by the store's clock. */
  private static long left(Tx tx, String line) {
    return tx.sql()
            .sql("select due_at from delivery_line where id = ?")
            .param(line)
            .query(Long.class)
            .single()
        - tx.now();
  }

  /** A step is told to a tenth of a second, and what has passed since nobody can tell from it. */
  private void assertStepped(long step, long begun) {
    long unsure = 100 + (System.nanoTime() - begun) / 1_000_000;
    assertThat(store.clockStep().millis()).isBetween(step - unsure, step + unsure);
  }

  @ParameterizedTest
  @ValueSource(longs = {60_000, 600_000, 7_200_000, -60_000, -600_000, -7_200_000})
  void whatWaitsForALengthOfTimeWaitsForItHoweverTheClockIsSet(long step) {
    store.write(
        tx -> {
          wait(tx, "soon", 30_000);
          wait(tx, "due", -1);
          return null;
        });
    long before = System.nanoTime();
    opened.clock().accept(step);
    store.write(
        tx -> {
          long passed = (System.nanoTime() - before) / 1_000_000;
          assertThat(left(tx, "soon")).isBetween(29_000 - passed, 30_000L);
          assertThat(left(tx, "due")).isLessThan(0);
          return null;
        });
    assertStepped(step, before);
    opened.clock().accept(0);
    store.write(
        tx -> {
          long passed = (System.nanoTime() - before) / 1_000_000;
          assertThat(left(tx, "soon")).isBetween(29_000 - passed, 30_000L);
          return null;
        });
    assertStepped(-step, before);
  }

  @Test
  void whoeverOnlyAsksForTheTimeHasWhatWaitsShiftedToo() {
    store.write(
        tx -> {
          wait(tx, "a", 1_000);
          return null;
        });
    opened.clock().accept(-7_200_000);
    long now = store.now();
    assertThat(
            store.read().sql("select due_at from delivery_line").query(Long.class).single() - now)
        .isLessThanOrEqualTo(1_000);
  }

  @Test
  void aClockThatIsCorrectedLittleByLittleIsNoStep() {
    store.write(tx -> null);
    for (long ahead = 100; ahead <= 5_000; ahead += 100) {
      opened.clock().accept(ahead);
      store.write(tx -> null);
    }
    assertThat(store.clockStep()).isNull();
  }

  @Test
  void aColumnThatIsATimeMovesWithTheClockOrIsKnownToStay() throws Exception {
    String shifts;
    try (InputStream in = getClass().getResourceAsStream("/db/clock-step.sql")) {
      shifts = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    List<String> forgotten = new ArrayList<>();
    try (Connection connection = opened.source().getConnection();
        ResultSet columns = connection.getMetaData().getColumns(null, null, "%", "%")) {
      while (columns.next()) {
        String table = columns.getString("TABLE_NAME");
        String column = columns.getString("COLUMN_NAME");
        boolean ours = !table.matches("(flyway|pg_|sqlite_|sql_).*");
        boolean time =
            column.matches("(.*_)?(at|until|since)")
                && columns.getString("TYPE_NAME").matches("(?i)bigint|int8");
        boolean moves =
            Pattern.compile("update " + table + " set[^;]*\\b" + column + " = ")
                .matcher(shifts)
                .find();
        if (ours && time && !moves && !shifts.contains(table + "." + column)) {
          forgotten.add(table + "." + column);
        }
      }
    }
    assertThat(forgotten).as("neither moved by clock-step.sql nor listed there").isEmpty();
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
      sql.sql("update store_state set value = 9 where name = 'NEEDS'").update();
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
