package io.campaignroutes.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.campaign.Json;
import io.campaignroutes.pacing.PacingPlan;
import io.campaignroutes.pacing.PacingPlans;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.springframework.stereotype.Component;

/** Setups of campaigns, read from their requests once and kept while they are being looked at. */
@Component
class CampaignSetups {
  private static final int KEPT = 20_000;

  private final PacingPlans plans;
  private final Map<String, CampaignSetup> kept =
      Collections.synchronizedMap(
          new LinkedHashMap<>(256, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, CampaignSetup> eldest) {
              return size() > KEPT;
            }
          });

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
    Map<String, CampaignSetup> setups = new HashMap<>();
    Set<String> missing = new LinkedHashSet<>();
    for (String id : ids) {
      CampaignSetup setup = kept.get(id);
      if (setup == null) {
        missing.add(id);
      } else {
        setups.put(id, setup);
      }
    }
    if (!missing.isEmpty()) {
      requests
          .apply(missing)
          .forEach(
              (id, request) -> {
                CampaignSetup setup = read(Json.storedObject(request));
                kept.put(id, setup);
                setups.put(id, setup);
              });
    }
    return setups;
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
