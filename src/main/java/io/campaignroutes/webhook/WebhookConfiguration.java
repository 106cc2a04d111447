package io.campaignroutes.webhook;

import io.campaignroutes.audit.AuditLog;
import io.campaignroutes.compliance.ComplianceSettings;
import io.campaignroutes.compliance.PolicyException;
import io.campaignroutes.compliance.RequestSchema;
import io.campaignroutes.shared.LiveSecrets;
import io.campaignroutes.store.Secrets;
import io.campaignroutes.store.Store;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The beans that the webhook routes use. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WebhookProperties.class)
class WebhookConfiguration {

  /**
   * @throws PolicyException when the file, or one of its templates or secrets, is wrong
   */
  @Bean
  Destinations destinations(
      WebhookProperties properties,
      ComplianceSettings compliance,
      Secrets secrets,
      LiveSecrets live,
      Environment environment,
      @Value("${campaign-routes.config-dir:config}") String config) {
    Signature signature =
        new Signature(
            properties.signingSecret().isBlank()
                ? secrets.get("webhook-signing-secret", Signature::secret)
                : properties.signingSecret());
    Destinations destinations =
        Destinations.load(
            properties.destinations(),
            RequestSchema.load(Path.of(config, "destinations.schema.json"), "/$defs/destination"),
            environment::resolveRequiredPlaceholders,
            compliance.allowPrivateDestinations(),
            signature,
            properties.ownConcurrency());
    live.follow(
        "${webhooks.signing-secret:}",
        given -> {
          if (!given.isBlank()) {
            signature.use(given);
          }
        });
    destinations.follow(live);
    return destinations;
  }

  @Bean
  WebhookMetrics webhookMetrics(MeterRegistry registry) {
    return new WebhookMetrics(registry);
  }

  @Bean
  Forwarder forwarder(
      Store store,
      AuditLog audit,
      DeliveryClaims claims,
      DeliveryWrites writes,
      Destinations destinations,
      WebhookProperties properties,
      WebhookMetrics metrics) {
    int leftovers = claims.releaseLeftovers();
    if (leftovers > 0) {
      LoggerFactory.getLogger(Forwarder.class)
          .info(
              "{} lines of deliveries were being sent when the service ended; they go on.",
              leftovers);
    }
    return new Forwarder(store, audit, claims, writes, destinations, properties, metrics);
  }

  @Bean
  DeliveryClient deliveryClient(WebhookProperties properties) {
    return new DeliveryClient(properties.callDeadline());
  }

  @Bean
  AutoCloseable deliveryConnections(WebhookProperties properties, ComplianceSettings compliance) {
    // several destinations may share a host, so the host's limit must not be the narrower one
    return DeliveryClient.connections(
        properties.workers(), properties.workers(), compliance.allowPrivateDestinations());
  }

  /** How long the oldest delivery has waited, per destination, asked for every few seconds. */
  @Bean
  MeterBinder oldestUndelivered(DestinationSwitch destinations, Store store) {
    return registry -> {
      OldestUndelivered oldest = new OldestUndelivered(destinations, store);
      for (String tag : destinations.tags()) {
        Gauge.builder("campaign.routes.webhook.oldest.undelivered", () -> oldest.seconds(tag))
            .description("Age of the oldest delivery that waits")
            .baseUnit("seconds")
            .tag("destination", tag)
            .register(registry);
      }
    };
  }

  /** How many events wait for their campaign to be known, as the last look found. */
  @Bean
  MeterBinder unclaimedEventsMeter(WebhookEvents events) {
    return registry ->
        Gauge.builder("campaign.routes.webhook.events.unclaimed", events::unclaimed)
            .description("Events of campaigns that are not known here; 10,000 stand for more")
            .register(registry);
  }

  /** As many threads as there are runs, which the claims limit; idle ones end. */
  @Bean(destroyMethod = "shutdown")
  ExecutorService deliveryWorkers() {
    AtomicInteger number = new AtomicInteger();
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        10,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        run -> new Thread(run, "delivery-" + number.incrementAndGet()));
  }
}
