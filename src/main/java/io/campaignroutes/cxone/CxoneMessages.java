package io.campaignroutes.cxone;

import io.campaignroutes.shared.RetryAfter;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.http.HttpMethods;
import org.apache.camel.http.base.HttpHeaderFilterStrategy;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;

/** How a {@link Call} becomes an HTTP message and an HTTP message the call's answer. */
@Configuration(proxyBeanMethods = false)
class CxoneMessages {
  private static final String JSON = "application/json";

  /** Headers in which APIs tell why they refuse a call. */
  private static final Pattern TOLD =
      Pattern.compile(
          "(?i)warning|x-(.*-)?(error|fault|reason|message)(-?(message|description|detail|code))?");

  /**
   * Camel's own leaves the content type out of a call without a body, and CXone wants it in all.
   */
  @Bean
  HeaderFilterStrategy cxoneHeaders() {
    HttpHeaderFilterStrategy headers = new HttpHeaderFilterStrategy();
    headers.getOutFilter().remove("content-type");
    return headers;
  }

  /** The call in the variable {@code call} becomes the message; every other header is dropped. */
  @Bean
  Processor cxoneRequest() {
    return exchange -> {
      Call call = exchange.getVariable("call", Call.class);
      Message message = exchange.getMessage();
      message.removeHeaders("*");
      message.setHeader(Exchange.HTTP_METHOD, call.method());
      if (call.base() != null) {
        message.setHeader(Exchange.HTTP_URI, call.base());
      }
      message.setHeader(Exchange.HTTP_PATH, call.path());
      if (call.query() != null) {
        message.setHeader(Exchange.HTTP_QUERY, call.query());
      }
      message.setHeader("Authorization", "Bearer " + call.token().value());
      message.setHeader("Accept", JSON);
      if (call.body() != null || call.method() == HttpMethods.GET) {
        message.setHeader(Exchange.CONTENT_TYPE, JSON);
      }
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
      Call call = exchange.getVariable("call", Call.class);
      Integer status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
      if (call.errorHeader() != null && status / 100 != 2) {
        call.errorNamed(message.getHeader(call.errorHeader(), String.class));
      }
      call.headers(said(message, status), message.getHeader("Location", String.class));
      call.answered(
          status,
          RetryAfter.bySender(
              message.getHeader("Retry-After"), message.getHeader("Date", String.class)),
          message.getBody(byte[].class));
    };
  }

  /** Why a call is refused, where a header says it; null where none does. */
  private static String said(Message message, int status) {
    if (status / 100 == 2) {
      return null;
    }
    String challenge = message.getHeader("WWW-Authenticate", String.class);
    if (challenge != null && challenge.contains("error")) {
      return challenge;
    }
    for (Map.Entry<String, Object> header : message.getHeaders().entrySet()) {
      if (header.getValue() != null && TOLD.matcher(header.getKey()).matches()) {
        return header.getValue().toString();
      }
    }
    String phrase = message.getHeader(Exchange.HTTP_RESPONSE_TEXT, String.class);
    HttpStatus usual = HttpStatus.resolve(status);
    boolean own =
        phrase != null && (usual == null || !usual.getReasonPhrase().equalsIgnoreCase(phrase));
    return own ? phrase : null;
  }
}
