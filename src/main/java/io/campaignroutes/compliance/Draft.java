package io.campaignroutes.compliance;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A request while it is being checked: its well-formed values with defaults behind them, and what
 * has been found so far.
 */
final class Draft {
  private final JsonNode given;
  private final CampaignDefaults defaults;
  private final Instant now;
  private final Set<String> malformed = new HashSet<>();
  private final List<Finding> findings = new ArrayList<>();
  private final List<Finding> warnings = new ArrayList<>();
  private final List<String> rules = new ArrayList<>();

  /**
   * @param malformedFields what the schema found; values of these fields are not looked at again
   */
  Draft(JsonNode given, CampaignDefaults defaults, Instant now, List<Finding> malformedFields) {
    this.given = given;
    this.defaults = defaults;
    this.now = now;
    for (Finding finding : malformedFields) {
      findings.add(finding);
      int bracket = finding.field().indexOf('[');
      malformed.add(bracket < 0 ? finding.field() : finding.field().substring(0, bracket));
    }
  }

  /** The moment of the check. */
  Instant now() {
    return now;
  }

  /** A value by its dotted path, given or default; empty when absent or malformed. */
  Optional<JsonNode> value(String path) {
    if (isMalformed(path)) {
      return Optional.empty();
    }
    return isGiven(path) ? Optional.of(node(path)) : defaults.value(path);
  }

  /** The same as a text. */
  Optional<String> text(String path) {
    return value(path).map(JsonNode::asText);
  }

  /** The same as a whole number. */
  Optional<Integer> whole(String path) {
    return value(path).map(JsonNode::asInt);
  }

  /** The same as a number. */
  Optional<Double> number(String path) {
    return value(path).map(JsonNode::asDouble);
  }

  /** Whether the request itself states the value. */
  boolean isGiven(String path) {
    return !node(path).isMissingNode();
  }

  /** The end of a sentence that tells defaults from given values. */
  String origin(String path) {
    return isGiven(path) ? "" : " (the default)";
  }

  void finding(String field, String rule, String message) {
    findings.add(new Finding(field, rule, message));
  }

  void warning(String field, String rule, String message) {
    warnings.add(new Finding(field, rule, message));
  }

  /** A finding or a warning, as the profile that is broken says. */
  void broken(Severity severity, String field, String rule, String message) {
    (severity == Severity.BLOCK ? findings : warnings).add(new Finding(field, rule, message));
  }

  /** Notes that a rule was really checked. */
  void checked(String rule) {
    rules.add(rule);
  }

  List<Finding> findings() {
    return findings;
  }

  List<Finding> warnings() {
    return warnings;
  }

  List<String> rules() {
    return rules;
  }

  private boolean isMalformed(String path) {
    int dot = path.indexOf('.');
    return malformed.contains(path) || (dot >= 0 && malformed.contains(path.substring(0, dot)));
  }

  private JsonNode node(String path) {
    int dot = path.indexOf('.');
    return dot < 0
        ? given.path(path)
        : given.path(path.substring(0, dot)).path(path.substring(dot + 1));
  }
}
