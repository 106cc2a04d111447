package io.campaignroutes.pacing;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a platform that dials for agents who wait keeps to by itself, whatever it is told.
 *
 * @param predictive whether there may ever be more than one line for an agent
 * @param abandoned share of answered calls that its own abandon control allows; null when it does
 *     not tell
 */
public record PlatformRules(boolean predictive, Double abandoned) {
  /** Nothing is known of them. */
  static final PlatformRules UNKNOWN = new PlatformRules(true, null);

  /** As a platform's answer tells them; null where it tells none. */
  static PlatformRules of(JsonNode answer) {
    JsonNode predictive = answer.path("predictive");
    JsonNode allowed = answer.path("abandonmentAllowed");
    if (!predictive.isBoolean() && !allowed.isNumber()) {
      return null;
    }
    double share = allowed.asDouble();
    boolean believed = share > 0 && share <= 1;
    return new PlatformRules(predictive.asBoolean(true), believed ? (Double) share : null);
  }
}
