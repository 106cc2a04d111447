package io.campaignroutes.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;

/** The console as a client of issuers that describe themselves in different ways. */
class ConsoleTest {
  private static final String ISSUER = "https://issuer.example";

  private static Console console(String secret, String more) {
    OidcProperties settings =
        new OidcProperties(ISSUER, "api", "roles", "console", secret, Duration.ofHours(8), 1);
    String description =
        """
        {"issuer": "%1$s", "jwks_uri": "%1$s/keys", "authorization_endpoint": "%1$s/authorize",
         "token_endpoint": "%1$s/token"%2$s}
        """
            .formatted(ISSUER, more);
    IssuerHttp http =
        new IssuerHttp() {
          @Override
          String document(String address) {
            return address.endsWith("/keys") ? "{\"keys\": []}" : description;
          }
        };
    Issuer issuer = new Issuer(settings, http);
    issuer.look();
    issuer.close();
    return new Console(issuer, http, settings);
  }

  private static ClientRegistration client(String secret, String more) {
    return console(secret, more).findByRegistrationId(Console.ID);
  }

  @Test
  void itProvesWhoItIsInAWayThatTheIssuerKnows() {
    assertThat(client("", "").getClientAuthenticationMethod())
        .isEqualTo(ClientAuthenticationMethod.NONE);
    assertThat(client("secret", "").getClientAuthenticationMethod())
        .isEqualTo(ClientAuthenticationMethod.CLIENT_SECRET_BASIC);
    String posts = ", \"token_endpoint_auth_methods_supported\": [\"client_secret_post\"]";
    assertThat(client("secret", posts).getClientAuthenticationMethod())
        .isEqualTo(ClientAuthenticationMethod.CLIENT_SECRET_POST);
  }

  @Test
  void itAsksForNoMoreThanThereIs() {
    assertThat(client("", "").getScopes()).containsExactly("openid", "profile", "email");
    String some = ", \"scopes_supported\": [\"email\", \"phone\", \"openid\"]";
    assertThat(client("", some).getScopes()).containsExactly("openid", "email");
    String others = ", \"scopes_supported\": [\"phone\"]";
    assertThat(client("", others).getScopes()).containsExactly("openid");
  }

  @Test
  void anIssuerThatIsCalledByTlsSendsNobodyElsewhere() {
    String plain = ", \"userinfo_endpoint\": \"http://issuer.example/userinfo\"";
    assertThatThrownBy(() -> client("", plain))
        .hasMessage("its userinfo_endpoint is no https address");
    String out = ", \"end_session_endpoint\": \"http://issuer.example/out\"";
    assertThat(console("", out).signOut("a.b.c", "https://dialer.example/")).isEmpty();
  }

  @Test
  void theIssuerIsToldWhomToSignOutAndWhereToGoOn() {
    String out = ", \"end_session_endpoint\": \"https://issuer.example/out?tenant=1\"";
    assertThat(console("", out).signOut("a.b.c", "https://dialer.example/x?y=1&z"))
        .hasValue(
            "https://issuer.example/out?tenant=1&id_token_hint=a.b.c&client_id=console"
                + "&post_logout_redirect_uri=https%3A%2F%2Fdialer.example%2Fx%3Fy%3D1%26z");
    assertThat(console("", "").signOut("a.b.c", "https://dialer.example/")).isEmpty();
  }

  @Test
  void somebodyIsCalledAsTheIssuerSays() {
    assertThat(
            Claims.name(Map.of("sub", "7", "email", "x@example.com", "name", "X"), Claims.PERSON))
        .isEqualTo("x@example.com");
    assertThat(Claims.name(Map.of("sub", "7", "name", "J\u00fcrgen Gro\u00df"), Claims.PERSON))
        .isEqualTo("J\u00fcrgen Gro\u00df");
    assertThat(Claims.name(Map.of("sub", "7", "preferred_username", " "), Claims.PERSON))
        .isEqualTo("7");
  }
}
