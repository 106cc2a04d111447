package io.campaignroutes.access;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.springframework.context.annotation.Conditional;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.oauth2.client.oidc.authentication.OidcAuthorizationCodeAuthenticationProvider;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenValidator;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.stereotype.Component;
import org.springframework.web.util.UriComponentsBuilder;

/** The console as the issuer's client: how people are let in, and who they are then. */
@Component
@Conditional(OnPeople.class)
public class Console implements ClientRegistrationRepository {
  /** The one client there is. */
  public static final String ID = "console";

  /** Asked for where the issuer does not say what there is; the first one makes it a sign-in. */
  private static final List<String> SCOPES = List.of("openid", "profile", "email");

  private final Issuer issuer;
  private final OidcProperties settings;
  private final OidcAuthorizationCodeAuthenticationProvider provider;

  Console(Issuer issuer, IssuerHttp http, OidcProperties settings) {
    this.issuer = issuer;
    this.settings = settings;
    provider =
        new OidcAuthorizationCodeAuthenticationProvider(
            http.codes(),
            http.users(asked -> Claims.role(asked.getClaims(), settings.rolesClaim()).isEmpty()));
    provider.setJwtDecoderFactory(this::idTokens);
  }

  private JwtDecoder idTokens(ClientRegistration registration) {
    NimbusJwtDecoder decoder = IssuerTokens.decoder(issuer);
    decoder.setJwtValidator(
        new DelegatingOAuth2TokenValidator<>(
            new JwtTimestampValidator(), new OidcIdTokenValidator(registration)));
    return decoder;
  }

  /** Whether the issuer has told where people sign in. */
  public boolean ready() {
    return issuer.description() != null;
  }

  /** What turns the issuer's answer into a person. */
  public AuthenticationProvider provider() {
    return provider;
  }

  /**
   * Who has signed in.
   *
   * @return empty when none of the roles are ours
   */
  public Optional<Caller> person(OidcUser user) {
    return Claims.role(user.getClaims(), settings.rolesClaim())
        .map(
            role ->
                new Caller(Claims.name(user.getClaims(), Claims.PERSON), Caller.Kind.PERSON, role));
  }

  /**
   * Where the issuer signs somebody out (OpenID Connect RP-Initiated Logout 1.0).
   *
   * @param idToken what it said at sign-in
   * @param back where the browser comes back to
   * @return empty where it has no such place
   */
  public Optional<String> signOut(String idToken, String back) {
    JsonNode told = issuer.description();
    if (told == null || !told.hasNonNull("end_session_endpoint")) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          UriComponentsBuilder.fromUriString(issuer.address(told, "end_session_endpoint"))
              .queryParam("id_token_hint", "{hint}")
              .queryParam("client_id", "{client}")
              .queryParam("post_logout_redirect_uri", "{back}")
              .encode()
              .buildAndExpand(idToken, settings.clientId(), back)
              .toUriString());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public ClientRegistration findByRegistrationId(String id) {
    JsonNode told = issuer.description();
    if (told == null) {
      throw new IllegalStateException("The issuer has not told where people sign in.");
    }
    try {
      ClientRegistration.Builder client =
          ClientRegistration.withRegistrationId(ID)
              .clientId(settings.clientId())
              .clientSecret(settings.clientSecret())
              .clientAuthenticationMethod(method(told))
              .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
              .redirectUri("{baseUrl}") // is put in with each request
              .scope(scopes(told))
              .issuerUri(issuer.name())
              .authorizationUri(issuer.address(told, "authorization_endpoint"))
              .tokenUri(issuer.address(told, "token_endpoint"))
              .jwkSetUri(issuer.address(told, "jwks_uri"))
              .userNameAttributeName("sub");
      if (told.hasNonNull("userinfo_endpoint")) {
        client.userInfoUri(issuer.address(told, "userinfo_endpoint"));
      }
      return client.build();
    } catch (IOException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private ClientAuthenticationMethod method(JsonNode told) {
    Set<String> known = words(told.path("token_endpoint_auth_methods_supported"));
    return settings.clientSecret().isBlank()
        ? ClientAuthenticationMethod.NONE
        : known.contains("client_secret_post") && !known.contains("client_secret_basic")
            ? ClientAuthenticationMethod.CLIENT_SECRET_POST
            : ClientAuthenticationMethod.CLIENT_SECRET_BASIC;
  }

  private static List<String> scopes(JsonNode told) {
    Set<String> known = words(told.path("scopes_supported"));
    return known.isEmpty()
        ? SCOPES
        : SCOPES.stream().filter(one -> one.equals("openid") || known.contains(one)).toList();
  }

  private static Set<String> words(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false)
        .map(JsonNode::asText)
        .collect(Collectors.toSet());
  }
}
