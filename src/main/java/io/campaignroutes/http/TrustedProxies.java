package io.campaignroutes.http;

import io.campaignroutes.campaign.Problem;
import io.campaignroutes.settings.Networks;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.security.web.util.matcher.IpAddressMatcher;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.ForwardedHeaderFilter;
import org.springframework.web.util.ForwardedHeaderUtils;

/**
 * Believes {@code Forwarded} and {@code X-Forwarded-*} when they come from an address of {@code
 * TRUSTED_PROXIES}, and drops them when they come from anywhere else. What a proxy calls its prefix
 * is the request's context path from here on, with which every {@code Location} begins.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 3) // behind all that looks at requests as they came
final class TrustedProxies implements Filter {
  private static final String BELIEVED = TrustedProxies.class.getName();
  private static final Pattern PATH = Pattern.compile("(?:/[A-Za-z0-9._~@:+-]+)*/?");

  /** Characters; every {@code Location} begins with it, and headers have 8 kB together. */
  private static final int MAX_PREFIX = 1_000;

  private static final Problem NO_PATH =
      Problem.of(
          400,
          "Bad request",
          "X-Forwarded-Prefix is no path of 1,000 characters at most. Have the proxy send one that"
              + " begins with a slash, such as /dialer.");

  private static final Problem UNREADABLE =
      Problem.of(
          400,
          "Bad request",
          "The Forwarded or X-Forwarded-* headers cannot be read: a host or a port in them is not"
              + " one. Have the proxy send the host and port that its callers use.");

  private final List<IpAddressMatcher> trusted;
  private final ForwardedHeaderFilter believing = new ForwardedHeaderFilter();
  private final ForwardedHeaderFilter dropping = new ForwardedHeaderFilter();

  TrustedProxies(@Value("${campaign-routes.trusted-proxies:}") String addresses) {
    trusted = Networks.read(addresses);
    dropping.setRemoveOnly(true);
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (trusted.isEmpty()) {
      chain.doFilter(request, response); // nobody reads them further on
      return;
    }
    String from = request.getRemoteAddr();
    if (trusted.stream().noneMatch(one -> one.matches(from))) {
      dropping.doFilter(request, response, chain);
    } else if (!hasPath((HttpServletRequest) request)) {
      ApiSecurity.write((HttpServletRequest) request, (HttpServletResponse) response, NO_PATH);
    } else if (!isReadable((HttpServletRequest) request)) {
      ApiSecurity.write((HttpServletRequest) request, (HttpServletResponse) response, UNREADABLE);
    } else {
      if (namesHost((HttpServletRequest) request)) {
        request.setAttribute(BELIEVED, true);
      }
      believing.doFilter(request, response, chain);
    }
  }

  /** Whether a proxy that is trusted has told by which name its callers call it. */
  static boolean toldHost(HttpServletRequest request) {
    return request.getAttribute(BELIEVED) != null;
  }

  private static boolean namesHost(HttpServletRequest request) {
    String forwarded = request.getHeader("Forwarded");
    return request.getHeader("X-Forwarded-Host") != null
        || forwarded != null && forwarded.toLowerCase(Locale.ROOT).contains("host=");
  }

  private static boolean isReadable(HttpServletRequest request) {
    try {
      ForwardedHeaderUtils.adaptFromForwardedHeaders(
          URI.create("http://localhost/"), new ServletServerHttpRequest(request).getHeaders());
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean hasPath(HttpServletRequest request) {
    List<String> prefixes = Collections.list(request.getHeaders("X-Forwarded-Prefix"));
    return prefixes.stream().mapToInt(String::length).sum() <= MAX_PREFIX
        && prefixes.stream()
            .flatMap(several -> Arrays.stream(several.split(",")))
            .allMatch(prefix -> PATH.matcher(prefix.strip()).matches());
  }
}
