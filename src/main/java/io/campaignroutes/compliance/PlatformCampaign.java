package io.campaignroutes.compliance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalDouble;

/** How the platform has a campaign described to it: it alone knows where what stands in that. */
public interface PlatformCampaign {
  /**
   * What the platform is sent to create a campaign. It has a rate.
   *
   * @param campaign a complete request, with its first rate and {@code dispositions}
   */
  ObjectNode payload(ObjectNode campaign);

  /** The rate that a campaign is created with, in calls a second; empty when that is lost. */
  OptionalDouble rate(JsonNode payload);

  /**
   * A copy of what a campaign is created from, with another rate.
   *
   * @param rate calls a second
   */
  ObjectNode withRate(ObjectNode payload, JsonNode rate);

  /** Whether it can be given contacts; else it dials a list that it has. */
  default boolean takesContacts() {
    return false;
  }
}
