package io.campaignroutes.http;

import io.campaignroutes.campaign.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The port is open a moment before the routes are there. A post that comes in between is asked to
 * come again: a 404 would tell CXone that nobody wants its events any more.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class StartGate extends OncePerRequestFilter {
  private volatile boolean open;

  @EventListener(ApplicationReadyEvent.class)
  void started() {
    open = true;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return open || !request.getRequestURI().startsWith("/webhooks/");
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    response.setHeader("Retry-After", "1");
    ApiSecurity.write(
        request, response, Problem.of(503, "Starting", "The service is just starting. Try again."));
  }
}
