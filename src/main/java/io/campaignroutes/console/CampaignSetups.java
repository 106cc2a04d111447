package io.campaignroutes.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.campaign.Json;
import io.campaignroutes.compliance.CallingWindows;
import io.campaignroutes.compliance.ComplianceSettings;
import io.campaignroutes.compliance.OpenHours;
import io.campaignroutes.compliance.Policies;
import io.campaignroutes.compliance.Policy;
import io.campaignroutes.compliance.TimeZones;
import java.time.DayOfWeek;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.springframework.stereotype.Component;

/** Setups of campaigns, read from their requests once and kept while they are being looked at. */
@Component
class CampaignSetups {
  private static final int KEPT = 20_000;

  private final Policies policies;
  private final List<String> alwaysPolicies;
  private final Map<String, CampaignSetup> kept =
      Collections.synchronizedMap(
          new LinkedHashMap<>(256, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, CampaignSetup> eldest) {
              return size() > KEPT;
            }
          });

  CampaignSetups(Policies policies, ComplianceSettings settings) {
    this.policies = policies;
    this.alwaysPolicies = settings.alwaysPolicies();
  }

  /**
   * The setups of these campaigns.
   *
   * @param requests gives the stored requests of those that are not known yet, by their ids
   */
  Map<String, CampaignSetup> of(
      Collection<String> ids, Function<Set<String>, Map<String, String>> requests) {
    Map<String, CampaignSetup> setups = new HashMap<>();
    Set<String> missing = new java.util.LinkedHashSet<>();
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
                CampaignSetup setup = read(Json.stored(request));
                kept.put(id, setup);
                setups.put(id, setup);
              });
    }
    return setups;
  }

  CampaignSetup read(JsonNode request) {
    Policy policy =
        policies.policy(request.path("policy").asText(), alwaysPolicies).orElse(null);
    String zone = request.path("timeZone").asText();
    JsonNode schedule = request.path("schedule");
    EnumSet<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    schedule.path("daysOfWeek").forEach(day -> days.add(DayOfWeek.valueOf(day.asText())));
    CallingWindows own =
        CallingWindows.daily(
            days, schedule.path("startHour").asInt(), schedule.path("endHour").asInt());
    double limit = request.path("pacingLimit").asDouble();
    Double cap = null;
    if (policy != null) { // it is null when it was removed from config/ meanwhile
      limit = Math.min(limit, policy.maxCallsPerSecond().orElse(limit));
      cap = policy.abandonmentCap().isPresent() ? policy.abandonmentCap().getAsDouble() : null;
    }
    return new CampaignSetup(
        request.path("agentPoolId").asText(),
        zone,
        TimeZones.parse(zone).map(id -> OpenHours.of(own, policy, id)).orElse(null),
        request.path("pacing").path("maxCallsPerSecond").asDouble(limit),
        limit,
        cap);
  }
}
