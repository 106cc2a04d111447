package io.campaignroutes.sandbox;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Gives bearer tokens out and knows which of them are still good. */
final class IssuedTokens {

  /** Every scope that a tenant knows. */
  static final Set<String> SCOPES =
      Set.of(
          "campaign:manage",
          "campaign:view",
          "analytics:realtime:view",
          "analytics:historical:view",
          "webhook:manage",
          "agent:view");

  private final String clientId;
  private final String clientSecret;
  private final Duration lifetime;
  private final Clock clock;
  private final ChangeCount changes;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Token> tokens = new LinkedHashMap<>();

  /**
   * A token that was given out.
   *
   * @param value what the client sends
   * @param expiresAt in milliseconds since the epoch
   * @param scopes what it may be used for
   */
  record Token(String value, long expiresAt, Set<String> scopes) {}

  IssuedTokens(
      String clientId, String clientSecret, Duration lifetime, Clock clock, ChangeCount changes) {
    this.clientId = clientId;
    this.clientSecret = clientSecret;
    this.lifetime = lifetime;
    this.clock = clock;
    this.changes = changes;
  }

  /** Whether these are the credentials of the sandbox's one client. */
  boolean accepts(String id, String secret) {
    return id != null && secret != null && same(id, clientId) && same(secret, clientSecret);
  }

  Duration lifetime() {
    return lifetime;
  }

  /** The scopes meant by the {@code scope} of a token request: all when it names none. */
  static Set<String> scopes(String requested) {
    if (requested == null || requested.isBlank()) {
      return new TreeSet<>(SCOPES);
    }
    return new TreeSet<>(Arrays.asList(requested.trim().split("\\s+")));
  }

  synchronized Token give(Set<String> scopes) {
    long now = clock.millis();
    tokens.values().removeIf(token -> token.expiresAt() <= now);
    byte[] bytes = new byte[24];
    random.nextBytes(bytes);
    Token token =
        new Token(HexFormat.of().formatHex(bytes), now + lifetime.toMillis(), Set.copyOf(scopes));
    tokens.put(token.value(), token);
    changes.note();
    return token;
  }

  /** Passes when the token is known, has not expired and carries {@code scope}. */
  synchronized void check(String value, String scope) {
    Token token = tokens.get(value);
    if (token == null) {
      throw new SandboxException(401, "UNAUTHORIZED", "The bearer token is unknown.");
    }
    if (token.expiresAt() <= clock.millis()) {
      throw new SandboxException(401, "UNAUTHORIZED", "The bearer token has expired.");
    }
    if (!token.scopes().contains(scope)) {
      throw new SandboxException(
          403, "MISSING_SCOPE", "The bearer token lacks the scope " + scope + ".");
    }
  }

  synchronized List<Token> state() {
    return List.copyOf(tokens.values());
  }

  synchronized void restore(List<Token> state) {
    tokens.clear();
    state.forEach(token -> tokens.put(token.value(), token));
  }

  private static boolean same(String a, String b) {
    return MessageDigest.isEqual(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }
}
