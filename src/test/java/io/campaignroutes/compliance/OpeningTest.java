package io.campaignroutes.compliance;

import static io.campaignroutes.compliance.Fixture.checkWith;
import static io.campaignroutes.compliance.Fixture.minimalWith;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The time for which a campaign runs has to hold a calling hour. Now is Monday, 2 March 2026, 10:00
 * in New York.
 */
class OpeningTest {

  @ParameterizedTest
  @CsvSource({
    "2026-11-28T10:00:00-05:00, 2026-11-29T18:00:00-05:00, Mon 2026-11-30 09:00",
    "2026-11-27T20:00:00-05:00, 2026-11-28T06:00:00-05:00, Mon 2026-11-30 09:00",
    "2026-11-25T01:00:00-05:00, 2026-11-25T08:59:00-05:00, Wed 2026-11-25 09:00",
    "2026-11-25T17:00:00-05:00, 2026-11-26T09:00:00-05:00, Thu 2026-11-26 09:00",
    "2026-11-28T15:00:00Z, 2026-11-29T23:00:00Z, Mon 2026-11-30 09:00",
  })
  void aTimeWithoutACallingHourIsRefusedAndTheNextHourNamed(
      String from, String to, String opening) {
    CheckedRequest checked = checkWith("'activateAt':'%s','stopAt':'%s'".formatted(from, to));
    RequestRulesTest.assertFinding(
        checked, "stopAt", "stopAt.noCallingHour", "come next on " + opening);
    assertThat(checked.findings().get(0).message())
        .contains("Between activateAt", "09:00-17:00 mon-fri", "America/New_York");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-28T10:00:00-05:00, 2026-11-30T10:00:00-05:00",
    "2026-11-25T16:00:00-05:00, 2026-11-25T23:00:00-05:00",
  })
  void aTimeWithCallingHoursIsTaken(String from, String to) {
    CheckedRequest checked = checkWith("'activateAt':'%s','stopAt':'%s'".formatted(from, to));
    assertThat(checked.findings()).isEmpty();
    assertThat(checked.warnings()).extracting(Finding::rule).doesNotContain("stopAt.noCallingHour");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-25T16:59:00-05:00, 2026-11-26T08:00:00-05:00, for 60 s only",
    "2026-11-25T06:00:00-05:00, 2026-11-25T09:00:01-05:00, for 1 s only",
  })
  void nextToNoCallingTimeIsAWarning(String from, String to, String told) {
    CheckedRequest checked = checkWith("'activateAt':'%s','stopAt':'%s'".formatted(from, to));
    assertThat(checked.findings()).isEmpty();
    assertThat(checked.warnings())
        .filteredOn(warning -> warning.rule().equals("stopAt.noCallingHour"))
        .hasSize(1)
        .allSatisfy(warning -> assertThat(warning.message()).contains(told));
  }

  @Test
  void withoutAStartTheTimeBeginsNow() {
    assertThat(checkWith("'stopAt':'2026-03-02T11:00:00-05:00'").findings()).isEmpty();
    RequestRulesTest.assertFinding(
        Fixture.CHECKS.check(
            minimalWith("'stopAt':'2026-03-02T08:00:00-05:00'"),
            Instant.parse("2026-03-02T10:00:00Z")),
        "stopAt",
        "stopAt.noCallingHour",
        "Between now, Mon 2026-03-02 05:00 and stopAt Mon 2026-03-02 08:00");
  }

  @Test
  void theHourThatAChangeToSummerTimeSkipsIsNone() {
    String night = "'policy':'none','schedule':{'daysOfWeek':['SUN'],'startHour':2,'endHour':3}";
    RequestRulesTest.assertFinding(
        checkWith(
            night
                + ",'activateAt':'2026-03-08T00:00:00-05:00','stopAt':'2026-03-08T12:00:00-04:00'"),
        "stopAt",
        "stopAt.noCallingHour",
        "come next on Sun 2026-03-15 02:00");
    assertThat(
            checkWith(
                    night
                        + ",'activateAt':'2026-03-15T00:00:00-04:00','stopAt':'2026-03-15T12:00:00-04:00'")
                .findings())
        .isEmpty();
    assertThat(checkWith(night).findings()).as("it comes on other Sundays").isEmpty();
  }

  @Test
  void theHourThatComesTwiceIsOneBothTimes() {
    String night = "'policy':'none','schedule':{'daysOfWeek':['SUN'],'startHour':1,'endHour':2}";
    assertThat(
            checkWith(
                    night
                        + ",'activateAt':'2026-11-01T01:50:00-04:00','stopAt':'2026-11-01T01:30:00-05:00'")
                .findings())
        .isEmpty();
  }

  @Test
  void daysThatThePolicyKeepsFreeAreNoCallingDays(@TempDir Path folder) throws IOException {
    RequestChecks checks = holidays(folder, List.of(LocalDate.of(2026, 3, 3)));
    RequestRulesTest.assertFinding(
        checks.check(
            minimalWith(
                "'activateAt':'2026-03-03T08:00:00-05:00','stopAt':'2026-03-03T18:00:00-05:00'"),
            Fixture.NOW),
        "stopAt",
        "stopAt.noCallingHour",
        "come next on Wed 2026-03-04 09:00");
  }

  @Test
  void aScheduleWhoseEveryDayIsKeptFreeIsRefusedWithoutAStopToo(@TempDir Path folder)
      throws IOException {
    List<LocalDate> sundays =
        IntStream.range(0, 60).mapToObj(LocalDate.of(2026, 3, 1)::plusWeeks).toList();
    RequestRulesTest.assertFinding(
        holidays(folder, sundays)
            .check(minimalWith("'schedule':{'daysOfWeek':['SUNDAY']}"), Fixture.NOW),
        "schedule",
        "schedule.neverOpen",
        "may never call");
  }

  @ParameterizedTest
  @CsvSource({"EST", "MST", "HST"})
  void legacyZonesHaveHoursToo(String zone) {
    assertThat(
            Fixture.check(minimalWith("'stopAt':'2026-04-01T00:00:00Z'").put("timeZone", zone))
                .findings())
        .isEmpty();
  }

  private static RequestChecks holidays(Path folder, List<LocalDate> days) throws IOException {
    Files.writeString(
        folder.resolve("free.yaml"),
        """
        schema: 1
        policy_version: 2026-01-01
        profiles:
          free:
            source: [{cite: Rule 4, checked: 2026-01-01}]
            calling_windows: {mon-sun: ["00:00-24:00"]}
            holidays: [%s]
        merge: most_restrictive
        """
            .formatted(days.stream().map(LocalDate::toString).collect(Collectors.joining(", "))));
    return Fixture.checks(
        Fixture.policies(folder),
        new ComplianceSettings("free", List.of(), Duration.ofDays(400), false));
  }
}
