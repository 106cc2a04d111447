package io.campaignroutes.dialer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Agents who come and go together and take the calls of the same pools, of one or of several. An
 * agent who is to leave does so after the call in hand.
 */
public final class AgentGroup {
  private final Dialer world;
  private final Schedule wanted;
  private final List<AgentPool> pools = new ArrayList<>();
  private final Series idleOverTime = new Series();
  private final Series staffedOverTime = new Series();
  private int staffed;
  private int busy;
  private double lastChange;
  private double busySeconds;
  private double staffedSeconds;

  AgentGroup(Dialer world, Schedule wanted) {
    this.world = world;
    this.wanted = wanted;
    follow();
  }

  void belongsTo(AgentPool pool) {
    pools.add(pool);
  }

  int staffed() {
    return staffed;
  }

  int busy() {
    return busy;
  }

  int idle() {
    return staffed - busy;
  }

  double busySeconds() {
    return busySeconds + busy * (world.now() - lastChange);
  }

  double staffedSeconds() {
    return staffedSeconds + staffed * (world.now() - lastChange);
  }

  double idleAt(double time) {
    return idleOverTime.at(time);
  }

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
    Optional<DialedCall> next = idle() > 0 ? waitingLongest() : Optional.empty();
    while (next.isPresent()) {
      connect(next.get());
      next = idle() > 0 ? waitingLongest() : Optional.empty();
    }
    remember();
  }

  /** One of them, who is idle, takes a call. */
  void takes(DialedCall call) {
    account();
    connect(call);
    remember();
  }

  private void connect(DialedCall call) {
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
          } else {
            waitingLongest().ifPresent(this::connect);
          }
          remember();
        });
  }

  /** Takes the call out of its queue that waits the longest of all that may have these agents. */
  private Optional<DialedCall> waitingLongest() {
    return pools.stream()
        .filter(pool -> pool.waiting() > 0)
        .min(Comparator.comparingDouble(AgentPool::waitingSince))
        .map(AgentPool::next);
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
