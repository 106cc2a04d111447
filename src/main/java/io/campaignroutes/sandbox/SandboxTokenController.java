package io.campaignroutes.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

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
  ResponseEntity<byte[]> token(HttpServletRequest request) {
    if (!"client_credentials".equals(request.getParameter("grant_type"))) {
      return refuse(400, "unsupported_grant_type", "grant_type must be client_credentials.");
    }
    if (!accepted(request)) {
      LOG.info("sandbox: token refused, the client credentials are wrong");
      return refuse(401, "invalid_client", "The client credentials are wrong.");
    }
    Set<String> scopes = Tokens.scopes(request.getParameter("scope"));
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

  private boolean accepted(HttpServletRequest request) {
    String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (authorization == null || !authorization.toLowerCase().startsWith(BASIC)) {
      return tokens.accepts(
          request.getParameter("client_id"), request.getParameter("client_secret"));
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
