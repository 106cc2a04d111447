package io.campaignroutes.simulator;

import io.campaignroutes.dialer.AbandonControl;
import io.campaignroutes.dialer.ContactTelemetry;
import io.campaignroutes.dialer.People;
import io.campaignroutes.dialer.Schedule;
import java.util.List;

/**
 * A Personal Connection tenant to pace in.
 *
 * @param name for tables
 * @param agents over time
 * @param people who is called
 * @param telemetry how figures are told
 * @param control the tenant's own abandon control; null for none
 * @param ramp seconds until one more line for each agent is in force
 * @param tick seconds between two decisions
 * @param hours how long it runs
 * @param shocks seconds from the start at which something changes
 */
record SkillScenario(
    String name,
    Schedule agents,
    People people,
    ContactTelemetry.Manner telemetry,
    AbandonControl control,
    double ramp,
    double tick,
    double hours,
    List<Double> shocks) {
  private static final double HOUR = 3600;

  /** s: how fast a ratio is grown into is not published. */
  private static final double RAMP = 60;

  /** Constant agents, answers and handle times, at a tenant as CXone's defaults are. */
  static SkillScenario of(int agents, double answer, double handle, double hours, double tick) {
    return new SkillScenario(
        agents + " agents",
        Schedule.constant(agents),
        People.of(Schedule.constant(answer), Schedule.constant(handle)),
        ContactTelemetry.Manner.cxone(),
        AbandonControl.cxone(),
        RAMP,
        tick,
        hours,
        List.of());
  }

  /** What changes while it runs: agents, the share of calls answered, the handle time. */
  static List<SkillScenario> shocks(double hours, double tick) {
    SkillScenario fifty = of(50, 0.3, 180, hours, tick);
    double first = 2 * HOUR;
    double second = 4 * HOUR;
    Schedule handle = Schedule.constant(180);
    Schedule answer = Schedule.constant(0.3);
    List<Double> one = List.of(first);
    List<Double> both = List.of(first, second);
    return List.of(
        fifty.agents("agents 50-25-50", Schedule.steps(50, first, 25, second, 50), both),
        fifty.agents("agents 50-10-50", Schedule.steps(50, first, 10, second, 50), both),
        fifty.agents("agents 50-0-50", Schedule.steps(50, first, 0, second, 50), both),
        fifty.people("answers 15 to 45 %", Schedule.steps(0.15, first, 0.45), handle, one),
        fifty.people("answers 45 to 15 %", Schedule.steps(0.45, first, 0.15), handle, one),
        fifty.people(
            "answers swing 20 to 40 %", Schedule.sine(0.3, 0.1, 2 * HOUR), handle, List.of()),
        fifty.people("handle time 120 to 360 s", answer, Schedule.steps(120, first, 360), one),
        fifty.people("handle time 360 to 90 s", answer, Schedule.steps(360, first, 90), one));
  }

  SkillScenario withoutControl() {
    return new SkillScenario(name, agents, people, telemetry, null, ramp, tick, hours, shocks);
  }

  private SkillScenario agents(String other, Schedule schedule, List<Double> when) {
    return new SkillScenario(other, schedule, people, telemetry, control, ramp, tick, hours, when);
  }

  private SkillScenario people(String other, Schedule answer, Schedule handle, List<Double> when) {
    return new SkillScenario(
        other, agents, People.of(answer, handle), telemetry, control, ramp, tick, hours, when);
  }
}
