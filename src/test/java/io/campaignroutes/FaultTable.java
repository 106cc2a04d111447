package io.campaignroutes;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of everything, by the kind of fault in the middle of which it happened: what was
 * handed in or accepted from a fault on until the next one counts to it.
 */
final class FaultTable {
  /** What begins like this ends the service by SIGKILL. */
  static final String KILL = "kill";

  private static final String CALM = "before the first";

  private static final class Row {
    private int trials;
    private int campaigns;
    private int events;
    private int lost;
    private int doubled;
    private int disordered;
    private int again;

    private void add(Row other) {
      trials += other.trials;
      campaigns += other.campaigns;
      events += other.events;
      lost += other.lost;
      doubled += other.doubled;
      disordered += other.disordered;
      again += other.again;
    }
  }

  private record Begin(long at, String kind) {}

  private final Map<String, Row> rows = new LinkedHashMap<>();
  private final List<Begin> begins = new ArrayList<>();

  /** A fault of a kind begins. */
  synchronized void begins(String kind) {
    begins.add(new Begin(System.nanoTime(), kind));
    row(kind).trials++;
  }

  private Row row(String kind) {
    return rows.computeIfAbsent(kind, any -> new Row());
  }

  private Row at(long nanos) {
    String kind = CALM;
    for (Begin begin : begins) {
      if (begin.at - nanos > 0) {
        break;
      }
      kind = begin.kind;
    }
    return row(kind);
  }

  /** Campaigns were handed in at these times, by {@link System#nanoTime()} as all that follow. */
  synchronized void campaigns(Collection<Long> times) {
    times.forEach(at -> at(at).campaigns++);
  }

  /** Events were accepted. */
  synchronized void events(Collection<Long> times) {
    times.forEach(at -> at(at).events++);
  }

  /** What was handed in or accepted then is nowhere. */
  synchronized void lost(Collection<Long> times) {
    times.forEach(at -> at(at).lost++);
  }

  /** What was handed in then is there twice. */
  synchronized void doubled(Collection<Long> times) {
    times.forEach(at -> at(at).doubled++);
  }

  /** Events came out of order. */
  synchronized void disordered(Collection<Long> times) {
    times.forEach(at -> at(at).disordered++);
  }

  /** Events came that had come before. */
  synchronized void again(Collection<Long> times) {
    times.forEach(at -> at(at).again++);
  }

  /** Adds what another one has. */
  synchronized void add(FaultTable other) {
    other.rows.forEach((kind, row) -> row(kind).add(row));
  }

  private Row sum(String prefix) {
    Row sum = new Row();
    rows.forEach(
        (kind, row) -> {
          if (kind.startsWith(prefix)) {
            sum.add(row);
          }
        });
    return sum;
  }

  /** How many kills there were. */
  synchronized int kills() {
    return sum(KILL).trials;
  }

  /** How many campaigns and events are nowhere. */
  synchronized int lost() {
    return sum("").lost;
  }

  /** How much is there twice. */
  synchronized int doubled() {
    return sum("").doubled;
  }

  /** How many events came out of order. */
  synchronized int disordered() {
    return sum("").disordered;
  }

  /** How many deliveries came again, for each kill. */
  synchronized double againEachKill() {
    Row sum = sum(KILL);
    return sum.trials == 0 ? 0 : (double) sum.again / sum.trials;
  }

  @Override
  public synchronized String toString() {
    StringBuilder text =
        new StringBuilder(
            "| kind of fault | trials | campaigns | events | lost | doubled | out of order |"
                + " delivered again | the same for each |\n"
                + "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
    rows.keySet().stream().sorted().forEach(kind -> line(text, kind, rows.get(kind)));
    line(text, "all kills", sum(KILL));
    line(text, "all", sum(""));
    return text.toString();
  }

  private static void line(StringBuilder text, String kind, Row row) {
    text.append(
        "| %s | %d | %,d | %,d | %d | %d | %d | %d | %.2f |%n"
            .formatted(
                kind,
                row.trials,
                row.campaigns,
                row.events,
                row.lost,
                row.doubled,
                row.disordered,
                row.again,
                row.trials == 0 ? 0.0 : (double) row.again / row.trials));
  }
}
