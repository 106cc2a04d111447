package io.campaignroutes.pacing;

/**
 * Makes new calls since the last tick of the counts that CXone shows, however irregular the ticks
 * are.
 */
final class Sampler {
  /** No figure above this is believed: agents, calls of a window. */
  private static final double MAX_COUNT = 1e6;

  /**
   * Calls leave a rolling window at its beginning, in the first so manieth part of it as clocks
   * differ. Where later ones are missing CXone has taken back what it had told; they were made all
   * the same, and stay in the period that the cap is about.
   */
  private static final int EDGE = 10;

  /** Calls that are too many to have been put right. */
  private static final int TAKEN_BACK = 5;

  /** s: no mean handle time above this is believed. */
  private static final double MAX_HANDLE_TIME = 4 * 3600;

  private static final PacingFigures NO_FIGURES =
      new PacingFigures(null, null, null, null, null, null);

  private final FigureSettings figures;

  Sampler(FigureSettings figures) {
    this.figures = figures;
  }

  /** A sample, or none, and which figures were seen after it. */
  record Sampled(Sample sample, FiguresSeen seen) {}

  /** Takes what is new. */
  Sampled take(FiguresSeen before, HistoryTotals totals, PacingReading reading, long now) {
    PacingFigures read = believable(reading.figures());
    String missing = missing(before, reading, read);
    if (missing != null) {
      return new Sampled(Sample.none(read, missing, now), before);
    }
    long length = figures.length().toMillis();
    boolean rolling = figures.window() == FigureSettings.Window.ROLLING;
    double connected;
    double abandoned;
    double connectedTakenBack = 0;
    double abandonedTakenBack = 0;
    double connectedOnce = 0;
    double abandonedOnce = 0;
    Counts counts = before.counts();
    if (rolling) {
      long start = now - length;
      long edge = start + length / EDGE;
      connected = read.connected() - counts.connectedSince(start);
      abandoned = read.abandoned() - counts.abandonedSince(start);
      double connectedThere = counts.connectedSince(edge);
      double abandonedThere = counts.abandonedSince(edge);
      if (takenBack(connectedThere, read.connected())
          || takenBack(abandonedThere, read.abandoned())) {
        connectedTakenBack = Math.max(0, connectedThere - read.connected());
        abandonedTakenBack = Math.max(0, abandonedThere - read.abandoned());
      }
      connectedOnce = connectedTakenBack - shownAgain(before.connectedTakenBack(), connected);
      abandonedOnce = abandonedTakenBack - shownAgain(before.abandonedTakenBack(), abandoned);
      // What a window shows after a longer gap lies somewhere in all of it.
      long stretch = Math.min(now - before.blindSince(), length);
      counts =
          connectedTakenBack + abandonedTakenBack > 0
              ? Counts.NONE.with(now, length, read.connected(), read.abandoned(), start)
              : counts.with(now, stretch, connected, abandoned, start);
    } else {
      boolean restarted =
          read.connected() < before.lastConnected() || read.abandoned() < before.lastAbandoned();
      connected = restarted ? read.connected() : read.connected() - before.lastConnected();
      abandoned = restarted ? read.abandoned() : read.abandoned() - before.lastAbandoned();
    }
    if (figures.connectedIncludesAbandoned()) {
      connected -= abandoned;
      connectedOnce -= abandonedOnce;
    }
    double answered = connected + connectedOnce;
    double lost = abandoned + abandonedOnce;
    double mistaken = (answered + lost) * figures.mistakenPersons();
    Sample sample =
        new Sample(
            read,
            null,
            now,
            rolling ? Math.max(before.blindSince(), now - length) : before.blindSince(),
            before.sampledAt() == 0,
            totals.known(),
            connected,
            abandoned,
            answered * (1 - figures.markedMachines()) + lost + mistaken,
            lost + mistaken);
    return new Sampled(
        sample,
        before
            .sampled(now, counts, read.connected(), read.abandoned())
            .takenBack(connectedTakenBack, abandonedTakenBack));
  }

  /** A few are put right as they become known: who had answered hung up. */
  private static boolean takenBack(double there, double shown) {
    return there - shown >= TAKEN_BACK && shown < there / 2;
  }

  /** Of calls that one reading lacked, those that the next one has again. */
  private static double shownAgain(double lacked, double more) {
    return Math.min(lacked, Math.max(0, more));
  }

  private static PacingFigures believable(PacingFigures read) {
    if (read == null) {
      return NO_FIGURES;
    }
    Double handle = believable(read.avgHandleTime(), MAX_HANDLE_TIME);
    return new PacingFigures(
        believable(read.connected(), MAX_COUNT),
        believable(read.abandoned(), MAX_COUNT),
        believable(read.attempted(), MAX_COUNT),
        handle == null || handle == 0 ? null : handle,
        believable(read.agents(), MAX_COUNT),
        believable(read.staffed(), MAX_COUNT));
  }

  private static Double believable(Double value, double most) {
    return value != null && value >= 0 && value <= most ? value : null;
  }

  /** Why a reading is no sample; null when it is one. */
  private static String missing(FiguresSeen before, PacingReading reading, PacingFigures read) {
    if (reading.figures() == null) {
      return reading.missing() != null
          ? reading.missing()
          : reading.notYet() ? "CXone has no figures yet" : "there are no figures";
    }
    if (before.sampledAt() != 0 && reading.at() <= before.sampledAt()) {
      return "these figures are not newer than the last ones";
    }
    if (read.connected() == null) {
      return missing("connectedCalls", reading.figures().connected());
    }
    if (read.abandoned() == null) {
      return missing("abandonedCalls", reading.figures().abandoned());
    }
    return read.agents() == null ? missing("availableAgents", reading.figures().agents()) : null;
  }

  private static String missing(String field, Double value) {
    if (value == null) {
      return "CXone's answer has no " + field;
    }
    return Double.isFinite(value)
        ? field + " is " + Words.number(value) + ", which cannot be true"
        : field + " is not a number";
  }
}
