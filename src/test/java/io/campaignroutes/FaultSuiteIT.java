package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged service on both stores and both platforms, killed and met by faults at random and at
 * named points while all that it does goes on, and counted at the end against the fake CXone and
 * the receiver. {@code -Dfaults.kills=300} is the long form: so many kills, spread over the four
 * pairings of a store and a platform, and other faults in proportion; the short form has two of
 * them. {@code -Dfaults.minutes=...} ends each sooner, {@code -Dfaults.seed=...} repeats the faults
 * of a run, {@code -Dfaults.only=SQLITE_V2,POSTGRES_V2} leaves the other pairings out.
 */
class FaultSuiteIT {
  private static final int KILLS = Integer.getInteger("faults.kills", 0);
  private static final boolean LONG = KILLS > 0;

  /** After so many minutes one of them has no more faults; 0 for as long as it takes. */
  private static final long MINUTES = Long.getLong("faults.minutes", 0);

  /** One fault of each other kind for so many kills. */
  private static final int KILLS_TO_OTHERS = 10;

  /** A store and a platform. */
  private enum Pairing {
    SQLITE_V2(true, false),
    POSTGRES_PERSONAL_CONNECTION(false, true),
    POSTGRES_V2(false, false),
    SQLITE_PERSONAL_CONNECTION(true, true);

    private static final List<Pairing> SHORT = List.of(SQLITE_V2, POSTGRES_PERSONAL_CONNECTION);

    private final boolean sqlite;
    private final boolean personalConnection;

    Pairing(boolean sqlite, boolean personalConnection) {
      this.sqlite = sqlite;
      this.personalConnection = personalConnection;
    }
  }

  @TempDir private Path temp;
  private final FaultTable table = new FaultTable();

  @Test
  void whateverHappensNothingIsLostDoubledOrOutOfOrder() throws Exception {
    long seed = Long.getLong("faults.seed", System.nanoTime());
    System.out.println("FaultSuiteIT: repeat with -Dfaults.seed=" + seed);
    List<String> only = List.of(System.getProperty("faults.only", "").split(","));
    List<Pairing> pairings = new ArrayList<>(LONG ? List.of(Pairing.values()) : Pairing.SHORT);
    pairings.removeIf(one -> !only.contains("") && !only.contains(one.name()));
    List<Throwable> wrong = new ArrayList<>();
    ExecutorService two = Executors.newFixedThreadPool(2);
    try {
      CompletionService<Throwable> runs = new ExecutorCompletionService<>(two);
      for (Pairing one : pairings) {
        runs.submit(() -> trial(one, pairings.size(), seed + one.ordinal()));
      }
      for (int n = 0; n < pairings.size(); n++) {
        Throwable found = runs.take().get();
        if (found != null) {
          wrong.add(found);
        }
      }
    } finally {
      two.shutdownNow();
    }
    System.out.println("FaultSuiteIT:\n" + table);
    wrong.forEach(Throwable::printStackTrace);
    assertThat(wrong).isEmpty();
    assertThat(table.lost()).as("lost").isZero();
    assertThat(table.doubled()).as("doubled").isZero();
    assertThat(table.disordered()).as("out of order").isZero();
    assertThat(table.againEachKill())
        .as("deliveries that came again, a kill")
        .isLessThan(LONG ? 1 : FaultRun.CONCURRENCY); // of a few kills the share says little
    assertThat(table.kills()).isPositive();
  }

  /** What was not so after one of them; null when all was. */
  private Throwable trial(Pairing pairing, int pairings, long seed) throws Exception {
    Path folder = Files.createDirectories(temp.resolve(pairing.name().toLowerCase()));
    Path data = folder.resolve("data");
    int kills = LONG ? (KILLS + pairings - 1) / pairings : 3;
    FaultStore store =
        pairing.sqlite ? FaultStore.sqlite(data, LONG ? "2g" : "64m") : FaultStore.postgres(data);
    try (FaultRun run = new FaultRun(folder, store, pairing.personalConnection, kills, seed)) {
      run.start();
      List<String> faults = faults(run, pairing.sqlite, kills, new Random(seed));
      try {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
        for (int n = 0; n < faults.size() && (MINUTES == 0 || System.nanoTime() - end < 0); n++) {
          System.out.printf(
              "FaultSuiteIT: %s: %d of %d, %s%n", pairing, n + 1, faults.size(), faults.get(n));
          run.suffer(faults.get(n));
        }
        run.calm();
      } catch (Exception | AssertionError e) {
        return new AssertionError(pairing + ", in " + faults, e);
      }
      return ended(run, pairing + ", seed " + seed);
    }
  }

  /** What is lost or doubled is counted, also where all does not come to rest. */
  private Throwable ended(FaultRun run, String what) {
    var checks = new FaultChecks(run);
    Throwable wrong = null;
    try {
      checks.settle();
    } catch (ConditionTimeoutException e) {
      wrong = new AssertionError(what, e);
    }
    try {
      checks.count();
      table.add(run.table);
      if (wrong == null) {
        checks.assertEnd();
      }
      return wrong;
    } catch (Exception | AssertionError e) {
      return new AssertionError(what, e);
    }
  }

  /** Every point at which it can be killed comes as often as another, and all in any order. */
  private static List<String> faults(FaultRun run, boolean sqlite, int kills, Random random) {
    List<String> faults = new ArrayList<>();
    List<String> points = new ArrayList<>(run.kills());
    if (!LONG) {
      points.remove("kill while it starts"); // a start more
    }
    while (faults.size() < kills) {
      Collections.shuffle(points, random);
      faults.addAll(points.subList(0, Math.min(points.size(), kills - faults.size())));
    }
    List<String> others = run.otherKinds();
    for (int n = 0; n < others.size(); n++) {
      if (LONG || n % 2 == (sqlite ? 0 : 1)) { // the two of the short form share them
        faults.addAll(Collections.nCopies(Math.max(1, kills / KILLS_TO_OTHERS), others.get(n)));
      }
    }
    Collections.shuffle(faults, random);
    return faults;
  }
}
