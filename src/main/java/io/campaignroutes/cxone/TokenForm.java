package io.campaignroutes.cxone;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What asks for a token, with the credentials where the endpoint expects them. */
record TokenForm(CxoneProperties properties, Credentials by, TokenKind kind) {

  /** Of some kinds the first of which all credentials are given, else the last. */
  static TokenForm of(CxoneProperties properties, Credentials by, List<TokenKind> kinds) {
    return new TokenForm(
        properties,
        by,
        kinds.stream()
            .filter(kind -> kind.isGiven(by))
            .findFirst()
            .orElse(kinds.get(kinds.size() - 1)));
  }

  /** The body: a form, or JSON for an access key alone. */
  String body() {
    return switch (kind) {
      case CLIENT_CREDENTIALS -> clientCredentials();
      case PASSWORD ->
          encoded(
              new TreeMap<>(
                  Map.of(
                      "grant_type", "password",
                      "username", by.accessKeyId(),
                      "password", by.accessKeySecret())));
      case ACCESS_KEY ->
          JsonNodeFactory.instance
              .objectNode()
              .put("accessKeyId", by.accessKeyId())
              .put("accessKeySecret", by.accessKeySecret())
              .toString();
    };
  }

  /** The media type of the body. */
  String contentType() {
    return kind == TokenKind.ACCESS_KEY ? "application/json" : "application/x-www-form-urlencoded";
  }

  private String clientCredentials() {
    Map<String, String> form = new TreeMap<>(Map.of("grant_type", "client_credentials"));
    if (properties.scope() != null && !properties.scope().isBlank()) {
      form.put("scope", properties.scope());
    }
    if (properties.tokenCredentials() == CxoneProperties.Placement.BODY) {
      form.put("client_id", by.clientId());
      form.put("client_secret", by.clientSecret());
    }
    return encoded(form);
  }

  /** The value of the Authorization header, null when it has none. */
  String basic() {
    boolean asked = properties.tokenCredentials() == CxoneProperties.Placement.BASIC;
    if (kind == TokenKind.ACCESS_KEY || kind == TokenKind.CLIENT_CREDENTIALS && !asked) {
      return null;
    }
    // RFC 6749, section 2.3.1: both are form-encoded before they are joined
    String pair = encode(by.clientId()) + ":" + encode(by.clientSecret());
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  /** The query, null when it has none. */
  String query() {
    return properties.tokenCredentials() == CxoneProperties.Placement.QUERY
        ? encoded(
            new TreeMap<>(
                Map.of(
                    "grant_type", "client_credentials",
                    "client_id", by.clientId(),
                    "client_secret", by.clientSecret())))
        : null;
  }

  /** What must not be shown of an answer. */
  List<String> secrets() {
    String basic = basic();
    List<String> secrets = new ArrayList<>();
    for (String secret : Arrays.asList(by.clientSecret(), by.accessKeySecret())) {
      if (secret != null && !secret.isBlank()) {
        secrets.add(secret);
        secrets.add(encode(secret));
      }
    }
    if (basic != null) {
      secrets.add(basic.substring("Basic ".length()));
    }
    return secrets;
  }

  private static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
