package io.campaignroutes.cxone;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** The {@code Retry-After} header: seconds or an HTTP date (RFC 9110, section 10.2.3). */
public final class RetryAfter {
  /** Longer wishes are cut to this. */
  public static final Duration LONGEST = Duration.ofHours(1);

  private RetryAfter() {}

  /**
   * The header of an answer in seconds where it is a date: by the clock of whoever sent it, as the
   * answer's own {@code Date} has it, and not by ours, which may be wrong.
   *
   * @return the header as it is where it is no date, or the answer has none
   */
  public static String bySender(String header, String date) {
    if (header == null || date == null) {
      return header;
    }
    try {
      Instant sent =
          ZonedDateTime.parse(date.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Instant until =
          ZonedDateTime.parse(header.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Long.toString(Math.max(0, Duration.between(sent, until).toSeconds()));
    } catch (DateTimeException e) {
      return header;
    }
  }

  /** The wait that the header asks for; null when there is none or it cannot be read. */
  public static Duration parse(String header, Instant now) {
    if (header == null || header.isBlank()) {
      return null;
    }
    Duration wait;
    try {
      wait =
          header.strip().chars().allMatch(Character::isDigit)
              ? Duration.ofSeconds(Long.parseLong(header.strip()))
              : Duration.between(
                  now,
                  ZonedDateTime.parse(header.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                      .toInstant());
    } catch (DateTimeException | NumberFormatException e) {
      return null; // nonsense is as good as no header: the caller backs off on its own
    }
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }
}
