package io.campaignroutes.collect;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** How long the periods of collectors are, so that a day's calls stay within their number. */
final class CollectBudget {
  private static final double DAY = Duration.ofDays(1).toSeconds();

  /** Of a day's calls so many are left for what goes wrong, and for days that begin quickly. */
  private static final double SPARE = 0.05;

  /**
   * Calls a day that are left for what is read besides: settings of skills, agents of pools, and
   * what launches look at.
   */
  private static final double OTHERS = 7_500;

  /** Nobody waits longer than this for the next read, or figures would never be young again. */
  private static final long LONGEST = Duration.ofMinutes(30).toMillis();

  /** Calls that may be made at the beginning of a day ahead of their time. */
  private static final double AHEAD = 300;

  private final CollectProperties properties;

  CollectBudget(CollectProperties properties) {
    this.properties = properties;
  }

  /**
   * The milliseconds from one read to the next.
   *
   * @param pages calls that each collector's last answer took
   * @param quiet whether no skill runs
   * @param calls reads of today, whoever made them
   * @param now in milliseconds since the epoch
   */
  long period(Collector of, Map<Collector, Integer> pages, boolean quiet, long calls, long now) {
    double wanted = 0;
    for (Collector collector : Collector.READS) {
      wanted += DAY / seconds(collector, quiet) * pages.getOrDefault(collector, 1);
    }
    double most = properties.callsADay() * (1 - SPARE) - others();
    double stretch = Math.max(1, wanted / most);
    double due = AHEAD + properties.callsADay() * (1 - SPARE) * ofDay(now);
    if (calls > due) { // more than planned: what is left has to do for the rest of the day
      double rest = 1 - ofDay(now);
      double left = Math.max(1, properties.callsADay() - calls - others() * rest);
      stretch = Math.max(stretch, wanted * rest / left);
    }
    long period = Math.round(seconds(of, quiet) * stretch * 1000);
    return Math.min(period, Math.max(LONGEST, Math.round(seconds(of, quiet) * 1000)));
  }

  private double others() {
    return Math.min(OTHERS, properties.callsADay() / 4.0);
  }

  private double seconds(Collector collector, boolean quiet) {
    double seconds = properties.period(collector).toMillis() / 1000.0;
    return quiet && collector != Collector.SKILLS ? seconds * properties.quiet() : seconds;
  }

  /** How much of the day has passed. */
  private static double ofDay(long now) {
    Instant at = Instant.ofEpochMilli(now);
    Instant begin = at.truncatedTo(ChronoUnit.DAYS);
    return Duration.between(begin, at).toSeconds() / DAY;
  }
}
