package io.campaignroutes.campaign;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a step leads to: the campaign as it is to be, why, and whether history and audit tell of it.
 *
 * @param to the campaign with its changed fields
 * @param reason for the history; null when the stage stays and nothing is told
 * @param event name of the audit line; null for none
 * @param details further fields of the audit line, in order
 */
record Change(Campaign to, String reason, String event, Map<String, Object> details) {

  /** A change that history does not tell of: a poll that found nothing new, a back-off. */
  static Change quiet(Campaign to) {
    return new Change(to, null, null, Map.of());
  }

  /** A new stage, told in history and audit. */
  static Change told(Campaign to, String reason) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("stage", to.stage().name());
    details.put("reason", reason);
    details.put("cxoneCampaignId", to.remoteId());
    if (to.failure() != null) {
      details.put("errorCode", to.failure().code());
    }
    return new Change(to, reason, "CAMPAIGN_" + to.stage(), details);
  }
}
