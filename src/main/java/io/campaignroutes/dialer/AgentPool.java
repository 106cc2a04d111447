package io.campaignroutes.dialer;

import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * Agents who take the calls of one or several campaigns, first come first served. An agent who is
 * to leave does so after the call in hand.
 */
public final class AgentPool {
  private final Dialer world;
  private final Schedule wanted;
  private final ArrayDeque<Call> waiting = new ArrayDeque<>();
  private final Series idleOverTime = new Series();
  private final Series staffedOverTime = new Series();
  private int staffed;
  private int busy;
  private double lastChange;
  private double busySeconds;
  private double staffedSeconds;

  AgentPool(Dialer world, Schedule wanted) {
    this.world = world;
    this.wanted = wanted;
    follow();
  }

  /** Agents at work, those included who finish their last call. */
  public int staffed() {
    return staffed;
  }

  /** Agents on a call or in wrap-up. */
  public int busy() {
    return busy;
  }

  /** Agents who wait for a call. */
  public int idle() {
    return staffed - busy;
  }

  /** Answered calls that wait for an agent. */
  public int waiting() {
    return waiting.size();
  }

  /** Agent-seconds on calls since the start. */
  public double busySeconds() {
    return busySeconds + busy * (world.now() - lastChange);
  }

  /** Agent-seconds at work since the start. */
  public double staffedSeconds() {
    return staffedSeconds + staffed * (world.now() - lastChange);
  }

  /** Idle agents as they were at a time. */
  double idleAt(double time) {
    return idleOverTime.at(time);
  }

  /** Staffed agents as they were at a time. */
  double staffedAt(double time) {
    return staffedOverTime.at(time);
  }

  /** Lets agents come and go as the schedule says. */
  void follow() {
    int target = Math.max(0, (int) Math.round(wanted.at(world.now())));
    if (target == staffed) {
      return;
    }
    account();
    staffed = Math.max(target, busy);
    while (idle() > 0 && !waiting.isEmpty()) {
      connect(waiting.poll());
    }
    remember();
  }

  /** A call was answered: it gets an agent now, or waits. */
  void answered(Call call) {
    if (idle() > 0) {
      account();
      connect(call);
      remember();
    } else {
      waiting.add(call);
      world.at(world.now() + call.patience(), call::lostPatience);
    }
  }

  /** A call left the queue without an agent. */
  void gaveUp(Call call) {
    Iterator<Call> all = waiting.iterator();
    while (all.hasNext()) {
      if (all.next() == call) {
        all.remove();
        return;
      }
    }
  }

  private void connect(Call call) {
    busy++;
    double handle = call.connected();
    world.at(
        world.now() + handle,
        () -> {
          account();
          busy--;
          call.handled(handle);
          if (staffed > Math.max(0, (int) Math.round(wanted.at(world.now())))) {
            staffed--;
          } else if (!waiting.isEmpty()) {
            connect(waiting.poll());
          }
          remember();
        });
  }

  private void account() {
    double passed = world.now() - lastChange;
    busySeconds += busy * passed;
    staffedSeconds += staffed * passed;
    lastChange = world.now();
  }

  private void remember() {
    idleOverTime.put(world.now(), idle());
    staffedOverTime.put(world.now(), staffed);
  }

  void forget(double before) {
    idleOverTime.forget(before);
    staffedOverTime.forget(before);
  }
}
