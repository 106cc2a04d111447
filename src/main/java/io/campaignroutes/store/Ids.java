package io.campaignroutes.store;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Ids that sort by the time they were made: a prefix, ten characters of milliseconds and sixteen
 * random ones, in Crockford's base 32 (lower case). They are safe as file names and in URLs.
 */
public final class Ids {
  private static final char[] DIGITS = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();

  private Ids() {}

  /**
   * @param prefix what the id is of, such as {@code cmp}
   * @param now milliseconds since the epoch
   */
  public static String next(String prefix, long now) {
    var random = ThreadLocalRandom.current();
    var id = beginning(prefix, now);
    for (int i = 0; i < 16; i++) {
      id.append(DIGITS[random.nextInt(32)]);
    }
    return id.toString();
  }

  /** Whether a text could be an id of a kind. */
  public static boolean isOne(String prefix, String text) {
    return text.startsWith(prefix + "_")
        && text.substring(prefix.length() + 1).matches("[0-9a-hjkmnp-tv-z]{26}");
  }

  /** What sorts before every id made at {@code time} or later, and after every earlier one. */
  public static String first(String prefix, long time) {
    return beginning(prefix, time).toString();
  }

  private static StringBuilder beginning(String prefix, long time) {
    var id = new StringBuilder(prefix.length() + 27).append(prefix).append('_');
    for (int shift = 45; shift >= 0; shift -= 5) {
      id.append(DIGITS[(int) (time >>> shift) & 31]);
    }
    return id;
  }
}
