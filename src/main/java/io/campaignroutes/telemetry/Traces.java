package io.campaignroutes.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.Map;
import org.apache.camel.opentelemetry2.OpenTelemetryTracer;
import org.apache.camel.spi.CamelContextCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Traces of the routes over OTLP, a span for each exchange and each call that it makes. They are
 * there when {@code OTEL_EXPORTER_OTLP_ENDPOINT} is set, and then all variables of OpenTelemetry
 * hold ({@code OTEL_SERVICE_NAME}, {@code OTEL_EXPORTER_OTLP_HEADERS}, {@code
 * OTEL_TRACES_SAMPLER}); without it nothing of this is made.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnExpression("!'${OTEL_EXPORTER_OTLP_ENDPOINT:}'.isBlank()")
class Traces {
  private static final Logger LOG = LoggerFactory.getLogger(Traces.class);

  /** What only looks whether there is something to do, fifty times a second. */
  private static final String NOT_TRACED = "scheduler:*,file:*,direct:audit-*";

  /** What is different from OpenTelemetry's own defaults; its variables go first. */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "otel.service.name", "campaign-routes",
          "otel.exporter.otlp.protocol", "http/protobuf",
          "otel.metrics.exporter", "none",
          "otel.logs.exporter", "none");

  @Bean(destroyMethod = "close")
  OpenTelemetrySdk openTelemetry() {
    LOG.info("Traces go to {}.", System.getenv("OTEL_EXPORTER_OTLP_ENDPOINT"));
    return AutoConfiguredOpenTelemetrySdk.builder()
        .addPropertiesSupplier(() -> DEFAULTS)
        .setResultAsGlobal() // Camel's tracer asks before it can see any bean
        .build()
        .getOpenTelemetrySdk();
  }

  @Bean
  CamelContextCustomizer tracedRoutes(OpenTelemetry openTelemetry) {
    return context -> {
      OpenTelemetryTracer tracer = new OpenTelemetryTracer();
      tracer.setExcludePatterns(NOT_TRACED);
      tracer.init(context);
    };
  }
}
