package io.campaignroutes.shared;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Year;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The {@code Retry-After} header: seconds or an HTTP date (RFC 9110, section 10.2.3) in any of its
 * three forms (section 5.6.7). A part of a second, which the RFC does not have, is taken as well.
 */
public final class RetryAfter {
  /** Longer wishes are cut to this. */
  public static final Duration LONGEST = Duration.ofHours(1);

  private static final String SECONDS = "[0-9]+(\\.[0-9]+)?";

  private static final DateTimeFormatter ASCTIME =
      DateTimeFormatter.ofPattern("MMM d HH:mm:ss yyyy", Locale.ROOT);

  private RetryAfter() {}

  /**
   * The longest wait that an answer asks for, in seconds. A date counts by the clock of whoever
   * sent it, as the answer's own {@code Date} has it, and not by ours, which may be wrong.
   *
   * @param header the header, or all headers of that name; null for none
   * @param date the answer's own date; null for none
   * @return null where none of them can be read
   */
  public static String bySender(Object header, String date) {
    Instant sent = date == null ? null : date(date, Instant.now());
    Instant now = sent == null ? Instant.now() : sent;
    return values(header)
        .map(value -> parse(value, now))
        .filter(Objects::nonNull)
        .max(Duration::compareTo)
        .map(wait -> Long.toString((wait.toMillis() + 999) / 1_000))
        .orElse(null);
  }

  private static Stream<String> values(Object header) {
    Collection<?> all =
        header instanceof Collection<?> several
            ? several
            : header == null ? List.of() : List.of(header);
    return all.stream().map(String::valueOf).flatMap(RetryAfter::parts);
  }

  /** A proxy may have joined several; a date has a comma of its own. */
  private static Stream<String> parts(String value) {
    List<String> parts = Arrays.asList(value.split(","));
    return parts.stream().allMatch(part -> part.strip().matches(SECONDS))
        ? parts.stream()
        : Stream.of(value);
  }

  /** The wait that the header asks for; null when there is none or it cannot be read. */
  public static Duration parse(String header, Instant now) {
    if (header == null || header.isBlank()) {
      return null; // nonsense is as good as no header: the caller backs off on its own
    }
    String value = header.strip();
    if (value.matches(SECONDS)) {
      double seconds = Double.parseDouble(value);
      return seconds >= LONGEST.toSeconds()
          ? LONGEST
          : Duration.ofMillis((long) Math.ceil(seconds * 1_000));
    }
    Instant until = date(value, now);
    if (until == null) {
      return null;
    }
    Duration wait = Duration.between(now, until);
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }

  /** An HTTP date; null when it is none. Its day of the week follows from the rest. */
  private static Instant date(String text, Instant now) {
    String day = text.strip().replaceAll("\\s+", " ").replaceFirst("^[A-Za-z]+,? ", "");
    try {
      if (day.matches("[0-9]{1,2}-.*")) {
        return LocalDateTime.parse(day, rfc850(now)).toInstant(ZoneOffset.UTC);
      }
      return day.matches("[A-Za-z].*")
          ? LocalDateTime.parse(day, ASCTIME).toInstant(ZoneOffset.UTC)
          : ZonedDateTime.parse(day, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Its two digits of a year are never more than 50 years ahead. */
  private static DateTimeFormatter rfc850(Instant now) {
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .appendPattern("d-MMM-")
        .appendValueReduced(
            ChronoField.YEAR, 2, 2, Year.from(now.atZone(ZoneOffset.UTC)).getValue() - 49)
        .appendPattern(" HH:mm:ss 'GMT'")
        .toFormatter(Locale.ROOT);
  }
}
