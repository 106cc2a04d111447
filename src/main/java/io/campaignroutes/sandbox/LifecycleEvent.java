package io.campaignroutes.sandbox;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * An event as CXone posts it.
 *
 * @param eventId the same over all tries
 * @param campaignId whose event it is
 * @param status the campaign's new status
 * @param timestamp ISO 8601, UTC
 * @param eventType {@code CAMPAIGN_ACTIVATED} and so on
 * @param reason why, where there is something to say
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record LifecycleEvent(
    String eventId,
    String campaignId,
    CampaignStatus status,
    String timestamp,
    String eventType,
    String reason) {}
