package io.campaignroutes.fuzz;

import io.campaignroutes.fuzz.FuzzInput.Door;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What became of the inputs: how many of each kind, by what was answered or done. */
public final class FuzzTable {
  private final Map<Door, Map<String, Map<String, AtomicLong>>> counts = new EnumMap<>(Door.class);

  /** An empty table. */
  public FuzzTable() {
    for (Door door : Door.values()) {
      counts.put(door, new ConcurrentHashMap<>());
    }
  }

  /**
   * Counts an input.
   *
   * @param outcome a status, or a word for what was done
   */
  public void count(Door door, String kind, String outcome) {
    counts
        .get(door)
        .computeIfAbsent(kind, any -> new ConcurrentHashMap<>())
        .computeIfAbsent(outcome, any -> new AtomicLong())
        .incrementAndGet();
  }

  /** How many were counted at a door. */
  public long of(Door door) {
    return counts.get(door).values().stream().mapToLong(FuzzTable::sum).sum();
  }

  /** How many were counted. */
  public long all() {
    long all = 0;
    for (Door door : Door.values()) {
      all += of(door);
    }
    return all;
  }

  private static long sum(Map<String, AtomicLong> outcomes) {
    return outcomes.values().stream().mapToLong(AtomicLong::get).sum();
  }

  /** A line for each kind, the most frequent outcome first. */
  @Override
  public String toString() {
    var text = new StringBuilder();
    counts.forEach(
        (door, kinds) -> {
          if (!kinds.isEmpty()) {
            text.append("%n%s, %,d inputs%n".formatted(door, of(door)));
            new TreeMap<>(kinds)
                .forEach(
                    (kind, outcomes) ->
                        text.append("  %-44s%8d  ".formatted(kind, sum(outcomes)))
                            .append(line(outcomes))
                            .append(System.lineSeparator()));
          }
        });
    return text.append("%nall, %,d inputs%n".formatted(all())).toString();
  }

  private static String line(Map<String, AtomicLong> outcomes) {
    return outcomes.entrySet().stream()
        .sorted((a, b) -> Long.compare(b.getValue().get(), a.getValue().get()))
        .map(one -> one.getKey() + ": " + one.getValue())
        .reduce((a, b) -> a + ", " + b)
        .orElse("");
  }
}
