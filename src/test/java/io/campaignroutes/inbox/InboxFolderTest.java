package io.campaignroutes.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignFixture;
import io.campaignroutes.campaign.RequestJson;
import io.campaignroutes.store.TestStores;
import io.campaignroutes.text.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.health.Status;

/** The inbox as a folder that people and programs of all kinds put files into. */
class InboxFolderTest {
  private static final Duration SETTLE = Duration.ofMillis(50);

  @TempDir Path temp;
  private Path dir;
  private CampaignFixture bench;
  private InboxShelf shelf;
  private InboxFolder folder;
  private CheckFolder checks;
  private Inbox inbox;
  private Runnable beforeEachChunk = () -> {};
  private final ListAppender<ILoggingEvent> told = new ListAppender<>();

  @BeforeEach
  void open() throws IOException {
    bench = new CampaignFixture(TestStores.sqlite(temp.resolve("store.db")));
    dir = temp.resolve("inbox");
    start();
    told.start();
    ((Logger) LoggerFactory.getLogger(Inbox.class)).addAppender(told);
  }

  private void start() {
    var properties = new InboxProperties(dir, SETTLE, 2, 2_000);
    var uploads = new InboxUploads(bench.store);
    shelf = InboxFixture.shelf(bench, properties, uploads);
    folder = new InboxFolder(properties, shelf);
    checks = new CheckFolder(properties, new InboxClaims(bench.store));
    inbox = InboxFixture.inbox(bench, properties, uploads, shelf);
  }

  @AfterEach
  void close() {
    ((Logger) LoggerFactory.getLogger(Inbox.class)).detachAppender(told);
    bench.close();
  }

  // names

  @Test
  void aBackslashInANameTouchesNoOtherFile() throws Exception {
    Path done = write(Files.createDirectories(dir.resolve("done")).resolve("v.json"), "{\"x\":1}");
    Path sub = write(Files.createDirectories(dir.resolve("sub")).resolve("s.json"), "{\"x\":2}");
    Path outside = write(temp.resolve("o.json"), "{\"x\":3}");
    drop("done\\v.json", "a");
    drop("sub\\s.json", "b");
    drop("done\\..\\..\\o.json", "c");
    passUntil(() -> launched().size() == 3 && names(dir).isEmpty());
    assertThat(Files.readString(done)).isEqualTo("{\"x\":1}");
    assertThat(Files.readString(sub)).isEqualTo("{\"x\":2}");
    assertThat(Files.readString(outside)).isEqualTo("{\"x\":3}");
    assertThat(names(dir.resolve("done")))
        .contains("done_v.json", "sub_s.json", "done_.._.._o.json", "done_v.json.result.json");
  }

  @Test
  void aNameOf255BytesIsFiledUnderOneThatLeavesRoomForItsReports() throws Exception {
    String umlauts = "ü".repeat(125);
    drop(umlauts + ".json", "a");
    drop(umlauts.substring(1) + "ae.json", "b"); // the same when shortened
    drop("漢".repeat(83) + ".json", "c");
    passUntil(() -> names(dir).isEmpty());
    assertThat(launched()).containsExactlyInAnyOrder("a", "b", "c");
    List<String> done = names(dir.resolve("done"));
    assertThat(done).hasSize(6).allMatch(name -> Json.utf8(name).length <= 255);
    assertThat(done)
        .filteredOn(name -> name.endsWith(".result.json"))
        .allSatisfy(name -> assertThat(done).contains(name.replace(".result.json", "")));
    assertThat(told()).hasSize(3);
  }

  @Test
  void aNameInNoEncodingIsTakenAsItIs() throws Exception {
    Path odd = raw("Fr%FChling%0A%1B.json");
    write(odd, request("a"));
    passUntil(() -> launched().size() == 1);
    assertThat(raw("done/Fr%FChling__.json")).exists();
    assertThat(report("done/Fr%FChling__.json.result.json").path("file").asText())
        .isEqualTo("Fr\\xFChling\\u000A\\u001B.json");
    assertThat(told()).singleElement().asString().startsWith("Fr\\xFChling\\u000A\\u001B.json: 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"UPPER.JSON", "Mixed.Json", "LINES.NDJSON", "-dash.json", "x.result.json"})
  void theseAreTakenLikeAnyOther(String name) throws Exception {
    drop(name, "a");
    passUntil(() -> names(dir.resolve("done")).contains(name));
    assertThat(launched()).containsExactly("a");
    assertThat(names(dir.resolve("done"))).containsExactlyInAnyOrder(name, name + ".result.json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.jsonl",
        "a.txt",
        "a.json.result.json",
        "a.ndjson.error.json",
        "A.JSON.RESULT.JSON"
      })
  void theseStayAndThatIsToldOnce(String name) throws Exception {
    drop(name, "a");
    passUntil(() -> folder.staying().containsKey(name));
    for (int i = 0; i < 20; i++) {
      pass();
    }
    assertThat(launched()).isEmpty();
    assertThat(dir.resolve(name)).exists();
    assertThat(told()).singleElement().asString().startsWith(name + " stays in the inbox: ");
    assertThat(new InboxHealthIndicator(folder, checks).health().getStatus()).isEqualTo(Status.UP);
    Files.delete(dir.resolve(name));
    passUntil(() -> folder.staying().isEmpty());
  }

  @Test
  void aReportIsNeverOverwrittenByAFileNorAFileByAReport() throws Exception {
    drop("a.json", "a");
    passUntil(() -> launched().size() == 1);
    String report = Files.readString(dir.resolve("done/a.json.result.json"));
    Files.copy(dir.resolve("done/a.json.result.json"), dir.resolve("a.json.result.json"));
    passUntil(() -> !folder.staying().isEmpty());
    assertThat(dir.resolve("done/a.json.result.json")).hasContent(report);
    assertThat(names(dir.resolve("done"))).hasSize(2);
  }

  @Test
  void linksFoldersAndWhatCannotBeReadAreToldOnceEachWithItsOwnAdvice() throws Exception {
    Path real = write(temp.resolve("real.json"), request("a"));
    Files.createSymbolicLink(dir.resolve("link.json"), real);
    Files.createSymbolicLink(dir.resolve("dangling.json"), temp.resolve("nowhere.json"));
    Files.createDirectory(dir.resolve("folder.json"));
    drop("good.json", "b");
    passUntil(() -> launched().size() == 1 && folder.staying().size() == 3);
    for (int i = 0; i < 20; i++) {
      pass();
    }
    assertThat(launched()).containsExactly("b");
    assertThat(told())
        .anyMatch(line -> line.matches("link.json stays .* is a link, which is not followed.*"))
        .anyMatch(line -> line.matches("dangling.json stays .* is a link to nothing.*"))
        .anyMatch(line -> line.matches("folder.json stays .* is no file.*"))
        .hasSize(4);
    Files.delete(dir.resolve("dangling.json"));
    drop("dangling.json", "c");
    passUntil(() -> launched().contains("c"));
  }

  // what happens to a file while it is read

  @Test
  void anotherFileMovedOverOneThatIsReadIsReadAfterIt() throws Exception {
    write(dir.resolve("same.ndjson"), lines("a", "b", "c", "d"));
    beforeEachChunk =
        once(
            () -> {
              Path draft = write(temp.resolve("draft"), lines("z"));
              Files.move(draft, dir.resolve("same.ndjson"), StandardCopyOption.REPLACE_EXISTING);
            });
    passUntil(() -> launched().size() == 5 && names(dir).isEmpty());
    assertThat(dir.resolve("done/same.ndjson")).hasContent(lines("a", "b", "c", "d"));
    assertThat(dir.resolve("done/same-2.ndjson")).hasContent(lines("z"));
    assertThat(report("done/same.ndjson.result.json").path("campaigns")).hasSize(4);
    assertThat(report("done/same-2.ndjson.result.json").path("campaigns")).hasSize(1);
  }

  @Test
  void aFileRenamedWhileItIsReadIsReadOnce() throws Exception {
    write(dir.resolve("a.ndjson"), lines("a", "b", "c"));
    beforeEachChunk = once(() -> Files.move(dir.resolve("a.ndjson"), dir.resolve("b.ndjson")));
    passUntil(() -> names(dir).isEmpty());
    assertThat(launched()).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(names(dir.resolve("done")))
        .containsExactlyInAnyOrder("b.ndjson", "b.ndjson.result.json");
    assertThat(report("done/b.ndjson.result.json").path("takenBefore").asBoolean()).isFalse();
  }

  @Test
  void aFileRemovedWhileItIsReadIsInDoneAsItWas() throws Exception {
    write(dir.resolve("a.ndjson"), lines("a", "b", "c"));
    beforeEachChunk = once(() -> Files.delete(dir.resolve("a.ndjson")));
    pass();
    passUntil(() -> launched().size() == 3);
    assertThat(dir.resolve("done/a.ndjson")).hasContent(lines("a", "b", "c"));
  }

  @Test
  void aFileThatGrowsWhileItIsReadIsReadAgainAndNothingIsLaunchedTwice() throws Exception {
    write(dir.resolve("a.ndjson"), lines("a", "b", "c"));
    beforeEachChunk = atCall(2, () -> append("a.ndjson", lines("d")));
    passUntil(() -> launched().size() == 4 && names(dir).isEmpty());
    assertThat(launched()).containsExactlyInAnyOrder("a", "b", "c", "d");
    assertThat(dir.resolve("done/a.ndjson")).hasContent(lines("a", "b", "c", "d"));
    assertThat(dir.resolve("failed")).doesNotExist();
  }

  @Test
  void anUploadThatStallsIsReadAgainWhenItHasGrownAndHasOneVerdict() throws Exception {
    String all = lines("a", "b", "c", "d");
    int cut = all.length() - 100; // inside an entry
    write(dir.resolve("s.ndjson"), all.substring(0, cut));
    passUntil(() -> names(dir).isEmpty());
    assertThat(dir.resolve("failed/s.ndjson.error.json")).exists();
    Files.writeString(
        dir.resolve("failed/s.ndjson"), all.substring(cut), StandardOpenOption.APPEND);
    passUntil(() -> launched().size() == 4 && names(dir).isEmpty());
    assertThat(launched()).containsExactlyInAnyOrder("a", "b", "c", "d");
    assertThat(dir.resolve("done/s.ndjson")).hasContent(all);
    assertThat(report("done/s.ndjson.result.json").path("campaigns")).hasSize(4);
    assertThat(names(dir.resolve("failed"))).isEmpty();
    assertThat(told()).anyMatch(line -> line.startsWith("s.ndjson has grown after it was taken"));
  }

  @Test
  void anUploadThatGoesOnAfterAKillIsReadAgainAndNothingIsLaunchedTwice() throws Exception {
    write(dir.resolve("s.ndjson"), lines("a", "b"));
    passUntil(() -> names(dir).isEmpty());
    start(); // the process was killed
    Files.writeString(dir.resolve("done/s.ndjson"), lines("c"), StandardOpenOption.APPEND);
    passUntil(() -> launched().size() == 3 && names(dir).isEmpty());
    assertThat(launched()).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(names(dir.resolve("done")))
        .containsExactlyInAnyOrder("s.ndjson", "s.ndjson.result.json");
    assertThat(report("done/s.ndjson.result.json").path("campaigns")).hasSize(3);
  }

  @Test
  void whatSomebodyWritesInDoneIsLeftAlone() throws Exception {
    write(dir.resolve("s.ndjson"), lines("a"));
    passUntil(() -> names(dir).isEmpty());
    write(dir.resolve("done/s.ndjson"), lines("b", "c", "d"));
    shelf.lookForGrown();
    pass();
    assertThat(launched()).containsExactly("a");
    assertThat(dir.resolve("done/s.ndjson")).exists();
  }

  @Test
  void anUploadThatHasRoomButNotAllOfItsBytesStaysUntilTheyAreThere() throws Exception {
    byte[] lines = Json.utf8(lines("a", "b", "c"));
    byte[] list = Json.utf8("[" + request("d") + "," + request("e") + "]");
    Files.write(
        dir.resolve("lines.ndjson"), Arrays.copyOf(Arrays.copyOf(lines, 150), lines.length));
    Files.write(dir.resolve("list.json"), Arrays.copyOf(Arrays.copyOf(list, 150), list.length));
    passUntil(() -> folder.staying().size() == 2);
    for (int i = 0; i < 20; i++) {
      pass();
    }
    assertThat(launched()).isEmpty();
    assertThat(told()).hasSize(2).allMatch(line -> line.contains("it ends in NUL characters"));
    Files.write(dir.resolve("lines.ndjson"), lines);
    Files.write(dir.resolve("list.json"), list);
    passUntil(() -> launched().size() == 5 && names(dir).isEmpty());
    assertThat(names(dir.resolve("done"))).hasSize(4);
    assertThat(dir.resolve("failed")).doesNotExist();
  }

  @Test
  void aFileThatTakesLongKeepsNoOtherWaiting() throws Exception {
    String much = " ".repeat(1 << 20);
    write(dir.resolve("a-large.ndjson"), lines("l1", "l2", "l3") + much + "\n" + lines("l4"));
    List<Integer> launchedBefore = new ArrayList<>();
    beforeEachChunk =
        once(
            () -> {
              drop("small.json", "s");
              passUntil(() -> launched().contains("s"));
              launchedBefore.add(launched().size());
              Files.move(
                  write(temp.resolve("draft"), lines("z")),
                  dir.resolve("a-large.ndjson"),
                  StandardCopyOption.REPLACE_EXISTING);
              for (int i = 0; i < 10; i++) {
                pass();
              }
            });
    await().atMost(Duration.ofSeconds(20)).until(() -> passLarge());
    assertThat(launchedBefore).containsExactly(1);
    assertThat(launched()).containsExactlyInAnyOrder("s", "l1", "l2", "l3", "l4");
    assertThat(report("done/a-large.ndjson.result.json").path("campaigns")).hasSize(4);
    passUntil(() -> launched().contains("z"));
    assertThat(dir.resolve("done/a-large-2.ndjson")).hasContent(lines("z"));
  }

  @Test
  void whatIsMovedToAnotherDiskIsDeletedOnlyIfItIsStillWhatWasRead() throws Exception {
    Path place = Files.createDirectories(dir.resolve("done")).resolve("a.ndjson");
    Path from = write(dir.resolve("a.ndjson"), lines("a"));
    InboxFile grown = openedNow(from);
    append("a.ndjson", lines("b"));
    assertThatThrownBy(() -> InboxShelf.moveToOtherDisk(grown, from, place))
        .isInstanceOf(InboxChangedException.class);
    assertThat(from).hasContent(lines("a", "b"));
    assertThat(place).doesNotExist();

    InboxFile replaced = openedNow(from);
    Path draft = write(temp.resolve("draft"), lines("z"));
    Files.move(draft, from, StandardCopyOption.REPLACE_EXISTING);
    InboxShelf.moveToOtherDisk(replaced, from, place);
    assertThat(from).hasContent(lines("z"));
    assertThat(place).hasContent(lines("a", "b"));

    InboxFile same = openedNow(from);
    InboxShelf.moveToOtherDisk(same, from, place.resolveSibling("z.ndjson"));
    assertThat(from).doesNotExist();
    assertThat(place.resolveSibling("z.ndjson")).hasContent(lines("z"));
  }

  private InboxFile openedNow(Path path) throws IOException {
    return inbox.open(new InboxFolder.Waiting(path, InboxName.of(path), InboxStamp.of(path), null));
  }

  // folders in trouble

  @Test
  void aLinkToAFolderElsewhereIsAFolder() throws Exception {
    Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
    Files.createSymbolicLink(dir.resolve("done"), elsewhere);
    drop("a.json", "a");
    passUntil(() -> launched().size() == 1 && names(dir).isEmpty());
    pass();
    assertThat(names(elsewhere)).containsExactlyInAnyOrder("a.json", "a.json.result.json");
    assertThat(folder.staying()).isEmpty();
    assertThat(told()).hasSize(1);
  }

  @Test
  void whatCannotBePutAwayIsLaunchedOnceToldOnceAndPutAwayLater() throws Exception {
    Path inTheWay = write(dir.resolve("done"), "a file");
    drop("a.json", "a");
    passUntil(() -> !folder.notFiled().isEmpty());
    var health = new InboxHealthIndicator(folder, checks);
    assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
    assertThat(health.health().getDetails().toString())
        .contains("a.json is taken, but cannot be moved to done/: there is a file where");
    for (int i = 0; i < 20; i++) {
      pass();
    }
    assertThat(launched()).containsExactly("a");
    assertThat(told()).filteredOn(line -> line.contains("a.json")).hasSize(1);
    assertThat(names(dir)).containsExactlyInAnyOrder("a.json", "done");
    Files.delete(inTheWay);
    passUntil(() -> folder.notFiled().isEmpty());
    assertThat(names(dir.resolve("done")))
        .containsExactlyInAnyOrder("a.json", "a.json.result.json");
    assertThat(report("done/a.json.result.json").path("takenBefore").asBoolean()).isFalse();
    assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    assertThat(launched()).containsExactly("a");
  }

  @Test
  void aFolderThatIsGoneOrAFileIsToldOnceAndTakenUpWhenItComesBack() throws Exception {
    pass();
    var health = new InboxHealthIndicator(folder, checks);
    Path away = Files.move(dir, temp.resolve("away"));
    passUntil(() -> folder.unusable() != null);
    for (int i = 0; i < 20; i++) {
      pass();
    }
    assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
    assertThat(told()).singleElement().asString().contains("is gone. Make it again, or mount it.");
    write(dir, "a file");
    passUntil(() -> folder.unusable().contains("is a file, not a folder"));
    Files.delete(dir);
    write(away.resolve("a.json"), request("a"));
    Files.move(away, dir);
    passUntil(() -> launched().size() == 1);
    assertThat(health.health().getStatus()).isEqualTo(Status.UP);
  }

  // what is in it

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-8"})
  void aFileIsUnderstoodInAnyUnicodeEncoding(String charset) throws Exception {
    String text = lines("Für Elise", "b").replace("\n", "\r\n");
    String mark = charset.equals("UTF-8") ? "\ufeff" : "";
    Files.write(dir.resolve("u.ndjson"), (mark + text).getBytes(Charset.forName(charset)));
    String array = mark + "[" + request("c") + "," + request("d") + "]";
    Files.write(dir.resolve("u.json"), array.getBytes(Charset.forName(charset)));
    passUntil(() -> names(dir).isEmpty());
    assertThat(launched()).containsExactlyInAnyOrder("Für Elise", "b", "c", "d");
    assertThat(dir.resolve("failed")).doesNotExist();
  }

  @Test
  void ofTheSameBytesInThreeInboxesAtOneMomentOneWasTakenFirst() throws Exception {
    List<Inbox> inboxes = new ArrayList<>();
    List<InboxFile> files = new ArrayList<>();
    for (String name : List.of("one", "two", "three")) {
      Path path =
          write(Files.createDirectories(temp.resolve(name)).resolve("a.json"), request("a"));
      Inbox each =
          InboxFixture.inbox(bench, new InboxProperties(path.getParent(), SETTLE, 2, 2_000));
      inboxes.add(each);
      files.add(
          each.open(new InboxFolder.Waiting(path, InboxName.of(path), InboxStamp.of(path), null)));
    }
    for (int i = 0; i < 3; i++) {
      inboxes
          .get(i)
          .take(
              files.get(i),
              inboxes.get(i).read(files.get(i), inboxes.get(i).chunks(files.get(i)).next()));
    }
    List<Boolean> before = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      inboxes.get(i).file(files.get(i));
      Path report = files.get(i).path().resolveSibling("done/a.json.result.json");
      before.add(RequestJson.read(Files.readAllBytes(report)).path("takenBefore").asBoolean());
    }
    assertThat(before).containsExactly(false, true, true);
    assertThat(launched()).containsExactly("a");
  }

  @Test
  void aFileThatIsBrokenInItsEncodingIsRefusedAsAWhole() throws Exception {
    byte[] wide = lines("a", "b").getBytes(StandardCharsets.UTF_16);
    Files.write(dir.resolve("u.ndjson"), Arrays.copyOf(wide, wide.length - 1));
    passUntil(() -> names(dir).isEmpty());
    JsonNode problems = report("failed/u.ndjson.error.json");
    assertThat(problems).hasSize(1);
    assertThat(problems.at("/0/detail").asText()).contains("Save it in UTF-8");
    assertThat(launched()).isEmpty();
  }

  @Test
  void ofEntriesTooShortForARequestTheFirstAreToldOneByOneAndTheOthersCounted() throws Exception {
    write(
        dir.resolve("short.ndjson"),
        "1\n".repeat(150) + lines("a") + "\n" + "{}\n".repeat(7) + lines("b"));
    passUntil(() -> names(dir).isEmpty());
    assertThat(launched()).containsExactlyInAnyOrder("a", "b");
    JsonNode problems = report("failed/short.ndjson.error.json");
    assertThat(problems).hasSize(102);
    assertThat(problems.at("/100/entries").asInt()).isEqualTo(50);
    assertThat(problems.at("/100/line").asInt()).isEqualTo(101);
    assertThat(problems.at("/100/lastLine").asInt()).isEqualTo(150);
    assertThat(problems.at("/101/detail").asText())
        .isEqualTo("From line 153 to 159 stand 7 entries too short to be a request.");
    assertThat(report("failed/short.ndjson.result.json").at("/campaigns/1/line").asInt())
        .isEqualTo(160);
    assertThat(told()).anyMatch(line -> line.contains("2 campaigns taken, 157 entries refused"));
  }

  private interface Action {
    void run() throws Exception;
  }

  private static Runnable once(Action action) {
    return atCall(1, action);
  }

  private static Runnable atCall(int call, Action action) {
    int[] calls = {0};
    return () -> {
      if (++calls[0] == call) {
        try {
          action.run();
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
    };
  }

  private void append(String name, String text) throws IOException {
    Files.writeString(dir.resolve(name), text, StandardOpenOption.APPEND);
  }

  /** What the route does, once. */
  private void pass() {
    take(folder.whole());
  }

  /** What the route for large files does, once; whether there was one. */
  private boolean passLarge() {
    pass();
    Iterator<InboxFolder.Waiting> large = folder.wholeLarge().iterator();
    boolean any = large.hasNext();
    take(large);
    return any;
  }

  private void take(Iterator<InboxFolder.Waiting> files) {
    while (files.hasNext()) {
      InboxFolder.Waiting waiting = files.next();
      InboxFile file = null;
      try {
        file = inbox.open(waiting);
        Iterator<List<InboxEntries.Entry>> chunks = inbox.chunks(file);
        while (chunks.hasNext()) {
          List<InboxEntries.Entry> chunk = chunks.next();
          beforeEachChunk.run();
          inbox.take(file, inbox.read(file, chunk));
        }
        inbox.file(file);
        folder.forget(waiting);
      } catch (Exception e) {
        folder.putBack(waiting, file, e);
      }
    }
  }

  private void passUntil(BooleanSupplier reached) {
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              pass();
              return reached.getAsBoolean();
            });
  }

  private List<String> told() {
    return told.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private static String request(String name) {
    return Json.text(CampaignFixture.request(name, ""));
  }

  private static String lines(String... names) {
    return Stream.of(names).map(name -> request(name) + "\n").reduce("", String::concat);
  }

  private void drop(String name, String campaign) throws IOException {
    write(dir.resolve(name), request(campaign));
  }

  private static Path write(Path file, String text) throws IOException {
    return Files.writeString(file, text);
  }

  /** A path in the inbox of any bytes. */
  private Path raw(String escaped) {
    return Path.of(URI.create(dir.toUri() + escaped));
  }

  private JsonNode report(String escaped) throws IOException {
    return RequestJson.read(Files.readAllBytes(raw(escaped)));
  }

  /** The files of a folder, hidden ones included. */
  private static List<String> names(Path folder) {
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      files.filter(Files::isRegularFile).forEach(file -> names.add(file.getFileName().toString()));
    } catch (IOException e) {
      return List.of();
    }
    return names;
  }

  private List<String> launched() {
    return bench.campaigns.list(null, null, 100).stream().map(Campaign::name).toList();
  }
}
