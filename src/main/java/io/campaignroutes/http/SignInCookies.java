package io.campaignroutes.http;

import io.campaignroutes.access.Console;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.web.AuthorizationRequestRepository;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;

/**
 * The two cookies of people: what is under way while they sign in, and that they have. No other
 * host can set either ({@code __Host-}), no script reads them, and they go with no request of
 * another site but a link ({@code SameSite=Lax}).
 *
 * <p>What is under way is kept in the browser, not here: strangers could begin as often as they
 * like, and another replica may be the one that they come back to.
 */
final class SignInCookies implements AuthorizationRequestRepository<OAuth2AuthorizationRequest> {
  static final String SIGNED_IN = "__Host-campaign-routes";
  private static final String UNDER_WAY = "__Host-campaign-routes-sign-in";
  private static final Duration TO_SIGN_IN = Duration.ofMinutes(10);
  private static final Duration UNTIL_THE_BROWSER_ENDS = Duration.ofSeconds(-1);

  private final Console console;
  private final SignInPaths paths;

  SignInCookies(Console console, SignInPaths paths) {
    this.console = console;
    this.paths = paths;
  }

  /** What a browser shows as proof that somebody has signed in; null when it shows nothing. */
  static String signedIn(HttpServletRequest request) {
    return value(request, SIGNED_IN);
  }

  static void signIn(HttpServletResponse response, String secret) {
    set(response, SIGNED_IN, secret, UNTIL_THE_BROWSER_ENDS);
  }

  static void signOut(HttpServletResponse response) {
    set(response, SIGNED_IN, "", Duration.ZERO);
  }

  @Override
  public OAuth2AuthorizationRequest loadAuthorizationRequest(HttpServletRequest request) {
    String kept = value(request, UNDER_WAY);
    String[] parts = kept == null ? new String[0] : kept.split("\\.", -1);
    if (parts.length != 3 || parts[0].isEmpty() || parts[1].isEmpty() || parts[2].isEmpty()) {
      return null;
    }
    ClientRegistration client = console.findByRegistrationId(Console.ID);
    return OAuth2AuthorizationRequest.authorizationCode()
        .authorizationUri(client.getProviderDetails().getAuthorizationUri())
        .clientId(client.getClientId())
        .redirectUri(paths.done(request))
        .scopes(client.getScopes())
        .state(parts[0])
        .attributes(
            Map.of(
                OAuth2ParameterNames.REGISTRATION_ID, Console.ID,
                OidcParameterNames.NONCE, parts[1],
                PkceParameterNames.CODE_VERIFIER, parts[2]))
        .build();
  }

  @Override
  public void saveAuthorizationRequest(
      OAuth2AuthorizationRequest asked, HttpServletRequest request, HttpServletResponse response) {
    String nonce = asked.getAttribute(OidcParameterNames.NONCE);
    String verifier = asked.getAttribute(PkceParameterNames.CODE_VERIFIER);
    set(response, UNDER_WAY, asked.getState() + "." + nonce + "." + verifier, TO_SIGN_IN);
  }

  /**
   * It counts once, whatever becomes of it. What another tab has begun since stays there for that
   * one.
   */
  @Override
  public OAuth2AuthorizationRequest removeAuthorizationRequest(
      HttpServletRequest request, HttpServletResponse response) {
    OAuth2AuthorizationRequest asked = loadAuthorizationRequest(request);
    if (asked != null
        && !asked.getState().equals(request.getParameter(OAuth2ParameterNames.STATE))) {
      return null;
    }
    set(response, UNDER_WAY, "", Duration.ZERO);
    return asked;
  }

  private static String value(HttpServletRequest request, String name) {
    String found = null;
    Cookie[] cookies = request.getCookies();
    for (Cookie cookie : cookies == null ? new Cookie[0] : cookies) {
      if (cookie.getName().equals(name)) {
        if (found != null) {
          return null; // which of them is meant nobody can tell
        }
        found = cookie.getValue();
      }
    }
    return found;
  }

  private static void set(HttpServletResponse response, String name, String value, Duration age) {
    ResponseCookie cookie =
        ResponseCookie.from(name, value)
            .path("/")
            .secure(true)
            .httpOnly(true)
            .sameSite("Lax")
            .maxAge(age)
            .build();
    response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
  }
}
