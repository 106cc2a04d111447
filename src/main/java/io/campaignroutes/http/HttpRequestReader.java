package io.campaignroutes.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;
import org.springframework.util.MultiValueMap;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * The first step of every HTTP route: the request becomes the variable {@code http} and its body,
 * and every header is dropped, so that nothing a caller sends can steer a later call.
 */
@Component("httpRequest")
public class HttpRequestReader implements Processor {
  @Override
  public void process(Exchange exchange) throws IOException {
    Message message = exchange.getMessage();
    byte[] body = body(message);
    ApiRequest request =
        new ApiRequest(
            text(message, "id"),
            query(message.getHeader(Exchange.HTTP_QUERY, String.class)),
            text(message, "prefer"),
            text(message, "idempotency-key"),
            text(message, "x-webhook-token"),
            body);
    message.removeHeaders("*");
    exchange.setProperty(CorrelationId.KEY, MDC.get(CorrelationId.KEY));
    message.setBody(request.body());
    exchange.setVariable("http", request);
  }

  private static byte[] body(Message message) throws IOException {
    Object body = message.getBody();
    if (body instanceof InputStream in) {
      return in.readAllBytes(); // Camel's converters would be looked for and copy it twice
    }
    return body == null ? new byte[0] : message.getBody(byte[].class);
  }

  /** A header sent more than once is none that we can rely on. */
  private static String text(Message message, String header) {
    Object value = message.getHeader(header);
    return value == null || value instanceof List<?> ? null : value.toString();
  }

  private static Map<String, String> query(String query) {
    if (query == null || query.isBlank()) {
      return Map.of();
    }
    MultiValueMap<String, String> all =
        UriComponentsBuilder.newInstance().query(query).build().getQueryParams();
    Map<String, String> last = new LinkedHashMap<>();
    all.forEach(
        (name, values) -> {
          String value = values.get(values.size() - 1);
          last.put(name, value == null ? "" : decoded(value));
        });
    return last;
  }

  private static String decoded(String value) {
    try {
      return java.net.URLDecoder.decode(value, java.nio.charset.StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return value; // a stray percent sign is taken as it stands; the parameter's own check answers
    }
  }
}
