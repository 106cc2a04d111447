package io.campaignroutes.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.campaignroutes.campaign.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of an embedded store when its disk or its files fail it, and afterwards. */
@Timeout(120)
class SqliteTroubleTest {
  @TempDir Path temp;
  private TestStores.Opened opened;
  private Store store;
  private Path file;
  private Path mounted;

  @BeforeEach
  void open() throws IOException {
    file = Files.createDirectory(temp.resolve("store")).resolve("campaign-routes.db");
    openStore();
  }

  @AfterEach
  void close() throws Exception {
    opened.close();
    if (mounted != null) {
      run("umount", "-l", mounted.toString());
    }
  }

  private void openStore() {
    opened = TestStores.sqlite(file);
    store = opened.store();
    write("first");
    await().until(() -> Files.exists(file.resolveSibling("reserve")));
  }

  // A disk that is full

  @Test
  void onAFullDiskReadsAndCommandsAreServedAndEverythingGoesOnOnceThereIsRoom() throws Exception {
    onADiskOf("24m");
    fill();
    Throwable refused = untilRefused();
    assertThat(refused)
        .isInstanceOfSatisfying(
            StoreUnavailableException.class, e -> assertThat(e.nothingChanged()).isTrue())
        .hasMessageContaining("The disk that holds " + file.getParent() + " is full")
        .hasMessageContaining("of 24 MiB are free");
    assertThat(ailment()).contains("is full");

    long before = StoreSuite.count(store.read(), "secret");
    for (int i = 0; i < 50; i++) {
      assertThatThrownBy(() -> write("no room " + System.nanoTime()))
          .isInstanceOf(StoreUnavailableException.class);
    }
    assertThat(StoreSuite.count(store.read(), "secret")).isEqualTo(before);
    for (int i = 0; i < 20; i++) {
      String name = "pause " + i;
      store.write(
          tx -> {
            StoreSuite.insert(tx, name);
            return null;
          },
          true);
    }
    assertThat(StoreSuite.count(store.read(), "secret")).isEqualTo(before + 20);
    store.later(
        tx -> {
          StoreSuite.insert(tx, "given back");
          return null;
        });
    await("what a command may wait for")
        .atMost(Duration.ofSeconds(20))
        .until(() -> StoreSuite.count(store.read(), "secret") == before + 21);
    assertThat(ailment()).contains("is full");

    Files.delete(filler());
    await().atMost(Duration.ofSeconds(20)).until(() -> ailment() == null);
    TestStores.atOnce(
        16,
        () -> {
          write("room " + Thread.currentThread().getName());
          return StoreSuite.count(store.read(), "secret");
        });
    assertThat(file.resolveSibling("reserve")).hasSize(Reserve.SIZE);
    opened.close();
    openStoreAgain();
    assertThat(StoreSuite.count(store.read(), "secret")).isEqualTo(before + 21 + 16);
  }

  @Test
  void aDiskThatIsFullAgainAndAgainCostsNoConnection() throws Exception {
    onADiskOf("24m");
    for (int round = 0; round < 4; round++) {
      fill();
      untilRefused();
      for (int i = 0; i < 20; i++) {
        assertThatThrownBy(() -> write("no room")).isInstanceOf(StoreUnavailableException.class);
      }
      Files.delete(filler());
      await().atMost(Duration.ofSeconds(20)).until(() -> ailment() == null);
      write("round " + round);
    }
    var pool = opened.pool().getHikariPoolMXBean();
    await().untilAsserted(() -> assertThat(pool.getActiveConnections()).isOne()); // the writer's
  }

  @Test
  void aDiskThatBecomesReadOnlyIsNamedAndNothingHasToBeRestarted() throws Exception {
    onADiskOf("24m");
    run("mount", "-o", "remount,ro", mounted.toString());
    // files that are open for writing keep a disk from becoming read-only: then this says nothing
    assumeTrue(catchThrowable(() -> Files.createFile(mounted.resolve("x"))) != null);
    assertThatThrownBy(() -> write("no right")).isInstanceOf(StoreUnavailableException.class);
    run("mount", "-o", "remount,rw", mounted.toString());
    await().atMost(Duration.ofSeconds(20)).until(() -> ailment() == null);
    write("again");
  }

  // A lock that another program has

  /** It takes the lock as soon as a commit has released it, so that the next one has to wait. */
  @Test
  void whatIsOnDiskIsNotToldAsUnchangedBecauseAnotherProgramHasTheLockNext() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Void> other = CompletableFuture.runAsync(() -> lockAgainAndAgain(over));
    Set<String> refused = new HashSet<>();
    await("some that are refused")
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              String name = "among locks " + System.nanoTime();
              Throwable e = catchThrowable(() -> write(name));
              if (e instanceof StoreUnavailableException told && told.nothingChanged()) {
                refused.add(name);
              }
              return refused.size() == 2;
            });
    over.set(true);
    other.get();
    await().atMost(Duration.ofSeconds(20)).until(() -> ailment() == null);
    assertThat(store.read().sql("select name from secret").query(String.class).list())
        .doesNotContainAnyElementsOf(refused);
  }

  private void lockAgainAndAgain(AtomicBoolean over) {
    while (!over.get()) {
      try (AutoCloseable lock = SqliteLock.of(file)) {
        TimeUnit.SECONDS.sleep(4); // longer than the store waits for it
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  // A writer that is busy

  @Test
  void workThatWaitedTooLongForItsTurnIsNeverDone() throws Exception {
    opened.close();
    opened = TestStores.sqlite(file, Duration.ofMillis(300));
    store = opened.store();
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Object> slow =
        CompletableFuture.supplyAsync(
            () ->
                store.write(
                    tx -> {
                      begun.countDown();
                      waitFor(busy);
                      return null;
                    }));
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    AtomicBoolean done = new AtomicBoolean();
    assertThatThrownBy(
            () ->
                store.write(
                    tx -> {
                      done.set(true);
                      return null;
                    }))
        .isInstanceOfSatisfying(
            StoreUnavailableException.class,
            e -> assertThat(Problem.of(e).detail()).contains("nothing was changed"));
    // one that has begun may still come to its end
    assertThat(slow)
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableThat()
        .havingRootCause()
        .isInstanceOfSatisfying(
            StoreUnavailableException.class,
            e -> assertThat(Problem.of(e).detail()).contains("it may have been made"));
    busy.countDown();
    write("next");
    assertThat(done).isFalse();
  }

  @Test
  void aThreadThatIsInterruptedLearnsWhatCameOfItsWork() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    CompletableFuture<Boolean> still = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                store.write(
                    tx -> {
                      begun.countDown();
                      waitFor(interrupted);
                      StoreSuite.insert(tx, "interrupted");
                      return null;
                    });
                still.complete(Thread.currentThread().isInterrupted());
              } catch (RuntimeException e) {
                still.completeExceptionally(e);
              }
            });
    thread.start();
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    thread.interrupt();
    interrupted.countDown();
    assertThat(still).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(true);
    assertThat(StoreSuite.count(store.read(), "secret")).isEqualTo(2);
  }

  @Test
  void whoeverWritesWhileTheStoreClosesIsAnswered() throws Exception {
    for (int round = 0; round < 20; round++) {
      AtomicInteger written = new AtomicInteger();
      AtomicInteger refused = new AtomicInteger();
      List<Thread> threads =
          Stream.generate(
                  () ->
                      new Thread(
                          () -> {
                            try {
                              while (true) {
                                write("w " + written.incrementAndGet() + Thread.currentThread());
                              }
                            } catch (StoreUnavailableException e) {
                              refused.incrementAndGet();
                            }
                          }))
              .limit(8)
              .toList();
      threads.forEach(Thread::start);
      await().until(() -> written.get() > 20);
      opened.close();
      for (Thread thread : threads) {
        thread.join(5_000);
        assertThat(thread.isAlive()).isFalse();
      }
      assertThat(refused).hasValue(8);
      openStoreAgain();
      assertThat(StoreSuite.count(store.read(), "secret"))
          .isGreaterThanOrEqualTo(written.get() - 8);
      store.write(tx -> tx.sql().sql("delete from secret").update());
    }
  }

  // Files that are no longer there

  @Test
  void aStoreThatIsDeletedUnderTheServiceIsPutBackWithAllThatItHad() throws Exception {
    for (String what : List.of("", "-wal", "-shm", "-shm", "-wal", "all", "folder")) {
      write("before " + System.nanoTime());
      long before = StoreSuite.count(store.read(), "secret");
      if (what.equals("folder")) {
        deleteAll(file.getParent());
        Files.delete(file.getParent());
      } else if (what.equals("all")) {
        deleteAll(file.getParent());
      } else {
        Files.delete(file.resolveSibling(file.getFileName() + what));
      }
      await()
          .atMost(Duration.ofSeconds(4))
          .untilAsserted(() -> assertThat(ailment()).contains("was deleted or moved"));
      assertThatThrownBy(() -> write("into nowhere")).isInstanceOf(StoreUnavailableException.class);
      await().atMost(Duration.ofSeconds(30)).until(() -> ailment() == null);
      write("after " + System.nanoTime());
      assertThat(StoreSuite.count(store.read(), "secret")).isEqualTo(before + 1);
      opened.close();
      openStoreAgain();
      assertThat(StoreSuite.count(store.read(), "secret")).as(what).isEqualTo(before + 1);
      write("again " + System.nanoTime());
      assertThat(integrity()).isEqualTo("ok");
    }
  }

  @Test
  void aStoreThatIsMovedAwayAndBackGoesOn() throws Exception {
    Path away = temp.resolve("away");
    Files.move(file.getParent(), away);
    await().atMost(Duration.ofSeconds(4)).until(() -> ailment() != null);
    assertThatThrownBy(() -> write("into nowhere")).isInstanceOf(StoreUnavailableException.class);
    Files.move(away, file.getParent());
    await().atMost(Duration.ofSeconds(4)).until(() -> ailment() == null);
    write("here");
    assertThat(StoreSuite.count(store.read(), "secret")).isEqualTo(2);
  }

  @Test
  void anotherFileInTheStoresPlaceIsNeverOverwrittenAndWhatWasKnownIsKeptBesideIt()
      throws Exception {
    Path other = temp.resolve("other.db");
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + other)) {
      connection.createStatement().executeUpdate("create table theirs (x integer)");
    }
    byte[] theirs = Files.readAllBytes(other);
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    await()
        .atMost(Duration.ofSeconds(4))
        .untilAsserted(() -> assertThat(ailment()).contains("was replaced"));
    assertThatThrownBy(() -> write("into nowhere")).isInstanceOf(StoreUnavailableException.class);
    assertThatThrownBy(() -> StoreSuite.count(store.read(), "secret"))
        .isInstanceOf(StoreUnavailableException.class);
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(ailment()).contains("All that the service knew is in"));
    opened.close();
    assertThat(file).hasBinaryContent(theirs);
    List<Path> kept;
    try (Stream<Path> all = Files.list(file.getParent())) {
      kept = all.filter(one -> one.toString().contains(".kept-")).toList();
    }
    assertThat(kept).hasSize(1);
    Files.move(kept.get(0), file, StandardCopyOption.REPLACE_EXISTING);
    deleteIfThere("-wal");
    deleteIfThere("-shm");
    openStoreAgain();
    assertThat(StoreSuite.count(store.read(), "secret")).isOne();
  }

  @Test
  void aStopWhileTheStoreIsGoneWritesItBack() throws Exception {
    deleteAll(file.getParent());
    await().atMost(Duration.ofSeconds(4)).until(() -> ailment() != null);
    opened.close();
    openStoreAgain();
    assertThat(StoreSuite.count(store.read(), "secret")).isOne();
  }

  private void deleteIfThere(String suffix) throws IOException {
    Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
  }

  private static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      for (Path one : all.toList()) {
        Files.delete(one);
      }
    }
  }

  private String integrity() {
    return store.read().sql("pragma integrity_check").query(String.class).single();
  }

  private void openStoreAgain() {
    opened = TestStores.sqlite(file);
    store = opened.store();
  }

  private void write(String name) {
    store.write(
        tx -> {
          StoreSuite.insert(tx, name);
          return null;
        });
  }

  private String ailment() {
    return store.ailment();
  }

  private Throwable untilRefused() {
    for (int i = 0; i < 5_000; i++) {
      String name = "filling " + System.nanoTime();
      Throwable refused = catchThrowable(() -> write(name));
      if (refused != null) {
        return refused;
      }
    }
    throw new AssertionError("The disk does not become full.");
  }

  private void onADiskOf(String size) throws Exception {
    opened.close();
    Path disk = Files.createDirectory(temp.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", disk.toString()) == 0,
        "needs the right to mount");
    mounted = disk;
    file = Files.createDirectory(disk.resolve("store")).resolve("campaign-routes.db");
    openStore();
  }

  private Path filler() {
    return mounted.resolve("filler");
  }

  private void fill() throws IOException {
    ByteBuffer block = ByteBuffer.allocate(4096);
    try (FileChannel channel =
        FileChannel.open(filler(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      while (true) {
        block.clear();
        channel.write(block);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  private static int run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor();
    } catch (IOException e) {
      return -1;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("waited in vain");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aCommitThatFailsOtherwiseBecauseTheDiskIsFullGivesTheReserveUpToo() throws Exception {
    onADiskOf("24m");
    Path reserve = file.resolveSibling("reserve");
    opened.close();
    opened =
        TestStores.sqlite(
            file,
            Duration.ofSeconds(10),
            System::currentTimeMillis,
            () -> Files.exists(reserve) && Files.exists(filler()));
    store = opened.store();
    write("room");
    fill();
    assertThatThrownBy(() -> write("no room"))
        .isInstanceOfSatisfying(
            StoreUnavailableException.class,
            e -> assertThat(e.nothingChanged()).as("that is not known").isFalse());
    assertThat(reserve).doesNotExist();
    store.write(
        tx -> {
          StoreSuite.insert(tx, "pause");
          return null;
        },
        true);
    assertThatThrownBy(() -> write("still no room")).hasMessageContaining("is full");
  }

  @Test
  void aStepOfTheClockThatIsNoticedWhenTheTimeIsNotedIsNotLostWithAFailedCommit() {
    AtomicBoolean armed = new AtomicBoolean();
    AtomicBoolean fails = new AtomicBoolean();
    AtomicInteger ahead = new AtomicInteger();
    LongSupplier wall =
        () -> {
          if (inNote() && armed.getAndSet(false)) { // set right before the time is noted
            ahead.set(600_000);
            fails.set(true);
          }
          return System.currentTimeMillis() + ahead.get();
        };
    opened.close();
    opened = TestStores.sqlite(file, Duration.ofSeconds(10), wall, () -> fails.getAndSet(false));
    store = opened.store();
    write("second");
    armed.set(true);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> catchThrowable(() -> write("next " + System.nanoTime())) != null);
    write("after");
    long shifted = store.read().sql("select shifted from store_clock").query(Long.class).single();
    assertThat(shifted).isBetween(598_000L, 602_000L);
  }

  private static boolean inNote() {
    return StackWalker.getInstance()
        .walk(frames -> frames.anyMatch(frame -> frame.getMethodName().equals("note")));
  }
}
