package io.campaignroutes.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.access.By;
import io.campaignroutes.audit.AuditLog;
import io.campaignroutes.contacts.ContactFiles;
import io.campaignroutes.contacts.ContactImport;
import io.campaignroutes.contacts.ContactImports;
import io.campaignroutes.contacts.ContactOutcome;
import io.campaignroutes.contacts.ContactProperties;
import io.campaignroutes.contacts.ContactUploads;
import io.campaignroutes.contacts.ContactUploads.Part;
import io.campaignroutes.contacts.ContactUploads.Progress;
import io.campaignroutes.contacts.ContactUploads.Word;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.TestStores;
import io.campaignroutes.tenant.FakeTenant.Trouble;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of the contacts that a campaign brought, in the list of its created skill. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SkillUploadsTest {
  private static final SkillProperties SETTINGS =
      new SkillProperties(
          5,
          "na1",
          "",
          "",
          SkillProperties.Pool.TEAM,
          "Campaign Routes",
          "+15550100",
          "",
          "",
          2,
          List.of(),
          List.of(),
          "ratio",
          Duration.ofSeconds(10),
          false,
          Duration.ofSeconds(10),
          3,
          false,
          2,
          Duration.ZERO);

  /** Contacts of a file that may be called. */
  private static final int CALLABLE = 10;

  @TempDir static Path folder;

  private TestStores.Opened opened;
  private Store store;
  private ContactImports imports;
  private ContactUploads uploads;
  private FakeTenant tenant;
  private SkillRoutes routes;
  private int ids;

  @BeforeAll
  void open() {
    opened = TestStores.sqlite(folder.resolve("uploads.db"));
    store = opened.store();
    ContactProperties properties =
        new ContactProperties(500, 4, Duration.ofMinutes(5), Duration.ofDays(7), "US");
    imports = new ContactImports(store, new ContactFiles(store, new AuditLog(store)), properties);
    uploads = new ContactUploads(store, imports, properties);
  }

  @AfterAll
  void closeStore() {
    opened.close();
  }

  @BeforeEach
  void begin() throws Exception {
    tenant = new FakeTenant();
    routes = new SkillRoutes(store, tenant.address(), SETTINGS);
  }

  @AfterEach
  void end() {
    routes.close();
    tenant.close();
  }

  private ObjectNode campaign(String pool) {
    ObjectNode campaign = FakeTenant.JSON.createObjectNode();
    campaign.put("id", "cmp_%08d".formatted(++ids)).put("name", "Spring").put("poolId", pool);
    campaign.putNull("remoteId").put("ended", false);
    ObjectNode payload = campaign.putObject("payload").put("timeZone", "America/Chicago");
    payload.putObject("settings").putObject("general").put("maximumRatio", 1);
    return campaign;
  }

  /** With its skill, and contacts that are judged: {@value #CALLABLE} may be called, two not. */
  private ObjectNode judged() throws IOException {
    ObjectNode campaign = campaign("team:30");
    campaign.put("remoteId", routes.told("create", campaign).path("id").asText());
    StringBuilder csv = new StringBuilder("phone,externalId,timeZone,first name,Colour\n");
    for (int n = 0; n < CALLABLE; n++) {
      csv.append("(212) 555-%d,c%d,%s,\"A\"\"nn, B.\",blue\n".formatted(2368 + n, n % 7, zone(n)));
    }
    csv.append("none,c90,,,\n(212) 555-2368,c91,,,\n");
    ContactFiles files = new ContactFiles(store, new AuditLog(store));
    String name = campaign.path("id").asText() + ".csv";
    files.named(
        files.store(new ByteArrayInputStream(csv.toString().getBytes(StandardCharsets.UTF_8))),
        name,
        By.ANONYMOUS);
    String id = campaign.path("id").asText();
    store.write(tx -> imports.bind(tx, id, FakeTenant.JSON.createObjectNode().put("file", name)));
    ContactImports.Judging judging = imports.open(id);
    imports.chunks(judging).forEachRemaining(chunk -> imports.judge(judging, chunk));
    ContactImport known = imports.end(judging);
    assertThat(known.count(ContactOutcome.CALLABLE)).isEqualTo(CALLABLE);
    return campaign;
  }

  private static String zone(int n) {
    return n == 0 ? "America/Denver" : n == 1 ? "Nowhere" : "";
  }

  private JsonNode ask(String operation, ObjectNode campaign, ObjectNode upload) {
    ObjectNode with = campaign.deepCopy();
    with.set("upload", upload);
    return routes.told(operation, with);
  }

  /** As routes/campaign-launch.camel.yaml does it. */
  private Progress step(ObjectNode campaign) {
    Part part = uploads.next(campaign.path("id").asText());
    if (part == null) {
      return uploads.whole(campaign.path("id").asText());
    }
    return switch (part.state()) {
      case PLANNED -> send(campaign, part);
      case SENDING -> uploads.found(part, ask("find-upload", campaign, uploads.about(part)));
      default -> uploads.worked(part, ask("upload-status", campaign, uploads.about(part)));
    };
  }

  private Progress send(ObjectNode campaign, Part planned) {
    Part part = uploads.send(planned);
    ObjectNode upload = uploads.content(part);
    try {
      return uploads.sent(part, ask("upload-contacts", campaign, upload));
    } catch (CxoneRefusedException e) {
      return uploads.refused(part, e.getMessage());
    } catch (CxoneUnavailableException e) {
      if (!e.maybeDone()) {
        uploads.notSent(part, e);
      }
      throw e;
    }
  }

  private Progress toTheEnd(ObjectNode campaign) {
    for (int steps = 0; steps < 50; steps++) {
      Progress progress = step(campaign);
      if (progress.state() == Word.DONE || progress.state() == Word.FAILED) {
        return progress;
      }
    }
    throw new AssertionError("never uploaded");
  }

  /** As if a lost part had been sent some time ago. */
  private void later() {
    tenant.arrive();
    store.write(
        tx -> tx.sql().sql("update contact_upload set sent_at = sent_at - 360000").update());
  }

  private List<String> lines() {
    return tenant.lists.lines.values().stream().flatMap(List::stream).toList();
  }

  @Test
  void contactsComeToOneListOfTheSkillInPartsWithColumnsThatAreTheSameInAll() throws Exception {
    ObjectNode campaign = judged();
    Progress end = toTheEnd(campaign);
    assertThat(end.state()).isEqualTo(Word.DONE);
    assertThat(end.accepted()).isEqualTo(CALLABLE);
    assertThat(tenant.lists.lists).hasSize(1);
    String name = "CR-" + campaign.path("id").asText().substring(4) + "-Spring";
    assertThat(tenant.lists.lists.values().iterator().next().path("listName").asText())
        .isEqualTo(name);
    assertThat(tenant.lists.uploads).hasSize(3);
    JsonNode first = tenant.lists.uploads.get(0);
    assertThat(first.path("skillId").asText()).isEqualTo(campaign.path("remoteId").asText());
    assertThat(first.path("defaultTimeZone").asText()).isEqualTo("Central Standard Time");
    assertThat(first.path("fileName").asText()).isEqualTo(name + "-1.csv");
    assertThat(first.path("forceOverwrite").asBoolean(true)).isFalse();
    assertThat(LocalDate.parse(first.path("expirationDate").asText()))
        .isAfter(LocalDate.now().plusDays(360));
    String file = new String(Base64.getDecoder().decode(first.path("listFile").asText()));
    assertThat(file.lines().limit(4))
        .containsExactly(
            "externalId,phone,firstName,lastName,timeZone,region,postalCode,Colour",
            "c0,+12125552368,\"A\"\"nn, B.\",,Mountain Standard Time,,,blue",
            "c1,+12125552369,\"A\"\"nn, B.\",,Nowhere,,,blue",
            "c2,+12125552370,\"A\"\"nn, B.\",,,,,blue");
    assertThat(lines()).anyMatch(line -> line.startsWith("c0-line-9,+12125552375,"));
  }

  @Test
  void nothingIsUploadedForASkillThatIsAdopted() {
    tenant.adoptable("20001", new Random(1));
    ObjectNode campaign = campaign("skill:20001");
    campaign.put("remoteId", routes.told("create", campaign).path("id").asText());
    ObjectNode upload = FakeTenant.JSON.createObjectNode();
    upload.putArray("columns");
    assertThatThrownBy(() -> ask("upload-contacts", campaign, upload))
        .isInstanceOf(CxoneRefusedException.class)
        .hasMessageContaining("is adopted");
    assertThat(tenant.lists.lists).as("but the one that it had").hasSize(1);
  }

  @Test
  void aListThatIsThereByItsNameIsUsedAndNotMadeAgain() throws Exception {
    ObjectNode campaign = judged();
    tenant.trouble = cutAfter("POST /lists/call-lists");
    assertThatThrownBy(() -> step(campaign)).isInstanceOf(CxoneUnavailableException.class);
    assertThat(step(campaign).state()).isEqualTo(Word.GOES_ON);
    assertThat(toTheEnd(campaign).state()).isEqualTo(Word.DONE);
    assertThat(tenant.lists.lists).hasSize(1);
  }

  private java.util.function.Supplier<Trouble> cutAfter(String call) {
    boolean[] cut = new boolean[1];
    return () -> {
      boolean now = !cut[0] && tenant.calls.get(tenant.calls.size() - 1).equals(call);
      cut[0] |= now;
      return now ? Trouble.CUT_AFTER : Trouble.NONE;
    };
  }

  @Test
  void aListOfAnotherSkillIsNotUsedAndNothingUploaded() throws Exception {
    ObjectNode campaign = judged();
    step(campaign);
    tenant.lists.lists.values().iterator().next().put("skillId", "20999");
    store.write(tx -> tx.sql().sql("update contact_upload set list_id = null").update());
    Progress refused = step(campaign);
    assertThat(refused.state()).isEqualTo(Word.FAILED);
    assertThat(refused.problem()).contains("not this campaign's alone");
    assertThat(tenant.lists.uploads).isEmpty();
  }

  @Test
  void anUploadWhoseAnswerWasLostIsFoundAmongTheJobsAtOnce() throws Exception {
    ObjectNode campaign = judged();
    step(campaign);
    tenant.trouble = () -> Trouble.CUT_AFTER;
    assertThatThrownBy(() -> step(campaign)).isInstanceOf(CxoneUnavailableException.class);
    tenant.trouble = () -> Trouble.NONE;
    step(campaign);
    assertThat(uploads.next(campaign.path("id").asText()).job()).isEqualTo("job-1");
    assertThat(toTheEnd(campaign).accepted()).isEqualTo(CALLABLE);
    assertThat(lines()).hasSize(CALLABLE);
  }

  @Test
  void whatTheListHoldsWithoutAJobIsNotSentAgainAndGoesOn() throws Exception {
    ObjectNode campaign = judged();
    step(campaign);
    tenant.lists.silent = true;
    tenant.trouble = () -> Trouble.CUT_AFTER;
    assertThatThrownBy(() -> step(campaign)).isInstanceOf(CxoneUnavailableException.class);
    tenant.trouble = () -> Trouble.NONE;
    assertThat(step(campaign).state()).isEqualTo(Word.WAITS);
    later();
    assertThat(step(campaign).accepted()).isEqualTo(4);
    assertThat(toTheEnd(campaign).accepted()).isEqualTo(CALLABLE);
    assertThat(tenant.lists.uploads).hasSize(3);
    assertThat(lines()).hasSize(CALLABLE);
  }

  @Test
  void aListThatHoldsSomeOfAPartEndsTheLaunchAfterAnHourAndARetryGoesOnOnceItHoldsAll()
      throws Exception {
    ObjectNode campaign = judged();
    step(campaign);
    tenant.lists.silent = true;
    tenant.trouble = () -> Trouble.CUT_AFTER;
    assertThatThrownBy(() -> step(campaign)).isInstanceOf(CxoneUnavailableException.class);
    tenant.trouble = () -> Trouble.NONE;
    List<String> held = tenant.lists.lines.values().iterator().next();
    String missing = held.remove(0);
    for (int minutes = 0; minutes < 60; minutes += 6) {
      assertThat(step(campaign).state()).isEqualTo(Word.WAITS);
      later();
    }
    Progress end = step(campaign);
    assertThat(end.state()).isEqualTo(Word.FAILED);
    assertThat(end.problem())
        .contains("holds 3 contacts beside earlier parts and refused 0, where 4 were sent");
    held.add(missing);
    assertThat(toTheEnd(campaign).accepted()).isEqualTo(CALLABLE);
    assertThat(lines()).hasSize(CALLABLE);
  }

  @Test
  void uploadsThatNobodyHereMadeEndTheLaunch() throws Exception {
    ObjectNode campaign = judged();
    step(campaign);
    tenant.trouble = () -> Trouble.CUT_AFTER;
    assertThatThrownBy(() -> step(campaign)).isInstanceOf(CxoneUnavailableException.class);
    tenant.trouble = () -> Trouble.NONE;
    tenant.lists.jobs.put("job-9", tenant.lists.jobs.get("job-1").deepCopy().put("jobId", "job-9"));
    assertThatThrownBy(() -> step(campaign))
        .isInstanceOf(CxoneRefusedException.class)
        .hasMessageContaining("jobs job-1, job-9");
  }

  @Test
  void anUploadThatSomebodyCancelledEndsTheLaunch() throws Exception {
    ObjectNode campaign = judged();
    step(campaign);
    step(campaign);
    tenant.lists.jobs.get("job-1").put("isCancelled", "true");
    assertThatThrownBy(() -> step(campaign))
        .isInstanceOf(CxoneRefusedException.class)
        .hasMessageContaining("was cancelled");
  }

  @Test
  void whatCxoneRefusesIsCountedAndTheRestIsTheSkills() throws Exception {
    tenant.lists.invalid = 1;
    Progress end = toTheEnd(judged());
    assertThat(end.state()).isEqualTo(Word.DONE);
    assertThat(end.accepted()).isEqualTo(CALLABLE - 3);
    assertThat(end.refused()).isEqualTo(3);
  }

  @Test
  void countsThatDifferEndTheLaunch() throws Exception {
    ObjectNode campaign = judged();
    step(campaign);
    step(campaign);
    tenant.lists.lines.values().iterator().next().add("another,+12125550000");
    Progress end = toTheEnd(campaign);
    assertThat(end.state()).isEqualTo(Word.FAILED);
    assertThat(end.problem()).contains("tells of 5 contacts in part 1").contains("was sent 4");
  }

  @Test
  void whatCxoneSurelyDidNotTakeIsSentAgainWithoutALook() throws Exception {
    ObjectNode campaign = judged();
    step(campaign);
    tenant.trouble = () -> Trouble.TOO_MANY;
    assertThatThrownBy(() -> step(campaign)).isInstanceOf(CxoneUnavailableException.class);
    tenant.trouble = () -> Trouble.NONE;
    assertThat(uploads.next(campaign.path("id").asText()).step()).isEqualTo("PLANNED");
    assertThat(toTheEnd(campaign).accepted()).isEqualTo(CALLABLE);
    assertThat(lines()).hasSize(CALLABLE);
  }

  @ParameterizedTest
  @EnumSource(
      value = Trouble.class,
      names = {"HEADER_ONLY", "ERRORS_INSIDE"})
  void whatCxoneRefusesIsSentAgainOnlyAfterALook(Trouble trouble) throws Exception {
    ObjectNode campaign = judged();
    step(campaign);
    tenant.trouble = () -> trouble;
    assertThat(step(campaign).state()).isEqualTo(Word.FAILED);
    tenant.trouble = () -> Trouble.NONE;
    assertThat(step(campaign).state()).as("it may be there all the same").isEqualTo(Word.WAITS);
    later();
    assertThat(toTheEnd(campaign).accepted()).isEqualTo(CALLABLE);
    assertThat(lines()).hasSize(CALLABLE);
  }

  @ParameterizedTest
  @EnumSource(
      value = Trouble.class,
      names = {"CUT_BEFORE", "CUT_AFTER", "LATE", "FAILED"})
  void whatMayHaveArrivedIsSentAgainOnlyOnceItSurelyHasNot(Trouble trouble) throws Exception {
    ObjectNode campaign = judged();
    step(campaign);
    tenant.trouble = () -> trouble;
    assertThatThrownBy(() -> step(campaign)).isInstanceOf(CxoneUnavailableException.class);
    tenant.trouble = () -> Trouble.NONE;
    assertThat(step(campaign).state()).isEqualTo(Word.WAITS);
    later();
    assertThat(toTheEnd(campaign).accepted()).isEqualTo(CALLABLE);
    assertThat(lines()).hasSize(CALLABLE);
  }

  /**
   * Trials with a fault at every fifth call, of every kind, and a kill at every eighth step, before
   * or after its call; whatever was cut off goes on from what the store has. In every third one no
   * job is ever shown.
   */
  @Test
  void faultsAtAnyStepNeitherLoseNorDoubleAContactAndMakeOneList() throws Exception {
    int trials = Integer.getInteger("upload.trials", 15);
    int faults = 0;
    for (int seed = 1; seed <= trials; seed++) {
      faults += trial(seed);
    }
    System.out.printf(
        "%d uploads with %d faults: 0 lists doubled, 0 contacts doubled, 0 lost%n", trials, faults);
    assertThat(faults).isGreaterThan(trials);
  }

  private int trial(int seed) throws IOException {
    Random random = new Random(seed);
    tenant.lists.clear();
    tenant.lists.silent = seed % 3 == 0;
    tenant.trouble = () -> Trouble.NONE;
    ObjectNode campaign = judged();
    int[] faults = new int[1];
    Trouble[] kinds = Trouble.values();
    tenant.trouble =
        () -> {
          if (random.nextInt(5) > 0) {
            return Trouble.NONE;
          }
          faults[0]++;
          return kinds[random.nextInt(kinds.length - 1)];
        };
    Progress end = null;
    for (int steps = 0; steps < 600 && (end == null || end.state() != Word.DONE); steps++) {
      end = tried(campaign, random, faults);
    }
    String why = "seed " + seed;
    assertThat(end).as(why).isNotNull();
    assertThat(end.state()).as(why).isEqualTo(Word.DONE);
    tenant.arrive();
    assertThat(tenant.lists.lists).as(why).hasSize(1);
    List<String> phones = new ArrayList<>(lines().stream().map(l -> l.split(",")[1]).toList());
    assertThat(phones).as(why).doesNotHaveDuplicates().hasSize(CALLABLE);
    assertThat(end.accepted()).as(why).isEqualTo(CALLABLE);
    return faults[0];
  }

  /** A step, which may be killed; null where it ended with a fault. */
  private Progress tried(ObjectNode campaign, Random random, int[] faults) {
    if (random.nextInt(3) == 0) {
      later();
    }
    Part part = uploads.next(campaign.path("id").asText());
    try {
      if (part != null && part.state() == ContactUploads.State.PLANNED && random.nextInt(8) == 0) {
        faults[0]++;
        ObjectNode upload = uploads.content(uploads.send(part));
        if (random.nextBoolean()) {
          ask("upload-contacts", campaign, upload);
        }
        return null;
      }
      return step(campaign);
    } catch (CxoneUnavailableException | CxoneRefusedException e) {
      return null;
    }
  }
}
