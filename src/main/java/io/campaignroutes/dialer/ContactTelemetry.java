package io.campaignroutes.dialer;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The figures of a skill as they are made from what a Personal Connection tenant tells: states of
 * agents of a moment ago, contacts once they have ended and a while later, wrap-up later still. A
 * call that is talked counts as connected.
 */
public final class ContactTelemetry {

  /**
   * What the tenant is like.
   *
   * @param states seconds that states of agents are old
   * @param contacts seconds after its end at which a contact is told
   * @param wrapUp seconds after that at which its wrap-up is
   * @param length seconds of the rolling window that increments are added up in
   * @param dropOuts share of questions that are not answered
   */
  public record Manner(
      double states, double contacts, double wrapUp, double length, double dropOuts) {

    /** States 10 s old, contacts 30 s late, wrap-up another 30 s later, five minutes. */
    public static Manner cxone() {
      return new Manner(10, 30, 30, 300, 0);
    }
  }

  private final Dialer world;
  private final Manner manner;
  private final RandomGenerator dropOuts;
  private final Series failed = new Series();
  private final Series abandoned = new Series();
  private final Series handled = new Series();
  private final Series handledSeconds = new Series();

  /** Nothing was told yet. */
  public ContactTelemetry(Dialer world, Manner manner, long seed) {
    this.world = world;
    this.manner = manner;
    this.dropOuts = new SplittableRandom(seed);
  }

  /** A call has ended, or its wrap-up has: see {@link Dialer#skill}. */
  public void told(OutboundCall call) {
    if (call.outcome() == OutboundCall.Outcome.ABANDONED) {
      abandoned.put(world.now(), abandoned.last() + 1);
    } else if (call.outcome() != OutboundCall.Outcome.CONNECTED) {
      failed.put(world.now(), failed.last() + 1);
    } else if (!Double.isNaN(call.wrapUpEndedAt())) {
      handled.put(world.now(), handled.last() + 1);
      double seconds = call.wrapUpEndedAt() - call.connectedAt();
      handledSeconds.put(world.now(), handledSeconds.last() + seconds);
    }
  }

  /**
   * Asks for the figures.
   *
   * @param agents who have the skill for themselves
   */
  public Telemetry.Answer read(Roster agents) {
    if (dropOuts.nextDouble() < manner.dropOuts()) {
      return new Telemetry.Answer(null, false);
    }
    double now = world.now();
    double told = now - manner.contacts();
    double from = told - manner.length();
    double connected =
        Math.max(0, connected(agents, now) - connected(agents, now - manner.length()));
    double lost = abandoned.at(told) - abandoned.at(from);
    double written = from - manner.wrapUp();
    double ended = handled.at(told) - handled.at(written);
    double states = now - manner.states();
    return new Telemetry.Answer(
        new Telemetry.Figures(
            connected,
            lost,
            connected + lost + failed.at(told) - failed.at(from),
            ended == 0
                ? null
                : (Double) ((handledSeconds.at(told) - handledSeconds.at(written)) / ended),
            agents.idleAt(states),
            agents.staffedAt(states)),
        false);
  }

  /** Contacts that have ended with an agent, and those that agents are busy with. */
  private double connected(Roster agents, double at) {
    double states = at - manner.states();
    return handled.at(at - manner.contacts()) + agents.staffedAt(states) - agents.idleAt(states);
  }
}
