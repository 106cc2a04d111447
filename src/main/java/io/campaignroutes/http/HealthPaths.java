package io.campaignroutes.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Parts of health that there are none of are answered as everything else is that is not there:
 * Spring says nothing, and breaks over a slash that is written as {@code %2F}.
 */
@Component
class HealthPaths extends OncePerRequestFilter {
  private static final String PARTS = "/actuator/health/";

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !request.getServletPath().startsWith(PARTS);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (!request.getRequestURI().toLowerCase(Locale.ROOT).contains("%2f")) {
      chain.doFilter(request, response);
      boolean said = response.isCommitted() || response.getContentType() != null;
      if (said || response.getStatus() != HttpStatus.NOT_FOUND.value()) {
        return;
      }
    }
    ApiSecurity.write(request, response, ContainerErrors.problem(HttpStatus.NOT_FOUND.value()));
  }
}
