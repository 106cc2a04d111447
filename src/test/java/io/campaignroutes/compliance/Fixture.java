package io.campaignroutes.compliance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.PlatformPayloads;
import io.campaignroutes.cxone.TestCxone;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/** The checks with the files that are shipped, and requests to try them on. */
final class Fixture {
  static final Path CONFIG = Path.of("config");

  /** A Monday, 10:00 in New York. */
  static final Instant NOW = Instant.parse("2026-03-02T15:00:00Z");

  static final JsonMapper JSON = new JsonMapper();
  static final RequestSchema SCHEMA =
      RequestSchema.load(CONFIG.resolve("campaign-request.schema.json"));
  static final CampaignDefaults DEFAULTS =
      CampaignDefaults.load(CONFIG.resolve("campaign-defaults.yaml"), SCHEMA);
  static final Policies SHIPPED = policies(CONFIG.resolve("policies"));
  static final PlatformCampaign PLATFORM = new PlatformPayloads(TestCxone.api().campaign());
  static final RequestChecks CHECKS = checks(SHIPPED, ComplianceSettings.defaults());

  private Fixture() {}

  static Policies policies(Path folder) {
    return Policies.load(folder, LocalDate.of(2026, 3, 2), Duration.ofDays(400));
  }

  static RequestChecks checks(Policies policies, ComplianceSettings settings) {
    return new RequestChecks(
        policies, DEFAULTS, SCHEMA, settings, RateSettings.defaults(), PLATFORM);
  }

  static ComplianceSettings always(String... policies) {
    return new ComplianceSettings("us-federal", List.of(policies), Duration.ofDays(400), false);
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** The smallest good request. */
  static ObjectNode minimal() {
    return (ObjectNode)
        json(
            "{'name':'Spring sale','agentPoolId':'pool-1','timeZone':'America/New_York',"
                + "'pacingLimit':20}");
  }

  /** The smallest good request with these properties over it. */
  static ObjectNode minimalWith(String properties) {
    return minimal().setAll((ObjectNode) json("{" + properties + "}"));
  }

  static CheckedRequest check(JsonNode request) {
    return CHECKS.check(request, NOW);
  }

  static CheckedRequest checkWith(String properties) {
    return check(minimalWith(properties));
  }
}
