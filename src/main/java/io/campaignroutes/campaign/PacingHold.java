package io.campaignroutes.campaign;

import io.campaignroutes.store.Tx;

/**
 * Whether the service's own pacing has a campaign paused at CXone for the moment. CXone tells of
 * such a pause like of any other, and it must not move the campaign's stage. Without a bean of this
 * type nothing is held.
 */
@FunctionalInterface
public interface PacingHold {

  /** Whether the campaign is paused because pacing holds it, as this transaction sees it. */
  boolean holds(Tx tx, Campaign campaign);
}
