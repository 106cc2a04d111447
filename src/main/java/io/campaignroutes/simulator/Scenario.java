package io.campaignroutes.simulator;

import io.campaignroutes.compliance.Abandonment;
import io.campaignroutes.dialer.AbandonControl;
import io.campaignroutes.dialer.Actuator;
import io.campaignroutes.dialer.People;
import io.campaignroutes.dialer.Schedule;
import io.campaignroutes.dialer.Telemetry;
import java.util.function.Consumer;

/**
 * A world to pace in.
 *
 * @param name for tables
 * @param agents over time
 * @param people who is called
 * @param telemetry how figures are told
 * @param actuator how rates are taken
 * @param control the platform's own guard; null for none
 * @param tick seconds between two decisions
 * @param hours how long it runs
 * @param warmUp seconds at the start that utilisation leaves out
 * @param launchRate calls/s in force until the first decision
 * @param firstDecision seconds from the start until that one
 * @param limit calls/s that are never exceeded
 * @param abandonment the compliance profile's cap; null for none
 */
record Scenario(
    String name,
    Schedule agents,
    People people,
    Telemetry.Manner telemetry,
    Actuator.Manner actuator,
    AbandonControl control,
    double tick,
    double hours,
    double warmUp,
    double launchRate,
    double firstDecision,
    double limit,
    Abandonment abandonment) {

  static final double WARM_UP = 1800;

  /** Constant agents, answers and handle times, v2 figures every 5 s, rates in tenths. */
  static Scenario of(
      int agents, double answer, double handle, double hours, Abandonment abandonment) {
    return new Scenario(
        agents + " agents",
        Schedule.constant(agents),
        People.of(Schedule.constant(answer), Schedule.constant(handle)),
        Telemetry.Manner.v2(),
        Actuator.Manner.tenths(),
        null,
        5,
        hours,
        WARM_UP,
        10,
        1,
        1000,
        abandonment);
  }

  /** A copy with another name. */
  Scenario named(String other) {
    return with(draft -> draft.name = other);
  }

  /** A copy in which something is otherwise. */
  Scenario with(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return draft.scenario();
  }

  /** A scenario that is being changed. */
  static final class Draft {
    String name;
    Schedule agents;
    People people;
    Telemetry.Manner telemetry;
    Actuator.Manner actuator;
    AbandonControl control;
    double tick;
    double hours;
    double warmUp;
    double launchRate;
    double firstDecision;
    double limit;
    Abandonment abandonment;

    private Draft(Scenario from) {
      name = from.name;
      agents = from.agents;
      people = from.people;
      telemetry = from.telemetry;
      actuator = from.actuator;
      control = from.control;
      tick = from.tick;
      hours = from.hours;
      warmUp = from.warmUp;
      launchRate = from.launchRate;
      firstDecision = from.firstDecision;
      limit = from.limit;
      abandonment = from.abandonment;
    }

    private Scenario scenario() {
      return new Scenario(
          name,
          agents,
          people,
          telemetry,
          actuator,
          control,
          tick,
          hours,
          warmUp,
          launchRate,
          firstDecision,
          limit,
          abandonment);
    }
  }
}
