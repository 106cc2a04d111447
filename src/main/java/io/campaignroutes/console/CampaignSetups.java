package io.campaignroutes.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.campaignroutes.pacing.PacingPlan;
import io.campaignroutes.pacing.PacingPlans;
import io.campaignroutes.text.Json;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Setups of campaigns, read from their requests once and kept while they are being looked at. */
@Component
class CampaignSetups {
  private static final int MAX_KEPT = 20_000;

  private final PacingPlans plans;
  private final Cache<String, CampaignSetup> kept =
      Caffeine.newBuilder().maximumSize(MAX_KEPT).build();

  CampaignSetups(PacingPlans plans) {
    this.plans = plans;
  }

  /**
   * The setups of these campaigns.
   *
   * @param requests gives the stored requests of those that are not known yet, by their ids
   */
  Map<String, CampaignSetup> of(
      Collection<String> ids, Function<Set<String>, Map<String, String>> requests) {
    return kept.getAll(
        ids,
        missing ->
            requests.apply(Set.copyOf(missing)).entrySet().stream()
                .collect(
                    Collectors.toMap(
                        Map.Entry::getKey, e -> read(Json.storedObject(e.getValue())))));
  }

  private CampaignSetup read(JsonNode request) {
    PacingPlan plan = plans.plan(request, 0);
    return new CampaignSetup(
        request.path("agentPoolId").asText(),
        request.path("timeZone").asText(),
        request.path("policy").asText(),
        plans.hours(request).orElse(null),
        plans.trouble(request).orElse(null),
        plan.mostCallsPerSecond(),
        plan.abandonment() == null ? null : plan.abandonment().cap());
  }
}
