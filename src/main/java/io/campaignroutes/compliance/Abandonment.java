package io.campaignroutes.compliance;

import java.time.Duration;

/**
 * How many answered calls may be abandoned, and how that is counted.
 *
 * @param cap highest share of abandoned calls, 0.03 being 3 %
 * @param window over which time the share is taken
 * @param denominator of which calls it is a share
 * @param connectThreshold a call not connected to an agent within this time is abandoned; null when
 *     the profile does not say
 * @param startPoint from when that time counts; null when the profile does not say
 * @param minRing how long it has to ring before a call may be given up; null when the profile does
 *     not say
 * @param messageRequired whether an abandoned call must play a recorded message
 */
public record Abandonment(
    double cap,
    Window window,
    Denominator denominator,
    Duration connectThreshold,
    StartPoint startPoint,
    Duration minRing,
    boolean messageRequired) {

  /**
   * The time over which the share is taken.
   *
   * @param kind how the windows follow each other
   * @param length length of one window; null for a calendar month
   */
  public record Window(Kind kind, Duration length) {}

  /** How windows follow each other. */
  public enum Kind {
    /** Periods of the same length, one after the other from the start of the campaign. */
    FIXED_PERIOD,
    /** Months of the calendar. */
    CALENDAR_MONTH,
    /** The last stretch of that length, at any moment. */
    ROLLING
  }

  /** The calls of which abandoned ones are a share. */
  public enum Denominator {
    /** Calls answered by a person. */
    ANSWERED_LIVE,
    /** Those less the ones that agents marked as answering machines; the share is never lower. */
    ANSWERED_LIVE_MINUS_AGENT_MARKED_AM
  }

  /** From when the time until an agent must be connected counts. */
  public enum StartPoint {
    /** The end of the called person's greeting. */
    GREETING_END,
    /** The moment in which the call is answered. */
    ANSWER
  }

  /**
   * Reads the {@code abandonment} of a profile.
   *
   * @throws PolicyException when a key is unknown, missing or has a wrong value
   */
  static Abandonment parse(ConfigNode config) {
    config.only(
        "cap",
        "window",
        "denominator",
        "connect_threshold",
        "start_point",
        "min_ring",
        "message_required");
    return new Abandonment(
        config.need("cap").number(0, 1),
        window(config.need("window")),
        config.need("denominator").oneOf(Denominator.class),
        config.get("connect_threshold").map(Durations::duration).orElse(null),
        config.get("start_point").map(value -> value.oneOf(StartPoint.class)).orElse(null),
        config.get("min_ring").map(Durations::duration).orElse(null),
        config.get("message_required").map(ConfigNode::flag).orElse(false));
  }

  /** The key in which this is less strict than the other, or cannot be compared; null if none. */
  String looserThan(Abandonment other) {
    if (cap > other.cap) {
      return "cap";
    }
    if (!window.equals(other.window)) {
      return "window";
    }
    if (denominator.compareTo(other.denominator) < 0) {
      return "denominator";
    }
    if (Durations.longer(connectThreshold, other.connectThreshold)) {
      return "connect_threshold";
    }
    if (other.startPoint != null && startPoint != other.startPoint) {
      return "start_point";
    }
    if (other.minRing != null && minRing.compareTo(other.minRing) < 0) {
      return "min_ring";
    }
    return other.messageRequired && !messageRequired ? "message_required" : null;
  }

  private static Window window(ConfigNode config) {
    config.only("kind", "length", "anchor");
    Kind kind = config.need("kind").oneOf(Kind.class);
    if (kind == Kind.CALENDAR_MONTH) {
      config.only("kind");
      return new Window(kind, null);
    }
    if (kind == Kind.ROLLING) {
      config.only("kind", "length");
    } else {
      config.need("anchor").parsed(Abandonment::campaignStart, "campaign_start");
    }
    return new Window(kind, Durations.duration(config.need("length")));
  }

  private static String campaignStart(String anchor) {
    if (!anchor.equals("campaign_start")) {
      throw new IllegalArgumentException(anchor);
    }
    return anchor;
  }
}
