package io.campaignroutes.pacing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignFixture;
import io.campaignroutes.campaign.PriorityClass;
import io.campaignroutes.cxone.AgentPools;
import io.campaignroutes.cxone.CallBudget;
import io.campaignroutes.store.TestStores;
import io.campaignroutes.text.Json;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The real beans of pacing on one store, with CXone's part spoken by the test. */
final class PacingFixture implements AutoCloseable {
  static final PacingProperties PROPERTIES =
      new PacingProperties(
          Duration.ofSeconds(5),
          Duration.ofSeconds(2),
          Duration.ofSeconds(60),
          4,
          Duration.ofSeconds(90),
          Duration.ofSeconds(30),
          5,
          0,
          LawSettings.defaults(),
          LawSettings.of(FigureSettings.class, Map.of()),
          LawSettings.of(PlatformSettings.class, Map.of("zero-accepted", "false")));

  /** The same on a platform that dials for agents who wait. */
  static final PacingProperties BY_RATIO =
      new PacingProperties(
          PROPERTIES.period(),
          PROPERTIES.quickPeriod(),
          PROPERTIES.restPeriod(),
          4,
          PROPERTIES.lease(),
          PROPERTIES.retryAfterRefusal(),
          200,
          0,
          LawSettings.defaults(),
          LawSettings.of(FigureSettings.class, Map.of("lag", "10s")),
          LawSettings.of(PlatformSettings.class, Map.of("actuator", "ratio")));

  final CampaignFixture bench;
  final PacingReads rows;
  final ControlReads control;
  final PacingSteps work;
  final PoolSteps pools;
  final UnpacedCampaigns unpaced;

  /** What has campaigns held while nothing else can be written. */
  Executor holder = Runnable::run;

  final PoolReads poolReads;
  final Resumes resumes;
  private final PoolQueue queue;
  private long closes;
  private final PacingClaims claims;

  /** How the limit on calls to CXone stands: at it, so that ticks are a period apart. */
  CallBudget.State calls = new CallBudget.State(20, 20, 0, Duration.ZERO);

  /** By how much the clock of ticks is ahead of the store's, in milliseconds. */
  long ahead;

  private final Map<String, PoolRun> claimed = new ConcurrentHashMap<>();

  private final ThreadPoolExecutor workers =
      new ThreadPoolExecutor(0, 4, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());

  PacingFixture(TestStores.Opened opened) {
    this(opened, PROPERTIES);
  }

  PacingFixture(TestStores.Opened opened, PacingProperties properties) {
    this(new CampaignFixture(opened), properties);
  }

  private PacingFixture(CampaignFixture bench, PacingProperties properties) {
    this.bench = bench;
    PacingPlans plans = new PacingPlans(CampaignFixture.CHECKS, properties);
    PacingLaw law = new PacingLaw(properties.law(), properties.figures(), properties.platform());
    PacingMemory memory = new PacingMemory(plans, law, CampaignFixture.PLATFORM);
    PacingWrites writes = new PacingWrites(bench.store, bench.campaigns, properties);
    new PacingListener(
        bench.store,
        bench.campaigns,
        bench.listeners,
        memory,
        writes,
        properties,
        new StartHours(plans, properties, bench.store));
    new ControlWatch(bench.campaigns, bench.listeners, properties);
    LongSupplier clock = () -> bench.store.now() + ahead;
    this.control = new ControlReads(bench.store, properties);
    this.poolReads = new PoolReads(bench.store, bench.campaigns, control);
    this.rows = new PacingReads(bench.store, control, properties);
    PacingDecider decider = new PacingDecider(plans, law, properties, clock);
    this.work =
        new PacingSteps(
            bench.store,
            writes,
            bench.campaigns,
            decider,
            properties,
            new SimpleMeterRegistry(),
            clock);
    this.queue = new PoolQueue(bench.store, bench.campaigns, properties);
    this.resumes = new Resumes(bench.store, rows, properties);
    this.claims = new PacingClaims(bench.store, bench.campaigns, plans, memory, properties, queue);
    this.unpaced =
        new UnpacedCampaigns(
            bench.store,
            claims,
            writes,
            memory,
            bench.campaigns,
            properties,
            held -> holder.execute(held),
            () -> System.nanoTime() / 1_000_000 + ahead);
    this.pools =
        new PoolSteps(
            bench.store,
            claims,
            unpaced,
            writes,
            rows,
            new CommonAgents(bench.store, properties),
            new TickPeriods(properties, () -> calls, clock),
            decider,
            work,
            properties,
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
   * ACTIVE, and open until the end of this hour by the clock of ticks, or of the next when this one
   * is nearly over; an hour of the night that has two of them is as good as any.
   */
  Campaign openThisHour(String name) {
    ZonedDateTime now = ZonedDateTime.now(ZoneId.of("America/New_York"));
    ZonedDateTime last = now.getHour() == 23 ? now : now.plusMinutes(2);
    closes = last.truncatedTo(ChronoUnit.HOURS).plusHours(1).toInstant().toEpochMilli();
    return active(
        name,
        "'policy':'none','schedule':{'daysOfWeek':['MONDAY','TUESDAY','WEDNESDAY','THURSDAY',"
            + "'FRIDAY','SATURDAY','SUNDAY'],'startHour':%d,'endHour':%d}"
                .formatted(now.getHour(), last.getHour() + 1));
  }

  /** When what is open this hour closes, in milliseconds since the epoch. */
  long endOfHour() {
    return closes;
  }

  /** Puts the clock of ticks at this moment. */
  void clockAt(long moment) {
    ahead = moment - bench.store.now();
  }

  /** The same; one for which its pool has no room begins with the lowest rate all the same. */
  Campaign active(String name, String properties) {
    Campaign checked = checked(name, properties, CampaignFixture.agents(8));
    bench.store.write(
        tx -> tx.sql().sql("update campaign set first_rate = 0.1 where first_rate = 0").update());
    return launched(checked);
  }

  /** With the rate to begin with that these agents leave it. */
  Campaign checked(String name, String properties, AgentPools.Pool agents) {
    Campaign taken = bench.hand(CampaignFixture.request(name, properties), null).campaign();
    return bench.launchSteps.checked(bench.claim(PriorityClass.LAUNCH, taken.id()), agents, null);
  }

  /** ACTIVE after its check. */
  Campaign launched(Campaign checked) {
    String name = checked.name();
    Campaign created =
        bench.launchSteps.created(
            bench.launchSteps.intend(checked),
            CampaignFixture.json("{'id':'R-" + name + "','status':'DRAFT'}"));
    Campaign registered =
        bench.launchSteps.registered(created, CampaignFixture.json("{'id':'W-" + name + "'}"));
    Campaign active =
        bench.launchSteps.activationAsked(registered, CampaignFixture.json("{'status':'ACTIVE'}"));
    queue.wake();
    return active;
  }

  /** Claims the tick of a campaign, which must be due. */
  PacingRun claim(Campaign campaign) {
    return claim().stream()
        .filter(run -> run.campaign().id().equals(campaign.id()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no tick of " + campaign.id() + " is due"));
  }

  /** Claims the ticks of all campaigns that are due. Their pools need not wait for their time. */
  List<PacingRun> claim() {
    String waiting =
        "claim_token is not null and exists"
            + " (select 1 from pacing where pool_id = pool.id and due_at <= ?)";
    boolean any =
        !bench
            .store
            .read()
            .sql("select id from pool where " + waiting)
            .param(bench.store.now())
            .query(String.class)
            .list()
            .isEmpty();
    if (any) {
      bench.store.write(
          tx ->
              tx.sql()
                  .sql("update pool set due_at = 1, claim_token = null where " + waiting)
                  .param(tx.now())
                  .update(),
          true);
    }
    return pools.claim().stream()
        .peek(pool -> claimed.put(pool.claim() + pool.id(), pool))
        .flatMap(pool -> pool.runs().stream())
        .toList();
  }

  /** What a start of the service does first. */
  int releaseLeftovers() {
    return claims.releaseLeftovers();
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

  /** Who is there, as it was read at the tick of this campaign's pool. */
  PacingRun notYet(PacingRun run, AgentPools.Pool agents) {
    claimed.computeIfPresent(key(run), (key, pool) -> pools.agents(pool, agents));
    PacingRun read = work.notYet(run);
    return read.reading(read.reading().ready(claimed.get(key(run)).agents().idle()));
  }

  private static String key(PacingRun run) {
    return run.claim() + run.campaign().poolId();
  }

  /** Decides for this campaign as if it had its pool for itself. */
  PacingRun decide(PacingRun run) {
    PoolRun pool = claimed.getOrDefault(key(run), claimed.get(run.claim() + "pool-1"));
    PoolRun alone =
        new PoolRun(
            pool.id(),
            pool.claim(),
            pool.dueSince(),
            pool.startBy(),
            pool.seq(),
            pool.state(),
            pool.given(),
            List.of(run),
            List.of(),
            null,
            pool.answers());
    return pools.decide(alone).runs().stream()
        .findFirst()
        .orElseThrow(() -> new PacingClaimLostException(run.campaign().id()));
  }

  /** A tick with these figures, up to its decision. */
  PacingRun decide(PacingRun run, int connected, int abandoned, int idle) {
    return decide(work.figures(run, figures(connected, abandoned, idle)));
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
