package io.campaignroutes.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

class IssuerTokensTest {
  private static final String ISSUER = "https://issuer.example/";
  private static final String AUDIENCE = "campaign-routes";
  private static final Instant NOW = Instant.parse("2027-03-01T12:00:00Z");
  private static final RSAKey RSA = rsa("rsa");
  private static final RSAKey FOREIGN = rsa("rsa");
  private static final ECKey EC = ec();
  private static final OctetSequenceKey SHARED =
      new OctetSequenceKey.Builder(new byte[64]).keyID("shared").build();

  private static RSAKey rsa(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).generate();
    } catch (com.nimbusds.jose.JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ECKey ec() {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
    } catch (com.nimbusds.jose.JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static IssuerTokens tokens(String rolesClaim) {
    return new IssuerTokens(
        new ImmutableJWKSet<>(new JWKSet(List.of(RSA, EC, SHARED))),
        new OidcProperties(ISSUER, AUDIENCE, rolesClaim, "", "", Duration.ofHours(8), 1000),
        Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private static JWTClaimsSet.Builder good() {
    return new JWTClaimsSet.Builder()
        .issuer(ISSUER)
        .audience(List.of("other", AUDIENCE))
        .subject("service-account-7")
        .claim("client_id", "crm")
        .claim("roles", List.of("operator", "uma_authorization"))
        .expirationTime(Date.from(NOW.plusSeconds(300)));
  }

  private static String signed(JWSHeader header, JWSSigner by, JWTClaimsSet claims)
      throws Exception {
    SignedJWT token = new SignedJWT(header, claims);
    token.sign(by);
    return token.serialize();
  }

  private static String signed(UnaryOperator<JWTClaimsSet.Builder> changed) throws Exception {
    return signed(
        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa").build(),
        new RSASSASigner(RSA),
        changed.apply(good()).build());
  }

  private static Object known(String token) {
    return known("roles", token);
  }

  private static Object known(String rolesClaim, String token) {
    return tokens(rolesClaim)
        .provider()
        .authenticate(new BearerTokenAuthenticationToken(token))
        .getPrincipal();
  }

  private static void refused(String token, String why) {
    assertThatThrownBy(() -> known(token))
        .isInstanceOfSatisfying(
            AuthenticationException.class,
            e -> {
              assertThat(IssuerTokens.undecided(e)).isFalse();
              assertThat(IssuerTokens.why(e).orElse("")).contains(why);
              assertThat(IssuerTokens.why(e).isPresent()).isEqualTo(!why.isEmpty());
            });
  }

  @Test
  void aTokenOfTheIssuerForThisServiceIsTaken() throws Exception {
    assertThat(known(signed(claims -> claims)))
        .isEqualTo(new Caller("crm", Caller.Kind.TOKEN, Role.OPERATOR));
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
  void eachAlgorithmOfRsaIsTaken(String algorithm) throws Exception {
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.parse(algorithm)).keyID("rsa").build();
    assertThat(known(signed(header, new RSASSASigner(RSA), good().build())))
        .isInstanceOf(Caller.class);
  }

  @ParameterizedTest
  @CsvSource({"JWT, true", "at+jwt, true", "application/at+jwt, true", "logout+jwt, false"})
  void whatATokenSaysThatItIsHasToBeOne(String type, boolean taken) throws Exception {
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .type(new JOSEObjectType(type))
            .keyID("ec")
            .build();
    String token = signed(header, new ECDSASigner(EC), good().build());
    if (taken) {
      assertThat(known(token)).isInstanceOf(Caller.class);
    } else {
      refused(token, "");
    }
  }

  @Test
  void whatNobodyHasSignedIsRefused() throws Exception {
    refused(new PlainJWT(good().build()).serialize(), "");
    String token = signed(claims -> claims);
    refused(token.substring(0, token.lastIndexOf('.') + 1), "");
    refused("crk_no.jwt.at-all", "");
    refused("x", "");
  }

  @Test
  void aSecretThatOthersHaveTooSignsNothing() throws Exception {
    RSAPublicKey published = RSA.toRSAPublicKey();
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa").build();
    refused(signed(header, new MACSigner(published.getEncoded()), good().build()), "");
    JWSHeader listed = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("shared").build();
    refused(signed(listed, new MACSigner(SHARED), good().build()), "");
  }

  @Test
  void anotherKeyUnderAKnownIdAndAnUnknownIdAreRefused() throws Exception {
    JWSHeader known = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa").build();
    refused(signed(known, new RSASSASigner(FOREIGN), good().build()), "");
    JWSHeader unknown = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("nobody").build();
    refused(signed(unknown, new RSASSASigner(RSA), good().build()), "");
  }

  @Test
  void aKeyThatTheTokenBringsItselfIsNotBelieved() throws Exception {
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("own").jwk(FOREIGN.toPublicJWK()).build();
    refused(signed(header, new RSASSASigner(FOREIGN), good().build()), "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://issuer.example",
        "https://issuer.example//",
        "https://other.example/",
        ""
      })
  void anotherIssuerIsRefused(String issuer) throws Exception {
    refused(signed(claims -> claims.issuer(issuer.isEmpty() ? null : issuer)), "another issuer");
  }

  @Test
  void aTokenForSomebodyElseIsRefused() throws Exception {
    refused(signed(claims -> claims.audience(List.of("campaign-routes-2"))), "somebody else");
    refused(signed(claims -> claims.audience((String) null)), "somebody else");
  }

  @ParameterizedTest
  @CsvSource({"-59, true", "-61, false", "1, true"})
  void aTokenExpiresAMinuteLate(int seconds, boolean taken) throws Exception {
    String token = signed(claims -> claims.expirationTime(Date.from(NOW.plusSeconds(seconds))));
    if (taken) {
      assertThat(known(token)).isInstanceOf(Caller.class);
    } else {
      refused(token, "has expired");
    }
  }

  @ParameterizedTest
  @CsvSource({"-1, true", "59, true", "61, false"})
  void aTokenCountsAMinuteEarly(int seconds, boolean taken) throws Exception {
    String token = signed(claims -> claims.notBeforeTime(Date.from(NOW.plusSeconds(seconds))));
    if (taken) {
      assertThat(known(token)).isInstanceOf(Caller.class);
    } else {
      refused(token, "does not count yet");
    }
  }

  @Test
  void aTokenThatNeverExpiresIsRefused() throws Exception {
    refused(signed(claims -> claims.expirationTime(null)), "never expires");
  }

  @Test
  void claimsThatMakeNoSenseAreRefused() throws Exception {
    refused(signed(claims -> claims.claim("nbf", "soon")), "");
    refused(signed(claims -> claims.claim("exp", Map.of("a", 1))), "");
  }

  @Test
  void withoutARoleOfOursOneIsKnownAndMayDoNothing() throws Exception {
    assertThat(known(signed(claims -> claims.claim("roles", List.of("Admin", "owner")))))
        .isEqualTo(new IssuerTokens.Roleless("crm"));
    assertThat(known(signed(claims -> claims.claim("roles", null))))
        .isEqualTo(new IssuerTokens.Roleless("crm"));
    assertThat(known(signed(claims -> claims.claim("roles", 7))))
        .isEqualTo(new IssuerTokens.Roleless("crm"));
  }

  @Test
  void theHighestRoleCountsWhereverTheClaimLies() throws Exception {
    String nested =
        signed(claims -> claims.claim("realm_access", Map.of("roles", List.of("viewer", "admin"))));
    assertThat(known("realm_access.roles", nested))
        .isEqualTo(new Caller("crm", Caller.Kind.TOKEN, Role.ADMIN));
    String ofClient =
        signed(
            claims ->
                claims.claim(
                    "resource_access",
                    Map.of("dialer.example.com", Map.of("roles", List.of("viewer")))));
    assertThat(known("resource_access.dialer.example.com.roles", ofClient))
        .isEqualTo(new Caller("crm", Caller.Kind.TOKEN, Role.VIEWER));
    String words = signed(claims -> claims.claim("scope", "openid viewer operator"));
    assertThat(known("scope", words))
        .isEqualTo(new Caller("crm", Caller.Kind.TOKEN, Role.OPERATOR));
    String address =
        signed(claims -> claims.claim("https://dialer.example/roles", List.of("admin")));
    assertThat(known("https://dialer.example/roles", address))
        .isEqualTo(new Caller("crm", Caller.Kind.TOKEN, Role.ADMIN));
    assertThat(known("realm_access.roles.none", nested)).isInstanceOf(IssuerTokens.Roleless.class);
  }

  @Test
  void aMachineIsCalledAsItsClientAndElseAsItsSubject() throws Exception {
    assertThat(name(signed(claims -> claims.claim("azp", "other")))).isEqualTo("crm");
    assertThat(name(signed(claims -> claims.claim("client_id", null).claim("azp", "web"))))
        .isEqualTo("web");
    assertThat(name(signed(claims -> claims.claim("client_id", null))))
        .isEqualTo("service-account-7");
    assertThat(name(signed(claims -> claims.claim("client_id", 7).subject(null))))
        .isEqualTo("nameless");
  }

  @Test
  void aNameIsOneLineOfALengthAndNoTwoBecomeTheSame() throws Exception {
    String lines = name(signed(claims -> claims.claim("client_id", "crm\nadmin")));
    String blanks = name(signed(claims -> claims.claim("client_id", "crm\tadmin")));
    assertThat(lines).startsWith("crm admin~").hasSize("crm admin~".length() + 8);
    assertThat(blanks).startsWith("crm admin~").isNotEqualTo(lines);
    String one = name(signed(claims -> claims.claim("client_id", "x".repeat(500))));
    String other = name(signed(claims -> claims.claim("client_id", "x".repeat(501))));
    assertThat(one).hasSizeLessThanOrEqualTo(64).isNotEqualTo(other);
  }

  private static String name(String token) {
    return ((Caller) known(token)).name();
  }
}
