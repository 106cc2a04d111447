package io.campaignroutes.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;

class SqliteStoreTest extends StoreSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.sqlite(temp.resolve("store.db"));
  }

  @Test
  void aTransactionInsideAnotherIsRefusedAndNothingOfEitherStays() {
    assertThatThrownBy(
            () ->
                store.write(
                    tx -> {
                      insert(tx, "outer");
                      return store.write(
                          inner -> {
                            insert(inner, "inner");
                            return null;
                          });
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must not open another");
    assertThat(count(store.read(), "secret")).isZero();
  }

  @Test
  void whatWasWrittenIsThereAfterTheStoreWasOpenedAgain() {
    store.write(
        tx -> {
          insert(tx, "a");
          return null;
        });
    opened.close();
    openStore();
    assertThat(count(store.read(), "secret")).isOne();
  }

  @Test
  void aClosedStoreRefusesToWrite() {
    opened.close();
    assertThatThrownBy(() -> store.write(tx -> null)).isInstanceOf(DataAccessException.class);
  }

  @Test
  void aCommitIsOnDiskAndReadersDoNotWaitForTheWriter() {
    assertThat(store.read().sql("pragma journal_mode").query(String.class).single())
        .isEqualTo("wal");
    assertThat(store.read().sql("pragma synchronous").query(Integer.class).single()).isEqualTo(2);
  }

  @Test
  void aStartAtAnEarlierTimeThanTheStoreHasSeenShiftsWhatWaits() {
    openAgain(3_600_000); // a machine that boots an hour ahead..
    long due =
        store.write(
            tx -> {
              tx.sql()
                  .sql(
                      "insert into delivery_line (id, destination, head, tail, due_at) values ('a',"
                          + " 'd', 0, 1, ?)")
                  .param(tx.now() + 10_000)
                  .update();
              return tx.now() + 10_000;
            });
    openAgain(0); // ..and has its clock corrected while the service is down
    store.write(tx -> null);
    assertThat(store.read().sql("select due_at from delivery_line").query(Long.class).single())
        .isBetween(due - 3_600_000 - 1_000, due - 3_600_000 + 10_000);
    assertThat(store.clockStep().millis()).isNegative();
  }

  private void openAgain(long ahead) {
    opened.close();
    openStore();
    opened.clock().accept(ahead);
  }

  @Test
  void claimsNeedNoLock() {
    assertThat(store.claimLock()).isEmpty();
  }

  @Test
  void aStoreThatCannotBeReachedSaysSoAndTheWriterGoesOnTrying() throws Exception {
    HikariDataSource nowhere = new HikariDataSource();
    String url = "jdbc:sqlite:" + temp.resolve("no/such/folder/store.db");
    nowhere.setJdbcUrl(url);
    nowhere.setConnectionTimeout(300);
    nowhere.setInitializationFailTimeout(-1);
    try (SqliteStore unreachable =
        new SqliteStore(
            nowhere,
            url,
            SqliteFiles.of(url),
            Duration.ofSeconds(5),
            () -> {},
            System::currentTimeMillis)) {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> unreachable.write(tx -> null))
            .isInstanceOfSatisfying(
                StoreUnavailableException.class, e -> assertThat(e.nothingChanged()).isTrue());
      }
      assertThat(unreachable.ailment()).contains("no/such/folder/store.db cannot be opened");
    }
  }
}
