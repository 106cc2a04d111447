package io.campaignroutes.simulator;

import io.campaignroutes.shared.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;

/** Runs over seeds, on two threads. */
final class Runs implements AutoCloseable {
  private static final int THREADS = 2;

  private final ExecutorService threads =
      Executors.newFixedThreadPool(THREADS, Threads.daemon("simulation"));

  /** All seeds from the first one on. */
  Summary of(String name, Scenario scenario, Pacer.Maker maker, long firstSeed, int seeds) {
    return new Summary(name, each(seed -> Simulation.run(scenario, maker, seed), firstSeed, seeds));
  }

  /** The same of campaigns that share agents. */
  List<SharedOutcome> of(SharedPool scenario, SharedPacer.Maker maker, long firstSeed, int seeds) {
    return each(seed -> SharedSimulation.run(scenario, maker, seed), firstSeed, seeds);
  }

  /** The same at a Personal Connection tenant. */
  List<SkillOutcome> of(SkillScenario scenario, SkillPacer.Maker maker, long firstSeed, int seeds) {
    return each(seed -> SkillSimulation.run(scenario, maker, seed), firstSeed, seeds);
  }

  private <T> List<T> each(LongFunction<T> run, long firstSeed, int seeds) {
    List<Future<T>> runs = new ArrayList<>();
    for (int i = 0; i < seeds; i++) {
      long seed = firstSeed + i;
      runs.add(threads.submit(() -> run.apply(seed)));
    }
    List<T> outcomes = new ArrayList<>();
    for (Future<T> one : runs) {
      try {
        outcomes.add(one.get());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while simulating", e);
      } catch (ExecutionException e) {
        throw new IllegalStateException("a run failed: " + e.getCause(), e.getCause());
      }
    }
    return outcomes;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
