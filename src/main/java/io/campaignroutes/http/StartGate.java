package io.campaignroutes.http;

import io.campaignroutes.campaign.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
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
 *
 * <p>A service that was ready and is to end goes on with everything for {@code shutdown.drain}
 * first, so that a balancer that follows readiness, which is 503 by then, sends nobody who is
 * refused.
 */
@Component
@EnableConfigurationProperties(ShutdownProperties.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
class StartGate extends OncePerRequestFilter {
  private static final Logger LOG = LoggerFactory.getLogger(StartGate.class);
  private static final Problem STARTING =
      again("Starting", "The service is starting. Try again in a moment.", 1);
  static final Problem STOPPING =
      again("Stopping", "The service is just stopping. Try again when it is back.", 5);

  private final ShutdownProperties shutdown;

  /** What is answered; null while everything is there. */
  private volatile Problem closed = STARTING;

  private volatile boolean draining;

  StartGate(ShutdownProperties shutdown) {
    this.shutdown = shutdown;
  }

  private static Problem again(String title, String detail, long seconds) {
    return Problem.of(503, title, detail).again(seconds);
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
  void stopping() throws InterruptedException {
    if (closed == null && !draining && !shutdown.drain().isZero()) {
      draining = true;
      LOG.info("Asked to end: requests are still served for {}.", shutdown.drain());
      TimeUnit.MILLISECONDS.sleep(shutdown.drain().toMillis());
    }
    closed = STOPPING;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    String path = request.getRequestURI();
    return closed == null && !draining
        || path.equals("/")
        || Stream.of("/console/", "/actuator/", "/sandbox/").anyMatch(path::startsWith);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Problem problem = closed;
    if (draining || problem != null) {
      response.setHeader("Connection", "close"); // the next one goes to another replica
    }
    if (problem == null) {
      chain.doFilter(request, response);
      return;
    }
    ApiSecurity.write(request, response, problem);
  }
}
