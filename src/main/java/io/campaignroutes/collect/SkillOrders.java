package io.campaignroutes.collect;

import io.campaignroutes.store.Tx;
import java.util.Optional;

/** What this service asked of the skills of its campaigns, and what people did to them since. */
public interface SkillOrders {

  /**
   * What was asked of a campaign's skill last.
   *
   * @return {@code START}, {@code PAUSE} or {@code STOP}; empty where that is not known, and then
   *     the campaign's stage tells
   */
  Optional<String> asked(String campaignId);

  /**
   * What a person was seen to do to it since.
   *
   * @return {@code START} or {@code STOP}; empty for nothing
   */
  Optional<String> byPerson(String campaignId);

  /** A person was seen to start it, or to stop it. */
  void personDid(Tx tx, String campaignId, boolean started);
}
