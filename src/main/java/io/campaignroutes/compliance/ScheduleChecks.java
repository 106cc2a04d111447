package io.campaignroutes.compliance;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.text.Plain;
import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Checks of the schedule: hours in order, no day twice, and every hour inside the calling hours of
 * the policy. The policy means the local time of whoever is called; contacts are not known here, so
 * its hours are compared with the schedule in the campaign's time zone.
 */
final class ScheduleChecks {
  private static final int HOUR = 60;

  private ScheduleChecks() {}

  /** Checks the schedule; {@code policy} is null when it is unknown. */
  static void check(Draft draft, Policy policy) {
    Optional<List<DayOfWeek>> days = days(draft);
    Optional<Integer> start = draft.whole("schedule.startHour");
    Optional<Integer> end = draft.whole("schedule.endHour");
    if (start.isEmpty() || end.isEmpty() || !inOrder(draft, start.get(), end.get())) {
      return;
    }
    if (policy != null && days.isPresent()) {
      Schedule schedule = new Schedule(days.get(), start.get() * HOUR, end.get() * HOUR);
      checkCallingHours(draft, policy, schedule);
    }
  }

  private static Optional<List<DayOfWeek>> days(Draft draft) {
    Optional<JsonNode> list = draft.value("schedule.daysOfWeek");
    Optional<List<DayOfWeek>> days = list.map(Days::of);
    if (days.isPresent() && EnumSet.copyOf(days.get()).size() < days.get().size()) {
      draft.finding(
          "schedule.daysOfWeek",
          "uniqueItems",
          "schedule.daysOfWeek names a day twice: MON and MONDAY are the same. Name each once.");
    }
    return days;
  }

  private static boolean inOrder(Draft draft, int start, int end) {
    draft.checked("schedule.startHour before schedule.endHour");
    if (start < end) {
      return true;
    }
    draft.finding(
        "schedule.endHour",
        "schedule.hours",
        ("schedule.startHour %d%s must be before schedule.endHour %d%s. A schedule over "
                + "midnight needs two campaigns.")
            .formatted(
                start, draft.origin("schedule.startHour"), end, draft.origin("schedule.endHour")));
    return false;
  }

  private static void checkCallingHours(Draft draft, Policy policy, Schedule schedule) {
    boolean inside = true;
    CallingWindows before = CallingWindows.always();
    for (PolicyRule<CallingWindows> rule : blockingFirst(policy.callingHours())) {
      draft.checked(
          "calling hours " + rule.value().describe() + " (" + rule.origin() + ")" + zone(draft));
      if (schedule.isInside(rule.value())) {
        continue;
      }
      inside = false;
      CallingWindows after = before.and(rule.value());
      List<DayOfWeek> decided = schedule.daysCut(before, after);
      if (!decided.isEmpty()) {
        draft.broken(
            rule.severity(),
            schedule.field(rule.value(), decided),
            "policy.callingHours",
            message(schedule, rule, decided));
      }
      before = after;
    }
    if (!inside) {
      checkCommonHours(draft, policy);
    }
  }

  /** So that a rule that only warns never takes the decision from one that blocks. */
  private static List<PolicyRule<CallingWindows>> blockingFirst(
      List<PolicyRule<CallingWindows>> rules) {
    return rules.stream()
        .sorted(
            Comparator.comparing(PolicyRule<CallingWindows>::severity, Comparator.reverseOrder()))
        .toList();
  }

  private static void checkCommonHours(Draft draft, Policy policy) {
    if (policy.effectiveCallingHours().isEmpty()) {
      draft.finding(
          "policy",
          "policy.empty",
          "The profiles of policy "
              + policy.ref().name()
              + " have no calling hours in common: "
              + policy.callingHours().stream()
                  .map(rule -> rule.value().describe() + " (" + rule.origin() + ")")
                  .collect(Collectors.joining(" and "))
              + ". Name a policy that can be kept, or change the policies that always apply.");
    }
  }

  private static String zone(Draft draft) {
    return draft.text("timeZone").map(zone -> ", in time zone " + Plain.escaped(zone)).orElse("");
  }

  private static String message(
      Schedule schedule, PolicyRule<CallingWindows> rule, List<DayOfWeek> days) {
    Set<DayOfWeek> closed = EnumSet.noneOf(DayOfWeek.class);
    List<String> open = new ArrayList<>();
    for (DayOfWeek day : days) {
      if (rule.value().on(day).isEmpty()) {
        closed.add(day);
      } else {
        open.add(CallingWindows.shortName(day));
      }
    }
    String noCalling =
        closed.isEmpty()
            ? ""
            : " It allows no calling on "
                + closed.stream().map(CallingWindows::shortName).collect(Collectors.joining(", "))
                + ".";
    String outside = open.isEmpty() ? "" : " Outside on: " + String.join(", ", open) + ".";
    return ("The schedule %s is not inside the calling hours %s that %s (%s) allows.%s%s Move "
            + "the schedule into these hours.")
        .formatted(
            schedule.hours(),
            rule.value().describe(),
            rule.profile(),
            rule.cite(),
            outside,
            noCalling);
  }

  /** Days with the same stretch of time, in minutes since midnight. */
  private record Schedule(List<DayOfWeek> days, int start, int end) {
    String hours() {
      return new CallingWindows.Window(start, end).toString();
    }

    boolean isInside(CallingWindows windows) {
      return days.stream().allMatch(day -> windows.allow(day, start, end));
    }

    /** The days on which the later windows leave less of this schedule than the earlier ones. */
    List<DayOfWeek> daysCut(CallingWindows before, CallingWindows after) {
      return EnumSet.copyOf(days).stream()
          .filter(day -> left(after, day) < left(before, day))
          .toList();
    }

    /** The field to change so that this fits the windows. */
    String field(CallingWindows windows, List<DayOfWeek> decided) {
      boolean closed = decided.stream().allMatch(day -> windows.on(day).isEmpty());
      if (closed) {
        return "schedule.daysOfWeek";
      }
      boolean startFits = decided.stream().allMatch(day -> windows.allow(day, start, start + 1));
      boolean endFits = decided.stream().allMatch(day -> windows.allow(day, end - 1, end));
      if (startFits == endFits) {
        return "schedule";
      }
      return startFits ? "schedule.endHour" : "schedule.startHour";
    }

    private int left(CallingWindows windows, DayOfWeek day) {
      return windows.on(day).stream()
          .mapToInt(window -> Math.min(end, window.end()) - Math.max(start, window.start()))
          .filter(minutes -> minutes > 0)
          .sum();
    }
  }
}
