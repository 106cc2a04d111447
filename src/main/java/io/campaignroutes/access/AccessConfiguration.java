package io.campaignroutes.access;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OidcProperties.class)
class AccessConfiguration {
  @Bean
  @Conditional(OnIssuer.class)
  IssuerHttp issuerHttp() {
    return new IssuerHttp();
  }
}
