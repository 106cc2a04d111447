package io.campaignroutes.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.shared.Hashes;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows, claims and checkpoints on both databases. */
class AuditStoreTest {

  @Nested
  class OnSqlite extends Suite {
    @Override
    TestStore open() {
      return TestStore.sqlite(temp.resolve("store.db"));
    }
  }

  @Nested
  class OnPostgres extends Suite {
    private static EmbeddedPostgres server;

    @BeforeAll
    static void startServer() throws IOException {
      server = EmbeddedPostgres.start();
    }

    @Override
    TestStore open() {
      return TestStore.postgres(server.getPostgresDatabase());
    }

    @AfterAll
    static void stopServer() throws IOException {
      server.close();
    }

    @Test
    void replicasClaimEachFileOnce() throws Exception {
      for (int i = 0; i < 120; i++) {
        audit.append("cmp_" + i, "CAMPAIGN_ACTIVE", Map.of());
      }
      List<Callable<List<String>>> replicas = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        AuditFiles replica = new Audit(store, temp.resolve("audit"), 7).files;
        replicas.add(
            () -> {
              List<String> mine = new ArrayList<>();
              for (int round = 0; round < 30; round++) {
                replica.claim().files().forEach(file -> mine.add(file.fileName()));
              }
              return mine;
            });
      }
      List<String> claimed = inParallel(replicas);
      assertThat(claimed).hasSize(120).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"checkpoint", "claim", "mark"})
    void aReplicaThatFreezesHoldsUpNobody(String where) throws Exception {
      for (int i = 0; i < 5; i++) {
        audit.append("cmp_" + i, "CAMPAIGN_ACTIVE", Map.of());
      }
      FrozenStore frozen = new FrozenStore(store);
      Audit replica = new Audit(frozen, audit.dir);
      audit.write();
      if (!where.equals("checkpoint")) {
        replica.write(); // so that it has started
        audit.append("cmp_0", "CAMPAIGN_PAUSED", Map.of());
      } else {
        replica.checkpoints.writeCheckpoint(); // so that it knows its key
        audit.append("cmp_0", "CAMPAIGN_PAUSED", Map.of());
        audit.write();
      }
      AuditBatch batch = where.equals("mark") ? replica.files.claim() : null;
      frozen.freezes = true;
      ExecutorService thread = Executors.newSingleThreadExecutor();
      try {
        var asleep =
            thread.submit(
                () -> {
                  switch (where) {
                    case "checkpoint" -> replica.checkpoints.writeCheckpoint();
                    case "claim" -> replica.files.claim();
                    default -> replica.files.markWritten(batch);
                  }
                });
        assertThat(frozen.asleep.await(20, TimeUnit.SECONDS)).isTrue();
        assertTimeoutPreemptively(
            Duration.ofSeconds(20),
            () -> {
              for (int i = 0; i < 7; i++) {
                audit.append("cmp_" + i, "CAMPAIGN_PAUSED", Map.of());
              }
              audit.write();
              audit.checkpoints.writeCheckpoint();
              Audit restarted = new Audit(store, audit.dir);
              restarted.write();
              restarted.checkpoints.writeCheckpoint();
            });
        assertThat(audit.fileLines("cmp_1")).hasSize(2);
        frozen.awake.countDown();
        asleep.get(20, TimeUnit.SECONDS);
      } finally {
        frozen.awake.countDown();
        thread.shutdownNow();
      }
      store.write(tx -> tx.sql().sql("update audit_file set due_at = 0").update());
      audit.project();
      var verified = Audit.verify(audit.dir, "--key", audit.dir.resolve("checkpoint.pub"));
      assertThat(verified.code()).as(verified.out()).isZero();
      assertThat(verified.out()).contains("7 files, 13 lines");
    }

    @Test
    void replicasThatMakeCheckpointsAtOnceGiveEachItsNumber() throws Exception {
      List<Callable<List<String>>> replicas = new ArrayList<>();
      audit.checkpoints.writeCheckpoint();
      for (int i = 0; i < 4; i++) {
        Audit replica = new Audit(store, audit.dir);
        replicas.add(
            () -> {
              for (int round = 0; round < 40; round++) {
                replica.checkpoints.writeCheckpoint();
              }
              return List.of();
            });
      }
      replicas.add(
          () -> {
            for (int i = 0; i < 40; i++) {
              audit.append("cmp_" + i % 7, "PACING_CHANGED", Map.of());
              audit.write();
            }
            return List.of();
          });
      inParallel(replicas);
      audit.project();
      var verified = Audit.verify(audit.dir, "--key", audit.dir.resolve("checkpoint.pub"));
      assertThat(verified.code()).as(verified.out()).isZero();
      assertThat(verified.out()).contains("7 files, 40 lines");
      assertThat(audit.fileLines("checkpoints")).hasSizeGreaterThan(2);
    }
  }

  /** The store of a replica that stops, all of a sudden, before it commits. */
  private static final class FrozenStore implements Store {
    final CountDownLatch asleep = new CountDownLatch(1);
    final CountDownLatch awake = new CountDownLatch(1);
    volatile boolean freezes;
    private final Store store;

    FrozenStore(Store store) {
      this.store = store;
    }

    @Override
    public <T> T write(Function<Tx, T> work) {
      return store.write(
          tx -> {
            T result = work.apply(tx);
            if (freezes) {
              asleep.countDown();
              try {
                awake.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            }
            return result;
          });
    }

    @Override
    public JdbcClient read() {
      return store.read();
    }

    @Override
    public long now() {
      return store.now();
    }

    @Override
    public String claimLock() {
      return store.claimLock();
    }

    @Override
    public String rowLock() {
      return store.rowLock();
    }
  }

  abstract static class Suite {
    @TempDir Path temp;
    TestStore store;
    Audit audit;

    abstract TestStore open();

    @BeforeEach
    void start() {
      store = open();
      audit = new Audit(store, temp.resolve("audit"));
    }

    @AfterEach
    void close() {
      store.close();
    }

    @Test
    void aLineHasItsFieldsInOrderAndLinksToTheBytesBefore() {
      Map<String, Object> details = new LinkedHashMap<>();
      details.put("stage", "ACTIVE");
      details.put("reason", "a\nb\u0000\u0085\u2028\u2029\ud800 Zürich \ud83d\ude00");
      details.put("cxoneCampaignId", null);
      details.put("at", Instant.EPOCH);
      details.put("share", 0.00001);
      audit.append("cmp_a", "CAMPAIGN_ACTIVE", details);
      audit.append("cmp_a", "PACING_CHANGED", Map.of());

      List<String> lines = audit.log.lines("cmp_a");
      assertThat(lines.get(0))
          .startsWith("{\"seq\":1,\"timestamp\":\"2")
          .contains(
              "\"reason\":\"a\\nb\\u0000\\u0085\\u2028\\u2029\\ud800 Zürich \ud83d\ude00\",",
              "\"at\":\"1970-01-01T00:00:00.000Z\",\"share\":0.00001,",
              "\"activationLatencyMs\":812,\"dialSuccessRatio\":0.4375,\"attemptedCalls\":80,",
              "\"pacingHistory\":[{\"timestamp\":\"2023-11-14T22:13:20.000Z\","
                  + "\"maxCallsPerSecond\":8,\"reason\":\"connect rate fell\"}],",
              "\"complianceStatus\":{\"callingWindow\":\"checked\"},"
                  + "\"policy\":{\"name\":\"us-federal\",\"version\":\"3\",\"sha256\":")
          .endsWith("\"auditVersion\":\"1\",\"prev\":\"" + "0".repeat(64) + "\"}");
      JsonNode second = Audit.json(lines.get(1));
      assertThat(second.path("seq").asLong()).isEqualTo(2);
      assertThat(second.path("prev").asText()).isEqualTo(Hashes.sha256(lines.get(0)));
      assertThat(names(Audit.json(lines.get(0))))
          .containsExactly(
              "seq",
              "timestamp",
              "campaignId",
              "event",
              "stage",
              "reason",
              "at",
              "share",
              "activationLatencyMs",
              "dialSuccessRatio",
              "attemptedCalls",
              "pacingHistory",
              "complianceStatus",
              "policy",
              "auditVersion",
              "prev");
    }

    @Test
    void theRatioIsANumberWhileNoCallWasAttempted() {
      store.write(
          tx -> {
            audit.log.append(
                tx,
                new AuditEvent(
                    "cmp_a", "CAMPAIGN_CREATED", null, null, 0, 0, null, null, "none", "1", "00"));
            return null;
          });
      assertThat(audit.log.lines("cmp_a").get(0))
          .contains(
              "\"activationLatencyMs\":null,\"dialSuccessRatio\":0,\"attemptedCalls\":0,"
                  + "\"pacingHistory\":[],\"complianceStatus\":null,");
    }

    @Test
    void aLineGoesWithItsTransaction() {
      audit.append("cmp_a", "CAMPAIGN_CREATED", Map.of());
      assertThatThrownBy(
              () ->
                  store.write(
                      tx -> {
                        audit.log.append(tx, Audit.event("cmp_a", "CAMPAIGN_ACTIVE", Map.of()));
                        throw new IllegalStateException("the change failed");
                      }))
          .hasMessage("the change failed");
      audit.append("cmp_a", "CAMPAIGN_ACTIVE", Map.of());
      assertThat(audit.log.lines("cmp_a")).hasSize(2).last().asString().contains("\"seq\":2,");
    }

    @Test
    void concurrentWritersOfOneCampaignMakeOneChain() throws Exception {
      List<Callable<List<String>>> writers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        writers.add(
            () -> {
              for (int n = 0; n < 50; n++) {
                audit.append("cmp_a", "PACING_CHANGED", Map.of());
              }
              return List.of();
            });
      }
      inParallel(writers);
      String prev = "0".repeat(64);
      List<String> lines = audit.log.lines("cmp_a");
      assertThat(lines).hasSize(200);
      for (String line : lines) {
        assertThat(line).endsWith("\"prev\":\"" + prev + "\"}");
        prev = Hashes.sha256(line);
      }
    }

    @Test
    void linesOfAnyNumberAreHandedOverPageByPage() {
      store.write(
          tx -> {
            for (int i = 0; i < 1_201; i++) {
              audit.log.append(tx, Audit.event("cmp_a", "PACING_CHANGED", Map.of()));
            }
            return null;
          });
      List<Long> seqs = new ArrayList<>();
      audit.log.forEachLine("cmp_a", line -> seqs.add(Audit.json(line).path("seq").asLong()));
      assertThat(seqs).hasSize(1_201).isSorted().doesNotHaveDuplicates();
      assertThat(audit.log.lines("cmp_unknown")).isEmpty();
    }

    @Test
    void checkpointsCoverOnlyWhatIsInTheFilesAndAThousandAtATime() throws Exception {
      store.write(
          tx -> {
            for (int i = 0; i < 1_500; i++) {
              audit.log.append(tx, Audit.event("cmp_" + i, "CAMPAIGN_CREATED", Map.of()));
            }
            return null;
          });
      assertThat(audit.checkpoints.writeCheckpoint()).isZero();
      store.write(
          tx -> {
            tx.sql()
                .sql(
                    "update audit_file set written_seq = 1, written_sha256 = (select sha256 from"
                        + " audit_head h where h.campaign_id = audit_file.campaign_id)")
                .update();
            return tx.sql()
                .sql("insert into audit_uncovered select campaign_id, 1 from audit_file")
                .update();
          });
      assertThat(audit.checkpoints.writeCheckpoint()).isEqualTo(1_000);
      assertThat(audit.checkpoints.writeCheckpoint()).isEqualTo(500);
      assertThat(audit.checkpoints.writeCheckpoint()).isZero();

      Set<String> covered = new TreeSet<>();
      for (AuditRows.Row row : AuditRows.page(store.read(), "checkpoints", 1, 10)) {
        covered.addAll(names(Audit.json(row.line()).path("heads")));
      }
      assertThat(covered).hasSize(1_500);
      assertThat(Files.readString(audit.dir.resolve("checkpoint.pub")))
          .startsWith("-----BEGIN PUBLIC KEY-----\n");
      assertThat(new Audit(store, temp.resolve("another")).checkpoints.writeCheckpoint())
          .as("a restart keeps the key")
          .isZero();
      assertThat(temp.resolve("another/checkpoint.pub"))
          .hasSameTextualContentAs(audit.dir.resolve("checkpoint.pub"));
    }

    @Test
    void aFileThatGoesOnGrowingIsCoveredOnceInAnInterval() throws Exception {
      Duration interval = Duration.ofMillis(1_500);
      Audit growing = new Audit(store, audit.dir, 200, interval);
      growing.append("cmp_a", "CAMPAIGN_CREATED", Map.of());
      growing.write();
      long start = System.nanoTime();
      assertThat(growing.checkpoints.writeCheckpoint()).isEqualTo(1);
      int covered = 0;
      for (int i = 0; covered == 0 && System.nanoTime() - start < 60_000_000_000L; i++) {
        growing.append("cmp_a", "PACING_CHANGED", Map.of());
        if (i == 0) {
          growing.append("cmp_b", "CAMPAIGN_CREATED", Map.of());
        }
        growing.write();
        int files = growing.checkpoints.writeCheckpoint();
        if (i == 0) {
          assertThat(files).as("a file that is new is covered at once").isEqualTo(1);
        } else {
          covered = files;
        }
      }
      assertThat(covered).isPositive();
      assertThat(System.nanoTime() - start).isGreaterThan(interval.toNanos() * 9 / 10);
      String last = AuditRows.page(store.read(), "checkpoints", 3, 10).get(0).line();
      long seq = Audit.json(last).path("heads").path("cmp_a").path("seq").asLong();
      assertThat(seq).as("up to its newest line").isEqualTo(growing.log.lines("cmp_a").size());
    }

    @Test
    void aStoreFromBeforeKeepsItsChainsAndKnowsWhatFilesLackAndWhatIsNotCovered() throws Exception {
      for (int i = 0; i < 3; i++) {
        audit.append("cmp_a", "PACING_CHANGED", Map.of());
      }
      List<String> lines = audit.log.lines("cmp_a");
      store.backToV2();
      store.write(
          tx -> {
            for (int i = 0; i < 3; i++) {
              tx.sql()
                  .sql("insert into audit_line (campaign_id, seq, line) values ('cmp_a', ?, ?)")
                  .params(i + 1, lines.get(i))
                  .update();
            }
            return tx.sql()
                .sql(
                    "insert into audit_head (campaign_id, seq, sha256, written_seq,"
                        + " written_sha256, anchored_seq, due_at)"
                        + " values ('cmp_a', 3, ?, 2, ?, 1, ?)")
                .params(Hashes.sha256(lines.get(2)), Hashes.sha256(lines.get(1)), 1L)
                .update();
          });
      store.toV9();
      Files.createDirectories(audit.dir);
      Files.writeString(audit.file("cmp_a"), lines.get(0) + "\n" + lines.get(1) + "\n");

      assertThat(audit.checkpoints.writeCheckpoint()).isEqualTo(1);
      audit.append("cmp_a", "PACING_CHANGED", Map.of());
      audit.project();
      assertThat(audit.fileLines("cmp_a")).hasSize(4).startsWith(lines.toArray(new String[0]));
      var verified = Audit.verify(audit.dir, "--key", audit.dir.resolve("checkpoint.pub"));
      assertThat(verified.code()).as(verified.out()).isZero();
      assertThat(verified.out()).contains("1 files, 4 lines, 2 checkpoints");
    }

    @Test
    void listsOfIdsComeInFewSizes() {
      for (int size = 1; size <= 200; size++) {
        List<String> ids = new ArrayList<>(Collections.nCopies(size, "cmp_a"));
        ids.set(size - 1, "cmp_b");
        List<String> padded = io.campaignroutes.store.InList.of(ids);
        assertThat(Integer.bitCount(padded.size())).isEqualTo(1);
        assertThat(Set.copyOf(padded)).isEqualTo(Set.copyOf(ids));
      }
    }

    @Test
    void claimsAreFencedAndMarkedOnBothDatabases() throws Exception {
      audit.append("cmp_a", "CAMPAIGN_CREATED", Map.of());
      AuditBatch batch = audit.files.claim();
      assertThat(batch.files()).extracting(AuditFile::fileName).containsExactly("cmp_a.jsonl");
      assertThat(audit.files.claim().isEmpty()).isTrue();
      AuditFile file = batch.files().get(0);
      audit.files.checkTail(file);
      assertThat(file.missing()).hasSize(1);
      Files.write(audit.file("cmp_a"), file.missing().get(0));
      audit.files.written(file);
      audit.files.release(file);
      audit.files.markWritten(batch);
      assertThat(audit.files.claim().isEmpty()).isTrue();
      audit.append("cmp_a", "CAMPAIGN_ACTIVE", Map.of());
      AuditFile more = audit.files.claim().files().get(0);
      audit.files.checkTail(more);
      assertThat(more.missing()).hasSize(1);
      assertThat(new String(more.missing().get(0), StandardCharsets.UTF_8))
          .startsWith("{\"seq\":2,")
          .endsWith("\"}\n");
    }

    static List<String> names(JsonNode node) {
      List<String> names = new ArrayList<>();
      for (Iterator<String> i = node.fieldNames(); i.hasNext(); ) {
        names.add(i.next());
      }
      return names;
    }

    static List<String> inParallel(List<Callable<List<String>>> work) throws Exception {
      ExecutorService threads = Executors.newFixedThreadPool(work.size());
      try {
        List<String> all = new ArrayList<>();
        for (var result : threads.invokeAll(work)) {
          all.addAll(result.get());
        }
        return all;
      } finally {
        threads.shutdownNow();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../x", "a/b", "a.b", "a b", "é", "checkpoints", "a\n"})
  void onlyASafeIdNamesAFile(String id) {
    assertThatThrownBy(() -> Audit.event(id, "CAMPAIGN_ACTIVE", Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("campaign id");
  }

  @Test
  void detailsCannotTakeTheNameOfAFixedField() {
    assertThatThrownBy(() -> Audit.event("cmp_a", "CAMPAIGN_ACTIVE", Map.of("prev", "x")))
        .hasMessageContaining("prev");
    assertThatThrownBy(() -> Audit.event("cmp_a", "active", Map.of()))
        .hasMessageContaining("upper snake case");
  }
}
