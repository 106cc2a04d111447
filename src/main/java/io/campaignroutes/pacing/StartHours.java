package io.campaignroutes.pacing;

import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.store.Store;
import org.springframework.stereotype.Component;

/**
 * Keeps a platform that knows no calling hours from being started outside of them. Pacing would
 * stop it, but only at its first tick, and people would have been called by then.
 */
@Component
public class StartHours {
  private final PacingPlans plans;
  private final PacingProperties properties;
  private final Store store;

  StartHours(PacingPlans plans, PacingProperties properties, Store store) {
    this.plans = plans;
    this.properties = properties;
    this.store = store;
  }

  /**
   * Why a campaign may not be started now, in words that end a sentence; null when it may, or when
   * the platform itself calls nobody outside of its schedule.
   */
  public String closed(Campaign campaign) {
    return properties.platform().keepsHours()
        ? null
        : plans.closed(campaign.request(), store.now(), campaign.stopAt()).orElse(null);
  }
}
