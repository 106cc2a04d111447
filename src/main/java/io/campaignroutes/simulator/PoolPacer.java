package io.campaignroutes.simulator;

import io.campaignroutes.dialer.AgentPool;
import io.campaignroutes.pacing.AgentsSeen;
import io.campaignroutes.pacing.Overlap;
import io.campaignroutes.pacing.PacingDecision;
import io.campaignroutes.pacing.PacingEvent;
import io.campaignroutes.pacing.PacingFigures;
import io.campaignroutes.pacing.PacingLaw;
import io.campaignroutes.pacing.PacingPlan;
import io.campaignroutes.pacing.PacingReading;
import io.campaignroutes.pacing.PacingState;
import io.campaignroutes.pacing.PoolMember;
import io.campaignroutes.pacing.PoolState;
import io.campaignroutes.pacing.PoolStep;
import io.campaignroutes.pacing.Strategy;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/** The pacing law at work for campaigns that share agents. */
final class PoolPacer implements SharedPacer {
  private final PacingLaw law;
  private final SharedPool scenario;
  private final Map<Integer, PacingPlan> plans = new TreeMap<>();
  private final Map<Integer, PacingState> states = new TreeMap<>();
  private PoolState pool;
  private int holds;

  PoolPacer(PacingLaw law, SharedPool scenario) {
    this.law = law;
    this.scenario = scenario;
  }

  @Override
  public void joined(int index, double now, double rate) {
    SharedPool.Line line = scenario.lines().get(index);
    PacingPlan plan =
        new PacingPlan(
            Strategy.PREDICTIVE,
            rate,
            line.limit(),
            "the campaign",
            line.abandonment(),
            millis(now),
            ZoneOffset.UTC);
    plans.put(index, plan);
    states.put(index, law.start(plan, millis(now)));
  }

  @Override
  public void tick(
      double now,
      List<Seen> seen,
      AgentPool agents,
      Overlap overlap,
      BiPredicate<Integer, Double> write) {
    List<PoolMember> members = new ArrayList<>(seen.size());
    for (Seen one : seen) {
      members.add(
          new PoolMember(
              Integer.toString(one.index()),
              plans.get(one.index()),
              states.get(one.index()),
              reading(now, one, agents),
              scenario.lines().get(one.index()).weight()));
    }
    AgentsSeen told =
        scenario.showsPool()
            ? new AgentsSeen(millis(now), agents.idle(), agents.staffed(), overlap)
            : null;
    Duration period = Duration.ofMillis(Math.round(1000 * scenario.tick()));
    PoolStep step = law.step(pool, told, period, members);
    pool = step.state();
    for (int i = 0; i < seen.size(); i++) {
      states.put(seen.get(i).index(), step.steps().get(i).state());
    }
    for (boolean raises : new boolean[] {false, true}) {
      for (int i = 0; i < seen.size(); i++) {
        int index = seen.get(i).index();
        PacingDecision decision = step.steps().get(i).decision();
        boolean higher = decision.rate() > states.get(index).commanded();
        if (decision.send() && higher == raises && write.test(index, decision.rate())) {
          states.put(index, states.get(index).confirmed(decision.rate(), millis(now)));
        }
        if (raises) {
          holds +=
              (int)
                  decision.events().stream()
                      .filter(event -> event.name().equals(PacingEvent.HOLD))
                      .count();
        }
      }
    }
  }

  private static PacingReading reading(double now, Seen one, AgentPool agents) {
    PacingFigures figures = LawPacer.figures(one.answer());
    return new PacingReading(
        millis(now),
        one.closed() ? "it has ended" : null,
        figures,
        one.answer().notYet(),
        figures != null ? null : one.answer().notYet() ? "404" : "503",
        figures == null ? agents.idle() : null);
  }

  @Override
  public PoolState state() {
    return pool == null ? PoolState.NONE : pool;
  }

  @Override
  public int holds() {
    return holds;
  }

  private static long millis(double now) {
    return LawPacer.START + Math.round(now * 1000);
  }
}
