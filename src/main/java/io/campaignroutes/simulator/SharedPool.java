package io.campaignroutes.simulator;

import io.campaignroutes.compliance.Abandonment;
import io.campaignroutes.dialer.Schedule;
import java.util.ArrayList;
import java.util.List;

/**
 * A world in which several campaigns dial for the same agents. All else is as in {@link
 * Scenario#of}: v2 figures every 5 s, rates in tenths.
 *
 * @param name for tables
 * @param agents over time
 * @param lines the campaigns
 * @param hours how long it runs
 * @param showsPool whether the agents at work are read with each tick, by their status
 * @param common agents who are in another pool too, which is as large and for which every other
 *     campaign dials; null where there is one pool only
 * @param tick seconds between two decisions
 */
record SharedPool(
    String name,
    Schedule agents,
    List<Line> lines,
    double hours,
    boolean showsPool,
    Integer common,
    double tick) {

  private static final double TICK = 5;

  /**
   * A campaign.
   *
   * @param answer share of its calls that a person answers
   * @param handle mean seconds that a call keeps an agent
   * @param weight its share of the pool, beside the others'
   * @param abandonment the cap of its compliance profile
   * @param limit calls/s that it never exceeds
   * @param joins second at which it begins
   * @param leaves second from which it may not dial any more
   * @param contacts calls after which its list is empty
   */
  record Line(
      double answer,
      double handle,
      double weight,
      Abandonment abandonment,
      double limit,
      double joins,
      double leaves,
      long contacts) {

    static Line of(Abandonment abandonment) {
      return new Line(0.3, 180, 1, abandonment, 1000, 0, Double.MAX_VALUE, Long.MAX_VALUE);
    }

    Line answers(double share) {
      return new Line(share, handle, weight, abandonment, limit, joins, leaves, contacts);
    }

    Line weighs(double other) {
      return new Line(answer, handle, other, abandonment, limit, joins, leaves, contacts);
    }

    Line caps(double share) {
      Abandonment stricter =
          new Abandonment(
              share,
              abandonment.window(),
              abandonment.denominator(),
              abandonment.connectThreshold(),
              abandonment.startPoint(),
              abandonment.minRing(),
              abandonment.messageRequired());
      return new Line(answer, handle, weight, stricter, limit, joins, leaves, contacts);
    }

    Line limited(double rate) {
      return new Line(answer, handle, weight, abandonment, rate, joins, leaves, contacts);
    }

    Line during(double from, double until) {
      return new Line(answer, handle, weight, abandonment, limit, from, until, contacts);
    }

    Line contacts(long calls) {
      return new Line(answer, handle, weight, abandonment, limit, joins, leaves, calls);
    }
  }

  /** So many equal campaigns. */
  static SharedPool equal(int agents, int campaigns, double hours, Abandonment abandonment) {
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < campaigns; i++) {
      lines.add(Line.of(abandonment));
    }
    String name = agents + " agents, " + campaigns + (campaigns == 1 ? " campaign" : " campaigns");
    return new SharedPool(name, Schedule.constant(agents), lines, hours, false, null, TICK);
  }

  /** Two pools with agents in common and equal campaigns that dial for the one or the other. */
  static SharedPool two(
      int agents, int campaigns, int common, double hours, Abandonment abandonment) {
    return new SharedPool(
        "two pools of "
            + agents
            + ", "
            + (common == agents ? "all" : common)
            + " in common, "
            + campaigns
            + " campaigns",
        Schedule.constant(agents),
        equal(agents, campaigns, hours, abandonment).lines(),
        hours,
        true,
        common,
        TICK);
  }

  /** The same with decisions so many seconds apart. */
  SharedPool every(double seconds) {
    if (seconds == tick) {
      return this;
    }
    return new SharedPool(
        name + ", every " + SimulationOptions.plain(seconds) + " s",
        agents,
        lines,
        hours,
        showsPool,
        common,
        seconds);
  }

  int pools() {
    return common == null ? 1 : 2;
  }

  /** For which pool a campaign dials. */
  int poolOf(int line) {
    return line % pools();
  }

  SharedPool named(String other, List<Line> members) {
    return new SharedPool(other, agents, members, hours, showsPool, common, tick);
  }

  /** The scenarios that a law for pools has to stand. */
  static List<SharedPool> all(double hours, Abandonment cap) {
    List<SharedPool> all = new ArrayList<>();
    for (int campaigns : new int[] {1, 2, 4, 8, 40}) {
      all.add(equal(50, campaigns, hours, cap));
    }
    for (int campaigns : new int[] {1, 2, 4}) {
      all.add(equal(20, campaigns, hours, cap));
    }
    SharedPool fifty = equal(50, 1, hours, cap);
    Line one = Line.of(cap);
    double end = hours * 3600;
    all.add(
        fifty.named(
            "answers 10, 20, 30, 50 %",
            List.of(one.answers(0.1), one.answers(0.2), one, one.answers(0.5))));
    all.add(fifty.named("weights 3 : 1", List.of(one.weighs(3), one)));
    all.add(fifty.named("one of 4 with a cap of 1 %", List.of(one.caps(0.01), one, one, one)));
    all.add(fifty.named("one of 2 limited to 0.2 calls/s", List.of(one.limited(0.2), one)));
    all.add(
        fifty.named(
            "4, two join, two leave",
            List.of(
                one,
                one,
                one.during(0, end / 2),
                one.during(0, end * 5 / 8),
                one.during(end / 4, end),
                one.during(end * 3 / 8, end))));
    all.add(fifty.named("4, one runs out of contacts", List.of(one.contacts(400), one, one, one)));
    SharedPool leaving =
        new SharedPool(
            "4, agents 50-0-50",
            Schedule.steps(50, end / 4, 0, end / 2, 50),
            equal(50, 4, hours, cap).lines(),
            hours,
            true,
            null,
            TICK);
    all.add(leaving);
    all.add(two(30, 2, 10, hours, cap));
    all.add(two(30, 2, 30, hours, cap));
    all.add(two(30, 8, 10, hours, cap));
    all.add(equal(12, 300, hours, cap));
    return all;
  }
}
