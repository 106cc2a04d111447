package io.campaignroutes.http;

import io.campaignroutes.cxone.PlatformEvents;
import io.campaignroutes.http.AsyncPlatformHttp.Consumer;
import io.campaignroutes.webhook.WebhookEvents;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets events that come in their plain form through to their route at once: path and content type
 * as they stand here, a body with a declared length within the limit. Spring's filters and its
 * search for a handler would take a tenth of the processor time of all that is done for an event.
 * Whatever else comes goes the way of all requests, where the same checks stand again.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 2) // behind Spring Boot's own that counts requests
class WebhookDoor extends OncePerRequestFilter {
  static final String PATH = "/webhooks/cxone";

  private static final Set<String> PLAIN =
      Set.of(
          "application/json", "application/json; charset=utf-8", "application/json;charset=utf-8");

  private final AsyncPlatformHttp routes;
  private final ObjectProvider<WebhookEvents> events;
  private final Bodies bodies;
  private final PlatformEvents platform;

  /** The receiver is asked for with the first request: it is made after the filters. */
  WebhookDoor(
      AsyncPlatformHttp routes,
      ObjectProvider<WebhookEvents> events,
      Bodies bodies,
      PlatformEvents platform) {
    this.routes = routes;
    this.events = events;
    this.bodies = bodies;
    this.platform = platform;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Consumer route = platform.posted() && plain(request) ? routes.consumer(PATH) : null;
    if (route == null) {
      chain.doFilter(request, response);
      return;
    }
    if (!events.getObject().authentic(platform.token(request::getHeader))) {
      ApiSecurity.write(request, response, WebhookAnswers.refused(platform));
      return;
    }
    bodies.read(request, response, body -> route.service(Bodies.withBody(request, body), response));
  }

  private static boolean plain(HttpServletRequest request) {
    long length = request.getContentLengthLong();
    String type = request.getContentType();
    return PATH.equals(request.getRequestURI())
        && "POST".equals(request.getMethod())
        && length >= 0
        && length <= Bodies.MAX_BYTES
        && type != null
        && request.getHeader("Content-Encoding") == null
        && PLAIN.contains(type.toLowerCase(Locale.ROOT));
  }
}
