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
 * begins to wait causes as many lines as the ratio says, and another for each that ends without a
 * person; lines that ring when their agent takes another call ring on, for those who still wait. A
 * person who answers then meets any other who waits, or is abandoned when none is free in time.
 *
 * <p>The ratio begins with one line for each agent and grows, it is one while too few agents wait
 * and while the account's abandon control has it so. Skills with agents in common place lines for
 * them in turn.
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
  private final Set<OutboundCall> ringing = new LinkedHashSet<>();
  private final RatioRamp ramp = new RatioRamp();
  private final Deque<OutboundCall> queue = new ArrayDeque<>();
  private SkillManner manner = SkillManner.careful();
  private AbandonDay day;
  private boolean predictive = true;
  private boolean running;
  private int there;
  private int waiting;
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
    ramp.set(how.ratio(), how.rampSeconds(), world.now());
    follow();
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
      ramp.begin(world.now());
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

  /** Lines that it places now for each agent who waits; not always a whole number. */
  public double lines() {
    double share = there == 0 ? 0 : (double) waiting / there;
    double allowed =
        manner.control() == null ? Double.POSITIVE_INFINITY : day.lines(manner.control());
    double lines = ramp.lines(world.now(), share, allowed);
    return predictive ? lines : Math.min(1, lines);
  }

  /** Takes an agent as it is now into account, or out of it. */
  void counts(Operator agent, int sign) {
    there += agent.atWork() ? sign : 0;
    waiting += agent.waiting() ? sign : 0;
  }

  private void look(long ofRun) {
    if (ofRun == run) {
      follow();
      world.at(world.now() + LOOK, () -> look(ofRun));
    }
  }

  private void follow() {
    boolean more;
    do {
      more = dialsOne();
    } while (more);
  }

  /**
   * Places a line where its agents who wait have fewer than they are to have, those of other skills
   * and those that ring on for nobody among them.
   *
   * @return whether it did
   */
  boolean dialsOne() {
    if (!running || waiting == 0) {
      return false;
    }
    int placed = 0;
    Operator fewest = null;
    for (Operator agent : agents) {
      if (agent.waiting()) {
        placed += agent.lines();
        fewest = fewest == null || agent.lines() < fewest.lines() ? agent : fewest;
      }
    }
    for (OutboundCall call : ringing) {
      placed += call.madeFor().waiting() ? 0 : 1;
    }
    return placed < lines() * waiting && dialNext(fewest);
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
    ringing.add(call);
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
      ringing.remove(call);
      ends(call, how, how == OutboundCall.Outcome.BAD_NUMBER);
      call.madeFor().lineDown();
      follow();
    }
  }

  private void pickedUp(OutboundCall call) {
    if (!call.open()) {
      return;
    }
    answered++;
    ringing.remove(call);
    call.answered(world.now());
    Operator agent = call.madeFor();
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
    follow();
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
