package io.campaignroutes.compliance;

import io.campaignroutes.text.Plain;
import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The hours of each day of the week in which calls may be made, by the local clock of whoever is
 * called. Windows are half-open: 08:00-21:00 allows 20:59 and forbids 21:00. A day without windows
 * is a day without calling.
 */
public final class CallingWindows {
  private static final Pattern WINDOW =
      Pattern.compile("([01]\\d|2[0-3]):([0-5]\\d)-(?:([01]\\d|2[0-3]):([0-5]\\d)|24:00)");
  private static final int END_OF_DAY = 24 * 60;

  /**
   * A stretch of one day.
   *
   * @param start minutes since midnight, the first that is inside
   * @param end minutes since midnight, the first that is outside; 1440 is midnight
   */
  public record Window(int start, int end) {
    @Override
    public String toString() {
      return clock(start) + "-" + clock(end);
    }

    private static String clock(int minutes) {
      return twoDigits(minutes / 60) + ":" + twoDigits(minutes % 60);
    }

    private static String twoDigits(int number) {
      return number < 10 ? "0" + number : String.valueOf(number);
    }
  }

  private final Map<DayOfWeek, List<Window>> days;
  private final String description;

  private CallingWindows(Map<DayOfWeek, List<Window>> days) {
    this.days = days;
    this.description = description();
  }

  /** Every minute of the week. */
  static CallingWindows always() {
    Map<DayOfWeek, List<Window>> days = new EnumMap<>(DayOfWeek.class);
    for (DayOfWeek day : DayOfWeek.values()) {
      days.put(day, List.of(new Window(0, END_OF_DAY)));
    }
    return new CallingWindows(days);
  }

  /** The same window, in minutes since midnight, on each of these days. */
  static CallingWindows on(Set<DayOfWeek> open, int start, int end) {
    Map<DayOfWeek, List<Window>> days = new EnumMap<>(DayOfWeek.class);
    open.forEach(day -> days.put(day, List.of(new Window(start, end))));
    return new CallingWindows(days);
  }

  /**
   * Reads {@code {mon-fri: ["09:00-20:00"], sat: [...]}}: keys are days, ranges of days or lists of
   * both with commas, values lists of {@code HH:MM-HH:MM}, {@code 24:00} allowed at the end.
   *
   * @throws PolicyException when a key or a value is none, or a day is given twice
   */
  static CallingWindows parse(ConfigNode config) {
    Map<DayOfWeek, List<Window>> days = new EnumMap<>(DayOfWeek.class);
    for (String key : config.object().keys()) {
      ConfigNode value = config.need(key);
      List<Window> windows = merged(value.list().stream().map(CallingWindows::window).toList());
      for (DayOfWeek day : days(key, config)) {
        if (days.put(day, windows) != null) {
          throw config.wrong("has to name each day once; " + shortName(day) + " appears twice");
        }
      }
    }
    return new CallingWindows(days);
  }

  /** The windows of a day in order, empty on a day without calling. */
  public List<Window> on(DayOfWeek day) {
    return days.getOrDefault(day, List.of());
  }

  /** Whether calls may be made at every minute of [start, end) of the day. */
  public boolean allow(DayOfWeek day, int start, int end) {
    return on(day).stream().anyMatch(window -> window.start() <= start && end <= window.end());
  }

  /** Whether everything that is allowed here is allowed there too. */
  public boolean isWithin(CallingWindows other) {
    return days.entrySet().stream()
        .allMatch(
            day ->
                day.getValue().stream()
                    .allMatch(w -> other.allow(day.getKey(), w.start(), w.end())));
  }

  /** What is allowed both here and there. */
  public CallingWindows and(CallingWindows other) {
    Map<DayOfWeek, List<Window>> both = new EnumMap<>(DayOfWeek.class);
    days.forEach((day, windows) -> both.put(day, common(windows, other.on(day))));
    return new CallingWindows(both);
  }

  /** Whether there is no minute in the week at which calls may be made. */
  public boolean isEmpty() {
    return days.values().stream().allMatch(List::isEmpty);
  }

  /** For people: {@code 09:00-20:00 mon-fri, 09:00-17:00 sat}. */
  public String describe() {
    return description;
  }

  private String description() {
    List<String> parts = new ArrayList<>();
    DayOfWeek first = DayOfWeek.MONDAY;
    for (DayOfWeek day : DayOfWeek.values()) {
      boolean last = day == DayOfWeek.SUNDAY || !on(day).equals(on(day.plus(1)));
      if (last) {
        if (!on(day).isEmpty()) {
          parts.add(describe(first) + " " + range(first, day));
        }
        first = day.plus(1);
      }
    }
    return parts.isEmpty() ? "never" : String.join(", ", parts);
  }

  /** The windows of one day for people: {@code 08:00-12:00 and 13:00-20:00}, or {@code none}. */
  String describe(DayOfWeek day) {
    return on(day).isEmpty()
        ? "none"
        : on(day).stream().map(Window::toString).collect(Collectors.joining(" and "));
  }

  static String shortName(DayOfWeek day) {
    return day.name().substring(0, 3).toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CallingWindows windows && isWithin(windows) && windows.isWithin(this);
  }

  @Override
  public int hashCode() {
    return describe().hashCode();
  }

  @Override
  public String toString() {
    return describe();
  }

  private static String range(DayOfWeek first, DayOfWeek last) {
    return first == last ? shortName(first) : shortName(first) + "-" + shortName(last);
  }

  private static List<Window> common(List<Window> some, List<Window> others) {
    List<Window> common = new ArrayList<>();
    for (Window one : some) {
      for (Window other : others) {
        Window both =
            new Window(Math.max(one.start(), other.start()), Math.min(one.end(), other.end()));
        if (both.start() < both.end()) {
          common.add(both);
        }
      }
    }
    return merged(common);
  }

  /** Sorted, and those that touch or overlap made one. */
  private static List<Window> merged(List<Window> windows) {
    List<Window> merged = new ArrayList<>();
    List<Window> sorted = windows.stream().sorted(Comparator.comparingInt(Window::start)).toList();
    for (Window window : sorted) {
      Window last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (last != null && window.start() <= last.end()) {
        merged.set(merged.size() - 1, new Window(last.start(), Math.max(last.end(), window.end())));
      } else {
        merged.add(window);
      }
    }
    return List.copyOf(merged);
  }

  private static Window window(ConfigNode config) {
    Matcher matcher = WINDOW.matcher(config.text());
    if (!matcher.matches()) {
      throw config.wrong("has to be a window such as \"08:00-21:00\"");
    }
    int start = minutes(matcher.group(1), matcher.group(2));
    int end = matcher.group(3) == null ? END_OF_DAY : minutes(matcher.group(3), matcher.group(4));
    if (start >= end) {
      throw config.wrong("has to begin before it ends (write a window over midnight as two)");
    }
    return new Window(start, end);
  }

  private static int minutes(String hours, String minutes) {
    return Integer.parseInt(hours) * 60 + Integer.parseInt(minutes);
  }

  private static List<DayOfWeek> days(String key, ConfigNode config) {
    List<DayOfWeek> days = new ArrayList<>();
    for (String part : key.split(",", -1)) {
      String[] ends = part.strip().split("-", -1);
      DayOfWeek first = day(ends[0], config);
      DayOfWeek last = day(ends[ends.length - 1], config);
      if (ends.length > 2 || last.compareTo(first) < 0) {
        throw config.wrong("has the unknown days \"" + Plain.escaped(key) + "\"");
      }
      for (int day = first.getValue(); day <= last.getValue(); day++) {
        days.add(DayOfWeek.of(day));
      }
    }
    return days;
  }

  private static DayOfWeek day(String name, ConfigNode config) {
    for (DayOfWeek day : DayOfWeek.values()) {
      if (shortName(day).equals(name)) {
        return day;
      }
    }
    throw config.wrong(
        "has the unknown day \"" + Plain.escaped(name) + "\" (mon to sun are known)");
  }
}
