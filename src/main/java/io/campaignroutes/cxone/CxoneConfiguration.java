package io.campaignroutes.cxone;

import io.campaignroutes.shared.LiveSecrets;
import io.campaignroutes.store.Secrets;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.function.SingletonSupplier;

/** The beans that the CXone routes use. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CxoneProperties.class)
class CxoneConfiguration {
  private static final String WEBHOOK_TOKEN = "${campaign-routes.webhook-token:}";

  @Bean
  Tokens tokens(CxoneProperties properties, ApiFile file, LiveSecrets secrets) {
    Tokens tokens = new Tokens(properties, file.tokenKinds(), file.discoveryOf(properties.api()));
    secrets.follow(Credentials.SETTINGS, given -> tokens.use(Credentials.of(given)));
    return tokens;
  }

  @Bean
  CallBudget callBudget(CxoneProperties properties) {
    return new CallBudget(properties);
  }

  @Bean
  CallDeadline callDeadline(CxoneProperties properties) {
    return new CallDeadline(properties.callDeadline());
  }

  /** The start has read it already; one that it could not read ends it here. */
  @Bean
  @ConditionalOnMissingBean
  ApiFile apiFile(CxoneProperties properties) {
    return ApiFile.read(properties.api());
  }

  /** Made from the file alone: filters need it, which are made before the store. */
  @Bean
  PlatformEvents platformEvents(ApiFile file, CxoneProperties properties) {
    return file.eventsOf(properties.api());
  }

  @Bean
  CxoneApi cxoneApi(
      ApiFile file,
      CxoneProperties properties,
      WebhookToken webhookToken,
      LiveSecrets secrets,
      MeterRegistry registry,
      Reachability reachability,
      Tokens tokens,
      ObjectProvider<ApiVariables> more,
      ObjectProvider<RunFence> fences,
      ObjectProvider<CallTally> tallies) {
    CxoneApi api =
        new CxoneApi(
            file,
            properties.api(),
            Map.of("publicUrl", properties.publicUrl(), "webhookToken", webhookToken.value()),
            new CallMeters(registry),
            reachability);
    more.forEach(one -> api.with(one.values()));
    secrets.follow(
        WEBHOOK_TOKEN,
        given -> {
          if (!given.isBlank()) {
            webhookToken.use(given);
            api.with("webhookToken", webhookToken.value());
          }
        });
    Supplier<List<RunFence>> each = SingletonSupplier.of(() -> fences.orderedStream().toList());
    return api.telling(
            call -> {
              tokens.heard(call);
              boolean read = call.operation().kind() == Operation.Kind.READ;
              tallies.forEach(tally -> tally.ended(read, call.sendings()));
            })
        .fencedBy(arguments -> each.get().forEach(one -> one.check(arguments)));
  }

  @Bean
  Reachability cxoneReachability() {
    return new Reachability();
  }

  /** DOWN while CXone does not answer, with the reason. */
  @Bean
  HealthIndicator cxoneHealthIndicator(Reachability cxone) {
    return () -> {
      String trouble = cxone.trouble();
      return trouble == null
          ? Health.up().build()
          : Health.down().withDetail("reason", trouble).build();
    };
  }

  @Bean
  WebhookToken webhookToken(
      // read by name: Spring would carry out a #{..} in a value that it puts in
      @Value("#{environment.getProperty('campaign-routes.webhook-token', '')}") String given,
      Secrets secrets) {
    return new WebhookToken(
        given.isBlank() ? secrets.get("webhook-token", Secrets::random) : given);
  }

  @Bean
  AgentPools agentPools(CxoneProperties properties) {
    return new AgentPools(properties.poolCache());
  }

  @Bean
  PlatformRequests platform(
      @Value("${pacing.platform.actuator:rate}") String actuator,
      @Value("${pacing.platform.ratio.fine-lever:false}") boolean fineLever) {
    return new PlatformRequests(actuator.equalsIgnoreCase("ratio"), fineLever);
  }

  @Bean
  RateWrites rateWrites(CxoneApi api) {
    return new RateWrites(api.campaign());
  }

  /** DOWN while CXone gives no token, with the reason; also tells when tokens do not last. */
  @Bean
  HealthIndicator cxoneTokenHealthIndicator(Tokens tokens) {
    return () -> {
      String trouble = tokens.state().trouble();
      if (trouble != null) {
        return Health.down().withDetail("reason", trouble).build();
      }
      String notLasting = tokens.notLasting();
      return notLasting == null
          ? Health.up().build()
          : Health.up().withDetail("reason", notLasting).build();
    };
  }
}
