package io.campaignroutes.text;

import java.util.Locale;

/** What a single character is, for people and for checks; a character is a Unicode code point. */
public final class Characters {
  private static final String CURLY_QUOTES = "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b";
  private static final String OTHER_QUOTES =
      "\u00ab\u00bb\u2039\u203a\u2032\u2033\u00b4\uff02\uff07\u300c\u300d\u300e\u300f\u301d\u301e";
  private static final String DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212\uff0d";

  private Characters() {}

  /** A quote that is not the straight {@code "} or {@code '}. */
  static boolean isOddQuote(int character) {
    return (CURLY_QUOTES + OTHER_QUOTES).indexOf(character) >= 0;
  }

  static boolean isDash(int character) {
    return DASHES.indexOf(character) >= 0;
  }

  /** White space of any kind: spaces, tabs, line ends. */
  public static boolean isSpace(int character) {
    return Character.isWhitespace(character)
        || Character.isSpaceChar(character)
        || character == 0x85
        || character == 0x2800; // the blank one of Braille
  }

  static boolean isLineEnd(int character) {
    return character == '\n'
        || character == '\r'
        || character == 0x0b
        || character == 0x0c
        || character == 0x85
        || character == 0x2028
        || character == 0x2029;
  }

  /** A character that changes the direction in which text runs. */
  static boolean isDirection(int character) {
    return character == 0x061c
        || character == 0x200e
        || character == 0x200f
        || character >= 0x202a && character <= 0x202e
        || character >= 0x2066 && character <= 0x2069;
  }

  /**
   * A character that is not seen and takes no room: Unicode's Default_Ignorable_Code_Point and all
   * format characters.
   */
  public static boolean isInvisible(int character) {
    return Character.getType(character) == Character.FORMAT
        || character == 0x034f
        || character == 0x115f
        || character == 0x1160
        || character == 0x17b4
        || character == 0x17b5
        || character >= 0x180b && character <= 0x180f
        || character >= 0x2060 && character <= 0x206f
        || character == 0x3164
        || character >= 0xfe00 && character <= 0xfe0f
        || character == 0xffa0
        || character >= 0xfff0 && character <= 0xfff8
        || character >= 0xe0000 && character <= 0xe0fff;
  }

  /** Whether a character can be shown as it is, on one line and without touching its neighbors. */
  public static boolean isPrintable(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> !isInvisible(character);
    };
  }

  /**
   * A character as people can look for it, such as "a curly quote “ (U+201C)"; a plain letter,
   * digit or mark as itself.
   */
  public static String named(int character) {
    if (character > 0x20 && character < 0x7f) {
      return Character.toString(character);
    }
    String kind = kind(character);
    if (character == '\t' || character == '\n' || character == '\r' || character == ' ') {
      return kind;
    }
    String code = String.format(Locale.ROOT, "U+%04X", character);
    if (!isPrintable(character) || isSpace(character)) {
      return kind + " (" + code + ")";
    }
    return (kind.isEmpty() ? "" : kind + " ") + Character.toString(character) + " (" + code + ")";
  }

  private static String kind(int character) {
    return switch (character) {
      case ' ' -> "a space";
      case '\t' -> "a tab";
      case '\n', '\r' -> "a line end";
      case 0 -> "a NUL character";
      case 0x1b -> "an escape character";
      case 0x7f -> "a delete character";
      case 0x85 -> "a next-line character";
      case 0xa0 -> "a no-break space";
      case 0xad -> "an invisible soft hyphen";
      case 0x200b -> "an invisible zero-width space";
      case 0x200c -> "an invisible zero-width non-joiner";
      case 0x200d -> "an invisible zero-width joiner";
      case 0x2028 -> "a line separator";
      case 0x2029 -> "a paragraph separator";
      case 0x2060 -> "an invisible word joiner";
      case 0x2800 -> "an unusual space";
      case 0x3000 -> "a full-width space";
      case 0xfeff -> "an invisible byte order mark";
      case 0xfffd -> "a replacement character";
      default -> kindOfMany(character);
    };
  }

  private static String kindOfMany(int character) {
    if (CURLY_QUOTES.indexOf(character) >= 0) {
      return "a curly quote";
    }
    if (isOddQuote(character)) {
      return "a quote";
    }
    if (isDash(character)) {
      return "a dash";
    }
    if (isDirection(character)) {
      return "an invisible mark for the direction of text";
    }
    if (character >= 0xff01 && character <= 0xff5e) {
      return "the full-width character";
    }
    return switch (Character.getType(character)) {
      case Character.CONTROL -> "a control character";
      case Character.SPACE_SEPARATOR -> "an unusual space";
      case Character.SURROGATE -> "half of a character";
      default -> isInvisible(character) ? "an invisible character" : "";
    };
  }
}
