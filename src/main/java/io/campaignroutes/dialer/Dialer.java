package io.campaignroutes.dialer;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.random.RandomGenerator.SplittableGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * The world: a clock, what will happen, pools of agents and campaigns that dial for them. It only
 * moves when told to ({@link #advanceTo}), so it can be run as fast as it goes or beside a real
 * clock. One thread at a time.
 *
 * <p>All chance comes from one seed, split into one stream for each process of each campaign, so
 * that two runs that differ in one thing see the same calls otherwise (common random numbers).
 */
public final class Dialer {
  private static final double SHIFT_PERIOD = 1;

  private final SplittableGenerator seeds;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final List<AgentGroup> agents = new ArrayList<>();
  private final List<DialedCampaign> campaigns = new ArrayList<>();
  private double now;
  private double nextShift = SHIFT_PERIOD;
  private long sequence;
  private long calls;

  private record Event(double time, long sequence, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Double.compare(time, other.time);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }

  /** An empty world at second 0. */
  public Dialer(long seed) {
    seeds = (SplittableGenerator) RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  /** Seconds since the start. */
  public double now() {
    return now;
  }

  /** A pool whose number of agents follows a schedule, looked at every second. */
  public AgentPool pool(Schedule wanted) {
    return pool(List.of(agents(wanted)));
  }

  /** A pool of agents who may be in other pools too. */
  public AgentPool pool(List<AgentGroup> groups) {
    return new AgentPool(this, groups);
  }

  /** Agents whose number follows a schedule, looked at every second. */
  public AgentGroup agents(Schedule wanted) {
    AgentGroup group = new AgentGroup(this, wanted);
    agents.add(group);
    return group;
  }

  /** A campaign that calls these people for the agents of a pool; it dials nothing yet. */
  public DialedCampaign campaign(AgentPool pool, People people) {
    DialedCampaign campaign = new DialedCampaign(this, pool, people, seeds.split());
    campaigns.add(campaign);
    return campaign;
  }

  /** An agent who is known by a number and is logged out. */
  public Operator operator(int id) {
    return new Operator(this, id);
  }

  /**
   * A Personal Connection skill that does not run, without agents and records.
   *
   * @param day by whose calls the account's abandon control judges
   * @param told gets every call when it ends, and those that met an agent again after wrap-up
   */
  public SkillDialing skill(int id, People people, AbandonDay day, Consumer<OutboundCall> told) {
    return new SkillDialing(this, id, people, day, seeds.split(), told);
  }

  /** Agents who come and go and take the calls of a skill. */
  public Roster roster(Schedule wanted, SkillDialing skill) {
    return new Roster(this, wanted, skill);
  }

  long nextCall() {
    return ++calls;
  }

  /** Lets everything happen up to a time; a time that has passed changes nothing. */
  public void advanceTo(double seconds) {
    while (now < seconds) {
      double stop = Math.min(seconds, nextShift);
      Event next;
      while ((next = events.peek()) != null && next.time <= stop) {
        events.poll();
        now = next.time;
        next.action.run();
      }
      now = stop;
      if (now >= nextShift) {
        nextShift += SHIFT_PERIOD;
        agents.forEach(AgentGroup::follow);
      }
    }
  }

  /** Lets go of what is remembered for looking back before a time; for worlds that run for days. */
  public void forget(double before) {
    agents.forEach(group -> group.forget(before));
    campaigns.forEach(campaign -> campaign.forget(before));
  }

  /** Something will happen; at the same time, in the order of being said. */
  void at(double time, Runnable action) {
    events.add(new Event(time, sequence++, action));
  }
}
