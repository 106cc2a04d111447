package io.campaignroutes.pacing;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.store.Store;
import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Keeps a platform from being started at a time at which it would call and must not: outside of the
 * calling hours where it knows none, on a holiday of the policy where it knows the schedule alone.
 * Pacing would stop it, but only at its first tick, and people would have been called by then.
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
   * still may once that is in force, or when the platform itself calls nobody then.
   */
  public String closed(Campaign campaign) {
    long now = store.now();
    return closed(campaign.request(), campaign.stopAt(), now)
        .or(() -> closed(campaign.request(), campaign.stopAt(), now + TAKES.toMillis()))
        .orElse(null);
  }

  /** The same at one moment, in milliseconds since the epoch. */
  Optional<String> closed(JsonNode request, Long stopAt, long at) {
    boolean calls = !properties.platform().keepsItsHours() || plans.scheduled(request, at);
    return calls ? plans.closed(request, at, stopAt) : Optional.empty();
  }
}
