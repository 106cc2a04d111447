package io.campaignroutes.pacing;

import io.campaignroutes.compliance.Abandonment;
import io.campaignroutes.compliance.Abandonment.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;

/**
 * The periods over which a plan's abandonment cap counts: one bucket is a fixed period, a calendar
 * month, or a 24th of a rolling window.
 */
final class Periods {
  private static final int ROLLING_BUCKETS = 24;
  private static final Duration HOUSE_PERIOD = Duration.ofDays(30);

  private final Kind kind;
  private final long length;
  private final long anchor;
  private final ZoneId zone;

  Periods(PacingPlan plan) {
    Abandonment abandonment = plan.abandonment();
    kind = abandonment == null ? Kind.FIXED_PERIOD : abandonment.window().kind();
    Duration window = abandonment == null ? HOUSE_PERIOD : abandonment.window().length();
    long all = window == null ? 1 : Math.max(ROLLING_BUCKETS, window.toMillis());
    length = kind == Kind.ROLLING ? all / ROLLING_BUCKETS : all;
    anchor = plan.periodAnchor();
    zone = plan.zone();
  }

  boolean rolling() {
    return kind == Kind.ROLLING;
  }

  /** The bucket that a time lies in. */
  long bucket(long at) {
    return switch (kind) {
      case FIXED_PERIOD -> Math.floorDiv(at - anchor, length);
      case ROLLING -> Math.floorDiv(at, length);
      case CALENDAR_MONTH -> month(at).getYear() * 12L + month(at).getMonthValue() - 1;
    };
  }

  /** The oldest bucket that counts together with this one. */
  long oldest(long bucket) {
    return rolling() ? bucket - ROLLING_BUCKETS : bucket;
  }

  /** When the period began that a time lies in; of a rolling window, where it begins. */
  long start(long at) {
    return switch (kind) {
      case FIXED_PERIOD -> anchor + bucket(at) * length;
      case ROLLING -> at - length * ROLLING_BUCKETS;
      case CALENDAR_MONTH -> begin(month(at));
    };
  }

  /** When the next period begins; null of a rolling window. */
  Long end(long at) {
    return switch (kind) {
      case FIXED_PERIOD -> anchor + (bucket(at) + 1) * length;
      case ROLLING -> null;
      case CALENDAR_MONTH -> begin(month(at).plusMonths(1));
    };
  }

  private YearMonth month(long at) {
    return YearMonth.from(Instant.ofEpochMilli(at).atZone(zone));
  }

  private long begin(YearMonth month) {
    return month.atDay(1).atStartOfDay(zone).toInstant().toEpochMilli();
  }
}
