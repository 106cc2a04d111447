package io.campaignroutes.webhook;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs as the Standard Webhooks specification 1.0.0 has it: HMAC-SHA256 over {@code
 * id.timestamp.body}, in base64 behind {@code v1,}. With several secrets every one signs, so that a
 * receiver that knows the old or the new one accepts: that is how a secret is rotated.
 */
public final class Signature {
  private static final String PREFIX = "whsec_";
  private static final int MIN_BYTES = 24;
  private static final int MAX_BYTES = 64;

  private volatile List<ThreadLocal<Mac>> macs;

  /**
   * @param secrets {@code whsec_} and bytes in base64, 24 to 64 of them; several separated by
   *     spaces
   * @throws IllegalArgumentException when there is none or one is no such secret; the message does
   *     not repeat it
   */
  public Signature(String secrets) {
    use(secrets);
  }

  /**
   * Signs with other secrets from now on.
   *
   * @throws IllegalArgumentException as the constructor; it goes on with those that it has
   */
  public final void use(String secrets) {
    List<ThreadLocal<Mac>> fresh = new ArrayList<>();
    for (String secret : secrets.strip().split("\\s+")) {
      byte[] key = key(secret);
      fresh.add(ThreadLocal.withInitial(() -> mac(key)));
    }
    macs = List.copyOf(fresh);
  }

  /** A fresh secret. */
  public static String secret() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return PREFIX + Base64.getEncoder().encodeToString(bytes);
  }

  private static byte[] key(String secret) {
    byte[] key;
    try {
      key =
          secret.startsWith(PREFIX)
              ? Base64.getDecoder().decode(secret.substring(PREFIX.length()))
              : new byte[0];
    } catch (IllegalArgumentException e) {
      key = new byte[0];
    }
    if (key.length < MIN_BYTES || key.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          (key.length == 0 ? "" : "it has " + key.length + " bytes; ")
              + "a signing secret must be whsec_ and %d to %d bytes in base64, such as"
                  .formatted(MIN_BYTES, MAX_BYTES)
              + " whsec_$(openssl rand -base64 32)");
    }
    return key;
  }

  private static Mac mac(byte[] key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac;
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every JVM has HmacSHA256", e);
    }
  }

  /**
   * The {@code webhook-signature} header.
   *
   * @param id {@code webhook-id}
   * @param timestamp {@code webhook-timestamp}, in seconds since the epoch
   * @param body as it is sent
   */
  public String of(String id, long timestamp, byte[] body) {
    byte[] head = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
    List<ThreadLocal<Mac>> signing = macs;
    if (signing.size() == 1) {
      return sign(signing.get(0).get(), head, body);
    }
    List<String> all = new ArrayList<>();
    for (ThreadLocal<Mac> mac : signing) {
      all.add(sign(mac.get(), head, body));
    }
    return String.join(" ", all);
  }

  private static String sign(Mac mac, byte[] head, byte[] body) {
    mac.update(head);
    return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
  }

  @Override
  public String toString() {
    return "Signature[***]";
  }
}
