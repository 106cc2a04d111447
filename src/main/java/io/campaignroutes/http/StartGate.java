package io.campaignroutes.http;

import io.campaignroutes.campaign.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.stream.Stream;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.servlet.context.ServletWebServerInitializedEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The port is open a while before the routes are there, and for a moment after they have gone. Who
 * comes in between is asked to come again: a 404 would tell a client that its campaign is lost, and
 * CXone that nobody wants its events any more. Health, the console's files and what the sandbox
 * plays need no route.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class StartGate extends OncePerRequestFilter {
  private static final Problem STARTING =
      again("Starting", "The service is starting. Try again in a moment.", 1);
  static final Problem STOPPING =
      again("Stopping", "The service is just stopping. Try again when it is back.", 5);

  /** What is answered; null while everything is there. */
  private volatile Problem closed = STARTING;

  private static Problem again(String title, String detail, long seconds) {
    return new Problem(title, 503, detail, null, null, null, null, seconds);
  }

  /** It lives as soon as it answers, or a slow start would be taken for a dead process. */
  @EventListener
  void listening(ServletWebServerInitializedEvent event) {
    AvailabilityChangeEvent.publish(event.getApplicationContext(), LivenessState.CORRECT);
  }

  @EventListener(ApplicationReadyEvent.class)
  void started() {
    closed = null;
  }

  /** Ahead of all that is stopped because of it. */
  @EventListener(ContextClosedEvent.class)
  @Order(Ordered.HIGHEST_PRECEDENCE)
  void stopping() {
    closed = STOPPING;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    String path = request.getRequestURI();
    return closed == null
        || path.equals("/")
        || Stream.of("/console/", "/actuator/", "/sandbox/").anyMatch(path::startsWith);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Problem problem = closed;
    if (problem == null) {
      chain.doFilter(request, response); // opened this very moment
      return;
    }
    response.setHeader("Connection", "close");
    ApiSecurity.write(request, response, problem);
  }
}
