package io.campaignroutes.cxone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.campaignroutes.cxone.CxoneUnavailableException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallBudgetTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stopThreads() {
    threads.shutdownNow();
  }

  private static CallBudget budget(double rate, Duration wait) {
    return new CallBudget(
        TestCxone.properties(CxoneProperties.Placement.BODY, "secret", rate, wait));
  }

  @Test
  void noMoreCallsThanTheRateStartInAnySecond() throws Exception {
    int rate = 20;
    CallBudget budget = budget(rate, Duration.ofSeconds(20));
    List<Long> started = Collections.synchronizedList(new ArrayList<>());
    List<Future<?>> callers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      callers.add(
          threads.submit(
              () -> {
                budget.take(Urgency.LAUNCH, 0);
                started.add(System.nanoTime());
              }));
    }
    for (Future<?> caller : callers) {
      caller.get(20, TimeUnit.SECONDS);
    }
    List<Long> times = started.stream().sorted().toList();
    for (int i = 0; i + rate < times.size(); i++) {
      // the time is read a little after the turn was given; the window has 20 ms to spare
      assertThat(times.get(i + rate) - times.get(i)).isGreaterThan(900_000_000L);
    }
    assertThat(times.get(49) - times.get(0)).isLessThan(8_000_000_000L);
  }

  @Test
  void aRateOfZeroIsNoLimit() {
    CallBudget budget = budget(0, Duration.ofMillis(1));
    for (int i = 0; i < 5_000; i++) {
      budget.take(Urgency.LOOK, i);
    }
  }

  @Test
  void aRateBelowOneIsOneCallInALongerTime() {
    CallBudget budget = budget(0.5, Duration.ofMillis(100));
    budget.take(Urgency.LAUNCH, 0);
    CxoneUnavailableException held = heldBack(budget, Urgency.LAUNCH);
    assertThat(held.retryAfter()).isBetween(Duration.ofMillis(100), Duration.ofMillis(2_100));
  }

  @Test
  void commandsGoBeforeLaunchesAndLaunchesBeforeLooksAndTheOldestFirst() throws Exception {
    CallBudget budget = budget(1, Duration.ofSeconds(30));
    budget.take(Urgency.LAUNCH, 0);
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    List<Future<?>> callers = new ArrayList<>();
    for (String caller : List.of("LOOK 1", "LAUNCH 9", "LAUNCH 5", "COMMAND 7")) {
      String[] parts = caller.split(" ");
      callers.add(
          threads.submit(
              () -> {
                budget.take(Urgency.valueOf(parts[0]), Long.parseLong(parts[1]));
                order.add(caller);
              }));
    }
    for (Future<?> caller : callers) {
      caller.get(30, TimeUnit.SECONDS);
    }
    assertThat(order).containsExactly("COMMAND 7", "LAUNCH 5", "LAUNCH 9", "LOOK 1");
  }

  @Test
  void whatIsLessUrgentIsNotPassedOverWithoutEnd() throws Exception {
    CallBudget budget = budget(20, Duration.ofSeconds(30));
    for (int i = 0; i < 20; i++) {
      budget.take(Urgency.COMMAND, i); // the second is full: all that follow wait together
    }
    List<Urgency> order = Collections.synchronizedList(new ArrayList<>());
    List<Future<?>> callers = new ArrayList<>();
    for (Urgency urgency : List.of(Urgency.LOOK, Urgency.PACING, Urgency.LAUNCH, Urgency.SLOWER)) {
      for (int i = 0; i < 20; i++) {
        callers.add(threads.submit(() -> take(budget, urgency, order)));
      }
    }
    for (Future<?> caller : callers) {
      caller.get(30, TimeUnit.SECONDS);
    }
    assertThat(order.subList(0, 20)).containsOnly(Urgency.SLOWER);
    List<Urgency> others = order.subList(20, 40);
    assertThat(Collections.frequency(others, Urgency.LAUNCH)).isBetween(10, 14);
    assertThat(Collections.frequency(others, Urgency.PACING)).isBetween(5, 8);
    assertThat(Collections.frequency(others, Urgency.LOOK)).isBetween(1, 4);
  }

  /** What may dial by now is looked at before more is launched, and never for ever. */
  @Test
  void activationsGoBeforeLaunches() throws Exception {
    CallBudget budget = budget(20, Duration.ofSeconds(30));
    for (int i = 0; i < 20; i++) {
      budget.take(Urgency.COMMAND, i);
    }
    List<Urgency> order = Collections.synchronizedList(new ArrayList<>());
    List<Future<?>> callers = new ArrayList<>();
    for (Urgency urgency : List.of(Urgency.LAUNCH, Urgency.ACTIVATION)) {
      for (int i = 0; i < 40; i++) {
        callers.add(threads.submit(() -> take(budget, urgency, order)));
      }
    }
    for (Future<?> caller : callers) {
      caller.get(30, TimeUnit.SECONDS);
    }
    assertThat(Collections.frequency(order.subList(0, 20), Urgency.ACTIVATION)).isBetween(9, 14);
    assertThat(Collections.frequency(order.subList(0, 20), Urgency.LAUNCH)).isBetween(6, 11);
  }

  private static void take(CallBudget budget, Urgency urgency, List<Urgency> order) {
    budget.take(urgency, 0);
    order.add(urgency);
  }

  @Test
  void aPauseHoldsEverythingButCommands() {
    CallBudget budget = budget(100, Duration.ofMillis(20));
    budget.answered(200, null);
    budget.take(Urgency.LAUNCH, 0);
    budget.answered(429, Duration.ofSeconds(30));
    budget.answered(429, Duration.ofSeconds(1)); // a shorter one does not end the longer one
    budget.take(Urgency.COMMAND, 0);
    for (Urgency urgency : List.of(Urgency.LAUNCH, Urgency.PACING, Urgency.LOOK)) {
      assertThat(heldBack(budget, urgency).retryAfter())
          .isBetween(Duration.ofSeconds(20), Duration.ofSeconds(30));
    }
    budget.take(Urgency.COMMAND, 0);
  }

  @Test
  void aPauseHoldsCallsEvenWithoutALimit() {
    CallBudget budget = budget(0, Duration.ofMillis(20));
    budget.answered(429, Duration.ofSeconds(30));
    heldBack(budget, Urgency.LAUNCH);
    budget.take(Urgency.COMMAND, 0);
  }

  @Test
  void whereNoPauseIsToldItGrowsUntilACallIsTaken() {
    CallBudget budget = budget(0, Duration.ofMillis(1));
    budget.answered(429, null);
    assertThat(held(budget)).isBetween(900L, 1_500L);
    budget.answered(429, null); // of a call that was out with the first
    assertThat(held(budget)).isLessThan(1_500L);
    await().until(() -> budget.state().heldFor().isZero());
    budget.answered(0, null); // no answer says nothing
    budget.answered(429, null);
    assertThat(held(budget)).isBetween(1_400L, 2_250L);
    await().until(() -> budget.state().heldFor().isZero());
    budget.answered(200, null);
    budget.answered(429, null);
    assertThat(held(budget)).isLessThan(1_500L);
    budget.take(Urgency.COMMAND, 0);
  }

  private static long held(CallBudget budget) {
    heldBack(budget, Urgency.SLOWER);
    return budget.state().heldFor().toMillis();
  }

  @Test
  void aPauseEnds() {
    CallBudget budget = budget(0, Duration.ofSeconds(20));
    budget.answered(429, Duration.ofMillis(150));
    long before = System.nanoTime();
    budget.take(Urgency.LAUNCH, 0);
    assertThat(System.nanoTime() - before).isGreaterThan(100_000_000L);
  }

  @Test
  void nobodyWaitsLongerThanConfigured() {
    CallBudget budget = budget(1, Duration.ofMillis(50));
    budget.take(Urgency.LAUNCH, 0);
    long before = System.nanoTime();
    CxoneUnavailableException held = heldBack(budget, Urgency.COMMAND);
    assertThat(System.nanoTime() - before).isLessThan(5_000_000_000L);
    assertThat(held.maybeDone()).isFalse();
    assertThat(held).hasMessageContaining("CXONE_RATE_LIMIT");
  }

  private static CxoneUnavailableException heldBack(CallBudget budget, Urgency urgency) {
    CxoneUnavailableException held =
        catchThrowableOfType(CxoneUnavailableException.class, () -> budget.take(urgency, 0));
    assertThat(held.kind()).isEqualTo(Kind.HELD_BACK);
    return held;
  }
}
