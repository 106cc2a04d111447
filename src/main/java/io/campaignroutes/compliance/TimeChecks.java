package io.campaignroutes.compliance;

import io.campaignroutes.text.Plain;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/** Checks of time zone, start and end, and whether the policy is in force then. */
final class TimeChecks {
  /** A moment so shortly ago still counts as now: the request took its time to get here. */
  private static final Duration TOLERANCE = Duration.ofSeconds(10);

  private static final int LAST_YEAR = 9999;

  private TimeChecks() {}

  /** Checks the times; {@code policy} is null when it is unknown. */
  static void check(Draft draft, Policy policy) {
    checkTimeZone(draft);
    Optional<Instant> start = instant(draft, "activateAt");
    Optional<Instant> stop = instant(draft, "stopAt");
    start.ifPresent(moment -> checkStart(draft, moment));
    stop.ifPresent(moment -> checkStop(draft, moment, start));
    if (policy != null) {
      Instant first = start.filter(draft.now()::isBefore).orElse(draft.now());
      checkInForce(draft, policy, first);
      warnOfHolidays(draft, policy, first, stop);
    }
  }

  private static void checkTimeZone(Draft draft) {
    Optional<String> id = draft.text("timeZone");
    if (id.isEmpty()) {
      return;
    }
    draft.checked("timeZone is an IANA time zone");
    if (TimeZones.parse(id.get()).isEmpty()) {
      draft.finding(
          "timeZone",
          "timeZone.iana",
          "timeZone \""
              + Plain.escaped(id.get())
              + "\" is no IANA time zone"
              + TimeZones.suggestion(id.get())
                  .map(name -> ". Did you mean " + name + "?")
                  .orElse(
                      " that this Java knows (tzdata "
                          + TimeZones.version()
                          + "). Use a name such as America/New_York or Europe/London; a zone that"
                          + " is newer than that needs a newer Java."));
    }
  }

  private static Optional<Instant> instant(Draft draft, String field) {
    Optional<String> text = draft.text(field);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<Instant> moment = moment(text.get());
    if (moment.isPresent()) {
      return moment;
    }
    draft.finding(
        field,
        field + ".format",
        field
            + " \""
            + Plain.escaped(text.get())
            + "\" is not a time in ISO 8601 with an offset. Write it like 2026-03-02T09:00:00-05:00.");
    return Optional.empty();
  }

  /** The moment of a text such as {@code 2026-03-02T09:00:00-05:00}; empty when it is none. */
  static Optional<Instant> moment(String text) {
    try {
      OffsetDateTime moment = OffsetDateTime.parse(text);
      return moment.getYear() >= 0 && moment.getYear() <= LAST_YEAR
          ? Optional.of(moment.toInstant())
          : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static void checkStart(Draft draft, Instant start) {
    draft.checked("activateAt not in the past");
    if (start.isBefore(draft.now().minus(TOLERANCE))) {
      draft.finding(
          "activateAt",
          "activateAt.past",
          "activateAt " + start + " is in the past. Leave it out to start at once.");
    }
  }

  private static void checkStop(Draft draft, Instant stop, Optional<Instant> start) {
    draft.checked("stopAt in the future and after activateAt");
    if (!stop.isAfter(draft.now())) {
      draft.finding(
          "stopAt",
          "stopAt.past",
          "stopAt " + stop + " is not in the future. Choose a later moment or leave it out.");
    }
    if (start.isPresent() && !stop.isAfter(start.get())) {
      draft.finding(
          "stopAt",
          "stopAt.order",
          "stopAt " + stop + " has to be after activateAt " + start.get() + ".");
    }
  }

  private static void checkInForce(Draft draft, Policy policy, Instant first) {
    LocalDate day = LocalDate.ofInstant(first, zone(draft));
    for (PolicyRule<InForce> rule : policy.inForce()) {
      draft.checked("in force %s (%s)".formatted(rule.value().describe(), rule.origin()));
      if (!rule.value().on(day)) {
        draft.finding(
            "policy",
            "policy.notInForce",
            ("Policy %s is in force %s, but the campaign starts on %s. Name a policy that is "
                    + "in force on that day, or bring its file up to date.")
                .formatted(rule.profile(), rule.value().describe(), day));
      }
    }
  }

  private static void warnOfHolidays(
      Draft draft, Policy policy, Instant first, Optional<Instant> stop) {
    LocalDate from = LocalDate.ofInstant(first, zone(draft));
    LocalDate to = stop.map(moment -> LocalDate.ofInstant(moment, zone(draft))).orElse(null);
    for (PolicyRule<Holidays> rule : policy.holidays()) {
      if (rule.value().unlisted()) {
        draft.warning(
            "schedule.daysOfWeek",
            "policy.holidays",
            ("%s (%s) forbids calls on public holidays, whose dates its file does not list. "
                    + "Pause the campaign on them.")
                .formatted(rule.profile(), rule.cite()));
      }
      rule.value().dates().stream()
          .filter(date -> !date.isBefore(from) && (to == null || !date.isAfter(to)))
          .findFirst()
          .ifPresent(
              date ->
                  draft.warning(
                      "schedule.daysOfWeek",
                      "policy.holidays",
                      "%s (%s) forbids calls on %s. %s"
                          .formatted(
                              rule.profile(),
                              rule.cite(),
                              date,
                              rule.severity() == Severity.BLOCK
                                  ? "Nobody is called on that day."
                                  : "Pause the campaign on that day.")));
    }
  }

  private static ZoneId zone(Draft draft) {
    return draft.text("timeZone").flatMap(TimeZones::parse).orElse(ZoneOffset.UTC);
  }
}
