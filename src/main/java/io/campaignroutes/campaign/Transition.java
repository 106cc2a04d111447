package io.campaignroutes.campaign;

import io.campaignroutes.access.By;
import java.util.Map;

/**
 * What a step leads to: the campaign as it is to be, why, and who is told of it.
 *
 * @param to the campaign with its changed fields
 * @param reason for the history; null when the stage stays
 * @param event name of the audit line; null for none
 * @param details further fields of the audit line, in order
 * @param by by whose wish; null for nobody's, or for whoever wants the launch that goes on
 * @param pacing what pacing is told
 */
record Transition(
    Campaign to,
    String reason,
    String event,
    Map<String, Object> details,
    By by,
    PacingSignal pacing) {

  /** Whether nobody is told: a poll that found nothing new, a back-off. */
  boolean silent() {
    return reason == null && event == null && pacing == PacingSignal.NONE;
  }
}
