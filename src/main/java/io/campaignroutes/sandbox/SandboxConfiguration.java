package io.campaignroutes.sandbox;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/** Puts the simulated CXone together. Its beans are of types that nobody else can ask for. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SandboxProperties.class)
@Profile("sandbox")
class SandboxConfiguration {

  private static final Duration PAUSE_BETWEEN_TRIES = Duration.ofSeconds(1);

  private final Clock clock = new SteadyClock();

  @Bean
  ChangeCount sandboxChanges() {
    return new ChangeCount();
  }

  @Bean
  Faults sandboxFaults(SandboxProperties properties) {
    return new Faults(properties.seed());
  }

  @Bean
  CallCounters sandboxCallCounters(List<SimulatedApi> apis) {
    return new CallCounters(
        apis.stream().flatMap(api -> api.operations().stream()).distinct().toList());
  }

  @Bean
  IssuedTokens sandboxTokens(SandboxProperties properties, ChangeCount changes) {
    return new IssuedTokens(
        properties.clientId(),
        properties.clientSecret(),
        properties.tokenLifetime(),
        clock,
        changes);
  }

  @Bean
  Webhooks sandboxWebhooks(ChangeCount changes) {
    return new Webhooks(changes);
  }

  @Bean
  EventPoster sandboxEventPoster(Webhooks webhooks) {
    return new EventPoster(webhooks, PAUSE_BETWEEN_TRIES);
  }

  @Bean
  Campaigns sandboxCampaigns(
      SandboxProperties properties, ChangeCount changes, Faults faults, EventPoster poster) {
    return new Campaigns(properties, clock, changes, faults::activationError, poster);
  }

  @Bean
  SandboxClockwork sandboxClockwork(
      Campaigns campaigns,
      Webhooks webhooks,
      IssuedTokens tokens,
      ChangeCount changes,
      SandboxProperties properties,
      @Value(SandboxInbox.DATA_DIR) String dataDir) {
    Path dir = properties.dir() == null ? Path.of(dataDir, "sandbox") : Path.of(properties.dir());
    return new SandboxClockwork(campaigns, webhooks, tokens, changes, new StateFile(dir));
  }

  @Bean
  @Order(0)
  TenantApi sandboxTenantApi(IssuedTokens tokens, Campaigns campaigns, Webhooks webhooks) {
    return new TenantApi(new Tenant(tokens, campaigns, webhooks));
  }

  @Bean
  SimpleUrlHandlerMapping sandboxCxone(TenantApi tenant, Faults faults, CallCounters counters) {
    return new SimpleUrlHandlerMapping(
        Map.of(TenantApi.BASE + "/**", new ApiHandler(TenantApi.BASE, tenant, faults, counters)),
        Ordered.HIGHEST_PRECEDENCE);
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> sandboxCutValve() {
    return factory -> factory.addEngineValves(new CutValve());
  }
}
