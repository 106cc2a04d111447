package io.campaignroutes.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;
import org.apache.commons.text.StringEscapeUtils;

/**
 * Texts and values from outside, made fit to stand in a line: nothing that cannot be seen, not too
 * long.
 */
public final class Plain {
  private static final String ELLIPSIS = "...";

  private static final int MAX_ESCAPED = 80;
  private static final int MAX_QUOTED = 120;

  /** So much of a text is looked at for each character that may be kept of it. */
  private static final int LOOKED_AT = 40;

  private static final Pattern NOT_SHOWN =
      Pattern.compile(
          "<!--.*?-->|<(script|style)\\b.*?(</\\1\\s*>|$)",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final Pattern TAG = Pattern.compile("</?[A-Za-z!?][^<>]*(>|$)");

  private Plain() {}

  /**
   * The text on one line: control characters, line ends and white space of any kind become one
   * space, invisible characters and such as change the direction of text go.
   *
   * @param max characters at the most; "..." at the end says that there were more
   */
  public static String line(String text, int max) {
    StringBuilder line = new StringBuilder();
    boolean space = false;
    int length = 0;
    int cut = 0;
    for (int at = 0; at < text.length() && length <= max; ) {
      int character = text.codePointAt(at);
      at += Character.charCount(character);
      int type = Character.getType(character);
      if (Characters.isSpace(character) || type == Character.CONTROL) {
        space = true;
      } else if (Characters.isPrintable(character)) {
        if (space && length > 0) {
          line.append(' ');
          length++;
        }
        space = false;
        line.appendCodePoint(character);
        length++;
        cut = length <= max - ELLIPSIS.length() ? line.length() : cut;
      }
    }
    return length > max ? line.substring(0, cut).strip() + ELLIPSIS : line.toString();
  }

  /** The same without the tags, scripts and comments of markup, and with its entities read. */
  public static String withoutMarkup(String text, int max) {
    String part = text.substring(0, Math.min(text.length(), LOOKED_AT * max));
    String plain = NOT_SHOWN.matcher(part).replaceAll(" ");
    plain = TAG.matcher(plain).replaceAll(" ");
    plain = StringEscapeUtils.unescapeHtml4(plain.replace("&apos;", "'"));
    return line(TAG.matcher(plain).replaceAll(" "), max);
  }

  /** At most {@value #MAX_ESCAPED} characters of a text, with what cannot be seen escaped. */
  public static String escaped(String text) {
    return escaped(text, MAX_ESCAPED);
  }

  /** At most {@value #MAX_QUOTED} characters of a text, escaped likewise, between quotes. */
  public static String quoted(String text) {
    return "'" + escaped(text, MAX_QUOTED) + "'";
  }

  /** The value in quotes if it is a text, as JSON if it is a number, else the name of its kind. */
  public static String value(JsonNode value) {
    if (value == null || value.isMissingNode()) {
      return "nothing";
    }
    if (value.isTextual()) {
      return "\"" + escaped(value.textValue()) + "\"";
    }
    return value.isNumber() || value.isBoolean() ? escaped(value.asText()) : kind(value);
  }

  /** "a text", "a number", ... as people say it. */
  public static String kind(JsonNode value) {
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

  private static String escaped(String text, int max) {
    StringBuilder shown = new StringBuilder();
    int cut = 0;
    int at = 0;
    while (at < text.length() && shown.length() <= max) {
      int character = text.codePointAt(at);
      shown.append(
          Characters.isPrintable(character) ? Character.toString(character) : escape(character));
      cut = shown.length() <= max - ELLIPSIS.length() ? shown.length() : cut;
      at += Character.charCount(character);
    }
    return shown.length() > max ? shown.substring(0, cut) + ELLIPSIS : shown.toString();
  }

  private static String escape(int character) {
    return switch (character) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> (character > 0xffff ? "\\u{%x}" : "\\u%04x").formatted(character);
    };
  }
}
