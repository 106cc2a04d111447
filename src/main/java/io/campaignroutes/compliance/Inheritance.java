package io.campaignroutes.compliance;

import java.time.Period;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a policy of a chain of profiles, the root first. A profile may only tighten what it
 * inherits, unless it says {@code override: true}; then what it states takes the place of what it
 * inherits.
 */
final class Inheritance {
  private final PolicyRef ref;
  private ConfigNode abandonmentKeys;
  private Severity severity = Severity.BLOCK;
  private UnresolvedTimeZone unresolved = UnresolvedTimeZone.BLOCK;
  private boolean root = true;
  private final List<PolicyRule<InForce>> inForce = new ArrayList<>();
  private final List<PolicyRule<CallingWindows>> hours = new ArrayList<>();
  private List<PolicyRule<FrequencyLimit>> frequency = List.of();
  private PolicyRule<Double> rate;
  private PolicyRule<Abandonment> abandonment;
  private PolicyRule<Holidays> holidays;
  private PolicyRule<DoNotCall> doNotCall;
  private PolicyRule<Period> records;

  private Inheritance(PolicyRef ref) {
    this.ref = ref;
  }

  /**
   * The policy of a chain.
   *
   * @throws PolicyException when a profile loosens what it inherits
   */
  static Policy resolve(PolicyRef ref, List<Profile> chain) {
    Inheritance inheritance = new Inheritance(ref);
    chain.forEach(inheritance::add);
    return inheritance.policy();
  }

  private void add(Profile child) {
    addSeverity(child);
    addInForce(child);
    addHours(child);
    addFrequency(child);
    addRate(child);
    addAbandonment(child);
    addHolidays(child);
    addDoNotCall(child);
    addRecords(child);
    addUnresolved(child);
    root = false;
  }

  private void addSeverity(Profile child) {
    if (child.severity() != null) {
      tightens(child, root || child.severity().compareTo(severity) >= 0, "severity");
      severity = child.severity();
    }
  }

  private void addInForce(Profile child) {
    if (child.inForce() != null) {
      String cite = child.sources().get(0).cite();
      inForce.add(new PolicyRule<>(child.name(), cite, Severity.BLOCK, child.inForce()));
    }
  }

  private void addHours(Profile child) {
    if (child.callingHours() == null) {
      return;
    }
    CallingWindows inherited =
        hours.stream().map(PolicyRule::value).reduce(CallingWindows.always(), CallingWindows::and);
    tightens(child, child.callingHours().isWithin(inherited), "calling_windows");
    if (child.override()) {
      hours.clear();
    }
    if (root || child.override() || !child.callingHours().equals(inherited)) {
      hours.add(child.rule("calling_windows", severity, child.callingHours()));
    }
  }

  private void addFrequency(Profile child) {
    if (child.frequency() == null) {
      return;
    }
    boolean strict =
        frequency.stream()
            .allMatch(
                inherited ->
                    child.frequency().stream()
                        .anyMatch(limit -> limit.atLeastAsStrictAs(inherited.value())));
    tightens(child, strict, "frequency");
    frequency =
        child.frequency().stream().map(limit -> child.rule("frequency", severity, limit)).toList();
  }

  private void addRate(Profile child) {
    if (child.callsPerSecond() != null) {
      tightens(child, rate == null || child.callsPerSecond() <= rate.value(), "pacing");
      rate = child.rule("pacing", severity, child.callsPerSecond());
    }
  }

  private void addAbandonment(Profile child) {
    abandonmentKeys = child.abandonmentOver(abandonmentKeys).orElse(null);
    if (child.abandonment() == null) {
      return;
    }
    Abandonment stated = Abandonment.parse(abandonmentKeys);
    String looser = abandonment == null ? null : stated.looserThan(abandonment.value());
    tightens(child, looser == null, "abandonment." + looser);
    abandonment = child.rule("abandonment", severity, stated);
  }

  private void addHolidays(Profile child) {
    if (child.holidays() == null) {
      return;
    }
    boolean tighter = holidays == null || !child.holidays().looserThan(holidays.value());
    tightens(child, tighter, "holidays");
    holidays =
        child.holidays().isNone() ? null : child.rule("holidays", severity, child.holidays());
  }

  private void addDoNotCall(Profile child) {
    if (child.doNotCall() != null) {
      String looser = doNotCall == null ? null : child.doNotCall().looserThan(doNotCall.value());
      tightens(child, looser == null, "dnc." + looser);
      doNotCall = child.rule("dnc", severity, child.doNotCall());
    }
  }

  private void addRecords(Profile child) {
    if (child.records() != null) {
      boolean tighter = records == null || days(child.records()) >= days(records.value());
      tightens(child, tighter, "records.retain");
      records = child.rule("records", severity, child.records());
    }
  }

  private void addUnresolved(Profile child) {
    if (child.unresolvedTimeZone() != null) {
      boolean tighter = root || child.unresolvedTimeZone().compareTo(unresolved) >= 0;
      tightens(child, tighter, "unresolved_timezone");
      unresolved = child.unresolvedTimeZone();
    }
  }

  private static void tightens(Profile child, boolean tighter, String key) {
    if (!tighter && !child.override()) {
      throw new PolicyException(
          child.place().file(),
          "The key "
              + child.place().path()
              + "."
              + key
              + " is less strict than, or cannot be compared with, what "
              + child.parent()
              + " and the profiles above it say.",
          "A profile may only tighten what it extends: make it stricter, or write override: true"
              + " and name the source that allows it.");
    }
  }

  private static long days(Period period) {
    return period.toTotalMonths() * 30 + period.getDays();
  }

  private Policy policy() {
    return new Policy(
        ref,
        List.copyOf(inForce),
        List.copyOf(hours),
        frequency,
        listOf(rate),
        listOf(abandonment),
        listOf(holidays),
        listOf(doNotCall),
        listOf(records),
        unresolved);
  }

  private static <T> List<PolicyRule<T>> listOf(PolicyRule<T> rule) {
    return rule == null ? List.of() : List.of(rule);
  }
}
