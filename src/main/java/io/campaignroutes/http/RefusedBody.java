package io.campaignroutes.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets callers who are answered before their body was read see that answer. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class RefusedBody extends OncePerRequestFilter {
  private final Bodies bodies;

  RefusedBody(Bodies bodies) {
    this.bodies = bodies;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !Bodies.hasBody(request);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    chain.doFilter(request, response);
    if (response.isCommitted()
        && !request.isAsyncStarted()
        && !request.getInputStream().isFinished()) {
      bodies.drop(request, response);
    }
  }
}
