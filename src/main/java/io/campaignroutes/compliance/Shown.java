package io.campaignroutes.compliance;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.text.Characters;

/** How values from outside are shown in messages: short, on one line, nothing unprintable. */
final class Shown {
  static final int LONGEST = 80;
  private static final String ELLIPSIS = "...";

  private Shown() {}

  /** The value in quotes if it is a text, as JSON if it is a number, else the name of its kind. */
  static String value(JsonNode value) {
    if (value == null || value.isMissingNode()) {
      return "nothing";
    }
    if (value.isTextual()) {
      return "\"" + text(value.textValue()) + "\"";
    }
    if (value.isNumber() || value.isBoolean()) {
      return text(value.asText());
    }
    return kind(value);
  }

  /** At most {@value #LONGEST} characters of a text, with everything unprintable escaped. */
  static String text(String text) {
    StringBuilder shown = new StringBuilder();
    int cut = 0;
    int at = 0;
    while (at < text.length() && shown.length() <= LONGEST) {
      int character = text.codePointAt(at);
      shown.append(
          Characters.isPrintable(character) ? Character.toString(character) : escape(character));
      cut = shown.length() <= LONGEST - ELLIPSIS.length() ? shown.length() : cut;
      at += Character.charCount(character);
    }
    if (shown.length() > LONGEST) {
      return shown.substring(0, cut) + ELLIPSIS;
    }
    return shown.toString();
  }

  /** "a text", "a number", ... as people say it. */
  static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> "a text";
      case NUMBER -> "a number";
      case BOOLEAN -> "true or false";
      case ARRAY -> "a list";
      case NULL -> "null";
      case OBJECT -> "an object";
      default -> "nothing";
    };
  }

  private static String escape(int character) {
    return character > 0xffff
        ? String.format("\\u{%x}", character)
        : String.format("\\u%04x", character);
  }
}
