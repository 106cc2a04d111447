package io.campaignroutes.store;

import static org.assertj.core.api.Assertions.assertThat;

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
        replicas.add(TestStores.replica());
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
  void claimsPassOverWhatAnotherReplicaHasLocked() {
    assertThat(store.claimLock()).isEqualTo(" for update skip locked");
  }
}
