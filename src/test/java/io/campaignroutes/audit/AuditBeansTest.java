package io.campaignroutes.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.shared.LiveSecrets;
import io.campaignroutes.store.Secrets;
import io.campaignroutes.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;

/** The package as Spring wires it. */
class AuditBeansTest {
  @TempDir Path temp;

  @Test
  void theBeansThatTheRoutesNameComeUpWithTheirDefaults() {
    try (TestStore store = TestStore.sqlite(temp.resolve("store.db"))) {
      new ApplicationContextRunner()
          .withBean(Store.class, () -> store)
          .withBean(Secrets.class)
          .withBean(LiveSecrets.class, () -> (text, use) -> use.accept(""))
          .withUserConfiguration(Scan.class)
          .withPropertyValues("audit.checkpoint-period=7s")
          .run(
              context -> {
                assertThat(context).hasNotFailed().hasBean("auditFiles").hasBean("auditLog");
                assertThat(context).hasBean("auditCheckpoints");
                assertThat(context.getBean("auditHealthIndicator"))
                    .isInstanceOf(HealthIndicator.class);
                assertThat(context.getBean(AuditProperties.class))
                    .isEqualTo(
                        new AuditProperties(
                            Path.of("data/audit"),
                            null,
                            Duration.ofMillis(100),
                            Duration.ofSeconds(7),
                            Duration.ofSeconds(5),
                            Duration.ofSeconds(60),
                            200,
                            "",
                            ""));
              });
    }
  }

  @ComponentScan(
      basePackageClasses = AuditConfiguration.class,
      excludeFilters = @ComponentScan.Filter(pattern = ".*Test.*", type = FilterType.REGEX))
  static class Scan {}
}
