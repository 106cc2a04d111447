package io.campaignroutes.sandbox;

import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The fault switches, one an operation and one for all. An operation's own switch goes before the
 * common one. They are not kept over a restart, so that no forgotten fault puzzles anybody.
 */
public final class Faults {

  private final Map<String, InjectedFault> set = new TreeMap<>();
  private final Random random;

  Faults(long seed) {
    random = new Random(seed);
  }

  synchronized void set(String operation, InjectedFault fault) {
    set.put(operation, fault);
  }

  synchronized Map<String, InjectedFault> all() {
    return new TreeMap<>(set);
  }

  synchronized boolean clear(String operation) {
    return set.remove(operation) != null;
  }

  synchronized void clear() {
    set.clear();
  }

  /** The fault that hits this call of {@code operation}, if one does. */
  Optional<InjectedFault> hit(String operation) {
    return hit(operation, fault -> !fault.failsActivation())
        .or(() -> hit(ServedOperation.ALL, fault -> true));
  }

  /** The error code in which the activation that is asked for now shall end, if any. */
  Optional<String> activationError() {
    return hit(ServedOperation.UPDATE_CAMPAIGN.label(), InjectedFault::failsActivation)
        .map(InjectedFault::errorCode);
  }

  private synchronized Optional<InjectedFault> hit(String label, Predicate<InjectedFault> kind) {
    InjectedFault fault = set.get(label);
    if (fault == null || !kind.test(fault) || random.nextDouble() >= fault.probability()) {
      return Optional.empty();
    }
    if (fault.times() != null) {
      if (fault.times() <= 1) {
        set.remove(label);
      } else {
        set.put(label, fault.withTimes(fault.times() - 1));
      }
    }
    return Optional.of(fault);
  }
}
