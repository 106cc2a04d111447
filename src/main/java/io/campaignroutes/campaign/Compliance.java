package io.campaignroutes.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.compliance.CheckedRequest;
import io.campaignroutes.compliance.Finding;
import io.campaignroutes.compliance.PlatformFindings;
import io.campaignroutes.contacts.ContactImport;
import io.campaignroutes.text.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an audit line says of compliance: what was really checked, what was not, and what came of
 * it.
 */
final class Compliance {
  /** The look at the agents, as audit lines and dry runs tell. */
  static final String AGENTS = "agents of the pool";

  private Compliance() {}

  /**
   * After the checks that need no remote call.
   *
   * @param platformAsked whether the platform will be asked what it has, besides for agents
   */
  static ObjectNode received(CheckedRequest checked, boolean platformAsked) {
    ObjectNode status = Json.object();
    status.put("verdict", checked.warnings().isEmpty() ? "PASSED" : "PASSED_WITH_WARNINGS");
    status.set("checked", Json.tree(checked.rules()));
    if (!checked.rules().contains(AGENTS)) {
      status.withArray("notChecked").add(AGENTS);
    }
    if (platformAsked) {
      status.withArray("notChecked").add(PlatformFindings.RULE);
    }
    status.set("warnings", Json.tree(checked.warnings()));
    return status;
  }

  /**
   * After the agents were found good, and what the platform has where it was asked.
   *
   * @param told the platform's answer; null where it was not asked
   */
  static ObjectNode platformChecked(ObjectNode status, JsonNode told) {
    ObjectNode after = status.deepCopy();
    after.remove("notChecked");
    after.remove("contacts"); // of an earlier try
    add(after.withArray("checked"), AGENTS);
    if (told != null) {
      add(after.withArray("checked"), PlatformFindings.RULE);
    }
    return after;
  }

  private static void add(ArrayNode checked, String rule) {
    for (JsonNode before : checked) {
      if (before.asText().equals(rule)) {
        return;
      }
    }
    checked.add(rule);
  }

  /** After findings of what was checked last. */
  static ObjectNode rejected(ObjectNode checked, List<Finding> findings) {
    ObjectNode after = checked.deepCopy();
    after.put("verdict", "REJECTED");
    after.set("findings", Json.tree(findings));
    return after;
  }

  /** After the contacts were judged: counts and a SHA-256, and nobody's number. */
  static ObjectNode contactsJudged(ObjectNode status, ContactImport contacts) {
    ObjectNode after = status.deepCopy();
    after.set("contacts", contacts.told());
    return after;
  }

  /** After the platform was given what may be called of them. */
  static ObjectNode contactsUploaded(ObjectNode status, long uploaded) {
    ObjectNode after = status.deepCopy();
    after.withObjectProperty("contacts").put("uploaded", uploaded);
    return after;
  }

  /** What an audit line about one finding or warning tells besides. */
  static Map<String, Object> details(Finding finding) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("field", finding.field());
    details.put("rule", finding.rule());
    details.put("message", finding.message());
    return details;
  }
}
