package io.campaignroutes.http;

import io.campaignroutes.campaign.Problem;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.web.util.matcher.IpAddressMatcher;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.ForwardedHeaderFilter;

/**
 * Believes {@code Forwarded} and {@code X-Forwarded-*} when they come from an address of {@code
 * TRUSTED_PROXIES}, and drops them when they come from anywhere else. What a proxy calls its prefix
 * is the request's context path from here on, with which every {@code Location} begins.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 3) // behind all that looks at requests as they came
public final class TrustedProxies implements Filter {
  private static final Pattern IPV4 =
      Pattern.compile("(?:(?:0|[1-9]\\d{0,2})\\.){3}(?:0|[1-9]\\d{0,2})(?:/\\d{1,2})?");
  private static final Pattern IPV6 =
      Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(?:/\\d{1,3})?");

  private static final Pattern PATH = Pattern.compile("(?:/[A-Za-z0-9._~@:+-]+)*/?");
  private static final Problem NO_PATH =
      Problem.of(
          400,
          "Bad request",
          "X-Forwarded-Prefix is no path. Have the proxy send one that begins with a slash, such as"
              + " /dialer.");

  private final List<IpAddressMatcher> trusted;
  private final ForwardedHeaderFilter believing = new ForwardedHeaderFilter();
  private final ForwardedHeaderFilter dropping = new ForwardedHeaderFilter();

  TrustedProxies(@Value("${campaign-routes.trusted-proxies:}") String addresses) {
    trusted = read(addresses);
    dropping.setRemoveOnly(true);
  }

  /**
   * Reads {@code TRUSTED_PROXIES}.
   *
   * @param addresses single ones, or networks such as {@code 10.0.0.0/8}, commas between them;
   *     empty for none
   * @throws IllegalArgumentException when one of them is no address, with a sentence for operators
   */
  public static List<IpAddressMatcher> read(String addresses) {
    return Arrays.stream(addresses.split(","))
        .map(String::strip)
        .filter(address -> !address.isEmpty())
        .map(TrustedProxies::matcher)
        .toList();
  }

  private static IpAddressMatcher matcher(String address) {
    if (IPV4.matcher(address).matches() || IPV6.matcher(address).matches()) {
      try {
        return new IpAddressMatcher(address);
      } catch (IllegalArgumentException e) {
        throw wrong(address, e);
      }
    }
    throw wrong(address, null);
  }

  private static IllegalArgumentException wrong(String address, Exception why) {
    return new IllegalArgumentException(
        "TRUSTED_PROXIES: '%s' is no address. Write IP addresses or networks with commas between"
                .formatted(address)
            + " them, such as 10.0.0.7,192.168.0.0/16.",
        why);
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
    } else if (hasPath((HttpServletRequest) request)) {
      believing.doFilter(request, response, chain);
    } else {
      ApiSecurity.write((HttpServletRequest) request, (HttpServletResponse) response, NO_PATH);
    }
  }

  private static boolean hasPath(HttpServletRequest request) {
    return Collections.list(request.getHeaders("X-Forwarded-Prefix")).stream()
        .flatMap(prefixes -> Arrays.stream(prefixes.split(",")))
        .allMatch(prefix -> PATH.matcher(prefix.strip()).matches());
  }
}
