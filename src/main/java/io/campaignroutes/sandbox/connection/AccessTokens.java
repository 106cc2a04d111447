package io.campaignroutes.sandbox.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.sandbox.SandboxJson;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Tokens as CXone's identity provider gives them: JWTs that are signed with RS256. */
final class AccessTokens {

  static final String TENANT_ID = "5a4d0c1e-7b1f-4a55-9c53-2f0d6b1c4500";

  private static final String KEY_ID = "sandbox";
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final Clock clock;
  private final Map<String, Long> tokens = new HashMap<>();
  private Duration lifetime;

  AccessTokens(Clock clock, Duration lifetime) {
    this.clock = clock;
    this.lifetime = lifetime;
  }

  /** How long tokens are good for that are given from now on. */
  synchronized void lifetime(Duration from) {
    lifetime = from;
  }

  synchronized Duration lifetime() {
    return lifetime;
  }

  /** Every token that was given is good for nothing. */
  synchronized void forget() {
    tokens.clear();
  }

  /** Whether a token was given by this and has not expired. */
  synchronized boolean good(String token) {
    return tokens.getOrDefault(token, Long.MIN_VALUE) > clock.millis();
  }

  /** A new access token. */
  synchronized String give(String issuer, int businessUnit) {
    long now = clock.millis();
    tokens.values().removeIf(expires -> expires <= now);
    ObjectNode claims = claims(issuer, businessUnit, now, lifetime.toSeconds());
    String token = signed(claims);
    tokens.put(token, now + lifetime.toMillis());
    return token;
  }

  /** A token that stands beside the access token and that no call takes. */
  synchronized String other(String issuer, int businessUnit, long seconds) {
    return signed(claims(issuer, businessUnit, clock.millis(), seconds));
  }

  private static ObjectNode claims(String issuer, int businessUnit, long now, long seconds) {
    ObjectNode claims =
        SandboxJson.object()
            .put("sub", "user:11f0a1e2-5c5f-4a0e-8a4e-0242ac110003")
            .put("iss", issuer)
            .put("tenantId", TENANT_ID)
            .put("tenant", "sandbox_tenant")
            .put("icBUId", businessUnit)
            .put("icClusterId", "B00")
            .put("area", "na1")
            .put("iat", now / 1000)
            .put("exp", now / 1000 + seconds)
            .put("jti", UUID.randomUUID().toString());
    claims.putObject("role").put("legacyId", "Administrator").put("id", "1");
    return claims;
  }

  private String signed(ObjectNode claims) {
    ObjectNode header =
        SandboxJson.object().put("alg", "RS256").put("typ", "JWT").put("kid", KEY_ID);
    String text =
        BASE64.encodeToString(SandboxJson.bytes(header))
            + "."
            + BASE64.encodeToString(SandboxJson.bytes(claims));
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(keys().getPrivate());
      signature.update(text.getBytes(StandardCharsets.US_ASCII));
      return text + "." + BASE64.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM signs with RSA", e);
    }
  }

  /** What signatures are checked with, as {@code jwks_uri} tells it. */
  synchronized ObjectNode publicKeys() {
    RSAPublicKey key = (RSAPublicKey) keys().getPublic();
    ObjectNode all = SandboxJson.object();
    all.putArray("keys")
        .addObject()
        .put("kty", "RSA")
        .put("use", "sig")
        .put("alg", "RS256")
        .put("kid", KEY_ID)
        .put("n", BASE64.encodeToString(unsigned(key.getModulus())))
        .put("e", BASE64.encodeToString(unsigned(key.getPublicExponent())));
    return all;
  }

  private static byte[] unsigned(BigInteger number) {
    byte[] bytes = number.toByteArray();
    return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
  }

  private static KeyPair keys() {
    return Keys.PAIR;
  }

  /** Made when first asked for: it takes a moment. */
  private static final class Keys {
    static final KeyPair PAIR = make();

    private static KeyPair make() {
      try {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every JVM makes RSA keys", e);
      }
    }
  }
}
