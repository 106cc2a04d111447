package io.campaignroutes.pacing;

import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.store.Store;
import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Keeps a platform that knows no calling hours from being started outside of them. Pacing would
 * stop it, but only at its first tick, and people would have been called by then.
 */
@Component
public class StartHours {
  /** So long a start may take until it is in force, with the calls and the waits before it. */
  private static final Duration TAKES = Duration.ofMinutes(1);

  private final PacingPlans plans;
  private final PacingProperties properties;
  private final Store store;

  StartHours(PacingPlans plans, PacingProperties properties, Store store) {
    this.plans = plans;
    this.properties = properties;
    this.store = store;
  }

  /**
   * Why a campaign may not be started now, in words that end a sentence; null when it may, and
   * still may once that is in force, or when the platform itself calls nobody outside of its
   * schedule.
   */
  public String closed(Campaign campaign) {
    return properties.platform().keepsItsHours()
        ? null
        : closed(campaign, store.now())
            .or(() -> closed(campaign, store.now() + TAKES.toMillis()))
            .orElse(null);
  }

  private Optional<String> closed(Campaign campaign, long at) {
    return plans.closed(campaign.request(), at, campaign.stopAt());
  }
}
