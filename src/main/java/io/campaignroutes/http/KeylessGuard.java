package io.campaignroutes.http;

import io.campaignroutes.access.Access;
import io.campaignroutes.campaign.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Without an API key whoever reaches the port may do everything, and a browser on this machine
 * reaches it for every page that is open in it. So a request has to name this machine, which one
 * does not whose name was made to lead here, another origin's page may send nothing but GET, and
 * what a proxy has passed on is not answered. The webhook receiver has a token of its own.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
class KeylessGuard extends OncePerRequestFilter {
  private static final Set<String> PROXIES = Set.of("forwarded", "via", "x-real-ip");
  private static final Set<String> OWN_PAGE = Set.of("same-origin", "none");

  private static final Pattern LOOPBACK =
      Pattern.compile(
          "(?:(?:[a-z0-9-]+\\.)*localhost\\.?|127(?:\\.(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)){3}|\\[::1]|\\[0:0:0:0:0:0:0:1])(?::\\d{1,5})?");

  private static final Problem OTHER_HOST =
      Problem.of(
          403,
          "Forbidden",
          "Without an API key the service is there for this machine only: call it as localhost or"
              + " 127.0.0.1. Set API_KEY or OIDC_ISSUER to let others in.");
  private static final Problem OTHER_ORIGIN =
      Problem.of(
          403,
          "Forbidden",
          "Without an API key a page of another origin may send GET and nothing else. Set API_KEY, and"
              + " have the page send it.");

  private static final Problem FORWARDED =
      Problem.of(
          403,
          "Forbidden",
          "Without an API key nothing is answered through a proxy: all its callers would do as they"
              + " like. Set API_KEY.");

  private final Access access;

  KeylessGuard(Access access) {
    this.access = access;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return access.required() || WebhookDoor.PATH.equals(request.getRequestURI());
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    List<String> hosts = Collections.list(request.getHeaders("Host"));
    if (isForwarded(request)) {
      ApiSecurity.write(request, response, FORWARDED);
    } else if (hosts.size() != 1 || !isLoopback(hosts.get(0))) {
      ApiSecurity.write(request, response, OTHER_HOST);
    } else if (!request.getMethod().equals("GET") && isOfAnotherPage(request, hosts.get(0))) {
      ApiSecurity.write(request, response, OTHER_ORIGIN);
    } else {
      chain.doFilter(request, response);
    }
  }

  /** Whether a proxy says that it stands between; its callers may be anywhere. */
  private static boolean isForwarded(HttpServletRequest request) {
    return Collections.list(request.getHeaderNames()).stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .anyMatch(name -> name.startsWith("x-forwarded-") || PROXIES.contains(name));
  }

  /** Whether a {@code Host} is a name of this machine, with or without a port. */
  static boolean isLoopback(String host) {
    return LOOPBACK.matcher(host.strip().toLowerCase(Locale.ROOT)).matches();
  }

  private static boolean isOfAnotherPage(HttpServletRequest request, String host) {
    for (String origin : Collections.list(request.getHeaders("Origin"))) {
      if (!origin.equalsIgnoreCase("http://" + host.strip())
          && !origin.equalsIgnoreCase("https://" + host.strip())) {
        return true;
      }
    }
    return Collections.list(request.getHeaders("Sec-Fetch-Site")).stream()
        .anyMatch(site -> !OWN_PAGE.contains(site.toLowerCase(Locale.ROOT)));
  }
}
