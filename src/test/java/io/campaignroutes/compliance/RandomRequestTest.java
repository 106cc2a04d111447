package io.campaignroutes.compliance;

import static io.campaignroutes.compliance.Fixture.check;
import static io.campaignroutes.compliance.Fixture.minimal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random requests from a printed seed: the checks answer every one of them. */
class RandomRequestTest {
  private static final int REQUESTS = 10_000;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final List<String> NAMES =
      List.of(
          "name",
          "externalId",
          "agentPoolId",
          "contactListId",
          "timeZone",
          "pacingLimit",
          "dialerStrategy",
          "schedule",
          "daysOfWeek",
          "startHour",
          "endHour",
          "pacing",
          "maxCallsPerSecond",
          "maxAttemptsPerNumber",
          "retryIntervalMinutes",
          "compliance",
          "respectDnc",
          "respectStateDnc",
          "maxDailyCallsPerNumber",
          "policy",
          "externalWebhookUrl",
          "activateAt",
          "stopAt",
          "",
          "a.b",
          "schedule.startHour",
          "x\u0000");
  private static final List<String> TEXTS =
      List.of(
          "",
          "x",
          "UTC",
          "EST5EDT",
          "Mars/Base",
          "MON",
          "FRIDAY",
          "us-fl",
          "none",
          "PREVIEW",
          "http://[",
          "http://a:b@c",
          "https://example.com",
          "http://0x",
          "http://1.2.3.4.5.6",
          "2026-03-03T09:00:00Z",
          "+999999999-12-31T23:59:59.999999999-18:00",
          "\ud800",
          "\u0000",
          "-999999999-01-01T00:00:00+18:00",
          "%",
          "../../x",
          "🔥",
          "http://[::%eth0]/",
          "http://%");

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void noRequestMakesTheChecksThrow() {
    System.out.println("RandomRequestTest: -Dseed=" + seed);
    int valid = 0;
    for (int i = 0; i < REQUESTS; i++) {
      JsonNode request = random.nextInt(10) == 0 ? value(4) : request();
      CheckedRequest checked = check(request);
      assertThat(checked.valid()).isEqualTo(checked.payload() != null);
      assertThat(checked.valid()).isEqualTo(checked.request() != null);
      for (Finding finding : checked.findings()) {
        assertThat(finding.message()).hasSizeLessThan(900).doesNotContainPattern("\\p{Cc}");
      }
      if (checked.valid()) {
        valid++;
        assertThat(check(checked.request()).payload()).isEqualTo(checked.payload());
      }
    }
    assertThat(valid).as("some requests are good").isPositive();
  }

  private ObjectNode request() {
    ObjectNode request = minimal();
    for (int i = random.nextInt(4); i > 0; i--) {
      String name = NAMES.get(random.nextInt(NAMES.size()));
      boolean group = List.of("schedule", "pacing", "compliance").contains(name);
      request.set(name, group ? object(2) : value(2));
    }
    return request;
  }

  private JsonNode value(int depth) {
    return switch (random.nextInt(depth > 0 ? 12 : 9)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(random.nextBoolean());
      case 2, 3 -> NODES.numberNode(random.nextInt(30) - 2);
      case 4 -> NODES.numberNode(random.nextGaussian() * Math.pow(10, random.nextInt(400)));
      case 5 -> NODES.numberNode(new BigDecimal("1e" + (random.nextInt(2_000_000) - 1_000_000)));
      case 6 -> NODES.numberNode(BigInteger.TWO.pow(random.nextInt(3000)).negate());
      case 7, 8 -> NODES.textNode(TEXTS.get(random.nextInt(TEXTS.size())));
      case 9 -> {
        var list = NODES.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(value(depth - 1));
        }
        yield list;
      }
      default -> object(depth);
    };
  }

  private ObjectNode object(int depth) {
    ObjectNode object = NODES.objectNode();
    for (int i = random.nextInt(4); i > 0; i--) {
      object.set(NAMES.get(random.nextInt(NAMES.size())), value(depth - 1));
    }
    return object;
  }
}
