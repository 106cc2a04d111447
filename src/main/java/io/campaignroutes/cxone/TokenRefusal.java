package io.campaignroutes.cxone;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.cxone.CxoneUnavailableException.Kind;
import io.campaignroutes.shared.RetryAfter;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Why the token endpoint gave no token, and which setting is at fault.
 *
 * @param sentence for operators
 */
record TokenRefusal(Kind kind, String sentence) {
  /**
   * The failure of a fetch.
   *
   * @param headers of the answer
   * @param json the answer; an empty object when it is not JSON
   * @param form what was asked with
   */
  static CxoneUnavailableException failure(
      int status,
      Map<String, Object> headers,
      JsonNode json,
      byte[] body,
      CxoneProperties.Placement placement,
      TokenForm form) {
    Object location = headers.get("Location");
    TokenRefusal refusal =
        of(
            status,
            json,
            body,
            location == null ? null : location.toString(),
            placement,
            form.kind(),
            form.secrets());
    Object date = headers.get("Date");
    String wish =
        RetryAfter.bySender(headers.get("Retry-After"), date == null ? null : date.toString());
    return new CxoneUnavailableException(
        refusal.kind(), refusal.sentence(), RetryAfter.parse(wish, Instant.now()), null);
  }

  /**
   * @param json the answer; an empty object when it is not JSON
   * @param location where a redirect leads; null for nowhere
   * @param secrets what must not be shown
   */
  static TokenRefusal of(
      int status,
      JsonNode json,
      byte[] body,
      String location,
      CxoneProperties.Placement placement,
      TokenKind kind,
      List<String> secrets) {
    if (status / 100 == 3) {
      return none(
          "The token endpoint answers with a redirect ("
              + status
              + ")"
              + Redirect.to(location)
              + ", which is not followed. Set CXONE_TOKEN_URL to the address of the token endpoint"
              + " itself.");
    }
    boolean good = status / 100 == 2;
    Refusal said = Refusal.of(body, any -> any, null, secrets);
    JsonNode error = json.path("error");
    String word = error.isTextual() ? error.asText().strip() : said.code();
    String code = word == null || word.isBlank() ? "" : Refusal.shown(word, secrets);
    if (good && code.isEmpty() && json.path("error").isMissingNode()) {
      return none(
          "The token endpoint answered without an access_token"
              + (page(body) ? ", with a web page in its place" + colon(said.text()) : ".")
              + " Check CXONE_TOKEN_URL.");
    }
    String described = said.text().equals(code) ? "" : said.text();
    String how = " (" + status + (code.isEmpty() ? "" : " " + code) + ")" + colon(described);
    boolean refused = good || status == 400 || status == 401 || status == 403;
    if (refused && !code.isEmpty() || status == 401) {
      return new TokenRefusal(Kind.CREDENTIALS, refused(code, how, placement, kind));
    }
    if (refused && page(body)) {
      return none(
          "The token endpoint answers with a web page"
              + how
              + " Check CXONE_TOKEN_URL; a proxy or firewall may be answering in CXone's place.");
    }
    if (refused) {
      return new TokenRefusal(Kind.CREDENTIALS, refused(code, how, placement, kind));
    }
    return new TokenRefusal(
        status == 429 ? Kind.THROTTLED : Kind.NO_TOKEN,
        "The token endpoint failed"
            + how
            + (status == 404 || status == 405 || status == 410 ? " Check CXONE_TOKEN_URL." : ""));
  }

  private static TokenRefusal none(String sentence) {
    return new TokenRefusal(Kind.NO_TOKEN, sentence);
  }

  /** The error codes of RFC 6749, section 5.2. */
  private static String refused(
      String code, String how, CxoneProperties.Placement placement, TokenKind kind) {
    if (kind != TokenKind.CLIENT_CREDENTIALS) {
      return refusedKey(code, how, kind);
    }
    return switch (code) {
      case "invalid_scope" ->
          "CXone refuses the scopes that are asked for"
              + how
              + " Check cxone.scope in config/application.yaml, and which scopes the API client has"
              + " in CXone.";
      case "unauthorized_client" ->
          "The API client may not ask for a token with its own credentials"
              + how
              + " Check CXONE_CLIENT_ID, and allow the grant client_credentials for that client in"
              + " CXone.";
      case "unsupported_grant_type" ->
          "The token endpoint does not take client credentials"
              + how
              + " Check CXONE_TOKEN_URL, and that CXone allows the grant client_credentials.";
      case "invalid_request", "unsupported_response_type" ->
          "The token endpoint does not understand the call"
              + how
              + " Check CXONE_TOKEN_URL, and whether CXONE_TOKEN_CREDENTIALS should be other than "
              + name(placement)
              + ".";
      default ->
          "CXone refuses the client credentials"
              + how
              + " Check CXONE_CLIENT_ID and CXONE_CLIENT_SECRET, and whether"
              + " CXONE_TOKEN_CREDENTIALS should be other than "
              + name(placement)
              + ".";
    };
  }

  private static String refusedKey(String code, String how, TokenKind kind) {
    String key =
        "CXONE_ACCESS_KEY_ID and CXONE_ACCESS_KEY_SECRET, and whether the key is active in CXone.";
    if (kind == TokenKind.ACCESS_KEY) {
      return "CXone refuses the access key" + how + " Check " + key;
    }
    return code.equals("invalid_client") || code.equals("unauthorized_client")
        ? "CXone refuses the client"
            + how
            + " Check CXONE_CLIENT_ID and CXONE_CLIENT_SECRET; without both the access key alone is"
            + " used."
        : "CXone refuses the access key or the client"
            + how
            + " Check CXONE_CLIENT_ID, CXONE_CLIENT_SECRET, "
            + key;
  }

  private static String name(CxoneProperties.Placement placement) {
    return placement.name().toLowerCase(Locale.ROOT);
  }

  private static String colon(String text) {
    String end = text.matches(".*[.!?]") ? "" : ".";
    return text.isEmpty() ? "." : ": " + text + end;
  }

  private static boolean page(byte[] body) {
    return CxoneApi.page(body);
  }
}
