package io.campaignroutes.pacing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.text.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Campaigns that share agents. */
class PoolLawTest {
  private static final double STEP = 0.1;

  /** Three of ten dialed calls are answered. */
  private static final double ANSWERED = Double.NaN;

  private final PacingLaw law =
      new PacingLaw(LawSettings.defaults(), Course.cumulative(), Course.platform());
  private final Map<String, PacingState> states = new LinkedHashMap<>();
  private final Map<String, Double> connected = new LinkedHashMap<>();
  private final Map<String, Double> weights = new LinkedHashMap<>();
  private final Map<String, PacingPlan> plans = new LinkedHashMap<>();
  private final List<String> closed = new ArrayList<>();
  private boolean silent;
  private PoolState pool;
  private double decided;
  private long now = Course.START;

  @Test
  void aPoolOfOneIsPacedAsACampaignWithAgentsOfItsOwn() {
    join("a", 1, 5);
    Course course = Course.of(Strategy.PREDICTIVE, Course.thirtyDays());
    for (int i = 0; i < 80; i++) {
      tick(20 + i % 3, null, 2);
      assertThat(decision("a")).isEqualTo(course.tick(2, 0, 20 + i % 3));
    }
  }

  @Test
  void campaignsTogetherDialNoMoreThanOneWould() {
    join("one", 1, 100);
    double alone = meanSum();
    states.clear();
    pool = null;
    now = Course.START;
    for (int i = 0; i < 8; i++) {
      join("campaign " + i, 1, 100);
    }
    assertThat(meanSum()).isBetween(0.5 * alone, 1.3 * alone);
  }

  /** Calls/s of all together once they have begun; never more than what was decided for them. */
  private double meanSum() {
    double all = 0;
    for (int i = 0; i < 120; i++) {
      tick(20 + i % 3, null, ANSWERED);
      assertThat(sum()).isLessThanOrEqualTo(decided + 1e-9);
      all += i < 60 ? 0 : sum();
    }
    return all / 60;
  }

  @Test
  void allHaveTheirTurnsAndNoneIsForgotten() {
    for (int i = 0; i < 40; i++) {
      join("campaign " + i, 1, 5);
    }
    List<String> dialed = new ArrayList<>();
    for (int i = 0; i < 40 * 60; i++) {
      tick(10 + i % 3, null, 2);
      states.forEach(
          (id, state) -> {
            if (state.commanded() > 0 && !dialed.contains(id)) {
              dialed.add(id);
            }
          });
    }
    assertThat(dialed).hasSize(40);
    double most = connected.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    double fewest = connected.values().stream().mapToDouble(Double::doubleValue).min().orElse(0);
    assertThat(fewest).isGreaterThan(most / 2);
  }

  @Test
  void callsFollowTheWeights() {
    join("three", 3, 100);
    join("one", 1, 100);
    for (int i = 0; i < 2000; i++) {
      tick(10 + i % 3, null, 2);
    }
    assertThat(connected.get("three") / connected.get("one")).isCloseTo(3, within(0.3));
  }

  @Test
  void whatOneCannotUseGoesToTheOthersInTheSameTick() {
    join("limited", 1, 0.1);
    join("other", 1, 5);
    for (int i = 0; i < 100; i++) {
      tick(30 + i % 3, null, 2);
      assertThat(decision("limited").rate()).isLessThanOrEqualTo(0.1);
      if (i > 60 && decision("limited").rate() > 0) {
        assertThat(decision("other").rate()).isGreaterThan(0.5);
      }
    }
  }

  @Test
  void aCampaignThatMayNotDialIsPassedOver() {
    join("closed", 5, 5);
    join("open", 1, 5);
    closed.add("closed");
    for (int i = 0; i < 60; i++) {
      tick(20 + i % 3, null, 2);
      assertThat(decision("closed").bound()).isEqualTo(RateBound.CLOSED);
    }
    assertThat(decision("open").rate()).isPositive();
  }

  @Test
  void nothingIsDialedOnceAllAgentsHaveLeft() {
    join("a", 1, 5);
    join("b", 1, 5);
    for (int i = 0; i < 60; i++) {
      tick(20 + i % 3, new AgentsSeen(now, 20 + i % 3, 60), 2);
    }
    assertThat(sum()).isPositive();
    tick(0, new AgentsSeen(now, 0, 0), 2);
    assertThat(sum()).isZero();
    assertThat(decision("a").bound()).isEqualTo(RateBound.NO_AGENTS);
  }

  @Test
  void agentsWhoLeaveOneByOneLeaveNothingToDial() {
    join("a", 1, 5);
    join("b", 1, 5);
    for (int i = 0; i < 60; i++) {
      tick(20 + i % 3, new AgentsSeen(now, 20 + i % 3, 60), 2);
    }
    for (int left = 12; left >= 0; left--) {
      tick(Math.min(left, 3), new AgentsSeen(now, Math.min(left, 3), left), 0);
    }
    assertThat(sum()).isZero();
  }

  /**
   * Who is there tells nothing of abandoned calls: without figures dialing is tried for a while.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void whatNeverHasFiguresDialsNoMoreAfterAWhileThoughAgentsAreReady(int campaigns) {
    for (int i = 0; i < campaigns; i++) {
      join("campaign " + i, 1, 5);
    }
    silent = true;
    double dialed = 0;
    for (int i = 0; i < 60; i++) {
      tick(12, new AgentsSeen(now, 12, 12), 0);
      dialed += 5 * sum();
    }
    assertThat(sum()).isZero();
    assertThat(dialed).as("calls dialed blindly").isBetween(1.0, 120.0 * campaigns);
  }

  @Test
  void agentsWhomAnotherPoolDialsForAreCountedOnce() {
    join("a", 1, 5);
    double all = 0;
    double half = 0;
    for (int i = 0; i < 200; i++) {
      tick(20 + i % 3, new AgentsSeen(now, 20 + i % 3, 60), ANSWERED);
      all += i < 100 ? 0 : sum();
    }
    for (int i = 0; i < 200; i++) {
      Overlap.Other same = new Overlap.Other(Set.of("one"), pool, 5);
      Overlap overlap = Overlap.of(Set.of("one"), List.of(same), 9);
      assertThat(overlap.part()).isEqualTo(0.5);
      tick(20 + i % 3, new AgentsSeen(now, 20 + i % 3, 60, overlap), ANSWERED);
      half += i < 100 ? 0 : sum();
    }
    assertThat(half / all).as("where the other dials as much").isBetween(0.3, 0.6);
    PoolState before = pool;
    tick(20, null, ANSWERED);
    assertThat(pool.part()).as("as it was known last").isEqualTo(before.part());
  }

  @Test
  void joiningAndLeavingRaisesAPoolByNoMoreThanAStep() {
    join("a", 1, 5);
    for (int i = 0; i < 60; i++) {
      tick(15 + i % 3, null, 2);
    }
    double before = sum();
    for (int i = 0; i < 5; i++) {
      join("later " + i, 1, 5);
    }
    tick(15, null, 2);
    assertThat(sum()).isLessThanOrEqualTo(before + raise());
    before = sum();
    states.remove("a");
    tick(15, null, 2);
    assertThat(sum()).isLessThanOrEqualTo(before + raise());
  }

  @Test
  void aJoinerIsNotDialedForAllThatTheOthersHaveHadBefore() {
    join("a", 1, 5);
    for (int i = 0; i < 400; i++) {
      tick(15 + i % 3, null, 2);
    }
    join("b", 1, 5);
    double a = connected.get("a");
    for (int i = 0; i < 600; i++) {
      tick(15 + i % 3, null, 2);
    }
    assertThat(connected.get("b") / (connected.get("a") - a)).isBetween(0.8, 1.4);
  }

  @Test
  void whatIsRememberedOfAPoolSurvivesItsStore() {
    join("a", 1, 5);
    join("b", 1, 5);
    for (int i = 0; i < 30; i++) {
      tick(15 + i % 3, null, 2);
    }
    String text = StoredState.text(pool);
    assertThat(StoredState.readPool(text)).contains(pool);
    ObjectNode newer = Json.tree(pool);
    newer.put("version", 99);
    assertThat(StoredState.readPool(Json.text(newer))).isEmpty();
    assertThat(StoredState.readPool("{}")).isEmpty();
    assertThat(StoredState.readPool("nonsense")).isEmpty();
  }

  private double raise() {
    return Math.max(0.25, LawSettings.defaults().raiseShare() * 60 / 180 / 0.25) + STEP;
  }

  private void join(String id, double weight, double limit) {
    PacingPlan plan =
        new PacingPlan(
            Strategy.PREDICTIVE,
            Course.plan(Strategy.PREDICTIVE, null, 5).launchRate() * (states.isEmpty() ? 1 : 0),
            limit,
            "the campaign",
            Course.thirtyDays(),
            Course.START,
            Course.plan(Strategy.PREDICTIVE, null, 5).zone());
    plans.put(id, plan);
    weights.put(id, weight);
    connected.put(id, 0.0);
    states.put(id, law.start(plan, now));
  }

  /** Five seconds later these calls were connected, by whoever dialed. */
  private void tick(double idle, AgentsSeen agents, double calls) {
    now += 5000;
    double sum = sum();
    List<PoolMember> members = new ArrayList<>();
    states.forEach(
        (id, state) -> {
          double part = sum == 0 ? 1.0 / states.size() : state.commanded() / sum;
          double made = Double.isNaN(calls) ? 0.3 * 5 * sum : calls;
          connected.merge(id, made * part, Double::sum);
          PacingFigures figures =
              new PacingFigures(connected.get(id), 0.0, null, 180.0, idle, null);
          PacingReading reading =
              silent
                  ? new PacingReading(now, null, null, true, "there are none yet", null)
                  : new PacingReading(
                      now, closed.contains(id) ? "it is closed" : null, figures, false, null, null);
          members.add(new PoolMember(id, plans.get(id), state, reading, weights.get(id)));
        });
    PoolStep all = law.step(pool, agents, Duration.ofSeconds(5), members);
    pool = all.state();
    decided = 0;
    int i = 0;
    for (PoolMember member : members) {
      PacingStep step = all.steps().get(i++);
      PacingDecision own = step.decision();
      decided += own.send() ? own.rate() : step.state().dialing().inForce();
      states.put(member.id(), own.send() ? step.state().confirmed(own.rate(), now) : step.state());
      decisions.put(member.id(), own);
    }
  }

  private final Map<String, PacingDecision> decisions = new LinkedHashMap<>();

  private PacingDecision decision(String id) {
    return decisions.get(id);
  }

  /** Calls/s in force for all together. */
  private double sum() {
    return states.values().stream().mapToDouble(PacingState::commanded).sum();
  }
}
