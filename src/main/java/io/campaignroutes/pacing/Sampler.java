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
   * differ. Where later ones are missing it is a mistake, or CXone has taken back what it had told,
   * which was so all the same.
   */
  private static final int EDGE = 10;

  /** Calls that are too many to have been put right. */
  private static final int TAKEN_BACK = 5;

  private static final String LACKING =
      "CXone's figures lack calls that they had, which cannot be true";

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

  /**
   * New calls of a reading.
   *
   * @param connected below 0 where the last ones were counted too high
   * @param abandoned likewise
   */
  private record New(double connected, double abandoned, Counts counts) {}

  /** Takes what is new. */
  Sampled take(FiguresSeen before, HistoryTotals totals, PacingReading reading, long now) {
    PacingFigures read = believable(reading.figures());
    String missing = missing(before, reading, read);
    if (missing != null) {
      return new Sampled(Sample.none(read, missing, now), before);
    }
    boolean rolling = figures.window() == FigureSettings.Window.ROLLING;
    long windowStart = now - figures.length().toMillis();
    boolean lacking = rolling && lacking(before.counts(), read, windowStart);
    if (lacking && !before.lacking()) {
      return new Sampled(Sample.none(read, LACKING, now), before.withLacking());
    }
    New more =
        lacking
            ? takenBack(before.counts(), read, windowStart, now)
            : rolling ? inWindow(before, read, windowStart, now) : sinceTheLast(before, read);
    double abandoned = more.abandoned();
    double connected = more.connected() - (figures.connectedIncludesAbandoned() ? abandoned : 0);
    double mistaken = (connected + abandoned) * figures.mistakenPersons();
    Sample sample =
        new Sample(
            read,
            null,
            now,
            rolling ? Math.max(before.blindSince(), windowStart) : before.blindSince(),
            before.sampledAt() == 0,
            totals.known(),
            connected,
            abandoned,
            connected * (1 - figures.markedMachines()) + abandoned + mistaken,
            abandoned + mistaken);
    return new Sampled(
        sample, before.sampled(now, more.counts(), read.connected(), read.abandoned()));
  }

  private New inWindow(FiguresSeen before, PacingFigures read, long start, long now) {
    Counts counts = before.counts();
    double connected = read.connected() - counts.connectedSince(start);
    double abandoned = read.abandoned() - counts.abandonedSince(start);
    // What a window shows after a longer gap lies somewhere in all of it.
    long stretch = Math.min(now - before.blindSince(), now - start);
    return new New(connected, abandoned, counts.with(now, stretch, connected, abandoned, start));
  }

  /** Of what CXone goes on to lack nothing is taken out of the period that the cap is about. */
  private static New takenBack(Counts counts, PacingFigures read, long start, long now) {
    return new New(
        Math.max(0, read.connected() - counts.connectedSince(start)),
        Math.max(0, read.abandoned() - counts.abandonedSince(start)),
        Counts.NONE.with(now, now - start, read.connected(), read.abandoned(), start));
  }

  private static New sinceTheLast(FiguresSeen before, PacingFigures read) {
    boolean restarted =
        read.connected() < before.lastConnected() || read.abandoned() < before.lastAbandoned();
    return new New(
        restarted ? read.connected() : read.connected() - before.lastConnected(),
        restarted ? read.abandoned() : read.abandoned() - before.lastAbandoned(),
        before.counts());
  }

  /** Whether calls are missing that were told, and that cannot have left the window yet. */
  private static boolean lacking(Counts counts, PacingFigures read, long start) {
    long edge = start + (counts.end() - start) / EDGE;
    return fewer(counts.connectedSince(edge), read.connected())
        || fewer(counts.abandonedSince(edge), read.abandoned());
  }

  /** A few are put right as they become known: who had answered hung up. */
  private static boolean fewer(double there, double shown) {
    return there - shown >= TAKEN_BACK && shown < there / 2;
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
