package io.campaignroutes.sandbox.connection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.sandbox.SandboxJson;
import io.campaignroutes.sandbox.SimulatedApi.Answer;
import io.campaignroutes.sandbox.SimulatedApi.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.springframework.web.util.UriUtils;

/** The two token calls and the discovery: what is asked before the tenant's API is. */
final class SignIn {

  private static final String BASIC = "Basic ";
  private static final int REFRESH_SECONDS = 7200;

  private final PersonalConnectionProperties keys;
  private final AccessTokens tokens;
  private int moves;
  private volatile String accessKeySecret;

  SignIn(PersonalConnectionProperties keys, AccessTokens tokens) {
    this.keys = keys;
    this.tokens = tokens;
    accessKeySecret = keys.accessKeySecret();
  }

  /** The access key gets another secret, and the one that it had is refused. */
  void accessKeySecret(String secret) {
    accessKeySecret = secret;
  }

  void register(CallTable calls) {
    calls
        .add("openidConfiguration", "GET", "/.well-known/openid-configuration", this::endpoints)
        .add("jwks", "GET", "/auth/jwks", call -> Answer.json(200, tokens.publicKeys()))
        .add("token", "POST", "/auth/token", this::byPassword)
        .add("accessKeyToken", "POST", "/authentication/v1/token/access-key", this::byAccessKey)
        .add("discovery", "GET", "/.well-known/cxone-configuration", this::discovery);
  }

  /** The tenant is moved to another cluster: its API answers elsewhere. */
  synchronized String move() {
    moves++;
    return apiPath();
  }

  /** Where the API is, below where this starts. */
  synchronized String apiPath() {
    return "/tenant" + (moves == 0 ? "" : "-" + (moves + 1));
  }

  private Answer endpoints(TenantCall call) {
    String here = call.request().origin() + PersonalConnection.BASE;
    ObjectNode told =
        SandboxJson.object()
            .put("issuer", here)
            .put("token_endpoint", here + "/auth/token")
            .put("jwks_uri", here + "/auth/jwks")
            .put("userinfo_endpoint", here + "/auth/userinfo");
    told.putArray("scopes_supported").add("openid");
    told.putArray("token_endpoint_auth_methods_supported").add("client_secret_basic");
    told.putArray("code_challenge_methods_supported").add("S256");
    return Answer.json(200, told);
  }

  private Answer discovery(TenantCall call) {
    if (!AccessTokens.TENANT_ID.equals(call.query().get("tenantId"))) {
      return error(404, "not_found", "There is no such tenant.");
    }
    return Answer.json(
        200,
        SandboxJson.object()
            .put("private", false)
            .put("area", "na1")
            .put("cluster", "B00")
            .put("domain", "niceincontact.com")
            .put("acdDomain", "nice-incontact.com")
            .put("uhDomain", "nice-incontact.com")
            .put("tenantId", AccessTokens.TENANT_ID)
            .put("api_endpoint", call.request().origin() + PersonalConnection.BASE + apiPath())
            .put("auth_endpoint", call.request().origin() + PersonalConnection.BASE)
            .put("ui_endpoint", call.request().origin()));
  }

  /** The password grant: the access key is the user, the registered application the client. */
  private Answer byPassword(TenantCall call) {
    Request request = call.request();
    String type = request.header("Content-Type");
    if (type == null || !type.startsWith("application/x-www-form-urlencoded")) {
      return error(400, "invalid_request", "The body must be a form.");
    }
    String text = new String(request.body(), StandardCharsets.UTF_8);
    Map<String, String> form = form(text);
    if (form == null) {
      return error(400, "invalid_request", "The form is malformed.");
    }
    if (!client(request.header("Authorization"))) {
      return error(401, "invalid_client", "The client credentials are wrong.");
    }
    if (!"password".equals(form.get("grant_type"))) {
      return error(400, "unsupported_grant_type", "grant_type must be password.");
    }
    if (!same(keys.accessKeyId(), form.get("username"))
        || !same(accessKeySecret, form.get("password"))) {
      return error(400, "invalid_grant", "The access key is wrong.");
    }
    String issuer = request.origin() + PersonalConnection.BASE;
    return Answer.json(
        200,
        SandboxJson.object()
            .put("access_token", tokens.give(issuer, BusinessUnit.ID))
            .put("token_type", "Bearer")
            .put("expires_in", tokens.lifetime().toSeconds())
            .put("refresh_token", tokens.other(issuer, BusinessUnit.ID, REFRESH_SECONDS))
            .put("id_token", tokens.other(issuer, BusinessUnit.ID, tokens.lifetime().toSeconds())));
  }

  private Answer byAccessKey(TenantCall call) {
    JsonNode body;
    try {
      body = SandboxJson.read(call.request().body());
    } catch (IOException e) {
      return error(400, "invalid_request", "The body is not JSON.");
    }
    if (!body.path("accessKeyId").isTextual() || !body.path("accessKeySecret").isTextual()) {
      return error(400, "invalid_request", "accessKeyId and accessKeySecret are required.");
    }
    if (!same(keys.accessKeyId(), body.get("accessKeyId").asText())
        || !same(accessKeySecret, body.get("accessKeySecret").asText())) {
      return error(401, "invalid_client", "The access key is wrong.");
    }
    String issuer = call.request().origin() + PersonalConnection.BASE;
    return Answer.json(
        200,
        SandboxJson.object()
            .put("access_token", tokens.give(issuer, BusinessUnit.ID))
            .put("token_type", "Bearer")
            .put("expires_in", String.valueOf(tokens.lifetime().toSeconds()))
            .put("refresh_token", tokens.other(issuer, BusinessUnit.ID, REFRESH_SECONDS))
            .put("refresh_token_expires_in", REFRESH_SECONDS)
            .put("id_token", tokens.other(issuer, BusinessUnit.ID, tokens.lifetime().toSeconds())));
  }

  private boolean client(String authorization) {
    if (authorization == null || !authorization.startsWith(BASIC)) {
      return false;
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(authorization.substring(BASIC.length()).trim());
      String pair = new String(decoded, StandardCharsets.UTF_8);
      return same(keys.clientId() + ":" + keys.clientSecret(), pair);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * A form's fields; null for a text that is none. An equals sign that stands in a value as it is
   * makes it another value: it has to be percent-encoded.
   */
  private static Map<String, String> form(String text) {
    Map<String, String> form = new HashMap<>();
    for (String pair : text.split("&")) {
      String[] both = pair.split("=");
      if (both.length != 2) {
        return null;
      }
      try {
        form.put(both[0], UriUtils.decode(both[1].replace('+', ' '), StandardCharsets.UTF_8));
      } catch (IllegalArgumentException e) { // a stray percent sign
        return null;
      }
    }
    return form;
  }

  private static Answer error(int status, String error, String description) {
    return Answer.json(
        status, SandboxJson.object().put("error", error).put("errorDescription", description));
  }

  private static boolean same(String wanted, String given) {
    return given != null
        && MessageDigest.isEqual(
            wanted.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }
}
