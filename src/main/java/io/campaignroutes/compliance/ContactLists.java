package io.campaignroutes.compliance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.text.Plain;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Whether the contact list that a request names is there for its agent pool, for a dry run. */
@Component
public final class ContactLists {
  private static final String FIELD = "contactListId";
  private static final String POOL = "agentPoolId";

  private final PlatformCampaign platform;

  /**
   * @param platform whether it knows contacts and their lists
   */
  public ContactLists(PlatformCampaign platform) {
    this.platform = platform;
  }

  /**
   * What a platform is asked.
   *
   * @return {@code {poolId, contactListId}}; null for a request that names no list, or whose pool
   *     or list is refused as it is, and where the platform cannot tell
   */
  public JsonNode asked(CheckedRequest checked) {
    JsonNode list = checked.given().path(FIELD);
    JsonNode pool = checked.given().path(POOL);
    boolean refused =
        checked.findings().stream().map(Finding::field).anyMatch(Set.of(FIELD, POOL)::contains);
    if (!platform.takesContacts() || refused || !list.isTextual() || !pool.isTextual()) {
      return null;
    }
    ObjectNode asked = JsonNodeFactory.instance.objectNode().put("poolId", pool.asText());
    return asked.put(FIELD, list.asText());
  }

  /** With a finding where the platform does not have the list for that pool. */
  public CheckedRequest withAnswer(CheckedRequest checked, boolean there) {
    List<Finding> findings = new ArrayList<>(checked.findings());
    if (!there) {
      findings.add(
          new Finding(
              FIELD,
              "contactListId.unknown",
              "CXone has no contact list %s for %s. Name one of its lists, or leave contactListId out where the pool has lists of its own."
                  .formatted(text(checked, FIELD), text(checked, POOL))));
    }
    return with(checked, findings, checked.warnings());
  }

  /** With a warning in place of what is to be said about the list. */
  public CheckedRequest withoutAnswer(CheckedRequest checked, String why) {
    List<Finding> warnings = new ArrayList<>(checked.warnings());
    warnings.add(
        new Finding(
            FIELD,
            "contactListId.unchecked",
            "Whether CXone has the contact list could not be checked: "
                + why
                + " It is checked when the campaign is launched."));
    return with(checked, checked.findings(), warnings);
  }

  private static String text(CheckedRequest checked, String field) {
    return Plain.escaped(checked.given().path(field).asText());
  }

  private static CheckedRequest with(
      CheckedRequest checked, List<Finding> findings, List<Finding> warnings) {
    return new CheckedRequest(
        checked.given(),
        checked.request(),
        checked.payload(),
        checked.policy(),
        findings,
        checked.more(),
        warnings,
        checked.rules());
  }
}
