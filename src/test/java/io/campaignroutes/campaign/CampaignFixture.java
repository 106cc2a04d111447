package io.campaignroutes.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.access.By;
import io.campaignroutes.audit.AuditLog;
import io.campaignroutes.compliance.CampaignDefaults;
import io.campaignroutes.compliance.ComplianceSettings;
import io.campaignroutes.compliance.FirstRate;
import io.campaignroutes.compliance.PlatformCampaign;
import io.campaignroutes.compliance.Policies;
import io.campaignroutes.compliance.RateSettings;
import io.campaignroutes.compliance.RequestChecks;
import io.campaignroutes.compliance.RequestSchema;
import io.campaignroutes.contacts.ContactFiles;
import io.campaignroutes.contacts.ContactImports;
import io.campaignroutes.contacts.ContactProperties;
import io.campaignroutes.contacts.ContactUploads;
import io.campaignroutes.cxone.AgentPools;
import io.campaignroutes.cxone.CxoneApi;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.CxoneUnavailableException.Kind;
import io.campaignroutes.cxone.TestCxone;
import io.campaignroutes.shared.Hashes;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.TestStores;
import io.campaignroutes.text.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;

/** The real beans of a launch on one store, and CXone's part spoken by the test. */
public final class CampaignFixture implements AutoCloseable {
  private static final Path CONFIG = Path.of("config");
  private static final RequestSchema SCHEMA =
      RequestSchema.load(CONFIG.resolve("campaign-request.schema.json"));
  public static final CampaignDefaults DEFAULTS =
      CampaignDefaults.load(CONFIG.resolve("campaign-defaults.yaml"), SCHEMA);
  public static final PlatformCampaign PLATFORM =
      new PlatformPayloads(TestCxone.api().campaign(), true);
  public static final RequestChecks CHECKS =
      checks(
          Policies.load(
              CONFIG.resolve("policies"), LocalDate.of(2026, 3, 2), Duration.ofDays(4_000)),
          ComplianceSettings.defaults(),
          RateSettings.defaults());

  private static final FirstRate FIRST_RATE =
      new FirstRate(CHECKS, PLATFORM, RateSettings.defaults(), false, Duration.ofSeconds(5));

  /** The checks of requests by other policies. */
  public static RequestChecks checks(
      Policies policies, ComplianceSettings compliance, RateSettings rates) {
    return new RequestChecks(policies, DEFAULTS, SCHEMA, compliance, rates, PLATFORM);
  }

  /** Who does what tests have people do. */
  public static final By DESK = new By("desk", "key");

  static final LaunchProperties PROPERTIES =
      new LaunchProperties(
          4,
          2,
          2,
          2,
          Duration.ofSeconds(90),
          Duration.ofMillis(250),
          Duration.ofSeconds(5),
          Duration.ofMinutes(2),
          Duration.ofSeconds(1),
          Duration.ofMinutes(1),
          Duration.ofHours(24),
          Duration.ofSeconds(5),
          Duration.ofSeconds(20),
          Duration.ofSeconds(60));

  /** Small enough that a few lines are several chunks and parts. */
  static final ContactProperties CONTACTS =
      new ContactProperties(3, 2, Duration.ofMinutes(5), Duration.ofDays(7), "US");

  private final TestStores.Opened opened;
  public final CampaignListeners listeners = new CampaignListeners();
  public final Store store;
  public final AuditLog audit;
  public final CampaignStore campaigns;
  public final CampaignClaims claims;
  public final LaunchWaiters waiters;
  public final CampaignIntake intake;
  public final Commands commands;
  public final WorkerPools workerPools;
  public final LaunchTable table = LaunchTable.load(CONFIG.resolve("launch.yaml"));
  final Transitions transitions = new Transitions(table, PROPERTIES);
  public final LaunchSteps launchSteps;
  public final ContactFiles contactFiles;
  public final ContactImports contactImports;
  public final ContactUploads contactUploads;
  public final ContactSteps contactSteps;
  final LostCreates lostCreates;
  public final StatusSteps statusSteps;
  public final CommandSteps commandSteps;
  public final StepFailures failures;
  public final StepRefusals refusals;

  /** Of a platform whose stops can be forced. */
  public final Commands skillCommands;

  public final LifecycleEvents events;
  public final AgentPools pools = TestCxone.agentPools();

  public CampaignFixture(TestStores.Opened opened) {
    this.opened = opened;
    this.store = opened.store();
    this.audit = new AuditLog(store);
    this.campaigns = new CampaignStore(store, audit, PROPERTIES);
    this.claims = new CampaignClaims(store, PROPERTIES, campaigns);
    var writes = new CampaignWrites(store, PROPERTIES, campaigns, listeners, PLATFORM);
    this.waiters = new LaunchWaiters(campaigns);
    this.contactFiles = new ContactFiles(store, new AuditLog(store));
    this.contactImports = new ContactImports(store, contactFiles, CONTACTS);
    this.contactUploads = new ContactUploads(store, contactImports, CONTACTS);
    this.intake =
        new CampaignIntake(
            CHECKS, FIRST_RATE, store, campaigns, writes, transitions, contactImports);
    var statuses = new StatusResults(TestCxone.api());
    this.commands =
        new Commands(store, campaigns, writes, listeners, waiters, transitions, statuses);
    var skills = (CxoneApi) TestCxone.skillDoor("http://cxone.test", Json.object()).get("cxoneApi");
    this.skillCommands =
        new Commands(
            store, campaigns, writes, listeners, waiters, transitions, new StatusResults(skills));
    this.workerPools = new WorkerPools(claims, PROPERTIES);
    var writer = new TransitionWriter(store, campaigns, writes, waiters, transitions);
    this.launchSteps =
        new LaunchSteps(store, campaigns, writes, writer, statuses, FIRST_RATE, PROPERTIES);
    this.contactSteps = new ContactSteps(writer);
    this.lostCreates = new LostCreates(campaigns, launchSteps, writer, statuses, PROPERTIES);
    this.statusSteps = new StatusSteps(store, writer, statuses, PROPERTIES);
    this.commandSteps = new CommandSteps(store, campaigns, writer, statuses, table, PROPERTIES);
    this.failures =
        new StepFailures(store, claims, writer, commandSteps, table, PROPERTIES, workerPools);
    this.refusals = new StepRefusals(writer, table);
    this.events = new LifecycleEvents(store, campaigns, writes, writer, transitions, statuses);
  }

  /** What is known of campaigns by their ids at CXone, where none of them moves. */
  public static LifecycleEvents eventsOf(Store store, CampaignStore campaigns) {
    return new LifecycleEvents(store, campaigns, null, null, null, null);
  }

  /**
   * Sets the store's clock to so many milliseconds ahead of the real one. It is read at once: a
   * look goes by what was read within seconds.
   */
  public void setClock(long ahead) {
    opened.clock().accept(ahead);
    store.now();
  }

  @Override
  public void close() {
    opened.close();
  }

  public static JsonNode json(String text) {
    return RequestJson.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  /** The smallest good request of this name, with these properties over it. */
  public static ObjectNode request(String name, String properties) {
    ObjectNode request =
        (ObjectNode)
            json("{'agentPoolId':'pool-1','timeZone':'America/New_York','pacingLimit':20}");
    request.put("name", name);
    return request.setAll((ObjectNode) json("{" + properties + "}"));
  }

  public CampaignIntake.Taken hand(ObjectNode request, String key) {
    return intake.take(intake.check(Json.utf8(Json.text(request)), key), DESK);
  }

  public Campaign take(String name) {
    return hand(request(name, ""), null).campaign();
  }

  public static AgentPools.Pool agents(int available) {
    ObjectNode answer = Json.object();
    for (int i = 0; i < available; i++) {
      answer
          .withArray("agents")
          .addObject()
          .put("id", "agent-" + i)
          .put("status", "AVAILABLE")
          .put("timeZone", "America/New_York");
    }
    answer.withArray("agents");
    return new AgentPools.Pool(answer);
  }

  public static CxoneUnavailableException cut() {
    return new CxoneUnavailableException(
        Kind.UNREACHABLE, "The connection was cut.", null, new java.io.IOException("reset"));
  }

  static CxoneUnavailableException unavailable(Kind kind, Duration retryAfter) {
    return new CxoneUnavailableException(kind, "Not now: " + kind + ".", retryAfter, null);
  }

  public static CxoneRefusedException refusal(int status, String code) {
    return new CxoneRefusedException(status, code, "CXone refused it (" + status + ").");
  }

  /**
   * Claims everything due in a lane, of which this campaign must be one; a launch in whichever of
   * its two lanes it is.
   */
  public Campaign claim(PriorityClass lane, String id) {
    Stream<Campaign> activations =
        lane == PriorityClass.LAUNCH
            ? claims.claim(PriorityClass.ACTIVATION, 100).stream()
            : Stream.of();
    return Stream.concat(claims.claim(lane, 100).stream(), activations)
        .filter(c -> c.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new AssertionError(id + " is not due in " + lane + ": " + get(id)));
  }

  /** Pulls the due time, or the end of the lease, into the past; then claims. */
  public Campaign claimLater(PriorityClass lane, String id) {
    set(id, "due_at = 1");
    return claim(lane, id);
  }

  public void set(String id, String assignments) {
    set(id, assignments, false);
  }

  public void set(String id, String assignments, boolean commanded) {
    store.write(
        tx ->
            tx.sql().sql("update campaign set " + assignments + " where id = ?").param(id).update(),
        commanded);
  }

  public Campaign get(String id) {
    return campaigns.get(id);
  }

  /** Claimed and CHECKED. */
  Campaign checked(String name) {
    return launchSteps.checked(claim(PriorityClass.LAUNCH, take(name).id()), agents(2), null);
  }

  /** Claimed and about to be created. */
  Campaign intended(String name) {
    return launchSteps.intend(checked(name));
  }

  /** A create was sent and its answer lost; claimed again for its look-up. */
  Campaign lost(String name) {
    Campaign back = failures.retryLater(intended(name), cut());
    return claimLater(PriorityClass.LAUNCH, back.id());
  }

  Campaign created(String name) {
    return launchSteps.created(intended(name), json("{'id':'R-" + name + "','status':'DRAFT'}"));
  }

  Campaign registered(String name) {
    return launchSteps.registered(created(name), json("{'id':'W-" + name + "'}"));
  }

  /** Activation was asked for; nobody has a claim. */
  Campaign activating(String name) {
    return launchSteps.activationAsked(registered(name), json("{'status':'PENDING'}"));
  }

  /** ACTIVE; nobody has a claim. */
  public Campaign active(String name) {
    return launchSteps.polled(
        claimLater(PriorityClass.LAUNCH, activating(name).id()), json("{'status':'ACTIVE'}"));
  }

  /** The same of a request of one's own. */
  public Campaign active(ObjectNode request) {
    String name = request.path("name").asText();
    Campaign taken = hand(request, null).campaign();
    Campaign intended =
        launchSteps.intend(
            launchSteps.checked(claim(PriorityClass.LAUNCH, taken.id()), agents(2), null));
    Campaign created =
        launchSteps.created(intended, json("{'id':'R-" + name + "','status':'DRAFT'}"));
    Campaign registered = launchSteps.registered(created, json("{'id':'W-" + name + "'}"));
    Campaign activating = launchSteps.activationAsked(registered, json("{'status':'PENDING'}"));
    return launchSteps.polled(
        claimLater(PriorityClass.LAUNCH, activating.id()), json("{'status':'ACTIVE'}"));
  }

  /** CXone is sent a command that this claim has, and has this status when it is read at once. */
  public Campaign carriedOut(Campaign claimed, String status) {
    JsonNode answer = json("{'status':'" + status + "'}");
    return commandSteps.confirmed(commandSteps.commanded(claimed, answer), answer);
  }

  /** Refused by our own checks. */
  Campaign rejected(String name) {
    return launchSteps.checked(claim(PriorityClass.LAUNCH, take(name).id()), agents(1), null);
  }

  List<Stage> history(String id) {
    return campaigns.history(id).stream().map(CampaignStore.StageChange::stage).toList();
  }

  public List<JsonNode> auditLines(String id) {
    return audit.lines(id).stream().map(line -> RequestJson.read(Json.utf8(line))).toList();
  }

  /** The names of its audit lines, oldest first. */
  List<String> events(String id) {
    return auditLines(id).stream().map(line -> line.path("event").asText()).toList();
  }

  /** A column of its row as it is stored. */
  String text(String id, String column) {
    return store
        .read()
        .sql("select " + column + " from campaign where id = ?")
        .param(id)
        .query(String.class)
        .single();
  }

  public long count(String table) {
    return store.read().sql("select count(*) from " + table).query(Long.class).single();
  }

  /** Every history row has its one audit line, in the same order, in a chain that holds. */
  public void assertHistoryAndAuditAgree() {
    for (Campaign campaign : campaigns.list(null, null, 1_000)) {
      String id = campaign.id();
      List<CampaignStore.StageChange> history = campaigns.history(id);
      assertThat(history)
          .extracting(CampaignStore.StageChange::seq)
          .isSorted()
          .doesNotHaveDuplicates();
      List<JsonNode> told = auditLines(id).stream().filter(line -> line.has("stage")).toList();
      assertThat(told)
          .extracting(
              line ->
                  line.path("stage").asText()
                      + ": "
                      + line.path("reason").asText()
                      + " "
                      + line.path("by"))
          .containsExactlyElementsOf(
              history.stream()
                  .map(
                      change ->
                          change.stage()
                              + ": "
                              + change.reason()
                              + " "
                              + (change.by() == null ? "" : By.json(change.by())))
                  .toList());
      assertThat(told)
          .allSatisfy(
              line ->
                  assertThat(line.path("event").asText())
                      .isEqualTo("CAMPAIGN_" + line.path("stage").asText()));
      assertChain(audit.lines(id));
    }
  }

  private static void assertChain(List<String> lines) {
    String prev = "0".repeat(64);
    for (int i = 0; i < lines.size(); i++) {
      JsonNode line = RequestJson.read(Json.utf8(lines.get(i)));
      assertThat(line.path("seq").asInt()).isEqualTo(i + 1);
      assertThat(line.path("prev").asText()).isEqualTo(prev);
      prev = Hashes.sha256(Json.utf8(lines.get(i)));
    }
  }
}
