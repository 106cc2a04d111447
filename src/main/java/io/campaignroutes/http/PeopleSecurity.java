package io.campaignroutes.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.access.Caller;
import io.campaignroutes.access.Console;
import io.campaignroutes.access.IssuerTokens;
import io.campaignroutes.access.OnPeople;
import io.campaignroutes.access.SignIns;
import io.campaignroutes.campaign.Problem;
import io.campaignroutes.text.Json;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestCustomizers;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestRedirectFilter;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.client.web.OAuth2LoginAuthenticationFilter;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * People sign in to the console by Spring Security's own filters: authorization code with PKCE.
 * Whatever comes of it a browser is led back to the console's page, which tells it.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(OnPeople.class)
class PeopleSecurity {
  private static final Logger LOG = LoggerFactory.getLogger(PeopleSecurity.class);

  /** Calls to the issuer at the same time: whoever waits for it holds a thread. */
  private static final int AT_ONCE = 4;

  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

  static final Problem OTHER_ORIGIN =
      Problem.of(
          403,
          "Forbidden",
          "Who is signed in to the console changes something by the console's own page only. Use"
              + " that, or send a key or a token.");

  private final Console console;
  private final SignIns signIns;
  private final OwnAddress own;
  private final SignInPaths paths;
  private final SignInCookies cookies;

  PeopleSecurity(Console console, SignIns signIns, OwnAddress own) {
    this.console = console;
    this.signIns = signIns;
    this.own = own;
    this.paths = new SignInPaths(own);
    this.cookies = new SignInCookies(console, paths);
  }

  @Bean
  @Order(1)
  SecurityFilterChain people(HttpSecurity http) throws Exception {
    RequestMatcher out = at(HttpMethod.POST, SignInPaths.OUT);
    return http.securityMatcher(
            new OrRequestMatcher(
                at(HttpMethod.GET, SignInPaths.BEGIN), at(HttpMethod.GET, SignInPaths.DONE), out))
        .addFilterBefore(filter(PeopleSecurity::alone), AuthorizationFilter.class)
        .addFilterBefore(begin(), AuthorizationFilter.class)
        .addFilterBefore(atOnce(done()), AuthorizationFilter.class)
        .addFilterBefore(filter((in, answer, chain) -> out(in, answer)), AuthorizationFilter.class)
        .csrf(AbstractHttpConfigurer::disable) // state and own page are looked at here
        .headers(
            h ->
                h.addHeaderWriter(
                    (request, response) -> ApiSecurity.SAFE.forEach(response::setHeader)))
        .securityContext(AbstractHttpConfigurer::disable)
        .exceptionHandling(AbstractHttpConfigurer::disable)
        .sessionManagement(AbstractHttpConfigurer::disable)
        .anonymous(AbstractHttpConfigurer::disable)
        .servletApi(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .build();
  }

  /** Strangers come here: see {@link ApiSecurity#write}. */
  private static void alone(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    response.setHeader("Connection", "close");
    chain.doFilter(request, response);
  }

  private static RequestMatcher at(HttpMethod method, String path) {
    return PathPatternRequestMatcher.withDefaults().matcher(method, path);
  }

  private Filter begin() {
    var resolver = new DefaultOAuth2AuthorizationRequestResolver(console, SignInPaths.BEGIN);
    resolver.setAuthorizationRequestCustomizer(OAuth2AuthorizationRequestCustomizers.withPkce());
    var begin =
        new OAuth2AuthorizationRequestRedirectFilter(
            new OAuth2AuthorizationRequestResolver() {
              @Override
              public OAuth2AuthorizationRequest resolve(HttpServletRequest request) {
                return request.getRequestURI().endsWith(SignInPaths.BEGIN)
                    ? resolve(request, Console.ID)
                    : null;
              }

              @Override
              public OAuth2AuthorizationRequest resolve(HttpServletRequest request, String id) {
                return OAuth2AuthorizationRequest.from(resolver.resolve(request, id))
                    .redirectUri(paths.done(request))
                    .build();
              }
            });
    begin.setAuthorizationRequestRepository(cookies);
    begin.setAuthenticationFailureHandler(this::refused);
    return begin;
  }

  private OAuth2LoginAuthenticationFilter done() {
    var done = new OAuth2LoginAuthenticationFilter(console, new NoTokens(), SignInPaths.DONE);
    done.setRequiresAuthenticationRequestMatcher(at(HttpMethod.GET, SignInPaths.DONE));
    done.setAuthorizationRequestRepository(cookies);
    done.setAuthenticationManager(new ProviderManager(console.provider()));
    done.setAllowSessionCreation(false);
    done.setAuthenticationSuccessHandler(this::signedIn);
    done.setAuthenticationFailureHandler(this::refused);
    return done;
  }

  private Filter atOnce(Filter filter) {
    Semaphore room = new Semaphore(AT_ONCE);
    return filter(
        (request, response, chain) -> {
          if (!request.getRequestURI().endsWith(SignInPaths.DONE)) {
            chain.doFilter(request, response);
          } else if (!room.tryAcquire()) {
            response.sendRedirect(paths.refused(request, "busy"));
          } else {
            try {
              if (console.ready()) {
                filter.doFilter(request, response, chain);
              } else {
                response.sendRedirect(paths.refused(request, "issuer"));
              }
            } catch (IllegalArgumentException e) { // Spring cannot make a person of what was told
              LOG.warn(
                  "The issuer has let nobody sign in to the console: what it tells of the person has"
                      + " no name (sub).");
              LOG.debug("Somebody could not sign in.", e);
              response.sendRedirect(paths.refused(request, "failed"));
            } finally {
              room.release();
            }
          }
        });
  }

  private void signedIn(
      HttpServletRequest request, HttpServletResponse response, Authentication known)
      throws IOException {
    OidcUser user = (OidcUser) known.getPrincipal();
    Optional<Caller> who = console.person(user);
    if (who.isEmpty()) {
      response.sendRedirect(paths.refused(request, "role"));
      return;
    }
    try {
      signIns.end(SignInCookies.signedIn(request));
      SignInCookies.signIn(response, signIns.begin(who.get(), user.getIdToken().getTokenValue()));
    } catch (DataAccessException e) {
      response.sendRedirect(paths.refused(request, "store"));
      return;
    }
    LOG.info("{} has signed in to the console as {}.", who.get().name(), who.get().role().word());
    response.sendRedirect(paths.page(request));
  }

  private void refused(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException failed)
      throws IOException {
    String code =
        failed instanceof OAuth2AuthenticationException told ? told.getError().getErrorCode() : "";
    LOG.debug("Somebody could not sign in.", failed);
    String why =
        switch (code) {
          // what any browser can bring about: nothing that the log should be filled with
          case "authorization_request_not_found",
              "invalid_request",
              "invalid_state_parameter",
              "invalid_nonce",
              "invalid_grant" ->
              "again";
          case "access_denied" -> "denied";
          default -> IssuerTokens.undecided(failed) || !console.ready() ? "issuer" : "failed";
        };
    if (why.equals("failed")) {
      LOG.warn("The issuer has let nobody sign in to the console: {}.", reason(code));
    }
    response.sendRedirect(paths.refused(request, why));
  }

  /** A code comes from outside. */
  private static String reason(String code) {
    return code.matches("[a-z_]{1,60}") ? code : "it could not be asked, or its answer not read";
  }

  private void out(HttpServletRequest request, HttpServletResponse response) throws IOException {
    if (!own.isOfOwnPage(request)) {
      ApiSecurity.write(request, response, OTHER_ORIGIN);
      return;
    }
    Optional<String> idToken;
    try {
      idToken = signIns.end(SignInCookies.signedIn(request));
    } catch (DataAccessException e) {
      ApiSecurity.write(request, response, Problem.of(e));
      return;
    }
    SignInCookies.signOut(response);
    ObjectNode body = Json.object();
    idToken
        .flatMap(token -> console.signOut(token, paths.page(request)))
        .ifPresent(where -> body.put("continue", where));
    byte[] answer = Json.text(body).getBytes(StandardCharsets.UTF_8);
    response.setContentType(ApiAnswer.JSON);
    response.setContentLength(answer.length);
    response.getOutputStream().write(answer);
  }

  /** Whoever has signed in is known by the cookie, where no key or token is shown. */
  Filter signedIn() {
    return filter(
        (request, response, chain) -> {
          String secret = ApiSecurity.isOpen(request) ? null : SignInCookies.signedIn(request);
          if (secret != null && request.getHeader("Authorization") == null) {
            Optional<Caller> who;
            try {
              who = signIns.known(secret);
            } catch (DataAccessException e) {
              ApiSecurity.write(request, response, Problem.of(e));
              return;
            }
            if (who.isPresent()
                && !READING.contains(request.getMethod())
                && !own.isOfOwnPage(request)) {
              ApiSecurity.write(request, response, OTHER_ORIGIN);
              return;
            }
            who.ifPresent(
                caller -> {
                  ApiSecurity.known(caller);
                  Admission.by(request, () -> signIns.known(secret).isPresent());
                });
          }
          chain.doFilter(request, response);
        });
  }

  private interface Work {
    void on(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws IOException, ServletException;
  }

  private static Filter filter(Work work) {
    return new OncePerRequestFilter() {
      @Override
      protected String getAlreadyFilteredAttributeName() {
        return PeopleSecurity.class.getName() + System.identityHashCode(this);
      }

      @Override
      protected void doFilterInternal(
          HttpServletRequest request, HttpServletResponse response, FilterChain chain)
          throws IOException, ServletException {
        work.on(request, response, chain);
      }
    };
  }

  /** No token of a person is kept: nothing is done in anybody's name elsewhere. */
  private static final class NoTokens implements OAuth2AuthorizedClientRepository {
    @Override
    public <T extends OAuth2AuthorizedClient> T loadAuthorizedClient(
        String id, Authentication who, HttpServletRequest request) {
      return null;
    }

    @Override
    public void saveAuthorizedClient(
        OAuth2AuthorizedClient client,
        Authentication who,
        HttpServletRequest request,
        HttpServletResponse response) {
      // it is forgotten
    }

    @Override
    public void removeAuthorizedClient(
        String id, Authentication who, HttpServletRequest request, HttpServletResponse response) {
      // there is none
    }
  }
}
