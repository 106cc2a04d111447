package io.campaignroutes.webhook;

import io.campaignroutes.store.WorkQueue;

/**
 * What is to be claimed for one destination.
 *
 * @param batches how many may be started with it at the most
 * @param token what it is claimed with
 */
record ClaimRequest(DestinationChannel channel, int batches, ClaimLimits limits, String token) {
  ClaimRequest(DestinationChannel channel, int batches, ClaimLimits limits) {
    this(channel, batches, limits, WorkQueue.newToken());
  }
}
