package io.campaignroutes.pacing;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A series of numbers that is kept as text, since it is the largest part of what is remembered. It
 * is the same as another with the same text.
 */
abstract class TextValue {

  @JsonValue
  abstract String text();

  /** A time in milliseconds, above zero. */
  static int length(String text) {
    int length = Integer.parseInt(text);
    if (length <= 0) {
      throw new IllegalArgumentException("a time of " + text + " ms");
    }
    return length;
  }

  static double finite(String text) {
    double number = Double.parseDouble(text);
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException(text + " is no number");
    }
    return number;
  }

  @Override
  public final boolean equals(Object other) {
    return other != null
        && other.getClass() == getClass()
        && text().equals(((TextValue) other).text());
  }

  @Override
  public final int hashCode() {
    return text().hashCode();
  }

  @Override
  public final String toString() {
    return text();
  }
}
