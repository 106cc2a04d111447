package io.campaignroutes.records;

import io.campaignroutes.store.Outage;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** What is told of records that leave, as this process has seen it last. */
@Component
public class RecordsState {
  private static final Logger LOG = LoggerFactory.getLogger(RecordsState.class);
  private static final int MAX_NAMED = 20;

  private final Outage failing =
      new Outage(
          LOG,
          "Records that are due stay in the store, they cannot be archived",
          "Records are archived again");
  private final LongAdder left = new LongAdder();
  private volatile long ranAt;
  private volatile String resting;
  private volatile Map<String, String> kept = Map.of();
  private volatile Map<String, String> faults = Map.of();
  private volatile Map<String, String> held = Map.of();

  /**
   * What a look has found.
   *
   * @param kept policies whose records stay for ever, with why
   * @param faults those that somebody has to see to
   * @param held campaigns that are due and cannot leave, with why
   */
  void looked(Map<String, String> kept, Map<String, String> faults, Map<String, String> held) {
    faults.forEach(
        (policy, why) -> {
          if (!this.faults.containsKey(policy)) {
            LOG.warn("Campaigns of the policy {} do not leave the store. {}", policy, why);
          }
        });
    held.forEach(
        (id, why) -> {
          if (!this.held.containsKey(id)) {
            LOG.warn("The records of campaign {} do not leave the store. {}", id, why);
          }
        });
    this.kept = kept;
    this.faults = faults;
    this.held = held;
  }

  /** A run has ended well. */
  void ran(long at) {
    ranAt = at;
    failing.worked();
  }

  void left(int campaigns) {
    left.add(campaigns);
  }

  void failed(String why) {
    failing.failed(why);
  }

  /**
   * Says why this process looks for nothing.
   *
   * @param why null: it does
   */
  void resting(String why) {
    resting = why;
  }

  /** When this process has done a run last, in milliseconds since the epoch; 0 for never. */
  long ranAt() {
    return ranAt;
  }

  /** Campaigns whose records have left by this process. */
  long left() {
    return left.sum();
  }

  String restingReason() {
    return resting;
  }

  /** Why the last run failed; null when it did not. */
  String failure() {
    return failing.cause();
  }

  Map<String, String> kept() {
    return kept;
  }

  Map<String, String> faults() {
    return faults;
  }

  /** How many are due and cannot leave. */
  int heldCount() {
    return held.size();
  }

  /** Some of them, with why. */
  Map<String, String> someHeld() {
    Map<String, String> some = new TreeMap<>();
    held.entrySet().stream()
        .limit(MAX_NAMED)
        .forEach(entry -> some.put(entry.getKey(), entry.getValue()));
    return some;
  }
}
