package io.campaignroutes.store;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DueTimeTest {
  private static final long MAX_MILLIS = DueTime.MAX_SLEEP.toMillis();

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000); // it overflows soon
  private final DueTime due = new DueTime(nanos::get);

  @Test
  void aLookThatDoesNotSayThatThereIsNothingToDoIsFollowedByAnotherAtOnce() {
    due.beginLook();
    assertThat(millisToLook()).isZero();
    pass(10);
    assertThat(millisToLook()).isEqualTo(-10);
  }

  @Test
  void whoFindsNothingSleepsUntilSomethingFallsDue() {
    due.beginLook();
    due.quietFor(700);
    assertThat(millisToLook()).isEqualTo(700);
    pass(700);
    assertThat(millisToLook()).isZero();
  }

  @Test
  void nobodySleepsForLongerThanTheLongestSleep() {
    due.beginLook();
    due.quiet();
    assertThat(millisToLook()).isEqualTo(MAX_MILLIS);
    due.beginLook();
    due.quietFor(86_400_000);
    assertThat(millisToLook()).isEqualTo(MAX_MILLIS);
  }

  @Test
  void anAnnouncementEndsTheSleepWhenItsTimeComesAndNoLaterOneDelaysIt() {
    due.beginLook();
    due.quiet();
    due.announce(250);
    due.announce(900);
    assertThat(millisToLook()).isEqualTo(250);
    due.announce();
    assertThat(millisToLook()).isZero();
  }

  @Test
  void whatIsAnnouncedDuringALookIsNotSleptOver() {
    due.beginLook();
    due.announce(40); // by a transaction that the look was too early to see
    due.quiet();
    assertThat(millisToLook()).isEqualTo(40);
    due.beginLook();
    due.quiet();
    assertThat(millisToLook()).as("the next look has seen it").isEqualTo(MAX_MILLIS);
  }

  @Test
  void whatFellDueInThePastIsDueNow() {
    due.beginLook();
    due.quiet();
    due.announce(-5_000);
    assertThat(millisToLook()).isZero();
  }

  @Test
  void anAnnouncementWakesWhoSleeps() {
    DueTime real = new DueTime();
    AtomicInteger looks = new AtomicInteger();
    Thread looker =
        new Thread(
            () -> {
              try {
                while (true) {
                  real.beginLook();
                  looks.incrementAndGet();
                  real.quiet();
                  real.await(Duration.ofMillis(1));
                }
              } catch (InterruptedException e) {
                // enough seen
              }
            });
    looker.start();
    try {
      for (int n = 1; n < 20; n++) {
        int before = n;
        await()
            .pollInterval(1, MILLISECONDS)
            .until(() -> looks.get() == before && looker.getState() == Thread.State.TIMED_WAITING);
        real.announce();
        await()
            .pollInterval(1, MILLISECONDS)
            .atMost(DueTime.MAX_SLEEP.dividedBy(2))
            .until(() -> looks.get() == before + 1);
      }
    } finally {
      looker.interrupt();
    }
  }

  @Test
  void theShortestTimeBetweenTwoLooksIsKeptWhateverIsAnnounced() throws InterruptedException {
    DueTime real = new DueTime();
    real.beginLook();
    real.announce();
    long start = System.nanoTime();
    real.await(Duration.ofMillis(30));
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofMillis(30));
  }

  @Test
  void whoDoesNotSleepHereIsToldOfEachAnnouncement() {
    AtomicInteger told = new AtomicInteger();
    due.listen(told::incrementAndGet);
    due.announce(3_000);
    due.announce();
    assertThat(told).hasValue(2);
  }

  private void pass(long millis) {
    nanos.addAndGet(MILLISECONDS.toNanos(millis));
  }

  private long millisToLook() {
    return Math.floorDiv(due.nanosToLook(), 1_000_000);
  }
}
