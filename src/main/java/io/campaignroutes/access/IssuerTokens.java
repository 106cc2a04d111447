package io.campaignroutes.access;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Conditional;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;
import org.springframework.stereotype.Component;

/** Which tokens of machines are taken (RFC 7519, RFC 9068), and for whom. */
@Component
@Conditional(OnIssuer.class)
public final class IssuerTokens {
  /** Signed with keys of which nobody but the issuer has the secret half. */
  static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  private static final Duration SKEW = Duration.ofSeconds(60);

  /** What a token says that it is, if it says so. */
  private static final JOSEObjectType[] TYPES = {
    JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), new JOSEObjectType("application/at+jwt"), null
  };

  /**
   * Who is known, and may do nothing, since none of the roles are ours.
   *
   * @param name as a {@link Caller} would have it
   */
  public record Roleless(String name) {}

  private final JwtAuthenticationProvider provider;

  @Autowired
  IssuerTokens(Issuer issuer, OidcProperties settings) {
    this(issuer, settings, Clock.systemUTC());
  }

  IssuerTokens(JWKSource<SecurityContext> keys, OidcProperties settings, Clock clock) {
    NimbusJwtDecoder decoder = decoder(keys);
    decoder.setJwtValidator(rules(settings, clock));
    provider = new JwtAuthenticationProvider(decoder);
    provider.setJwtAuthenticationConverter(token -> known(token, settings.rolesClaim()));
  }

  /** Reads tokens that are signed by one of the keys; what else they have to be is for others. */
  static NimbusJwtDecoder decoder(JWKSource<SecurityContext> keys) {
    var processor = new DefaultJWTProcessor<SecurityContext>();
    processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(TYPES));
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
    processor.setJWTClaimsSetVerifier((claims, context) -> {}); // Spring's validators do that
    return new NimbusJwtDecoder(processor);
  }

  private static OAuth2TokenValidator<Jwt> rules(OidcProperties settings, Clock clock) {
    var times = new JwtTimestampValidator(SKEW);
    times.setClock(clock);
    return new DelegatingOAuth2TokenValidator<>(
        List.of(
            told("The token is of another issuer.", new JwtIssuerValidator(settings.issuer())),
            rule(
                "The token was made for somebody else than this service.",
                token ->
                    token.getAudience() != null
                        && token.getAudience().contains(settings.audience())),
            rule("The token never expires.", token -> token.getExpiresAt() != null),
            told("The token has expired, or does not count yet.", times)));
  }

  private interface Rule {
    boolean holds(Jwt token);
  }

  private static OAuth2TokenValidator<Jwt> rule(String otherwise, Rule rule) {
    return token ->
        rule.holds(token)
            ? OAuth2TokenValidatorResult.success()
            : OAuth2TokenValidatorResult.failure(
                new OAuth2Error(OAuth2ErrorCodes.INVALID_TOKEN, otherwise, null));
  }

  private static OAuth2TokenValidator<Jwt> told(
      String otherwise, OAuth2TokenValidator<Jwt> validator) {
    return rule(otherwise, token -> !validator.validate(token).hasErrors());
  }

  private static AbstractAuthenticationToken known(Jwt token, String rolesClaim) {
    String name = Claims.name(token.getClaims(), Claims.MACHINE);
    Object who =
        Claims.role(token.getClaims(), rolesClaim)
            .<Object>map(role -> new Caller(name, Caller.Kind.TOKEN, role))
            .orElseGet(() -> new Roleless(name));
    return UsernamePasswordAuthenticationToken.authenticated(who, null, List.of());
  }

  /** What tells whose a token is. */
  public AuthenticationProvider provider() {
    return provider;
  }

  /** Whose a token is; empty when it is none that is taken, or nobody can tell. */
  public Optional<Caller> known(String token) {
    try {
      return Optional.of(provider.authenticate(new BearerTokenAuthenticationToken(token)))
          .map(Authentication::getPrincipal)
          .filter(Caller.class::isInstance)
          .map(Caller.class::cast);
    } catch (AuthenticationException e) {
      return Optional.empty();
    }
  }

  /** Whether a token could not be looked at because the issuer has not told its keys. */
  public static boolean undecided(AuthenticationException failed) {
    for (Throwable e = failed; e != null; e = e.getCause()) {
      if (e instanceof Issuer.SilentException) {
        return true;
      }
    }
    return false;
  }

  /**
   * Why a token of the issuer's is not taken, a sentence; empty for one that may be anybody's work.
   */
  public static Optional<String> why(AuthenticationException failed) {
    return failed.getCause() instanceof JwtValidationException refused
        ? refused.getErrors().stream().map(OAuth2Error::getDescription).findFirst()
        : Optional.empty();
  }
}
