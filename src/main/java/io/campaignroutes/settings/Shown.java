package io.campaignroutes.settings;

import java.util.stream.Collectors;

/** Values as they can stand in a line. */
final class Shown {
  private static final int LONGEST = 120;

  private Shown() {}

  /** A value between quotes, on one line, with what cannot be seen written as escapes. */
  static String quoted(String value) {
    String shown =
        value
            .codePoints()
            .limit(LONGEST)
            .mapToObj(Shown::visible)
            .collect(Collectors.joining("", "'", ""));
    return value.codePointCount(0, value.length()) > LONGEST ? shown + "...'" : shown + "'";
  }

  private static String visible(int point) {
    return switch (point) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default ->
          Character.isISOControl(point) || Character.getType(point) == Character.FORMAT
              ? "\\u%04x".formatted(point)
              : Character.toString(point);
    };
  }
}
