package io.campaignroutes.cxone;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
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
    "9223372036854775807, 3600"
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

  @ParameterizedTest
  @CsvSource(
      value = {
        "'Mon, 02 Mar 2026 15:00:30 GMT' | 'Mon, 02 Mar 2026 15:00:00 GMT' | 30",
        "'Mon, 02 Mar 2026 14:00:00 GMT' | 'Mon, 02 Mar 2026 15:00:00 GMT' | 0",
        "'Mon, 02 Mar 2026 14:00:00 GMT' | never | 'Mon, 02 Mar 2026 14:00:00 GMT'",
        "'Mon, 02 Mar 2026 14:00:00 GMT' | | 'Mon, 02 Mar 2026 14:00:00 GMT'",
        "7 | 'Mon, 02 Mar 2026 15:00:00 GMT' | 7",
        " | 'Mon, 02 Mar 2026 15:00:00 GMT' | "
      },
      delimiter = '|')
  void aDateIsReckonedByTheClockOfWhoeverSentIt(String header, String date, String expected) {
    assertThat(RetryAfter.bySender(header, date)).isEqualTo(expected);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "  ", "soon", "-5", "1.5", "99999999999999999999999", "Mon, 02"})
  void nonsenseIsAsGoodAsNoHeader(String header) {
    assertThat(RetryAfter.parse(header, NOW)).isNull();
  }
}
