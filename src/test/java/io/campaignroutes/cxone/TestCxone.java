package io.campaignroutes.cxone;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Parts of the CXone door that tests of other packages need. */
public final class TestCxone {
  private TestCxone() {}

  /** The operations of the profile that is shipped. */
  public static CxoneApi api() {
    return new CxoneApi(
        Path.of("config/cxone/v2.yaml"),
        Map.of("publicUrl", "https://routes.example", "webhookToken", "hook-secret"));
  }

  /** What that profile posts. */
  public static PlatformEvents events() {
    Path file = Path.of("config/cxone/v2.yaml");
    return ApiFile.read(file).eventsOf(file);
  }

  /** What writes a rate as that profile has it. */
  public static RateWrites rateWrites() {
    return new RateWrites(api().campaign());
  }

  /** A request that is as urgent as a launch. */
  public static PlatformRequest request(JsonNode arguments) {
    return new PlatformRequest(arguments, Urgency.LAUNCH, 0);
  }

  public static AgentPools agentPools() {
    return new AgentPools(Duration.ofMinutes(5));
  }

  /**
   * The beans of a door to CXone, by the names that routes call them by: of the platform
   * personal-connection, with an access key and calls to this address.
   */
  public static Map<String, Object> skillDoor(String address, JsonNode settings) {
    Path file = Path.of("config/cxone/personal-connection.yaml");
    CxoneProperties properties = skillProperties(address);
    ApiFile text = ApiFile.read(file);
    Tokens tokens = new Tokens(properties, text.tokenKinds(), text.discoveryOf(file));
    CxoneApi api =
        new CxoneApi(text, file, Map.of(), CallMeters.NONE, new Reachability())
            .with(Map.of("settings", settings))
            .telling(tokens::heard);
    CxoneMessages messages = new CxoneMessages();
    return Map.of(
        "tokens",
        tokens,
        "cxoneApi",
        api,
        "callBudget",
        new CallBudget(properties),
        "agentPools",
        new AgentPools(Duration.ofNanos(1)),
        "cxoneRequest",
        messages.cxoneRequest(),
        "cxoneAnswer",
        messages.cxoneAnswer(),
        "cxoneHeaders",
        messages.cxoneHeaders());
  }

  /** Of the platform personal-connection, with an access key and everything at one address. */
  static CxoneProperties skillProperties(String address) {
    return new CxoneProperties(
        "",
        address + "/auth/token",
        "",
        "",
        "key",
        "secret=",
        address + "/access-key",
        address + "/discovery",
        CxoneProperties.Placement.BODY,
        null,
        Duration.ofSeconds(60),
        0,
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        1,
        "personal-connection",
        Path.of("config/cxone/personal-connection.yaml"),
        Duration.ZERO,
        "https://routes.example");
  }

  static CxoneProperties properties(
      CxoneProperties.Placement placement, String secret, double rate, Duration rateLimitWait) {
    return new CxoneProperties(
        "https://cxone.example",
        "https://cxone.example/oauth/token",
        "client id",
        secret,
        null,
        null,
        null,
        null,
        placement,
        "campaign:manage agent:view",
        Duration.ofSeconds(60),
        rate,
        rateLimitWait,
        Duration.ofSeconds(10),
        1,
        "v2",
        Path.of("config/cxone/v2.yaml"),
        Duration.ofSeconds(2),
        "https://routes.example");
  }
}
