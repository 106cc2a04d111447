package io.campaignroutes.compliance;

import java.time.Period;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * A policy ready to be applied: a profile with everything that it extends, and the profiles that
 * apply besides it. All rules of a list have to be kept, so the most restrictive wins.
 *
 * @param ref name, version and hash
 * @param inForce when the profiles are in force
 * @param callingHours hours of calling, the broadest profile first
 * @param frequency how often a number may be called
 * @param callsPerSecond highest rate of calls, in calls per second
 * @param abandonment caps on abandoned calls with their window and denominator; empty when no
 *     profile has one
 * @param holidays days of the year without calling
 * @param doNotCall demands about do-not-call lists
 * @param records how long records are kept
 * @param unresolvedTimeZone what happens to a number whose time zone cannot be told
 */
public record Policy(
    PolicyRef ref,
    List<PolicyRule<InForce>> inForce,
    List<PolicyRule<CallingWindows>> callingHours,
    List<PolicyRule<FrequencyLimit>> frequency,
    List<PolicyRule<Double>> callsPerSecond,
    List<PolicyRule<Abandonment>> abandonment,
    List<PolicyRule<Holidays>> holidays,
    List<PolicyRule<DoNotCall>> doNotCall,
    List<PolicyRule<Period>> records,
    UnresolvedTimeZone unresolvedTimeZone) {

  /** The hours that all blocking profiles allow. */
  public CallingWindows effectiveCallingHours() {
    return callingHours.stream()
        .filter(rule -> rule.severity() == Severity.BLOCK)
        .map(PolicyRule::value)
        .reduce(CallingWindows.always(), CallingWindows::and);
  }

  /** All rules of all of these policies. */
  static Policy all(PolicyRef ref, List<Policy> policies) {
    return new Policy(
        ref,
        every(policies, Policy::inForce),
        every(policies, Policy::callingHours),
        every(policies, Policy::frequency),
        every(policies, Policy::callsPerSecond),
        every(policies, Policy::abandonment),
        every(policies, Policy::holidays),
        every(policies, Policy::doNotCall),
        every(policies, Policy::records),
        policies.stream()
            .map(Policy::unresolvedTimeZone)
            .max(Comparator.naturalOrder())
            .orElse(UnresolvedTimeZone.BLOCK));
  }

  private static <T> List<PolicyRule<T>> every(
      List<Policy> policies, Function<Policy, List<PolicyRule<T>>> rules) {
    return policies.stream().flatMap(policy -> rules.apply(policy).stream()).distinct().toList();
  }

  /** The lowest cap on abandoned calls, 0.03 being 3 %; empty when no profile has one. */
  public OptionalDouble abandonmentCap() {
    return abandonment.stream().mapToDouble(rule -> rule.value().cap()).min();
  }

  /** The lowest highest rate, in calls per second; empty when no profile has one. */
  public OptionalDouble maxCallsPerSecond() {
    return callsPerSecond.stream().mapToDouble(PolicyRule::value).min();
  }
}
