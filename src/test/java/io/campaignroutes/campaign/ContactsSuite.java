package io.campaignroutes.campaign;

import static io.campaignroutes.campaign.CampaignFixture.agents;
import static io.campaignroutes.campaign.CampaignFixture.json;
import static io.campaignroutes.campaign.CampaignFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.contacts.Contact;
import io.campaignroutes.contacts.ContactFile;
import io.campaignroutes.contacts.ContactFiles;
import io.campaignroutes.contacts.ContactImport;
import io.campaignroutes.contacts.ContactImports;
import io.campaignroutes.contacts.ContactOutcome;
import io.campaignroutes.contacts.ContactRemoval;
import io.campaignroutes.contacts.ContactReports;
import io.campaignroutes.contacts.ContactUploads;
import io.campaignroutes.contacts.StaleContactsException;
import io.campaignroutes.contacts.UnknownUploadException;
import io.campaignroutes.shared.Hashes;
import io.campaignroutes.shared.NotFoundException;
import io.campaignroutes.store.TestStores;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Campaigns that bring their contacts, on a real store; chunks have 3 lines, parts 2 contacts. */
abstract class ContactsSuite {
  private static final String FILE =
      "phone;externalId;Colour\n"
          + "212 555 2368;c1;magenta\n"
          + "(212) 555-2369;c2;\n"
          + "none;c3;blue\n"
          + "+1 212 555 2368;c4;again\n"
          + "212 555 2370;;green\n"
          + "212 555 2371;c6\n";

  @TempDir Path temp;
  CampaignFixture bench;

  abstract TestStores.Opened open();

  @BeforeEach
  void openBench() {
    bench = new CampaignFixture(open());
  }

  @AfterEach
  void everyTransitionHasOneHistoryRowAndOneAuditLineInAValidChain() {
    try {
      bench.assertHistoryAndAuditAgree();
    } finally {
      bench.close();
    }
  }

  private ContactFile give(String name, String text) {
    try {
      String id =
          bench.contactFiles.store(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
      return bench.contactFiles.named(id, name, CampaignFixture.DESK);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Campaign take(String name, String file) {
    return bench.hand(request(name, "'contacts':{'file':'" + file + "'}"), null).campaign();
  }

  /** Claimed and CHECKED. */
  private Campaign checked(String name, String file) {
    String id = take(name, file).id();
    return bench.launchSteps.checked(bench.claim(PriorityClass.LAUNCH, id), agents(2), null);
  }

  private Campaign judged(Campaign campaign) {
    ContactImports imports = bench.contactImports;
    ContactImports.Judging judging = imports.open(campaign.id());
    imports.chunks(judging).forEachRemaining(chunk -> imports.judge(judging, chunk));
    return bench.contactSteps.judged(campaign, imports.end(judging));
  }

  /** At CXone, its webhook registered, all its contacts judged. */
  private Campaign registered(String name, String text) {
    give("spring.csv", text);
    Campaign c = bench.launchSteps.intend(judged(checked(name, "spring.csv")));
    c = bench.launchSteps.created(c, json("{'id':'R-" + name + "','status':'DRAFT'}"));
    return bench.launchSteps.registered(c, json("{'id':'W-" + name + "'}"));
  }

  private Map<String, String> outcomes(String campaignId) {
    Map<String, String> outcomes = new TreeMap<>();
    bench
        .store
        .read()
        .sql("select line, outcome, phone from contact where campaign_id = ?")
        .param(campaignId)
        .query(
            (row, n) ->
                outcomes.put("line " + row.getInt(1), row.getString(2) + " " + row.getString(3)))
        .list();
    return outcomes;
  }

  // Files

  @Test
  void aFileIsKeptInPartsAndKnownByItsNameOnceItIsWhole() throws IOException {
    byte[] large = new byte[(5 << 20) / 2];
    Arrays.fill(large, (byte) 'x');
    String id = bench.contactFiles.store(new ByteArrayInputStream(large));
    assertThat(bench.contactFiles.find("large.csv")).isEmpty();
    ContactFile file = bench.contactFiles.named(id, "large.csv", CampaignFixture.DESK);
    assertThat(file.size()).isEqualTo(large.length);
    assertThat(file.sha256()).isEqualTo(Hashes.sha256(large));
    assertThat(bench.count("contact_file_part")).isEqualTo(3);
    assertThat(bench.contactFiles.find("large.csv")).contains(file);
  }

  @Test
  void theSameBytesAreKeptOnce() {
    ContactFile first = give("a.csv", FILE);
    ContactFile second = give("b.csv", FILE);
    assertThat(second.id()).isEqualTo(first.id());
    assertThat(bench.count("contact_file")).isOne();
    assertThat(bench.count("contact_file_part")).isOne();
  }

  @Test
  void ofAnUploadThatIsCutOffNothingIsKept() {
    InputStream cut =
        new InputStream() {
          private int left = 3 << 20;

          @Override
          public int read() throws IOException {
            if (left-- == 0) {
              throw new IOException("cut");
            }
            return 'x';
          }
        };
    assertThatThrownBy(() -> bench.contactFiles.store(cut)).hasMessage("cut");
    assertThat(bench.count("contact_file")).isZero();
    assertThat(bench.count("contact_file_part")).isZero();
  }

  @Test
  void whatIsNotThereAnyMoreIsNotNamed() {
    assertThatThrownBy(() -> bench.contactFiles.named("cfl_0", "a.csv", CampaignFixture.DESK))
        .isInstanceOf(UnknownUploadException.class);
  }

  @Test
  void filesAreListedByNameWithTheCampaignsThatHaveThem() {
    ContactFile file = give("spring.csv", FILE);
    give("other.csv", FILE + "212 555 2399;;\n");
    take("Spring", "spring.csv");
    List<ContactFiles.Named> files = bench.contactFiles.list(null, 10);
    assertThat(files)
        .extracting(ContactFiles.Named::name)
        .containsExactly("other.csv", "spring.csv");
    assertThat(files).extracting(ContactFiles.Named::campaigns).containsExactly(0L, 1L);
    assertThat(files.get(1).sha256()).isEqualTo(file.sha256());
    assertThat(bench.contactFiles.list("other.csv", 10)).hasSize(1);
    assertThat(bench.contactFiles.list(null, 1)).hasSize(1);
  }

  @Test
  void aFileThatIsDeletedIsGoneOnceNeitherANameNorACampaignNeedsIt() {
    give("spring.csv", FILE);
    give("same.csv", FILE);
    give("unused.csv", "phone\n212 555 2377\n");
    bench.contactFiles.delete("unused.csv", CampaignFixture.DESK);
    Campaign running = checked("Summer", "spring.csv");
    assertThat(bench.contactFiles.delete("spring.csv", CampaignFixture.DESK).campaigns()).isOne();
    assertThatThrownBy(() -> bench.contactFiles.delete("spring.csv", CampaignFixture.DESK))
        .isInstanceOf(NotFoundException.class)
        .hasMessage("There is no file \"spring.csv\" of contacts.");
    assertThatThrownBy(() -> take("Spring", "spring.csv"))
        .isInstanceOf(InvalidRequestException.class);
    ContactRemoval removal = new ContactRemoval(bench.store, CampaignFixture.CONTACTS);
    sweepAll(removal);
    assertThat(bench.count("contact_file")).isOne();
    bench.contactFiles.delete("same.csv", CampaignFixture.DESK);
    sweepAll(removal);
    assertThat(bench.count("contact_file")).as("a campaign has it").isOne();
    judged(running);
    assertThat(outcomes(running.id())).hasSize(6);
    give("again.csv", FILE);
    sweepAll(removal);
    assertThat(bench.contactFiles.find("again.csv")).isPresent();
  }

  // Taking

  @Test
  void aCampaignWhoseFileIsNotThereIsRefusedWithWhatToDo() {
    assertThatThrownBy(() -> take("Spring", "spring.csv"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("There is no file \"spring.csv\" of contacts.")
        .hasMessageContaining("POST /contacts?name=spring.csv");
    assertThat(bench.count("campaign")).isZero();
    var checked = bench.intake.check(request("Spring", "'contacts':{'file':'spring.csv'}"), null);
    assertThatThrownBy(() -> bench.intake.takeable(checked))
        .isInstanceOf(InvalidRequestException.class);
    give("spring.csv", FILE);
    assertThat(bench.intake.takeable(checked)).isFalse();
  }

  @Test
  void aDryRunRefusesAFileThatALaunchWould() {
    give("none.csv", "phone\nnone\n");
    give("wide.csv", "number\n212 555 2368\n");
    for (String file : List.of("none.csv", "wide.csv")) {
      var asked = request("Spring", "'contacts':{'file':'" + file + "'}");
      assertThatThrownBy(() -> bench.intake.takeable(bench.intake.check(asked, null)))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining(file + ": ");
    }
  }

  @Test
  void theSameRequestAgainIsTheSameCampaignThoughItsFileIsGone() {
    give("spring.csv", FILE);
    var request = request("Spring", "'externalId':'k','contacts':{'file':'spring.csv'}");
    Campaign first = bench.hand(request, null).campaign();
    bench.store.write(tx -> tx.sql().sql("delete from contact_file_name").update());
    CampaignIntake.Taken again = bench.hand(request, null);
    assertThat(again.repeat()).isTrue();
    assertThat(again.campaign().id()).isEqualTo(first.id());
  }

  @Test
  void aLaterFileOfTheSameNameIsForLaterCampaigns() {
    give("spring.csv", FILE);
    Campaign first = checked("Spring", "spring.csv");
    give("spring.csv", "phone\n212 555 2399\n");
    Campaign second = checked("Summer", "spring.csv");
    judged(first);
    judged(second);
    assertThat(outcomes(first.id())).hasSize(6);
    assertThat(outcomes(second.id())).containsExactly(Map.entry("line 2", "CALLABLE +12125552399"));
  }

  // Judging

  @Test
  void everyLineIsJudgedAndTheCampaignGoesOnWithThoseThatMayBeCalled() {
    ContactFile file = give("spring.csv", FILE);
    Campaign checked = checked("Spring", "spring.csv");
    assertThat(bench.table.next(checked)).isEqualTo(Step.JUDGE_CONTACTS);
    Campaign judged = judged(checked);
    assertThat(judged.stage()).isEqualTo(Stage.CHECKED);
    assertThat(bench.table.next(judged)).isEqualTo(Step.CREATE);
    assertThat(judged.goOn()).isTrue();
    assertThat(outcomes(judged.id()))
        .containsExactly(
            Map.entry("line 2", "CALLABLE +12125552368"),
            Map.entry("line 3", "CALLABLE +12125552369"),
            Map.entry("line 4", "INVALID_NUMBER none"),
            Map.entry("line 5", "DUPLICATE +12125552368"),
            Map.entry("line 6", "CALLABLE +12125552370"),
            Map.entry("line 7", "CALLABLE +12125552371"));
    List<JsonNode> lines = bench.auditLines(judged.id());
    JsonNode told = lines.get(lines.size() - 1);
    assertThat(told.path("event").asText()).isEqualTo("CONTACTS_JUDGED");
    assertThat(told.path("contacts"))
        .isEqualTo(
            json(
                "{'file':'spring.csv','sha256':'"
                    + file.sha256()
                    + "','lines':6,'outcomes':{'INVALID_NUMBER':1,'DUPLICATE':1,'CALLABLE':4}}"));
    assertThat(lines.toString()).doesNotContain("5552368").doesNotContain("magenta");
  }

  @Test
  void whoeverTakesItAfterAKillGoesOnWhereItWas() {
    give("spring.csv", FILE);
    Campaign campaign = checked("Spring", "spring.csv");
    ContactImports imports = bench.contactImports;
    ContactImports.Judging killed = imports.open(campaign.id());
    Iterator<List<Contact>> chunks = imports.chunks(killed);
    assertThat(chunks.hasNext()).isTrue();
    imports.judge(killed, chunks.next());
    assertThat(chunks.hasNext()).isTrue();
    List<Contact> unsaved = chunks.next();
    ContactImport half = imports.find(campaign.id()).orElseThrow();
    assertThat(half.judged()).isEqualTo(3);
    assertThat(half.outcomes()).isEqualTo(json("{'CALLABLE':2,'INVALID_NUMBER':1}"));
    assertThat(half.progress()).isBetween(0.1, 1.0);
    assertThat(judged(campaign).stage()).isEqualTo(Stage.CHECKED);
    assertThat(outcomes(campaign.id())).hasSize(6);
    assertThatThrownBy(() -> imports.judge(killed, unsaved))
        .isInstanceOf(StaleContactsException.class);
    assertThat(outcomes(campaign.id())).hasSize(6);
    ContactImport all = imports.find(campaign.id()).orElseThrow();
    assertThat(all.state()).isEqualTo(ContactImport.State.JUDGED);
    assertThat(all.progress()).isOne();
    assertThat(all.outcomes()).isEqualTo(json("{'CALLABLE':4,'INVALID_NUMBER':1,'DUPLICATE':1}"));
  }

  @Test
  void oneOfTwoRunsAtATimeJudgesEachLine() throws Exception {
    StringBuilder text = new StringBuilder("phone\n");
    for (int i = 0; i < 300; i++) {
      text.append("212 555 ").append(2000 + i % 200).append('\n');
    }
    give("spring.csv", text.toString());
    Campaign campaign = checked("Spring", "spring.csv");
    ContactImports imports = bench.contactImports;
    List<Boolean> stale =
        TestStores.atOnce(
            3,
            () -> {
              ContactImports.Judging judging = imports.open(campaign.id());
              try {
                imports.chunks(judging).forEachRemaining(chunk -> imports.judge(judging, chunk));
              } catch (StaleContactsException e) {
                return true;
              }
              imports.end(judging);
              return false;
            });
    assertThat(stale).contains(false);
    assertThat(imports.find(campaign.id()).orElseThrow().outcomes())
        .isEqualTo(json("{'CALLABLE':200,'DUPLICATE':100}"));
    assertThat(bench.count("contact")).isEqualTo(300);
  }

  @Test
  void aCampaignOfWhichNobodyMayBeCalledIsRejectedWithCounts() {
    give("spring.csv", "phone\nnone\n12\n");
    Campaign rejected = judged(checked("Spring", "spring.csv"));
    assertThat(rejected.stage()).isEqualTo(Stage.REJECTED);
    assertThat(rejected.failure().message())
        .startsWith("spring.csv: None of the contacts may be called: 2 invalid number.");
    assertThat(rejected.compliance().at("/contacts/outcomes/INVALID_NUMBER").asInt()).isEqualTo(2);
    assertThat(rejected.compliance().path("verdict").asText()).isEqualTo("REJECTED");
  }

  @Test
  void aHeaderAloneHasNobodyToCall() {
    give("spring.csv", "phone\n");
    assertThat(judged(checked("Spring", "spring.csv")).failure().message())
        .contains("the file has a header and no lines");
  }

  @Test
  void aFileThatIsNoCsvRejectsTheCampaignWithLineAndRemedy() {
    give("spring.csv", "phone,name\n212 555 2368,Ann\n212 555 2369,\"B\"ob\n");
    Campaign rejected = judged(checked("Spring", "spring.csv"));
    assertThat(rejected.stage()).isEqualTo(Stage.REJECTED);
    assertThat(rejected.failure().message()).startsWith("spring.csv: Line 3 is no row of a CSV");
    assertThat(bench.auditLines(rejected.id()).toString()).doesNotContain("212 555", "555 236");
    give("other.csv", "name\nAnn\n");
    assertThat(judged(checked("Summer", "other.csv")).failure().message())
        .startsWith("other.csv: Line 1 has no column \"phone\".");
  }

  @Test
  void aFileMayBeLookedAtBeforeItsLaunch() {
    ContactFile file = give("spring.csv", FILE);
    JsonNode asked = json("{'file':'spring.csv'}");
    assertThat(bench.contactImports.preview(asked).toString())
        .isEqualTo(
            json("{'file':'spring.csv','sha256':'%s','size':%d,'columns':['Colour','externalId','phone'],'lines':6,'all':true,'outcomes':{'CALLABLE':4,'INVALID_NUMBER':1,'DUPLICATE':1}}"
                    .formatted(file.sha256(), file.size()))
                .toString());
    assertThat(bench.contactImports.preview(json("{'file':'no.csv'}"))).isNull();
    assertThat(
            bench
                .contactImports
                .preview(json("{'file':'spring.csv','mapping':{'phone':'no'}}"))
                .path("problem")
                .asText())
        .startsWith("Line 1 has no column \"no\"");
  }

  // Reports

  @Test
  void aReportHasEveryLineWithItsOutcomeAndTheColumnsOfTheFile() {
    give("spring.csv", FILE.replace("c3;blue", "=c3;\"a,b\""));
    Campaign campaign = judged(checked("Spring", "spring.csv"));
    ContactReports reports =
        new ContactReports(bench.store, bench.contactImports, bench.contactUploads);
    assertThat(csv(reports, campaign, null))
        .isEqualTo(
            "line,outcome,phone,externalId,timeZone,Colour\r\n"
                + "2,CALLABLE,+12125552368,c1,,magenta\r\n"
                + "3,CALLABLE,+12125552369,c2,,\r\n"
                + "4,INVALID_NUMBER,none,'=c3,,\"a,b\"\r\n"
                + "5,DUPLICATE,+12125552368,c4,,again\r\n"
                + "6,CALLABLE,+12125552370,,,green\r\n"
                + "7,CALLABLE,+12125552371,c6,,\r\n");
    assertThat(csv(reports, campaign, ContactOutcome.DUPLICATE))
        .isEqualTo(
            "line,outcome,phone,externalId,timeZone,Colour\r\n"
                + "5,DUPLICATE,+12125552368,c4,,again\r\n");
    assertThat(reports.summary(campaign.id()).toString())
        .contains("\"state\":\"JUDGED\",\"progress\":1.0,")
        .contains("\"lines\":6,\"outcomes\":{")
        .contains("\"uploaded\":0,\"refusedByPlatform\":0,\"problem\":null");
    Campaign without = bench.take("Summer");
    assertThatThrownBy(() -> reports.summary(without.id()))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("brought no contacts");
  }

  private static String csv(ContactReports reports, Campaign campaign, ContactOutcome outcome) {
    StringBuilder all = new StringBuilder();
    reports.csv(campaign.id(), outcome).forEachRemaining(all::append);
    return all.toString();
  }

  // Uploading

  private JsonNode send(ContactUploads.Part part) {
    return bench.contactUploads.content(bench.contactUploads.send(part));
  }

  @Test
  void whatComesOfAnEarlierSendingDoesNotCountForALaterOne() {
    Campaign c = registered("Spring", FILE);
    ContactUploads uploads = bench.contactUploads;
    uploads.send(uploads.next(c.id()));
    sentEarlier(c, Duration.ofMinutes(6));
    ContactUploads.Part stalled = uploads.next(c.id());
    uploads.found(stalled, json("{}"));
    ContactUploads.Part again = uploads.send(uploads.next(c.id()));
    assertThatThrownBy(() -> uploads.sent(stalled, JOB)).isInstanceOf(StaleContactsException.class);
    assertThatThrownBy(() -> uploads.refused(stalled, "no"))
        .isInstanceOf(StaleContactsException.class);
    uploads.sent(again, JOB);
    assertThat(uploads.next(c.id()).step()).isEqualTo("SENT");
  }

  @Test
  void aListThatIsFoundWhereNoneWasKnownIsAllThatWasMade() {
    Campaign c = registered("Spring", FILE);
    ContactUploads uploads = bench.contactUploads;
    uploads.send(uploads.next(c.id()));
    assertThat(uploads.found(uploads.next(c.id()), json("{'list':'L1'}")).state())
        .isEqualTo(ContactUploads.Word.GOES_ON);
    assertThat(uploads.next(c.id()).step()).isEqualTo("PLANNED");
    assertThat(uploads.next(c.id()).list()).isEqualTo("L1");
  }

  private static final JsonNode JOB = json("{'list':'L1','job':'J1'}");

  @Test
  void callableContactsAreGivenInPartsAndItIsActivatedOnceCxoneHasAll() {
    Campaign c = registered("Spring", FILE);
    ContactUploads uploads = bench.contactUploads;
    assertThat(bench.table.next(c)).isEqualTo(Step.UPLOAD_CONTACTS);
    ContactUploads.Part first = uploads.next(c.id());
    JsonNode sent = send(first);
    assertThat(sent.path("columns")).isEqualTo(json("['externalId','phone','timeZone','Colour']"));
    assertThat(sent.path("contacts"))
        .isEqualTo(json("[['c1','+12125552368','','magenta'],['c2','+12125552369','','']]"));
    c = bench.contactSteps.uploading(c, uploads.sent(uploads.next(c.id()), JOB));
    assertThat(c.stage()).isEqualTo(Stage.REGISTERED);
    assertThat(c.goOn()).isFalse();
    c = bench.claimLater(PriorityClass.LAUNCH, c.id());
    first = uploads.next(c.id());
    assertThat(first.step()).isEqualTo("SENT");
    c = bench.contactSteps.uploading(c, uploads.worked(first, json("{'complete':false}")));
    c = bench.claimLater(PriorityClass.LAUNCH, c.id());
    c =
        bench.contactSteps.uploading(
            c, uploads.worked(first, json("{'complete':true,'accepted':2,'refused':0}")));
    assertThat(c.goOn()).isTrue();
    ContactUploads.Part second = uploads.next(c.id());
    assertThat(second.list()).isEqualTo("L1");
    assertThat(send(second).path("contacts"))
        .isEqualTo(json("[['line-6','+12125552370','','green'],['c6','+12125552371','','']]"));
    uploads.sent(uploads.next(c.id()), json("{'list':'L1','job':'J2'}"));
    second = uploads.next(c.id());
    assertThat(uploads.about(second).path("jobs")).isEqualTo(json("['J1','J2']"));
    uploads.worked(second, json("{'complete':true,'accepted':1,'refused':1}"));
    assertThat(uploads.next(c.id())).isNull();
    c = bench.contactSteps.uploading(c, uploads.whole(c.id()));
    assertThat(bench.table.next(c)).isEqualTo(Step.ACTIVATE);
    List<JsonNode> lines = bench.auditLines(c.id());
    JsonNode told = lines.get(lines.size() - 1);
    assertThat(told.path("event").asText()).isEqualTo("CONTACTS_UPLOADED");
    assertThat(told.path("uploaded").asInt()).isEqualTo(3);
    assertThat(told.path("refused").asInt()).isOne();
    assertThat(lines.toString()).doesNotContain("5552368");
  }

  @Test
  void aPartWhoseAnswerWasLostIsSentAgainOnlyWhenCxoneSurelyDoesNotHaveIt() {
    Campaign c = registered("Spring", FILE);
    ContactUploads uploads = bench.contactUploads;
    send(uploads.next(c.id()));
    ContactUploads.Part lost = uploads.next(c.id());
    assertThat(lost.step()).isEqualTo("SENDING");
    assertThat(lost.sentAt()).isPositive();
    assertThatThrownBy(() -> send(lost)).isInstanceOf(StaleContactsException.class);
    assertThat(uploads.found(lost, json("{}")).state()).isEqualTo(ContactUploads.Word.WAITS);
    assertThat(uploads.next(c.id()).step()).isEqualTo("SENDING");
    sentEarlier(c, Duration.ofMinutes(6));
    assertThat(uploads.found(uploads.next(c.id()), json("{}")).state())
        .isEqualTo(ContactUploads.Word.GOES_ON);
    ContactUploads.Part again = uploads.next(c.id());
    assertThat(again.step()).isEqualTo("PLANNED");
    send(again);
    uploads.found(uploads.next(c.id()), JOB);
    assertThat(uploads.next(c.id()).step()).isEqualTo("SENT");
    assertThat(uploads.next(c.id()).job()).isEqualTo("J1");
  }

  @Test
  void aPartWithoutAnUploadHasArrivedOnceItsListHoldsAllOfIt() {
    Campaign c = registered("Spring", FILE);
    ContactUploads uploads = bench.contactUploads;
    send(uploads.next(c.id()));
    uploads.sent(uploads.next(c.id()), json("{'list':'L1'}"));
    send(uploads.next(c.id()));
    JsonNode some = json("{'list':'L1','accepted':1,'refused':0}");
    JsonNode all = json("{'list':'L1','accepted':1,'refused':1}");
    assertThat(uploads.found(uploads.next(c.id()), all).state())
        .as("it may still change")
        .isEqualTo(ContactUploads.Word.WAITS);
    sentEarlier(c, Duration.ofMinutes(6));
    assertThat(uploads.found(uploads.next(c.id()), some).state())
        .isEqualTo(ContactUploads.Word.WAITS);
    ContactUploads.Part lost = uploads.next(c.id());
    assertThat(lost.step()).isEqualTo("SENDING");
    ContactUploads.Progress progress = uploads.found(lost, all);
    assertThat(progress)
        .isEqualTo(new ContactUploads.Progress(ContactUploads.Word.GOES_ON, 1, 1, null));
    assertThatThrownBy(() -> uploads.found(lost, all)).isInstanceOf(StaleContactsException.class);
    assertThat(uploads.next(c.id()).part()).isEqualTo(2);
    assertThat(send(uploads.next(c.id())).path("list").asText()).isEqualTo("L1");
  }

  @Test
  void aListThatHoldsAnotherNumberThanWasSentEndsTheLaunchAndARetryLooksAgain() {
    Campaign c = registered("Spring", FILE);
    ContactUploads uploads = bench.contactUploads;
    send(uploads.next(c.id()));
    uploads.sent(uploads.next(c.id()), json("{'list':'L1'}"));
    send(uploads.next(c.id()));
    sentEarlier(c, Duration.ofMinutes(6));
    JsonNode more = json("{'list':'L1','accepted':3,'refused':0}");
    assertThat(uploads.found(uploads.next(c.id()), more).state())
        .isEqualTo(ContactUploads.Word.FAILED);
    sentEarlier(c, Duration.ofMinutes(60));
    JsonNode some = json("{'list':'L1','accepted':1,'refused':0}");
    c = bench.contactSteps.uploading(c, uploads.found(uploads.next(c.id()), some));
    assertThat(c.stage()).isEqualTo(Stage.FAILED);
    assertThat(c.failure().message())
        .startsWith(
            "It is not known whether CXone has taken part 1 of the contacts. It shows no upload of it")
        .contains("list L1 holds 1 contacts beside earlier parts and refused 0, where 2 were sent")
        .contains("A retry looks again")
        .endsWith("else launch a new campaign with the file, this one is not dialed.");
    JsonNode all = json("{'list':'L1','accepted':2,'refused':0}");
    assertThat(uploads.found(uploads.next(c.id()), all).accepted()).isEqualTo(2);
  }

  @Test
  void whereOnlyTheListIsMadeThePartIsSentNextAndAtOnce() {
    Campaign c = registered("Spring", FILE);
    ContactUploads uploads = bench.contactUploads;
    ContactUploads.Part part = uploads.next(c.id());
    send(part);
    c = bench.contactSteps.uploading(c, uploads.sent(uploads.next(c.id()), json("{'list':'L1'}")));
    assertThat(c.goOn()).isTrue();
    part = uploads.next(c.id());
    assertThat(part.step()).isEqualTo("PLANNED");
    assertThat(send(part).path("list").asText()).isEqualTo("L1");
  }

  @Test
  void whatSurelyWasNotSentIsSentAgainWithoutALook() {
    Campaign c = registered("Spring", FILE);
    ContactUploads uploads = bench.contactUploads;
    ContactUploads.Part part = uploads.next(c.id());
    send(part);
    IllegalStateException why = new IllegalStateException("throttled");
    assertThatThrownBy(() -> uploads.notSent(uploads.next(c.id()), why)).isSameAs(why);
    assertThat(uploads.next(c.id()).step()).isEqualTo("PLANNED");
  }

  @Test
  void everyContactHasAKeyOfItsOwnInWhicheverPartItIs() {
    Campaign c =
        registered(
            "Spring",
            "phone,externalId\n212 555 2368,a\n212 555 2369,a\n212 555 2370,b\n212 555 2371,a\n");
    ContactUploads uploads = bench.contactUploads;
    JsonNode first = send(uploads.next(c.id()));
    assertThat(first.at("/contacts/0/0").asText()).isEqualTo("a");
    assertThat(first.at("/contacts/1/0").asText()).isEqualTo("a-line-3");
    uploads.sent(uploads.next(c.id()), JOB);
    uploads.worked(uploads.next(c.id()), json("{'complete':true,'accepted':2,'refused':0}"));
    JsonNode second = send(uploads.next(c.id()));
    assertThat(second.path("uploaded").asInt()).isEqualTo(2);
    assertThat(second.at("/contacts/0/0").asText()).isEqualTo("b");
    assertThat(second.at("/contacts/1/0").asText()).isEqualTo("a-line-5");
  }

  @Test
  void aKeyThatLooksLikeOneMadeHereIsMadeAnother() {
    Campaign c =
        registered(
            "Spring",
            "phone,externalId\n212 555 2368,a\n212 555 2369,a-line-4\n212 555 2370,a\n"
                + "212 555 2371,\n212 555 2372,line-5\n");
    Set<String> keys = new HashSet<>();
    ContactUploads uploads = bench.contactUploads;
    for (ContactUploads.Part part = uploads.next(c.id());
        part != null;
        part = uploads.next(c.id())) {
      send(part).path("contacts").forEach(row -> keys.add(row.path(0).asText()));
      uploads.sent(uploads.next(c.id()), JOB);
      long size = part.contacts();
      uploads.worked(
          uploads.next(c.id()), json("{'complete':true,'accepted':" + size + ",'refused':0}"));
    }
    assertThat(keys).hasSize(5);
  }

  @Test
  void countsThatDoNotAgreeFailTheLaunchBeforeAnybodyIsCalled() {
    Campaign c = registered("Spring", FILE);
    ContactUploads uploads = bench.contactUploads;
    send(uploads.next(c.id()));
    uploads.sent(uploads.next(c.id()), JOB);
    JsonNode fewer = json("{'complete':true,'accepted':1,'refused':0}");
    assertThat(uploads.worked(uploads.next(c.id()), fewer).state())
        .as("CXone may still be counting")
        .isEqualTo(ContactUploads.Word.WAITS);
    JsonNode more = json("{'complete':true,'accepted':3,'refused':0}");
    assertThat(uploads.worked(uploads.next(c.id()), more).state())
        .isEqualTo(ContactUploads.Word.FAILED);
    sentEarlier(c, Duration.ofMinutes(6));
    c = bench.contactSteps.uploading(c, uploads.worked(uploads.next(c.id()), fewer));
    assertThat(c.stage()).isEqualTo(Stage.FAILED);
    assertThat(c.failure().message())
        .isEqualTo(
            "CXone tells of 1 contacts in part 1 (job J1), and was sent 2. Look at list L1 in CXone."
                + " A retry counts again; else launch a new campaign with the file, this one is not"
                + " dialed.");
  }

  @Test
  void aListOfWhichNothingIsTakenFailsTheLaunch() {
    Campaign c = registered("Spring", "phone\n212 555 2368\n");
    ContactUploads uploads = bench.contactUploads;
    send(uploads.next(c.id()));
    uploads.sent(uploads.next(c.id()), JOB);
    uploads.worked(uploads.next(c.id()), json("{'complete':true,'accepted':0,'refused':1}"));
    assertThat(bench.contactSteps.uploading(c, uploads.whole(c.id())).failure().message())
        .isEqualTo("CXone has taken none of the contacts: it refused 1. Its list tells why.");
  }

  @Test
  void aPartThatIsNeverDoneFailsTheLaunch() {
    Campaign c = registered("Spring", FILE);
    ContactUploads uploads = bench.contactUploads;
    send(uploads.next(c.id()));
    uploads.sent(uploads.next(c.id()), JOB);
    sentEarlier(c, Duration.ofMinutes(61));
    assertThat(uploads.worked(uploads.next(c.id()), json("{}")).problem())
        .contains("has not finished part 1");
  }

  private void sentEarlier(Campaign campaign, Duration by) {
    bench.store.write(
        tx ->
            tx.sql()
                .sql("update contact_upload set sent_at = sent_at - ? where campaign_id = ?")
                .params(by.toMillis(), campaign.id())
                .update());
  }

  @Test
  void whatCxoneSaysOfContactsIsToldWithoutTheirNumbers() {
    Campaign c = registered("Spring", FILE);
    ContactUploads uploads = bench.contactUploads;
    send(uploads.next(c.id()));
    Campaign failed =
        bench.contactSteps.uploading(
            c,
            uploads.refused(
                uploads.next(c.id()), "CXone refused it: +1 (212) 555-2368 is on line 2."));
    assertThat(uploads.next(c.id()).step()).as("a retry looks first").isEqualTo("SENDING");
    assertThat(failed.stage()).isEqualTo(Stage.FAILED);
    assertThat(failed.failure().message()).isEqualTo("CXone refused it: *** is on line 2.");
  }

  // Removal

  @Test
  void contactsAreRemovedSomeTimeAfterTheEndAndTheirFileWithThem() {
    give("spring.csv", FILE);
    give("unused.csv", "phone\n212 555 2377\n");
    Campaign running = checked("Summer", "spring.csv");
    judged(running);
    give("none.csv", "phone\nnone\n");
    Campaign ended = judged(checked("Spring", "none.csv"));
    ContactRemoval removal = new ContactRemoval(bench.store, CampaignFixture.CONTACTS);
    bench.setClock(Duration.ofDays(6).toMillis());
    assertThat(sweepAll(removal)).isZero();
    age(Duration.ofDays(8));
    assertThat(sweepAll(removal)).isPositive();
    assertThat(outcomes(ended.id())).isEmpty();
    assertThat(outcomes(running.id())).hasSize(6);
    assertThat(bench.contactFiles.find("unused.csv")).isEmpty();
    assertThat(bench.contactFiles.find("none.csv")).isEmpty();
    assertThat(bench.contactFiles.find("spring.csv")).isPresent();
    ContactImport left = bench.contactImports.find(ended.id()).orElseThrow();
    assertThat(left.state()).isEqualTo(ContactImport.State.REMOVED);
    assertThat(left.outcomes()).isEqualTo(json("{'INVALID_NUMBER':1}"));
    assertThat(left.file().sha256()).hasSize(64);
  }

  private static int sweepAll(ContactRemoval removal) {
    int all = 0;
    for (int some; (some = removal.sweep()) > 0; ) {
      all += some;
    }
    return all;
  }

  /** As if all that is there had been so for this long: a clock that is set is not trusted. */
  private void age(Duration by) {
    bench.setClock(0);
    long ms = by.toMillis();
    bench.store.write(
        tx ->
            tx.sql().sql("update campaign set stage_at = stage_at - " + ms).update()
                + tx.sql().sql("update contact_file set used_at = used_at - " + ms).update());
  }

  @Test
  void whatIsLeftOfAnUploadThatAKillCutOffIsRemoved() {
    bench.contactFiles.begin().part(new byte[] {'p'});
    ContactRemoval removal = new ContactRemoval(bench.store, CampaignFixture.CONTACTS);
    assertThat(sweepAll(removal)).isZero();
    age(Duration.ofHours(2));
    sweepAll(removal);
    assertThat(bench.count("contact_file")).isZero();
    assertThat(bench.count("contact_file_part")).isZero();
  }

  @Test
  void aCampaignThatIsRetriedAfterTheRemovalSaysSo() {
    give("none.csv", "phone\nnone\n");
    Campaign ended = judged(checked("Spring", "none.csv"));
    age(Duration.ofDays(8));
    sweepAll(new ContactRemoval(bench.store, CampaignFixture.CONTACTS));
    bench.commands.give(ended.id(), Command.RETRY, CampaignFixture.DESK);
    Campaign again =
        bench.launchSteps.checked(bench.claim(PriorityClass.LAUNCH, ended.id()), agents(2), null);
    assertThat(judged(again).failure().message()).contains("removed some time after");
  }
}
