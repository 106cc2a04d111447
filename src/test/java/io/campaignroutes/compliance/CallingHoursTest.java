package io.campaignroutes.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallingHoursTest {
  private static final Policies POLICIES =
      Policies.load(
          Path.of("config", "policies"), LocalDate.of(2026, 3, 2), Duration.ofDays(4_000));

  @ParameterizedTest
  @CsvSource({
    // Monday to Friday, nine to five in Berlin; 2026-11-24 is a Tuesday
    "2026-11-24T07:59:59Z, false",
    "2026-11-24T08:00:00Z, true",
    "2026-11-24T15:59:59Z, true",
    "2026-11-24T16:00:00Z, false",
    "2026-11-28T10:00:00Z, false",
  })
  void theScheduleIsHalfOpenInTheCampaignsZone(Instant at, boolean open) {
    assertThat(hours("Europe/Berlin", 9, 17).open(at)).isEqualTo(open);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-24T05:00:00Z, outside calling hours until 09:00 Europe/Berlin",
    "2026-11-24T18:00:00Z, outside calling hours until Wed 09:00 Europe/Berlin",
    "2026-11-27T18:00:00Z, outside calling hours until Mon 09:00 Europe/Berlin",
  })
  void anOperatorReadsWhenItOpens(Instant at, String why) {
    assertThat(hours("Europe/Berlin", 9, 17).closed(at)).contains(why);
  }

  @Test
  void thePolicyNarrowsTheSchedule() {
    CallingHours hours = hours("America/New_York", 0, 24);
    assertThat(hours.open(Instant.parse("2026-11-24T12:59:00Z"))).isFalse(); // 07:59
    assertThat(hours.open(Instant.parse("2026-11-24T13:00:00Z"))).isTrue(); // 08:00
    assertThat(hours.opens(Instant.parse("2026-11-25T02:30:00Z"))) // 21:30
        .contains(Instant.parse("2026-11-25T13:00:00Z"));
  }

  @Test
  void theNightIsAsLongAsTheClockMakesIt() {
    CallingHours hours = hours("Europe/Berlin", 9, 17);
    // Friday 17:00 CEST to Monday 09:00 CET, the clock having gone back on the Sunday
    assertThat(hours.opens(Instant.parse("2026-10-23T15:00:00Z")))
        .contains(Instant.parse("2026-10-26T08:00:00Z"));
  }

  private static CallingHours hours(String zone, int start, int end) {
    JsonNode request =
        json(
            "{\"timeZone\":\"%s\",\"schedule\":{\"daysOfWeek\":[\"MONDAY\",\"TUESDAY\",\"WEDNESDAY\",\"THURSDAY\",\"FRIDAY\"],\"startHour\":%d,\"endHour\":%d}}"
                .formatted(zone, start, end));
    return CallingHours.of(request, POLICIES.policy("us-federal").orElseThrow());
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
