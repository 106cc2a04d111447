package io.campaignroutes.cxone;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How a {@link Call} becomes an HTTP message and an HTTP message the call's answer. */
@Configuration(proxyBeanMethods = false)
class CxoneMessages {
  private static final String JSON = "application/json";

  /** The call in the variable {@code call} becomes the message; every other header is dropped. */
  @Bean
  Processor cxoneRequest() {
    return exchange -> {
      Call call = exchange.getVariable("call", Call.class);
      Message message = exchange.getMessage();
      message.removeHeaders("*");
      message.setHeader(Exchange.HTTP_METHOD, call.method());
      message.setHeader(Exchange.HTTP_PATH, call.path());
      if (call.query() != null) {
        message.setHeader(Exchange.HTTP_QUERY, call.query());
      }
      message.setHeader("Authorization", "Bearer " + call.token().value());
      message.setHeader("Accept", JSON);
      message.setHeader(Exchange.CONTENT_TYPE, JSON);
      message.setBody(call.body());
      call.sending();
    };
  }

  /**
   * The message is the call's answer. Throws {@link CxoneUnavailableException} on a 5xx, so that
   * the circuit breaker counts it.
   */
  @Bean
  Processor cxoneAnswer() {
    return exchange -> {
      Message message = exchange.getMessage();
      exchange
          .getVariable("call", Call.class)
          .answered(
              message.getHeader(Exchange.HTTP_RESPONSE_CODE, int.class),
              RetryAfter.bySender(
                  message.getHeader("Retry-After", String.class),
                  message.getHeader("Date", String.class)),
              message.getBody(byte[].class));
    };
  }
}
