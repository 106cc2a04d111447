package io.campaignroutes.inbox;

import static io.campaignroutes.campaign.CampaignFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campaignroutes.store.TestStores;
import io.campaignroutes.text.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On PostgreSQL several processes take from one inbox. */
class PostgresInboxTest extends InboxSuite {
  private InboxProperties properties;
  private Inbox other;

  @Override
  TestStores.Opened open() {
    return TestStores.postgres();
  }

  @BeforeEach
  void openOther() {
    properties = new InboxProperties(dir, Duration.ofMillis(20), 3, 2_000);
    other = InboxFixture.inbox(bench, properties);
  }

  private InboxFolder.Waiting waiting(String name) throws IOException {
    Path path = dir.resolve(name);
    return new InboxFolder.Waiting(path, InboxName.of(path), InboxStamp.of(path), null);
  }

  private void lines(String name, int lines) throws IOException {
    List<String> requests = new ArrayList<>();
    for (int i = 0; i < lines; i++) {
      requests.add(Json.text(request(name + " " + i, "")));
    }
    Files.write(dir.resolve(name), requests);
  }

  private static void take(Inbox inbox, InboxFile file) throws IOException {
    for (Iterator<List<InboxEntries.Entry>> chunks = inbox.chunks(file); chunks.hasNext(); ) {
      inbox.take(file, inbox.read(file, chunks.next()));
    }
  }

  private List<String> done() throws IOException {
    try (Stream<Path> files = Files.list(dir.resolve("done"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private int claims() {
    return bench.store.read().sql("select count(*) from inbox_claim").query(Integer.class).single();
  }

  @Test
  void aFileIsOneProcessesAtATime() throws Exception {
    lines("a.ndjson", 4);
    InboxFolder.Waiting seen = waiting("a.ndjson");
    InboxFile file = inbox.open(seen);
    assertThatThrownBy(() -> other.open(seen)).isInstanceOf(InboxElsewhereException.class);
    take(inbox, file);
    inbox.file(file);
    assertThatThrownBy(() -> other.open(seen)).isInstanceOf(InboxChangedException.class);
    assertThat(done()).containsExactly("a.ndjson", "a.ndjson.result.json");
    assertThat(claims()).isZero();
  }

  @Test
  void oneThatCouldNotBeReadIsAnothersAtOnce() throws Exception {
    lines("a.ndjson", 1);
    InboxFolder.Waiting seen = waiting("a.ndjson");
    inbox.open(seen).close();
    other.open(seen).close();
    Files.delete(dir.resolve("a.ndjson"));
    assertThatThrownBy(() -> other.open(seen)).isInstanceOf(InboxChangedException.class);
    assertThat(claims()).isZero();
  }

  @Test
  void whoseFileWasTakenOverTakesAndFilesNothingMore() throws Exception {
    lines("a.ndjson", 7);
    InboxFile late = inbox.open(waiting("a.ndjson"));
    Iterator<List<InboxEntries.Entry>> chunks = inbox.chunks(late);
    inbox.take(late, inbox.read(late, chunks.next()));
    List<Inbox.Read> next = inbox.read(late, chunks.next());
    seenNoMore();

    InboxFile taken = other.open(waiting("a.ndjson"));
    assertThat(taken.taken()).isEqualTo(3);
    assertThatThrownBy(() -> inbox.take(late, next)).isInstanceOf(InboxElsewhereException.class);
    take(other, taken);
    other.file(taken);
    assertThatThrownBy(() -> inbox.take(late, next)).isInstanceOf(InboxElsewhereException.class);
    assertThatThrownBy(() -> inbox.file(late)).isInstanceOf(InboxElsewhereException.class);
    late.close();
    assertThat(done()).containsExactly("a.ndjson", "a.ndjson.result.json");
    assertThat(bench.campaigns.list(null, null, 100)).hasSize(7);
  }

  @Test
  void oneThatFallsAsleepBeforeItMovesTheFileDoesNotFileItASecondTime() throws Exception {
    lines("a.ndjson", 1);
    InboxFile late = inbox.open(waiting("a.ndjson"));
    take(inbox, late);
    seenNoMore();
    InboxFile taken = other.open(waiting("a.ndjson"));
    take(other, taken);
    other.file(taken);
    InboxShelf shelf = InboxFixture.shelf(bench, properties, new InboxUploads(bench.store));
    assertThatThrownBy(() -> shelf.put(late)).isInstanceOf(InboxElsewhereException.class);
    late.close();
    assertThat(done()).containsExactly("a.ndjson", "a.ndjson.result.json");
  }

  @Test
  void threeThatTakeFromOneFolderTakeAndFileEachFileOnce() throws Exception {
    for (int i = 0; i < 30; i++) {
      lines("f%02d.ndjson".formatted(i), 1 + i % 5);
    }
    Files.createDirectories(dir.resolve("check"));
    Files.write(
        dir.resolve("check/c.ndjson"),
        List.of(Json.text(request("x", "")), Json.text(request("y", ""))));
    List<Callable<List<String>>> processes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      processes.add(this::takeAllThatIsThere);
    }
    assertThat(TestStores.atOnce(processes)).containsOnly(List.of());
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      expected.add("f%02d.ndjson".formatted(i));
      expected.add("f%02d.ndjson.result.json".formatted(i));
    }
    assertThat(done()).isEqualTo(expected);
    assertThat(bench.campaigns.list(null, null, 1_000)).hasSize(6 * (1 + 2 + 3 + 4 + 5));
    try (Stream<Path> checked = Files.list(dir.resolve("checked"))) {
      assertThat(checked.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("c.ndjson", "c.ndjson.check.json");
    }
    assertThat(claims()).isZero();
  }

  /**
   * What the routes of one process do until nothing is left in the folder.
   *
   * @return what it says afterwards that stays there or could not be put away
   */
  private List<String> takeAllThatIsThere() throws Exception {
    InboxUploads uploads = new InboxUploads(bench.store);
    InboxShelf shelf = InboxFixture.shelf(bench, properties, uploads);
    InboxFolder folder = new InboxFolder(properties, shelf);
    Inbox mine = InboxFixture.inbox(bench, properties, uploads, shelf);
    CheckFolder checks = new CheckFolder(properties, new InboxClaims(bench.store));
    DryRunFiles dryRuns = new DryRunFiles(bench.intake, properties);
    long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (folder.backlog().files() > 0 || Files.exists(dir.resolve("check/c.ndjson"))) {
      assertThat(System.nanoTime()).as("in vain").isLessThan(end);
      for (Iterator<InboxFolder.Waiting> each = folder.whole(); each.hasNext(); ) {
        InboxFolder.Waiting waiting = each.next();
        InboxFile file = null;
        try {
          file = mine.open(waiting);
          take(mine, file);
          mine.file(file);
          folder.forget(waiting);
        } catch (Exception e) {
          folder.putBack(waiting, file, e);
        }
      }
      for (InboxFolder.Waiting waiting : checks.whole()) {
        InboxFile file = null;
        try {
          file = checks.open(waiting);
          dryRuns.chunksOf(file).forEachRemaining(chunk -> {});
          checks.file(file, Json.object().put("entries", 2));
        } catch (Exception e) {
          checks.putBack(waiting, file, e);
        }
      }
    }
    List<String> trouble = new ArrayList<>(folder.staying().values());
    trouble.addAll(folder.notFiled().values());
    return trouble;
  }
}
