package io.campaignroutes.webhook;

/** Text from outside on its way into a column. */
final class Texts {
  private Texts() {}

  /**
   * At most so many characters, with every control character and every half of a character pair
   * replaced by a question mark: PostgreSQL takes neither NUL nor the latter.
   */
  static String storable(String text, int longest) {
    if (text == null) {
      return null;
    }
    int end = Math.min(text.length(), longest);
    StringBuilder storable = null;
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < end
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair) {
        i++;
      } else if (Character.isISOControl(c) && c != '\n' && c != '\t' || Character.isSurrogate(c)) {
        storable = storable == null ? new StringBuilder(text.substring(0, end)) : storable;
        storable.setCharAt(i, '?');
      }
    }
    return storable == null ? text.substring(0, end) : storable.toString();
  }
}
