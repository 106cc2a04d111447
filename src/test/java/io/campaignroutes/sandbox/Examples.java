package io.campaignroutes.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Payloads as the service sends them. */
final class Examples {

  private Examples() {}

  static ObjectNode campaign(String name) {
    return SandboxJson.readObject(
            """
            {"name": "Welcome", "dialerStrategy": "PREDICTIVE", "status": "DRAFT",
             "agentPool": {"id": "pool-east"},
             "schedule": {"timeZone": "America/New_York", "daysOfWeek": ["MONDAY"],
                          "startHour": 9, "endHour": 17},
             "pacing": {"maxCallsPerSecond": 2, "maxAttemptsPerNumber": 3,
                        "retryIntervalMinutes": 60},
             "complianceRules": {"respectDnc": true, "regulatoryPacingLimit": 5},
             "contactList": {"id": "list-1"}}
            """
                .getBytes())
        .put("name", name);
  }

  static ObjectNode webhook(String campaignId, String endpoint) {
    return SandboxJson.readObject(
        """
        {"name": "CampaignSync_%s", "endpoint": "%s", "type": "CAMPAIGN",
         "events": ["CAMPAIGN_ACTIVATED", "CAMPAIGN_PAUSED", "CAMPAIGN_COMPLETED",
                    "CAMPAIGN_ERROR"],
         "headers": {"X-Source": "campaign-routes", "X-Webhook-Token": "t0ken"},
         "enabled": true}
        """
            .formatted(campaignId, endpoint)
            .getBytes());
  }
}
