package io.campaignroutes.audit;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** How times, numbers and text look in an audit line. */
final class AuditText {
  /** {@code prev} of a first line. */
  static final String ZEROS = "0".repeat(64);

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private AuditText() {}

  /** ISO 8601 in UTC, always with milliseconds. */
  static String time(long millis) {
    return TIME.format(Instant.ofEpochMilli(millis));
  }

  /** A number in digits, never in the notation with an exponent. */
  static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }

  /**
   * The same JSON with everything escaped that could break a line, hide in one, or not survive
   * UTF-8: control characters beyond the ones JSON itself forbids, U+2028, U+2029 and unpaired
   * surrogates. Such characters stand inside of JSON strings only, so replacing them is safe.
   */
  static String oneLine(String json) {
    int length = json.length();
    for (int i = 0; i < length; i++) {
      if (unsafe(json, i)) {
        var out = new StringBuilder(length + 32).append(json, 0, i);
        for (; i < length; i++) {
          if (unsafe(json, i)) {
            out.append(String.format("\\u%04x", (int) json.charAt(i)));
          } else {
            out.append(json.charAt(i));
          }
        }
        return out.toString();
      }
    }
    return json;
  }

  private static boolean unsafe(String text, int i) {
    char c = text.charAt(i);
    if (c < 0x7f) {
      return false;
    }
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    if (Character.isLowSurrogate(c)) {
      return i == 0 || !Character.isHighSurrogate(text.charAt(i - 1));
    }
    return c <= 0x9f || c == '\u2028' || c == '\u2029';
  }
}
