package io.campaignroutes.dialer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGenerator.SplittableGenerator;

/**
 * A Personal Connection skill: it dials for agents who wait instead of at a rate. An agent who
 * begins to wait causes as many lines as the ratio says; when all of them have ended without a
 * person the next ones follow. A person who answers when that agent has got another call meets any
 * other who waits, or is abandoned when none is free in time.
 *
 * <p>The ratio begins with one line for each agent and grows, it is one while too few agents wait
 * and while the account's abandon control has it so.
 */
public final class SkillDialing {

  /** Seconds between two looks for records that have fallen due and for agents who wait. */
  private static final double LOOK = 5;

  /** Of the seconds for which a call keeps its agent, the share that is wrap-up. */
  private static final double WRAP_UP = 0.1;

  private static final double BUSY = 0.6;

  private final Dialer world;
  private final int id;
  private final People people;
  private final RandomGenerator answers;
  private final RandomGenerator rings;
  private final RandomGenerator handles;
  private final double ringMu;
  private final double ringSigma;
  private final double handleSigma;
  private final Consumer<OutboundCall> told;
  private final Set<Operator> agents = new LinkedHashSet<>();
  private final List<CallingRecords> lists = new ArrayList<>();
  private final Set<OutboundCall> active = new LinkedHashSet<>();
  private final Deque<OutboundCall> queue = new ArrayDeque<>();
  private SkillManner manner = SkillManner.careful();
  private AbandonDay day;
  private boolean predictive = true;
  private boolean running;
  private double startedAt;
  private long run;
  private long dialed;
  private long answered;
  private long connected;
  private long abandoned;

  SkillDialing(
      Dialer world,
      int id,
      People people,
      AbandonDay day,
      SplittableGenerator seeds,
      Consumer<OutboundCall> told) {
    this.world = world;
    this.id = id;
    this.people = people;
    this.day = day;
    this.told = told;
    answers = seeds.split();
    rings = seeds.split();
    handles = seeds.split();
    double ringVariation = people.ringDeviation() / people.ringMean();
    ringSigma = Math.sqrt(Math.log1p(ringVariation * ringVariation));
    ringMu = Math.log(people.ringMean()) - ringSigma * ringSigma / 2;
    handleSigma = Math.sqrt(Math.log1p(people.handleVariation() * people.handleVariation()));
  }

  /** The skill's number. */
  public int id() {
    return id;
  }

  /** How it dials from now on; a new ratio is grown into, a lower one is in force at once. */
  public void dials(SkillManner how) {
    manner = how;
  }

  /** Whose calls its abandon control judges by: the account's, or its own. */
  public void judgedBy(AbandonDay counts) {
    day = counts;
  }

  /** Whether there may ever be more than one line for an agent. */
  public void predictive(boolean allowed) {
    predictive = allowed;
  }

  /** An agent takes its calls from now on. */
  public void assign(Operator agent) {
    if (agents.add(agent)) {
      agent.assigned(this);
    }
  }

  /** An agent takes no further calls of it. */
  public void unassign(Operator agent) {
    if (agents.remove(agent)) {
      agent.unassigned(this);
    }
  }

  /** Who takes its calls. */
  public Collection<Operator> agents() {
    return List.copyOf(agents);
  }

  /** It dials the records of this list too. */
  public void dialsList(CallingRecords records) {
    lists.add(records);
  }

  /** Dials from now on. */
  public void start() {
    if (!running) {
      running = true;
      startedAt = world.now();
      look(++run);
    }
  }

  /**
   * Places no further call.
   *
   * @param force whether calls under way are cut
   */
  public void stop(boolean force) {
    running = false;
    run++;
    if (force) {
      List.copyOf(active).forEach(this::cut);
    }
  }

  /** Whether it dials. */
  public boolean running() {
    return running;
  }

  /** Calls that ring, wait or are talked. */
  public Collection<OutboundCall> active() {
    return List.copyOf(active);
  }

  /** Answered calls that wait for an agent. */
  public int waiting() {
    return queue.size();
  }

  /** Calls placed so far. */
  public long dialed() {
    return dialed;
  }

  /** Of those, answered and put through. */
  public long answered() {
    return answered;
  }

  /** Of those, met an agent. */
  public long connected() {
    return connected;
  }

  /** Of those, met none in time. */
  public long abandoned() {
    return abandoned;
  }

  /** Lines that it places now for an agent who waits. */
  public int lines() {
    if (!predictive || manner.onePerAgent()) {
      return 1;
    }
    long there = agents.stream().filter(Operator::atWork).count();
    long waiting = agents.stream().filter(Operator::waiting).count();
    if (there == 0 || (double) waiting / there < manner.overdialAbove()) {
      return 1;
    }
    double ramp = 1 + Math.floor((world.now() - startedAt) / manner.rampSeconds());
    double allowed = Math.min(ramp, day.lines(manner.control()));
    return (int) Math.max(1, Math.min(manner.ratio(), Math.floor(allowed + 1e-9)));
  }

  private void look(long ofRun) {
    if (ofRun == run) {
      List.copyOf(agents).forEach(Operator::feed);
      world.at(world.now() + LOOK, () -> look(ofRun));
    }
  }

  /** Places the lines that an agent who waits causes. */
  void dialsFor(Operator agent) {
    for (int left = running ? lines() : 0; left > 0; left--) {
      if (!dialNext(agent)) {
        return;
      }
    }
  }

  private boolean dialNext(Operator agent) {
    for (CallingRecords records : lists) {
      Optional<CallingRecords.Entry> entry = records.next(world.now(), manner);
      if (entry.isPresent()) {
        agent.lineUp();
        dial(records, entry.get(), agent);
        return true;
      }
    }
    return false;
  }

  private void dial(CallingRecords records, CallingRecords.Entry entry, Operator agent) {
    double answer = answers.nextDouble();
    double detection = answers.nextDouble();
    double ring = Math.exp(ringMu + ringSigma * rings.nextGaussian());
    double failure = rings.nextDouble();
    double draw = Math.exp(handleSigma * handles.nextGaussian() - handleSigma * handleSigma / 2);
    double persons = people.answer().at(world.now());
    boolean person = answer < persons;
    boolean machine = !person && answer < persons + people.machines();
    double handle = (person ? people.handle().at(world.now()) : people.machineHandle()) * draw;
    dialed++;
    OutboundCall call =
        new OutboundCall(
            world.nextCall(), this, records, entry, agent, world.now(), person, handle);
    active.add(call);
    double limit = Math.min(manner.ringLimit(), people.ringTimeout());
    if (!person && !machine && failure < people.quickFailures()) {
      boolean busy = failure < people.quickFailures() * BUSY;
      later(
          people.quickFailure(),
          () -> fails(call, busy ? OutboundCall.Outcome.BUSY : OutboundCall.Outcome.BAD_NUMBER));
    } else if ((person || machine) && ring < limit) {
      boolean hungUp = machine && detection >= people.machinesMissed();
      later(
          ring + people.machineDetection(),
          () -> {
            if (hungUp) {
              fails(call, OutboundCall.Outcome.MACHINE);
            } else {
              pickedUp(call);
            }
          });
    } else {
      later(limit, () -> fails(call, OutboundCall.Outcome.NO_ANSWER));
    }
  }

  private void later(double seconds, Runnable then) {
    world.at(world.now() + seconds, then);
  }

  private void fails(OutboundCall call, OutboundCall.Outcome how) {
    if (call.open()) {
      ends(call, how, how == OutboundCall.Outcome.BAD_NUMBER);
      call.takeMadeFor().lineDown();
    }
  }

  private void pickedUp(OutboundCall call) {
    if (!call.open()) {
      return;
    }
    answered++;
    call.answered(world.now());
    Operator agent = call.takeMadeFor();
    if (!agent.waiting()) {
      agents.stream()
          .filter(Operator::waiting)
          .min(Comparator.comparingDouble(Operator::since))
          .ifPresentOrElse(
              other -> connect(call, other),
              () -> {
                queue.add(call);
                later(manner.abandonTimeout(), () -> givesUp(call));
              });
    } else {
      connect(call, agent);
    }
    agent.lineDown();
  }

  private void givesUp(OutboundCall call) {
    if (call.queued()) {
      queue.remove(call);
      abandoned++;
      day.abandoned();
      ends(call, OutboundCall.Outcome.ABANDONED, false);
    }
  }

  /** The call that has waited the longest for an agent. */
  Optional<OutboundCall> longestWaiting() {
    return Optional.ofNullable(queue.peek());
  }

  void connect(OutboundCall call, Operator agent) {
    queue.remove(call);
    connected++;
    day.connected(!call.person());
    call.connected(agent, world.now());
    agent.talks(call);
    later(call.handle() * (1 - WRAP_UP), () -> hangsUp(call));
  }

  private void hangsUp(OutboundCall call) {
    if (call.open()) {
      ends(call, OutboundCall.Outcome.CONNECTED, call.person());
      call.agent().wrapsUp();
      later(
          call.handle() * WRAP_UP,
          () -> {
            call.wrappedUp(world.now());
            call.agent().free();
            told.accept(call);
          });
    }
  }

  private void cut(OutboundCall call) {
    if (call.agent() != null) {
      hangsUp(call);
    } else if (call.queued()) {
      givesUp(call);
    } else {
      fails(call, OutboundCall.Outcome.CUT);
    }
  }

  private void ends(OutboundCall call, OutboundCall.Outcome how, boolean done) {
    call.ended(how, world.now());
    active.remove(call);
    call.records().dialed(call.entry(), done, world.now(), manner);
    told.accept(call);
  }
}
