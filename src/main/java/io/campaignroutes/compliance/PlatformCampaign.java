package io.campaignroutes.compliance;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** How the platform has a campaign described to it. */
@FunctionalInterface
public interface PlatformCampaign {
  /**
   * What the platform is sent to create a campaign. It has {@code /pacing/maxCallsPerSecond}, over
   * which a first rate is written.
   *
   * @param campaign a complete request, with its first rate and {@code dispositions}
   */
  ObjectNode payload(ObjectNode campaign);
}
