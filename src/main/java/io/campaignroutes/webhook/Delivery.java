package io.campaignroutes.webhook;

import io.campaignroutes.access.By;

/**
 * One event for one destination, as lists show it. All times are milliseconds since the epoch.
 *
 * @param destination its name; null for an event that goes nowhere: one that could not be
 *     understood or whose campaign is not known
 * @param campaignId ours; null when the campaign is not known here
 * @param campaignName as its request has it; null when the campaign is not known here
 * @param cxoneCampaignId CXone's; null when the event names none
 * @param dueAt when it is tried next; null when nothing is due, or when an earlier one goes first
 * @param deliveredAt null while it is not
 * @param attemptCount all attempts, those before a replay too
 * @param lastStatus HTTP status of the last answer; null for none
 * @param lastError why it is not delivered; null when there is nothing to say
 * @param replayedAt when somebody had it sent again last; null for never
 * @param replayedBy who that was
 * @param event as it came; null in lists, which would be too large with all of them
 */
public record Delivery(
    String id,
    String eventId,
    String destination,
    String campaignId,
    String campaignName,
    String cxoneCampaignId,
    String eventType,
    DeliveryStatus status,
    long createdAt,
    Long dueAt,
    Long deliveredAt,
    int attemptCount,
    Integer lastStatus,
    String lastError,
    Long replayedAt,
    By replayedBy,
    String event) {

  /**
   * One attempt.
   *
   * @param number from 1
   * @param status HTTP status; null when there was no answer
   * @param error why it failed; null when it did not
   * @param answer the first 1,000 characters of the answer; null when there was none
   */
  public record Attempt(
      int number, long at, int durationMs, Integer status, String error, String answer) {}
}
