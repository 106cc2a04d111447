package io.campaignroutes.campaign;

import io.campaignroutes.store.Tx;

/**
 * Is told of what happens to campaigns, within the transaction that writes it, so that whatever
 * follows campaigns can never miss a change. Must be quick and call nobody.
 */
public interface CampaignListener {

  /** A campaign is in another stage. */
  default void entered(Tx tx, Campaign was, Campaign now) {}

  /** A campaign dials from now on: its pacing begins. */
  default void pacingBegins(Tx tx, Campaign campaign) {}

  /** A campaign is in a stage in which nothing is paced. */
  default void pacingEnds(Tx tx, Campaign campaign) {}

  /** CXone has paused a campaign because pacing's rate is zero. */
  default void held(Tx tx, Campaign campaign) {}

  /** A campaign that is ACTIVE was looked at, and still is. */
  default void seen(Tx tx, Campaign campaign) {}

  /**
   * A campaign that pacing held dials again.
   *
   * @param asked whether pacing wanted it; else somebody at CXone did
   */
  default void released(Tx tx, Campaign campaign, boolean asked) {}

  /**
   * A command that keeps CXone from dialing takes the place of one that it has not carried out.
   *
   * @param was the campaign with that one
   */
  default void quietedAgain(Tx tx, Campaign was) {}

  /**
   * A step was written of a campaign that CXone is, or was until then, asked to dial no more for,
   * or that is in another stage now.
   */
  default void quieting(Tx tx, Campaign was, Campaign now) {}

  /**
   * CXone refused a hold or a release.
   *
   * @param why what CXone said, for an operator
   */
  default void holdRefused(Tx tx, Campaign campaign, String why) {}
}
