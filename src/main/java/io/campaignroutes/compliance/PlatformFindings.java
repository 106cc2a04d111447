package io.campaignroutes.compliance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.springframework.stereotype.Component;

/**
 * What there is at the platform against a request: what it is asked for that, and what follows from
 * its answer, {@code {findings, warnings}}, each {@code [{field, rule, message}]}.
 */
@Component
public final class PlatformFindings {
  /** What is checked by it, as audit lines and dry runs tell. */
  public static final String RULE = "what the platform has for it";

  private static final String POOL = "agentPoolId";

  private final PlatformCampaign platform;
  private final CampaignDefaults defaults;

  /**
   * @param platform whether it knows contacts and their lists; one that does not is not asked
   */
  public PlatformFindings(PlatformCampaign platform, CampaignDefaults defaults) {
    this.platform = platform;
    this.defaults = defaults;
  }

  /**
   * What the platform is asked before a campaign is created.
   *
   * @param request complete, with its defaults
   * @return {@code {id, poolId, contactListId, respectDnc, activateAt}}; null where it cannot tell
   */
  public JsonNode ofCampaign(String id, JsonNode request) {
    return platform.takesContacts() ? asked(request, field -> true).put("id", id) : null;
  }

  /**
   * What it is asked in a dry run, also where something else is wrong with the request.
   *
   * @return the same without an id; null too for a request whose pool is refused as it is
   */
  public JsonNode ofDryRun(CheckedRequest checked) {
    Predicate<String> good =
        field -> checked.findings().stream().noneMatch(f -> f.field().equals(field));
    boolean named = checked.given().path(POOL).isTextual() && good.test(POOL);
    return platform.takesContacts() && named ? asked(checked.given(), good) : null;
  }

  private ObjectNode asked(JsonNode request, Predicate<String> good) {
    ObjectNode asked = JsonNodeFactory.instance.objectNode();
    asked.put("poolId", request.path(POOL).asText());
    for (String field : List.of("contactListId", "activateAt")) {
      if (request.path(field).isTextual() && good.test(field)) {
        asked.set(field, request.path(field));
      }
    }
    JsonNode dnc = request.at("/compliance/respectDnc");
    boolean usual = defaults.value("compliance.respectDnc").map(JsonNode::asBoolean).orElse(false);
    return asked.put("respectDnc", good.test("compliance.respectDnc") && dnc.asBoolean(usual));
  }

  /**
   * The findings of an answer.
   *
   * @param answer null where the platform was not asked
   */
  public static List<Finding> in(JsonNode answer) {
    return answer == null ? List.of() : read(answer.path("findings"));
  }

  private static List<Finding> read(JsonNode told) {
    List<Finding> findings = new ArrayList<>();
    for (JsonNode one : told) {
      findings.add(
          new Finding(
              one.path("field").asText(), one.path("rule").asText(), one.path("message").asText()));
    }
    return findings;
  }

  /** A dry run with what the platform has told besides what was known. */
  public CheckedRequest withAnswer(CheckedRequest checked, JsonNode answer) {
    List<Finding> findings = new ArrayList<>(checked.findings());
    findings.addAll(in(answer));
    List<Finding> warnings = new ArrayList<>(checked.warnings());
    read(answer.path("warnings")).stream()
        .filter(w -> !warnings.contains(w))
        .forEach(warnings::add);
    List<String> rules = new ArrayList<>(checked.rules());
    rules.add(RULE);
    return checked.with(findings, warnings, rules);
  }

  /** A dry run with a warning in place of what the platform would have told. */
  public CheckedRequest withoutAnswer(CheckedRequest checked, String why) {
    List<Finding> warnings = new ArrayList<>(checked.warnings());
    warnings.add(
        new Finding(
            POOL,
            "platform.unchecked",
            "Whether CXone has what the campaign needs could not be checked: "
                + why
                + " It is checked when the campaign is launched."));
    return checked.with(checked.findings(), warnings, checked.rules());
  }
}
