package io.campaignroutes.webhook;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address in two parts.
 *
 * @param origin scheme, host and port
 * @param target path and query, byte for byte as they were given: an address may be signed
 */
record Address(String origin, String target) {
  private static final Pattern PARTS =
      Pattern.compile("(?is)(https?)://([^/?#]+)([^?#]*)(\\?[^#]*)?(?:#.*)?");

  /**
   * The parts of an address that was found good.
   *
   * @throws IllegalArgumentException when it is no absolute http or https address
   */
  static Address of(String url) {
    Matcher parts = PARTS.matcher(url);
    if (!parts.matches()) {
      throw new IllegalArgumentException("It is no http or https address.");
    }
    String path = parts.group(3).isEmpty() ? "/" : parts.group(3);
    String query = parts.group(4) == null ? "" : parts.group(4);
    return new Address(
        parts.group(1).toLowerCase(Locale.ROOT) + "://" + parts.group(2), path + query);
  }
}
