package io.campaignroutes.http;

import io.campaignroutes.cxone.PlatformEvents;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * The first step of every HTTP route: the request becomes the variable {@code http} and its body,
 * and every header is dropped, so that nothing a caller sends can steer a later call.
 */
@Component("httpRequest")
public class HttpRequestReader implements Processor {
  private final PlatformEvents platform;

  HttpRequestReader(PlatformEvents platform) {
    this.platform = platform;
  }

  @Override
  public void process(Exchange exchange) throws IOException {
    Message message = exchange.getMessage();
    HttpServletRequest http = (HttpServletRequest) message.getBody();
    ApiRequest request =
        request(http, platform.token(http::getHeader), http.getInputStream().readAllBytes());
    message.removeHeaders("*");
    exchange.setProperty(CorrelationId.KEY, MDC.get(CorrelationId.KEY));
    message.setBody(request.body());
    exchange.setVariable("http", request);
  }

  /** A request as far as it is known before its body has been read. */
  static ApiRequest request(HttpServletRequest http) {
    return request(http, null, new byte[0]);
  }

  private static ApiRequest request(HttpServletRequest http, String token, byte[] body) {
    List<String> prefer = Collections.list(http.getHeaders("Prefer"));
    return new ApiRequest(
        id(http),
        CallerFilter.by(http),
        query(http.getQueryString()),
        prefer.isEmpty() ? null : String.join(", ", prefer),
        http.getHeader("Idempotency-Key"),
        token,
        body);
  }

  /** As Spring has cut it out of the path: split at its slashes first, then decoded, once. */
  private static String id(HttpServletRequest http) {
    Object variables = http.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
    return variables instanceof Map<?, ?> known ? (String) known.get("id") : null;
  }

  private static Map<String, List<String>> query(String query) {
    return query == null || query.isBlank()
        ? Map.of()
        : UriComponentsBuilder.newInstance().query(query).build().getQueryParams();
  }
}
