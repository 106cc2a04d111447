package io.campaignroutes.audit;

import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Health {@code audit}: DOWN, naming file and reason, while a file does not match the store or
 * cannot be written, or the folder of files is gone.
 */
@Component
public class AuditHealthIndicator implements HealthIndicator {
  private final AuditFiles files;

  public AuditHealthIndicator(AuditFiles files) {
    this.files = files;
  }

  @Override
  public Health health() {
    var failures = files.failures();
    if (files.folderGone()) {
      failures.put(".", "the folder of audit files is gone");
    }
    return failures.isEmpty()
        ? Health.up().build()
        : Health.down().withDetail("files", failures).build();
  }
}
