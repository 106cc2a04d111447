package io.campaignroutes.dialer;

import java.util.ArrayList;
import java.util.List;

/**
 * Agents of a skill who come and go as a schedule says, which is looked at every second. Who is to
 * leave does so after the call in hand.
 */
public final class Roster {
  private static final double LOOK = 1;

  private final Dialer world;
  private final Schedule wanted;
  private final SkillDialing skill;
  private final List<Operator> operators = new ArrayList<>();
  private final Series idleOverTime = new Series();
  private final Series staffedOverTime = new Series();
  private int target;
  private int staffed;
  private int idle;
  private double lastChange;
  private double busySeconds;
  private double staffedSeconds;

  Roster(Dialer world, Schedule wanted, SkillDialing skill) {
    this.world = world;
    this.wanted = wanted;
    this.skill = skill;
    follow();
  }

  private void follow() {
    int now = Math.max(0, (int) Math.round(wanted.at(world.now())));
    while (operators.size() < now) {
      Operator operator = world.operator(operators.size());
      operator.watchedBy(this::changed);
      operators.add(operator);
      skill.assign(operator);
    }
    if (now != target) {
      target = now;
      for (int i = 0; i < operators.size(); i++) {
        operators.get(i).wants(i < now ? Operator.State.WAITING : Operator.State.LOGGED_OUT);
      }
    }
    world.at(world.now() + LOOK, this::follow);
  }

  private void changed() {
    double passed = world.now() - lastChange;
    busySeconds += (staffed - idle) * passed;
    staffedSeconds += staffed * passed;
    lastChange = world.now();
    staffed = 0;
    idle = 0;
    for (Operator operator : operators) {
      staffed += operator.atWork() ? 1 : 0;
      idle += operator.waiting() ? 1 : 0;
    }
    idleOverTime.put(world.now(), idle);
    staffedOverTime.put(world.now(), staffed);
  }

  /** Agents at work, those included who finish their last call. */
  public int staffed() {
    return staffed;
  }

  /** Agents who wait for a call. */
  public int idle() {
    return idle;
  }

  /** Agent-seconds on calls, wrap-up included, since the start. */
  public double busySeconds() {
    return busySeconds + (staffed - idle) * (world.now() - lastChange);
  }

  /** Agent-seconds at work since the start. */
  public double staffedSeconds() {
    return staffedSeconds + staffed * (world.now() - lastChange);
  }

  double idleAt(double time) {
    return idleOverTime.at(time);
  }

  double staffedAt(double time) {
    return staffedOverTime.at(time);
  }
}
