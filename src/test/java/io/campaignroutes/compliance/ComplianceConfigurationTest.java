package io.campaignroutes.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class ComplianceConfigurationTest {
  private final ApplicationContextRunner context =
      new ApplicationContextRunner()
          .withUserConfiguration(ComplianceConfiguration.class, RequestChecks.class)
          .withBean(PlatformCampaign.class, () -> Fixture.PLATFORM);

  @Test
  void theChecksAreWiredFromTheFolderOfTheConfiguration() {
    context.run(
        started -> {
          assertThat(started).hasSingleBean(RequestChecks.class);
          assertThat(started.getBean(ComplianceSettings.class))
              .isEqualTo(ComplianceSettings.defaults());
        });
  }

  @Test
  void settingsAreTakenFromProperties() {
    context
        .withPropertyValues(
            "campaign-routes.compliance.default-policy=us-fl",
            "campaign-routes.compliance.always-policies=ca,us-wa",
            "campaign-routes.compliance.stale-after=30d",
            "campaign-routes.compliance.allow-private-destinations=true")
        .run(
            started -> {
              ComplianceSettings settings = started.getBean(ComplianceSettings.class);
              assertThat(settings.alwaysPolicies()).containsExactly("ca", "us-wa");
              assertThat(settings.staleAfter()).isEqualTo(Duration.ofDays(30));
              assertThat(started.getBean(RequestChecks.class).policy(null).orElseThrow().ref())
                  .extracting(PolicyRef::name)
                  .isEqualTo("us-fl+ca+us-wa");
            });
  }

  @Test
  void aMissingFolderStopsTheStartWithOneClearMessage() {
    context
        .withPropertyValues("campaign-routes.config-dir=/nowhere")
        .run(
            stopped -> {
              assertThat(stopped).hasFailed();
              assertThat(stopped.getStartupFailure())
                  .hasRootCauseInstanceOf(PolicyException.class)
                  .rootCause()
                  .hasMessageContaining("/nowhere")
                  .hasMessageContaining("campaign-routes.config-dir");
            });
  }
}
