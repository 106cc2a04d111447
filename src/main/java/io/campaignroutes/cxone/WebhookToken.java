package io.campaignroutes.cxone;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The secret that webhooks registered at CXone carry back, in the header that {@link
 * PlatformEvents} names.
 *
 * @param value the secret itself; never log it
 */
public record WebhookToken(String value) {

  /** Compares in a time that does not tell how much of it was right; false for null. */
  public boolean matches(String given) {
    return given != null
        && MessageDigest.isEqual(
            value.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "WebhookToken[***]";
  }
}
