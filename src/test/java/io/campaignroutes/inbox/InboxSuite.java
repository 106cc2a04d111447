package io.campaignroutes.inbox;

import static io.campaignroutes.campaign.CampaignFixture.agents;
import static io.campaignroutes.campaign.CampaignFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignFixture;
import io.campaignroutes.campaign.Command;
import io.campaignroutes.campaign.PriorityClass;
import io.campaignroutes.campaign.RequestJson;
import io.campaignroutes.store.TestStores;
import io.campaignroutes.text.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of the inbox, taken as the route takes them, on a real store. */
abstract class InboxSuite {
  private static final int LARGEST = 2_000;

  @TempDir Path temp;
  Path dir;
  CampaignFixture bench;
  Inbox inbox;
  InboxContacts contacts;

  abstract TestStores.Opened open();

  @BeforeEach
  void openBench() throws IOException {
    bench = new CampaignFixture(open());
    dir = Files.createDirectories(temp.resolve("inbox"));
    InboxProperties properties = new InboxProperties(dir, Duration.ofSeconds(5), 3, LARGEST);
    inbox = InboxFixture.inbox(bench, properties);
    contacts = InboxFixture.contacts(bench, properties);
  }

  @AfterEach
  void closeBench() {
    try {
      bench.assertHistoryAndAuditAgree();
    } finally {
      bench.close();
    }
  }

  @Test
  void askingForUploadsLeavesAllConnectionsToOthers() {
    for (int i = 0; i < 20; i++) {
      assertThat(new InboxUploads(bench.store).all()).isEmpty();
    }
  }

  @Test
  void aFileWithOneRequestIsTakenAndGoesToDone() throws Exception {
    assertThat(drop("spring.json", text(request("Spring", "")))).isEqualTo("done/spring.json");
    JsonNode result = report("done/spring.json.result.json");
    Campaign campaign = bench.campaigns.list(null, null, 10).get(0);
    assertThat(result.path("file").asText()).isEqualTo("spring.json");
    assertThat(result.path("takenBefore").asBoolean()).isFalse();
    assertThat(result.path("campaigns")).hasSize(1);
    assertThat(result.at("/campaigns/0/id").asText()).isEqualTo(campaign.id());
    assertThat(result.at("/campaigns/0/stage").asText()).isEqualTo("RECEIVED");
    assertThat(result.at("/campaigns/0/line").asInt()).isOne();
    assertThat(dir.resolve("failed")).doesNotExist();
  }

  @Test
  void everyElementOfAnArrayIsTakenChunkByChunk() throws Exception {
    List<String> requests = names(8).stream().map(n -> text(request(n, ""))).toList();
    assertThat(drop("all.json", "[\n" + String.join(",\n", requests) + "\n]"))
        .isEqualTo("done/all.json");
    assertThat(launched()).containsExactlyInAnyOrderElementsOf(names(8));
    JsonNode result = report("done/all.json.result.json");
    assertThat(result.at("/campaigns/7/entry").asInt()).isEqualTo(7);
    assertThat(result.at("/campaigns/7/line").asInt()).isEqualTo(9);
  }

  @Test
  void blankLinesOfAnNdjsonFileDoNotCountAsEntriesButAsLines() throws Exception {
    String lines =
        "\n"
            + text(request("a", ""))
            + "\r\n   \n\n"
            + text(request("b", ""))
            + "\n\t\n"
            + text(request("c", ""));
    assertThat(drop("all.ndjson", lines)).isEqualTo("done/all.ndjson");
    assertThat(launched()).containsExactlyInAnyOrder("a", "b", "c");
    JsonNode campaigns = report("done/all.ndjson.result.json").path("campaigns");
    assertThat(campaigns).extracting(c -> c.path("line").asInt()).containsExactly(2, 5, 7);
    assertThat(campaigns).extracting(c -> c.path("entry").asInt()).containsExactly(0, 1, 2);
  }

  @Test
  void aLineOverTheLimitIsTooLargeAndTheOthersAreTaken() throws Exception {
    String lines =
        text(request("a", ""))
            + "\n{\"name\":\""
            + "x".repeat(LARGEST)
            + "\"}\n"
            + text(request("b", ""))
            + "\n";
    assertThat(drop("all.ndjson", lines)).isEqualTo("failed/all.ndjson");
    assertThat(launched()).containsExactlyInAnyOrder("a", "b");
    JsonNode problems = report("failed/all.ndjson.error.json");
    assertThat(problems).hasSize(1);
    assertThat(problems.at("/0/status").asInt()).isEqualTo(413);
    assertThat(problems.at("/0/line").asInt()).isEqualTo(2);
  }

  @Test
  void anElementOverTheLimitIsTooLargeAsWell() throws Exception {
    String big = "{\"name\":\"" + "x".repeat(LARGEST) + "\"}";
    assertThat(drop("all.json", "[" + big + "," + text(request("b", "")) + "]"))
        .isEqualTo("failed/all.json");
    assertThat(launched()).containsExactly("b");
    assertThat(report("failed/all.json.error.json").at("/0/status").asInt()).isEqualTo(413);
  }

  @Test
  void aTruncatedFileIsRefusedAsOneProblemThatSaysWhereItEnds() throws Exception {
    String whole = "[" + text(request("a", "")) + "," + text(request("b", "")) + "]";
    assertThat(drop("cut.json", whole.substring(0, whole.length() - 20)))
        .isEqualTo("failed/cut.json");
    assertThat(bench.count("campaign")).isZero();
    JsonNode problems = report("failed/cut.json.error.json");
    assertThat(problems).hasSize(1);
    assertThat(problems.at("/0/status").asInt()).isEqualTo(400);
    assertThat(problems.at("/0/file").asText()).isEqualTo("cut.json");
    assertThat(problems.at("/0/detail").asText()).contains("line 1");
    assertThat(dir.resolve("failed/cut.json.result.json")).doesNotExist();
  }

  @Test
  void whatIsWrongWithALineIsToldByItsPlaceInTheFile() throws Exception {
    String lines =
        text(request("a", ""))
            + "\n\n{\"name\":\u201cX\u201d}\n{\"a\":1,\"a\":2}\n{\"a\":\n\u00a0\n";
    assertThat(drop("odd.ndjson", lines)).isEqualTo("failed/odd.ndjson");
    JsonNode problems = report("failed/odd.ndjson.error.json");
    assertThat(problems).hasSize(4);
    assertThat(problems)
        .extracting(one -> one.path("line").asInt() + " " + one.path("detail").asText())
        .satisfiesExactly(
            one ->
                assertThat(one)
                    .contains("3 ", "line 3, column 9: there is a curly quote \u201c (U+201C)"),
            one ->
                assertThat(one)
                    .contains(
                        "4 ",
                        "line 4, column 8: the name a appears twice",
                        "first at line 4, column 2"),
            one -> assertThat(one).contains("5 ", "line 5, column 6: it ends too early"),
            one -> assertThat(one).contains("6 ", "line 6, column 1: there is a no-break space"));
  }

  @Test
  void whatIsWrongWithAFileIsToldByItsLine() throws Exception {
    assertThat(drop("two.json", "{\n}\n\n{}")).isEqualTo("failed/two.json");
    JsonNode problem = report("failed/two.json.error.json").get(0);
    assertThat(problem.path("line").asInt()).isEqualTo(4);
    assertThat(problem.path("detail").asText())
        .contains("line 4, column 1: another JSON document begins here", ".ndjson");
    String array = "[\n" + text(request("a", "")) + ",\n  {\"a\":1, \"a\":2}]";
    assertThat(drop("twice.json", array)).isEqualTo("failed/twice.json");
    JsonNode twice = report("failed/twice.json.error.json").get(0);
    assertThat(twice.path("line").asInt()).isEqualTo(3);
    assertThat(twice.path("detail").asText())
        .contains("line 3, column 11", "first at line 3, column 4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  \n ", "[]"})
  void aFileWithNothingInItIsRefused(String text) throws Exception {
    assertThat(drop("empty.json", text)).isEqualTo("failed/empty.json");
    assertThat(report("failed/empty.json.error.json")).hasSize(1);
    assertThat(report("failed/empty.json.error.json").at("/0/status").asInt()).isEqualTo(400);
  }

  @Test
  void anEmptyNdjsonFileIsRefused() throws Exception {
    assertThat(drop("empty.ndjson", "\n\n")).isEqualTo("failed/empty.ndjson");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"a string\"", "17", "[1, null, \"x\"]", "null"})
  void whatIsNoRequestIsRefusedEntryByEntry(String text) throws Exception {
    assertThat(drop("odd.json", text)).isEqualTo("failed/odd.json");
    JsonNode problems = report("failed/odd.json.error.json");
    assertThat(problems).hasSize(text.startsWith("[") ? 3 : 1);
    assertThat(problems).allSatisfy(p -> assertThat(p.path("status").asInt()).isEqualTo(422));
  }

  @Test
  void aMixedFileGoesToFailedWithBothReportsAndItsGoodEntriesAreLaunched() throws Exception {
    String lines =
        String.join(
            "\n",
            text(request("a", "")),
            text(request("b", "'timeZone':'Mars/Base'")),
            "{no json",
            text(request("a", "'dialerStrategy':'POWER'")),
            text(request("c", "")));
    assertThat(drop("mixed.ndjson", lines)).isEqualTo("failed/mixed.ndjson");
    assertThat(launched()).containsExactlyInAnyOrder("a", "c");
    JsonNode problems = report("failed/mixed.ndjson.error.json");
    assertThat(problems).extracting(p -> p.path("line").asInt()).containsExactly(2, 3, 4);
    assertThat(problems).extracting(p -> p.path("status").asInt()).containsExactly(422, 400, 409);
    assertThat(problems.at("/0/errors/0/field").asText()).isEqualTo("timeZone");
    assertThat(problems.at("/2/campaignId").asText()).startsWith("cmp_");
    assertThat(report("failed/mixed.ndjson.result.json").path("campaigns")).hasSize(2);
  }

  @Test
  void anEntryIsRefusedAtOnceWhereTheAgentsOfItsPoolAreKnown() throws Exception {
    bench.pools.keep("pool-1", agents(1).agents());
    bench.pools.keepUnknown("pool-x");
    String lines =
        text(request("a", ""))
            + "\n"
            + text(request("b", "'agentPoolId':'pool-x'"))
            + "\n"
            + text(request("c", "'agentPoolId':'pool-not-asked'"));
    assertThat(drop("pools.ndjson", lines)).isEqualTo("failed/pools.ndjson");
    assertThat(launched()).containsExactly("c");
    JsonNode problems = report("failed/pools.ndjson.error.json");
    assertThat(problems.at("/0/errors/0/rule").asText()).isEqualTo("agents.minimum");
    assertThat(problems.at("/1/detail").asText()).contains("Agent pool not found");
  }

  @Test
  void eachPoolOfAChunkIsAskedForOnce() throws Exception {
    String lines =
        text(request("a", ""))
            + "\n"
            + text(request("b", ""))
            + "\n"
            + text(request("c", "'agentPoolId':'pool-2'"));
    InboxFile file = opened("pools.ndjson", lines);
    List<InboxEntries.Entry> chunk = inbox.chunks(file).next();
    assertThat(inbox.poolsOf(inbox.read(file, chunk))).containsExactly("pool-1", "pool-2");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void aFileWhoseTakingWasCutOffGoesOnAfterTheEntriesAlreadyTaken(int chunksBefore)
      throws Exception {
    String lines = String.join("\n", names(8).stream().map(n -> text(request(n, ""))).toList());
    InboxFile file = opened("all.ndjson", lines);
    Iterator<List<InboxEntries.Entry>> chunks = inbox.chunks(file);
    for (int i = 0; i < chunksBefore; i++) {
      inbox.take(file, inbox.read(file, chunks.next()));
    }
    seenNoMore(); // the process is killed here, its next chunk read but not taken
    InboxFile again = open("all.ndjson");
    assertThat(again.taken()).isEqualTo(Math.min(8, 3 * chunksBefore));
    assertThat(again.again()).isFalse();
    takeAll(again);
    assertThat(filed(again)).isEqualTo("done/all.ndjson");
    assertThat(launched()).containsExactlyInAnyOrderElementsOf(names(8));
    assertThat(bench.count("inbox_entry")).isEqualTo(8);
  }

  @Test
  void anArrayThatWasCutOffGoesOnAsWell() throws Exception {
    String text =
        "[" + String.join(",", names(5).stream().map(n -> text(request(n, ""))).toList()) + "]";
    InboxFile file = opened("all.json", text);
    inbox.take(file, inbox.read(file, inbox.chunks(file).next()));
    seenNoMore();
    InboxFile again = open("all.json");
    takeAll(again);
    assertThat(filed(again)).isEqualTo("done/all.json");
    assertThat(launched()).containsExactlyInAnyOrderElementsOf(names(5));
  }

  @Test
  void aChunkThatAnotherRunHasTakenMeanwhileIsNotTakenTwice() throws Exception {
    InboxFile file = opened("all.ndjson", text(request("a", "")) + "\n" + text(request("b", "")));
    List<Inbox.Read> chunk = inbox.read(file, inbox.chunks(file).next());
    inbox.take(file, chunk);
    inbox.take(file, chunk);
    assertThat(launched()).containsExactlyInAnyOrder("a", "b");
    assertThat(bench.count("inbox_entry")).isEqualTo(2);
  }

  @Test
  void aKillBetweenTheReportAndTheMoveDoublesNothing() throws Exception {
    InboxFile file = opened("a.json", text(request("a", "")));
    takeAll(file);
    filed(file);
    Files.move(dir.resolve("done/a.json"), dir.resolve("a.json")); // as it was before the move
    assertThat(takeWhole("a.json")).isEqualTo("done/a.json");
    assertThat(launched()).containsExactly("a");
    assertThat(report("done/a.json.result.json").path("campaigns")).hasSize(1);
  }

  @Test
  void theSameFileAgainLaunchesNothingTwiceButGivesRefusedEntriesAnotherChance() throws Exception {
    String running = bench.take("b").id();
    String lines = text(request("a", "")) + "\n" + text(request("b", "")) + "\n";
    assertThat(drop("all.ndjson", lines)).isEqualTo("failed/all.ndjson");
    assertThat(launched()).containsExactlyInAnyOrder("a", "b");
    bench.commands.give(running, Command.STOP, CampaignFixture.DESK);
    bench.commandSteps.stoppedBeforeLaunch(bench.claim(PriorityClass.COMMAND, running));

    assertThat(drop("again.ndjson", lines)).isEqualTo("done/again.ndjson");
    assertThat(launched()).containsExactlyInAnyOrder("a", "b", "b");
    JsonNode result = report("done/again.ndjson.result.json");
    assertThat(result.path("takenBefore").asBoolean()).isTrue();
    assertThat(result.path("campaigns")).hasSize(2);

    assertThat(drop("third.ndjson", lines)).isEqualTo("done/third.ndjson");
    assertThat(bench.count("campaign")).isEqualTo(3);
  }

  @Test
  void aRequestWithTheKeyOfAnEarlierOneLeadsToThatCampaignWithANote() throws Exception {
    Campaign before = bench.hand(request("a", "'externalId':'k'"), null).campaign();
    assertThat(drop("a.json", text(request("a", "'externalId':'k'")))).isEqualTo("done/a.json");
    JsonNode result = report("done/a.json.result.json");
    assertThat(result.at("/campaigns/0/id").asText()).isEqualTo(before.id());
    assertThat(result.at("/campaigns/0/note").asText()).contains("handed in before");
    assertThat(bench.count("campaign")).isOne();
  }

  @Test
  void anotherFileOfTheSameNameGetsAFreeNameInDone() throws Exception {
    assertThat(drop("spring.json", text(request("a", "")))).isEqualTo("done/spring.json");
    assertThat(drop("spring.json", text(request("b", "")))).isEqualTo("done/spring-2.json");
    assertThat(drop("spring.json", text(request("c", "")))).isEqualTo("done/spring-3.json");
    assertThat(report("done/spring-2.json.result.json").at("/campaigns/0/name").asText())
        .isEqualTo("b");
  }

  @Test
  void aRefusalThatAnEarlierVersionHasStoredIsReportedAsWell() throws Exception {
    InboxFile file = opened("a.ndjson", text(request("a", "")) + "\n{no\n{json\n");
    takeAll(file);
    bench.store.write(
        tx ->
            tx.sql()
                .sql("update inbox_entry set problem = ? where problem is not null")
                .param("{\"title\":\"Unreadable JSON\",\"status\":400}")
                .update());
    assertThat(filed(file)).isEqualTo("failed/a.ndjson");
    JsonNode problems = report("failed/a.ndjson.error.json");
    assertThat(problems).hasSize(1);
    assertThat(problems.at("/0/entry").asInt()).isOne();
    assertThat(problems.at("/0/line").asInt()).isEqualTo(2);
    assertThat(problems.at("/0/file").asText()).isEqualTo("a.ndjson");
  }

  // Faults found; see the report. Each is what should be.

  @Test
  void aSecondDocumentInAJsonFileIsNotLostInSilence() throws Exception {
    String two = text(request("a", "")) + "\n" + text(request("b", ""));
    assertThat(drop("two.json", two)).isEqualTo("failed/two.json");
  }

  @Test
  void aFileInUtf16IsTakenOrRefusedButNotLeftLying() throws Exception {
    Path file = dir.resolve("wide.json");
    Files.write(file, text(request("a", "")).getBytes(StandardCharsets.UTF_16));
    assertThat(takeWhole("wide.json")).endsWith("wide.json");
  }

  // Contacts

  private Path dropContacts(String name, String text, Duration age) throws IOException {
    Path file = Files.writeString(dir.resolve(name), text);
    Files.setLastModifiedTime(
        file, FileTime.fromMillis(System.currentTimeMillis() - age.toMillis()));
    return file;
  }

  @Test
  void contactsBesideAFileAreStoredBeforeItIsTakenAndGoWithIt() throws Exception {
    dropContacts("spring.csv", "phone\n212 555 2368\n", Duration.ofMinutes(1));
    dropContacts("other.csv", "phone\n212 555 2369\n", Duration.ofMinutes(1));
    assertThat(drop("spring.json", text(request("Spring", "'contacts':{'file':'spring.csv'}"))))
        .isEqualTo("done/spring.json");
    Campaign campaign = bench.campaigns.list(null, null, 10).get(0);
    assertThat(bench.contactImports.find(campaign.id()).orElseThrow().file().name())
        .isEqualTo("spring.csv");
    assertThat(dir.resolve("done/spring.csv")).hasContent("phone\n212 555 2368\n");
    assertThat(dir.resolve("spring.csv")).doesNotExist();
    assertThat(dir.resolve("other.csv")).exists();
  }

  @Test
  void aFileWhoseContactsAreNowhereIsRefusedWithWhatToDo() throws Exception {
    assertThat(drop("spring.json", text(request("Spring", "'contacts':{'file':'spring.csv'}"))))
        .isEqualTo("failed/spring.json");
    assertThat(report("failed/spring.json.error.json").toString())
        .contains("There is no file \\\"spring.csv\\\" of contacts.")
        .contains("Put it into the inbox beside");
    assertThat(bench.count("campaign")).isZero();
  }

  @Test
  void contactsThatWentWithAnEarlierFileAreNotThoseOfALaterOne() throws Exception {
    dropContacts("spring.csv", "phone\n212 555 2368\n", Duration.ofMinutes(1));
    drop("spring.json", text(request("Spring", "'contacts':{'file':'spring.csv'}")));
    bench.setClock(60_000);
    assertThat(drop("summer.json", text(request("Summer", "'contacts':{'file':'spring.csv'}"))))
        .isEqualTo("failed/summer.json");
    assertThat(report("failed/summer.json.error.json").toString())
        .contains("spring.csv\\\" went with an earlier file of campaigns");
    assertThat(bench.count("campaign")).isOne();
    bench.setClock(-3_600_000);
    assertThat(drop("autumn.json", text(request("Autumn", "'contacts':{'file':'spring.csv'}"))))
        .as("with a clock that was set back since")
        .isEqualTo("failed/autumn.json");
  }

  @Test
  void aFileThatComesAgainHasItsOwnContactsOrNone() throws Exception {
    String two =
        text(request("Spring", "'contacts':{'file':'spring.csv'}"))
            + "\n"
            + text(request("Refused", "'agentPoolId':'','contacts':{'file':'spring.csv'}"))
            + "\n";
    dropContacts("spring.csv", "phone\n212 555 2368\n", Duration.ofMinutes(1));
    assertThat(drop("two.ndjson", two)).isEqualTo("failed/two.ndjson");
    dropContacts("spring.csv", "phone\n212 555 2369\n", Duration.ofMinutes(1));
    drop("other.json", text(request("Other", "'contacts':{'file':'spring.csv'}")));
    bench.setClock(60_000);
    InboxFile again = opened("two.ndjson", two);
    contacts.take(again, "spring.csv");
    assertThat(again.gone()).containsExactly("spring.csv");
    dropContacts("spring.csv", "phone\n212 555 2370\n", Duration.ofMinutes(1));
    contacts.take(again, "spring.csv");
    assertThat(again.gone()).as("it has come").isEmpty();
    again.close();
  }

  @Test
  void contactsBesideTwoFilesAreForBoth() throws Exception {
    dropContacts("spring.csv", "phone\n212 555 2368\n", Duration.ofMinutes(1));
    Files.writeString(
        dir.resolve("summer.json"), text(request("Summer", "'contacts':{'file':'spring.csv'}")));
    drop("spring.json", text(request("Spring", "'contacts':{'file':'spring.csv'}")));
    assertThat(dir.resolve("spring.csv")).doesNotExist();
    assertThat(takeWhole("summer.json")).isEqualTo("done/summer.json");
    assertThat(bench.count("campaign")).isEqualTo(2);
  }

  @Test
  void contactsThatWereSentBeforeNeedNotLieThere() throws Exception {
    bench.contactFiles.named(
        bench.contactFiles.store(new ByteArrayInputStream("phone\n".getBytes())),
        "spring.csv",
        CampaignFixture.DESK);
    assertThat(drop("spring.json", text(request("Spring", "'contacts':{'file':'spring.csv'}"))))
        .isEqualTo("done/spring.json");
  }

  @Test
  void aFileWaitsUntilItsContactsHaveArrived() throws Exception {
    Path csv = dropContacts("spring.csv", "phone\n212 555", Duration.ZERO);
    InboxFile file =
        opened("spring.json", text(request("Spring", "'contacts':{'file':'spring.csv'}")));
    assertThatThrownBy(() -> takeAll(file))
        .isInstanceOf(InboxChangedException.class)
        .hasMessage("spring.csv, which it names, has not arrived completely yet.");
    assertThat(bench.count("campaign")).isZero();
    assertThat(bench.count("contact_file")).isZero();
    file.close();
    Files.writeString(csv, "phone\n212 555 2368\n");
    dropContacts("spring.csv", "phone\n212 555 2368\n", Duration.ofMinutes(1));
    assertThat(takeWhole("spring.json")).isEqualTo("done/spring.json");
    assertThat(dir.resolve("done/spring.csv")).exists();
  }

  @Test
  void contactsWhoseLastLineMayBeCutOffWaitLonger() throws Exception {
    dropContacts("spring.csv", "phone\n212 555 2368\n+4930123456", Duration.ofSeconds(9));
    InboxFile file =
        opened("spring.json", text(request("Spring", "'contacts':{'file':'spring.csv'}")));
    assertThatThrownBy(() -> takeAll(file))
        .hasMessage("spring.csv, which it names, has not arrived completely yet.");
    file.close();
    dropContacts("spring.csv", "phone\n212 555 2368\n+49301234567", Duration.ofSeconds(16));
    assertThat(takeWhole("spring.json")).isEqualTo("done/spring.json");
  }

  @Test
  void contactsGoWithTheirFileAlsoAfterAKillBetweenTheTwo() throws Exception {
    dropContacts("spring.csv", "phone\n212 555 2368\n", Duration.ofMinutes(1));
    InboxFile killed =
        opened("spring.json", text(request("Spring", "'contacts':{'file':'spring.csv'}")));
    takeAll(killed);
    killed.close();
    assertThat(dir.resolve("spring.csv")).exists();
    assertThat(takeWhole("spring.json")).isEqualTo("done/spring.json");
    assertThat(dir.resolve("done/spring.csv")).exists();
    assertThat(bench.count("campaign")).isOne();
  }

  @Test
  void contactsOfTheSameNameInDoneStayThere() throws Exception {
    Files.createDirectories(dir.resolve("done"));
    Files.writeString(dir.resolve("done/spring.csv"), "before");
    dropContacts("spring.csv", "phone\n212 555 2368\n", Duration.ofMinutes(1));
    drop("spring.json", text(request("Spring", "'contacts':{'file':'spring.csv'}")));
    assertThat(dir.resolve("done/spring.csv")).hasContent("before");
    assertThat(dir.resolve("done/spring-2.csv")).exists();
  }

  private static List<String> names(int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add("Campaign " + i);
    }
    return names;
  }

  private static String text(ObjectNode request) {
    return Json.text(request);
  }

  private InboxFile opened(String name, String text) throws IOException {
    Files.writeString(dir.resolve(name), text);
    return open(name);
  }

  private InboxFile open(String name) throws IOException {
    Path path = dir.resolve(name);
    return inbox.open(new InboxFolder.Waiting(path, InboxName.of(path), InboxStamp.of(path), null));
  }

  /** What the others do once a process is gone. */
  final void seenNoMore() {
    bench.store.write(
        tx -> tx.sql().sql("update inbox_claim set due_at = 0, claim_token = null").update());
  }

  private String drop(String name, String text) throws IOException {
    Files.writeString(dir.resolve(name), text);
    return takeWhole(name);
  }

  /** What the route does with a file. */
  private String takeWhole(String name) throws IOException {
    InboxFile file = open(name);
    takeAll(file);
    return filed(file);
  }

  private void takeAll(InboxFile file) throws IOException {
    for (Iterator<List<InboxEntries.Entry>> chunks = inbox.chunks(file); chunks.hasNext(); ) {
      List<Inbox.Read> chunk = inbox.read(file, chunks.next());
      for (String name : inbox.contactsOf(chunk)) {
        contacts.take(file, name);
      }
      inbox.take(file, chunk);
    }
  }

  /** Puts a file away and says where it went. */
  private String filed(InboxFile file) throws IOException {
    Set<String> before = places();
    inbox.file(file);
    Set<String> after = places();
    after.removeAll(before);
    assertThat(after).as("new files in done and failed").hasSize(1);
    return after.iterator().next();
  }

  private Set<String> places() throws IOException {
    Set<String> places = new TreeSet<>();
    for (String folder : List.of("done", "failed")) {
      if (Files.exists(dir.resolve(folder))) {
        try (Stream<Path> files = Files.list(dir.resolve(folder))) {
          files
              .map(file -> folder + "/" + file.getFileName())
              .filter(place -> !place.matches(".*\\.((result|error)\\.json|csv)"))
              .forEach(places::add);
        }
      }
    }
    return places;
  }

  private JsonNode report(String place) throws IOException {
    return RequestJson.read(Files.readAllBytes(dir.resolve(place)));
  }

  private List<String> launched() {
    return bench.campaigns.list(null, null, 100).stream().map(Campaign::name).toList();
  }
}
