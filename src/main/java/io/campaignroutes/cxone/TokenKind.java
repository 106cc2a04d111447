package io.campaignroutes.cxone;

import java.util.List;

/** How the token endpoint is asked for a token; a platform's file says which of these it takes. */
public enum TokenKind {
  /** OAuth 2.0, for the client alone. */
  CLIENT_CREDENTIALS(List.of("cxone.client-id", "cxone.client-secret")),
  /** OpenID Connect, for the owner of an access key, by a client that is registered. */
  PASSWORD(
      List.of(
          "cxone.client-id",
          "cxone.client-secret",
          "cxone.access-key-id",
          "cxone.access-key-secret")),
  /** JSON with the access key alone. */
  ACCESS_KEY(List.of("cxone.access-key-id", "cxone.access-key-secret"));

  private final List<String> needs;

  TokenKind(List<String> needs) {
    this.needs = needs;
  }

  /** The settings without which it cannot be asked for. */
  public List<String> needs() {
    return needs;
  }

  /** Whether all that it needs is there. */
  boolean isGiven(Credentials by) {
    boolean client = given(by.clientId()) && given(by.clientSecret());
    boolean key = given(by.accessKeyId()) && given(by.accessKeySecret());
    return switch (this) {
      case CLIENT_CREDENTIALS -> client;
      case PASSWORD -> client && key;
      case ACCESS_KEY -> key;
    };
  }

  private static boolean given(String value) {
    return value != null && !value.isBlank();
  }
}
