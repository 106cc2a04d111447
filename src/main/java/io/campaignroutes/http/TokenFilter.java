package io.campaignroutes.http;

import io.campaignroutes.access.IssuerTokens;
import io.campaignroutes.campaign.Problem;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;

/** Spring Security's own filter for tokens, behind the one for keys, with our answers. */
final class TokenFilter {
  private static final long AGAIN_SECONDS = 5;
  private static final Problem UNDECIDED =
      Problem.of(
              503,
              "Issuer unreachable",
              "The issuer of tokens has not told its keys, so it is not known whether this one is good."
                  + " Try again in a moment; keys of the API are taken meanwhile.")
          .again(AGAIN_SECONDS);

  private TokenFilter() {}

  static Filter of(IssuerTokens tokens) {
    var filter = new BearerTokenAuthenticationFilter(new ProviderManager(tokens.provider()));
    filter.setBearerTokenResolver(
        request -> {
          if (ApiSecurity.isOpen(request)
              || SecurityContextHolder.getContext().getAuthentication() != null) {
            return null; // it was a key, or nothing is asked for
          }
          String shown = ApiSecurity.shown(request);
          if (shown != null) {
            Admission.by(request, () -> tokens.known(shown).isPresent());
          }
          return shown;
        });
    filter.setAuthenticationFailureHandler(TokenFilter::refuse);
    return filter;
  }

  private static void refuse(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException failed)
      throws IOException {
    if (IssuerTokens.undecided(failed)) {
      ApiSecurity.write(request, response, UNDECIDED);
    } else {
      ApiSecurity.refuseStranger(request, response, IssuerTokens.why(failed).orElse(null));
    }
  }
}
