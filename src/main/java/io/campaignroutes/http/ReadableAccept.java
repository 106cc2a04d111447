package io.campaignroutes.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * A request with an {@code Accept} that nobody can read is served as one without: Spring would have
 * no form to say in what is wrong with it, and answer with nothing.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class ReadableAccept extends OncePerRequestFilter {
  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    chain.doFilter(isReadable(request) ? request : new WithoutAccept(request), response);
  }

  private static boolean isReadable(HttpServletRequest request) {
    List<String> values = Collections.list(request.getHeaders(HttpHeaders.ACCEPT));
    try {
      MediaType.parseMediaTypes(values);
      return true;
    } catch (InvalidMediaTypeException | InvalidMimeTypeException e) {
      return false;
    }
  }

  private static final class WithoutAccept extends HttpServletRequestWrapper {
    WithoutAccept(HttpServletRequest request) {
      super(request);
    }

    private static boolean isHidden(String name) {
      return HttpHeaders.ACCEPT.equalsIgnoreCase(name);
    }

    @Override
    public String getHeader(String name) {
      return isHidden(name) ? null : super.getHeader(name);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
      return isHidden(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
    }

    @Override
    public Enumeration<String> getHeaderNames() {
      return Collections.enumeration(
          Collections.list(super.getHeaderNames()).stream()
              .filter(name -> !isHidden(name))
              .toList());
    }
  }
}
