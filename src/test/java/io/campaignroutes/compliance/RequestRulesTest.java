package io.campaignroutes.compliance;

import static io.campaignroutes.compliance.Fixture.CHECKS;
import static io.campaignroutes.compliance.Fixture.NOW;
import static io.campaignroutes.compliance.Fixture.SHIPPED;
import static io.campaignroutes.compliance.Fixture.always;
import static io.campaignroutes.compliance.Fixture.check;
import static io.campaignroutes.compliance.Fixture.checkWith;
import static io.campaignroutes.compliance.Fixture.checks;
import static io.campaignroutes.compliance.Fixture.json;
import static io.campaignroutes.compliance.Fixture.minimal;
import static io.campaignroutes.compliance.Fixture.minimalWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestRulesTest {
  @Test
  void thePayloadIsExactlyWhatTheContractSays() {
    assertThat(checkWith("'contactListId':'list-1'").payload())
        .isEqualTo(
            json(
                """
                {"name":"Spring sale","dialerStrategy":"PREDICTIVE","status":"DRAFT",
                 "agentPool":{"id":"pool-1"},
                 "schedule":{"timeZone":"America/New_York",
                   "daysOfWeek":["MONDAY","TUESDAY","WEDNESDAY","THURSDAY","FRIDAY"],
                   "startHour":9,"endHour":17},
                 "pacing":{"maxCallsPerSecond":0.1,"maxAttemptsPerNumber":3,
                   "retryIntervalMinutes":60},
                 "complianceRules":{"respectDnc":true,"respectStateDnc":true,
                   "maxDailyCallsPerNumber":1,"regulatoryPacingLimit":20},
                 "contactList":{"id":"list-1"},
                 "disposition":{"availableDispositions":
                   ["CONNECTED","NO_ANSWER","BUSY","VOICEMAIL","DNC"]}}
                """));
  }

  @Test
  void withoutAContactListThePayloadHasNone() {
    assertThat(check(minimal()).payload().has("contactList")).isFalse();
  }

  @Test
  void theRequestIsReturnedWithDefaultsAndFullNamesOfDays() {
    CheckedRequest checked =
        checkWith(
            "'externalId':'k','schedule':{'daysOfWeek':['SAT','MONDAY'],'startHour':10},"
                + "'stopAt':'2026-04-01T00:00:00Z','externalWebhookUrl':'https://example.com/e'");
    assertThat(checked.request())
        .isEqualTo(
            json(
                """
                {"name":"Spring sale","externalId":"k","agentPoolId":"pool-1",
                 "timeZone":"America/New_York","pacingLimit":20,"dialerStrategy":"PREDICTIVE","weight":1,
                 "schedule":{"daysOfWeek":["SATURDAY","MONDAY"],"startHour":10,"endHour":17},
                 "pacing":{"maxCallsPerSecond":10,"maxAttemptsPerNumber":3,
                   "retryIntervalMinutes":60},
                 "compliance":{"respectDnc":true,"respectStateDnc":true,
                   "maxDailyCallsPerNumber":1},
                 "policy":"us-federal","externalWebhookUrl":"https://example.com/e",
                 "stopAt":"2026-04-01T00:00:00Z"}
                """));
  }

  @Test
  void daysAreSentInFullHoweverTheyAreWritten() {
    CheckedRequest checked =
        check(minimalWith("'schedule':{'daysOfWeek':['Mon','TUE','Wednesday','THURSDAY']}"));
    assertThat(checked.payload().path("schedule").path("daysOfWeek"))
        .hasToString("[\"MONDAY\",\"TUESDAY\",\"WEDNESDAY\",\"THURSDAY\"]");
  }

  @Test
  void checkingTwiceGivesTheSameAndChangesNothing() {
    var request = minimalWith("'schedule':{'daysOfWeek':['MON']}");
    var before = request.deepCopy();
    CheckedRequest first = check(request);
    first.payload().remove("name");
    assertThat(request).isEqualTo(before);
    assertThat(check(first.request()).findings()).isEmpty();
    assertThat(check(request).payload().get("name").asText()).isEqualTo("Spring sale");
  }

  @ParameterizedTest
  @CsvSource({"10.0, 10, 10", "20, 20, 10", "1e1, 10, 10", "0.5, 0.5, 0.5", "2.50, 2.5, 2.5"})
  void numbersStayPlain(String limit, String shownLimit, String shownRate) {
    CheckedRequest checked = checkWith("'pacingLimit':" + limit);
    assertThat(checked.payload().at("/complianceRules/regulatoryPacingLimit").toString())
        .isEqualTo(shownLimit);
    assertThat(checked.request().at("/pacing/maxCallsPerSecond").toString()).isEqualTo(shownRate);
    assertThat(checked.payload().at("/pacing/maxCallsPerSecond").toString())
        .as("until its agents are known")
        .isEqualTo("0.1");
  }

  @Test
  void aRateAboveThePacingLimitIsRefused() {
    assertFinding(
        checkWith("'pacing':{'maxCallsPerSecond':20.5}"),
        "pacing.maxCallsPerSecond",
        "pacing.limit",
        "20.5 is above pacingLimit 20");
    assertThat(checkWith("'pacing':{'maxCallsPerSecond':20}").valid()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "Mars/Base, Use a name",
    "UTC+2, Use a name",
    "+02:00, Use a name",
    "SystemV/EST5EDT, Use a name",
    "PST, Use a name",
    "america/new_york, Did you mean America/New_York?",
    "utc, Did you mean UTC?",
    "America/Nowhere, that this Java knows (tzdata 20",
    "America/Nowhere, needs a newer Java",
  })
  void aTimeZoneThatIsNoneIsRefused(String zone, String hint) {
    assertFinding(check(minimal().put("timeZone", zone)), "timeZone", "timeZone.iana", hint);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1e-300", "0.0009", "1001"})
  void aWeightIsNeitherNothingNorBeyondAnyUse(String weight) {
    String rule = weight.equals("1001") ? "maximum" : "minimum";
    assertFinding(checkWith("'weight':" + weight), "weight", rule, "weight");
    assertThat(checkWith("'weight':0.001").findings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"EST5EDT", "EST", "MST", "HST", "UTC", "Etc/GMT+5", "US/Eastern"})
  void legacyNamesOfTimeZonesAreAcceptedAndSentAsTheyCame(String zone) {
    CheckedRequest checked = check(minimal().put("timeZone", zone));
    assertThat(checked.findings()).isEmpty();
    assertThat(checked.payload().at("/schedule/timeZone").asText()).isEqualTo(zone);
  }

  @Test
  void hoursInTheWrongOrderAreRefused() {
    assertFinding(
        checkWith("'schedule':{'startHour':17,'endHour':9}"),
        "schedule.endHour",
        "schedule.hours",
        "startHour 17 must be before schedule.endHour 9.");
    assertFinding(
        checkWith("'schedule':{'startHour':18}"),
        "schedule.endHour",
        "schedule.hours",
        "schedule.endHour 17 (the default)");
    assertThat(checkWith("'schedule':{'startHour':9,'endHour':9}").valid()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "us-federal, 7, 17, schedule.startHour, 'us-federal (47 CFR 64.1200(c)(1))'",
    "us-federal, 9, 22, schedule.endHour, 'us-federal (47 CFR 64.1200(c)(1))'",
    "us-federal, 7, 22, schedule, 'us-federal (47 CFR 64.1200(c)(1))'",
    "us-fl, 9, 21, schedule.endHour, us-fl (Fla. Stat. 501.616(6))",
    "us-fl, 7, 20, schedule.startHour, 'us-federal (47 CFR 64.1200(c)(1))'",
    "us-wa, 9, 21, schedule.endHour, us-wa (RCW 80.36.390 (HB 1497))",
    "au, 9, 21, schedule.endHour, au (Telecommunications",
  })
  void aScheduleOutsideTheCallingHoursNamesTheDecidingRule(
      String policy, int start, int end, String field, String decides) {
    assertFinding(
        checkWith(
            "'policy':'%s','schedule':{'startHour':%d,'endHour':%d}".formatted(policy, start, end)),
        field,
        "policy.callingHours",
        decides);
  }

  @Test
  void whereTwoRulesDecideBothAreNamed() {
    assertThat(checkWith("'policy':'us-fl','schedule':{'startHour':7,'endHour':22}").findings())
        .extracting(Finding::rule, f -> f.message().contains("us-fl (Fla."))
        .containsExactly(tuple("policy.callingHours", false), tuple("policy.callingHours", true));
  }

  @Test
  void aDayWithoutCallingIsNamed() {
    assertFinding(
        checkWith("'policy':'au','schedule':{'daysOfWeek':['SUNDAY','MONDAY']}"),
        "schedule.daysOfWeek",
        "policy.callingHours",
        "It allows no calling on sun.");
  }

  @Test
  void theEdgesOfTheCallingHoursAreInside() {
    assertThat(checkWith("'schedule':{'startHour':8,'endHour':21}").valid()).isTrue();
    assertThat(checkWith("'policy':'none','schedule':{'startHour':0,'endHour':24}").valid())
        .isTrue();
  }

  @Test
  void theRulesThatWereCheckedAreListedWithTheirSource() {
    CheckedRequest checked = check(minimal());
    assertThat(checked.rules())
        .contains(
            "calling hours 08:00-21:00 mon-sun (us-federal, 47 CFR 64.1200(c)(1)), in time zone"
                + " America/New_York",
            "at most 3 calls a day per number (no profile states less)")
        .noneMatch(rule -> rule.contains("externalWebhookUrl"));
    assertThat(checked.policy().name()).isEqualTo("us-federal");
    assertThat(checked.policy().version()).isEqualTo("2025-11-01");
    assertThat(checked.policy().sha256()).matches("[0-9a-f]{64}");
  }

  @Test
  void anUnknownPolicyIsRefusedWithTheKnownNames() {
    CheckedRequest checked = checkWith("'policy':'us-zz'");
    assertFinding(
        checked,
        "policy",
        "policy.unknown",
        "au, ca, none, uk-legacy-3pct, us-federal, us-fl, us-md, us-ok, us-wa");
    assertThat(checked.policy()).isNull();
  }

  @Test
  void aPolicyNotYetInForceIsRefused() {
    CheckedRequest early =
        CHECKS.check(minimalWith("'policy':'us-md'"), Instant.parse("2023-12-31T12:00:00Z"));
    assertFinding(early, "policy", "policy.notInForce", "from 2024-01-01");
    CheckedRequest later =
        CHECKS.check(
            minimalWith("'policy':'us-md','activateAt':'2024-01-01T09:00:00-05:00'"),
            Instant.parse("2023-12-31T12:00:00Z"));
    assertThat(later.findings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"us-federal, 4, profile states", "us-fl, 4, us-fl (Fla.", "none, 101, maximum"})
  void moreDailyCallsThanThePolicyAllowsAreRefused(String policy, int calls, String why) {
    CheckedRequest checked =
        checkWith(
            "'policy':'%s','compliance':{'maxDailyCallsPerNumber':%d}".formatted(policy, calls));
    assertThat(checked.findings()).hasSize(1);
    assertThat(checked.findings().get(0).field()).isEqualTo("compliance.maxDailyCallsPerNumber");
    assertThat(checkWith("'policy':'us-fl','compliance':{'maxDailyCallsPerNumber':3}").valid())
        .isTrue();
    assertThat(checkWith("'policy':'none','compliance':{'maxDailyCallsPerNumber':100}").valid())
        .isTrue();
  }

  @Test
  void attemptsThatAloneWouldExceedTheDailyLimitAreAWarning() {
    CheckedRequest checked = check(minimal());
    assertThat(checked.valid()).isTrue();
    assertThat(checked.warnings()).hasSize(1);
    assertThat(checked.warnings().get(0).rule()).isEqualTo("attempts.dailyLimit");
    assertThat(checked.warnings().get(0).message()).contains("would make 3 calls a day");
  }

  @ParameterizedTest
  @CsvSource({"480, 0", "479, 1", "10080, 0"})
  void attemptsAreCountedWithinTheHoursOfTheSchedule(int retryMinutes, int warnings) {
    assertThat(checkWith("'pacing':{'retryIntervalMinutes':" + retryMinutes + "}").warnings())
        .hasSize(warnings);
  }

  @Test
  void ignoringDoNotCallListsThatThePolicyWantsIsAWarning() {
    assertThat(checkWith("'compliance':{'respectDnc':false}").warnings())
        .extracting(Finding::rule)
        .contains("policy.dnc");
  }

  @Test
  void holidaysThatNobodyListedAreAWarning() {
    assertThat(checkWith("'policy':'au'").warnings())
        .extracting(Finding::rule)
        .contains("policy.holidays");
  }

  @ParameterizedTest
  @CsvSource({
    "activateAt, tomorrow, activateAt.format",
    "activateAt, 2026-03-03T09:00:00, activateAt.format",
    "activateAt, 2026-02-30T09:00:00Z, activateAt.format",
    "activateAt, +12026-03-03T09:00:00Z, activateAt.format",
    "activateAt, 2026-03-02T14:59:49Z, activateAt.past",
    "stopAt, 2026-03-02T15:00:00Z, stopAt.past",
    "stopAt, never, stopAt.format",
  })
  void aMomentThatIsNoneOrPastIsRefused(String field, String value, String rule) {
    assertFinding(checkWith("'%s':'%s'".formatted(field, value)), field, rule, field);
  }

  @Test
  void theEndHasToComeAfterTheStart() {
    assertFinding(
        checkWith("'activateAt':'2026-03-04T09:00:00Z','stopAt':'2026-03-04T10:00:00+01:00'"),
        "stopAt",
        "stopAt.order",
        "after activateAt");
  }

  @Test
  void aStartOfAMomentAgoCountsAsNow() {
    assertThat(checkWith("'activateAt':'2026-03-02T14:59:50Z'").valid()).isTrue();
  }

  @Test
  void whatAlwaysAppliesIsAddedAndTheStricterWins() {
    RequestChecks both = checks(SHIPPED, always("us-fl", "ca"));
    CheckedRequest checked =
        both.check(minimalWith("'schedule':{'startHour':8,'endHour':21}"), NOW);
    assertThat(checked.policy().name()).isEqualTo("us-federal+ca+us-fl");
    assertThat(checked.policy().version()).isEqualTo("2025-11-01+2025-11-01+2025-11-01");
    assertThat(checked.findings())
        .extracting(Finding::field)
        .containsExactly("schedule.startHour", "schedule.endHour");
    assertThat(checked.findings().get(0).message()).contains("ca (CRTC");
    assertThat(checked.findings().get(1).message()).contains("us-fl (Fla.");
    assertThat(both.check(minimalWith("'policy':'none'"), NOW).policy().name())
        .isEqualTo("none+ca+us-fl");
  }

  @Test
  void aSettingThatNamesAnUnknownPolicyStopsTheStart() {
    assertThatThrownBy(() -> checks(SHIPPED, always("us-zz")))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("always-policies")
        .hasMessageContaining("us-federal");
  }

  static void assertFinding(CheckedRequest checked, String field, String rule, String message) {
    assertThat(checked.findings())
        .extracting(Finding::field, Finding::rule)
        .containsExactly(tuple(field, rule));
    assertThat(checked.findings().get(0).message()).contains(message);
  }
}
