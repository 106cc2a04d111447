package io.campaignroutes.tenant.collect;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** How long the periods of collectors are, so that a day's calls stay within their number. */
final class CollectBudget {
  private static final double DAY = Duration.ofDays(1).toSeconds();

  /** Of a day's calls so many are left for what goes wrong, and for days that begin quickly. */
  private static final double SPARE = 0.05;

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
   * @param calls made today
   * @param now in milliseconds since the epoch
   */
  long period(Collector of, Map<Collector, Integer> pages, boolean quiet, long calls, long now) {
    double wanted = 0;
    for (Collector collector : Collector.values()) {
      wanted += DAY / seconds(collector, quiet) * pages.getOrDefault(collector, 1);
    }
    double most = properties.callsADay() * (1 - SPARE);
    double stretch = Math.max(1, wanted / most);
    double due = AHEAD + most * ofDay(now);
    if (calls > due) { // more than planned: what is left has to do for the rest of the day
      double left = Math.max(1, properties.callsADay() - calls);
      stretch = Math.max(stretch, wanted * (1 - ofDay(now)) / left);
    }
    return Math.round(seconds(of, quiet) * stretch * 1000);
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

  /** The day of a time, by UTC. */
  static String day(long now) {
    return Instant.ofEpochMilli(now).atZone(ZoneOffset.UTC).toLocalDate().toString();
  }
}
