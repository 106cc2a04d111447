package io.campaignroutes.access;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Who issues tokens and lets people sign in (OpenID Connect); nobody where there is no issuer.
 *
 * @param issuer as its tokens name it; blank for none
 * @param audience what a machine's token has to be made for
 * @param rolesClaim the claim with the roles; dots lead into claims within claims
 * @param clientId what the issuer knows the console as; blank where nobody signs in to it
 * @param clientSecret what the console proves that by; blank for a public client
 * @param session how long somebody stays signed in
 * @param sessions how many may be signed in; beyond it whoever signed in first is signed out
 */
@Validated
@ConfigurationProperties("oidc")
public record OidcProperties(
    @DefaultValue("") String issuer,
    @DefaultValue("") String audience,
    @DefaultValue("roles") String rolesClaim,
    @DefaultValue("") String clientId,
    @DefaultValue("") String clientSecret,
    @DefaultValue("8h") Duration session,
    @DefaultValue("1000") @Min(1) int sessions) {

  /** Whether there is an issuer. */
  public boolean there() {
    return !issuer.isBlank();
  }

  /** Whether people may sign in to the console. */
  public boolean people() {
    return there() && !clientId.isBlank();
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "OidcProperties[" + issuer + ", " + audience + ", " + clientId + "]";
  }
}
