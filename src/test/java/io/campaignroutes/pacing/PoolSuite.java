package io.campaignroutes.pacing;

import static io.campaignroutes.campaign.CampaignFixture.cut;
import static io.campaignroutes.campaign.CampaignFixture.json;
import static java.util.Comparator.reverseOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignFixture;
import io.campaignroutes.campaign.Command;
import io.campaignroutes.campaign.PriorityClass;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.cxone.AgentPools;
import io.campaignroutes.cxone.CallBudget;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.CxoneUnavailableException.Kind;
import io.campaignroutes.cxone.RateWrites;
import io.campaignroutes.cxone.Urgency;
import io.campaignroutes.shared.NotFoundException;
import io.campaignroutes.store.TestStores;
import io.campaignroutes.text.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ticks of agent pools on a real store, with CXone's part spoken here. */
abstract class PoolSuite {
  private static final String ANY_HOUR =
      "'policy':'none','schedule':{'daysOfWeek':['MONDAY','TUESDAY','WEDNESDAY','THURSDAY',"
          + "'FRIDAY','SATURDAY','SUNDAY'],'startHour':0,'endHour':24}";

  private static final RateWrites.Outcome TAKEN = new RateWrites.Outcome(true, null);

  PacingFixture pacing;
  private int names;
  private TestStores.Opened opened;

  abstract TestStores.Opened open();

  @BeforeEach
  void openBench() {
    opened = open();
    pacing = new PacingFixture(opened);
  }

  @AfterEach
  void close() {
    try {
      pacing.bench.assertHistoryAndAuditAgree();
    } finally {
      pacing.close();
      opened.close();
    }
  }

  private List<Campaign> active(int campaigns) {
    List<Campaign> all = new ArrayList<>();
    for (int n = 0; n < campaigns; n++) {
      all.add(pacing.active("Spring " + ++names));
    }
    return all;
  }

  /** The tick of the one pool there is, a period later. */
  private PoolRun later() {
    pacing.ahead += 5_000;
    set("update pacing set due_at = 1 where due_at is not null");
    set("update pool set due_at = 1");
    return claim();
  }

  private PoolRun claim() {
    List<PoolRun> claimed = pacing.pools.claim();
    assertThat(claimed).hasSize(1);
    return claimed.get(0);
  }

  private void set(String sql) {
    pacing.bench.store.write(tx -> tx.sql().sql(sql).update());
  }

  private Object pool(String column) {
    return pacing
        .bench
        .store
        .read()
        .sql("select " + column + " from pool where id = 'pool-1'")
        .query((row, n) -> row.getObject(1))
        .list()
        .get(0);
  }

  private PoolRun read(PoolRun pool, int idle) {
    pool.asking()
        .forEach(
            run ->
                pacing.pools.read(
                    pool, pacing.work.figures(run, PacingFixture.figures(60, 1, idle))));
    return pool;
  }

  /** A whole tick, in which CXone does all that it is told. */
  private PoolRun tick(int idle) {
    PoolRun decided = pacing.pools.decide(read(later(), idle));
    decided.lowers().forEach(this::carryOut);
    pacing.pools.raises(decided).forEach(this::carryOut);
    pacing.pools.ended(decided);
    return decided;
  }

  private void carryOut(PacingRun run) {
    if (run.change() == PacingRun.Change.RATE) {
      pacing.work.sent(run, TAKEN);
    } else {
      pacing.work.hold(run);
      pacing.bench.carriedOut(
          pacing.bench.claim(PriorityClass.COMMAND, run.campaign().id()), "PAUSED");
    }
  }

  private double dialed() {
    return pacing.rows.mayDial(pacing.bench.store.read(), "pool-1", Set.of());
  }

  // Who ticks

  @Test
  void aPoolIsClaimedOnceWithAllOfItsCampaignsHoweverManyAskAtOnce() throws Exception {
    active(8);
    List<List<PoolRun>> claimed = TestStores.atOnce(8, () -> pacing.pools.claim());
    assertThat(claimed.stream().flatMap(List::stream))
        .singleElement()
        .satisfies(pool -> assertThat(pool.runs()).hasSize(8));
  }

  @Test
  void aCampaignThatBeginsJoinsTheNextTickOfItsPool() {
    active(1);
    PoolRun first = pacing.pools.decide(read(claim(), 8));
    first.lowers().forEach(this::carryOut);
    pacing.pools.raises(first).forEach(this::carryOut);
    pacing.active("Summer");
    assertThat(pacing.pools.claim()).as("the pool ticks still").isEmpty();
    pacing.pools.ended(first);
    assertThat(pacing.pools.claim()).as("a period has not passed").isEmpty();
    assertThat(((Number) pool("due_at")).longValue())
        .isCloseTo(first.dueSince() + 5_000, within(5_000L));
    set("update pool set due_at = 1");
    assertThat(claim().runs()).hasSize(2);
  }

  @Test
  void aPoolWhoseCampaignsHaveAllEndedIsDueNoMoreUntilOneRunsAgain() {
    Campaign campaign = active(1).get(0);
    pacing.bench.commands.give(campaign.id(), Command.PAUSE, CampaignFixture.DESK);
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), "PAUSED");
    assertThat(pacing.pools.claim()).isEmpty();
    assertThat(pool("due_at")).isNull();
    resume(campaign);
    assertThat(claim().runs()).hasSize(1);
  }

  private void resume(Campaign campaign) {
    pacing.bench.commands.give(campaign.id(), Command.RESUME, CampaignFixture.DESK);
    pacing.bench.commandSteps.commanded(
        pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), json("{'status':'PENDING'}"));
    pacing.bench.launchSteps.polled(
        pacing.bench.claimLater(PriorityClass.LAUNCH, campaign.id()), json("{'status':'ACTIVE'}"));
  }

  @Test
  void campaignsThatRestAreNotClaimedAndThoseOfAnOtherProgramAreLeftToIt() {
    List<Campaign> campaigns = active(3);
    pacing.due(campaigns.get(0), pacing.bench.store.now() + 60_000);
    pacing.set(
        campaigns.get(1), "claim_token = 'theirs', due_at = " + (pacing.bench.store.now() + 3_000));
    assertThat(claim().runs())
        .singleElement()
        .satisfies(run -> assertThat(run.campaign().id()).isEqualTo(campaigns.get(2).id()));
    assertThat(pacing.column(campaigns.get(1), "claim_token")).isEqualTo("theirs");
  }

  @Test
  void whatAnOlderProgramHasBegunToPaceBelongsToItsPool() {
    active(2);
    set("delete from pool");
    set("update pacing set pool_id = null");
    assertThat(claim().runs()).hasSize(2);
  }

  @Test
  void aPoolWhoseLeaseIsLostForEverIsDueAgain() {
    active(1);
    claim();
    set("update pool set due_at = 9000000000000");
    set("update pacing set due_at = 1");
    assertThat(claim().runs()).hasSize(1);
  }

  @Test
  void aTickThatHasLostItsPoolKeepsNoneOfItsCampaigns() {
    List<Campaign> campaigns = active(2);
    PoolRun pool = claim();
    set("update pool set claim_token = 'another'");
    assertThatThrownBy(() -> pacing.pools.decide(read(pool, 8)))
        .isInstanceOf(PacingClaimLostException.class);
    pacing.pools.lost(pool);
    await().until(() -> campaigns.stream().allMatch(c -> pacing.column(c, "claim_token") == null));
  }

  @Test
  void whoIsResumedAtTheSameTimeGetsTheRoomOnce() {
    List<Campaign> campaigns = active(3);
    for (int n = 0; n < 10; n++) {
      tick(60);
    }
    campaigns.subList(0, 2).forEach(this::pause);
    double room = tick(60).decision().rate() - dialed();
    double begin = 0;
    for (Campaign paused : campaigns.subList(0, 2)) {
      pacing.bench.commands.give(paused.id(), Command.RESUME, CampaignFixture.DESK);
      Campaign resuming = pacing.bench.claim(PriorityClass.COMMAND, paused.id());
      double before = ((Number) pacing.column(paused, "rate")).doubleValue();
      double rate = pacing.resumes.rate(resuming);
      begin += rate > 0 ? rate : before;
    }
    assertThat(begin).isLessThanOrEqualTo(Math.max(room, 0) + 2 * 0.1 + 1e-9);
  }

  @Test
  void whatAKillLeftInAnEmbeddedStoreIsDueAtTheNextStart() {
    active(2);
    claim();
    if (opened.store().claimLock().isEmpty()) {
      assertThat(pacing.releaseLeftovers()).isEqualTo(2);
      assertThat(claim().runs()).hasSize(2);
    } else {
      assertThat(pacing.releaseLeftovers()).as("who knows who has them").isZero();
    }
  }

  // Who is asked, and how long that is waited for

  private static final AgentPools.Pool NOBODY = new AgentPools.Pool(json("{'agents':[]}"));

  /** A tick of a pool of whose campaigns CXone has no figures; those that it was asked for. */
  private List<String> tickWithoutFigures(AgentPools.Pool agents) {
    PoolRun pool = pacing.pools.agents(later(), agents);
    List<PacingRun> asked = pool.asking();
    asked.forEach(run -> pacing.pools.read(pool, pacing.work.notYet(run)));
    PoolRun decided = pacing.pools.decide(pool);
    decided.lowers().forEach(this::carryOut);
    pacing.pools.raises(decided).forEach(this::carryOut);
    pacing.pools.ended(decided);
    return asked.stream().map(run -> run.campaign().id()).toList();
  }

  @Test
  void whoeverDialedIsAskedForAsLongAsFiguresShowItAndThenAtEverySixthTick() {
    List<Campaign> campaigns = active(3);
    tick(12);
    tickWithoutFigures(NOBODY);
    assertThat(dialed()).isZero();
    for (int n = 0; n < 3; n++) {
      assertThat(tickWithoutFigures(NOBODY)).as("calls still come in").hasSize(3);
    }
    pacing.ahead += 300_000;
    List<String> asked = new ArrayList<>();
    for (int n = 0; n < 12; n++) {
      asked.addAll(tickWithoutFigures(NOBODY));
    }
    assertThat(asked).hasSize(6);
    campaigns.forEach(c -> assertThat(asked).filteredOn(c.id()::equals).hasSize(2));
    assertThat(dialed()).isZero();
    PoolRun back = pacing.pools.agents(later(), CampaignFixture.agents(12));
    back.asking().forEach(run -> pacing.pools.read(back, pacing.work.notYet(run)));
    assertThat(pacing.pools.raises(pacing.pools.decide(back)))
        .as("whose turn it is dials as soon as agents are there, asked or not")
        .isNotEmpty();
  }

  @Test
  void ofWhoeverRestsNothingIsWrittenUntilItIsAsked() {
    active(3);
    tick(12);
    tickWithoutFigures(NOBODY);
    pacing.ahead += 300_000;
    int written = 0;
    for (int n = 0; n < 6; n++) {
      long before = decisions();
      int asked = tickWithoutFigures(NOBODY).size();
      assertThat(decisions() - before).isEqualTo(asked);
      written += asked;
    }
    assertThat(written).isEqualTo(3);
  }

  private long decisions() {
    return pacing.bench.store.read().sql("select sum(seq) from pacing").query(Long.class).single();
  }

  @Test
  void whatCxoneTellsAfterTheDecisionIsNotLookedAt() {
    active(2);
    PoolRun pool = later();
    PacingRun run = pool.asking().get(0);
    pacing.pools.decide(pool);
    pacing.pools.agents(pool, CampaignFixture.agents(12));
    pacing.pools.read(pool, pacing.work.figures(run, PacingFixture.figures(60, 1, 8)));
    assertThat(pool.agents()).isNull();
    assertThat(pool.answers().figures(run.campaign().id())).isNull();
  }

  private PoolRun decidedWithAChange() {
    active(3);
    PoolRun decided = pacing.pools.decide(read(later(), 0));
    assertThat(decided.lowers()).isNotEmpty();
    return decided;
  }

  private void aPeriodPasses() {
    pacing.ahead += 5_000;
    set("update pool set due_at = 1");
    set("update pacing set due_at = 1 where claim_token is null");
  }

  @Test
  void aChangeThatIsNotBegunInTimeIsLeftToTheNextTick() {
    PoolRun decided = decidedWithAChange();
    PacingRun change = decided.lowers().get(0);
    pacing.pools.ended(decided);
    assertThat(pacing.pools.late(decided, change)).isTrue();
    aPeriodPasses();
    assertThat(claim().runs()).hasSize(3);
  }

  @Test
  void aChangeThatIsUnderWayIsItsOwnUntilItEndsAndTheOthersArePaced() {
    PoolRun decided = decidedWithAChange();
    PacingRun change = decided.lowers().get(0);
    assertThat(pacing.pools.late(decided, change)).isFalse();
    pacing.pools.ended(decided);
    aPeriodPasses();
    PoolRun next = claim();
    assertThat(next.runs())
        .hasSize(2)
        .extracting(run -> run.campaign().id())
        .doesNotContain(change.campaign().id());
    double rate = pacing.pools.decide(read(next, 12)).decision().rate();
    assertThat(rate).as("what it may dial with counts").isGreaterThanOrEqualTo(change.fastest());
    carryOut(change);
    set("update pacing set due_at = 1 where claim_token is null");
    pacing.pools.ended(next);
    assertThat(later().runs()).hasSize(3);
  }

  @Test
  void whatSlowsSomebodyDownGoesAheadOfLaunchesWhenCallsAreShort() {
    active(2);
    for (int n = 0; n < 3; n++) {
      tick(12);
    }
    PoolRun slower = pacing.pools.decide(read(later(), 0));
    assertThat(slower.lowers()).isNotEmpty().allMatch(run -> run.urgency() == Urgency.SLOWER);
    pacing.pools.ended(slower);
    PoolRun faster = pacing.pools.decide(read(later(), 12));
    assertThat(pacing.pools.raises(faster)).allMatch(run -> run.urgency() == Urgency.PACING);
  }

  @Test
  void agentsWhomAChangeUnderWayStillDialsForAreNotDialedForByOthers() {
    PoolRun decided = decidedWithAChange();
    PacingRun change = decided.lowers().get(0);
    assertThat(pacing.pools.late(decided, change)).isFalse();
    pacing.pools.ended(decided);
    aPeriodPasses();
    set("update pacing set rate = 5 where campaign_id = '" + change.campaign().id() + "'");
    PoolRun next = pacing.pools.decide(read(claim(), 12));
    assertThat(next.runs()).hasSize(2);
    assertThat(next.raises()).isNotEmpty();
    assertThat(pacing.pools.raises(next)).isEmpty();
  }

  @Test
  void theLawKnowsOfTheLinesOfAChangeUnderWay() {
    PoolRun decided = decidedWithAChange();
    PacingRun change = decided.lowers().get(0);
    assertThat(pacing.pools.late(decided, change)).isFalse();
    pacing.pools.ended(decided);
    aPeriodPasses();
    set("update pacing set writing = 3 where campaign_id = '" + change.campaign().id() + "'");
    PoolRun next = claim();
    assertThat(next.beside())
        .singleElement()
        .satisfies(run -> assertThat(run.campaign().id()).isEqualTo(change.campaign().id()))
        .satisfies(run -> assertThat(run.state().commanded()).isEqualTo(3));
    PoolRun known = pacing.pools.decide(read(next, 12));
    assertThat(known.runs())
        .as("fifteen lines ring for the twelve that are idle")
        .hasSize(2)
        .allMatch(run -> run.decision().rate() <= 0.1);
  }

  @Test
  void aStopOfTheServiceWhileAgentsAreAskedForEndsTheTickUndecided() {
    active(2);
    PoolRun pool = later();
    pacing.pools.agentsUnread(
        pool, new CxoneUnavailableException(Kind.STOPPING, "Stop.", null, null));
    assertThat(pacing.pools.decide(pool).runs()).isEmpty();
    assertThat(claim().runs()).hasSize(2);
  }

  @Test
  void aPoolOfFewCampaignsTicksSoonerWhileTheLimitOnCallsLeavesRoom() {
    active(2);
    CallBudget.State none = new CallBudget.State(0, 0, 0, Duration.ZERO);
    CallBudget.State half = new CallBudget.State(20, 10, 0, Duration.ZERO);
    for (CallBudget.State room : List.of(none, half)) {
      pacing.calls = room;
      assertThat(untilNextTick()).isBetween(2_000L, 3_500L);
    }
    for (CallBudget.State full :
        List.of(
            new CallBudget.State(20, 11, 0, Duration.ZERO),
            new CallBudget.State(0, 0, 1, Duration.ZERO),
            new CallBudget.State(0, 0, 0, Duration.ofSeconds(1)))) {
      pacing.calls = full;
      assertThat(untilNextTick()).isBetween(4_000L, 6_000L);
    }
    pacing.calls = none;
    active(7);
    assertThat(untilNextTick()).as("nine campaigns to ask for").isBetween(4_000L, 6_000L);
    assertThat(tick(8).decision().period()).as("it is late, too").hasSeconds(5);
  }

  /** Milliseconds from a tick that is on time to the next one. */
  private long untilNextTick() {
    set("update pool set due_at = 1");
    PoolRun claimed = claim();
    assertThat(claimed.runs()).as("who is due within a period").hasSizeGreaterThan(1);
    long due = pacing.bench.store.now() + pacing.ahead;
    PoolRun onTime =
        new PoolRun(
            claimed.id(),
            claimed.claim(),
            due,
            claimed.startBy(),
            claimed.seq(),
            claimed.state(),
            claimed.given(),
            claimed.runs(),
            claimed.beside(),
            null,
            new TickAnswers());
    PoolRun decided = pacing.pools.decide(read(onTime, 8));
    decided.lowers().forEach(this::carryOut);
    pacing.pools.raises(decided).forEach(this::carryOut);
    pacing.pools.ended(decided);
    return ((Number) pool("due_at")).longValue() - due;
  }

  // What is decided

  @Test
  void whatIsKnownOfTheAgentsIsRememberedForTheNextTick() {
    active(2);
    tick(8);
    PoolRun next = later();
    assertThat(StoredState.readPool(next.state())).isPresent();
    set("update pool set state = '{', due_at = 1");
    set("update pacing set due_at = 1");
    assertThat(pacing.pools.decide(read(claim(), 8)).runs()).as("damaged: anew").hasSize(2);
  }

  @Test
  void agentsWhoCouldTakeAFirstCallAreGivenOutOnce() {
    active(3);
    PoolRun pool = pacing.pools.agents(claim(), CampaignFixture.agents(8));
    pool.asking().forEach(run -> pacing.pools.read(pool, pacing.work.notYet(run)));
    double rates =
        pacing.pools.decide(pool).runs().stream().mapToDouble(run -> run.decision().rate()).sum();
    assertThat(rates).isBetween(0.2, 0.8 + 1e-9);
  }

  @Test
  void whenTheAgentsAreGoneNobodyDialsWhateverTheFiguresSay() {
    active(3);
    for (int n = 0; n < 5; n++) {
      tick(12);
    }
    assertThat(dialed()).isPositive();
    for (AgentPools.Pool nobody :
        List.of(
            new AgentPools.Pool(null),
            new AgentPools.Pool(json("{'agents':[]}")),
            new AgentPools.Pool(json("{'agents':[{'id':'a','status':'OFFLINE'}]}")))) {
      PoolRun decided = pacing.pools.decide(read(pacing.pools.agents(later(), nobody), 12));
      assertThat(decided.decision().rate()).isZero();
      assertThat(decided.lowers()).isNotEmpty();
      assertThat(decided.runs())
          .hasSize(3)
          .allSatisfy(
              run -> {
                assertThat(run.decision().rate()).isZero();
                assertThat(run.change() == PacingRun.Change.HOLD || run.fastest() == 0).isTrue();
                assertThat(run.decision().reason()).startsWith("0 calls/s: no agent");
              });
    }
  }

  @Test
  void agentsWhoAreAllOnACallAreAtWork() {
    active(1);
    PoolRun busy =
        pacing.pools.agents(
            later(), new AgentPools.Pool(json("{'agents':[{'id':'a','status':'NOT_READY'}]}")));
    assertThat(busy.agents().staffed()).isOne();
    assertThat(pacing.pools.decide(read(busy, 6)).decision().reason()).doesNotContain("no agent");
  }

  @Test
  void agentsOfTwoPoolsAreDialedForOnce() {
    pacing.active("Spring", ANY_HOUR + ",'agentPoolId':'pool-1'");
    pacing.active("Summer", ANY_HOUR + ",'agentPoolId':'pool-2'");
    Map<String, PoolRun> last = new HashMap<>();
    for (int n = 0; n < 3; n++) {
      pacing.ahead += 5_000;
      set("update pacing set due_at = 1");
      set("update pool set due_at = 1");
      for (PoolRun claimed : pacing.pools.claim()) {
        PoolRun pool = pacing.pools.agents(claimed, CampaignFixture.agents(8));
        PoolRun decided = pacing.pools.decide(read(pool, 8));
        decided.lowers().forEach(this::carryOut);
        pacing.pools.raises(decided).forEach(this::carryOut);
        pacing.pools.ended(decided);
        last.put(decided.id(), decided);
      }
    }
    assertThat(last.keySet()).containsExactlyInAnyOrder("pool-1", "pool-2");
    assertThat(last.values())
        .allSatisfy(pool -> assertThat(pool.agents().overlap().part()).isEqualTo(0.5));
    assertThat(last.values().stream().mapToDouble(pool -> pool.decision().rate()).sum())
        .as("one line for every other idle agent within a period, of both together")
        .isBetween(0.1, 0.8 + 1e-9);
  }

  @Test
  void poolsThatBeginAtOneMomentShareTheirAgentsFromTheirFirstTickOn() {
    pacing.active("Spring", ANY_HOUR + ",'agentPoolId':'pool-1'");
    pacing.active("Summer", ANY_HOUR + ",'agentPoolId':'pool-2'");
    List<PoolRun> pools =
        pacing.pools.claim().stream()
            .map(pool -> pacing.pools.agents(pool, CampaignFixture.agents(8)))
            .toList();
    assertThat(pools)
        .hasSize(2)
        .allSatisfy(pool -> assertThat(pool.agents().overlap().part()).isEqualTo(0.5));
  }

  /** As on a busy machine, where the answer comes after the tick. */
  @Test
  void poolsWhoseAgentsCxoneDoesNotTellInTimeShareThemAsTheyWereSeenLast() {
    pacing.active("Spring", ANY_HOUR + ",'agentPoolId':'pool-1'");
    pacing.active("Summer", ANY_HOUR + ",'agentPoolId':'pool-2'");
    List<PoolState> decided =
        pacing.pools.claim().stream()
            .map(pool -> pacing.pools.decide(read(pool, 8)))
            .map(pool -> StoredState.readPool(pool.state()).orElseThrow())
            .toList();
    assertThat(decided).hasSize(2).allSatisfy(pool -> assertThat(pool.part()).isEqualTo(0.5));
  }

  @Test
  void whoBeginsLeavesTheAgentsToOthersWhoDialForThemInAnotherPool() {
    String other = ANY_HOUR + ",'agentPoolId':'pool-2'";
    AgentPools.Pool agents = CampaignFixture.agents(8);
    assertThat(begins(pacing.checked("One", ANY_HOUR, agents))).isEqualTo(0.5);
    Campaign two = pacing.checked("Two", other, agents);
    assertThat(begins(two)).as("all of them are in the first pool too").isEqualTo(0.1);
    AgentPools.Pool half =
        new AgentPools.Pool(json(Json.text(agents.agents()).replace("agent-1", "own-1")));
    Campaign three = pacing.checked("Three", ANY_HOUR + ",'agentPoolId':'pool-3'", half);
    assertThat(begins(three)).as("one of eight is its own").isEqualTo(0.1);
    AgentPools.Pool own =
        new AgentPools.Pool(json(Json.text(agents.agents()).replace("agent-", "own-")));
    assertThat(begins(pacing.checked("Four", ANY_HOUR + ",'agentPoolId':'pool-4'", own)))
        .as("one of eight is in the third pool")
        .isBetween(0.4, 0.5);
  }

  private double begins(Campaign campaign) {
    return pacing
        .bench
        .store
        .read()
        .sql("select first_rate from campaign where id = ?")
        .param(campaign.id())
        .query(Double.class)
        .single();
  }

  @Test
  void whoFindsNoRoomIsHeldAsSoonAsItIsActiveAndGetsItsTurn() {
    List<Campaign> all = new ArrayList<>();
    for (int n = 0; n < 20; n++) {
      all.add(pacing.launched(pacing.checked("Spring " + n, ANY_HOUR, CampaignFixture.agents(8))));
    }
    List<Campaign> waiting =
        all.stream().map(c -> pacing.bench.get(c.id())).filter(c -> c.command() != null).toList();
    assertThat(waiting).hasSize(18).allMatch(c -> c.command() == Command.HOLD);
    for (Campaign c : waiting) {
      pacing.bench.set(c.id(), "due_at = 1, claim_token = null");
      pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, c.id()), "PAUSED");
    }
    assertThat(dialed())
        .as("a step above one line for each idle agent within three periods")
        .isLessThanOrEqualTo(8 / 15.0 + 0.1);
    Campaign held = pacing.bench.get(waiting.get(0).id());
    assertThat(held.stage()).isEqualTo(Stage.ACTIVE);
    assertThat(held.held()).isTrue();
    assertThat(pacing.changesInAudit(held).get(0).path("reason").asText())
        .startsWith("0 calls/s: others that have just begun");
    boolean released = false;
    for (int n = 0; n < 20; n++) {
      released |=
          tick(8).runs().stream()
              .filter(run -> waiting.stream().anyMatch(c -> c.id().equals(run.campaign().id())))
              .anyMatch(run -> run.decision().rate() > 0);
    }
    assertThat(released).isTrue();
  }

  @Test
  void whereThePoolHasMoreCampaignsThanCallsMayGoOutTheyAreAskedForInTurns() {
    active(30);
    pacing.calls = new CallBudget.State(4, 0, 0, Duration.ZERO); // 20 calls in a period
    Set<String> asked = new HashSet<>();
    for (int n = 0; n < 8; n++) {
      PoolRun pool = pacing.pools.agents(later(), CampaignFixture.agents(12));
      List<PacingRun> asking = pool.asking();
      assertThat(asking).hasSize(9);
      assertThat(pool.questions()).hasSize(10);
      assertThat(pool.runs()).allMatch(run -> pool.askedSince() < run.dueSince());
      long dialing = pool.runs().stream().filter(PacingRun::dials).count();
      assertThat(asking.stream().filter(PacingRun::dials))
          .as("those that dial")
          .hasSizeGreaterThanOrEqualTo((int) Math.min(dialing, 8));
      asking.forEach(run -> asked.add(run.campaign().id()));
      PoolRun decided = pacing.pools.decide(read(pool, 12));
      assertThat(decided.runs()).as("is paced all the same").hasSize(30);
      decided.lowers().forEach(this::carryOut);
      pacing.pools.raises(decided).forEach(this::carryOut);
      pacing.pools.ended(decided);
    }
    assertThat(asked).hasSize(30);
    assertThat(dialed())
        .isPositive()
        .isLessThanOrEqualTo(((Number) pool("rate")).doubleValue() + 1e-6);
  }

  @Test
  void withoutFiguresOfAnyoneNobodyDialsForHavingNotBeenAsked() {
    active(30);
    pacing.calls = new CallBudget.State(4, 0, 0, Duration.ZERO);
    PoolRun pool = pacing.pools.agents(later(), CampaignFixture.agents(12));
    pool.asking().forEach(run -> pacing.pools.read(pool, pacing.work.missing(run, cut())));
    PoolRun decided = pacing.pools.decide(pool);
    assertThat(decided.runs()).allMatch(run -> run.decision().rate() == 0);
  }

  @Test
  void whoElseHasAPoolsAgentsIsKnownToWhoeverPacesIt() {
    active(1);
    tick(8);
    CommonAgents here = new CommonAgents(pacing.bench.store, PacingFixture.PROPERTIES);
    CommonAgents replica = new CommonAgents(pacing.bench.store, PacingFixture.PROPERTIES);
    assertThat(here.of("pool-1", Set.of("a", "b", "c", "d"))).isEqualTo(Overlap.NONE);
    PoolState dials = new PoolState(0, new AgentEstimate(180, 0, 0, 0, 0), 4, 0, 1, 0, 0, "", 0);
    set("update pool set state = '" + StoredState.text(dials) + "'");
    Overlap overlap = replica.of("pool-2", Set.of("c", "d"));
    assertThat(overlap.part()).isEqualTo(0.5);
    assertThat(overlap.answersDue()).isBetween(0.5, 2.0);
    assertThat(replica.of("pool-2", Set.of("e"))).as("others came").isEqualTo(Overlap.NONE);
    assertThat(replica.of("pool-2", Set.of("d")).part()).isEqualTo(0.5);
    assertThat(here.of("pool-1", Set.of())).as("all have left").isEqualTo(Overlap.NONE);
    assertThat(
            new CommonAgents(pacing.bench.store, PacingFixture.PROPERTIES)
                .of("pool-2", Set.of("d")))
        .isEqualTo(Overlap.NONE);
  }

  @Test
  void whatIsDecidedIsOnDiskBeforeAnythingIsSent() {
    active(2);
    PoolRun decided =
        pacing.pools.decide(read(pacing.pools.agents(claim(), CampaignFixture.agents(8)), 8));
    assertThat(((Number) pool("rate")).doubleValue()).isEqualTo(decided.decision().rate());
    assertThat(((Number) pool("seq")).longValue()).isOne();
    assertThat(json((String) pool("decision")).at("/agents/idle").asInt()).isEqualTo(8);
    assertThat(pool("claim_token")).isEqualTo(decided.claim());
  }

  // What is shown

  @Test
  void poolsAreShownWithWhoIsThereWhoDialsAndWhatWasDecided() {
    assertThatThrownBy(() -> pacing.poolReads.get("pool-1"))
        .isInstanceOf(NotFoundException.class)
        .hasMessage("No campaign has dialed for an agent pool 'pool-1'.");
    List<Campaign> campaigns = active(2);
    JsonNode fresh = pacing.poolReads.get("pool-1");
    assertThat(fresh.path("agents").isNull()).isTrue();
    assertThat(fresh.path("decision").isNull()).isTrue();
    PoolRun decided =
        pacing.pools.decide(read(pacing.pools.agents(claim(), CampaignFixture.agents(8)), 8));
    JsonNode pool = pacing.poolReads.get("pool-1");
    assertThat(pool.path("running").asInt()).isEqualTo(2);
    assertThat(pool.at("/agents/idle").asInt()).isEqualTo(8);
    assertThat(pool.at("/agents/staffed").asInt()).isEqualTo(8);
    assertThat(pool.at("/agents/ageSeconds").asDouble()).isBetween(0.0, 60.0);
    assertThat(pool.at("/decision/maxCallsPerSecond").asDouble())
        .isEqualTo(decided.decision().rate());
    assertThat(pool.at("/decision/reason").asText()).contains("calls/s");
    assertThat(campaigns).extracting(Campaign::id).contains(pool.at("/turn/id").asText());
    assertThat(pool.at("/turn/name").asText()).startsWith("Spring ");
    assertThat(pool.path("campaigns"))
        .extracting(one -> one.path("id").asText())
        .containsExactlyInAnyOrder(campaigns.get(0).id(), campaigns.get(1).id());
    assertThat(pool.path("campaigns"))
        .allSatisfy(one -> assertThat(one.path("decision").asText()).isNotBlank());
    assertThat(
            pool.path("campaigns").findValues("callsPerSecond").stream()
                .mapToDouble(JsonNode::asDouble)
                .sum())
        .isCloseTo(pool.path("callsPerSecond").asDouble(), within(1e-6));
    JsonNode listed = pacing.poolReads.list(null, 3).get(0).path("campaigns");
    for (String field : List.of("id", "name", "callsPerSecond")) {
      assertThat(listed.findValues(field))
          .as(field)
          .hasSize(2)
          .isEqualTo(pool.path("campaigns").findValues(field));
    }
  }

  @Test
  void poolsAreListedByIdAPageAtATime() {
    active(1);
    for (String id : List.of("a", "b", "z")) {
      set("insert into pool (id, seq, changed_at) values ('" + id + "', 0, 0)");
    }
    assertThat(pacing.poolReads.list(null, 3))
        .extracting(one -> one.path("id").asText())
        .containsExactly("a", "b", "pool-1");
    assertThat(pacing.poolReads.list("b", 3))
        .extracting(one -> one.path("id").asText() + one.path("running"))
        .containsExactly("pool-11", "z0");
  }

  // What does not go as it should

  @Test
  void aCampaignThatIsPausedUnderTheTickIsLeftOutAndTheOthersGoOn() {
    List<Campaign> campaigns = active(3);
    PoolRun read = read(claim(), 8);
    pacing.bench.commands.give(campaigns.get(1).id(), Command.PAUSE, CampaignFixture.DESK);
    pacing.bench.carriedOut(
        pacing.bench.claim(PriorityClass.COMMAND, campaigns.get(1).id()), "PAUSED");
    PoolRun decided = pacing.pools.decide(read);
    assertThat(decided.runs()).extracting(run -> run.campaign().name()).hasSize(2);
    assertThat(pacing.decisions(campaigns.get(1))).isEmpty();
    assertThat(pacing.decisions(campaigns.get(2))).hasSize(1);
  }

  @Test
  void whoeverHasThePoolByThenDecides() {
    List<Campaign> campaigns = active(2);
    PoolRun slow = read(claim(), 8);
    PoolRun other = read(later(), 8);
    assertThatThrownBy(() -> pacing.pools.decide(slow))
        .isInstanceOf(PacingClaimLostException.class);
    assertThat(pacing.decisions(campaigns.get(0))).isEmpty();
    assertThat(pacing.pools.decide(other).runs()).hasSize(2);
    pacing.pools.ended(slow);
    assertThat(pool("claim_token")).isEqualTo(other.claim());
  }

  @Test
  void oneForWhichNothingCanBeDecidedDoesNotStopTheOthers() {
    List<Campaign> campaigns = active(2);
    PoolRun pool = read(claim(), 8);
    PacingRun odd = pool.runs().get(0);
    pacing.pools.read(
        pool, withoutPlan(odd.reading(new PacingReading(1, null, null, true, "?", 1))));
    PoolRun decided = pacing.pools.decide(pool);
    assertThat(decided.runs()).hasSize(1);
    assertThat(((Number) pacing.column(campaigns.get(0), "breaks")).intValue()).isOne();
    assertThat(pacing.decisions(campaigns.get(1))).hasSize(1);
  }

  /** One over which the law stumbles. */
  private static PacingRun withoutPlan(PacingRun run) {
    return new PacingRun(
        run.campaign(),
        null,
        run.state(),
        run.claim(),
        run.dueSince(),
        run.seq(),
        run.rate(),
        run.standing(),
        null,
        run.reading(),
        null,
        PacingRun.Change.NONE);
  }

  @Test
  void figuresThatDoNotComeInTimeOrCannotBeReadAreNone() {
    active(2);
    PoolRun pool = claim();
    pacing.pools.unread(pool, pool.runs().get(0), new IllegalStateException("odd"));
    PoolRun decided = pacing.pools.decide(pool);
    assertThat(decided.runs())
        .extracting(run -> run.decision().inputs().missing())
        .containsExactlyInAnyOrder(
            "its figures could not be read, and the log says why",
            "CXone has given no figures in time");
  }

  @Test
  void whoDialsIsAskedFirstAndThenWhoHasGoneWithoutFiguresTheLongest() {
    List<Campaign> campaigns = active(3);
    tick(8);
    PoolRun pool = later();
    for (PacingRun run : pool.asking().subList(0, 2)) {
      pacing.pools.read(pool, pacing.work.figures(run, PacingFixture.figures(60, 1, 8)));
    }
    PacingRun late = pool.asking().get(2);
    PoolRun decided = pacing.pools.decide(pool);
    decided.lowers().forEach(this::carryOut);
    pacing.pools.raises(decided).forEach(this::carryOut);
    pacing.pools.ended(decided);
    assertThat(campaigns).hasSize(3);
    List<PacingRun> asked = later().asking();
    List<Boolean> dialing = asked.stream().map(PacingRun::dials).toList();
    assertThat(dialing).as("those who dial come first").isSortedAccordingTo(reverseOrder());
    List<String> alike =
        asked.stream()
            .filter(run -> run.dials() == dials(asked, late))
            .map(run -> run.campaign().id())
            .toList();
    assertThat(alike).startsWith(late.campaign().id());
  }

  private static boolean dials(List<PacingRun> runs, PacingRun one) {
    return runs.stream()
        .anyMatch(run -> run.campaign().id().equals(one.campaign().id()) && run.dials());
  }

  @Test
  void aStopOfTheServiceDecidesNothingAndTheTickIsDueAtOnce() {
    List<Campaign> campaigns = active(2);
    PoolRun pool = claim();
    pacing.pools.unread(
        pool,
        pool.runs().get(0),
        new CxoneUnavailableException(Kind.STOPPING, "Stop.", null, null));
    PoolRun ended = pacing.pools.decide(pool);
    assertThat(ended.runs()).isEmpty();
    pacing.pools.ended(ended);
    assertThat(pacing.decisions(campaigns.get(0))).isEmpty();
    assertThat(claim().runs()).hasSize(2);
  }

  @Test
  void aTickOfAPoolThatBreaksIsBegunAgainAndTheThirdInARowHoldsItsCampaigns() {
    List<Campaign> campaigns = active(2);
    for (int tick = 1; tick <= 3; tick++) {
      new PoolErrors(pacing.pools).broken(later(), new IllegalStateException("unforeseen"));
      assertThat(pool("claim_token")).isNull();
    }
    for (Campaign campaign : campaigns) {
      assertThat(pacing.bench.get(campaign.id()).command()).isEqualTo(Command.HOLD);
    }
  }

  @Test
  void aTickThatTheStoreFailedIsDueAsSoonAsItWorks() {
    active(2);
    pacing.pools.giveBack(claim());
    await()
        .untilAsserted(
            () -> {
              pacing.bench.store.write(tx -> null);
              assertThat(pool("claim_token")).isNull();
            });
    assertThat(claim().runs()).hasSize(2);
  }

  // What is sent

  /** Two that dial, of which the first is to dial slower and the second faster by as much. */
  private PoolRun turned(List<Campaign> campaigns) {
    for (int n = 0; n < 12; n++) {
      tick(400);
    }
    PoolRun pool = pacing.pools.decide(read(later(), 400));
    List<PacingRun> runs = new ArrayList<>();
    for (PacingRun run : pool.runs()) {
      boolean first = run.campaign().id().equals(campaigns.get(0).id());
      double rate = run.state().commanded() + (first ? -0.5 : 0.5);
      runs.add(
          new PacingRun(
              run.campaign(),
              run.plan(),
              run.state(),
              run.claim(),
              run.dueSince(),
              run.seq(),
              run.rate(),
              run.standing(),
              null,
              run.reading(),
              run.decision().with(rate, rate + " calls/s: turned"),
              PacingRun.Change.RATE));
      pacing.set(run.campaign(), "writing = " + rate + ", claim_token = '" + run.claim() + "'");
    }
    double sum = runs.stream().mapToDouble(PacingRun::planned).sum();
    set("update pool set rate = " + sum);
    return pool.decided(
        runs, new PoolDecision(pacing.now(), sum, "turned", Duration.ofSeconds(5)), null);
  }

  @Test
  void nobodyDialsFasterBeforeOthersDialSlower() {
    List<Campaign> campaigns = active(2);
    PoolRun decided = turned(campaigns);
    assertThat(dialed()).as("were all of it sent at once").isGreaterThan(decided.decision().rate());
    assertThat(pacing.pools.raises(decided)).isEmpty();
    assertThat(pacing.column(campaigns.get(1), "writing")).isNull();
    assertThat(pacing.decisions(campaigns.get(1)).get(0).path("reason").asText())
        .endsWith("; waits until others of its pool dial slower");
    assertThat(pacing.decisions(campaigns.get(1)).get(0).path("changed").asBoolean()).isFalse();
  }

  @Test
  void onceTheOthersDialSlowerTheRaisesAreSent() {
    PoolRun decided = turned(active(2));
    decided.lowers().forEach(this::carryOut);
    assertThat(pacing.pools.raises(decided)).isEqualTo(decided.raises());
  }

  @Test
  void aLowerRateWhoseAnswerIsLostKeepsTheOthersWhereTheyAre() {
    PoolRun decided = turned(active(2));
    decided.lowers().forEach(run -> pacing.work.notWritten(run, cut()));
    assertThat(pacing.pools.raises(decided)).isEmpty();
  }

  @Test
  void aKillBeforeAnythingWasSentLeavesNobodyFasterThanTheNextDecision() {
    List<Campaign> campaigns = active(2);
    PoolRun killed = turned(campaigns);
    PoolRun next = later();
    assertThat(next.runs()).allMatch(run -> run.standing().unsure());
    assertThat(next.runs().stream().mapToDouble(PacingRun::fastest).sum())
        .isGreaterThan(killed.decision().rate());
    PoolRun decided = pacing.pools.decide(read(next, 1));
    decided.lowers().forEach(this::carryOut);
    pacing.pools.raises(decided).forEach(this::carryOut);
    assertThat(dialed()).isLessThanOrEqualTo(decided.decision().rate() + 1e-6);
  }

  @Test
  void whatACampaignIsGivenToBeginWithIsPartOfWhatThePoolDials() {
    active(2);
    for (int n = 0; n < 6; n++) {
      tick(20);
    }
    Campaign taken = pacing.bench.hand(CampaignFixture.request("Next", ""), null).campaign();
    Campaign next =
        pacing.bench.launchSteps.checked(
            pacing.bench.claim(PriorityClass.LAUNCH, taken.id()), CampaignFixture.agents(8), null);
    PoolRun decided = tick(20);
    assertThat(decided.given()).isEqualTo(next.firstRate(CampaignFixture.PLATFORM));
    assertThat(dialed() + next.firstRate(CampaignFixture.PLATFORM))
        .isLessThanOrEqualTo(decided.decision().rate() + 1e-6);
  }

  // What is resumed

  /** Resumes a campaign, as the route of that step does. */
  private double resumeCarefully(Campaign campaign) {
    pacing.bench.commands.give(campaign.id(), Command.RESUME, CampaignFixture.DESK);
    Campaign resuming = pacing.bench.claim(PriorityClass.COMMAND, campaign.id());
    double rate = pacing.resumes.rate(resuming);
    if (rate > 0) {
      pacing.resumes.sent(resuming, rate, TAKEN);
    }
    pacing.bench.commandSteps.commanded(resuming, json("{'status':'PENDING'}"));
    return rate;
  }

  private void pause(Campaign campaign) {
    pacing.bench.commands.give(campaign.id(), Command.PAUSE, CampaignFixture.DESK);
    pacing.bench.carriedOut(pacing.bench.claim(PriorityClass.COMMAND, campaign.id()), "PAUSED");
  }

  private Campaign polled(Campaign campaign) {
    return pacing.bench.launchSteps.polled(
        pacing.bench.claimLater(PriorityClass.LAUNCH, campaign.id()), json("{'status':'ACTIVE'}"));
  }

  @Test
  void whoIsResumedBeginsWithNoMoreThanThePoolHasRoomFor() {
    List<Campaign> campaigns = active(2);
    for (int n = 0; n < 10; n++) {
      tick(60);
    }
    Campaign paused = campaigns.get(0);
    pause(paused);
    double before = ((Number) pacing.column(paused, "rate")).doubleValue();
    PoolRun decided = tick(60);
    double room = decided.decision().rate() - dialed();
    double begins = resumeCarefully(paused);
    assertThat(begins).isPositive().isLessThan(before).isLessThanOrEqualTo(Math.max(room, 0.1));
    PoolRun next = tick(60);
    assertThat(next.given()).as("it counts before it dials").isEqualTo(begins);
    polled(paused);
    PoolRun joined = later();
    assertThat(joined.runs()).hasSize(2);
    assertThat(joined.given()).isZero();
    assertThat(joined.runs())
        .filteredOn(run -> run.campaign().id().equals(paused.id()))
        .singleElement()
        .satisfies(run -> assertThat(run.state().commanded()).isEqualTo(begins));
  }

  @Test
  void whatWasDecidedLongAgoIsNoRoom() {
    Campaign campaign = active(1).get(0);
    for (int n = 0; n < 10; n++) {
      tick(60);
    }
    pause(campaign);
    set("update pool set changed_at = changed_at - 3600000");
    assertThat(resumeCarefully(campaign)).isEqualTo(0.1);
  }

  @Test
  void aRateToBeginWithOfWhichNobodyKnowsWhetherItCameCountsAsTheOneBefore() {
    Campaign campaign = active(1).get(0);
    for (int n = 0; n < 10; n++) {
      tick(60);
    }
    double before = ((Number) pacing.column(campaign, "rate")).doubleValue();
    pause(campaign);
    set("update pool set changed_at = 0");
    pacing.bench.commands.give(campaign.id(), Command.RESUME, CampaignFixture.DESK);
    Campaign resuming = pacing.bench.claim(PriorityClass.COMMAND, campaign.id());
    double rate = pacing.resumes.rate(resuming);
    pacing.resumes.sent(resuming, rate, new RateWrites.Outcome(false, "It does not show."));
    pacing.bench.commandSteps.commanded(resuming, json("{'status':'PENDING'}"));
    polled(campaign);
    PacingRun run = later().runs().get(0);
    assertThat(run.fastest()).isEqualTo(before);
    assertThat(run.standing().unsure()).isTrue();
  }

  @Test
  void aRateToBeginWithThatCxoneRefusesLeavesOthersNoMoreRoomThanThereIs() {
    List<Campaign> campaigns = active(2);
    for (int n = 0; n < 10; n++) {
      tick(60);
    }
    Campaign paused = campaigns.get(0);
    pause(paused);
    double before = ((Number) pacing.column(paused, "rate")).doubleValue();
    tick(60);
    pacing.bench.commands.give(paused.id(), Command.RESUME, CampaignFixture.DESK);
    Campaign resuming = pacing.bench.claim(PriorityClass.COMMAND, paused.id());
    assertThat(pacing.resumes.rate(resuming)).isPositive().isLessThan(before);
    pacing.resumes.keeps(resuming);
    assertThat(((Number) pool("due_at")).longValue())
        .as("others are slowed down at once")
        .isLessThanOrEqualTo(pacing.bench.store.now());
    pacing.bench.commandSteps.commanded(resuming, json("{'status':'PENDING'}"));
    PoolRun next = tick(60);
    assertThat(next.given()).as("before it dials").isEqualTo(before);
    assertThat(dialed() + before).isLessThanOrEqualTo(next.decision().rate() + 1e-6);
    polled(paused);
    assertThat(dialed()).as("and after that").isGreaterThanOrEqualTo(before);
    assertThat(tick(60).given()).isZero();
  }

  @Test
  void pacingsOwnReleaseHasHadItsRateSet() {
    Campaign held = pacing.held("Spring");
    pacing.work.written(pacing.rate(held, 0, 0, 10));
    assertThat(pacing.resumes.rate(pacing.bench.claim(PriorityClass.LOOK, held.id()))).isZero();
  }
}
