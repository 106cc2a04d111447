package io.campaignroutes.sandbox.connection;

import io.campaignroutes.sandbox.ApiHandler;
import io.campaignroutes.sandbox.CallCounters;
import io.campaignroutes.sandbox.Faults;
import io.campaignroutes.sandbox.SteadyClock;
import java.util.Map;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/** Puts the simulated tenant of Personal Connection together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PersonalConnectionProperties.class)
@Profile("sandbox")
class PersonalConnectionConfiguration {

  @Bean
  @Order(1)
  PersonalConnection sandboxPersonalConnection(PersonalConnectionProperties properties) {
    return new PersonalConnection(new SteadyClock(), properties);
  }

  @Bean
  SimpleUrlHandlerMapping sandboxConnection(
      PersonalConnection tenant, Faults faults, CallCounters counters) {
    return new SimpleUrlHandlerMapping(
        Map.of(
            PersonalConnection.BASE + "/**",
            new ApiHandler(PersonalConnection.BASE, tenant, faults, counters)),
        Ordered.HIGHEST_PRECEDENCE);
  }

  @Bean
  PassingTime sandboxPassingTime(PersonalConnection tenant) {
    return new PassingTime(tenant);
  }
}
