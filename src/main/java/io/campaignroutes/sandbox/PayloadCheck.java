package io.campaignroutes.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What a tenant checks in a campaign: all findings at once, in one refusal. */
final class PayloadCheck {

  static final String CODE = "CAMPAIGN_INVALID_CONFIG";

  private static final Set<String> STRATEGIES =
      Set.of("PREDICTIVE", "PROGRESSIVE", "PREVIEW", "POWER");
  private static final Set<String> TIME_ZONES = ZoneId.getAvailableZoneIds();
  private static final int MAX_NAME = 256;
  private static final double FASTEST = 1000;

  private final List<String> findings = new ArrayList<>();

  private PayloadCheck() {}

  static void create(ObjectNode payload, Predicate<String> knownPool) {
    PayloadCheck check = new PayloadCheck();
    String name = check.text(payload, "name");
    check.expect(name.length() <= MAX_NAME, "name is longer than " + MAX_NAME);
    check.expect(
        STRATEGIES.contains(payload.path("dialerStrategy").asText()),
        "dialerStrategy must be PREDICTIVE, PROGRESSIVE, PREVIEW or POWER");
    check.expect(payload.path("status").asText("DRAFT").equals("DRAFT"), "status must be DRAFT");
    String pool = check.text(payload.path("agentPool"), "agentPool.id");
    check.expect(pool.isEmpty() || knownPool.test(pool), "agentPool.id is unknown: " + pool);
    if (payload.hasNonNull("contactList")) {
      check.text(payload.path("contactList"), "contactList.id");
    }
    check.schedule(payload.path("schedule"));
    check.pacing(payload.path("pacing"), payload, false);
    check.refuse();
  }

  static void pacing(JsonNode pacing, ObjectNode payload) {
    PayloadCheck check = new PayloadCheck();
    check.pacing(pacing, payload, true);
    check.refuse();
  }

  private void schedule(JsonNode schedule) {
    String zone = text(schedule, "schedule.timeZone");
    expect(
        zone.isEmpty() || TIME_ZONES.contains(zone),
        "schedule.timeZone is not an IANA time zone: " + zone);
    JsonNode days = schedule.path("daysOfWeek");
    expect(days.isArray() && !days.isEmpty(), "schedule.daysOfWeek must list at least one day");
    JsonNode start = schedule.path("startHour");
    JsonNode end = schedule.path("endHour");
    expect(
        hour(start) && hour(end) && start.intValue() < end.intValue(),
        "schedule.startHour and endHour must be hours from 0 to 24, the start before the end");
  }

  private void pacing(JsonNode pacing, ObjectNode payload, boolean zeroAllowed) {
    JsonNode rate = pacing.path("maxCallsPerSecond");
    double value = rate.doubleValue();
    if (!rate.isNumber() || value < 0 || value > FASTEST || value == 0 && !zeroAllowed) {
      findings.add(
          "pacing.maxCallsPerSecond must be a number "
              + (zeroAllowed ? "from 0" : "above 0")
              + " to 1000");
      return;
    }
    JsonNode limit = payload.path("complianceRules").path("regulatoryPacingLimit");
    expect(
        !limit.isNumber() || value <= limit.doubleValue(),
        "pacing.maxCallsPerSecond is above complianceRules.regulatoryPacingLimit");
    JsonNode attempts = pacing.path("maxAttemptsPerNumber");
    expect(
        attempts.isMissingNode() || attempts.isIntegralNumber() && attempts.intValue() >= 1,
        "pacing.maxAttemptsPerNumber must be 1 or more");
    JsonNode interval = pacing.path("retryIntervalMinutes");
    expect(
        interval.isMissingNode() || interval.isNumber() && interval.doubleValue() >= 0,
        "pacing.retryIntervalMinutes must be 0 or more");
  }

  private String text(JsonNode parent, String path) {
    JsonNode node = parent.path(path.substring(path.lastIndexOf('.') + 1));
    if (!node.isTextual() || node.textValue().isBlank()) {
      findings.add(path + " is missing");
      return "";
    }
    return node.textValue();
  }

  private static boolean hour(JsonNode node) {
    return node.isIntegralNumber() && node.intValue() >= 0 && node.intValue() <= 24;
  }

  private void expect(boolean holds, String finding) {
    if (!holds) {
      findings.add(finding);
    }
  }

  private void refuse() {
    if (!findings.isEmpty()) {
      throw new SandboxException(400, CODE, String.join("; ", findings) + ".");
    }
  }
}
