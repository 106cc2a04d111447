package io.campaignroutes.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs over seeds, on two threads. */
final class Runs implements AutoCloseable {
  private static final int THREADS = 2;

  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          THREADS,
          work -> {
            Thread thread = new Thread(work, "simulation");
            thread.setDaemon(true);
            return thread;
          });

  /** All seeds from the first one on. */
  Summary of(String name, Scenario scenario, Pacer.Maker maker, long firstSeed, int seeds) {
    List<Future<Outcome>> runs = new ArrayList<>();
    for (int i = 0; i < seeds; i++) {
      long seed = firstSeed + i;
      runs.add(threads.submit(() -> Simulation.run(scenario, maker, seed)));
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (Future<Outcome> run : runs) {
      try {
        outcomes.add(run.get());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while simulating", e);
      } catch (ExecutionException e) {
        throw new IllegalStateException("a run failed: " + e.getCause(), e.getCause());
      }
    }
    return new Summary(name, outcomes);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
