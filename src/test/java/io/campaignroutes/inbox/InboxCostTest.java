package io.campaignroutes.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import io.campaignroutes.campaign.CampaignFixture;
import io.campaignroutes.store.TestStores;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files whose entries are made to cost as much as they can. */
class InboxCostTest {
  private static final double MAX_MS_PER_KB = 2;

  /** What is allowed besides: the first thousand refusals of a file are looked for in full. */
  private static final double FIRST_REFUSALS_MS = 1_000;

  private static final int MANY = 4_000;
  private static final int SIZE = 1 << 19;
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  @TempDir Path temp;

  static Stream<Arguments> files() {
    Map<String, String> of = new LinkedHashMap<>();
    of.put("ones.ndjson", "1\n".repeat(SIZE / 2));
    of.put("ones.json", "[1" + ",1".repeat(SIZE / 2) + "]");
    of.put("objects.json", "[{}" + ",{}".repeat(SIZE / 3) + "]");
    of.put("objects in them.json", "[[]" + ",[[[[[[]]]]]]".repeat(SIZE / 13) + "]");
    of.put("no JSON.ndjson", "{\n".repeat(SIZE / 2));
    of.put("blank lines.ndjson", "\n".repeat(SIZE));
    of.put("ones and longer ones.ndjson", ("1\n".repeat(40) + words(40) + "\n").repeat(SIZE / 121));
    of.put("texts.ndjson", (words(InboxEntries.MIN_REQUEST) + "\n").repeat(SIZE / 41));
    of.put("texts.json", "[0" + ("," + words(InboxEntries.MIN_REQUEST)).repeat(SIZE / 41) + "]");
    of.put(
        "unknown names.ndjson",
        ("{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1}\n").repeat(SIZE / 44));
    of.put(
        "numbers.ndjson",
        ("{\"name\":1,\"agentPoolId\":1,\"timeZone\":1,\"pacingLimit\":\"\"}\n").repeat(SIZE / 61));
    return of.entrySet().stream().map(file -> Arguments.of(file.getKey(), file.getValue()));
  }

  private static String words(int length) {
    return "\"" + "x".repeat(length - 2) + "\"";
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void noFileCostsMoreThanItsSizeAllows(String name, String text) throws Exception {
    try (CampaignFixture bench = new CampaignFixture(TestStores.sqlite(temp.resolve("store.db")))) {
      Inbox inbox =
          InboxFixture.inbox(
              bench,
              new InboxProperties(temp.resolve("inbox"), Duration.ofSeconds(5), 100, 1 << 20));
      Files.createDirectories(temp.resolve("inbox"));
      take(inbox, "warm " + name, text.substring(0, 4_000)); // its refusal is of no interest
      long before = SYSTEM.getProcessCpuTime();
      take(inbox, name, text);
      double ms = (SYSTEM.getProcessCpuTime() - before) / 1e6;
      double most = FIRST_REFUSALS_MS + MAX_MS_PER_KB * text.length() / 1024;
      assertThat(ms).as("ms of processor time").isLessThan(most);
    }
  }

  @Test
  void manyFilesThatWerePutAwayBeforeARestartAreEachReadOnce() throws Exception {
    try (CampaignFixture bench = new CampaignFixture(TestStores.sqlite(temp.resolve("store.db")))) {
      Path done = Files.createDirectories(temp.resolve("inbox/done"));
      var uploads = new InboxUploads(bench.store);
      for (int i = 1; i <= MANY; i++) {
        Path file = Files.writeString(done.resolve(i + ".json"), "x".repeat(i));
        try (InboxContent content = InboxContent.open(file, i)) {
          uploads.read(InboxName.of(file), i, content.sha256(i)[0]);
        }
      }
      var properties =
          new InboxProperties(temp.resolve("inbox"), Duration.ofSeconds(5), 100, 1 << 20);
      InboxShelf shelf = InboxFixture.shelf(bench, properties, uploads);
      long before = SYSTEM.getProcessCpuTime();
      shelf.lookForGrown();
      double ms = (SYSTEM.getProcessCpuTime() - before) / 1e6;
      assertThat(ms / MANY).as("ms of processor time a file").isLessThan(0.7);
    }
  }

  private void take(Inbox inbox, String name, String text) throws IOException {
    Path path = Files.writeString(temp.resolve("inbox").resolve(name), text);
    InboxName of = InboxName.of(path);
    InboxFile file = inbox.open(new InboxFolder.Waiting(path, of, InboxStamp.of(path), null));
    for (Iterator<List<InboxEntries.Entry>> chunks = inbox.chunks(file); chunks.hasNext(); ) {
      inbox.take(file, inbox.read(file, chunks.next()));
    }
    inbox.file(file);
  }
}
