package io.campaignroutes.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.CampaignFixture;
import io.campaignroutes.campaign.CheckedEntry;
import io.campaignroutes.store.TestStores;
import io.campaignroutes.text.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are only checked. */
class CheckFolderTest {
  @TempDir Path temp;
  private CampaignFixture bench;
  private InboxProperties properties;
  private InboxFolder inbox;
  private CheckFolder folder;
  private DryRunFiles files;
  private Path check;
  private Path checked;

  @BeforeEach
  void open() throws IOException {
    bench = new CampaignFixture(TestStores.sqlite(temp.resolve("store.db")));
    properties = new InboxProperties(temp.resolve("inbox"), Duration.ofMillis(50), 2, 2_000);
    check = temp.resolve("inbox/check");
    checked = temp.resolve("inbox/checked");
    var uploads = new InboxUploads(bench.store);
    inbox = new InboxFolder(properties, InboxFixture.shelf(bench, properties, uploads));
    files = new DryRunFiles(bench.intake, properties);
    start();
  }

  private void start() {
    folder = new CheckFolder(properties, new InboxClaims(bench.store));
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void aFileIsReadToItsEndFiledAndLaunchesNothing() throws Exception {
    Files.writeString(
        check.resolve("spring.ndjson"), "{\"name\": \"a\"}\n".repeat(5) + request("b"));
    List<CheckedEntry> entries = pass("spring.ndjson");
    assertThat(entries).hasSize(6);
    assertThat(entries.get(5).checked().valid()).isTrue();
    assertThat(names(check)).isEmpty();
    assertThat(names(checked)).containsExactly("spring.ndjson", "spring.ndjson.check.json");
    JsonNode report =
        Json.STRICT.readTree(Files.readAllBytes(checked.resolve("spring.ndjson.check.json")));
    assertThat(report.path("file").asText()).isEqualTo("spring.ndjson");
    assertThat(report.path("sha256").asText()).hasSize(64);
    assertThat(report.path("entries").asInt()).isEqualTo(6);
    assertThat(bench.campaigns.list(null, null, 10)).isEmpty();
  }

  @Test
  void theInboxSeesNothingOfIt() throws Exception {
    Files.writeString(check.resolve("spring.json"), request("a"));
    Files.createDirectories(checked);
    Files.writeString(checked.resolve("autumn.json"), request("b"));
    assertThat(inbox.whole().hasNext()).isFalse();
    Files.writeString(temp.resolve("inbox/autumn.json.check.json"), "{}");
    await().until(() -> !inbox.whole().hasNext() && !inbox.staying().isEmpty());
    assertThat(inbox.staying().get("autumn.json.check.json")).contains("report of the inbox");
    await().during(Duration.ofMillis(200)).until(() -> !inbox.whole().hasNext());
  }

  @Test
  void aKillBeforeTheFileWasMovedLeadsToAnotherCheck() throws Exception {
    Files.writeString(check.resolve("spring.json"), request("a"));
    Files.createDirectories(checked);
    Files.writeString(checked.resolve("spring.json.check.json"), "{\"entries\": 99}");
    start();
    pass("spring.json");
    assertThat(names(checked)).containsExactly("spring.json", "spring.json.check.json");
    byte[] report = Files.readAllBytes(checked.resolve("spring.json.check.json"));
    assertThat(Json.STRICT.readTree(report).path("entries").asInt()).isOne();
  }

  @Test
  void aSecondFileOfTheNameIsFiledBesideTheFirst() throws Exception {
    Files.writeString(check.resolve("spring.json"), request("a"));
    pass("spring.json");
    Files.writeString(check.resolve("spring.json"), request("b"));
    pass("spring.json");
    assertThat(names(checked))
        .containsExactly(
            "spring-2.json", "spring-2.json.check.json", "spring.json", "spring.json.check.json");
  }

  @Test
  void aFileThatIsWrittenToWhileItIsReadIsCheckedAgain() throws Exception {
    Path file = Files.writeString(check.resolve("spring.ndjson"), request("a"));
    InboxFolder.Waiting waiting = next();
    InboxFile open = folder.open(waiting);
    Files.writeString(file, "\n" + request("b"), StandardOpenOption.APPEND);
    assertThatThrownBy(() -> folder.file(open, Json.object()))
        .isInstanceOf(InboxChangedException.class)
        .satisfies(e -> folder.putBack(waiting, open, (Exception) e));
    assertThat(names(checked)).isEmpty();
    assertThat(pass("spring.ndjson")).hasSize(2);
  }

  @Test
  void aFileThatIsRemovedWhileItIsReadIsForgotten() throws Exception {
    Path file = Files.writeString(check.resolve("spring.json"), request("a"));
    InboxFolder.Waiting waiting = next();
    InboxFile open = folder.open(waiting);
    Files.delete(file);
    assertThatThrownBy(() -> folder.file(open, Json.object()))
        .satisfies(e -> folder.putBack(waiting, open, (Exception) e));
    assertThat(folder.whole()).isEmpty();
    assertThat(names(checked)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.jsonl", "a.txt", "a.json.check.json"})
  void whatIsNoneStaysAndHealthNamesIt(String name) throws Exception {
    Files.writeString(check.resolve(name), request("a"));
    await().until(() -> folder.whole().isEmpty() && !folder.staying().isEmpty());
    assertThat(new InboxHealthIndicator(inbox, folder).health().getDetails().get("notChecked"))
        .asString()
        .contains(name);
  }

  @Test
  void aFileThatIsNoJsonIsToldToBeNone() throws Exception {
    Files.writeString(check.resolve("spring.json"), "[" + request("a"));
    List<CheckedEntry> entries = pass("spring.json");
    assertThat(entries).singleElement();
    assertThat(entries.get(0).entries()).isZero();
    assertThat(entries.get(0).problem().status()).isEqualTo(400);
    assertThat(names(checked)).containsExactly("spring.json", "spring.json.check.json");
  }

  private InboxFolder.Waiting next() {
    List<InboxFolder.Waiting> next = new ArrayList<>();
    await().until(() -> next.addAll(folder.whole()));
    return next.get(0);
  }

  /** One pass of the route. */
  private List<CheckedEntry> pass(String name) throws IOException {
    InboxFolder.Waiting waiting = next();
    assertThat(waiting.name().text()).isEqualTo(name);
    List<CheckedEntry> entries = new ArrayList<>();
    InboxFile file = folder.open(waiting);
    files.chunksOf(file).forEachRemaining(entries::addAll);
    ObjectNode told = Json.object();
    folder.file(file, told.put("entries", entries.size()));
    return entries;
  }

  private static String request(String name) {
    return Json.text(CampaignFixture.request(name, ""));
  }

  private static List<String> names(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
