package io.campaignroutes.campaign;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.compliance.CheckedRequest;
import io.campaignroutes.compliance.Finding;
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
  private static final String AGENTS = "agents of the pool";

  private Compliance() {}

  /** After the checks that need no remote call. */
  static ObjectNode received(CheckedRequest checked) {
    ObjectNode status = Json.object();
    status.put("verdict", checked.warnings().isEmpty() ? "PASSED" : "PASSED_WITH_WARNINGS");
    status.set("checked", Json.tree(checked.rules()));
    status.set("notChecked", Json.tree(List.of(AGENTS)));
    status.set("warnings", Json.tree(checked.warnings()));
    return status;
  }

  /** After the agents were found good. */
  static ObjectNode agentsChecked(ObjectNode status) {
    ObjectNode after = status.deepCopy();
    after.remove("notChecked");
    after.remove("contacts"); // of an earlier try
    boolean before = false;
    for (var rule : after.withArray("checked")) {
      before |= rule.asText().equals(AGENTS);
    }
    if (!before) {
      after.withArray("checked").add(AGENTS);
    }
    return after;
  }

  /** After findings of the agent check. */
  static ObjectNode rejected(ObjectNode status, List<Finding> findings) {
    ObjectNode after = agentsChecked(status);
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
