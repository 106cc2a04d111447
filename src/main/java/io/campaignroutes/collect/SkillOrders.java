package io.campaignroutes.collect;

import java.util.Optional;

/** What this service asked of the skills of its campaigns. */
public interface SkillOrders {

  /**
   * What was asked of a campaign's skill last.
   *
   * @return {@code START}, {@code PAUSE} or {@code STOP}; empty where that is not known, and then
   *     the campaign's stage tells
   */
  Optional<String> asked(String campaignId);
}
