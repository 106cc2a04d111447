package io.campaignroutes.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeZonesTest {
  private static final Instant WINTER = Instant.parse("2026-01-15T00:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "US/Eastern, America/New_York, true",
    "EST5EDT, America/New_York, true",
    "America/Detroit, America/New_York, true",
    "Asia/Calcutta, Asia/Kolkata, true",
    "UTC, Etc/GMT, true",
    "EST, America/Panama, true",
    "MST, America/Phoenix, true",
    "HST, Pacific/Honolulu, true",
    "America/Phoenix, America/Denver, false",
    "America/New_York, America/Chicago, false",
    "Europe/London, UTC, false",
    "America/New_York, Mars/Base, false",
  })
  void zonesAreEquivalentWhenTheirClocksAgreeForTwoYears(String a, String b, boolean same) {
    assertThat(TimeZones.equivalent(a, b, WINTER)).isEqualTo(same);
    assertThat(TimeZones.equivalent(b, a, WINTER)).isEqualTo(same);
  }

  @Test
  void noNameIsNoZone() {
    assertThat(TimeZones.parse(null)).isEmpty();
    assertThat(TimeZones.parse("")).isEmpty();
    assertThat(TimeZones.equivalent(null, "UTC", WINTER)).isFalse();
    assertThat(TimeZones.equivalent("Nowhere", "Nowhere", WINTER)).isFalse();
  }

  @Test
  void zonesThatDifferedOnlyInThePastAreEquivalent() {
    // Both have kept the time of Berlin since 1996; before, they did not.
    assertThat(TimeZones.equivalent("Europe/Vaduz", "Europe/Berlin", WINTER)).isTrue();
    assertThat(
            TimeZones.equivalent(
                "Europe/Vaduz", "Europe/Berlin", Instant.parse("1980-01-01T00:00:00Z")))
        .isFalse();
  }
}
