package io.campaignroutes.cxone;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The secret that webhooks registered at CXone carry back, in the header that {@link
 * PlatformEvents} names. There may be several while one is replaced: webhooks of campaigns that
 * were launched before carry the one that was in force then.
 */
public final class WebhookToken {
  private volatile List<String> accepted;

  /**
   * @param tokens separated by blanks, the one to register webhooks with first
   */
  public WebhookToken(String tokens) {
    use(tokens);
  }

  /** Registers webhooks with another one from now on, and accepts those that are given. */
  void use(String tokens) {
    String given = tokens.strip();
    List<String> all = new ArrayList<>(Arrays.asList(given.split(" +")));
    if (all.size() > 1) {
      all.add(given); // one with a blank in it
    }
    accepted = List.copyOf(all);
  }

  /** What webhooks are registered with; never log it. */
  public String value() {
    return accepted.get(0);
  }

  /** Compares in a time that does not tell how much of it was right; false for null. */
  public boolean matches(String given) {
    byte[] shown = (given == null ? "" : given).getBytes(StandardCharsets.UTF_8);
    boolean known = false;
    for (String one : accepted) {
      known |= MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), shown);
    }
    return known && given != null;
  }

  @Override
  public String toString() {
    return "WebhookToken[***]";
  }
}
