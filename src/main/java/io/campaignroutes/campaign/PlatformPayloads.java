package io.campaignroutes.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.compliance.PlatformCampaign;
import io.campaignroutes.cxone.CampaignTemplate;
import java.util.OptionalDouble;

/** Campaigns as the file of the platform describes them. */
public record PlatformPayloads(CampaignTemplate template, boolean takesContacts)
    implements PlatformCampaign {
  /** Of a platform that takes no contacts. */
  public PlatformPayloads(CampaignTemplate template) {
    this(template, false);
  }

  @Override
  public ObjectNode payload(ObjectNode campaign) {
    return template.payload(campaign);
  }

  @Override
  public OptionalDouble rate(JsonNode payload) {
    return template.rate(payload);
  }

  @Override
  public ObjectNode withRate(ObjectNode payload, JsonNode rate) {
    return template.withRate(payload, rate);
  }
}
