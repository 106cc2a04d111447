package io.campaignroutes.sandbox;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** The calls that the sandbox answers, with the scope that each one wants. */
enum ServedOperation {
  TOKEN("token", "POST", "/oauth/token", null),
  AGENT_POOL("agentPool", "GET", "/api/v2/agents/pools/[^/]+", "agent:view"),
  CREATE_CAMPAIGN("createCampaign", "POST", "/api/v2/campaigns", "campaign:manage"),
  FIND_CAMPAIGNS("findCampaigns", "GET", "/api/v2/campaigns", "campaign:view"),
  GET_CAMPAIGN("getCampaign", "GET", "/api/v2/campaigns/[^/]+", "campaign:view"),
  UPDATE_CAMPAIGN("updateCampaign", "PUT", "/api/v2/campaigns/[^/]+", "campaign:manage"),
  SET_PACING("setPacing", "PATCH", "/api/v2/campaigns/[^/]+", "campaign:manage"),
  REGISTER_WEBHOOK("registerWebhook", "POST", "/api/v2/webhooks", "webhook:manage"),
  REALTIME("realtime", "POST", "/api/v2/analytics/realtime/campaigns", "analytics:realtime:view"),
  HISTORY(
      "history", "POST", "/api/v2/analytics/campaigns/details/query", "analytics:historical:view");

  /** Stands for every operation where a fault is set. */
  static final String ALL = "all";

  private final String label;
  private final String method;
  private final Pattern path;
  private final String scope;

  ServedOperation(String label, String method, String path, String scope) {
    this.label = label;
    this.method = method;
    this.path = Pattern.compile(path);
    this.scope = scope;
  }

  /** The name under which faults are set and calls counted. */
  String label() {
    return label;
  }

  /** The scope that a token needs, null for the token call itself. */
  String scope() {
    return scope;
  }

  /** The operation of a request, {@code path} being what follows {@code /sandbox/cxone}. */
  static Optional<ServedOperation> of(String method, String path) {
    return Arrays.stream(values())
        .filter(o -> o.method.equals(method) && o.path.matcher(path).matches())
        .findFirst();
  }
}
