package io.campaignroutes.compliance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.text.Plain;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * All checks of a campaign request that need no remote call, the same for inbox, HTTP and dry run.
 * It changes nothing and serves all threads.
 */
@Component
public final class RequestChecks {
  /** No person reads more; a request with a thousand wrong keys would give a thousand. */
  private static final int MAX_FINDINGS = 100;

  private final Policies policies;
  private final CampaignDefaults defaults;
  private final RequestSchema schema;
  private final ComplianceSettings settings;
  private final RateSettings rates;
  private final PlatformCampaign platform;
  private final Map<String, Policy> byName = new HashMap<>();
  private Optional<PlatformChecks> platformChecks = Optional.empty();

  /**
   * @throws PolicyException when the default policy, or one that always applies, is unknown
   */
  public RequestChecks(
      Policies policies,
      CampaignDefaults defaults,
      RequestSchema schema,
      ComplianceSettings settings,
      RateSettings rates,
      PlatformCampaign platform) {
    this.policies = policies;
    this.defaults = defaults;
    this.schema = schema;
    this.settings = settings;
    this.rates = rates;
    this.platform = platform;
    checkKnown("default-policy", List.of(settings.defaultPolicy()));
    checkKnown("always-policies", settings.alwaysPolicies());
    for (String name : policies.names()) {
      byName.put(name, policies.policy(name, settings.alwaysPolicies()).orElseThrow());
    }
  }

  /** Whether the platform is asked what it has for a campaign before that is created. */
  public boolean asksPlatform() {
    return platform.takesContacts();
  }

  /** Has a platform look at requests besides. */
  @Autowired(required = false)
  void platformChecks(PlatformChecks checks) {
    platformChecks = Optional.of(checks);
  }

  /** What is wrong with a request at first sight; see {@link RequestSchema#firstFault}. */
  public Optional<Finding> firstFault(JsonNode given) {
    return schema.firstFault(given);
  }

  /**
   * Checks a request.
   *
   * @param given the request as it came; anything that JSON can be
   * @param now the moment against which {@code activateAt} and {@code stopAt} are checked
   * @return all findings together, never more than 100 of them with the number of the others; it
   *     does not throw, whatever the request is
   */
  public CheckedRequest check(JsonNode given, Instant now) {
    JsonNode request = given == null || given.isMissingNode() ? NullNode.getInstance() : given;
    List<Finding> malformed = schema.findings(request);
    if (!request.isObject()) {
      return new CheckedRequest(request, null, null, null, malformed, 0, List.of(), List.of());
    }
    Draft draft = new Draft(request, defaults, now, malformed);
    draft.checked("shape of the request (campaign-request.schema.json)");
    Policy policy = policy(draft).orElse(null);
    TimeChecks.check(draft, policy);
    ScheduleChecks.check(draft, policy);
    OpeningChecks.check(draft, policy);
    LimitChecks.check(draft, policy, rates);
    checkDestination(draft);
    platformChecks.ifPresent(checks -> check(draft, policy, checks));
    checkContacts(draft);
    return checked(request, draft, policy);
  }

  /**
   * The policy that a campaign is bound to by name, with those that always apply.
   *
   * @param name name of a profile; null stands for the default
   * @return empty when there is no such profile
   */
  public Optional<Policy> policy(String name) {
    return Optional.ofNullable(byName.get(name == null ? settings.defaultPolicy() : name));
  }

  /**
   * The highest rate that a campaign may dial with, in calls per second: its own, and what its
   * policy and the account allow.
   *
   * @param request complete, with its defaults
   */
  public double ceiling(JsonNode request) {
    double limit = request.path("pacingLimit").asDouble();
    double ceiling = Math.min(limit, request.at("/pacing/maxCallsPerSecond").asDouble(limit));
    double allowed =
        policy(request.path("policy").asText(null))
            .map(policy -> policy.maxCallsPerSecond().orElse(Double.MAX_VALUE))
            .orElse(Double.MAX_VALUE);
    double account = rates.accountLimit() > 0 ? rates.accountLimit() : Double.MAX_VALUE;
    return Math.min(ceiling, Math.min(allowed, account));
  }

  private static void check(Draft draft, Policy policy, PlatformChecks checks) {
    PlatformChecks.Asked asked =
        new PlatformChecks.Asked(
            draft.text("agentPoolId"),
            draft.text("contactListId"),
            draft.text("dialerStrategy"),
            draft.isGiven("contacts"),
            draft.value("compliance.respectDnc").map(JsonNode::asBoolean).orElse(false),
            draft.value("compliance.respectStateDnc").map(JsonNode::asBoolean).orElse(false),
            policy != null && policy.abandonmentCap().isPresent());
    checks.findings(asked).forEach(f -> draft.finding(f.field(), f.rule(), f.message()));
    checks.warnings(asked).forEach(f -> draft.warning(f.field(), f.rule(), f.message()));
    draft.checked("what the platform can do of it");
  }

  private CheckedRequest checked(JsonNode given, Draft draft, Policy policy) {
    ObjectNode request = null;
    ObjectNode payload = null;
    if (draft.findings().isEmpty()) {
      String name = draft.text("policy").orElse(settings.defaultPolicy());
      request = CampaignPayload.complete(draft, name, policy);
      if (platformChecks.isPresent()) {
        String pool = request.path("agentPoolId").asText();
        request.put("agentPoolId", platformChecks.get().poolId(pool));
      }
      payload = CampaignPayload.of(request, FirstRate.lowest(rates), defaults, platform);
    }
    int listed = Math.min(MAX_FINDINGS, draft.findings().size());
    return new CheckedRequest(
        given,
        request,
        payload,
        policy == null ? null : policy.ref(),
        List.copyOf(draft.findings().subList(0, listed)),
        draft.findings().size() - listed + schema.unlisted(given),
        List.copyOf(draft.warnings()),
        List.copyOf(draft.rules()));
  }

  private Optional<Policy> policy(Draft draft) {
    if (draft.isGiven("policy") && draft.text("policy").isEmpty()) {
      return Optional.empty(); // malformed, which has been told
    }
    String name = draft.text("policy").orElse(settings.defaultPolicy());
    Optional<Policy> policy = policy(name);
    if (policy.isEmpty()) {
      draft.finding(
          "policy",
          "policy.unknown",
          "There is no policy \""
              + Plain.escaped(name)
              + "\". Known: "
              + String.join(", ", policies.names())
              + ".");
    }
    return policy;
  }

  private void checkDestination(Draft draft) {
    Optional<String> url = draft.text("externalWebhookUrl");
    if (url.isEmpty()) {
      return;
    }
    draft.checked(
        settings.allowPrivateDestinations()
            ? "externalWebhookUrl is an http or https address"
            : "externalWebhookUrl is an http or https address outside private networks, by its"
                + " text");
    EventAddress.problem(url.get(), settings.allowPrivateDestinations())
        .ifPresent(
            problem ->
                draft.finding(
                    "externalWebhookUrl",
                    "externalWebhookUrl.address",
                    "externalWebhookUrl " + problem));
  }

  /** Whether the file is there is known to whoever keeps it; what it holds, once it is read. */
  private void checkContacts(Draft draft) {
    if (draft.isGiven("contacts") && !platform.takesContacts()) {
      draft.finding(
          "contacts",
          "contacts.platform",
          "This platform takes no contacts. Put them into a contact list at CXone and name that one"
              + " with contactListId, or run the service with a CXONE_PLATFORM that takes them.");
    }
  }

  private void checkKnown(String setting, List<String> names) {
    for (String name : names) {
      if (!policies.names().contains(name)) {
        throw new PolicyException(
            Path.of("campaign-routes.compliance." + setting),
            "There is no policy \"" + Plain.escaped(name) + "\".",
            "Known: " + String.join(", ", policies.names()) + ".");
      }
    }
  }
}
