package io.campaignroutes.webhook;

import io.campaignroutes.access.By;

/**
 * A destination as operators see it. All times are milliseconds since the epoch.
 *
 * @param url its address, or its Camel endpoint without options
 * @param configured whether it is in the file, or a campaign's own; false for one that was there
 * @param offReason why it is switched off; null while it is on
 * @param offSince null while it is on
 * @param offBy who switched it off; null while it is on, and when the service did
 * @param oldestUndeliveredAt when the oldest delivery that waits was made; null when none does
 * @param breakerOpen whether this process leaves it alone for the moment, after many failures
 */
public record DestinationState(
    String name,
    String url,
    boolean configured,
    String offReason,
    Long offSince,
    By offBy,
    long pending,
    long dead,
    long parked,
    Long oldestUndeliveredAt,
    boolean breakerOpen) {

  public boolean on() {
    return offSince == null;
  }
}
