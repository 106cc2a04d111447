package io.campaignroutes.compliance;

import java.time.Duration;

/**
 * How often somebody may be called.
 *
 * @param max highest number of calls within {@code window}; 0 when the rule is a time of quiet
 * @param window the stretch of time in which calls are counted, or in which there is quiet
 * @param after what begins the time of quiet; null when the rule is a highest number
 * @param scope for what is counted, such as {@code number+subject}
 * @param kind whether the rule binds
 */
public record FrequencyLimit(int max, Duration window, After after, String scope, Kind kind) {
  /** Whether a rule binds. */
  public enum Kind {
    /** More is presumed to be too much: a warning. */
    PRESUMPTION,
    /** More is forbidden. */
    HARD
  }

  /** What begins a time of quiet. */
  public enum After {
    /** A conversation with the person. */
    CONVERSATION,
    /** A call to the person that was abandoned. */
    ABANDONED_CALL
  }

  private static final long DAY = Duration.ofDays(1).toSeconds();

  /**
   * Reads {@code {max, window, scope, kind}} or {@code {after, quiet, scope, kind}}.
   *
   * @throws PolicyException when a key is unknown, missing or has a wrong value
   */
  static FrequencyLimit parse(ConfigNode config) {
    String scope = config.object().need("scope").text();
    Kind kind = config.need("kind").oneOf(Kind.class);
    if (config.get("after").isPresent()) {
      config.only("after", "quiet", "scope", "kind");
      After after = config.need("after").oneOf(After.class);
      return new FrequencyLimit(0, Durations.duration(config.need("quiet")), after, scope, kind);
    }
    config.only("max", "window", "scope", "kind");
    int max = config.need("max").count();
    return new FrequencyLimit(max, Durations.duration(config.need("window")), null, scope, kind);
  }

  /** Whether the rule limits the number of calls, and so the number of a day. */
  boolean limitsCalls() {
    return after == null;
  }

  /** How many calls this allows in 24 hours. */
  int perDay() {
    long windows = Math.max(1, (DAY + window.toSeconds() - 1) / Math.max(1, window.toSeconds()));
    return (int) Math.min(Integer.MAX_VALUE, max * windows);
  }

  /** Whether whoever keeps this rule keeps the other one too. */
  boolean atLeastAsStrictAs(FrequencyLimit other) {
    return after == other.after
        && scope.equals(other.scope)
        && kind.compareTo(other.kind) >= 0
        && max <= other.max
        && window.compareTo(other.window) >= 0;
  }
}
