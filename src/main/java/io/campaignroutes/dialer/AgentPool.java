package io.campaignroutes.dialer;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Agents who take the calls of one or several campaigns, first come first served. Some of them may
 * be another pool's too.
 */
public final class AgentPool {
  private final Dialer world;
  private final List<AgentGroup> groups;
  private final ArrayDeque<DialedCall> waiting = new ArrayDeque<>();

  AgentPool(Dialer world, List<AgentGroup> groups) {
    this.world = world;
    this.groups = List.copyOf(groups);
    this.groups.forEach(group -> group.belongsTo(this));
  }

  /** Agents at work, those included who finish their last call. */
  public int staffed() {
    return groups.stream().mapToInt(AgentGroup::staffed).sum();
  }

  /** Agents on a call or in wrap-up. */
  public int busy() {
    return groups.stream().mapToInt(AgentGroup::busy).sum();
  }

  /** Agents who wait for a call. */
  public int idle() {
    return groups.stream().mapToInt(AgentGroup::idle).sum();
  }

  /** Answered calls that wait for an agent. */
  public int waiting() {
    return waiting.size();
  }

  /** Agent-seconds on calls since the start. */
  public double busySeconds() {
    return sum(AgentGroup::busySeconds);
  }

  /** Agent-seconds at work since the start. */
  public double staffedSeconds() {
    return sum(AgentGroup::staffedSeconds);
  }

  /** Idle agents as they were at a time. */
  double idleAt(double time) {
    return sum(group -> group.idleAt(time));
  }

  /** Staffed agents as they were at a time. */
  double staffedAt(double time) {
    return sum(group -> group.staffedAt(time));
  }

  private double sum(ToDoubleFunction<AgentGroup> of) {
    return groups.stream().mapToDouble(of).sum();
  }

  /** A call was answered: it gets an agent now, or waits. */
  void answered(DialedCall call) {
    groups.stream()
        .filter(group -> group.idle() > 0)
        .max(Comparator.comparingInt(AgentGroup::idle))
        .ifPresentOrElse(
            group -> group.takes(call),
            () -> {
              waiting.add(call);
              world.at(world.now() + call.patience(), call::lostPatience);
            });
  }

  /** Second since when the first of the calls waits; one does at least. */
  double waitingSince() {
    return waiting.getFirst().waitingSince();
  }

  /** Takes the first of the calls that wait; one does at least. */
  DialedCall next() {
    return waiting.removeFirst();
  }

  /** A call left the queue without an agent. */
  void gaveUp(DialedCall call) {
    Iterator<DialedCall> all = waiting.iterator();
    while (all.hasNext()) {
      if (all.next() == call) {
        all.remove();
        return;
      }
    }
  }
}
