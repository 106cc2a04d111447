package io.campaignroutes;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import jakarta.servlet.Filter;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.servlet.DelegatingFilterProxyRegistrationBean;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.oidc.OidcUserInfo;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.config.annotation.web.configuration.OAuth2AuthorizationServerConfiguration;
import org.springframework.security.oauth2.server.authorization.config.annotation.web.configurers.OAuth2AuthorizationServerConfigurer;
import org.springframework.security.oauth2.server.authorization.oidc.authentication.OidcUserInfoAuthenticationContext;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;

/**
 * A real identity provider, Spring Authorization Server, in this process: clients and people of
 * each role, each called as the role is. People and the console have the password {@link
 * #PASSWORD}, machines their name.
 */
final class TestIssuer implements AutoCloseable {
  static final String AUDIENCE = "campaign-routes-api";
  static final String CONSOLE = "campaign-routes-console";
  static final String PASSWORD = "a password of this test";
  static final List<String> ROLES = List.of("viewer", "operator", "admin");

  private final int port;
  private final String redirect;
  private final RSAKey key;
  private final Queue<String> requests = new ConcurrentLinkedQueue<>();
  private AnnotationConfigServletWebServerApplicationContext server;

  /**
   * @param port where it will listen once it is {@link #up}
   * @param console the address that people come back to from signing in and out, without a path
   */
  TestIssuer(int port, String console) throws JOSEException {
    this.port = port;
    this.redirect = console;
    this.key =
        new RSAKeyGenerator(2048)
            .keyID("signing")
            .algorithm(JWSAlgorithm.RS256)
            .keyUse(com.nimbusds.jose.jwk.KeyUse.SIGNATURE)
            .generate();
  }

  String name() {
    return "http://127.0.0.1:" + port;
  }

  RSAKey key() {
    return key;
  }

  /** What it was asked for, with the query. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  TestIssuer up() {
    server = new AnnotationConfigServletWebServerApplicationContext();
    server.getBeanFactory().registerSingleton("issuer", this);
    server.register(Server.class);
    server.refresh();
    return this;
  }

  void down() {
    if (server != null) {
      server.close();
      server = null;
    }
  }

  @Override
  public void close() {
    down();
  }

  /** A token as it would issue one for a machine, but for what is changed about it. */
  String token(String role, UnaryOperator<JWTClaimsSet.Builder> changed) throws JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("signing").build(),
            changed.apply(claims(role)).build());
    token.sign(new RSASSASigner(key));
    return token.serialize();
  }

  JWTClaimsSet.Builder claims(String role) {
    return new JWTClaimsSet.Builder()
        .issuer(name())
        .audience(AUDIENCE)
        .subject("machine-" + role)
        .claim("realm_access", Map.of("roles", List.of(role)))
        .expirationTime(Date.from(Instant.now().plusSeconds(600)));
  }

  @Configuration(proxyBeanMethods = false)
  @EnableWebSecurity
  static class Server {
    @Bean
    TomcatServletWebServerFactory tomcat(TestIssuer issuer) {
      TomcatServletWebServerFactory tomcat = new TomcatServletWebServerFactory(issuer.port);
      tomcat.setAddress(InetAddress.getLoopbackAddress());
      tomcat.setRegisterDefaultServlet(true); // or no filter would be asked
      return tomcat;
    }

    @Bean
    DelegatingFilterProxyRegistrationBean security() {
      return new DelegatingFilterProxyRegistrationBean("springSecurityFilterChain");
    }

    @Bean
    FilterRegistrationBean<Filter> notes(TestIssuer issuer) {
      FilterRegistrationBean<Filter> notes =
          new FilterRegistrationBean<>(
              (request, response, chain) -> {
                var http = (jakarta.servlet.http.HttpServletRequest) request;
                issuer.requests.add(
                    http.getMethod() + " " + http.getRequestURI() + "?" + http.getQueryString());
                chain.doFilter(request, response);
              });
      notes.setOrder(Ordered.HIGHEST_PRECEDENCE);
      return notes;
    }

    @Bean
    @Order(1)
    SecurityFilterChain endpoints(HttpSecurity http) throws Exception {
      var endpoints = OAuth2AuthorizationServerConfigurer.authorizationServer();
      return http.securityMatcher(endpoints.getEndpointsMatcher())
          .with(
              endpoints,
              of ->
                  of.oidc(
                      oidc -> oidc.userInfoEndpoint(user -> user.userInfoMapper(Server::userInfo))))
          .authorizeHttpRequests(all -> all.anyRequest().authenticated())
          .exceptionHandling(
              e -> e.authenticationEntryPoint(new LoginUrlAuthenticationEntryPoint("/login")))
          .build();
    }

    /** It knows more than the ID token of one who is called so. */
    private static OidcUserInfo userInfo(OidcUserInfoAuthenticationContext asked) {
      String name = asked.getAuthorization().getPrincipalName();
      return new OidcUserInfo(
          name.equals("elsewhere")
              ? Map.of("sub", name, "realm_access", Map.of("roles", List.of("viewer")))
              : Map.of("sub", name));
    }

    @Bean
    @Order(2)
    SecurityFilterChain people(HttpSecurity http) throws Exception {
      return http.authorizeHttpRequests(all -> all.anyRequest().authenticated())
          .formLogin(Customizer.withDefaults())
          .build();
    }

    @Bean
    AuthorizationServerSettings settings(TestIssuer issuer) {
      return AuthorizationServerSettings.builder().issuer(issuer.name()).build();
    }

    @Bean
    JWKSource<SecurityContext> keys(TestIssuer issuer) {
      return new ImmutableJWKSet<>(new JWKSet(issuer.key));
    }

    /** For its own endpoint of what it knows of people. */
    @Bean
    JwtDecoder decoder(JWKSource<SecurityContext> keys) {
      return OAuth2AuthorizationServerConfiguration.jwtDecoder(keys);
    }

    @Bean
    UserDetailsService accounts() {
      return new InMemoryUserDetailsManager(
          Stream.concat(ROLES.stream(), Stream.of("nobody", "elsewhere"))
              .map(role -> User.withUsername(role).password("{noop}" + PASSWORD).build())
              .toList());
    }

    @Bean
    RegisteredClientRepository clients(TestIssuer issuer) {
      List<RegisteredClient> clients =
          new java.util.ArrayList<>(
              ROLES.stream()
                  .map(
                      role ->
                          RegisteredClient.withId(UUID.randomUUID().toString())
                              .clientId("machine-" + role)
                              .clientSecret("{noop}machine-" + role)
                              .clientAuthenticationMethod(
                                  ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                              .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                              .build())
                  .toList());
      clients.add(
          RegisteredClient.withId(UUID.randomUUID().toString())
              .clientId(CONSOLE)
              .clientSecret("{noop}" + PASSWORD)
              .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
              .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
              .redirectUri(issuer.redirect + "/console/sign-in/done")
              .postLogoutRedirectUri(issuer.redirect + "/")
              .scope("openid")
              .scope("profile")
              .clientSettings(ClientSettings.builder().requireProofKey(true).build())
              .build());
      return new InMemoryRegisteredClientRepository(clients);
    }

    /** Roles as Keycloak has them. */
    @Bean
    OAuth2TokenCustomizer<JwtEncodingContext> roles() {
      return token -> {
        String name = token.getPrincipal().getName().replace("machine-", "");
        if (ROLES.contains(name)) {
          token.getClaims().claim("realm_access", Map.of("roles", List.of("uma", name)));
        }
        if (OidcParameterNames.ID_TOKEN.equals(token.getTokenType().getValue())) {
          token.getClaims().claim("preferred_username", name + "@example.com");
        } else {
          token.getClaims().audience(List.of(AUDIENCE));
        }
      };
    }
  }
}
