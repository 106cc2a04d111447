package io.campaignroutes.simulator;

import io.campaignroutes.dialer.Actuator;
import io.campaignroutes.dialer.AgentGroup;
import io.campaignroutes.dialer.AgentPool;
import io.campaignroutes.dialer.CallPeriod;
import io.campaignroutes.dialer.CampaignTotals;
import io.campaignroutes.dialer.DialedCampaign;
import io.campaignroutes.dialer.Dialer;
import io.campaignroutes.dialer.People;
import io.campaignroutes.dialer.Schedule;
import io.campaignroutes.dialer.Telemetry;
import io.campaignroutes.pacing.Overlap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;

/** One run of campaigns that share agents. */
final class SharedSimulation {
  private static final long MANY_ANSWERS = 300;
  private static final double BEGINNING = 300;

  /** s: over this long those that begin together dial one line for each idle agent. */
  private static final double FIRST_SECONDS = 15;

  private static final double LOWEST_RATE = 0.01;

  private final SharedPool scenario;
  private final Dialer world;
  private final List<AgentPool> pools = new ArrayList<>();
  private final List<SharedPacer> pacers = new ArrayList<>();
  private final AgentPool everybody;
  private final List<DialedCampaign> campaigns = new ArrayList<>();
  private final List<Telemetry> telemetries = new ArrayList<>();
  private final List<Actuator> actuators = new ArrayList<>();
  private final boolean[] joined;

  private SharedSimulation(SharedPool scenario, long seed) {
    this.scenario = scenario;
    world = new Dialer(seed);
    AgentGroup first = world.agents(at -> scenario.agents().at(at) - common());
    List<AgentGroup> groups = new ArrayList<>(List.of(first));
    if (scenario.pools() == 1) {
      pools.add(world.pool(groups));
    } else {
      AgentGroup second = world.agents(at -> scenario.agents().at(at) - common());
      AgentGroup both = world.agents(Schedule.constant(common()));
      pools.add(world.pool(List.of(first, both)));
      pools.add(world.pool(List.of(second, both)));
      groups.addAll(List.of(second, both));
    }
    everybody = world.pool(groups);
    joined = new boolean[scenario.lines().size()];
    Actuator.Manner finest = new Actuator.Manner(LOWEST_RATE, 0, 0.2, 0);
    for (SharedPool.Line line : scenario.lines()) {
      DialedCampaign campaign =
          world.campaign(
              pools.get(scenario.poolOf(campaigns.size())),
              People.of(Schedule.constant(line.answer()), Schedule.constant(line.handle())));
      campaign.hasContacts(line.contacts());
      long own = seed * 1000 + campaigns.size();
      campaigns.add(campaign);
      telemetries.add(new Telemetry(world, campaign, Telemetry.Manner.v2(), own + 1));
      actuators.add(new Actuator(world, campaign, finest, own + 2));
    }
  }

  static SharedOutcome run(SharedPool scenario, SharedPacer.Maker maker, long seed) {
    return new SharedSimulation(scenario, seed).run(maker);
  }

  private int common() {
    return scenario.common() == null ? 0 : scenario.common();
  }

  private SharedOutcome run(SharedPacer.Maker maker) {
    pools.forEach(pool -> pacers.add(maker.make(scenario)));
    double end = scenario.hours() * 3600;
    double warmBusy = 0;
    double warmStaffed = 0;
    join();
    for (double now = scenario.tick(); now < end; now += scenario.tick()) {
      world.advanceTo(now);
      if (now == Scenario.WARM_UP) {
        warmBusy = everybody.busySeconds();
        warmStaffed = everybody.staffedSeconds();
      }
      join();
      for (int i = 0; i < pools.size(); i++) {
        BiPredicate<Integer, Double> write = (line, rate) -> actuators.get(line).write(rate);
        pacers.get(i).tick(now, seen(i), pools.get(i), overlap(i), write);
      }
    }
    world.advanceTo(end);
    double utilisation =
        (everybody.busySeconds() - warmBusy)
            / Math.max(1, everybody.staffedSeconds() - warmStaffed);
    return outcome(utilisation, pacers.stream().mapToInt(SharedPacer::holds).sum());
  }

  /** Those whose time has come are created with what the others that begin have left. */
  private void join() {
    double room = everybody.idle() / FIRST_SECONDS;
    long beginning = 0;
    for (int i = 0; i < joined.length; i++) {
      beginning += begins(i) ? 1 : 0;
    }
    for (DialedCampaign campaign : campaigns) {
      room -= campaign.rate();
    }
    double each = Math.floor(Math.max(0, room) / Math.max(1, beginning) * 10) / 10;
    for (int i = 0; i < joined.length; i++) {
      if (begins(i)) {
        joined[i] = true;
        double rate = Math.max(LOWEST_RATE, each);
        campaigns.get(i).dial(rate);
        pacers.get(scenario.poolOf(i)).joined(i, world.now(), rate);
      }
    }
  }

  private boolean begins(int i) {
    return !joined[i] && world.now() >= scenario.lines().get(i).joins();
  }

  /** What the other of two pools does with the agents of this one. */
  private Overlap overlap(int pool) {
    if (pools.size() == 1) {
      return Overlap.NONE;
    }
    int other = 1 - pool;
    double age = other < pool ? 0 : scenario.tick();
    return Overlap.of(
        agents(pool),
        List.of(new Overlap.Other(agents(other), pacers.get(other).state(), age)),
        People.of(Schedule.constant(1), Schedule.constant(1)).ringMean());
  }

  private Set<String> agents(int pool) {
    Set<String> agents = new HashSet<>();
    for (int i = 0; i < pools.get(pool).staffed(); i++) {
      agents.add(i < common() ? "both " + i : pool + " " + i);
    }
    return agents;
  }

  private List<SharedPacer.Seen> seen(int pool) {
    List<SharedPacer.Seen> seen = new ArrayList<>();
    for (int i = 0; i < joined.length; i++) {
      if (joined[i] && scenario.poolOf(i) == pool) {
        boolean closed = world.now() >= scenario.lines().get(i).leaves();
        seen.add(new SharedPacer.Seen(i, telemetries.get(i).read(), closed, campaigns.get(i)));
      }
    }
    return seen;
  }

  private SharedOutcome outcome(double utilisation, int holds) {
    double end = scenario.hours() * 3600;
    long answered = 0;
    long lost = 0;
    long firstAnswered = 0;
    long firstLost = 0;
    long writes = 0;
    double worst = Double.NaN;
    double served = 0;
    double weights = 0;
    double most = 0;
    double fewest = Double.MAX_VALUE;
    for (int i = 0; i < campaigns.size(); i++) {
      CampaignTotals totals = campaigns.get(i).totals();
      SharedPool.Line line = scenario.lines().get(i);
      answered += totals.answered();
      lost += totals.abandoned();
      CallPeriod first = campaigns.get(i).between(-1, BEGINNING);
      firstAnswered += first.connected() + first.abandoned();
      firstLost += first.abandoned();
      writes += actuators.get(i).writes();
      if (totals.answered() >= MANY_ANSWERS) {
        double share = (double) totals.abandoned() / totals.answered() / line.abandonment().cap();
        worst = Double.isNaN(worst) ? share : Math.max(worst, share);
      }
      if (line.joins() == 0 && line.leaves() >= end && line.contacts() == Long.MAX_VALUE) {
        double each = totals.connected() / line.weight();
        most = Math.max(most, each);
        fewest = Math.min(fewest, each);
        served += totals.connected();
        weights += line.weight();
      }
    }
    double mean = Math.max(1e-9, served / weights);
    return new SharedOutcome(
        utilisation,
        answered == 0 ? 0 : (double) lost / answered,
        worst,
        most / mean,
        fewest / mean,
        holds,
        firstAnswered,
        firstLost,
        writes / (end / 60));
  }
}
