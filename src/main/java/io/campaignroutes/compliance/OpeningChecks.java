package io.campaignroutes.compliance;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Checks that there is a calling hour at all in the time for which a campaign runs: its schedule
 * within the hours and holidays of the policy, by the clock of its time zone.
 */
final class OpeningChecks {
  /** Less calling time than this is most likely a slip. */
  private static final Duration LITTLE = Duration.ofMinutes(5);

  private static final Set<String> FIELDS =
      Set.of("timeZone", "schedule", "policy", "activateAt", "stopAt");

  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("EEE yyyy-MM-dd HH:mm", Locale.ENGLISH);

  private final Draft draft;
  private final ZoneId zone;
  private final CallingHours hours;
  private final Instant first;

  private OpeningChecks(Draft draft, ZoneId zone, CallingHours hours, Instant first) {
    this.draft = draft;
    this.zone = zone;
    this.hours = hours;
    this.first = first;
  }

  /** Checks the hours, unless what they are made from is at fault already. */
  static void check(Draft draft, Policy policy) {
    Optional<ZoneId> zone = draft.text("timeZone").flatMap(TimeZones::parse);
    Optional<Set<DayOfWeek>> days =
        draft.value("schedule.daysOfWeek").map(list -> EnumSet.copyOf(Days.of(list)));
    Optional<Integer> start = draft.whole("schedule.startHour");
    Optional<Integer> end = draft.whole("schedule.endHour");
    boolean faulty =
        draft.findings().stream().anyMatch(f -> FIELDS.contains(f.field().split("[.\\[]", 2)[0]));
    if (faulty || policy == null || zone.isEmpty() || days.isEmpty()) {
      return;
    }
    if (start.isEmpty() || end.isEmpty()) {
      return;
    }
    CallingHours hours = CallingHours.of(zone.get(), days.get(), start.get(), end.get(), policy);
    Instant first =
        draft
            .text("activateAt")
            .flatMap(TimeChecks::moment)
            .filter(draft.now()::isBefore)
            .orElse(draft.now());
    new OpeningChecks(draft, zone.get(), hours, first)
        .check(draft.text("stopAt").flatMap(TimeChecks::moment).orElse(null));
  }

  private void check(Instant stop) {
    draft.checked(
        stop == null ? "schedule has calling hours" : "calling hours between the start and stopAt");
    Optional<Instant> opening = hours.opens(first);
    if (opening.isEmpty()) {
      draft.finding(
          "schedule",
          "schedule.neverOpen",
          "The campaign may never call: no day of its hours %s within a year from %s is free of the policy's holidays. Choose other days or another policy."
              .formatted(hours.describe(), shown(first)));
    } else if (stop != null && !opening.get().isBefore(stop)) {
      draft.finding(
          "stopAt",
          "stopAt.noCallingHour",
          "Between %s %s and stopAt %s the campaign may not call: its hours are %s, time zone %s, and come next on %s. Choose a later stopAt, or hours within that time."
              .formatted(
                  draft.isGiven("activateAt") ? "activateAt" : "now,",
                  shown(first),
                  shown(stop),
                  hours.describe(),
                  zone.getId(),
                  shown(opening.get())));
    } else if (stop != null) {
      Duration open = openBefore(stop, opening.get());
      if (open.compareTo(LITTLE) < 0) {
        draft.warning(
            "stopAt",
            "stopAt.noCallingHour",
            "Until its stopAt %s the campaign may call for %d s only, from %s: its hours are %s, time zone %s."
                .formatted(
                    shown(stop),
                    open.toSeconds(),
                    shown(opening.get()),
                    hours.describe(),
                    zone.getId()));
      }
    }
  }

  /** Calling time until the campaign is stopped; not counted further once it is enough. */
  private Duration openBefore(Instant stop, Instant opening) {
    Duration open = Duration.ZERO;
    Optional<Instant> from = Optional.of(opening);
    while (from.isPresent() && from.get().isBefore(stop) && open.compareTo(LITTLE) < 0) {
      Instant closing = hours.closes(from.get()).filter(stop::isAfter).orElse(stop);
      open = open.plus(Duration.between(from.get(), closing));
      from = hours.opens(closing);
    }
    return open;
  }

  private String shown(Instant moment) {
    return MOMENT.format(moment.atZone(zone));
  }
}
