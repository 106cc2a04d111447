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

  static CxoneProperties properties(
      CxoneProperties.Placement placement, String secret, double rate, Duration rateLimitWait) {
    return new CxoneProperties(
        "https://cxone.example",
        "https://cxone.example/oauth/token",
        "client id",
        secret,
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
