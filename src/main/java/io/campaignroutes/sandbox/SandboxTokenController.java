package io.campaignroutes.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriUtils;

/**
 * The token call: client credentials in the form body, by HTTP Basic or in the query. A request
 * that names no scope gets all of them.
 */
@RestController
@Profile("sandbox")
class SandboxTokenController {

  private static final Logger LOG = LoggerFactory.getLogger(SandboxTokenController.class);
  private static final String BASIC = "basic ";

  private final Tokens tokens;

  SandboxTokenController(Tokens tokens) {
    this.tokens = tokens;
  }

  @PostMapping(CallGate.BASE + "/oauth/token")
  ResponseEntity<byte[]> token(HttpServletRequest request) throws IOException {
    Map<String, String> parameters;
    try {
      parameters = parameters(request);
    } catch (IllegalArgumentException e) { // a stray percent sign
      return refuse(400, "invalid_request", "The form is malformed.");
    }
    if (!"client_credentials".equals(parameters.get("grant_type"))) {
      return refuse(400, "unsupported_grant_type", "grant_type must be client_credentials.");
    }
    if (!accepted(request, parameters)) {
      LOG.info("sandbox: token refused, the client credentials are wrong");
      return refuse(401, "invalid_client", "The client credentials are wrong.");
    }
    Set<String> scopes = Tokens.scopes(parameters.get("scope"));
    if (!Tokens.SCOPES.containsAll(scopes)) {
      return refuse(400, "invalid_scope", "A requested scope is unknown.");
    }
    Tokens.Token token = tokens.give(scopes);
    LOG.info("sandbox: token given, good for {} s", tokens.lifetime().toSeconds());
    ObjectNode body =
        Json.object()
            .put("access_token", token.value())
            .put("token_type", "Bearer")
            .put("expires_in", tokens.lifetime().toSeconds())
            .put("scope", String.join(" ", scopes));
    return Json.answer(200, body);
  }

  /** What stands in the query and in the form. */
  private static Map<String, String> parameters(HttpServletRequest request) throws IOException {
    String form = new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Map<String, String> parameters = new HashMap<>();
    for (String text : List.of(form, String.valueOf(request.getQueryString()))) {
      for (String pair : text.split("&")) {
        int equals = Math.max(0, pair.indexOf('='));
        parameters.putIfAbsent(
            pair.substring(0, equals),
            UriUtils.decode(
                pair.substring(equals).replaceFirst("^=", "").replace('+', ' '),
                StandardCharsets.UTF_8));
      }
    }
    return parameters;
  }

  private boolean accepted(HttpServletRequest request, Map<String, String> parameters) {
    String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (authorization == null || !authorization.toLowerCase().startsWith(BASIC)) {
      return tokens.accepts(parameters.get("client_id"), parameters.get("client_secret"));
    }
    try {
      String pair =
          new String(
              Base64.getDecoder().decode(authorization.substring(BASIC.length()).trim()),
              StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      return colon >= 0 && tokens.accepts(pair.substring(0, colon), pair.substring(colon + 1));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static ResponseEntity<byte[]> refuse(int status, String error, String description) {
    return Json.answer(
        status, Json.object().put("error", error).put("error_description", description));
  }
}
