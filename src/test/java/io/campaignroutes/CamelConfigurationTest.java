package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.charset.StandardCharsets;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class CamelConfigurationTest {
  private static final String ROUTES =
      """
      - routeConfiguration:
          id: some-errors
          onException:
            - onException:
                exception: [java.lang.Exception]
                handled:
                  constant:
                    expression: "true"
                steps:
                  - setBody:
                      expression:
                        constant:
                          expression: handled
      - route:
          id: some-failure
          routeConfigurationId: some-errors
          from:
            uri: direct:some-failure
            steps:
              - throwException:
                  exceptionType: java.lang.IllegalStateException
                  message: as it must
      """;

  @Test
  void aFailureThatARouteDealsWithIsNoLineOfCamels() throws Exception {
    assertThat(linesOfAFailure(false)).as("what Camel tells otherwise").isNotZero();
    assertThat(linesOfAFailure(true)).isZero();
  }

  private static long linesOfAFailure(boolean silenced) throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger("org.apache.camel.processor.errorhandler");
    Level level = logger.getLevel();
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.setLevel(Level.DEBUG);
    logger.addAppender(lines);
    try (var context = new DefaultCamelContext()) {
      if (silenced) {
        new CamelConfiguration().attemptsAreNotLogged().configure(context);
      }
      PluginHelper.getRoutesLoader(context)
          .loadRoutes(
              ResourceHelper.fromBytes("some.yaml", ROUTES.getBytes(StandardCharsets.UTF_8)));
      context.start();
      try (var template = context.createProducerTemplate()) {
        assertThat(template.requestBody("direct:some-failure", "body")).isEqualTo("handled");
      }
      return lines.list.stream()
          .filter(line -> line.getFormattedMessage().contains("attempt"))
          .count();
    } finally {
      logger.detachAppender(lines);
      logger.setLevel(level);
    }
  }
}
