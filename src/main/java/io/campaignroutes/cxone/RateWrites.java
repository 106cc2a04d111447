package io.campaignroutes.cxone;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalDouble;

/** What a new rate is written over, and whether an answer shows that it is in force. */
public final class RateWrites {
  /** Calls a second that a platform may have rounded away. */
  private static final double SAME_RATE = 1e-6;

  private final CampaignTemplate campaign;

  RateWrites(CampaignTemplate campaign) {
    this.campaign = campaign;
  }

  /**
   * Whether the rate that was asked for is in force.
   *
   * @param why what speaks against it; null when it is
   */
  public record Outcome(boolean confirmed, String why) {}

  /**
   * The request with the pacing that nothing but the rate of is changed.
   *
   * @param known {@code {pacing: {...}}} as CXone has it; where it does not say, what the campaign
   *     was created with is written, since a platform may replace the whole
   */
  public PlatformRequest over(PlatformRequest request, JsonNode known) {
    boolean told = known.path("pacing").isObject() && !known.path("pacing").isEmpty();
    return request.with(
        "pacing", told ? known.get("pacing") : request.arguments().at("/payload/pacing"));
  }

  /**
   * Whether CXone's answer shows the rate that it was sent. An empty answer is none: it may be a
   * proxy's.
   */
  public boolean shows(PlatformRequest request, JsonNode answer) {
    OptionalDouble rate = campaign.rate(answer);
    return rate.isPresent()
        && Math.abs(rate.getAsDouble() - request.arguments().path("rate").asDouble()) < SAME_RATE;
  }

  /** CXone shows the rate. */
  public Outcome confirmed() {
    return new Outcome(true, null);
  }

  /**
   * A write whose answer did not show the rate was read back.
   *
   * @param answer of the write
   * @param read the campaign as CXone has it now; a tenant that never tells its pacing is taken at
   *     its word when it has answered the write with the campaign
   */
  public Outcome readBack(PlatformRequest request, JsonNode answer, JsonNode read) {
    boolean silent = campaign.tellsNoRate(read);
    String remoteId = request.arguments().path("remoteId").asText();
    boolean answered = !answer.has("pacing") && answer.path("id").asText("").equals(remoteId);
    return shows(request, read) || silent && answered
        ? confirmed()
        : unconfirmed("CXone does not show the rate that it was sent.");
  }

  /** Nobody knows which rate is in force. */
  public Outcome unconfirmed(String why) {
    return new Outcome(false, why);
  }
}
