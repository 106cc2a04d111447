package io.campaignroutes.webhook;

import java.util.TreeMap;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Health {@code destinations}: DOWN, naming each with its reason, while one of {@code
 * config/destinations.yaml} takes nothing. Addresses that campaigns name are told, but are not the
 * operator's to mend, and so are destinations that have gone from the file while something waited.
 */
@Component
public class DestinationsHealthIndicator implements HealthIndicator {
  private static final int MAX_TOLD = 20;

  private final Forwarder forwarder;

  public DestinationsHealthIndicator(Forwarder forwarder) {
    this.forwarder = forwarder;
  }

  @Override
  public Health health() {
    var own = new TreeMap<String, String>();
    var configured = new TreeMap<String, String>();
    forwarder
        .unavailable()
        .forEach(
            (to, why) -> {
              if (to.own() && own.size() < MAX_TOLD) {
                own.put(to.shown(), why);
              } else if (!to.own()) {
                configured.put(to.name(), why);
              }
            });
    Health.Builder health = configured.isEmpty() ? Health.up() : Health.down();
    if (!configured.isEmpty()) {
      health.withDetail("destinations", configured);
    }
    if (!own.isEmpty()) {
      health.withDetail("ofCampaigns", own);
    }
    if (!forwarder.notConfigured().isEmpty()) {
      health.withDetail("notConfigured", forwarder.notConfigured());
    }
    return health.build();
  }
}
