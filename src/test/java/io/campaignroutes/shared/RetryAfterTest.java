package io.campaignroutes.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("2026-03-02T15:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "7, 7",
    "' 12 ', 12",
    "3600, 3600",
    "86400, 3600",
    "9223372036854775807, 3600",
    "99999999999999999999999, 3600"
  })
  void secondsAreReadAndCutToAnHour(String header, long seconds) {
    assertThat(RetryAfter.parse(header, NOW)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void aDateIsTheTimeUntilThen() {
    assertThat(RetryAfter.parse("Mon, 02 Mar 2026 15:00:30 GMT", NOW))
        .isEqualTo(Duration.ofSeconds(30));
    assertThat(RetryAfter.parse("Mon, 02 Mar 2026 14:00:00 GMT", NOW)).isEqualTo(Duration.ZERO);
    assertThat(RetryAfter.parse("Tue, 03 Mar 2026 15:00:00 GMT", NOW))
        .isEqualTo(RetryAfter.LONGEST);
  }

  /** RFC 9110, section 5.6.7, has three. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Mon, 02 Mar 2026 15:00:30 GMT",
        "Monday, 02-Mar-26 15:00:30 GMT",
        "Mon Mar  2 15:00:30 2026",
        "Mon Mar 2 15:00:30 2026",
        " Mon, 2 Mar 2026 15:00:30 GMT ",
        "Fri, 02 Mar 2026 15:00:30 GMT"
      })
  void aDateIsReadInEachOfItsForms(String header) {
    assertThat(RetryAfter.parse(header, NOW)).isEqualTo(Duration.ofSeconds(30));
    assertThat(RetryAfter.bySender(header, "Monday, 02-Mar-26 15:00:00 GMT")).isEqualTo("30");
    assertThat(RetryAfter.bySender(header, "Mon Mar  2 15:00:00 2026")).isEqualTo("30");
  }

  @Test
  void twoDigitsOfAYearAreNeverFarAhead() {
    assertThat(RetryAfter.parse("Sunday, 06-Nov-94 08:49:37 GMT", NOW)).isEqualTo(Duration.ZERO);
  }

  @Test
  void aPartOfASecondCounts() {
    assertThat(RetryAfter.parse("2.5", NOW)).isEqualTo(Duration.ofMillis(2_500));
    assertThat(RetryAfter.bySender("2.5", null)).as("never sooner").isEqualTo("3");
  }

  @Test
  void ofSeveralTheLongestThatCanBeReadCounts() {
    String date = "Mon, 02 Mar 2026 15:00:00 GMT";
    assertThat(RetryAfter.bySender(List.of("3", "20", "soon"), date)).isEqualTo("20");
    assertThat(RetryAfter.bySender("3, 20", date)).isEqualTo("20");
    assertThat(RetryAfter.bySender(List.of("3", "Mon, 02 Mar 2026 15:00:30 GMT"), date))
        .isEqualTo("30");
    assertThat(RetryAfter.bySender(List.of("-3", "soon"), date)).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "'Mon, 02 Mar 2026 15:00:30 GMT' | 'Mon, 02 Mar 2026 15:00:00 GMT' | 30",
        "'Mon, 02 Mar 2026 14:00:00 GMT' | 'Mon, 02 Mar 2026 15:00:00 GMT' | 0",
        "'Mon, 02 Mar 2026 14:00:00 GMT' | never | 0",
        "'Mon, 02 Mar 2026 14:00:00 GMT' | | 0",
        "7 | 'Mon, 02 Mar 2026 15:00:00 GMT' | 7",
        "soon | 'Mon, 02 Mar 2026 15:00:00 GMT' | ",
        " | 'Mon, 02 Mar 2026 15:00:00 GMT' | "
      },
      delimiter = '|')
  void aDateIsReckonedByTheClockOfWhoeverSentIt(String header, String date, String expected) {
    assertThat(RetryAfter.bySender(header, date)).isEqualTo(expected);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "  ",
        "soon",
        "-5",
        "+5",
        "1e3",
        "5s",
        "\u0665",
        ".5",
        "Mon, 02",
        "Mon, 99 Mar 2026 15:00:30 GMT"
      })
  void nonsenseIsAsGoodAsNoHeader(String header) {
    assertThat(RetryAfter.parse(header, NOW)).isNull();
  }
}
