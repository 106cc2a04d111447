package io.campaignroutes.settings;

import java.util.regex.Pattern;

/** Secrets as people write them. What is wrong with one is told without repeating it. */
final class SecretTexts {
  /** Visible ASCII and blanks between: what a header carries there and back. */
  private static final Pattern IN_A_HEADER = Pattern.compile("[\\x20-\\x7e]*");

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final Pattern LINE_ENDS = Pattern.compile("[\\r\\n]+$");

  /** How a key begins that is written in lines. */
  private static final String PEM = "-----BEGIN ";

  private SecretTexts() {}

  /**
   * A secret without what is around it.
   *
   * @throws UnusableException when it has control characters
   */
  static String plain(String given) {
    String plain = given.strip();
    return plain.startsWith(PEM) ? plain : printable(plain);
  }

  /**
   * The same for one that headers carry.
   *
   * @throws UnusableException when none can
   */
  static String inHeaders(String given) {
    String plain = printable(given.strip());
    if (!IN_A_HEADER.matcher(plain).matches()) {
      throw new UnusableException(
          "has a letter outside ASCII in it, which no HTTP header can carry.",
          "Use letters, digits and signs of ASCII.");
    }
    return plain;
  }

  /** A password: it may end in a blank, as nothing else may. */
  static String password(String given) {
    return printable(LINE_ENDS.matcher(given).replaceFirst(""));
  }

  private static String printable(String given) {
    if (CONTROL.matcher(given).find()) {
      throw new UnusableException(
          "has a line break or another control character in it.", "Take it out.");
    }
    return given;
  }
}
