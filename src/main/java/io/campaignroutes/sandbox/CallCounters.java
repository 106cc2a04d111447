package io.campaignroutes.sandbox;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Counts what was called and how it was answered, since the start of the process. */
final class CallCounters {

  /** What became of a call whose connection was cut. */
  static final String CUT = "cut";

  private final Map<Operation, Counter> counters = new EnumMap<>(Operation.class);

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

  synchronized void count(Operation operation, boolean fault, String answer) {
    Counter old = counters.getOrDefault(operation, new Counter(0, 0, Map.of()));
    Map<String, Long> answers = new TreeMap<>(old.answers());
    answers.merge(answer, 1L, Long::sum);
    counters.put(operation, new Counter(old.calls() + 1, old.faults() + (fault ? 1 : 0), answers));
  }

  synchronized Map<String, Counter> all() {
    Map<String, Counter> all = new LinkedHashMap<>();
    for (Operation operation : Operation.values()) {
      all.put(operation.label(), counters.getOrDefault(operation, new Counter(0, 0, Map.of())));
    }
    return all;
  }

  synchronized void clear() {
    counters.clear();
  }
}
