package io.campaignroutes.telemetry;

import org.apache.camel.mdc.MDCService;
import org.apache.camel.spi.CamelContextCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Puts the exchange property {@code correlationId} into every line that is logged while a step of
 * its route runs, on whatever thread. HTTP routes get theirs with the request, campaigns in {@code
 * campaign-run}.
 */
@Configuration(proxyBeanMethods = false)
class CorrelatedLogs {
  @Bean
  CamelContextCustomizer mdcOfRoutes() {
    return context -> {
      MDCService service = new MDCService();
      service.setCustomProperties("correlationId");
      service.init(context);
    };
  }
}
