package io.campaignroutes.compliance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a campaign gets where its request says nothing, from {@code campaign-defaults.yaml}. */
public final class CampaignDefaults {
  private final ObjectNode values;
  private final ArrayNode dispositions;

  private CampaignDefaults(ObjectNode values, ArrayNode dispositions) {
    this.values = values;
    this.dispositions = dispositions;
  }

  /**
   * Reads the file and checks it against the schema of a request.
   *
   * @throws PolicyException when a key is unknown, missing or has a value that no request may have
   */
  public static CampaignDefaults load(Path file, RequestSchema schema) {
    ConfigNode config = ConfigNode.parse(file, ConfigNode.bytes(file));
    config.only(
        "dialerStrategy", "schedule", "pacing", "weight", "compliance", "availableDispositions");
    config.need("dialerStrategy");
    config.need("schedule").only("daysOfWeek", "startHour", "endHour");
    config.need("pacing").only("maxCallsPerSecond", "maxAttemptsPerNumber", "retryIntervalMinutes");
    config.need("compliance").only("respectDnc", "respectStateDnc", "maxDailyCallsPerNumber");
    for (String group : List.of("schedule", "pacing", "compliance")) {
      ConfigNode values = config.need(group);
      schema.properties(group).forEach(values::need);
    }
    List<String> dispositions =
        config.need("availableDispositions").list().stream().map(ConfigNode::text).toList();
    ObjectNode values = config.json().deepCopy();
    values.remove("availableDispositions");
    checkAgainst(schema, file, values);
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    dispositions.forEach(list::add);
    return new CampaignDefaults(values, list);
  }

  /** The default of a value by its dotted path; empty when it has none. */
  Optional<JsonNode> value(String path) {
    JsonNode value = values;
    for (String name : path.split("\\.")) {
      value = value.path(name);
    }
    return value.isMissingNode() ? Optional.empty() : Optional.of(value);
  }

  /** The dispositions that every campaign is created with. */
  ArrayNode dispositions() {
    return dispositions.deepCopy();
  }

  private static void checkAgainst(RequestSchema schema, Path file, ObjectNode values) {
    ObjectNode request = values.deepCopy();
    request.put("name", "defaults").put("agentPoolId", "pool").put("timeZone", "UTC");
    request.put("pacingLimit", 1);
    List<Finding> findings = schema.findings(request);
    if (!findings.isEmpty()) {
      throw new PolicyException(file, findings.get(0).message(), "Correct this default.");
    }
  }
}
