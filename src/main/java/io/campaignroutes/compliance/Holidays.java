package io.campaignroutes.compliance;

import java.time.LocalDate;
import java.util.Set;
import java.util.TreeSet;

/**
 * Days of the year without calling.
 *
 * @param dates the dates that the profile lists
 * @param unlisted whether there are such days whose dates the profile does not list
 */
public record Holidays(Set<LocalDate> dates, boolean unlisted) {
  /**
   * Reads {@code none}, {@code unlisted} or a list of dates.
   *
   * @throws PolicyException when it is none of them
   */
  static Holidays parse(ConfigNode config) {
    if (config.json().isArray()) {
      Set<LocalDate> dates = new TreeSet<>();
      config
          .list()
          .forEach(date -> dates.add(date.parsed(LocalDate::parse, "a date such as 2026-01-26")));
      return new Holidays(dates, false);
    }
    String text = config.text();
    if (!text.equals("none") && !text.equals("unlisted")) {
      throw config.wrong("has to be none, unlisted or a list of dates");
    }
    return new Holidays(Set.of(), text.equals("unlisted"));
  }

  /** Whether there is no such day. */
  boolean isNone() {
    return dates.isEmpty() && !unlisted;
  }

  /** Whether a holiday of the other is a day of calling here, as far as can be told. */
  boolean looserThan(Holidays other) {
    return !dates.containsAll(other.dates) || (other.unlisted && !unlisted && dates.isEmpty());
  }
}
