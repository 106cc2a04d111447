package io.campaignroutes.compliance;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the checks, {@code campaign-routes.compliance.*}.
 *
 * @param defaultPolicy profile of a campaign that names none
 * @param alwaysPolicies profiles that apply besides the one a campaign names; the most restrictive
 *     rule wins
 * @param staleAfter age of a profile's {@code checked} date from which the log warns
 * @param allowPrivateDestinations whether a campaign's webhook may be a loopback or private address
 */
@Validated
@ConfigurationProperties("campaign-routes.compliance")
public record ComplianceSettings(
    @DefaultValue("us-federal") String defaultPolicy,
    @DefaultValue List<String> alwaysPolicies,
    @DefaultValue("400d") Duration staleAfter,
    @DefaultValue("false") boolean allowPrivateDestinations) {

  public ComplianceSettings {
    alwaysPolicies = List.copyOf(alwaysPolicies);
  }

  /** The settings of a service that configures none of them. */
  public static ComplianceSettings defaults() {
    return new ComplianceSettings("us-federal", List.of(), Duration.ofDays(400), false);
  }
}
