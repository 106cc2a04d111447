package io.campaignroutes.compliance;

import java.time.Duration;

/** Durations in policy files. */
final class Durations {
  private Durations() {}

  /** An ISO 8601 duration of more than nothing, in days or shorter units: P30D, PT24H, PT2S. */
  static Duration duration(ConfigNode config) {
    Duration duration = config.parsed(Duration::parse, "a duration such as PT24H or P30D");
    if (duration.isZero() || duration.isNegative()) {
      throw config.wrong("has to be longer than nothing");
    }
    return duration;
  }

  /** Whether a limit is longer than another one; null is no limit at all. */
  static boolean longer(Duration limit, Duration other) {
    return other != null && (limit == null || limit.compareTo(other) > 0);
  }
}
