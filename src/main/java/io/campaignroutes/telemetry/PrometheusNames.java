package io.campaignroutes.telemetry;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusNamingConvention;
import java.util.List;
import java.util.Locale;
import org.springframework.boot.actuate.autoconfigure.metrics.MeterRegistryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Holds all figures, those of the libraries too, to what {@code promtool check metrics} asks for. */
@Configuration(proxyBeanMethods = false)
class PrometheusNames {
  /** Figures with units or endings that Prometheus reserves, and of sessions, which there are none. */
  private static final List<String> LEFT_OUT =
      List.of("jvm.compilation.time", "process.cpu.time", "system.cpu.count", "tomcat.sessions");

  @Bean
  MeterRegistryCustomizer<PrometheusMeterRegistry> namesOfPrometheus() {
    return registry -> registry.config().namingConvention(new SnakeCase());
  }

  @Bean
  MeterFilter leaveOut() {
    return MeterFilter.deny(id -> LEFT_OUT.stream().anyMatch(id.getName()::startsWith));
  }

  /** Every figure has a line of help. */
  @Bean
  MeterFilter described() {
    return new MeterFilter() {
      @Override
      public Meter.Id map(Meter.Id id) {
        return id.getDescription() != null && !id.getDescription().isBlank()
            ? id
            : new Meter.Id(
                id.getName(),
                io.micrometer.core.instrument.Tags.of(id.getTags()),
                id.getBaseUnit(),
                "As " + id.getName().split("\\.")[0] + " counts it",
                id.getType());
      }
    };
  }

  /** Camel writes its tags in camel case. */
  private static final class SnakeCase extends PrometheusNamingConvention {
    @Override
    public String tagKey(String key) {
      return super.tagKey(key.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT));
    }
  }
}
