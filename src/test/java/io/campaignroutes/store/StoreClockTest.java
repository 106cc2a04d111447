package io.campaignroutes.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StoreClockTest {
  @TempDir Path temp;
  private TestStores.Opened opened;
  private final AtomicLong ahead = new AtomicLong();
  private final CountDownLatch settling = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);
  private volatile Thread slow;
  private final StoreClock clock = new StoreClock("The clock", this::wall, "");

  @BeforeEach
  void open() {
    opened = TestStores.sqlite(temp.resolve("store.db"));
    clock.settled(opened.store().write(tx -> clock.settle(tx.sql())));
  }

  @AfterEach
  void close() {
    opened.close();
  }

  private long wall() {
    if (Thread.currentThread() == slow) {
      settling.countDown();
      try {
        assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return System.currentTimeMillis() + ahead.get();
  }

  @Test
  void whileOneWaitsForTheDatabaseOthersStillLearnHowTheClockStands() throws Exception {
    CompletableFuture<StoreClock.Settled> done =
        CompletableFuture.supplyAsync(
            () ->
                opened
                    .store()
                    .write(
                        tx -> {
                          slow = Thread.currentThread();
                          return clock.settle(tx.sql());
                        }));
    assertThat(settling.await(20, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<Boolean> others =
        CompletableFuture.supplyAsync(() -> clock.unsettled(clock.read()) || clock.toNote());
    assertThat(others.get(10, TimeUnit.SECONDS)).isFalse();
    assertThat(clock.lastStep()).isNull();
    go.countDown();
    clock.settled(done.get(20, TimeUnit.SECONDS));
  }

  @Test
  void ofTwoThatSettleTheSameStepOneShiftsAndOneTells() {
    ahead.set(-600_000);
    StoreClock.Settled first = opened.store().write(tx -> clock.settle(tx.sql()));
    StoreClock.Settled second = opened.store().write(tx -> clock.settle(tx.sql()));
    assertThat(second.shifted()).isEqualTo(first.shifted());
    clock.settled(second);
    clock.settled(first);
    assertThat(clock.steps()).isOne();
    assertThat(clock.unsettled(clock.read())).isFalse();
    assertThat(opened.store().write(tx -> clock.settle(tx.sql())).step()).isZero();
  }
}
