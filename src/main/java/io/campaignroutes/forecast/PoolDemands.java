package io.campaignroutes.forecast;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.campaign.PoolCampaigns;
import io.campaignroutes.compliance.AgentCheck;
import io.campaignroutes.compliance.CallingHours;
import io.campaignroutes.cxone.AgentPools;
import io.campaignroutes.pacing.PacingPlan;
import io.campaignroutes.pacing.PacingPlans;
import io.campaignroutes.store.Store;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Who wants a pool, from requests and from campaigns that are there already. */
@Component
class PoolDemands {
  /** What is read of one pool; with more, the first so many stand for its hours. */
  static final int MAX_READ = 5_000;

  private final Store store;
  private final PoolCampaigns campaigns;
  private final PacingPlans plans;

  PoolDemands(Store store, PoolCampaigns campaigns, PacingPlans plans) {
    this.store = store;
    this.campaigns = campaigns;
    this.plans = plans;
  }

  /** Nobody as yet. */
  PoolDemand none() {
    return new PoolDemand(store.now());
  }

  /**
   * Adds a new campaign.
   *
   * @param request complete
   */
  void add(PoolDemand demand, JsonNode request) {
    add(demand, request, time(request, "activateAt"), time(request, "stopAt"), null);
  }

  /**
   * Adds the campaigns of a pool that are there already.
   *
   * @param but key of a campaign that does not count, for it is asked about; null for none
   * @return how many more there are than were read
   */
  long addOthers(PoolDemand demand, String poolId, String but) {
    List<PoolCampaigns.Wanting> others = campaigns.of(poolId, but, MAX_READ);
    for (PoolCampaigns.Wanting one : others) {
      add(demand, one.request(), one.activateAt(), one.stopAt(), one.stage().name());
    }
    return others.size() < MAX_READ ? 0 : campaigns.count(poolId) - MAX_READ;
  }

  /** One that cannot dial whatever the hour is left out. */
  private void add(
      PoolDemand demand, JsonNode request, Long activateAt, Long stopAt, String stage) {
    Optional<CallingHours> hours = plans.hours(request);
    if (hours.isEmpty()) {
      return;
    }
    PacingPlan plan = plans.plan(request, 0);
    double weight = request.path("weight").asDouble(1);
    demand.add(
        hours.get(),
        activateAt,
        stopAt,
        stage,
        weight > 0 && weight < Double.POSITIVE_INFINITY ? weight : 1,
        plan.mostCallsPerSecond(),
        plan.abandonment());
  }

  private static Long time(JsonNode request, String field) {
    String text = request.path(field).asText(null);
    return text == null ? null : (Long) OffsetDateTime.parse(text).toInstant().toEpochMilli();
  }

  /** What of a pool's agents is its own where others dial for them too. */
  PoolCampaigns.Own own(String poolId, AgentPools.Pool pool) {
    return pool == null || !pool.exists()
        ? new PoolCampaigns.Own(List.of(), 0, 1)
        : campaigns.own(poolId, AgentCheck.idsAtWork(pool.agents()));
  }
}
