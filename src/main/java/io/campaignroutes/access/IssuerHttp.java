package io.campaignroutes.access;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Predicate;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.oauth2.client.endpoint.OAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2AuthorizationCodeGrantRequest;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserService;
import org.springframework.security.oauth2.client.userinfo.DefaultOAuth2UserService;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestTemplate;

/**
 * How the issuer is called: within a few seconds, whole answers included, and following no
 * redirect. Spring Security makes these calls, so no route does.
 */
class IssuerHttp {
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration WHOLE = Duration.ofSeconds(5);

  /** Bytes that a document of the issuer may have. */
  private static final int MAX_DOCUMENT = 1 << 20;

  private final JdkClientHttpRequestFactory requests =
      new JdkClientHttpRequestFactory(
          HttpClient.newBuilder()
              .connectTimeout(CONNECT)
              .followRedirects(HttpClient.Redirect.NEVER)
              .build());
  private final RestTemplate calls;

  IssuerHttp() {
    requests.setReadTimeout(WHOLE);
    calls = new RestTemplate(requests);
  }

  /** Turns the code that a browser brings into tokens. */
  OAuth2AccessTokenResponseClient<OAuth2AuthorizationCodeGrantRequest> codes() {
    var codes = new RestClientAuthorizationCodeTokenResponseClient();
    codes.setRestClient(
        RestClient.builder()
            .requestFactory(requests)
            .messageConverters(
                all -> {
                  all.clear();
                  all.add(new FormHttpMessageConverter());
                  all.add(new OAuth2AccessTokenResponseHttpMessageConverter());
                })
            .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
            .build());
    return codes;
  }

  /**
   * Tells who somebody is by the ID token.
   *
   * @param more whether what it says is not enough, so that the issuer is asked what else it knows
   */
  OidcUserService users(Predicate<OidcIdToken> more) {
    var calls = new RestTemplate(requests);
    calls.setErrorHandler(new OAuth2ErrorResponseErrorHandler());
    var asked = new DefaultOAuth2UserService();
    asked.setRestOperations(calls);
    var users = new OidcUserService();
    users.setOauth2UserService(asked);
    users.setRetrieveUserInfo(
        request ->
            more.test(request.getIdToken())
                && request
                        .getClientRegistration()
                        .getProviderDetails()
                        .getUserInfoEndpoint()
                        .getUri()
                    != null);
    return users;
  }

  /**
   * A document of the issuer's.
   *
   * @throws IOException when there is none, saying why
   */
  String document(String address) throws IOException {
    try {
      return calls.execute(
          address,
          HttpMethod.GET,
          request -> request.getHeaders().set("Accept", "application/json"),
          answer -> {
            if (answer.getStatusCode().value() != 200) {
              throw new IOException("it answers " + answer.getStatusCode().value());
            }
            byte[] read = answer.getBody().readNBytes(MAX_DOCUMENT + 1);
            if (read.length > MAX_DOCUMENT) {
              throw new IOException("its answer is longer than 1 MiB");
            }
            return new String(read, StandardCharsets.UTF_8);
          });
    } catch (RestClientException e) {
      Throwable cause = e.getMostSpecificCause();
      throw new IOException(
          e instanceof org.springframework.web.client.RestClientResponseException refused
              ? "it answers " + refused.getStatusCode().value()
              : cause instanceof IOException && cause.getMessage() != null
                  ? cause.getMessage()
                  : "it cannot be reached",
          e);
    } catch (IllegalArgumentException e) {
      throw new IOException("that is no address", e);
    }
  }
}
