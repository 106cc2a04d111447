package io.campaignroutes.pacing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignFixture;
import io.campaignroutes.campaign.PriorityClass;
import io.campaignroutes.store.TestStores;
import io.campaignroutes.text.Json;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The real beans of pacing on one store, with CXone's part spoken by the test. */
final class PacingFixture implements AutoCloseable {
  static final PacingProperties PROPERTIES =
      new PacingProperties(
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          4,
          Duration.ofSeconds(90),
          Duration.ofSeconds(30),
          5,
          0,
          LawSettings.defaults(),
          LawSettings.of(FigureSettings.class, Map.of()),
          LawSettings.of(PlatformSettings.class, Map.of("zero-accepted", "false")));

  final CampaignFixture bench;
  final PacingReads rows;
  final PacingSteps work;

  /** By how much the clock of ticks is ahead of the store's, in milliseconds. */
  long ahead;

  private final ThreadPoolExecutor workers =
      new ThreadPoolExecutor(0, 4, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());

  PacingFixture(TestStores.Opened opened) {
    this(new CampaignFixture(opened));
  }

  private PacingFixture(CampaignFixture bench) {
    this.bench = bench;
    PacingPlans plans = new PacingPlans(CampaignFixture.CHECKS, PROPERTIES);
    PacingLaw law = new PacingLaw(PROPERTIES.law(), PROPERTIES.figures(), PROPERTIES.platform());
    PacingMemory memory = new PacingMemory(plans, law);
    PacingWrites writes = new PacingWrites(bench.campaigns, PROPERTIES);
    new PacingListener(bench.store, bench.campaigns, bench.listeners, memory, writes, PROPERTIES);
    new ControlWatch(bench.campaigns, bench.listeners, PROPERTIES);
    LongSupplier clock = () -> bench.store.now() + ahead;
    this.rows = new PacingReads(bench.store, PROPERTIES);
    this.work =
        new PacingSteps(
            bench.store,
            new PacingClaims(bench.store, bench.campaigns, plans, memory, PROPERTIES),
            writes,
            bench.campaigns,
            new PacingDecider(plans, law, PROPERTIES, clock),
            PROPERTIES,
            workers,
            new SimpleMeterRegistry(),
            clock);
  }

  /** ACTIVE, at any hour of the day, with a first tick that is due. */
  Campaign active(String name) {
    return active(
        name,
        "'policy':'none','schedule':{'daysOfWeek':['MONDAY','TUESDAY','WEDNESDAY','THURSDAY',"
            + "'FRIDAY','SATURDAY','SUNDAY'],'startHour':0,'endHour':24}");
  }

  /**
   * ACTIVE, and open until the end of this hour, by the clock of ticks; an hour of the night that
   * has two of them is as good as any.
   */
  Campaign openThisHour(String name) {
    int hour = java.time.ZonedDateTime.now(java.time.ZoneId.of("America/New_York")).getHour();
    return active(
        name,
        "'policy':'none','schedule':{'daysOfWeek':['MONDAY','TUESDAY','WEDNESDAY','THURSDAY',"
            + "'FRIDAY','SATURDAY','SUNDAY'],'startHour':%d,'endHour':%d}"
                .formatted(hour, hour + 1));
  }

  /** The end of this hour, in milliseconds since the epoch. */
  long endOfHour() {
    long hour = Duration.ofHours(1).toMillis();
    return (bench.store.now() / hour + 1) * hour;
  }

  /** Puts the clock of ticks at this moment. */
  void clockAt(long moment) {
    ahead = moment - bench.store.now();
  }

  Campaign active(String name, String properties) {
    Campaign taken = bench.hand(CampaignFixture.request(name, properties), null).campaign();
    Campaign checked =
        bench.launchSteps.agentsKnown(
            bench.claim(PriorityClass.LAUNCH, taken.id()), CampaignFixture.agents(8));
    Campaign created =
        bench.launchSteps.created(
            bench.launchSteps.intend(checked),
            CampaignFixture.json("{'id':'R-" + name + "','status':'DRAFT'}"));
    Campaign registered =
        bench.launchSteps.registered(created, CampaignFixture.json("{'id':'W-" + name + "'}"));
    return bench.launchSteps.activationAsked(
        registered, CampaignFixture.json("{'status':'ACTIVE'}"));
  }

  /** Claims the tick of a campaign, which must be due. */
  PacingRun claim(Campaign campaign) {
    return work.claim().stream()
        .filter(run -> run.campaign().id().equals(campaign.id()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no tick of " + campaign.id() + " is due"));
  }

  /** Pulls the due time, or the end of the lease, into the past; then claims. */
  PacingRun claimLater(Campaign campaign) {
    ahead += 5_000;
    due(campaign, 1L);
    return claim(campaign);
  }

  void due(Campaign campaign, Long at) {
    set(campaign, "due_at = " + at);
  }

  void set(Campaign campaign, String assignments) {
    bench.store.write(
        tx ->
            tx.sql()
                .sql("update pacing set " + assignments + " where campaign_id = ?")
                .param(campaign.id())
                .update());
  }

  /** A tick with these figures, up to its decision. */
  PacingRun decide(PacingRun run, int connected, int abandoned, int idle) {
    return work.decide(work.figures(run, figures(connected, abandoned, idle)));
  }

  /** Ticks with these figures, the first of which wants another rate above zero. */
  PacingRun rate(Campaign campaign, int connected, int abandoned, int idle) {
    for (int tick = 0; tick < 20; tick++) {
      PacingRun run = decide(claimLater(campaign), connected, abandoned, idle);
      if (run.change() == PacingRun.Change.RATE) {
        return run;
      }
    }
    throw new AssertionError("no tick wanted another rate");
  }

  static ObjectNode figures(int connected, int abandoned, int idle) {
    return Json.object()
        .put("connected", connected)
        .put("abandoned", abandoned)
        .put("avgHandleTime", 180)
        .put("agents", idle);
  }

  /** Held: paused at CXone because there was nobody to take a call. */
  Campaign held(String name) {
    Campaign campaign = active(name);
    PacingRun run = decide(claim(campaign), 0, 0, 0);
    work.hold(run);
    bench.carriedOut(bench.claim(PriorityClass.COMMAND, campaign.id()), "PAUSED");
    return bench.get(campaign.id());
  }

  long time(Campaign campaign, String column) {
    return ((Number) column(campaign, column)).longValue();
  }

  long now() {
    return bench.store.now() + ahead;
  }

  List<JsonNode> decisions(Campaign campaign) {
    return rows.decisions(campaign.id(), null, 100);
  }

  List<JsonNode> changesInAudit(Campaign campaign) {
    return bench.auditLines(campaign.id()).stream()
        .filter(line -> line.path("event").asText().equals("PACING_CHANGE"))
        .toList();
  }

  Object column(Campaign campaign, String column) {
    return bench
        .store
        .read()
        .sql("select " + column + " from pacing where campaign_id = ?")
        .param(campaign.id())
        .query((row, n) -> row.getObject(1))
        .list()
        .get(0);
  }

  @Override
  public void close() {
    workers.shutdownNow();
    bench.close();
  }
}
