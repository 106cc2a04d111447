package io.campaignroutes.webhook;

import java.util.List;

/**
 * An event that has just been kept.
 *
 * @param eventId ours
 * @param remoteId CXone's id of its campaign
 * @param campaignId ours; null for none
 * @param row the delivery that it is parked as; null for none
 * @param parked why it is parked, with that delivery or a new one; null when it is not
 * @param to where it goes; the delivery that it was parked as becomes the first of them
 */
record NewEvent(
    String eventId,
    String remoteId,
    String campaignId,
    String row,
    String parked,
    List<Destination> to) {}
