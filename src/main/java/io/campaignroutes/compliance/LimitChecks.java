package io.campaignroutes.compliance;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Checks of how fast and how often is called. */
final class LimitChecks {
  /** Calls a day to one number where no profile of the policy states a limit. */
  static final int DAILY_CALLS_WITHOUT_RULE = 3;

  private static final String LIMIT = "pacingLimit";
  private static final String RATE = "pacing.maxCallsPerSecond";
  private static final String DAILY = "compliance.maxDailyCallsPerNumber";
  private static final String SMALLEST = "pacing.smallestRate";

  private LimitChecks() {}

  /** Checks rates and attempts; {@code policy} is null when it is unknown. */
  static void check(Draft draft, Policy policy, RateSettings rates) {
    checkRateAgainstLimit(draft);
    checkSmallestRate(draft, policy, rates);
    if (policy != null) {
      checkRateAgainstPolicy(draft, policy);
      checkDailyCalls(draft, policy);
      checkDoNotCall(draft, policy);
    }
    warnOfAttempts(draft);
  }

  /**
   * The rate of a campaign that states none, in calls per second: the default, its own limit or the
   * policy's, whichever is lowest.
   */
  static double rateWithoutRequest(double byDefault, double pacingLimit, Policy policy) {
    double rate = Math.min(byDefault, pacingLimit);
    return policy == null ? rate : Math.min(rate, policy.maxCallsPerSecond().orElse(rate));
  }

  /** Every limit that holds has to leave a rate that can be set; else nothing is ever dialed. */
  private static void checkSmallestRate(Draft draft, Policy policy, RateSettings rates) {
    String smallest = Numbers.shown(rates.smallest());
    draft.checked("limits not below " + smallest + " calls per second, the lowest rate");
    Optional<Double> limit = draft.number(LIMIT);
    limit.ifPresent(rate -> checkSmallestRate(draft, LIMIT, LIMIT, rate, rates));
    draft
        .number(RATE)
        .ifPresent(rate -> checkSmallestRate(draft, RATE, RATE + draft.origin(RATE), rate, rates));
    for (PolicyRule<Double> rule :
        policy == null ? List.<PolicyRule<Double>>of() : policy.callsPerSecond()) {
      if (rule.value() < limit.orElse(Double.MAX_VALUE)) {
        String what = "The limit of %s (%s)".formatted(rule.profile(), rule.cite());
        checkSmallestRate(draft, "policy", what, rule.value(), rates);
      }
    }
    if (rates.accountLimit() > 0 && rates.accountLimit() < rates.smallest()) {
      draft.finding(
          LIMIT,
          SMALLEST,
          "The setting pacing.account-limit %s is below %s calls per second, the lowest rate that can be set, so no campaign would ever dial. It has to be raised."
              .formatted(plain(rates.accountLimit()), smallest));
    }
  }

  private static void checkSmallestRate(
      Draft draft, String field, String what, double rate, RateSettings rates) {
    String smallest = Numbers.shown(rates.smallest());
    if (rate < rates.smallest()) {
      draft.finding(
          field,
          SMALLEST,
          "%s %s is below %s calls per second, the lowest rate that can be set, so the campaign would never dial. %s"
              .formatted(
                  what,
                  plain(rate),
                  smallest,
                  field.equals("policy")
                      ? "Name another policy."
                      : "Make it at least " + smallest + "."));
    } else if (rates.between(rate)) {
      draft.warning(
          field,
          SMALLEST,
          "%s %s lies between two rates that can be set, which are multiples of %s calls per second: at most %s is dialed."
              .formatted(
                  what,
                  plain(rate),
                  Numbers.shown(rates.platform().rateStep()),
                  Numbers.shown(rates.down(rate))));
    }
  }

  /** Without an exponent: 0.000000001. */
  private static String plain(double rate) {
    return BigDecimal.valueOf(rate).stripTrailingZeros().toPlainString();
  }

  private static void checkRateAgainstLimit(Draft draft) {
    Optional<Double> limit = draft.number(LIMIT);
    Optional<Double> rate = draft.number(RATE);
    if (!draft.isGiven(RATE) || limit.isEmpty() || rate.isEmpty()) {
      return;
    }
    draft.checked(RATE + " not above pacingLimit");
    if (rate.get() > limit.get()) {
      draft.finding(
          RATE,
          "pacing.limit",
          ("pacing.maxCallsPerSecond %s is above pacingLimit %s (calls per second). Lower maxCallsPerSecond or raise pacingLimit.")
              .formatted(Numbers.shown(rate.get()), Numbers.shown(limit.get())));
    }
  }

  private static void checkRateAgainstPolicy(Draft draft, Policy policy) {
    Optional<Double> rate = draft.number(RATE);
    for (PolicyRule<Double> rule : policy.callsPerSecond()) {
      draft.checked(
          "at most %s calls per second (%s)".formatted(Numbers.shown(rule.value()), rule.origin()));
      if (draft.isGiven(RATE) && rate.isPresent() && rate.get() > rule.value()) {
        draft.broken(
            rule.severity(),
            RATE,
            "policy.pacing",
            ("pacing.maxCallsPerSecond %s is above the %s calls per second that %s (%s) "
                    + "allows. Lower it.")
                .formatted(
                    Numbers.shown(rate.get()),
                    Numbers.shown(rule.value()),
                    rule.profile(),
                    rule.cite()));
      }
    }
  }

  private static void checkDailyCalls(Draft draft, Policy policy) {
    Optional<Integer> daily = draft.whole(DAILY);
    List<PolicyRule<FrequencyLimit>> limits =
        policy.frequency().stream().filter(rule -> rule.value().limitsCalls()).toList();
    Optional<PolicyRule<FrequencyLimit>> hard =
        limits.stream()
            .filter(rule -> rule.value().kind() == FrequencyLimit.Kind.HARD)
            .min(
                Comparator.comparing(
                        PolicyRule<FrequencyLimit>::severity, Comparator.reverseOrder())
                    .thenComparing(rule -> rule.value().perDay()));
    if (hard.isEmpty()) {
      checkDailyCallsWithoutRule(draft, daily);
    }
    limits.stream()
        .filter(rule -> hard.isEmpty() || !isHard(rule) || rule.equals(hard.get()))
        .forEach(rule -> checkDailyCalls(draft, rule, daily));
  }

  private static void checkDailyCallsWithoutRule(Draft draft, Optional<Integer> daily) {
    draft.checked(
        "at most " + DAILY_CALLS_WITHOUT_RULE + " calls a day per number (no profile states less)");
    if (daily.isPresent() && daily.get() > DAILY_CALLS_WITHOUT_RULE) {
      draft.finding(
          DAILY,
          "policy.dailyCalls",
          ("%s %d is above %d calls a day, which holds where the policy states no limit of "
                  + "its own. Lower it.")
              .formatted(DAILY, daily.get(), DAILY_CALLS_WITHOUT_RULE));
    }
  }

  private static void checkDailyCalls(
      Draft draft, PolicyRule<FrequencyLimit> rule, Optional<Integer> daily) {
    int most = rule.value().perDay();
    draft.checked("at most " + most + " calls a day per number (" + rule.origin() + ")");
    if (daily.isPresent() && daily.get() > most) {
      draft.broken(
          isHard(rule) ? rule.severity() : Severity.WARN,
          DAILY,
          "policy.dailyCalls",
          "%s %d is above the %d calls a day that %s (%s) allows. Lower it."
              .formatted(DAILY, daily.get(), most, rule.profile(), rule.cite()));
    }
  }

  private static boolean isHard(PolicyRule<FrequencyLimit> rule) {
    return rule.value().kind() == FrequencyLimit.Kind.HARD;
  }

  private static void checkDoNotCall(Draft draft, Policy policy) {
    boolean ignored = draft.value("compliance.respectDnc").filter(v -> !v.asBoolean()).isPresent();
    for (PolicyRule<DoNotCall> rule : policy.doNotCall()) {
      if (ignored) {
        draft.warning(
            "compliance.respectDnc",
            "policy.dnc",
            ("compliance.respectDnc is false, but %s (%s) requires numbers to be checked against the lists %s. Make sure that this has been done elsewhere.")
                .formatted(
                    rule.profile(), rule.cite(), String.join(", ", rule.value().registries())));
      }
    }
  }

  /** Half-open as the schedule is: an attempt at its very end does not happen. */
  private static void warnOfAttempts(Draft draft) {
    Optional<Integer> daily = draft.whole(DAILY);
    Optional<Integer> attempts = draft.whole("pacing.maxAttemptsPerNumber");
    Optional<Integer> retry = draft.whole("pacing.retryIntervalMinutes");
    Optional<Integer> start = draft.whole("schedule.startHour");
    Optional<Integer> end = draft.whole("schedule.endHour");
    if (daily.isEmpty() || attempts.isEmpty() || retry.isEmpty()) {
      return;
    }
    if (start.isEmpty() || end.isEmpty() || start.get() >= end.get()) {
      return;
    }
    int minutes = (end.get() - start.get()) * 60;
    int possible = Math.min(attempts.get(), 1 + (minutes - 1) / retry.get());
    if (possible > daily.get()) {
      draft.warning(
          DAILY,
          "attempts.dailyLimit",
          ("%d attempts with %d minutes between them would make %d calls a day to one "
                  + "number; %s %d decides, so further attempts wait for the next day.")
              .formatted(attempts.get(), retry.get(), possible, DAILY, daily.get()));
    }
  }
}
