package io.campaignroutes.http;

import io.campaignroutes.access.Access;
import io.campaignroutes.access.ApiKeys;
import io.campaignroutes.access.Caller;
import io.campaignroutes.access.IssuerTokens;
import io.campaignroutes.access.Role;
import io.campaignroutes.campaign.Problem;
import io.campaignroutes.cxone.PlatformEvents;
import io.campaignroutes.webhook.WebhookEvents;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.catalina.core.StandardHost;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.server.ConfigurableServletWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Who may call. With an API key, or an issuer of tokens, every path but the webhook receiver, the
 * probes and the files of the console wants one; without either the server listens on the loopback
 * address only.
 */
@Configuration(proxyBeanMethods = false)
class ApiSecurity {
  // Matchers given as text would look into Spring MVC's mappings, Camel's among them, before the
  // Camel context can be made.
  private static final RequestMatcher OPEN =
      new OrRequestMatcher(
          Stream.of(
                  "/actuator/health/liveness",
                  "/actuator/health/readiness",
                  // the console's page holds nothing: all that it shows it asks the API for
                  "/",
                  "/console/**")
              .<RequestMatcher>map(path -> PathPatternRequestMatcher.withDefaults().matcher(path))
              .toList());

  /** The page runs and loads nothing but what the service itself serves. */
  private static final String CONTENT_SECURITY =
      "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'"
          + " data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors"
          + " 'none'";

  /** What every page and refusal carries. */
  static final Map<String, String> SAFE =
      Map.of(
          "Content-Security-Policy", CONTENT_SECURITY,
          "Referrer-Policy", "no-referrer",
          "X-Content-Type-Options", "nosniff");

  /** Bytes, larger than every file of the console. */
  private static final int SEND_BUFFER = 1 << 18;

  private static final String BEARER = "Bearer ";

  private final Access access;
  private final ApiKeys keys;

  ApiSecurity(Access access, ApiKeys keys) {
    this.access = access;
    this.keys = keys;
  }

  /**
   * CXone's posts carry a secret of their own. It is looked at before the body is read, or
   * strangers could hold every thread with bodies that never end.
   */
  @Bean
  @Order(0)
  SecurityFilterChain webhooks(
      HttpSecurity http, ObjectProvider<WebhookEvents> events, PlatformEvents platform)
      throws Exception {
    return http.addFilterBefore(new SenderFilter(events, platform), AuthorizationFilter.class)
        .securityMatcher(PathPatternRequestMatcher.withDefaults().matcher(WebhookDoor.PATH))
        .csrf(AbstractHttpConfigurer::disable)
        .headers(AbstractHttpConfigurer::disable)
        .securityContext(AbstractHttpConfigurer::disable)
        .exceptionHandling(AbstractHttpConfigurer::disable)
        .sessionManagement(AbstractHttpConfigurer::disable)
        .anonymous(AbstractHttpConfigurer::disable)
        .servletApi(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .build();
  }

  @Bean
  SecurityFilterChain api(
      HttpSecurity http, ObjectProvider<IssuerTokens> tokens, ObjectProvider<PeopleSecurity> people)
      throws Exception {
    http.csrf(AbstractHttpConfigurer::disable) // no cookies, no sessions: nothing to ride on
        .sessionManagement(AbstractHttpConfigurer::disable)
        .anonymous(AbstractHttpConfigurer::disable)
        .servletApi(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .headers(
            h ->
                h.contentSecurityPolicy(csp -> csp.policyDirectives(CONTENT_SECURITY))
                    .referrerPolicy(
                        referrer ->
                            referrer.policy(ReferrerPolicyHeaderWriter.ReferrerPolicy.NO_REFERRER)))
        .exceptionHandling(
            e ->
                e.authenticationEntryPoint(
                    (request, response, why) -> refuseStranger(request, response, null)));
    http.addFilterBefore(new KeyFilter(keys), AuthorizationFilter.class);
    tokens.ifAvailable(
        of -> http.addFilterBefore(TokenFilter.of(of), AuthorizationFilter.class)); // behind it
    people.ifAvailable(of -> http.addFilterBefore(of.signedIn(), AuthorizationFilter.class));
    return http.addFilterAfter(new CallerFilter(), AuthorizationFilter.class)
        .exceptionHandling(e -> e.accessDeniedHandler(ApiSecurity::refuseRole))
        .authorizeHttpRequests(
            a ->
                a.dispatcherTypeMatchers(
                        DispatcherType.ASYNC, DispatcherType.ERROR, DispatcherType.INCLUDE)
                    .permitAll()
                    .requestMatchers(OPEN)
                    .permitAll()
                    .anyRequest()
                    .access((who, asked) -> new AuthorizationDecision(may(who, asked))))
        .build();
  }

  /** Whether a request needs neither key nor token, so that none that it shows is looked at. */
  static boolean isOpen(HttpServletRequest request) {
    return OPEN.matches(request) || ManagementPort.isOn(request);
  }

  private boolean may(Supplier<Authentication> who, RequestAuthorizationContext asked) {
    if (ManagementPort.isOn(asked.getRequest())) {
      return true; // the port's own guard has looked at it
    }
    if (!access.required()) { // and that of those without a key has
      Admission.by(asked.getRequest(), () -> !access.required());
      return true;
    }
    return who.get().getPrincipal() instanceof Caller caller
        && caller.role().mayAs(needed(asked.getRequest()));
  }

  private static Role needed(HttpServletRequest request) {
    return Role.needed(request.getMethod(), request.getRequestURI());
  }

  /** Refuses whoever has shown nothing that opens anything. */
  static void refuseStranger(HttpServletRequest request, HttpServletResponse response, String why)
      throws IOException {
    response.setHeader("WWW-Authenticate", "Bearer");
    write(
        request,
        response,
        Problem.of(
            401,
            "Unauthorized",
            (why == null ? "" : why + " ")
                + "Send a key of the API, or a token where those of an issuer are taken, as"
                + " 'Authorization: Bearer <key or token>'."));
  }

  private static void refuseRole(
      HttpServletRequest request, HttpServletResponse response, AccessDeniedException why)
      throws IOException {
    Authentication known = SecurityContextHolder.getContext().getAuthentication();
    boolean none = known != null && known.getPrincipal() instanceof IssuerTokens.Roleless;
    write(
        request,
        response,
        Problem.of(
            403,
            "Forbidden",
            "This needs the role %s, or one that may do more. You have %s."
                .formatted(
                    needed(request).word(), none ? "none that is known here" : "a lesser one")));
  }

  /** Who asks is this one. */
  static void known(Caller caller) {
    SecurityContextHolder.getContext()
        .setAuthentication(
            UsernamePasswordAuthenticationToken.authenticated(caller, null, List.of()));
  }

  /** What a request shows as its key or token; null when it shows none. */
  static String shown(HttpServletRequest request) {
    String header = request.getHeader("Authorization");
    return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? header.substring(BEARER.length()).strip()
        : null;
  }

  /** The container's own figures tell all that these would, at a fraction of the cost. */
  @Bean
  SecurityObservationSettings securityObservations() {
    return SecurityObservationSettings.noObservations();
  }

  /** There are no users, and so no generated password either. */
  @Bean
  UserDetailsService nobody() {
    return name -> {
      throw new UsernameNotFoundException("There are no users.");
    };
  }

  /** A path that could mean two things is answered like any other bad request. */
  @Bean
  RequestRejectedHandler requestRejectedHandler() {
    return (request, response, why) ->
        write(
            request,
            response,
            Problem.of(
                400,
                "Bad request",
                "The path or a header is malformed. A path has no //, no . or .. between slashes, no"
                    + " ; and no control characters."));
  }

  /**
   * What CXone calls its campaigns may hold anything, percent-encoded: whoever reads a path here
   * splits it first and decodes its parts once. A semicolon as it is stays refused, since Tomcat
   * drops it and what follows, and others do not.
   */
  @Bean
  HttpFirewall paths() {
    StrictHttpFirewall firewall = new StrictHttpFirewall();
    firewall.setAllowUrlEncodedSlash(true);
    firewall.setAllowUrlEncodedPercent(true);
    firewall.setAllowBackSlash(true); // Tomcat refuses one that is not encoded
    firewall.getEncodedUrlBlocklist().removeAll(List.of("%3b", "%3B"));
    firewall.getDecodedUrlBlocklist().remove(";");
    firewall.setUnsafeAllowAnyHttpMethod(true); // 405 says more than 400
    return firewall;
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> connections() {
    return server -> {
      server.setProtocol(BoundedHttp.class.getName());
      server.addConnectorCustomizers(
          connector -> {
            // whatever a thread writes fits, though the caller reads nothing
            connector.setProperty("socket.txBufSize", Integer.toString(SEND_BUFFER));
            connector.setProperty("socket.appReadBufSize", "2048");
            connector.setProperty("socket.directBuffer", "true");
            // not decoded: what Tomcat takes for another path the checks of access must see too
            connector.setEncodedSolidusHandling("passthrough");
            connector.setEncodedReverseSolidusHandling("passthrough");
          });
      server.addContextCustomizers(
          context ->
              ((StandardHost) context.getParent())
                  .setErrorReportValveClass(ContainerErrors.class.getName()));
    };
  }

  @Bean
  WebServerFactoryCustomizer<ConfigurableServletWebServerFactory> address(
      @Value("${server.address:}") String address) {
    return server -> {
      if (!access.required() && address.isBlank()) {
        server.setAddress(InetAddress.getLoopbackAddress());
      }
    };
  }

  /**
   * Refuses a request. Its body, where there is one, is not waited for, nor are further requests on
   * the connection: one answer fits into its buffer, also of callers who send many requests and
   * read nothing.
   */
  static void write(HttpServletRequest request, HttpServletResponse response, Problem problem)
      throws IOException {
    response.setHeader("Connection", "close");
    SAFE.forEach(response::setHeader);
    if (problem.retryAfter() != null) {
      response.setHeader("Retry-After", problem.retryAfter().toString());
    }
    byte[] document = CorrelationId.document(problem).getBytes(StandardCharsets.UTF_8);
    response.setContentLength(document.length);
    response.setStatus(problem.status());
    response.setContentType(ApiAnswer.PROBLEM);
    response.getOutputStream().write(document);
    response.flushBuffer();
  }

  /** The receiver is asked for with the first request: it is made after the filters. */
  static final class SenderFilter extends OncePerRequestFilter {
    private final ObjectProvider<WebhookEvents> events;
    private final PlatformEvents platform;

    SenderFilter(ObjectProvider<WebhookEvents> events, PlatformEvents platform) {
      this.events = events;
      this.platform = platform;
    }

    @Override
    protected void doFilterInternal(
        HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws ServletException, IOException {
      if (!platform.posted()) {
        write(request, response, WebhookAnswers.NOT_EXPECTED);
      } else if (events.getObject().authentic(platform.token(request::getHeader))) {
        chain.doFilter(request, response);
      } else {
        write(request, response, WebhookAnswers.refused(platform));
      }
    }
  }

  /** Who shows a key that is one is known by it. */
  private static final class KeyFilter extends OncePerRequestFilter {
    private final ApiKeys keys;

    KeyFilter(ApiKeys keys) {
      this.keys = keys;
    }

    @Override
    protected void doFilterInternal(
        HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws ServletException, IOException {
      String shown = isOpen(request) ? null : shown(request);
      if (shown != null) {
        keys.known(shown)
            .ifPresent(
                key -> {
                  known(key.caller());
                  Admission.by(request, () -> keys.known(shown).isPresent());
                });
      }
      chain.doFilter(request, response);
    }
  }
}
