package io.campaignroutes.compliance;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * When a campaign may dial: its own schedule and the hours of its policy, by the clock of its time
 * zone, holidays left out.
 *
 * @param windows what both allow
 * @param holidays days without calling that the profiles list
 * @param zone the campaign's
 */
public record OpenHours(CallingWindows windows, Set<LocalDate> holidays, ZoneId zone) {
  private static final int DAYS_AHEAD = 400;
  private static final int END_OF_DAY = 24 * 60;

  /**
   * The hours of a campaign.
   *
   * @param schedule its own
   * @param policy the policy that applies; null for none
   */
  public static OpenHours of(CallingWindows schedule, Policy policy, ZoneId zone) {
    if (policy == null) {
      return new OpenHours(schedule, Set.of(), zone);
    }
    Set<LocalDate> holidays = new TreeSet<>();
    policy.holidays().stream()
        .filter(rule -> rule.severity() == Severity.BLOCK)
        .forEach(rule -> holidays.addAll(rule.value().dates()));
    return new OpenHours(schedule.and(policy.effectiveCallingHours()), holidays, zone);
  }

  /** Whether calls may be made at that moment. */
  public boolean open(Instant at) {
    LocalDateTime local = LocalDateTime.ofInstant(at, zone);
    int minute = local.getHour() * 60 + local.getMinute();
    return !holidays.contains(local.toLocalDate())
        && windows.allow(local.getDayOfWeek(), minute, minute + 1);
  }

  /** The next moment at which calls may be made again; empty when there is none within 400 days. */
  public Optional<Instant> nextOpening(Instant after) {
    LocalDate first = LocalDate.ofInstant(after, zone);
    for (LocalDate day = first; day.isBefore(first.plusDays(DAYS_AHEAD)); day = day.plusDays(1)) {
      if (!holidays.contains(day)) {
        for (CallingWindows.Window window : windows.on(day.getDayOfWeek())) {
          // a start that the clock skips in spring becomes the first minute after the gap
          Instant start = at(day, window.start());
          if (start.isAfter(after)) {
            return Optional.of(start);
          }
        }
      }
    }
    return Optional.empty();
  }

  /** When the window that is open at that moment ends; empty when none is open, or none ends. */
  public Optional<Instant> closing(Instant at) {
    if (!open(at)) {
      return Optional.empty();
    }
    LocalDateTime local = LocalDateTime.ofInstant(at, zone);
    LocalDate day = local.toLocalDate();
    int minute = local.getHour() * 60 + local.getMinute();
    for (int n = 0; n < DAYS_AHEAD; n++, day = day.plusDays(1), minute = 0) {
      int end = end(day, minute);
      if (end < END_OF_DAY) {
        return Optional.of(at(day, end));
      }
    }
    return Optional.empty();
  }

  /** The minute at which the window around this minute ends, the minute itself when closed. */
  private int end(LocalDate day, int minute) {
    DayOfWeek weekday = day.getDayOfWeek();
    if (holidays.contains(day)) {
      return minute;
    }
    return windows.on(weekday).stream()
        .filter(window -> window.start() <= minute && minute < window.end())
        .mapToInt(CallingWindows.Window::end)
        .findFirst()
        .orElse(minute);
  }

  private Instant at(LocalDate day, int minute) {
    return day.atStartOfDay().plusMinutes(minute).atZone(zone).toInstant();
  }
}
