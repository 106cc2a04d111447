package io.campaignroutes.text;

import static java.util.regex.Matcher.quoteReplacement;

import java.util.Collection;
import java.util.regex.Pattern;

/** A text of others in which secrets are replaced by {@code ***}: ours, and what looks like one. */
public final class Masked {
  private static final String MASK = "***";

  /** Shorter ones would be found in any text. */
  private static final int SHORTEST_SECRET = 4;

  private static final Pattern SCHEME =
      Pattern.compile("(?i)\\b(bearer|basic)\\s+[A-Za-z0-9._~+/=-]{8,}");

  private static final Pattern WEB_TOKEN =
      Pattern.compile("\\beyJ[\\w-]{5,}\\.[\\w-]*(\\.[\\w-]*)?");

  private static final Pattern NAMED =
      Pattern.compile(
          "(?i)\\b([\\w-]*(?:secret|password|passwd|pwd|session[_-]?id|token|api[_-]?key|authorization))"
              + "(\\\\?[\"']?\\s*(?:[:=]|%3[ad])\\s*\\\\?[\"']?)(?!\\*\\*\\*)[^\\s\"'\\\\,;&<>(){}]{8,}");

  /** The rest of a line that is about a header whose value is a secret of some scheme. */
  private static final Pattern HEADER =
      Pattern.compile("(?i)\\b(authorization|cookie)\\\\?[\"']?\\s*[:=][^\\r\\n<]*");

  /** A word with a digit in it. */
  private static final Pattern RANDOM =
      Pattern.compile("(?=[^\\s\"'\\\\,;:=<]{0,40}[0-9])[^\\s\"'\\\\,;:=<]{8,}");

  /** The password in an address. */
  private static final Pattern IN_ADDRESS = Pattern.compile("(://[^\\s/@:]+:)[^\\s/@]+@");

  /** Seven digits or more, with what people write between them. */
  private static final Pattern NUMBER = Pattern.compile("\\+?\\d(?:[ ().-]{0,2}\\d){6,}");

  private Masked() {}

  /** A text without what may be a telephone number. */
  public static String numbers(String text) {
    return NUMBER.matcher(text).replaceAll(MASK);
  }

  /**
   * @param secrets what must not be shown; null among them is none
   */
  public static String text(String text, Collection<String> secrets) {
    String masked = text;
    for (String secret : secrets) {
      if (secret != null && secret.length() >= SHORTEST_SECRET) {
        masked = masked.replace(secret, MASK);
      }
    }
    masked = SCHEME.matcher(masked).replaceAll("$1 " + MASK);
    masked = WEB_TOKEN.matcher(masked).replaceAll(MASK);
    masked = NAMED.matcher(masked).replaceAll("$1$2" + MASK);
    masked = IN_ADDRESS.matcher(masked).replaceAll("$1" + MASK + "@");
    return HEADER.matcher(masked).replaceAll(header -> quoteReplacement(random(header.group())));
  }

  private static String random(String header) {
    return RANDOM.matcher(header).replaceAll(MASK);
  }
}
