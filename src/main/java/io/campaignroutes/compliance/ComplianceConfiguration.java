package io.campaignroutes.compliance;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Loads what the checks need from the folder {@code campaign-routes.config-dir} (default {@code
 * config}). A file that cannot be used stops the start with a {@link PolicyException}.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ComplianceSettings.class)
class ComplianceConfiguration {
  private final Path folder;

  ComplianceConfiguration(@Value("${campaign-routes.config-dir:config}") String folder) {
    this.folder = Path.of(folder); // Spring would first look for such a Path on the class path.
  }

  @Bean
  RateSettings rateSettings(Environment environment) {
    return RateSettings.of(environment);
  }

  @Bean
  FirstRate firstRate(
      RequestChecks checks,
      PlatformCampaign platform,
      RateSettings rates,
      Environment environment) {
    Duration period =
        Binder.get(environment).bind("pacing.period", Duration.class).orElse(Duration.ofSeconds(5));
    String actuator = environment.getProperty("pacing.platform.actuator", "rate");
    return new FirstRate(checks, platform, rates, actuator.equalsIgnoreCase("ratio"), period);
  }

  @Bean
  RequestSchema requestSchema() {
    return RequestSchema.load(folder.resolve("campaign-request.schema.json"));
  }

  @Bean
  CampaignDefaults campaignDefaults(RequestSchema schema) {
    return CampaignDefaults.load(folder.resolve("campaign-defaults.yaml"), schema);
  }

  @Bean
  Policies policies(ComplianceSettings settings) {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    return Policies.load(folder.resolve("policies"), today, settings.staleAfter());
  }
}
