package io.campaignroutes.access;

import org.springframework.stereotype.Component;

/** Whether callers have to say who they are. */
@Component
public class Access {
  private final ApiKeys keys;
  private final OidcProperties issuer;

  public Access(ApiKeys keys, OidcProperties issuer) {
    this.keys = keys;
    this.issuer = issuer;
  }

  /** Whether a caller has to show a key, a token, or that somebody has signed in. */
  public boolean required() {
    return keys.required() || issuer.there();
  }

  /** Whether people may sign in. */
  public boolean people() {
    return issuer.people();
  }
}
