package io.campaignroutes.pacing;

import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.compliance.PlatformCampaign;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.springframework.stereotype.Component;

/** What the law remembers of a campaign, or begins with, and what its pacing is bound to. */
@Component
class PacingMemory {
  private final PacingPlans plans;
  private final PacingLaw law;
  private final PlatformCampaign platform;

  PacingMemory(PacingPlans plans, PacingLaw law, PlatformCampaign platform) {
    this.plans = plans;
    this.law = law;
    this.platform = platform;
  }

  /** What the law remembers; empty when that cannot be read. */
  Optional<PacingState> known(Campaign campaign, PacingRow row) {
    PacingState fresh = start(campaign);
    return row.state() == null ? Optional.of(fresh) : StoredState.read(row.state(), fresh);
  }

  /**
   * What the law remembers once it has been told something. What cannot be read stays as it is: the
   * next tick holds the campaign and says so.
   */
  String noted(Campaign campaign, PacingRow row, UnaryOperator<PacingState> news) {
    return known(campaign, row).map(news).map(StoredState::text).orElse(row.state());
  }

  PacingState start(Campaign campaign) {
    return law.start(plan(campaign).launchedWith(firstRate(campaign)), since(campaign));
  }

  /** The rate that it was created with, in calls a second; one line for each agent otherwise. */
  double firstRate(Campaign campaign) {
    return law.byRatio() ? 1 : campaign.firstRate(platform);
  }

  PacingPlan plan(Campaign campaign) {
    return plans.plan(campaign.request(), since(campaign));
  }

  private static long since(Campaign campaign) {
    return campaign.activeAt() == null ? campaign.stageAt() : campaign.activeAt();
  }
}
