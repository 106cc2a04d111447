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
import java.util.Set;
import java.util.TreeSet;
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
 * no form to say in what is wrong with it, and answer with nothing. So is one with an empty one,
 * and one without a body whose {@code Content-Type} is none, over both of which Spring would break.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class ReadableTypes extends OncePerRequestFilter {
  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Set<String> hidden = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    if (!isReadable(request)) {
      hidden.add(HttpHeaders.ACCEPT);
    }
    if (isOfNothing(request)) {
      hidden.add(HttpHeaders.CONTENT_TYPE);
    }
    chain.doFilter(hidden.isEmpty() ? request : new Without(request, hidden), response);
  }

  private static boolean isReadable(HttpServletRequest request) {
    List<String> values = Collections.list(request.getHeaders(HttpHeaders.ACCEPT));
    try {
      return values.isEmpty() || !MediaType.parseMediaTypes(values).isEmpty();
    } catch (InvalidMediaTypeException | InvalidMimeTypeException e) {
      return false;
    }
  }

  /** Whether it says of what type its body is, and that is none that a body could be of. */
  private static boolean isOfNothing(HttpServletRequest request) {
    if (request.getContentType() == null || Bodies.hasBody(request)) {
      return false;
    }
    try {
      return !MediaType.parseMediaType(request.getContentType()).isConcrete();
    } catch (InvalidMediaTypeException e) {
      return true;
    }
  }

  private static final class Without extends HttpServletRequestWrapper {
    private final Set<String> hidden;

    Without(HttpServletRequest request, Set<String> hidden) {
      super(request);
      this.hidden = hidden;
    }

    private boolean isHidden(String name) {
      return hidden.contains(name);
    }

    @Override
    public String getContentType() {
      return isHidden(HttpHeaders.CONTENT_TYPE) ? null : super.getContentType();
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
