package io.campaignroutes.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.OperatingSystemMXBean;
import io.campaignroutes.shared.Hashes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.health.Status;
import org.springframework.util.FileSystemUtils;

/** The real routes over a SQLite store. */
class AuditRoutesTest {
  @TempDir Path temp;
  private TestStore store;
  private Audit audit;

  @BeforeEach
  void open() {
    store = TestStore.sqlite(temp.resolve("store.db"));
    audit = new Audit(store, temp.resolve("audit"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void linesReachTheirFilesInOrderAndCheckpointsCoverThem() throws Exception {
    try (CamelContext context = audit.routes(null)) {
      context.start();
      for (int i = 1; i <= 30; i++) {
        audit.append("cmp_a", "STAGE_CHANGED", Map.of("stage", "S" + i));
        audit.append("cmp_b", "STAGE_CHANGED", Map.of("stage", "Zürich \u2028 \u0007"));
      }
      awaitWritten("cmp_a", "cmp_b");
      awaitAnchored();
    }
    assertThat(audit.fileLines("cmp_a")).hasSize(30).isEqualTo(audit.log.lines("cmp_a"));
    assertThat(audit.fileLines("cmp_b")).hasSize(30).isEqualTo(audit.log.lines("cmp_b"));
    assertThat(audit.fileLines("checkpoints")).isNotEmpty();
    Audit.Verified verified = Audit.verify(audit.dir);
    assertThat(verified.code()).as(verified.out() + verified.err()).isZero();
    assertThat(verified.out()).contains("2 files, 60 lines").doesNotContain("not anchored");
  }

  @Test
  void aThousandLinesASecondAreKeptUpWith() throws Exception {
    for (int i = 0; i < 4_000; i++) {
      audit.append("cmp_" + i % 800, "STAGE_CHANGED", Map.of("stage", "ACTIVE"));
    }
    var process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long start = process.getProcessCpuTime(); // the wall clock would measure what else runs here
    try (CamelContext context = audit.routes(null)) {
      context.start();
      await().atMost(Duration.ofSeconds(60)).until(() -> unwritten() == 0);
    }
    double seconds = (process.getProcessCpuTime() - start) / 1e9;
    System.out.printf("projected 4000 lines of 800 files in %.2f s of a processor%n", seconds);
    assertThat(seconds).isLessThan(10);
    assertThat(Audit.verify(audit.dir).code()).isZero();
  }

  @Test
  void aKillBeforeAnyStepNeitherLosesNorDoublesALine() throws Exception {
    int survived = 0;
    for (int step = 1; survived == 0; step++) {
      Path dir = temp.resolve("kill-" + step);
      int steps = step;
      try (TestStore own = TestStore.sqlite(temp.resolve("kill-" + step + ".db"))) {
        Audit first = new Audit(own, dir);
        append(first, "cmp_a", 3);
        append(first, "cmp_b", 2);
        Death death = new Death(steps);
        CamelContext context = first.routes(death);
        context.start();
        soon(() -> death.dead() || unwritten(own) == 0 && unanchored(own) == 0);
        if (!death.dead()) {
          survived = step;
        }
        context.close();

        Audit second = new Audit(own, dir);
        append(second, "cmp_a", 2);
        append(second, "cmp_c", 1);
        try (CamelContext again = second.routes(null)) {
          again.start();
          soon(() -> unwritten(own) == 0 && unanchored(own) == 0);
        }
        for (String campaign : List.of("cmp_a", "cmp_b", "cmp_c")) {
          assertThat(second.fileLines(campaign))
              .as("%s after a kill before step %d", campaign, step)
              .isEqualTo(second.log.lines(campaign));
        }
        Audit.Verified verified = Audit.verify(dir);
        assertThat(verified.code())
            .as("kill before step %d: %s %s", step, verified.out(), verified.err())
            .isZero();
      }
    }
    System.out.println("killed before each of " + (survived - 1) + " steps");
    assertThat(survived).as("steps of the routes").isGreaterThan(25);
  }

  @Test
  void aFolderThatIsGoneAtAStartIsWrittenAgainHoweverOldItsFiles() throws Exception {
    append(audit, "cmp_old", 3);
    append(audit, "cmp_new", 2);
    project(audit);
    store.write(
        tx ->
            tx.sql()
                .sql("update audit_file set written_at = 1 where campaign_id = 'cmp_old'")
                .update());
    FileSystemUtils.deleteRecursively(audit.dir);
    Audit again = new Audit(store, audit.dir);
    append(again, "cmp_new", 1);
    project(again);
    assertThat(again.fileLines("cmp_old")).hasSize(3).isEqualTo(again.log.lines("cmp_old"));
    assertThat(again.fileLines("cmp_new")).hasSize(3).isEqualTo(again.log.lines("cmp_new"));
    assertThat(Audit.verify(audit.dir).code()).isZero();
  }

  @Test
  void aTornLastLineIsMovedAsideAndToldAndWrittenAgain() throws Exception {
    append(audit, "cmp_a", 3);
    project(audit);
    String whole = Files.readString(audit.file("cmp_a"));
    int half = whole.lastIndexOf("\n", whole.length() - 2) + 40;
    Files.writeString(audit.file("cmp_a"), whole.substring(0, half));

    Audit restarted = new Audit(store, audit.dir);
    project(restarted);

    List<String> lines = restarted.fileLines("cmp_a");
    assertThat(lines).hasSize(4).isEqualTo(restarted.log.lines("cmp_a"));
    Path aside = torn("cmp_a").get(0);
    String fragment = Files.readString(aside);
    assertThat(fragment).isEqualTo(whole.substring(half - 39, half));
    JsonNode line = Audit.json(lines.get(3));
    assertThat(line.path("event").asText()).isEqualTo("AUDIT_RECOVERED");
    assertThat(line.path("file").asText()).isEqualTo(aside.getFileName().toString());
    assertThat(line.path("fileSha256").asText()).isEqualTo(Hashes.sha256(fragment));
    assertThat(line.path("dialSuccessRatio").asText()).isEqualTo("0.4375");
    assertThat(line.path("policy")).isEqualTo(Audit.json(lines.get(2)).path("policy"));
    Audit.Verified verified = Audit.verify(audit.dir);
    assertThat(verified.code()).as(verified.out()).isZero();
    assertThat(verified.out()).contains("note: " + aside.getFileName());
  }

  @Test
  void aTornLineFoundAgainAfterAKillIsNeitherCopiedNorToldTwice() throws Exception {
    append(audit, "cmp_a", 2);
    project(audit);
    Files.writeString(audit.file("cmp_a"), "{\"seq\":3,\"torn", StandardOpenOption.APPEND);
    project(new Audit(store, audit.dir));
    Path aside = torn("cmp_a").get(0);
    // As after a kill between telling and cutting: the fragment is still there, its line is not.
    String whole = Files.readString(audit.file("cmp_a"));
    Files.writeString(
        audit.file("cmp_a"),
        whole.substring(0, whole.lastIndexOf("\n", whole.length() - 2) + 1)
            + Files.readString(aside));

    Audit restarted = new Audit(store, audit.dir);
    project(restarted);

    assertThat(torn("cmp_a")).containsExactly(aside);
    assertThat(restarted.fileLines("cmp_a")).hasSize(3).isEqualTo(restarted.log.lines("cmp_a"));
  }

  @Test
  void aTornCheckpointIsToldByTheNextOne() throws Exception {
    append(audit, "cmp_a", 2);
    project(audit);
    Files.writeString(audit.file("checkpoints"), "{\"seq\":2,\"ti", StandardOpenOption.APPEND);

    Audit restarted = new Audit(store, audit.dir);
    project(restarted);

    List<String> lines = restarted.fileLines("checkpoints");
    assertThat(lines.get(lines.size() - 1))
        .contains("\"recovered\":{\"file\":\"checkpoints.jsonl.");
    assertThat(Audit.verify(audit.dir).code()).isZero();
  }

  @Test
  void aFileThatLostItsEndInAPowerLossIsFilledUpFromTheStore() throws Exception {
    append(audit, "cmp_a", 5);
    append(audit, "cmp_b", 5);
    project(audit);
    List<String> whole = audit.fileLines("cmp_a");
    Files.writeString(audit.file("cmp_a"), String.join("\n", whole.subList(0, 2)) + "\n");
    Files.delete(audit.file("cmp_b"));

    Audit restarted = new Audit(store, audit.dir);
    project(restarted);

    assertThat(restarted.fileLines("cmp_a")).isEqualTo(whole);
    assertThat(restarted.fileLines("cmp_b")).hasSize(5).isEqualTo(restarted.log.lines("cmp_b"));
    assertThat(Audit.verify(audit.dir).code()).isZero();
  }

  @Test
  void aFileThatDoesNotMatchTheStoreIsNotAppendedToAndTurnsHealthDown() throws Exception {
    append(audit, "cmp_a", 2);
    append(audit, "cmp_b", 2);
    project(audit);
    String edited = Files.readString(audit.file("cmp_a")).replace("S2", "XX");
    Files.writeString(audit.file("cmp_a"), edited);
    append(audit, "cmp_a", 1);
    append(audit, "cmp_b", 1);
    AuditHealthIndicator health = new AuditHealthIndicator(audit.files);
    assertThat(health.health().getStatus()).isEqualTo(Status.UP);

    try (CamelContext context = audit.routes(null)) {
      context.start();
      await()
          .until(() -> !audit.files.failures().isEmpty() && audit.fileLines("cmp_b").size() == 3);
    }
    assertThat(Files.readString(audit.file("cmp_a"))).isEqualTo(edited);
    assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
    assertThat(health.health().getDetails().toString())
        .contains("cmp_a.jsonl", "does not match the store", "seq 2");

    // Repaired by hand: the next look, here after a restart, goes on.
    Files.writeString(audit.file("cmp_a"), edited.replace("XX", "S2"));
    Audit restarted = new Audit(store, audit.dir);
    project(restarted);
    assertThat(restarted.fileLines("cmp_a")).hasSize(3).isEqualTo(restarted.log.lines("cmp_a"));
  }

  @Test
  void aKeyThatCannotBeWrittenHoldsUpNoCheckpointAndIsNamedByHealth() throws Exception {
    Path inTheWay = Files.createDirectories(audit.dir.resolve("checkpoint.pub/folder"));
    append(audit, "cmp_a", 2);
    project(audit);
    assertThat(audit.fileLines("checkpoints")).isNotEmpty();
    AuditHealthIndicator health = new AuditHealthIndicator(audit.files);
    assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
    assertThat(health.health().getDetails().toString()).contains("checkpoint.pub=cannot be");
    Files.delete(inTheWay);
    Files.delete(inTheWay.getParent());
    append(audit, "cmp_a", 1);
    project(audit);
    assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    assertThat(Audit.verify(audit.dir).code()).isZero();
  }

  @Test
  void oneFileThatCannotBeWrittenDoesNotHoldUpTheOthers() throws Exception {
    append(audit, "cmp_a", 2);
    append(audit, "cmp_b", 2);
    Files.createDirectories(audit.file("cmp_a"));
    try (CamelContext context = audit.routes(null)) {
      context.start();
      await().until(() -> audit.fileLines("cmp_b").size() == 2);
      await().until(() -> audit.files.failures().containsKey("cmp_a.jsonl"));
      assertThat(audit.files.failures()).containsOnlyKeys("cmp_a.jsonl");
    }
  }

  @Test
  void aLineLongerThanABufferIsWrittenWhole() throws Exception {
    audit.append("cmp_a", "STAGE_CHANGED", Map.of("reason", "é".repeat(200_000)));
    append(audit, "cmp_a", 300);
    project(audit);
    assertThat(audit.fileLines("cmp_a")).hasSize(301).isEqualTo(audit.log.lines("cmp_a"));
    assertThat(Audit.verify(audit.dir).code()).isZero();
  }

  @Test
  void lostLeasesChangeNothing() throws Exception {
    append(audit, "cmp_a", 1);
    AuditBatch lost = audit.files.claim();
    assertThat(lost.files()).hasSize(1);
    assertThat(audit.files.claim().isEmpty()).as("claimed once").isTrue();
    store.write(tx -> tx.sql().sql("update audit_file set claim_token = 'another'").update());
    AuditFile file = lost.files().get(0);
    audit.files.checkTail(file);
    audit.files.written(file);
    audit.files.release(file);
    audit.files.markWritten(lost);
    assertThat(unwritten()).isEqualTo(1);
  }

  @Test
  void aProcessThatStallsBetweenLookAndAppendDoublesNoLine() throws Exception {
    append(audit, "cmp_a", 2);
    project(audit);
    append(audit, "cmp_a", 1);
    AuditFile stalled = audit.files.claim().files().get(0);
    audit.files.checkTail(stalled);
    assertThat(stalled.missing()).hasSize(1);

    // Its lease runs out, and another process on the same store and folder takes the file over.
    leasesEnd();
    Audit other = new Audit(store, audit.dir);
    AuditBatch taken = claimed(other);
    AuditFile file = taken.files().get(0);
    assertThatThrownBy(() -> other.files.checkTail(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("another process");
    other.files.failed(file, new IOException("another process has begun to write it"));
    other.files.release(file);
    other.files.markWritten(taken);
    assertThat(other.fileLines("cmp_a")).hasSize(2);
    assertThat(other.files.failures()).containsKey("cmp_a.jsonl");

    // It wakes up and goes on; the other one finds that nothing is left to do.
    Files.write(audit.file("cmp_a"), stalled.missing().get(0), StandardOpenOption.APPEND);
    audit.files.written(stalled);
    audit.files.release(stalled);
    leasesEnd();
    other.write();
    assertThat(other.fileLines("cmp_a")).hasSize(3).isEqualTo(other.log.lines("cmp_a"));
    assertThat(other.files.failures()).isEmpty();
    assertThat(Audit.verify(audit.dir).code()).isZero();
  }

  /** The first claim after a start also has a look at files written before. */
  private static AuditBatch claimed(Audit process) {
    AuditBatch batch = process.files.claim();
    assertThat(batch.files()).extracting(AuditFile::fileName).contains("cmp_a.jsonl");
    return new AuditBatch(
        batch.files().stream().filter(f -> f.fileName().equals("cmp_a.jsonl")).toList(), false);
  }

  private void leasesEnd() {
    store.write(tx -> tx.sql().sql("update audit_file set due_at = 0").update());
  }

  @Test
  void whatAFailedWriteLeftOfALineIsTakenBack() throws Exception {
    append(audit, "cmp_a", 2);
    project(audit);
    append(audit, "cmp_a", 2);
    AuditBatch batch = audit.files.claim();
    AuditFile file = batch.files().get(0);
    audit.files.checkTail(file);
    byte[] first = file.missing().get(0);
    byte[] second = file.missing().get(1);
    Files.write(audit.file("cmp_a"), first, StandardOpenOption.APPEND);
    Files.write(audit.file("cmp_a"), Arrays.copyOf(second, 40), StandardOpenOption.APPEND);
    audit.files.failed(file, new IOException("No space left on device"));
    audit.files.release(file);
    audit.files.markWritten(batch);
    assertThat(audit.fileLines("cmp_a"))
        .hasSize(3)
        .isEqualTo(audit.log.lines("cmp_a").subList(0, 3));

    leasesEnd();
    audit.project();
    assertThat(audit.fileLines("cmp_a")).hasSize(4).isEqualTo(audit.log.lines("cmp_a"));
    assertThat(torn("cmp_a")).isEmpty();
    assertThat(Audit.verify(audit.dir, "--key", audit.dir.resolve("checkpoint.pub")).code())
        .isZero();
  }

  @Test
  void aFullDiskIsToldOnceNamedByHealthAndHealsByItself() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger(AuditFiles.class);
    ListAppender<ILoggingEvent> told = new ListAppender<>();
    told.start();
    logger.addAppender(told);
    AuditHealthIndicator health = new AuditHealthIndicator(audit.files);
    Files.createDirectories(audit.dir);
    for (String campaign : List.of("cmp_a", "cmp_b", "cmp_c")) {
      Files.createSymbolicLink(audit.file(campaign), Path.of("/dev/full"));
      append(audit, campaign, 3);
    }
    try (CamelContext context = audit.routes(null)) {
      context.start();
      await().until(() -> audit.files.failures().size() == 3);
      assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
      assertThat(health.health().getDetails().toString())
          .contains("cmp_a.jsonl=cannot be written: No space left on device");
      append(audit, "cmp_b", 2); // rows do not depend on files
      for (String campaign : List.of("cmp_a", "cmp_b", "cmp_c")) {
        Files.delete(audit.file(campaign));
      }
      leasesEnd();
      awaitWritten("cmp_a", "cmp_b", "cmp_c");
      await().until(() -> health.health().getStatus().equals(Status.UP));
      awaitAnchored();
    } finally {
      logger.detachAppender(told);
    }
    assertThat(told.list).filteredOn(line -> line.getLevel() == Level.WARN).hasSize(1);
    assertThat(told.list.get(0).getFormattedMessage())
        .contains("their lines are safe in the store", "No space left on device");
    assertThat(told.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .contains(
            "Audit lines are written: " + audit.file("cmp_a") + " begins with 3.",
            "Audit lines are written: " + audit.file("cmp_b") + " begins with 5.");
    assertThat(Audit.verify(audit.dir, "--key", audit.dir.resolve("checkpoint.pub")).code())
        .isZero();
  }

  @Test
  void aFolderThatIsGoneIsNamedByHealthAndFilledFromTheStore() throws Exception {
    append(audit, "cmp_a", 3);
    append(audit, "cmp_b", 3);
    try (CamelContext context = audit.routes(null)) {
      context.start();
      awaitAnchored();
      AuditHealthIndicator health = new AuditHealthIndicator(audit.files);
      assertThat(health.health().getStatus()).isEqualTo(Status.UP);
      Path away = Files.move(audit.dir, temp.resolve("away"));
      assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
      assertThat(health.health().getDetails().toString()).contains("is gone");

      append(audit, "cmp_a", 1);
      awaitWritten("cmp_a", "cmp_b");
      awaitAnchored();
      assertThat(health.health().getStatus()).isEqualTo(Status.UP);
      assertThat(audit.file("checkpoints"))
          .content()
          .startsWith(Files.readString(away.resolve("checkpoints.jsonl")));
      await().until(() -> Files.exists(audit.dir.resolve("checkpoint.pub")));
    }
    Audit.Verified verified = Audit.verify(audit.dir, "--key", temp.resolve("away/checkpoint.pub"));
    assertThat(verified.code()).as(verified.out()).isZero();
  }

  private static void soon(Callable<Boolean> condition) {
    await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5)).until(condition);
  }

  private static void append(Audit audit, String campaign, int lines) {
    for (int i = 0; i < lines; i++) {
      int n = audit.log.lines(campaign).size() > 50 ? i : audit.log.lines(campaign).size() + 1;
      audit.append(campaign, "STAGE_CHANGED", Map.of("stage", "S" + n));
    }
  }

  private void project(Audit process) throws Exception {
    try (CamelContext context = process.routes(null)) {
      context.start();
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> unwritten() == 0 && unanchored(store) == 0);
    }
  }

  private void awaitWritten(String... campaigns) {
    await()
        .untilAsserted(
            () -> {
              for (String campaign : campaigns) {
                assertThat(audit.fileLines(campaign)).isEqualTo(audit.log.lines(campaign));
              }
            });
  }

  private void awaitAnchored() {
    await().until(() -> unanchored(store) == 0 && unwritten() == 0);
  }

  private int unwritten() {
    return unwritten(store);
  }

  private static int unwritten(TestStore store) {
    return store
        .read()
        .sql(
            "select count(*) from audit_file where claim_token is not null or exists (select 1"
                + " from audit_unwritten u where u.campaign_id = audit_file.campaign_id)")
        .query(Integer.class)
        .single();
  }

  private static int unanchored(TestStore store) {
    return store
        .read()
        .sql(
            "select (select count(*) from audit_uncovered)"
                + " + (select count(*) from audit_unwritten where campaign_id <> 'checkpoints')")
        .query(Integer.class)
        .single();
  }

  private List<Path> torn(String campaign) throws Exception {
    try (Stream<Path> paths = Files.list(audit.dir)) {
      return new ArrayList<>(
          paths
              .filter(path -> path.getFileName().toString().startsWith(campaign + ".jsonl.torn-"))
              .toList());
    }
  }

  /** Ends the process, as far as the routes are concerned, before the step of the given number. */
  private static final class Death implements InterceptStrategy {
    private final AtomicInteger left;

    Death(int step) {
      left = new AtomicInteger(step);
    }

    boolean dead() {
      return left.get() <= 0;
    }

    @Override
    public Processor wrapProcessorInInterceptors(
        CamelContext context, NamedNode definition, Processor target, Processor nextTarget) {
      return new DelegateAsyncProcessor(target) {
        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
          boolean alive =
              left.get() > 0 && (idle(exchange, definition) || left.decrementAndGet() > 0);
          if (!alive) {
            unlock(exchange);
            exchange.setRouteStop(true);
            callback.done(true);
            return true;
          }
          return super.process(exchange, callback);
        }
      };
    }

    /** As the operating system does. */
    private static void unlock(Exchange exchange) {
      AuditFile file = exchange.getVariable("auditFile", AuditFile.class);
      if (file != null) {
        try {
          file.unlock();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }

    /** Ticks with nothing to do are no steps, else the count would not be one of the work. */
    private static boolean idle(Exchange exchange, NamedNode definition) {
      return definition.getId().equals("audit-claim")
          || definition.getId().equals("audit-write-checkpoint")
          || exchange.getMessage().getBody() instanceof AuditBatch batch && batch.isEmpty()
          || Integer.valueOf(0).equals(exchange.getMessage().getBody());
    }
  }
}
