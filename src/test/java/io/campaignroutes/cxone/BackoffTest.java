package io.campaignroutes.cxone;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BackoffTest {

  @Test
  void everyWaitIsBetweenItsBaseAndOneAndAHalfOfItAndNeverOutOfBounds() {
    long seed = 20_260_302;
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      long initial = 1 + random.nextInt(5_000);
      long max = initial + random.nextInt(100_000);
      int tries = random.nextInt(100);
      long wait = new Backoff(Duration.ofMillis(initial), Duration.ofMillis(max)).millis(tries);
      double grown = initial * Math.pow(1.5, Math.min(tries, 60));
      double base = Math.max(initial, Math.min(grown, max / 1.5));
      assertThat(wait)
          .as("seed %d, round %d: initial %d, max %d, tries %d", seed, i, initial, max, tries)
          .isBetween((long) base, (long) Math.min(base * 1.5 + 1, max));
    }
  }

  @Test
  void thePollsOfAnActivationBeginAtAQuarterOfASecondAndEndAtFiveSeconds() {
    Backoff polls = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(5));
    assertThat(polls.millis(0)).isBetween(250L, 375L);
    assertThat(polls.millis(1)).isBetween(375L, 563L);
    assertThat(polls.millis(8)).isBetween(3_333L, 5_000L);
    assertThat(polls.millis(Integer.MAX_VALUE)).isBetween(3_333L, 5_000L);
  }

  @Test
  void waitsAreSpread() {
    Backoff backoff = new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(1));
    Set<Long> waits = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      waits.add(backoff.millis(0));
    }
    assertThat(waits).hasSizeGreaterThan(100);
  }
}
