package io.campaignroutes.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.campaign.Failure;
import io.campaignroutes.campaign.Stage;

/**
 * What the list shows of one campaign. Times are milliseconds since the epoch by the store's clock.
 *
 * @param cxoneId CXone's id, null before it has one
 * @param externalId the caller's own key, null for none
 * @param activateAt when it is to start, null for at once
 * @param stopAt when it is to stop, null for never
 * @param policy the profiles that apply, joined by {@code +}
 * @param command an operator's command that is still in progress, null for none
 * @param commandAt since when that command has been pending
 * @param cxoneStatus the status that CXone told last, null before it told one
 * @param failure why it is not where it should be, null when all is well
 * @param attempt failed tries of its present step
 * @param dueAt when its next work falls due
 * @param held whether pacing has paused it at CXone
 * @param rate the rate in force, in calls per second; 0 while it is held
 * @param wish what CXone is asked for and has not done
 * @param decision the latest decision of pacing as {@code GET /campaigns/{id}/pacing} shows it;
 *     missing before the first one
 */
record CampaignRow(
    String id,
    String cxoneId,
    String externalId,
    String name,
    Stage stage,
    long stageAt,
    long acceptedAt,
    Long activateAt,
    Long stopAt,
    String policy,
    String command,
    Long commandAt,
    String cxoneStatus,
    Failure failure,
    int attempt,
    long dueAt,
    boolean held,
    CampaignSetup setup,
    double rate,
    Wish wish,
    JsonNode decision) {

  /**
   * What CXone is asked for and has not done.
   *
   * @param releases whether pacing has it asked to dial again
   * @param stops whether it is asked to dial no more
   * @param stopSince since when it has been asked to dial no more, or slower; null when it is not
   * @param mayTake ms that this may take before it counts as not done
   * @param nextTry when it is asked, or read, next; in the past where that is under way; null where
   *     there is nothing to ask
   * @param refusal why it has another rate than decided; null when it has not, as far as is known
   * @param refusedAt since when; null without a refusal
   */
  record Wish(
      boolean releases,
      boolean stops,
      Long stopSince,
      long mayTake,
      Long nextTry,
      String refusal,
      Long refusedAt) {
    static final Wish NONE = new Wish(false, false, null, 0, null, null, null);
  }
}
