package io.campaignroutes.webhook;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A lifecycle event as it came, before it is kept.
 *
 * @param identity what makes it the same event when it comes again
 * @param remoteId CXone's id of its campaign, null when it names none
 * @param type such as CAMPAIGN_PAUSED, null when it names none
 * @param status the campaign's status, null when it names none
 * @param occurredAt its timestamp as it came, null when it has none
 * @param parked why it cannot be understood; null when it can
 * @param json its fields as {@link io.campaignroutes.cxone.PlatformEvents} has them
 * @param body all of it, byte for byte
 */
record Event(
    String identity,
    String remoteId,
    String type,
    String status,
    String occurredAt,
    String parked,
    JsonNode json,
    String body) {}
