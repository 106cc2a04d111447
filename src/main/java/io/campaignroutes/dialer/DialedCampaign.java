package io.campaignroutes.dialer;

import java.util.random.RandomGenerator;
import java.util.random.RandomGenerator.SplittableGenerator;

/**
 * A campaign in the world. It dials as a Poisson process at {@link #dial its rate} until it is told
 * otherwise.
 */
public final class DialedCampaign {
  private final Dialer world;
  private final AgentPool pool;
  private final People people;
  private final RandomGenerator arrivals;
  private final RandomGenerator answers;
  private final RandomGenerator rings;
  private final RandomGenerator handles;
  private final RandomGenerator patiences;
  private final double ringMu;
  private final double ringSigma;
  private final double handleSigma;

  private double rate;
  private double rateSince;
  private double untilNext;
  private long rateVersion;
  private boolean even;
  private long contacts = Long.MAX_VALUE;
  private AbandonControl control;
  private double controlLines = Double.POSITIVE_INFINITY;
  private double controlAt;

  private long ringing;
  private long failed;
  private long machines;
  private long mistaken;
  private long answered;
  private long connected;
  private long abandoned;
  private long waiting;
  private long handled;
  private double handledSeconds;
  private double answerSeconds;
  private long machinesHandled;
  private long attempted;
  private long suppressed;
  private final Series attemptedOverTime = new Series();
  private final Series connectedOverTime = new Series();
  private final Series abandonedOverTime = new Series();
  private final Series handledOverTime = new Series();
  private final Series handledSecondsOverTime = new Series();
  private final Series answerSecondsOverTime = new Series();

  DialedCampaign(Dialer world, AgentPool pool, People people, SplittableGenerator seeds) {
    this.world = world;
    this.pool = pool;
    this.people = people;
    arrivals = seeds.split();
    answers = seeds.split();
    rings = seeds.split();
    handles = seeds.split();
    patiences = seeds.split();
    double ringVariation = people.ringDeviation() / people.ringMean();
    ringSigma = Math.sqrt(Math.log1p(ringVariation * ringVariation));
    ringMu = Math.log(people.ringMean()) - ringSigma * ringSigma / 2;
    handleSigma = Math.sqrt(Math.log1p(people.handleVariation() * people.handleVariation()));
    untilNext = exponential(arrivals);
  }

  /** The agents it dials for. */
  public AgentPool pool() {
    return pool;
  }

  /** Calls/s that it dials from now on; 0 for none. */
  public void dial(double callsPerSecond) {
    untilNext -= rate * (world.now() - rateSince);
    rate = Math.max(0, callsPerSecond);
    rateSince = world.now();
    rateVersion++;
    expectNext();
  }

  /** Calls/s that it dials. */
  public double rate() {
    return rate;
  }

  /** It dials at even distances instead of a Poisson process's. */
  public void dialsEvenly() {
    even = true;
    untilNext = 1;
  }

  /** It dials this many calls and then no more. */
  public void hasContacts(long calls) {
    contacts = calls;
  }

  /** Whether calls ring, wait or are talked. */
  public boolean underWay() {
    return ringing + waiting > 0 || handled < connected;
  }

  /** Dials these calls at once, whatever the rate. */
  public void dialNow(int calls) {
    for (int i = 0; i < calls; i++) {
      attempt();
    }
  }

  /** Puts the platform's own guard over abandoned calls in force. */
  public void guardedBy(AbandonControl abandonControl) {
    control = abandonControl;
  }

  /** What it has done so far. */
  public CampaignTotals totals() {
    return new CampaignTotals(
        attempted,
        ringing,
        failed,
        machines,
        mistaken,
        answered,
        connected,
        abandoned,
        waiting,
        handled,
        handledSeconds,
        machinesHandled,
        suppressed);
  }

  /** What it did after one time and up to another. */
  public CallPeriod between(double start, double end) {
    return new CallPeriod(
        Math.round(attemptedOverTime.at(end) - attemptedOverTime.at(start)),
        Math.round(connectedOverTime.at(end) - connectedOverTime.at(start)),
        Math.round(abandonedOverTime.at(end) - abandonedOverTime.at(start)),
        Math.round(handledOverTime.at(end) - handledOverTime.at(start)),
        handledSecondsOverTime.at(end) - handledSecondsOverTime.at(start),
        answerSecondsOverTime.at(end) - answerSecondsOverTime.at(start));
  }

  void forget(double before) {
    attemptedOverTime.forget(before);
    connectedOverTime.forget(before);
    abandonedOverTime.forget(before);
    handledOverTime.forget(before);
    handledSecondsOverTime.forget(before);
    answerSecondsOverTime.forget(before);
  }

  /** An agent takes a call; the seconds that it will keep the agent. */
  double connected(DialedCall call, double draw) {
    if (call.queued()) {
      waiting--;
    }
    connected++;
    answerSeconds += world.now() - call.dialedAt();
    connectedOverTime.put(world.now(), connected);
    answerSecondsOverTime.put(world.now(), answerSeconds);
    if (!call.person()) {
      machinesHandled++;
      return people.machineHandle() * draw;
    }
    return people.handle().at(world.now()) * draw;
  }

  void handled(double seconds) {
    handled++;
    handledSeconds += seconds;
    handledOverTime.put(world.now(), handled);
    handledSecondsOverTime.put(world.now(), handledSeconds);
  }

  void abandoned(DialedCall call) {
    pool.gaveUp(call);
    waiting--;
    abandoned++;
    abandonedOverTime.put(world.now(), abandoned);
  }

  private void expectNext() {
    if (rate > 0 && attempted < contacts) {
      long version = rateVersion;
      world.at(
          world.now() + Math.max(0, untilNext) / rate,
          () -> {
            if (version == rateVersion) {
              untilNext = gap();
              rateSince = world.now();
              attempt();
              expectNext();
            }
          });
    }
  }

  private void attempt() {
    // Each call draws from each stream, whatever becomes of it, so that the calls of two runs stay
    // the same calls.
    double answer = answers.nextDouble();
    double detection = answers.nextDouble();
    double ring = Math.exp(ringMu + ringSigma * rings.nextGaussian());
    boolean quick = rings.nextDouble() < people.quickFailures();
    double handle =
        people.exponentialHandle()
            ? exponential(handles)
            : Math.exp(handleSigma * handles.nextGaussian() - handleSigma * handleSigma / 2);
    double patience =
        people.patience() * (people.exponentialPatience() ? exponential(patiences) : 1);
    if (guarded()) {
      suppressed++;
      return;
    }
    attempted++;
    attemptedOverTime.put(world.now(), attempted);
    ringing++;
    double persons = people.answer().at(world.now());
    boolean person = answer < persons;
    boolean machine = !person && answer < persons + people.machines();
    if ((person || machine) && ring < people.ringTimeout()) {
      boolean takenForMachine =
          people.machineDetection() > 0
              && (person
                  ? detection < people.personsMistaken()
                  : detection >= people.machinesMissed());
      DialedCall call = new DialedCall(this, world.now(), person, patience, handle);
      world.at(
          world.now() + ring + people.machineDetection(), () -> pickedUp(call, takenForMachine));
    } else {
      double until = quick && !person && !machine ? people.quickFailure() : people.ringTimeout();
      world.at(
          world.now() + until,
          () -> {
            ringing--;
            failed++;
          });
    }
  }

  private void pickedUp(DialedCall call, boolean takenForMachine) {
    ringing--;
    if (takenForMachine) {
      if (call.person()) {
        mistaken++;
      } else {
        machines++;
      }
      return;
    }
    answered++;
    if (pool.idle() == 0) {
      waiting++;
      call.waits(world.now());
    }
    pool.answered(call);
  }

  private boolean guarded() {
    return control != null && ringing >= controlLines() * pool.idle();
  }

  /** Lines for each idle agent that the platform's own guard leaves, as it saw last. */
  private double controlLines() {
    if (world.now() >= controlAt) {
      controlAt = world.now() + control.refresh();
      double base = connected - machinesHandled + abandoned;
      controlLines = control.linesPerIdleAgent(base == 0 ? 0 : abandoned / base);
    }
    return controlLines;
  }

  private double gap() {
    return even ? 1 : exponential(arrivals);
  }

  private static double exponential(RandomGenerator random) {
    return -Math.log(1 - random.nextDouble());
  }
}
