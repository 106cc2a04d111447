package io.campaignroutes.http;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Objects;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * By which address browsers reach this service: the one that a trusted proxy tells, else {@code
 * PUBLIC_URL}. What a request itself calls the service is nobody's word.
 */
@Component
class OwnAddress {
  private final String publicUrl;

  OwnAddress(@Value("${cxone.public-url}") String publicUrl) {
    this.publicUrl = publicUrl;
  }

  /** The address without a slash at its end. */
  String of(HttpServletRequest request) {
    return TrustedProxies.toldHost(request)
        ? UriComponentsBuilder.newInstance()
            .scheme(request.getScheme())
            .host(request.getServerName())
            .port(usual(request) ? -1 : request.getServerPort())
            .path(request.getContextPath())
            .toUriString()
        : publicUrl;
  }

  private static boolean usual(HttpServletRequest request) {
    return request.getServerPort() == (request.isSecure() ? 443 : 80);
  }

  /**
   * Whether a page of this very service sends a request: as the browser tells, which no page can
   * have it tell otherwise.
   */
  boolean isOfOwnPage(HttpServletRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null) {
      return site.equals("same-origin");
    }
    String origin = request.getHeader("Origin");
    return origin != null && Objects.equals(origin, origin(URI.create(of(request))));
  }

  private static String origin(URI address) {
    return address.getScheme() + "://" + address.getAuthority();
  }
}
