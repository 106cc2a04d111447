package io.campaignroutes;

import io.campaignroutes.cxone.Urgency;
import io.campaignroutes.pacing.PacingRun;
import io.campaignroutes.store.Store;
import org.apache.camel.model.RedeliveryPolicyDefinition;
import org.apache.camel.model.errorhandler.DefaultErrorHandlerDefinition;
import org.apache.camel.spi.CamelContextCustomizer;
import org.apache.camel.spi.TypeConverterRegistry;
import org.apache.camel.support.SimpleTypeConverter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;

/** What of Camel no setting of {@code camel.main} says. */
@Configuration(proxyBeanMethods = false)
class CamelConfiguration {

  /**
   * Leaves Camel's own line about a failed attempt out, wherever a route configuration brings no
   * error handler of its own: its level is set and reset on a logger that all threads share, so
   * that now and then one meant for DEBUG comes out as an ERROR. What a failure leads to, and what
   * is told of it, stands in {@code routes/errors.camel.yaml}.
   */
  @Bean
  CamelContextCustomizer attemptsAreNotLogged() {
    return context -> {
      var handler = new DefaultErrorHandlerDefinition();
      handler.setRedeliveryPolicy(new RedeliveryPolicyDefinition().logRetryAttempted(false));
      context.getCamelContextExtension().setErrorHandlerFactory(handler);
    };
  }

  /** Each timer has one of its own. */
  @Bean
  @Scope("prototype")
  WhenDue whenDue(Store store) {
    return new WhenDue(store);
  }

  /**
   * The words of routes that stand for constants. Camel knows how to convert these, but looks all
   * of its converters through for a better way first, each time.
   */
  @Bean
  CamelContextCustomizer wordsAreConstants() {
    return context -> {
      constants(context.getTypeConverterRegistry(), Urgency.class);
      constants(context.getTypeConverterRegistry(), PacingRun.Change.class);
    };
  }

  private static <E extends Enum<E>> void constants(TypeConverterRegistry registry, Class<E> type) {
    registry.addTypeConverter(
        type,
        String.class,
        new SimpleTypeConverter(false, (to, exchange, word) -> Enum.valueOf(type, (String) word)));
    registry.addTypeConverter(
        String.class,
        type,
        new SimpleTypeConverter(false, (to, exchange, value) -> ((Enum<?>) value).name()));
  }
}
