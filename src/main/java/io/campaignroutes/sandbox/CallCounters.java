package io.campaignroutes.sandbox;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Counts what was called and how it was answered, since the start of the process. */
public final class CallCounters {

  /** What became of a call whose connection was cut. */
  static final String CUT = "cut";

  private final Collection<String> operations;
  private final Map<String, Counter> counters = new HashMap<>();

  /**
   * The calls of one operation.
   *
   * @param calls how many came in
   * @param faults how many of them were hit by a fault switch
   * @param answers how many got which HTTP status, or {@code cut}
   */
  record Counter(
      @JsonProperty long calls,
      @JsonProperty long faults,
      @JsonProperty Map<String, Long> answers) {}

  /** Counts the calls of these operations, and tells them in this order. */
  CallCounters(Collection<String> operations) {
    this.operations = operations;
  }

  synchronized void count(String operation, boolean fault, String answer) {
    Counter old = counters.getOrDefault(operation, new Counter(0, 0, Map.of()));
    Map<String, Long> answers = new TreeMap<>(old.answers());
    answers.merge(answer, 1L, Long::sum);
    counters.put(operation, new Counter(old.calls() + 1, old.faults() + (fault ? 1 : 0), answers));
  }

  /** Whether calls are counted under this name. */
  boolean knows(String operation) {
    return operations.contains(operation);
  }

  /** All names, for messages to people. */
  String operations() {
    return String.join(", ", operations);
  }

  synchronized Map<String, Counter> all() {
    Map<String, Counter> all = new LinkedHashMap<>();
    for (String operation : operations) {
      all.put(operation, counters.getOrDefault(operation, new Counter(0, 0, Map.of())));
    }
    return all;
  }

  synchronized void clear() {
    counters.clear();
  }
}
