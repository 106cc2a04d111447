package io.campaignroutes.text;

import io.campaignroutes.text.JsonFault.Kind;
import io.campaignroutes.text.JsonFault.Origin;
import io.campaignroutes.text.JsonReading.Open;
import io.campaignroutes.text.JsonReading.Wanted;
import java.util.Locale;

/** What is wrong with JSON at a place, and what to do about it. */
final class JsonWords {
  private static final int MAX_NAME = 40;

  private final Kind kind;

  JsonWords(Kind kind) {
    this.kind = kind;
  }

  static String place(long line, long column) {
    return "line " + line + ", column " + column;
  }

  String head(long line, long column) {
    return "This is not valid JSON at " + place(line, column) + ": ";
  }

  String wide(Origin origin, String encoding) {
    return (kind == Kind.LINE ? "Line " + origin.line() : "This")
        + " is in "
        + encoding
        + ", but JSON has to be in UTF-8. Save or send it as UTF-8.";
  }

  String notUtf8(String found) {
    return "there is " + found + ". Save or send it as UTF-8.";
  }

  String empty(Origin origin) {
    return switch (kind) {
      case BODY -> "There is no JSON: the body is empty.";
      case FILE, REQUESTS -> "There is no JSON: the file is empty.";
      case LINE -> "There is no JSON: line " + origin.line() + " is empty. Remove it.";
    };
  }

  String cutOff(Open open, Wanted wanted) {
    String missing =
        switch (wanted) {
          case COLON -> "a name has no value";
          case VALUE -> "a value is missing";
          default -> "";
        };
    return "it ends too early: "
        + (missing.isEmpty() ? "" : missing + ", and ")
        + "the "
        + open.kind()
        + " that begins at "
        + open.at()
        + " is not closed by "
        + open.end()
        + ". "
        + (kind == Kind.LINE
            ? "Each line of an .ndjson file has to be a whole request."
            : "Send the whole of it.");
  }

  String unclosed(String what, String begin) {
    return "it ends too early: the "
        + what
        + " that begins at "
        + begin
        + " has no quote \" at its end. "
        + (kind == Kind.LINE
            ? "Each line of an .ndjson file has to be a whole request."
            : "Send the whole of it, or add the quote.");
  }

  String inText(int character, String what, String begin) {
    String head =
        "the "
            + what
            + " that begins at "
            + begin
            + " has "
            + Characters.named(character)
            + " in it. ";
    return switch (character) {
      case '\n', '\r' ->
          head + "Add the quote \" that is missing at its end, or write \\n for a line end.";
      case '\t' -> head + "Write \\t for it.";
      default -> head + "Remove it.";
    };
  }

  String escape(int character) {
    if (character == 'u') {
      return "\\u has to be followed by four hexadecimal digits, as in \\u00e9. Write \\\\ for a"
          + " backslash.";
    }
    String shown = Characters.named(character);
    return "a backslash must not be followed by "
        + shown
        + ". Write \\\\ for a backslash, as in \"C:\\\\lists\".";
  }

  String twice(String name, String before) {
    String shown = shortened(name);
    String which = shown.isEmpty() ? "name that cannot be seen" : "name " + shown;
    return "the "
        + (name.isEmpty() ? "empty name \"\"" : which)
        + " appears twice in one object, first at "
        + before
        + ". Remove one of them.";
  }

  String commaTooMany(char end) {
    return "this comma is one too many, since only " + end + " follows. Remove it.";
  }

  /**
   * What a number has that JSON does not.
   *
   * @param after the character behind it
   */
  String number(String number, int after) {
    String plain = number.startsWith("-") ? number.substring(1) : number;
    if (plain.isEmpty() || !Character.isDigit(plain.charAt(0))) {
      String said =
          plain.toLowerCase(Locale.ROOT).startsWith("inf")
              ? number + " is not a number in JSON. "
              : "a minus sign has to be followed by a digit. ";
      return said + "Write a number such as 0.5, or leave it out.";
    }
    if (plain.matches("0[xX].*")) {
      return number + " is not a number in JSON. Write it with decimal digits.";
    }
    if (plain.matches("0[0-9]+.*")) {
      return "the number "
          + number
          + " begins with a zero. Remove the zero, or put it in quotes if it is a text.";
    }
    if (plain.matches("[0-9]+\\.") || plain.matches("[0-9]+\\.[eE].*")) {
      return "the number " + number + " has no digit after its point. Write one, as in 1.0.";
    }
    if (plain.matches("[0-9]+(\\.[0-9]+)?[eE][+-]?")) {
      return "the number " + number + " has no digit after its e. Write one, as in 1e3.";
    }
    return number + " is not a number. Put it in quotes if it is a text.";
  }

  /**
   * A character that does not fit.
   *
   * @param word what it begins, empty when it begins no word
   * @param want what may stand there
   * @param in the object or list that it is in; null for none
   */
  String unexpected(int c, String word, Wanted want, Open in) {
    String foreign = foreign(c, word, want, in);
    if (foreign != null) {
      return foreign;
    }
    boolean value = value(want);
    boolean name = name(want);
    if (want == Wanted.NOTHING) {
      return more(c);
    }
    if (name && !word.isEmpty() && Character.isLetter(c)) {
      return "the name "
          + shortened(word)
          + " is not in double quotes. Write \""
          + shortened(word)
          + "\".";
    }
    if (value && !word.isEmpty()) {
      return word(c, word);
    }
    if (name && c >= '0' && c <= '9') {
      return "there is "
          + shortened(word)
          + where(want, in)
          + ". A number has a point before its decimals, as in 2.5, and no commas.";
    }
    if (c == ',' && (value || name)) {
      return "there is a comma too many: " + expected(want, in) + " is expected. Remove it.";
    }
    if (value && Characters.isDash(c)) {
      return "there is " + Characters.named(c) + ". Write - for a minus sign.";
    }
    if ((c == '}' || c == ']') && in != null && c != in.end()) {
      return "there is "
          + (char) c
          + " where the "
          + in.kind()
          + " that begins at "
          + in.at()
          + " has to be closed by "
          + in.end()
          + ".";
    }
    if (want == Wanted.COMMA_OR_END && (c == '"' || c == '{' || c == '[')) {
      return "a comma is missing before " + (char) c + ". Add it.";
    }
    if (want == Wanted.COMMA_OR_END && !word.isEmpty()) {
      return "there is "
          + shortened(word)
          + where(want, in)
          + ". Add the comma; if it belongs to the text before it, write \\\" for each quote within"
          + " the text.";
    }
    return "there is " + Characters.named(c) + where(want, in) + ".";
  }

  private static boolean value(Wanted want) {
    return want == Wanted.VALUE || want == Wanted.VALUE_OR_END;
  }

  private static boolean name(Wanted want) {
    return want == Wanted.NAME || want == Wanted.NAME_OR_END;
  }

  /**
   * What JSON has nowhere outside of texts.
   *
   * @return null when it is none of that
   */
  private static String foreign(int c, String word, Wanted want, Open in) {
    boolean quotable = value(want) || name(want);
    if (Characters.isOddQuote(c)) {
      return quotable
          ? "there is "
              + Characters.named(c)
              + " where a straight quote \" is expected. Replace it; word processors put such"
              + " quotes in."
          : "there is " + Characters.named(c) + where(want, in) + ". Remove it.";
    }
    if (Characters.isSpace(c)) {
      return "there is "
          + Characters.named(c)
          + ". Use ordinary spaces and line ends between values.";
    }
    if (Characters.isInvisible(c) || c < 0x20 || c == 0x7f) {
      return "there is " + Characters.named(c) + ". Remove it.";
    }
    if (word.equals("//") || word.equals("/*") || c == '#') {
      return "there is a comment, which JSON does not have. Remove it.";
    }
    if (c == '\'' || c == '`') {
      return quotable
          ? "there is "
              + (char) c
              + " where a double quote \" is expected. Put names and texts in double quotes."
          : "there is " + (char) c + where(want, in) + ". Remove it.";
    }
    return null;
  }

  /** Something behind the end. */
  private String more(int c) {
    if (c == '}' || c == ']') {
      return "there is a closing " + (char) c + " too many. Remove it.";
    }
    boolean another = c == '{' || c == '[' || c == '"';
    if (!another && c != ',') {
      return "there is " + Characters.named(c) + " after the end of the JSON. Remove it.";
    }
    String what = another ? "another JSON document begins here. " : "there is more after the end. ";
    return what
        + switch (kind) {
          case LINE -> "Put each request on a line of its own, without commas between lines.";
          case REQUESTS ->
              "Put several requests into a list [ ] with commas between them, or one a line into an"
                  + " .ndjson file.";
          case BODY -> "Send one at a time.";
          case FILE -> "Remove it.";
        };
  }

  private String word(int c, String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    String shown = shortened(word);
    if (lower.equals("true") || lower.equals("false") || lower.equals("null")) {
      return shown + " has to be in lower case. Write " + lower + ".";
    }
    if (lower.equals("nan")
        || lower.matches("[+-]?inf(inity)?")
        || lower.equals("undefined")
        || lower.equals("none")
        || lower.equals("nil")) {
      return shown + " is not a JSON value. Write a number, a text in quotes or null.";
    }
    if (c == '+') {
      return "a number must not begin with +. Write " + shortened(word.substring(1)) + ".";
    }
    if (c == '.') {
      return "a number must not begin with a point. Write 0" + shown + ".";
    }
    return "the value "
        + shown
        + " is not in double quotes. Write \""
        + shown
        + "\" if it is a text.";
  }

  private static String where(Wanted wanted, Open in) {
    return " where " + expected(wanted, in) + " is expected";
  }

  private static String expected(Wanted wanted, Open in) {
    return switch (wanted) {
      case VALUE -> "a value";
      case VALUE_OR_END -> "a value or ]";
      case NAME -> "a name in double quotes";
      case NAME_OR_END -> "a name in double quotes or }";
      case COLON -> "a colon :";
      case COMMA_OR_END -> "a comma or " + in.end();
      case NOTHING -> "nothing more";
    };
  }

  private static String shortened(String text) {
    return Plain.line(text, MAX_NAME);
  }
}
