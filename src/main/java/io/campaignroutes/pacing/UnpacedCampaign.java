package io.campaignroutes.pacing;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.text.Json;

/**
 * A running campaign that nobody paces.
 *
 * @param id its id
 * @param seq number of its latest decision
 * @param told what the platform's operations are told of it, as JSON: it may be kept for long
 * @param rate calls a second that it is brought down to
 * @param since since when nobody paces it, in milliseconds since the epoch
 */
public record UnpacedCampaign(String id, long seq, String told, double rate, long since) {

  /** What the platform's operations are told of it. It is no tick's: it has no claim. */
  public JsonNode arguments() {
    return Json.stored(told);
  }

  UnpacedCampaign unpacedSince(long moment) {
    return new UnpacedCampaign(id, seq, told, rate, moment);
  }
}
