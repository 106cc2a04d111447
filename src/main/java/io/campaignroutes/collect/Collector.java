package io.campaignroutes.collect;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What is read of a tenant as a whole. */
enum Collector {
  /** How many agents are signed in for each skill. */
  ACTIVITY(1000),
  /** What agents do. */
  STATES(1000),
  /** Calls that ended. */
  COMPLETED(10_000),
  /** Which skills run and are active. */
  SKILLS(100),
  /** How far lists are worked through. */
  LISTS(100),
  /** What skills of campaigns are set to, skill by skill. */
  SETTINGS(1);

  /** Those that read the tenant as a whole. */
  static final Set<Collector> READS = EnumSet.range(ACTIVITY, LISTS);

  private final int page;

  Collector(int page) {
    this.page = page;
  }

  /** The name of its row, and of the route {@code collect-<name>}. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Collector of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }

  /** How many calls an answer with so many entries took. */
  int pages(int entries) {
    return 1 + Math.max(0, entries - 1) / page;
  }
}
