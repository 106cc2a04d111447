package io.campaignroutes.http;

import io.campaignroutes.campaign.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.filter.OncePerRequestFilter;

/** A browser that asks for another origin's page whether it may call is told no, in our words. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 4) // behind what looks at who asks at all
class Preflights extends OncePerRequestFilter {
  private static final Problem NO =
      Problem.of(
          403,
          "Forbidden",
          "No page of another origin may call this service. Have that page's own server call it.");

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !CorsUtils.isPreFlightRequest(request);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    ApiSecurity.write(request, response, NO);
  }
}
