package io.campaignroutes.text;

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
          "(?i)\\b([\\w-]*(?:secret|password|passwd|token|api[_-]?key|authorization))"
              + "(\\\\?[\"']?\\s*[:=]\\s*\\\\?[\"']?)(?!\\*\\*\\*)[^\\s\"'\\\\,;&<>(){}]{8,}");

  private Masked() {}

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
    return NAMED.matcher(masked).replaceAll("$1$2" + MASK);
  }
}
