package io.campaignroutes.http;

import io.campaignroutes.access.By;
import io.campaignroutes.access.Caller;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Notes with a request who was let in with it, however he was known: a route may run on another
 * thread, or after the body has been read, when the security context is gone.
 */
final class CallerFilter extends OncePerRequestFilter {
  private static final String BY = By.class.getName();

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Authentication known = SecurityContextHolder.getContext().getAuthentication();
    if (known != null && known.getPrincipal() instanceof Caller caller) {
      request.setAttribute(BY, caller.by());
    } else if (ApiSecurity.isOpen(request) && !ManagementPort.isOn(request)) {
      response.setHeader("Connection", "close"); // as with what strangers are refused
    }
    chain.doFilter(request, response);
  }

  /** Who sent a request. */
  static By by(HttpServletRequest request) {
    return request.getAttribute(BY) instanceof By by ? by : By.ANONYMOUS;
  }
}
