package io.campaignroutes.pacing;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.compliance.Abandonment;
import io.campaignroutes.compliance.CallingHours;
import io.campaignroutes.compliance.Policy;
import io.campaignroutes.compliance.PolicyRule;
import io.campaignroutes.compliance.RequestChecks;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** What the pacing of a campaign is bound to, from its request and its compliance profile. */
@Component
public class PacingPlans {
  /** Hours worked out already; most campaigns share a handful of schedules. */
  private static final int MOST_HOURS = 1_000;

  private final RequestChecks policies;
  private final double accountLimit;
  private final Map<String, CallingHours> hours = new ConcurrentHashMap<>();

  public PacingPlans(RequestChecks policies, PacingProperties properties) {
    this.policies = policies;
    this.accountLimit = properties.accountLimit();
  }

  /**
   * The plan of a campaign.
   *
   * @param request complete, with its defaults
   * @param startedAt when it first was ACTIVE, in milliseconds since the epoch
   */
  public PacingPlan plan(JsonNode request, long startedAt) {
    Optional<Policy> policy = policy(request);
    double most = request.path("pacingLimit").asDouble();
    String from = "the campaign's pacingLimit";
    if (policy.isPresent() && policy.get().maxCallsPerSecond().isPresent()) {
      double limit = policy.get().maxCallsPerSecond().getAsDouble();
      if (limit < most) {
        most = limit;
        from = "its policy " + policy.get().ref().name();
      }
    }
    if (accountLimit > 0 && accountLimit < most) {
      most = accountLimit;
      from = "the account (pacing.account-limit)";
    }
    return new PacingPlan(
        Strategy.valueOf(request.path("dialerStrategy").asText()),
        request.at("/pacing/maxCallsPerSecond").asDouble(),
        most,
        from,
        policy.flatMap(PacingPlans::strictest).orElse(null),
        startedAt,
        ZoneId.of(request.path("timeZone").asText()));
  }

  /**
   * Caps are compared first; of two that are equal the longer-lasting window is harder to leave.
   */
  private static Optional<Abandonment> strictest(Policy policy) {
    return policy.abandonment().stream()
        .map(PolicyRule::value)
        .min(
            Comparator.comparingDouble(Abandonment::cap)
                .thenComparing(a -> a.window().kind() == Abandonment.Kind.ROLLING ? 1 : 0));
  }

  /** Why a campaign may not call at this moment, for people; empty when it may. */
  public Optional<String> closed(JsonNode request, Instant at) {
    Optional<CallingHours> hours = hours(request);
    return hours.isEmpty()
        ? Optional.of(
            "bound to the policy "
                + request.path("policy").asText()
                + ", which config/policies no longer has")
        : hours.get().closed(at);
  }

  /**
   * The calling hours of a campaign; empty when the profile that it was taken under is no longer
   * there, and then nobody may be called.
   */
  public Optional<CallingHours> hours(JsonNode request) {
    String key =
        request.path("timeZone").asText()
            + request.path("schedule")
            + request.path("policy").asText();
    CallingHours known = hours.get(key);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<CallingHours> made = policy(request).map(policy -> CallingHours.of(request, policy));
    if (hours.size() >= MOST_HOURS) {
      hours.clear();
    }
    made.ifPresent(found -> hours.put(key, found));
    return made;
  }

  private Optional<Policy> policy(JsonNode request) {
    return policies.policy(request.path("policy").asText());
  }
}
