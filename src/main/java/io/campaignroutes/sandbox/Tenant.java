package io.campaignroutes.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.util.UriUtils;

/**
 * CXone's side of a tenant: does what the calls of its API ask for and answers them, whoever
 * carries the calls. It checks the bearer token, its scope and the content type.
 */
final class Tenant {

  private static final Logger LOG = LoggerFactory.getLogger(Tenant.class);
  private static final String BASIC = "basic ";
  private static final String BEARER = "Bearer ";
  private static final Set<String> REALTIME =
      Set.of(
          "attemptedCalls", "connectedCalls", "avgHandleTime", "abandonedCalls", "availableAgents");
  private static final Set<String> HISTORY =
      Set.of("attemptedCalls", "connectedCalls", "abandonedCalls", "avgAnswerTime");

  private final IssuedTokens tokens;
  private final Campaigns campaigns;
  private final Webhooks webhooks;

  /**
   * A call.
   *
   * @param operation what is called, null for nothing that there is
   * @param path as it was sent, without the query
   * @param query null for none
   * @param authorization the header, null for none
   * @param contentType the header, null for none
   */
  record Call(
      ServedOperation operation,
      String path,
      String query,
      String authorization,
      String contentType,
      byte[] body) {

    /** What the last part of the path names. */
    String id() {
      return UriUtils.decode(path.substring(path.lastIndexOf('/') + 1), StandardCharsets.UTF_8);
    }

    /** The bearer token, null for none. */
    String bearer() {
      return authorization == null || !authorization.startsWith(BEARER)
          ? null
          : authorization.substring(BEARER.length()).trim();
    }

    ObjectNode json() {
      return SandboxJson.readObject(body);
    }
  }

  /** An answer: an HTTP status, and what its body is made of. */
  record Answer(int status, ObjectNode body) {}

  Tenant(IssuedTokens tokens, Campaigns campaigns, Webhooks webhooks) {
    this.tokens = tokens;
    this.campaigns = campaigns;
    this.webhooks = webhooks;
  }

  /** Does what a call asks for. */
  Answer answer(Call call) {
    try {
      if (call.operation() == null) {
        throw new SandboxException(404, "NOT_FOUND", "CXone has no such call.");
      }
      if (call.operation() == ServedOperation.TOKEN) {
        return token(call);
      }
      admit(call);
      return work(call);
    } catch (SandboxException e) {
      return new Answer(e.status(), e.body());
    }
  }

  private void admit(Call call) {
    String token = call.bearer();
    if (token == null) {
      throw new SandboxException(401, "UNAUTHORIZED", "The call carries no bearer token.");
    }
    tokens.check(token, call.operation().scope());
    String type = call.contentType();
    if (type == null || !type.toLowerCase().startsWith("application/json")) {
      throw new SandboxException(
          415, "UNSUPPORTED_MEDIA_TYPE", "Every call has Content-Type: application/json.");
    }
  }

  private Answer work(Call call) {
    return switch (call.operation()) {
      case AGENT_POOL -> new Answer(200, campaigns.pool(call.id()));
      case CREATE_CAMPAIGN -> new Answer(201, campaigns.create(call.json()));
      case FIND_CAMPAIGNS -> {
        ObjectNode found = SandboxJson.object();
        found.putArray("campaigns").addAll(campaigns.find(parameters(call.query()).get("name")));
        yield new Answer(200, found);
      }
      case GET_CAMPAIGN -> new Answer(200, campaigns.get(call.id()));
      case UPDATE_CAMPAIGN ->
          new Answer(200, campaigns.setStatus(call.id(), call.json().path("status")));
      case SET_PACING -> new Answer(200, campaigns.setPacing(call.id(), call.json()));
      case REGISTER_WEBHOOK -> new Answer(201, webhooks.register(call.json()));
      case REALTIME -> new Answer(200, realtime(call.json()));
      case HISTORY -> new Answer(200, history(call.json()));
      case TOKEN -> throw new IllegalStateException("a token call has no token");
    };
  }

  private ObjectNode realtime(ObjectNode query) {
    if (!query.path("interval").asText().equals("PT5M")) {
      throw invalid("interval must be PT5M.");
    }
    Set<String> left = unasked(query, REALTIME);
    left.remove("attemptedCalls");
    return campaigns.realtime(campaignId(query)).remove(left);
  }

  private ObjectNode history(ObjectNode query) {
    Instant from = time(query, "startDate");
    Instant to = time(query, "endDate");
    if (!from.isBefore(to)) {
      throw invalid("startDate must be before endDate.");
    }
    return campaigns.history(campaignId(query), from, to).remove(unasked(query, HISTORY));
  }

  private static String campaignId(ObjectNode query) {
    JsonNode id = query.path("filter").path("campaignId");
    if (!id.isTextual()) {
      throw invalid("filter.campaignId is missing.");
    }
    return id.textValue();
  }

  private static Set<String> unasked(ObjectNode query, Set<String> known) {
    JsonNode metrics = query.path("metrics");
    Set<String> left = new TreeSet<>(known);
    for (JsonNode metric : metrics) {
      if (!known.contains(metric.asText())) {
        throw invalid("metrics has an unknown one: " + metric.asText() + ".");
      }
      left.remove(metric.asText());
    }
    if (!metrics.isArray() || metrics.isEmpty()) {
      throw invalid("metrics must be a list out of " + new TreeSet<>(known) + ".");
    }
    return left;
  }

  private static Instant time(ObjectNode query, String field) {
    try {
      return OffsetDateTime.parse(query.path(field).asText()).toInstant();
    } catch (DateTimeException e) {
      throw invalid(field + " must be a time in ISO 8601 with an offset.");
    }
  }

  private static SandboxException invalid(String message) {
    return new SandboxException(400, "INVALID_QUERY", message);
  }

  /**
   * The token call: client credentials in the form body, by HTTP Basic or in the query. A request
   * that names no scope gets all of them.
   */
  private Answer token(Call call) {
    Map<String, String> parameters;
    try {
      parameters = parameters(new String(call.body(), StandardCharsets.UTF_8), call.query());
    } catch (IllegalArgumentException e) { // a stray percent sign
      return refused(400, "invalid_request", "The form is malformed.");
    }
    if (!"client_credentials".equals(parameters.get("grant_type"))) {
      return refused(400, "unsupported_grant_type", "grant_type must be client_credentials.");
    }
    if (!accepted(call.authorization(), parameters)) {
      LOG.info("sandbox: token refused, the client credentials are wrong");
      return refused(401, "invalid_client", "The client credentials are wrong.");
    }
    Set<String> scopes = IssuedTokens.scopes(parameters.get("scope"));
    if (!IssuedTokens.SCOPES.containsAll(scopes)) {
      return refused(400, "invalid_scope", "A requested scope is unknown.");
    }
    IssuedTokens.Token token = tokens.give(scopes);
    LOG.info("sandbox: token given, good for {} s", tokens.lifetime().toSeconds());
    return new Answer(
        200,
        SandboxJson.object()
            .put("access_token", token.value())
            .put("token_type", "Bearer")
            .put("expires_in", tokens.lifetime().toSeconds())
            .put("scope", String.join(" ", scopes)));
  }

  /** What stands in a form, a query or both; the first one's goes before. */
  private static Map<String, String> parameters(String... texts) {
    Map<String, String> parameters = new HashMap<>();
    for (String text : texts) {
      for (String pair : text == null ? new String[0] : text.split("&")) {
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

  private boolean accepted(String authorization, Map<String, String> parameters) {
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

  private static Answer refused(int status, String error, String description) {
    return new Answer(
        status, SandboxJson.object().put("error", error).put("error_description", description));
  }
}
