package io.campaignroutes.sandbox.connection;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What of the tenant can be set.
 *
 * @param accessKeyId of the one access key
 * @param accessKeySecret its secret
 * @param clientId of the one registered application
 * @param clientSecret its secret
 * @param tokenLifetime how long a token is good for
 * @param startDelay from the acceptance of a start or stop until the skill runs or does not
 * @param listDelay until a new skill appears in lists
 * @param uploadDelay until an upload is done
 * @param cache how old activity and states may be
 * @param shortestDelay until a call that ended appears among the completed ones
 * @param longestDelay the same at most
 * @param rateLimit calls a second above which the tenant answers 429; 0 for never
 * @param dailyThreshold calls a day that the business unit tells as {@code apiPublishedLimit}
 * @param records of each list that the tenant begins with
 * @param seed start of the random numbers of the simulated calls
 * @param failedCalls whether calls that nobody answered are among the completed ones
 */
@ConfigurationProperties("sandbox.personal-connection")
public record PersonalConnectionProperties(
    @DefaultValue("sandbox-key") String accessKeyId,
    @DefaultValue("sandbox-secret=") String accessKeySecret,
    @DefaultValue("sandbox-client") String clientId,
    @DefaultValue("sandbox-secret") String clientSecret,
    @DefaultValue("3600s") Duration tokenLifetime,
    @DefaultValue("1500ms") Duration startDelay,
    @DefaultValue("3s") Duration listDelay,
    @DefaultValue("2s") Duration uploadDelay,
    @DefaultValue("7s") Duration cache,
    @DefaultValue("5s") Duration shortestDelay,
    @DefaultValue("30s") Duration longestDelay,
    @DefaultValue("50") int rateLimit,
    @DefaultValue("100000") int dailyThreshold,
    @DefaultValue("5000") int records,
    @DefaultValue("1") long seed,
    @DefaultValue("true") boolean failedCalls) {

  /** Refuses values that no tenant could have. */
  public PersonalConnectionProperties {
    if (tokenLifetime.toSeconds() < 1) {
      throw new IllegalArgumentException(
          "sandbox.personal-connection.token-lifetime must be one second or more");
    }
    if (longestDelay.compareTo(shortestDelay) < 0 || shortestDelay.isNegative()) {
      throw new IllegalArgumentException(
          "sandbox.personal-connection.longest-delay must not be below shortest-delay");
    }
    if (records < 0) {
      throw new IllegalArgumentException(
          "sandbox.personal-connection.records must not be negative");
    }
  }
}
