package io.campaignroutes.compliance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Builds the complete request and, from it, what the platform is sent on create. */
final class CampaignPayload {
  private static final List<String> SCHEDULE = List.of("startHour", "endHour");
  private static final List<String> PACING =
      List.of("maxAttemptsPerNumber", "retryIntervalMinutes");
  private static final List<String> COMPLIANCE =
      List.of("respectDnc", "respectStateDnc", "maxDailyCallsPerNumber");

  private CampaignPayload() {}

  /** The request with all defaults; the draft has no findings. */
  static ObjectNode complete(Draft draft, String policyName, Policy policy) {
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    copy(draft, request, List.of("name", "externalId", "agentPoolId", "contactListId"), "");
    copy(draft, request, List.of("timeZone", "pacingLimit", "dialerStrategy", "weight"), "");
    ObjectNode schedule = request.putObject("schedule");
    ArrayNode days = schedule.putArray("daysOfWeek");
    Days.of(draft.value("schedule.daysOfWeek").orElseThrow()).forEach(day -> days.add(day.name()));
    copy(draft, schedule, SCHEDULE, "schedule.");
    ObjectNode pacing = request.putObject("pacing");
    pacing.set("maxCallsPerSecond", rate(draft, policy));
    copy(draft, pacing, PACING, "pacing.");
    copy(draft, request.putObject("compliance"), COMPLIANCE, "compliance.");
    request.put("policy", policyName);
    copy(draft, request, List.of("externalWebhookUrl", "activateAt", "stopAt", "contacts"), "");
    return request;
  }

  /**
   * What a complete request is made into for a platform.
   *
   * @param lowest the rate to begin with while its agents are not known, in calls per second
   */
  static ObjectNode of(
      ObjectNode request, double lowest, CampaignDefaults defaults, PlatformCampaign platform) {
    ObjectNode campaign = request.deepCopy();
    ObjectNode pacing = (ObjectNode) campaign.get("pacing");
    double ceiling = pacing.path("maxCallsPerSecond").asDouble();
    pacing.set("maxCallsPerSecond", Numbers.plain(Math.min(ceiling, lowest)));
    campaign.set("dispositions", defaults.dispositions().deepCopy());
    return platform.payload(campaign);
  }

  private static JsonNode rate(Draft draft, Policy policy) {
    double rate = draft.number("pacing.maxCallsPerSecond").orElseThrow();
    if (draft.isGiven("pacing.maxCallsPerSecond")) {
      return Numbers.plain(rate);
    }
    double limit = draft.number("pacingLimit").orElseThrow();
    return Numbers.plain(LimitChecks.rateWithoutRequest(rate, limit, policy));
  }

  private static void copy(Draft draft, ObjectNode to, List<String> names, String prefix) {
    for (String name : names) {
      draft
          .value(prefix + name)
          .map(value -> value.isNumber() ? Numbers.plain(value) : value)
          .ifPresent(value -> to.set(name, value));
    }
  }
}
