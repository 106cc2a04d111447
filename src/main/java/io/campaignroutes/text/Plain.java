package io.campaignroutes.text;

import java.util.regex.Pattern;

/** A text from outside, made harmless: one line, nothing that cannot be seen, not too long. */
public final class Plain {
  private static final String ELLIPSIS = "...";

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
    plain =
        plain
            .replace("&nbsp;", " ")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&apos;", "'")
            .replace("&amp;", "&");
    return line(TAG.matcher(plain).replaceAll(" "), max);
  }
}
