package io.campaignroutes.compliance;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Days of the week as requests spell them: MONDAY or MON, Monday or Mon. */
final class Days {
  private static final Map<String, DayOfWeek> BY_NAME = byName();

  private Days() {}

  /** The days of a well-formed list, in its order. */
  static List<DayOfWeek> of(JsonNode list) {
    List<DayOfWeek> days = new ArrayList<>();
    list.forEach(name -> days.add(BY_NAME.get(name.asText())));
    return days;
  }

  private static Map<String, DayOfWeek> byName() {
    Map<String, DayOfWeek> days = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (DayOfWeek day : DayOfWeek.values()) {
      days.put(day.name(), day);
      days.put(day.name().substring(0, 3), day);
    }
    return days;
  }
}
