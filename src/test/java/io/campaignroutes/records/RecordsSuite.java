package io.campaignroutes.records;

import static io.campaignroutes.campaign.CampaignFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignFixture;
import io.campaignroutes.campaign.Command;
import io.campaignroutes.campaign.ConflictException;
import io.campaignroutes.campaign.UnknownCampaignException;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.TestStores;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records leave a real store: archived, verified, told, removed; and nothing else leaves. */
abstract class RecordsSuite {
  private static final Instant LONG_AGO = RecordsFixture.longAgo();

  @TempDir Path temp;
  private RecordsFixture records;
  private Path key;

  abstract TestStores.Opened open();

  @BeforeEach
  void openRecords() {
    records = new RecordsFixture(open(), temp.resolve("audit"), 2);
  }

  @AfterEach
  void close() {
    records.close();
  }

  /** A copy of the key that was kept elsewhere. */
  private Path key() throws IOException {
    if (key == null) {
      key = temp.resolve("kept.pub");
      Files.copy(records.dir.resolve("checkpoint.pub"), key);
    }
    return key;
  }

  private void assertIntact() throws IOException {
    assertThat(records.verify("--key", key()).out()).startsWith("INTACT");
  }

  private boolean inStore(String id) {
    return records.count("campaign where id = '" + id + "'") == 1;
  }

  private static String text(Path archive) throws IOException {
    try (var in = new GZIPInputStream(Files.newInputStream(archive))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aCampaignThatIsOverForLongLeavesWithAllThatWasKeptOfIt() throws Exception {
    String id = records.ended("Spring", LONG_AGO, 5, 3);
    String stays = records.ended("Summer", Instant.now().minus(Duration.ofDays(700)), 2, 1);
    records.project();
    List<String> lines = records.bench.audit.lines(id);
    records.leave();

    assertThat(inStore(id)).isFalse();
    assertThat(inStore(stays)).isTrue();
    for (String table :
        List.of(
            "campaign_stage",
            "pacing",
            "pacing_decision",
            "audit_line",
            "audit_head",
            "audit_file")) {
      assertThat(records.count(table + " where campaign_id = '" + id + "'")).as(table).isZero();
    }
    assertThat(records.dir.resolve(id + ".jsonl")).doesNotExist();
    assertThat(records.dir.resolve(stays + ".jsonl")).exists();
    assertThat(records.archives()).hasSize(1);
    String archived = text(records.archives().get(0));
    assertThat(archived).contains(String.join("\n", lines) + "\n");
    assertThat(archived.lines().filter(line -> line.contains("\"table\":\"campaign\"")).count())
        .isEqualTo(1);
    assertThat(
            archived.lines().filter(line -> line.contains("\"table\":\"pacing_decision\"")).count())
        .isEqualTo(3);
    assertThat(records.state.left()).isEqualTo(1);
    assertIntact();
    assertThat(records.verify("--key", key()).out()).contains(", 1 archives");
  }

  @Test
  void theyLeaveInBatchesAndTheServicesChainTellsOfEach() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(records.ended("Spring " + i, LONG_AGO.plusSeconds(i), 2, 1));
    }
    records.leave();
    assertThat(records.archives()).hasSize(3);
    List<String> told =
        records.bench.audit.lines("service").stream()
            .filter(line -> line.contains("RECORDS_ARCHIVED"))
            .toList();
    assertThat(told).hasSize(3);
    assertThat(ids).allSatisfy(id -> assertThat(String.join("", told)).containsOnlyOnce(id));
    assertIntact();
  }

  @Test
  void whatIsNotOverStays() throws Exception {
    String running = records.bench.active("Spring").id();
    records.bench.set(running, "stage_at = " + LONG_AGO.toEpochMilli());
    String watched = records.ended("Summer", LONG_AGO, 1, 1);
    records.bench.set(watched, "lane = 2");
    String commanded = records.ended("Autumn", LONG_AGO, 1, 1);
    records.bench.set(commanded, "command = 'RETRY'");
    String unsettled = records.ended("Winter", LONG_AGO, 1, 1);
    records.bench.set(unsettled, "stage = 'UNSETTLED'");
    String paced = records.ended("Easter", LONG_AGO, 1, 1);
    write("update pacing set due_at = 1 where campaign_id = '" + paced + "'");
    String delivering = records.ended("May", LONG_AGO, 1, 1);
    write(
        "insert into delivery (id, event_id, campaign_id, status, created_at, tries, attempts)"
            + " values ('dlv_1', 'evt_1', '"
            + delivering
            + "', 'DEAD', 1, 0, 0)");
    String doubtful = records.ended("June", LONG_AGO, 1, 1);
    records.bench.set(doubtful, "intent_at = 1");
    String brought = records.ended("July", LONG_AGO, 1, 1);
    write(
        "insert into contact_import (campaign_id, file_id, name, size, sha256, request, state,"
            + " judged, bytes_read, outcomes, changed_at) values ('"
            + brought
            + "', 'f', 'f', 1, 'x', '{}', 'JUDGED', 1, 1, '{}', 1)");
    records.leave();
    assertThat(records.archives()).isEmpty();
    assertThat(
            List.of(running, watched, commanded, unsettled, paced, delivering, doubtful, brought))
        .allMatch(this::inStore);
    write("update contact_import set state = 'REMOVED'");
    records.leave();
    assertThat(inStore(brought)).isFalse();
    assertIntact();
  }

  private void write(String sql) {
    records.bench.store.write(tx -> tx.sql().sql(sql).update());
  }

  @Test
  void aCampaignWhoseFileWasChangedOrLostStaysAndIsToldOf() throws Exception {
    String changed = records.ended("Spring", LONG_AGO, 3, 1);
    String lost = records.ended("Summer", LONG_AGO, 3, 1);
    String good = records.ended("Autumn", LONG_AGO, 3, 1);
    records.project();
    Path file = records.dir.resolve(changed + ".jsonl");
    Files.writeString(file, Files.readString(file).replaceFirst("CAMPAIGN_", "CAMPAIGN-"));
    Files.delete(records.dir.resolve(lost + ".jsonl"));
    records.tick();
    assertThat(inStore(changed)).isTrue();
    assertThat(inStore(lost)).isTrue();
    assertThat(inStore(good)).isFalse();
    assertThat(records.state.someHeld()).containsOnlyKeys(changed, lost);
    assertThat(new RecordsHealthIndicator(records.state, records.bench.store).health().getStatus())
        .hasToString("DOWN");
  }

  @Test
  void anEventThatComesBeforeTheyAreRemovedKeepsTheWholeBatch() throws Exception {
    String id = records.ended("Spring", LONG_AGO, 3, 1);
    records.project();
    RecordsRun run = records.queue.claim();
    records.due.choose(run);
    records.steps.archive(run);
    records.steps.verify(run);
    write(
        "insert into webhook_event (id, identity, remote_id, body, received_at)"
            + " values ('evt_1', 'x', 'R-Spring', '{}', 1)");
    assertThatThrownBy(() -> records.steps.remove(run)).hasMessageContaining("other rows");
    assertThat(inStore(id)).isTrue();
    assertThat(records.bench.audit.lines("service")).isEmpty();
    records.leave();
    assertThat(inStore(id)).isFalse();
    assertThat(records.archives()).hasSize(1);
    assertThat(text(records.archives().get(0))).contains("\"table\":\"webhook_event\"");
    assertIntact();
  }

  @Test
  void whoseLeaseHasEndedRemovesNothing() throws Exception {
    String id = records.ended("Spring", LONG_AGO, 3, 1);
    records.project();
    RecordsRun late = records.queue.claim();
    records.due.choose(late);
    records.steps.archive(late);
    records.steps.verify(late);
    records.dueNow();
    RecordsRun other = records.queue.claim();
    assertThat(other.isNone()).isFalse();
    assertThatThrownBy(() -> records.steps.remove(late)).hasMessageContaining("lease ended");
    assertThat(inStore(id)).isTrue();
  }

  @Test
  void anArchiveThatIsNotWhatWasWrittenRemovesNothing() throws Exception {
    String id = records.ended("Spring", LONG_AGO, 3, 1);
    records.project();
    RecordsRun run = records.queue.claim();
    records.due.choose(run);
    records.steps.archive(run);
    byte[] bytes = Files.readAllBytes(run.archive().place());
    bytes[bytes.length / 2] ^= 1;
    Files.write(run.archive().place(), bytes);
    assertThatThrownBy(() -> records.steps.verify(run))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not what was written");
    assertThat(inStore(id)).isTrue();
  }

  @Test
  void aFileGoesOnlyOnceACheckpointCoversTheLineThatSaysWhereItWent() throws Exception {
    String id = records.ended("Spring", LONG_AGO, 3, 1);
    records.project();
    records.tick();
    records.dueNow();
    records.tick();
    assertThat(inStore(id)).isFalse();
    assertThat(records.dir.resolve(id + ".jsonl")).exists();
    records.project();
    assertIntact();
    records.dueNow();
    records.tick();
    assertThat(records.dir.resolve(id + ".jsonl")).doesNotExist();
    assertIntact();
  }

  @Test
  void aFileThatIsChangedBeforeItIsRemovedStaysUntilSomebodyHasSeenToIt() throws Exception {
    String id = records.ended("Spring", LONG_AGO, 3, 1);
    records.project();
    records.tick();
    Path file = records.dir.resolve(id + ".jsonl");
    String good = Files.readString(file);
    Files.writeString(file, good + "{}\n");
    records.leave();
    assertThat(file).exists();
    assertThat(records.count("archived_campaign where remains = 3")).isEqualTo(1);
    assertThat(new RecordsHealthIndicator(records.state, records.bench.store).health().toString())
        .startsWith("DOWN");
    Files.writeString(file, good);
    records.leave();
    assertThat(file).doesNotExist();
    assertThat(records.count("archived_campaign where remains <> 0")).isZero();
    assertIntact();
  }

  @Test
  void whoeverAsksForOneIsToldWhereItIsAndItsKeyLaunchesNothingAgain() throws Exception {
    String id = records.ended("Spring", "key-1", LONG_AGO, 1, 1);
    records.leave();
    String archive = records.archives().get(0).getFileName().toString();
    assertThatThrownBy(() -> records.bench.campaigns.get(id))
        .isInstanceOf(UnknownCampaignException.class)
        .hasMessageContaining("any more")
        .hasMessageContaining(archive);
    assertThatThrownBy(() -> records.bench.commands.give(id, Command.STOP, CampaignFixture.DESK))
        .hasMessageContaining(archive);
    assertThatThrownBy(() -> records.bench.hand(request("Other", "'externalId':'key-1'"), null))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining(id)
        .hasMessageContaining(archive);
    Campaign again = records.bench.take("Spring");
    assertThat(again.id()).as("a campaign of the same name").isNotEqualTo(id);
  }

  @Test
  void switchedOffNothingLeaves() throws Exception {
    String id = records.ended("Spring", LONG_AGO, 1, 1);
    records.restartSwitchedOff();
    records.leave();
    assertThat(inStore(id)).isTrue();
    assertThat(records.state.restingReason()).contains("records.enabled");
  }

  @Test
  void ofAPolicyThatIsGoneNothingLeavesAndItIsToldOf() throws Exception {
    String id = records.ended("Spring", LONG_AGO, 1, 1);
    records.bench.set(id, "policy_name = 'us-gone+us-federal'");
    String none = records.ended("Summer", LONG_AGO, 1, 1);
    records.bench.set(none, "policy_name = 'none'");
    records.leave();
    assertThat(inStore(id)).isTrue();
    assertThat(records.state.faults()).containsOnlyKeys("us-gone+us-federal");
    assertThat(new RecordsHealthIndicator(records.state, records.bench.store).health().toString())
        .startsWith("DOWN")
        .contains("no profile us-gone any more");
  }

  /** What a process does that is killed: nothing more, from one of its transactions on. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed() {
      super("killed");
    }
  }

  /** A store whose process is killed at its n-th transaction, before or after it is on disk. */
  private Store dying(int at, boolean before) {
    int[] writes = {0};
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (proxy, method, args) -> {
              boolean write = method.getName().equals("write");
              if (write && before && ++writes[0] >= at) {
                throw new Killed();
              }
              try {
                Object result = method.invoke(records.bench.store, args);
                if (write && !before && ++writes[0] >= at) {
                  throw new Killed();
                }
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** All lines of the service's chain, wherever they are. */
  private String told() throws IOException {
    StringBuilder all = new StringBuilder();
    for (Path archive : records.archives()) {
      if (archive.getFileName().toString().startsWith("service-")) {
        all.append(text(archive));
      }
    }
    return all + String.join("\n", records.bench.audit.lines("service"));
  }

  private List<String> fileLines(String chain) throws IOException {
    return Files.readAllLines(records.dir.resolve(chain + ".jsonl"));
  }

  @Test
  void oldLinesOfTheChainsThatNeverEndLeaveAndAreFollowedThroughTheirArchives() throws Exception {
    for (int i = 0; i < 3; i++) {
      records.ended("Spring " + i, LONG_AGO, 2, 1);
      records.leave();
    }
    String early = fileLines("checkpoints").get(1);
    List<String> before = fileLines("checkpoints");
    assertThat(before).hasSizeGreaterThan(5);
    records.keepNoChains();
    records.leave();
    assertThat(records.count("audit_line where campaign_id = 'checkpoints'")).isEqualTo(1);
    assertThat(fileLines("checkpoints"))
        .hasSize(1)
        .doesNotContainAnyElementsOf(before.subList(0, 3));
    assertThat(records.count("audit_line where campaign_id = 'service'")).isEqualTo(1);
    assertThat(fileLines("service")).hasSize(1);
    assertIntact();
    assertThat(records.verify("--key", key(), "--checkpoint", early).out()).startsWith("INTACT");
    records.ended("Summer", LONG_AGO, 2, 1);
    String stays = records.ended("Autumn", Instant.now(), 2, 1);
    records.leave();
    assertThat(inStore(stays)).isTrue();
    assertIntact();
    assertThat(records.verify("--checkpoint", early).out()).startsWith("INTACT");
  }

  @Test
  void aFileOfAChainThatIsLostBeginsBehindWhatIsInArchives() throws Exception {
    for (int i = 0; i < 3; i++) {
      records.ended("Spring " + i, LONG_AGO, 2, 1);
      records.leave();
    }
    records.keepNoChains();
    records.leave();
    records.ended("Summer", Instant.now(), 2, 1);
    records.project();
    List<String> lines = fileLines("checkpoints");
    Files.delete(records.dir.resolve("checkpoints.jsonl"));
    Files.delete(records.dir.resolve("service.jsonl"));
    records.keepNoChains(); // a start, which finds that the folder is not whole
    records.project();
    assertThat(fileLines("checkpoints")).startsWith(lines.toArray(String[]::new));
    assertIntact();
  }

  @Test
  void aKillBetweenAnyTwoStepsLosesNothingAndDoublesNothing() throws Exception {
    records.keepNoChains();
    List<String> all = new ArrayList<>();
    int kills = 0;
    boolean killed = true;
    for (int at = 1; killed; at++) {
      killed = false;
      for (boolean before : new boolean[] {true, false}) {
        List<String> these = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
          these.add(records.ended("C " + at + before + i, LONG_AGO, 2, 2));
        }
        all.addAll(these);
        records.project();
        records.dueNow();
        records.restart(dying(at, before));
        try {
          records.tick();
          records.dueNow();
          records.tick();
        } catch (Killed e) {
          killed = true;
          kills++;
        }
        assertEachIsInTheStoreOrInAnArchiveThatIsToldOf(these);
        records.restart(records.bench.store);
        records.project();
        assertIntactBut(records.verify("--key", key()).out());
        records.leave();
        assertIntact();
        assertThat(these).noneMatch(this::inStore);
      }
    }
    assertThat(all).noneMatch(this::inStore);
    assertEachIsInOneArchive(all);
    assertThat(kills).isGreaterThan(10);
    assertThat(records.count("audit_line where campaign_id like 'cmp_%'")).isZero();
    assertThat(records.count("archived_campaign where remains <> 0")).isZero();
  }

  /** Right after a kill there may be an archive that nothing was removed for. */
  private static void assertIntactBut(String out) {
    assertThat(out)
        .matches(
            "(?s)(INTACT|BROKEN: archive/\\S+, line 1, seq unknown: no line tells of this"
                + " archive).*");
  }

  private void assertEachIsInTheStoreOrInAnArchiveThatIsToldOf(List<String> ids)
      throws IOException {
    for (String id : ids) {
      if (inStore(id)) {
        assertThat(records.bench.campaigns.history(id)).isNotEmpty();
        assertThat(records.count("audit_line where campaign_id = '" + id + "'")).isGreaterThan(2);
        assertThat(records.count("pacing_decision where campaign_id = '" + id + "'")).isEqualTo(2);
      } else {
        String archive =
            records
                .bench
                .store
                .read()
                .sql("select archive from archived_campaign where id = ?")
                .param(id)
                .query(String.class)
                .single();
        assertThat(records.dir.resolve("archive").resolve(archive)).exists();
        assertThat(told()).contains(id);
      }
    }
  }

  private void assertEachIsInOneArchive(List<String> ids) throws IOException {
    StringBuilder all = new StringBuilder();
    for (Path archive : records.archives()) {
      all.append(text(archive));
    }
    String rows =
        all.toString()
            .lines()
            .filter(line -> line.startsWith("{\"table\":\"campaign\","))
            .collect(Collectors.joining("\n"));
    assertThat(ids).allSatisfy(id -> assertThat(rows).containsOnlyOnce("\"id\":\"" + id + "\""));
  }
}
