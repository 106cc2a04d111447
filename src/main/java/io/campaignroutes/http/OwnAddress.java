package io.campaignroutes.http;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Collections;
import java.util.List;
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
    List<String> sites = Collections.list(request.getHeaders("Sec-Fetch-Site"));
    List<String> origins = Collections.list(request.getHeaders("Origin"));
    String own = origin(URI.create(of(request)));
    return !(sites.isEmpty() && origins.isEmpty())
        && sites.stream().allMatch("same-origin"::equals)
        && origins.stream().allMatch(own::equals);
  }

  /** As a browser names it: without the port that its scheme has anyway. */
  private static String origin(URI address) {
    boolean usual = address.getPort() == (address.getScheme().equals("https") ? 443 : 80);
    return address.getScheme()
        + "://"
        + (usual || address.getPort() == -1
            ? address.getHost()
            : address.getHost() + ":" + address.getPort());
  }
}
