package io.campaignroutes.webhook;

/**
 * What is to be claimed for one destination.
 *
 * @param batches how many may be started with it at the most
 * @param token what it is claimed with
 */
record ClaimRequest(DestinationChannel channel, int batches, ClaimLimits limits, String token) {}
