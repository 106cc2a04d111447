package io.campaignroutes.access;

import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.context.annotation.Conditional;
import org.springframework.stereotype.Component;

/** Down while the issuer cannot be asked for its keys. */
@Component
@Conditional(OnIssuer.class)
public class IssuerHealthIndicator implements HealthIndicator {
  private final Issuer issuer;

  public IssuerHealthIndicator(Issuer issuer) {
    this.issuer = issuer;
  }

  @Override
  public Health health() {
    String fault = issuer.fault();
    return fault == null
        ? Health.up().withDetail("issuer", issuer.name()).build()
        : Health.down().withDetail("issuer", fault).build();
  }
}
