package io.campaignroutes.simulator;

import io.campaignroutes.compliance.Abandonment;
import io.campaignroutes.dialer.AbandonControl;
import io.campaignroutes.dialer.Actuator;
import io.campaignroutes.dialer.People;
import io.campaignroutes.dialer.Schedule;
import io.campaignroutes.dialer.Telemetry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The scenarios that the law has to stand: teams, markets, shocks and faults. */
final class Matrix {
  private static final double HOUR = 3600;
  private static final double HOUSE_CAP = 0.03;

  private Matrix() {}

  /** All of them, for 8-hour runs or longer. */
  static List<Scenario> all(double hours, Abandonment abandonment) {
    List<Scenario> all = new ArrayList<>(withinTheCap(hours, abandonment));
    all.addAll(holds(Scenario.of(50, 0.3, 180, hours, abandonment)));
    return all;
  }

  /** Those in which the law has all that it needs to keep the cap. */
  static List<Scenario> withinTheCap(double hours, Abandonment abandonment) {
    List<Scenario> all = new ArrayList<>();
    for (int agents : new int[] {5, 8, 10, 20, 50, 100, 200}) {
      all.add(Scenario.of(agents, 0.3, 180, hours, abandonment));
    }
    Scenario fifty = Scenario.of(50, 0.3, 180, hours, abandonment);
    for (double answer : new double[] {0.05, 0.1, 0.2, 0.5}) {
      all.add(
          Scenario.of(50, answer, 180, hours, abandonment)
              .named("answers " + Math.round(answer * 100) + " %"));
    }
    for (double handle : new double[] {45, 600}) {
      all.add(
          Scenario.of(50, 0.3, handle, hours, abandonment)
              .named("handle time " + Math.round(handle) + " s"));
    }
    all.addAll(shocks(fifty));
    all.addAll(faults(fifty));
    return all;
  }

  /** What changes while it runs. */
  static List<Scenario> shocks(Scenario fifty) {
    double first = 2 * HOUR;
    double second = 4 * HOUR;
    Schedule handle = Schedule.constant(180);
    Schedule answer = Schedule.constant(0.3);
    return List.of(
        fifty
            .named("agents 50-25-50")
            .with(draft -> draft.agents = Schedule.steps(50, first, 25, second, 50)),
        fifty
            .named("agents 50-10-50")
            .with(draft -> draft.agents = Schedule.steps(50, first, 10, second, 50)),
        fifty
            .named("agents 50-0-50")
            .with(draft -> draft.agents = Schedule.steps(50, first, 0, second, 50)),
        fifty
            .named("answers 15 to 45 %")
            .with(draft -> draft.people = People.of(Schedule.steps(0.15, first, 0.45), handle)),
        fifty
            .named("answers 45 to 15 %")
            .with(draft -> draft.people = People.of(Schedule.steps(0.45, first, 0.15), handle)),
        fifty
            .named("answers swing 20 to 40 %")
            .with(draft -> draft.people = People.of(Schedule.sine(0.3, 0.1, 2 * HOUR), handle)),
        fifty
            .named("handle time 120 to 360 s")
            .with(draft -> draft.people = People.of(answer, Schedule.steps(120, first, 360))),
        fifty
            .named("handle time 360 to 90 s")
            .with(draft -> draft.people = People.of(answer, Schedule.steps(360, first, 90))),
        fifty
            .named("handle time variation 1.5")
            .with(draft -> draft.people = People.of(answer, handle).withHandleVariation(1.5)),
        fifty.named("cold start included").with(draft -> draft.warmUp = 0),
        Scenario.of(20, 0.3, 180, fifty.hours(), fifty.abandonment())
            .named("cold start included, 20 agents")
            .with(draft -> draft.warmUp = 0));
  }

  /** What the platform and the line to it do wrong, and what the prototype never saw. */
  static List<Scenario> faults(Scenario fifty) {
    Telemetry.Manner v2 = Telemetry.Manner.v2();
    Actuator.Manner tenths = Actuator.Manner.tenths();
    People people = fifty.people();
    List<Scenario> all = new ArrayList<>();
    for (double share : new double[] {0.1, 0.3}) {
      all.add(
          fifty
              .named("figures missing " + Math.round(share * 100) + " %")
              .with(draft -> draft.telemetry = v2.withDropOuts(share)));
    }
    for (double lag : new double[] {5, 15, 30, 60}) {
      all.add(
          fifty
              .named("figures " + Math.round(lag) + " s late")
              .with(draft -> draft.telemetry = v2.withLag(lag)));
    }
    for (double tick : new double[] {10, 15, 30}) {
      all.add(fifty.named("tick " + Math.round(tick) + " s").with(draft -> draft.tick = tick));
    }
    all.add(
        fifty
            .named("tumbling figures")
            .with(draft -> draft.telemetry = v2.withWindow(Telemetry.Window.TUMBLING)));
    all.add(
        fifty
            .named("cumulative figures")
            .with(draft -> draft.telemetry = v2.withWindow(Telemetry.Window.CUMULATIVE)));
    all.add(
        fifty.named("only staffed agents").with(draft -> draft.telemetry = v2.withStaffedAgents()));
    all.add(
        fifty
            .named("whole calls a second, 0 allowed")
            .with(draft -> draft.actuator = new Actuator.Manner(1, 0, 0.2, 0)));
    all.add(
        fifty
            .named("429 on 10 % of writes")
            .with(draft -> draft.actuator = new Actuator.Manner(0.1, 0, 0.2, 0.1)));
    all.add(
        fifty
            .named("429 on 30 % of writes")
            .with(draft -> draft.actuator = new Actuator.Manner(0.1, 0, 0.2, 0.3)));
    all.add(
        fifty
            .named("writes 5 s late")
            .with(draft -> draft.actuator = new Actuator.Manner(0.1, 0, 5, 0)));
    all.add(
        fifty
            .named("exponential patience, mean 2 s")
            .with(draft -> draft.people = people.withPatience(2, true)));
    all.add(
        fifty
            .named("machines 20 %, to agents")
            .with(draft -> draft.people = people.withMachines(0.2, 0, 1, 0)));
    all.add(
        fifty
            .named("machines 20 %, detected in 3 s")
            .with(draft -> draft.people = people.withMachines(0.2, 3, 0.1, 0)));
    all.add(
        fifty
            .named("the same, 1 % of persons mistaken")
            .with(draft -> draft.people = people.withMachines(0.2, 3, 0.1, 0.01)));
    all.add(
        fifty
            .named("CXone's own abandon control")
            .with(draft -> draft.control = AbandonControl.cxone()));
    return all;
  }

  /**
   * What is above the cap before the law decides for the first time, so that the campaign has to be
   * held, and goes on by itself once the flood has left a rolling window.
   */
  static List<Scenario> holds(Scenario fifty) {
    Abandonment rule = fifty.abandonment();
    Abandonment ofTheLastHour =
        new Abandonment(
            rule == null ? HOUSE_CAP : rule.cap(),
            new Abandonment.Window(Abandonment.Kind.ROLLING, Duration.ofHours(1)),
            Abandonment.Denominator.ANSWERED_LIVE,
            null,
            null,
            null,
            false);
    return List.of(
        fifty
            .named("10 calls/s unpaced for the first minute, cap over 1 h, held and released")
            .with(draft -> draft.launchRate = 10)
            .with(draft -> draft.firstDecision = 60)
            .with(draft -> draft.abandonment = ofTheLastHour));
  }
}
