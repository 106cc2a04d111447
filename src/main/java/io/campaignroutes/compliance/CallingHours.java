package io.campaignroutes.compliance;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.compliance.CallingWindows.Window;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * When a campaign may call: its own schedule within the hours of its policy, by the clock of its
 * time zone. A minute that a change to summer time skips is never inside, one that comes twice is
 * inside both times.
 */
public final class CallingHours {
  /** A policy that closes for longer than this is taken to be closed for good, in days. */
  private static final int MAX_DAYS_AHEAD = 370;

  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm");

  private final ZoneId zone;
  private final CallingWindows schedule;
  private final CallingWindows windows;
  private final Set<LocalDate> holidays;
  private volatile Minute latest = new Minute(Long.MIN_VALUE, false, Optional.empty());

  /** What holds within a minute, which all campaigns of these hours ask for again and again. */
  private record Minute(long number, boolean open, Optional<Instant> closes) {}

  private CallingHours(
      ZoneId zone, CallingWindows schedule, CallingWindows windows, Set<LocalDate> holidays) {
    this.zone = zone;
    this.schedule = schedule;
    this.windows = windows;
    this.holidays = holidays;
  }

  /**
   * The hours of a campaign.
   *
   * @param request a complete request: {@code {timeZone, schedule: {daysOfWeek, startHour,
   *     endHour}}}
   * @param policy what it is bound to; of its rules those that block
   * @throws IllegalArgumentException when the time zone or a day is none
   */
  public static CallingHours of(JsonNode request, Policy policy) {
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    JsonNode schedule = request.path("schedule");
    schedule.path("daysOfWeek").forEach(day -> days.add(DayOfWeek.valueOf(day.asText())));
    String zone = request.path("timeZone").asText();
    return of(
        TimeZones.parse(zone).orElseThrow(() -> new IllegalArgumentException("time zone " + zone)),
        days,
        schedule.path("startHour").asInt(),
        schedule.path("endHour").asInt(),
        policy);
  }

  /** The hours of a schedule on these days. */
  static CallingHours of(
      ZoneId zone, Set<DayOfWeek> days, int startHour, int endHour, Policy policy) {
    CallingWindows own = CallingWindows.on(days, startHour * 60, endHour * 60);
    Set<LocalDate> holidays =
        policy.holidays().stream()
            .filter(rule -> rule.severity() == Severity.BLOCK)
            .flatMap(rule -> rule.value().dates().stream())
            .collect(Collectors.toSet());
    return new CallingHours(zone, own, own.and(policy.effectiveCallingHours()), holidays);
  }

  /** Whether calls may be made at this moment. */
  public boolean open(Instant at) {
    return minute(at).open();
  }

  /**
   * Whether the schedule alone lets calls be made at this moment: it says nothing of the policy's
   * holidays, nor of hours that the policy has got since.
   */
  public boolean scheduled(Instant at) {
    return allow(schedule, at.atZone(zone));
  }

  private static boolean allow(CallingWindows windows, ZonedDateTime local) {
    int minute = local.getHour() * 60 + local.getMinute();
    return windows.allow(local.getDayOfWeek(), minute, minute + 1);
  }

  /** Hours begin and end with a minute. */
  private Minute minute(Instant at) {
    long number = Math.floorDiv(at.getEpochSecond(), 60);
    Minute known = latest;
    if (known.number() != number) {
      known = new Minute(number, opened(at), closing(at));
      latest = known;
    }
    return known;
  }

  private boolean opened(Instant at) {
    ZonedDateTime local = at.atZone(zone);
    return !holidays.contains(local.toLocalDate()) && allow(windows, local);
  }

  /** The next moment from which calls may be made, this one included; empty when there is none. */
  public Optional<Instant> opens(Instant at) {
    if (open(at)) {
      return Optional.of(at);
    }
    LocalDate today = at.atZone(zone).toLocalDate();
    for (int ahead = 0; ahead <= MAX_DAYS_AHEAD; ahead++) {
      LocalDate day = today.plusDays(ahead);
      if (holidays.contains(day)) {
        continue;
      }
      for (Window window : windows.on(day.getDayOfWeek())) {
        LocalDateTime start = day.atStartOfDay().plusMinutes(window.start());
        Instant opening = start.atZone(zone).toInstant(); // a skipped hour moves it to its end
        if (opening.isAfter(at) && opened(opening)) {
          return Optional.of(opening);
        }
      }
    }
    return Optional.empty();
  }

  /** When the window that is open at this moment ends; empty when none is open, or none ends. */
  public Optional<Instant> closes(Instant at) {
    return minute(at).closes();
  }

  private Optional<Instant> closing(Instant at) {
    if (!opened(at)) {
      return Optional.empty();
    }
    LocalDate today = at.atZone(zone).toLocalDate();
    for (int ahead = 0; ahead <= MAX_DAYS_AHEAD; ahead++) {
      LocalDate day = today.plusDays(ahead);
      for (Window window : windows.on(day.getDayOfWeek())) {
        Instant end = day.atStartOfDay().plusMinutes(window.end()).atZone(zone).toInstant();
        if (end.isAfter(at) && !opened(end)) {
          return Optional.of(end);
        }
      }
    }
    return Optional.empty();
  }

  /**
   * A stretch of time in which calls may be made.
   *
   * @param from epoch ms, the first that is inside
   * @param until epoch ms, the first that is outside
   */
  public record Opening(long from, long until) {}

  /** When calls may be made between two moments, in order; none where they never may. */
  public List<Opening> openings(Instant from, Instant until) {
    List<Opening> openings = new ArrayList<>();
    Optional<Instant> opens = opens(from);
    while (opens.isPresent() && opens.get().isBefore(until)) {
      Instant opened = opens.get();
      Instant closes = closes(opened).filter(end -> end.isBefore(until)).orElse(until);
      openings.add(new Opening(opened.toEpochMilli(), closes.toEpochMilli()));
      opens = opens(closes);
    }
    return openings;
  }

  /** The time zone by whose clock they are. */
  public ZoneId zone() {
    return zone;
  }

  /** For people, holidays left out: {@code 09:00-17:00 mon-fri}. */
  public String describe() {
    return windows.describe();
  }

  /**
   * Why no calls may be made at this moment, for people: {@code outside calling hours until Mon
   * 09:00 Europe/Berlin}; empty when they may.
   */
  public Optional<String> closed(Instant at) {
    return closed(at, null);
  }

  /**
   * The same of a campaign that is stopped at a time.
   *
   * @param stop null when it is not
   */
  public Optional<String> closed(Instant at, Instant stop) {
    if (open(at)) {
      return Optional.empty();
    }
    Instant opening = opens(at).orElse(null);
    if (stop != null && (opening == null || !opening.isBefore(stop))) {
      return Optional.of(
          "outside calling hours, which do not come again before its stopAt " + moment(stop, at));
    }
    return Optional.of(
        opening == null
            ? "outside calling hours, which never come"
            : "outside calling hours until " + moment(opening, at));
  }

  private String moment(Instant opening, Instant now) {
    ZonedDateTime local = opening.atZone(zone);
    LocalDate today = now.atZone(zone).toLocalDate();
    String day =
        local.toLocalDate().equals(today)
            ? ""
            : local.toLocalDate().isBefore(today.plusDays(7))
                ? local.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH) + " "
                : local.toLocalDate() + " ";
    return day + CLOCK.format(local) + " " + zone.getId();
  }
}
