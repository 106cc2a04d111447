package io.campaignroutes.compliance;

import java.time.LocalDate;

/**
 * When a profile is in force.
 *
 * @param from first day, null when it has always been
 * @param to last day, null when no end is known
 */
public record InForce(LocalDate from, LocalDate to) {
  /**
   * Reads the {@code effective} of a profile.
   *
   * @throws PolicyException when a key is unknown or no date, or the end lies before the start
   */
  static InForce parse(ConfigNode config) {
    config.only("from", "to");
    LocalDate from = config.get("from").map(InForce::date).orElse(null);
    LocalDate to = config.get("to").map(InForce::date).orElse(null);
    if (from != null && to != null && to.isBefore(from)) {
      throw config.wrong("has to end after it begins");
    }
    return new InForce(from, to);
  }

  /** Whether the profile is in force on that day. */
  boolean on(LocalDate day) {
    return (from == null || !day.isBefore(from)) && (to == null || !day.isAfter(to));
  }

  /** For people: {@code from 2024-01-01 to 2025-12-31}. */
  String describe() {
    String start = from == null ? "" : "from " + from;
    String end = to == null ? "" : "to " + to;
    return start.isEmpty() && end.isEmpty() ? "at all times" : (start + " " + end).strip();
  }

  private static LocalDate date(ConfigNode config) {
    return config.parsed(LocalDate::parse, "a date such as 2026-01-31");
  }
}
