package io.campaignroutes.sandbox;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What of the sandbox can be set.
 *
 * @param clientId the one client id that the token call accepts
 * @param clientSecret its secret
 * @param tokenLifetime how long a token is good for
 * @param activationDelay how long a campaign stays {@code PENDING} before it is {@code ACTIVE}
 * @param contacts the length of every contact list but {@code empty-list}; each contact is dialled
 *     once, then the campaign is {@code COMPLETED}
 * @param seed start of the random numbers of the simulated calls
 * @param dir where {@code state.json} lies; {@code sandbox} in the data folder when unset
 */
@ConfigurationProperties("sandbox")
public record SandboxProperties(
    @DefaultValue("sandbox") String clientId,
    @DefaultValue("sandbox-secret") String clientSecret,
    @DefaultValue("3600s") Duration tokenLifetime,
    @DefaultValue("300ms") Duration activationDelay,
    @DefaultValue("5000") int contacts,
    @DefaultValue("1") long seed,
    String dir) {

  /** Refuses values that no tenant could have. */
  public SandboxProperties {
    if (tokenLifetime.toSeconds() < 1) {
      throw new IllegalArgumentException("sandbox.token-lifetime must be one second or more");
    }
    if (activationDelay.isNegative()) {
      throw new IllegalArgumentException("sandbox.activation-delay must not be negative");
    }
    if (contacts < 0) {
      throw new IllegalArgumentException("sandbox.contacts must not be negative");
    }
  }
}
