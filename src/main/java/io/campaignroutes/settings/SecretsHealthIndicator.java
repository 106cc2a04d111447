package io.campaignroutes.settings;

import java.util.List;
import java.util.Map;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.stereotype.Component;

/**
 * Health {@code secrets}: DOWN while a secret in force is not that of its file, naming the file
 * with what to do. It tells besides what is insecure and allowed.
 */
@Component
public class SecretsHealthIndicator implements HealthIndicator {
  private final SecretWatch secrets;
  private final List<String> insecure;

  public SecretsHealthIndicator(SecretWatch secrets, ConfigurableEnvironment environment) {
    this.secrets = secrets;
    this.insecure = new InsecureSettings(environment).allowed();
  }

  @Override
  public Health health() {
    Map<String, String> faults = secrets.faults();
    Health.Builder health =
        faults.isEmpty() ? Health.up() : Health.down().withDetail("files", faults);
    return insecure.isEmpty() ? health.build() : health.withDetail("insecure", insecure).build();
  }
}
