package io.campaignroutes.text;

import io.campaignroutes.shared.Hashes;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Names that people give, as the eye compares them. */
public final class Names {
  /** Longer keys, which letters that stand for many make, are kept as their hash. */
  private static final int MAX_KEY = 255;

  private static final String DOTLESS_I = "\u0131";

  private Names() {}

  /**
   * What two names have in common that nobody can tell apart: compatible forms of characters
   * (NFKC), upper and lower case, white space of any kind around a name and the amount of it
   * within, and what cannot be seen make no difference.
   *
   * @return at most {@value #MAX_KEY} characters; empty when nothing of the name can be seen
   */
  public static String key(String name) {
    String key = folded(name);
    for (String again = folded(key); !again.equals(key); again = folded(key)) {
      key = again; // a step may leave what another one changes: a capital sharp s, say
    }
    return key.length() <= MAX_KEY ? key : "#" + Hashes.sha256(key);
  }

  private static String folded(String name) {
    String plain = Normalizer.normalize(name, Normalizer.Form.NFKC);
    StringBuilder key = new StringBuilder();
    boolean space = false;
    for (int at = 0; at < plain.length(); ) {
      int character = plain.codePointAt(at);
      at += Character.charCount(character);
      if (Characters.isSpace(character)) {
        space = !key.isEmpty();
      } else if (!Characters.isInvisible(character)
          && Character.getType(character) != Character.CONTROL) {
        key.append(space ? " " : "").appendCodePoint(character);
        space = false;
      }
    }
    // Java has no case folding: upper and then lower case brings together what it would, such as
    // the sharp s with ss, and both small sigmas
    return Normalizer.normalize(caseless(key.toString()), Normalizer.Form.NFKC);
  }

  /** A dotless i is no i, which it would be by way of its capital. */
  private static String caseless(String text) {
    return Arrays.stream(text.split(DOTLESS_I, -1))
        .map(part -> part.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(DOTLESS_I));
  }

  /** Whether nobody can tell two names apart. */
  public static boolean same(String one, String other) {
    return one.equals(other) || key(one).equals(key(other));
  }

  /**
   * What is wrong with a name, such as "ends with a no-break space (U+00A0)"; null for nothing.
   * Within it, what cannot be seen is allowed: scripts and emoji need it. What ends lines or turns
   * the direction of the text after it is not.
   */
  public static String fault(String name) {
    String place = null;
    int character = 0;
    int number = 0;
    for (int at = 0; at < name.length() && place == null; number++) {
      character = name.codePointAt(at);
      at += Character.charCount(character);
      if (!fits(character)) {
        place = "has %s as its character " + (number + 1);
      } else if (number == 0 && !begins(character)) {
        place = "begins with %s";
      } else if (at == name.length() && !ends(character)) {
        place = "ends with %s";
      }
    }
    return place == null ? null : place.formatted(Characters.named(character));
  }

  private static boolean fits(int character) {
    int type = Character.getType(character);
    return type != Character.CONTROL
        && type != Character.SURROGATE
        && !Characters.isLineEnd(character)
        && !(character >= 0x202a && character <= 0x202e)
        && !(character >= 0x2066 && character <= 0x2069);
  }

  private static boolean begins(int character) {
    return !Characters.isSpace(character) && !Characters.isInvisible(character);
  }

  /** An emoji may end with a mark that chooses its form or flag. */
  private static boolean ends(int character) {
    boolean form =
        character >= 0xfe00 && character <= 0xfe0f
            || character >= 0xe0020 && character <= 0xe007f
            || character >= 0xe0100 && character <= 0xe01ef;
    return form || begins(character);
  }
}
