package io.campaignroutes.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.security.SecurityProperties;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * Reads the body of a request before anything else does. It stands behind the checks of the API key
 * and of the webhook token: a stranger's body is not read. Nor is one that nobody takes.
 */
@Component
@Order(SecurityProperties.DEFAULT_FILTER_ORDER + 1)
class BodyFilter extends OncePerRequestFilter {
  private static final String BODY = BodyFilter.class.getName() + ".body";
  private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "OPTIONS");

  private final Bodies bodies;
  private final ObjectProvider<DispatcherServlet> handlers;

  /** The handlers are asked for with the first request: they are made after the filters. */
  BodyFilter(Bodies bodies, ObjectProvider<DispatcherServlet> handlers) {
    this.bodies = bodies;
    this.handlers = handlers;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    byte[] read = (byte[]) request.getAttribute(BODY);
    if (read != null) {
      request.removeAttribute(BODY);
      chain.doFilter(Bodies.withBody(request, read), response);
    } else if (!Bodies.hasBody(request)) {
      chain.doFilter(request, response);
    } else if (isTaken(request)) {
      bodies.read(
          request,
          response,
          body -> {
            if (request.isAsyncStarted()) {
              request.setAttribute(BODY, body);
              request.getAsyncContext().dispatch();
            } else {
              chain.doFilter(Bodies.withBody(request, body), response);
            }
          });
    } else {
      response.setHeader("Connection", "close");
      chain.doFilter(Bodies.withBody(request, new byte[0]), response);
    }
  }

  /** Comes again with the body when that was read without a thread. */
  @Override
  protected boolean shouldNotFilterAsyncDispatch() {
    return false;
  }

  private boolean isTaken(HttpServletRequest request) {
    if (WITHOUT_BODY.contains(request.getMethod())) {
      return false;
    }
    try {
      ServletRequestPathUtils.parseAndCache(request);
      for (HandlerMapping mapping : handlers.getObject().getHandlerMappings()) {
        if (mapping.getHandler(request) != null) {
          return true;
        }
      }
      return false;
    } catch (Exception e) {
      return false; // whoever handles the request finds the same, and answers 405 or 415
    }
  }
}
