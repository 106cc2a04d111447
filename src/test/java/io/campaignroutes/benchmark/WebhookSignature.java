package io.campaignroutes.benchmark;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A receiver's side of the Standard Webhooks specification 1.0.0, symmetric signatures. */
final class WebhookSignature {
  private static final long TOLERANCE_SECONDS = 300;

  private WebhookSignature() {}

  /**
   * What is wrong with a signature, null when nothing is.
   *
   * @param secret {@code whsec_...}
   * @param signatures the header, which may hold several, separated by spaces
   */
  static String fault(String secret, String id, String timestamp, String signatures, byte[] body) {
    if (id == null || timestamp == null || signatures == null) {
      return "a header of the signature is missing";
    }
    if (!timestamp.matches("\\d{1,12}")) {
      return "webhook-timestamp is " + timestamp;
    }
    long age = Instant.now().getEpochSecond() - Long.parseLong(timestamp);
    if (Math.abs(age) > TOLERANCE_SECONDS) {
      return "webhook-timestamp is " + age + " s old";
    }
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
      byte[] expected =
          ("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body)))
              .getBytes(StandardCharsets.UTF_8);
      for (String one : signatures.split(" ")) {
        if (MessageDigest.isEqual(expected, one.getBytes(StandardCharsets.UTF_8))) {
          return null;
        }
      }
      return "webhook-signature does not fit: " + signatures;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
