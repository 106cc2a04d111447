package io.campaignroutes;

import static io.campaignroutes.ServiceClient.JSON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.sandbox.StubCampaign;
import io.campaignroutes.sandbox.StubCxone;
import io.campaignroutes.sandbox.StubCxone.Activation;
import io.campaignroutes.sandbox.StubFault;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** The CXone of the platform {@code v2}. */
final class V2Side implements FaultSide {
  /** So many campaigns in a row, of which every second pool is made, share an agent pool. */
  private static final int SHARING = 3;

  private static final String SHARED = "pool-shared-";

  /** One campaign in so many ends in an error of CXone's. */
  private static final int FAILING = 15;

  /** What went wrong may be decided by for as long. */
  private static final long ECHO_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final StubCxone cxone;
  private final KillPoint point;
  private final Set<String> failing = ConcurrentHashMap.newKeySet();
  private final Map<String, Long> looked = new HashMap<>();
  private final List<String> untrue = new ArrayList<>();
  private long wrongUntil = System.nanoTime();

  V2Side(long seed, KillPoint point) throws IOException {
    this.cxone = new StubCxone(seed);
    this.point = point;
    cxone.activation(Activation.after(Duration.ofSeconds(1))); // some are always under way
    cxone.figures(campaign -> figures());
    cxone.points(this::trap);
  }

  /** Idle agents that never change while calls are connected would be taken for staffed ones. */
  static JsonNode figures() {
    return JSON.createObjectNode()
        .put("connectedCalls", 2)
        .put("abandonedCalls", 0)
        .put("avgHandleTime", 180)
        .put("availableAgents", ThreadLocalRandom.current().nextInt(8, 11));
  }

  private StubFault trap(StubCxone.Call call, String wished) {
    String name = name(call, wished);
    return point.arrives(name)
        ? StubFault.cutBefore()
        : point.awaits(name)
            ? StubFault.altered(
                right -> {
                  point.done(name);
                  return right;
                })
            : null;
  }

  private static String name(StubCxone.Call call, String wished) {
    return switch (call) {
      case TOKEN -> "token";
      case POOL -> "agents";
      case CREATE -> "create";
      case FIND -> "find";
      case WEBHOOK -> "register";
      case GET -> "status";
      case PATCH -> "set-rate";
      case REALTIME, HISTORY -> "figures";
      case PUT ->
          switch (wished) {
            case "ACTIVE" -> "activate";
            case "PAUSED" -> "pause";
            default -> "stop";
          };
    };
  }

  /** Has events posted of what becomes of campaigns. */
  V2Side telling(EventSource events) {
    cxone.watch(events::changed);
    return this;
  }

  @Override
  public Map<String, String> environment() {
    return cxone.environment();
  }

  @Override
  public boolean posts() {
    return true;
  }

  @Override
  public List<String> settings() {
    return List.of();
  }

  @Override
  public void prepare(ServiceClient client) {
    // campaigns need nothing but their request
  }

  @Override
  public ObjectNode request(String name, int n) {
    ObjectNode request = ServiceClient.request(name);
    if (n / SHARING % 2 == 1) {
      request.put("agentPoolId", SHARED + n / SHARING);
    }
    if (n % FAILING == 7) {
      cxone.activation(name, Activation.to("ERROR", "AGENT_POOL_UNAVAILABLE"));
      failing.add(name);
    }
    return request;
  }

  @Override
  public String untouched(String name) {
    return failing.contains(name) ? "FAILED" : "ACTIVE";
  }

  /**
   * CXone has figures, agents and open hours all the time that it answers rightly: nobody may
   * decide, or say, otherwise. That lines enough ring already is the law's own judgement of them,
   * and a shared pool has campaigns that wait for their turn.
   */
  @Override
  public void look(ServiceClient client) {
    boolean right = System.nanoTime() - wrongUntil > ECHO_NANOS;
    for (JsonNode campaign : client.all("/campaigns?status=ACTIVE")) {
      String id = campaign.path("id").asText();
      long before = looked.getOrDefault(id, 0L);
      for (JsonNode decision :
          client.get("/campaigns/" + id + "/pacing?limit=1000").body().path("items")) {
        long seq = decision.path("seq").asLong();
        looked.merge(id, seq, Math::max);
        boolean stands =
            decision.path("maxCallsPerSecond").asDouble() == 0
                && !decision.path("clamp").asText().equals("COLD")
                && !campaign.path("agentPoolId").asText().startsWith(SHARED);
        if (right && seq > before && (stands || decision.at("/inputs/missing").isTextual())) {
          untrue.add(campaign.path("name").asText() + ": " + decision);
        }
      }
    }
  }

  @Override
  public int most() {
    return Integer.MAX_VALUE;
  }

  @Override
  public List<String> points() {
    return List.of(
        "agents",
        "create",
        "register",
        "activate",
        "status",
        "figures",
        "set-rate",
        "pause",
        "stop");
  }

  @Override
  public void misbehave(boolean now) {
    cxone.noFaults();
    wrongUntil = System.nanoTime();
    if (now) {
      cxone.fault(StubFault.cutBefore().likely(0.15));
      cxone.fault(StubFault.cutAfter().likely(0.15));
      cxone.fault(StubFault.errorBefore(503).likely(0.1));
      cxone.fault(StubFault.errorAfter(502).likely(0.1));
      cxone.fault(StubFault.throttled(1).likely(0.05));
      cxone.fault(StubFault.slow(Duration.ofSeconds(3)).likely(0.1));
      cxone.fault(StubFault.lost().likely(0.05));
    }
  }

  @Override
  public List<String> doubles() {
    return cxone.doubles();
  }

  @Override
  public List<String> differences(ServiceClient client) {
    return new Agreement(client, cxone).differences();
  }

  @Override
  public void assertEnd(ServiceClient client) {
    var agreement = new Agreement(client, cxone);
    for (StubCampaign campaign : cxone.campaigns()) {
      if (campaign.status().equals("ACTIVE")) {
        await("rate of " + campaign.name())
            .atMost(Duration.ofSeconds(30))
            .until(() -> agreement.sameRate(campaign));
      }
    }
    long offset = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    assertThat(agreement.untrueLines(ms -> TimeUnit.MILLISECONDS.toNanos(ms) + offset))
        .as("what the audit says and was not so")
        .isEmpty();
    assertThat(untrue).as("decisions by what was not so").isEmpty();
    List<String> registered = cxone.webhooks().stream().map(StubCxone.Webhook::name).toList();
    assertThat(registered).doesNotHaveDuplicates();
    for (JsonNode campaign : client.all()) {
      if (client.stages(campaign.path("id").asText()).contains("REGISTERED")) {
        assertThat(registered)
            .contains("CampaignSync_" + campaign.path("cxoneCampaignId").asText());
      }
    }
  }

  @Override
  public void close() {
    cxone.close();
  }
}
