package io.campaignroutes.compliance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What the checks that need no remote call found out about one request.
 *
 * @param given the request as it came
 * @param request the request with all defaults filled in and days of the week in full; null when
 *     there are findings
 * @param payload the body of the create call to CXone; null when there are findings
 * @param policy the policy that was applied; null when it is unknown
 * @param findings why the request is refused; empty when it is good
 * @param more how many findings there are besides; 0 unless there are more than anybody reads
 * @param warnings what somebody should know though the request is accepted
 * @param rules the rules that were really checked, one sentence fragment each, with the profile and
 *     its source where a profile decides
 */
public record CheckedRequest(
    JsonNode given,
    ObjectNode request,
    ObjectNode payload,
    PolicyRef policy,
    List<Finding> findings,
    int more,
    List<Finding> warnings,
    List<String> rules) {

  /** The same with other findings, warnings and rules. */
  public CheckedRequest with(List<Finding> findings, List<Finding> warnings, List<String> rules) {
    return new CheckedRequest(given, request, payload, policy, findings, more, warnings, rules);
  }

  /** Whether the request may go on. */
  public boolean valid() {
    return findings.isEmpty();
  }
}
