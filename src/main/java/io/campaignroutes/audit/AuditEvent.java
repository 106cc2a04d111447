package io.campaignroutes.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What one audit line tells; {@link AuditLog} adds its number, its time and its place in the chain.
 *
 * @param campaignId the service's own id: 1 to 64 of {@code A-Z a-z 0-9 _ -}
 * @param event upper snake case, such as {@code CAMPAIGN_ACTIVE}
 * @param details fields of this event alone (stage, reason, cxoneCampaignId..), in the order of the
 *     map; values are strings, numbers, booleans, enums, {@link java.time.Instant} or {@link
 *     JsonNode}; a null value is left out. Null: none. No secrets and no personal data: lines are
 *     never deleted
 * @param activationLatencyMs accepted to ACTIVE in milliseconds, null before that
 * @param attemptedCalls calls tried so far
 * @param connectedCalls calls connected so far
 * @param pacingHistory pacing changes so far, oldest first; null: none
 * @param complianceStatus what was really checked, as the checker says it; null is written as null
 * @param policyName name of the compliance profile that applied
 * @param policyVersion its version
 * @param policySha256 SHA-256 of its text, hex
 */
public record AuditEvent(
    String campaignId,
    String event,
    Map<String, ?> details,
    Long activationLatencyMs,
    long attemptedCalls,
    long connectedCalls,
    List<PacingChange> pacingHistory,
    JsonNode complianceStatus,
    String policyName,
    String policyVersion,
    String policySha256) {

  private static final Pattern EVENT = Pattern.compile("[A-Z][A-Z0-9]*(_[A-Z0-9]+)*");

  /**
   * One change of pacing.
   *
   * @param at milliseconds since the epoch
   * @param maxCallsPerSecond the limit from then on
   * @param reason why, for a person
   * @param ratio most lines for each agent where that is what was changed, 0 for no calls; {@code
   *     maxCallsPerSecond} is those lines in one number then. Null where it was a rate
   * @param overdialPercentage share of the agents that has to wait for more than one line; null
   *     where that is not ours
   */
  public record PacingChange(
      long at,
      double maxCallsPerSecond,
      String reason,
      @JsonInclude(JsonInclude.Include.NON_NULL) Integer ratio,
      @JsonInclude(JsonInclude.Include.NON_NULL) Integer overdialPercentage) {

    /** A change of a rate. */
    public PacingChange(long at, double maxCallsPerSecond, String reason) {
      this(at, maxCallsPerSecond, reason, null, null);
    }

    /**
     * @throws IllegalArgumentException when the limit is not a finite number
     */
    public PacingChange {
      if (!Double.isFinite(maxCallsPerSecond)) {
        throw new IllegalArgumentException(
            "maxCallsPerSecond must be a finite number, not " + maxCallsPerSecond);
      }
    }
  }

  /**
   * @throws IllegalArgumentException for a campaign id that cannot be a file name, an event name
   *     that is not upper snake case, a detail that has the name of a fixed field, or negative
   *     counts
   */
  public AuditEvent {
    AuditLog.checkedId(campaignId);
    if (event == null || !EVENT.matcher(event).matches()) {
      throw new IllegalArgumentException(
          "An audit event's name is upper snake case such as CAMPAIGN_ACTIVE, not " + event);
    }
    if (attemptedCalls < 0 || connectedCalls < 0) {
      throw new IllegalArgumentException("Numbers of calls cannot be negative");
    }
    details = details == null ? Map.of() : details;
    for (String name : details.keySet()) {
      if (AuditLog.FIXED.contains(name)) {
        throw new IllegalArgumentException(
            "The detail " + name + " has the name of a field that every audit line has");
      }
    }
    pacingHistory = pacingHistory == null ? List.of() : List.copyOf(pacingHistory);
    Objects.requireNonNull(policyName, "policyName");
    Objects.requireNonNull(policyVersion, "policyVersion");
    Objects.requireNonNull(policySha256, "policySha256");
  }
}
