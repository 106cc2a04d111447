package io.campaignroutes;

import static io.campaignroutes.ServiceClient.JSON;
import static io.campaignroutes.ServiceClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.benchmark.ServiceProcess;
import io.campaignroutes.sandbox.StubCampaign;
import io.campaignroutes.sandbox.StubCxone;
import io.campaignroutes.sandbox.StubCxone.Call;
import io.campaignroutes.sandbox.StubFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service paces campaigns by the figures of a CXone that can be told to misbehave. */
class PacingIT {
  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Path LOG = Path.of("target", "pacing-it.log");

  /** Ticks ten times as often, and figures that are stale after two seconds. */
  private static final String[] SETTINGS = {
    "--pacing.period=500ms",
    "--pacing.rest-period=1s",
    "--pacing.law.stale-after=2s",
    "--pacing.retry-after-refusal=1s",
    "--cxone.call-deadline=2s",
    "--launch.look-period=1s"
  };

  @TempDir static Path temp;
  private static StubCxone cxone;
  private static ServiceProcess service;
  private static ServiceClient client;

  /** The figures of a campaign, by its name; none for one that is not here. */
  private static final Map<String, JsonNode> FIGURES = new ConcurrentHashMap<>();

  @BeforeAll
  static void start() throws Exception {
    Files.createDirectories(LOG.getParent());
    Files.deleteIfExists(LOG);
    cxone = new StubCxone();
    cxone.answerDelay(Duration.ofMillis(5));
    cxone.figures(campaign -> FIGURES.get(campaign.name()));
    startService();
  }

  private static void startService() throws Exception {
    service =
        ServiceProcess.start(
                PackagedService.command(), temp.resolve("data"), cxone.environment(), LOG, SETTINGS)
            .awaitReady(START);
    client = new ServiceClient(service);
  }

  @AfterAll
  static void stop() {
    if (service != null) {
      service.close();
    }
    if (cxone != null) {
      cxone.close();
    }
  }

  /** What one test runs must not be in the way of another one's faults. */
  @AfterEach
  void calm() {
    cxone.noFaults();
    for (StubCampaign campaign : cxone.campaigns()) {
      if (!campaign.status().equals("STOPPED")) {
        client.post("/campaigns/" + campaign.id() + "/stop", JSON.createObjectNode());
      }
    }
    FIGURES.clear();
  }

  // Figures and rates

  @Test
  void theFirstTickTakesTheLaunchRateDownToWhatTheAgentsCanTake() {
    FIGURES.put("cautious", figures(3, 0, 20));
    StubCampaign campaign = launch("cautious");
    await().atMost(PATIENCE).until(() -> !campaign.rates().isEmpty());
    assertThat(campaign.rates().get(0)).isBetween(0.1, 4.0);
    assertThat(decisions("cautious").get(0).path("reason").asText()).isNotBlank();
  }

  @Test
  void whatSomebodyElseChangedInThePacingAtCxoneStays() {
    FIGURES.put("shared", figures(3, 0, 20));
    StubCampaign campaign = launch("shared");
    await().atMost(PATIENCE).until(() -> !campaign.rates().isEmpty());
    campaign.pacing("retryIntervalMinutes", 77);
    int before = campaign.rates().size();
    FIGURES.put("shared", figures(3, 0, 5));
    await().atMost(PATIENCE).until(() -> campaign.rates().size() > before);
    assertThat(campaign.pacing().path("retryIntervalMinutes").asInt()).isEqualTo(77);
    assertThat(campaign.pacing().path("maxAttemptsPerNumber").asInt()).isEqualTo(3);
  }

  @Test
  void theRateNeverExceedsTheCampaignsPacingLimit() {
    FIGURES.put("limited", figures(400, 0, 150));
    StubCampaign campaign = launch("limited", request("limited").put("pacingLimit", 1.5));
    await()
        .atMost(PATIENCE)
        .until(() -> decisions("limited").stream().anyMatch(d -> d.path("seq").asInt() >= 12));
    assertThat(campaign.rates()).allSatisfy(rate -> assertThat(rate).isLessThanOrEqualTo(1.5));
    assertThat(decisions("limited"))
        .allSatisfy(d -> assertThat(d.path("maxCallsPerSecond").asDouble()).isBetween(0.0, 1.5));
  }

  @Test
  void nobodyToTakeACallIsAPauseThatEndsByItself() {
    FIGURES.put("lunch", figures(0, 0, 0));
    StubCampaign campaign = launch("lunch");
    agents("lunch", 0);
    await().atMost(PATIENCE).until(() -> campaign.status().equals("PAUSED"));
    await().atMost(PATIENCE).until(() -> view("lunch").at("/pacing/held").asBoolean());
    // the slow look sees the pause at CXone, which is no operator's
    await()
        .atMost(PATIENCE)
        .until(() -> campaign.polls().size() > 4 && client.stage("lunch").equals("ACTIVE"));
    FIGURES.put("lunch", figures(0, 0, 20));
    agents("lunch", 5);
    await().atMost(Duration.ofSeconds(60)).until(() -> campaign.status().equals("ACTIVE"));
    assertThat(campaign.asked()).containsExactly("ACTIVE", "PAUSED", "ACTIVE");
    await()
        .atMost(PATIENCE)
        .until(() -> view("lunch").at("/pacing/maxCallsPerSecond").asDouble() > 0);
    assertThat(client.stages(view("lunch").path("id").asText())).endsWith("ACTIVATING", "ACTIVE");
  }

  @Test
  void anOperatorsPauseOfAHeldCampaignStaysAPause() {
    FIGURES.put("held and paused", figures(0, 0, 0));
    StubCampaign campaign = launch("held and paused");
    agents("held and paused", 0);
    await().atMost(PATIENCE).until(() -> view("held and paused").at("/pacing/held").asBoolean());
    String id = view("held and paused").path("id").asText();
    assertThat(client.post("/campaigns/" + id + "/pause", JSON.createObjectNode()).status())
        .isEqualTo(200);
    FIGURES.put("held and paused", figures(0, 0, 20));
    agents("held and paused", 5);
    int polls = campaign.polls().size();
    await().atMost(PATIENCE).until(() -> campaign.polls().size() >= polls + 3);
    assertThat(campaign.status()).isEqualTo("PAUSED");
    assertThat(client.stage("held and paused")).isEqualTo("PAUSED");
  }

  // No figures

  @Test
  void noFiguresYetBeginCarefullyAndGoDownToNothingWhenNoneCome() {
    StubCampaign campaign = launch("silent");
    await().atMost(PATIENCE).until(() -> campaign.status().equals("PAUSED"));
    assertThat(decisions("silent")).hasSizeGreaterThan(3);
    assertThat(decisions("silent").get(0).at("/inputs/connectedCalls").isNull()).isTrue();
    assertThat(client.stage("silent")).isEqualTo("ACTIVE");
    FIGURES.put("silent", figures(0, 0, 20));
    await().atMost(Duration.ofSeconds(60)).until(() -> campaign.status().equals("ACTIVE"));
  }

  @Test
  void anOutageOfTheFiguresIsToldAndNeverTakenForZeros() throws IOException {
    FIGURES.put("outage", figures(20, 0, 9));
    StubCampaign campaign = launch("outage");
    await().atMost(PATIENCE).until(() -> decisions("outage").size() >= 3);
    cxone.fault(StubFault.errorBefore(503).in(Call.REALTIME));
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(decisions("outage").get(0).at("/inputs/missing").asText())
                    .contains("realtimeFigures"));
    await().atMost(PATIENCE).until(() -> campaign.status().equals("PAUSED"));
    cxone.noFaults();
    await().atMost(Duration.ofSeconds(60)).until(() -> campaign.status().equals("ACTIVE"));
    assertThat(service.log().lines().filter(line -> line.contains(" ERROR "))).isEmpty();
  }

  @Test
  void nonsenseIsNoSample() {
    FIGURES.put(
        "odd",
        JSON.createObjectNode()
            .put("connectedCalls", "lots")
            .put("abandonedCalls", -4)
            .put("avgHandleTime", 1e300)
            .putNull("availableAgents"));
    StubCampaign campaign = launch("odd");
    await().atMost(PATIENCE).until(() -> decisions("odd").size() > 5);
    assertThat(decisions("odd"))
        .allSatisfy(d -> assertThat(d.path("maxCallsPerSecond").asDouble()).isBetween(0.0, 5.0));
    assertThat(campaign.rates()).allSatisfy(rate -> assertThat(rate).isBetween(0.0, 5.0));
  }

  @Test
  void aChangeThatCxoneThrottlesIsMadeWhenItMayBe() {
    FIGURES.put("throttled", figures(3, 0, 10));
    agents("throttled", 10);
    cxone.fault(StubFault.throttled(1).in(Call.PATCH).times(1));
    StubCampaign campaign = launch("throttled");
    await().atMost(PATIENCE).until(() -> !campaign.rates().isEmpty());
    List<StubCxone.Arrival> sent =
        cxone.arrivals(Call.PATCH).stream()
            .filter(arrival -> arrival.what().endsWith(campaign.id()))
            .toList();
    assertThat(sent.get(0).fault()).isEqualTo(StubFault.Kind.THROTTLED);
    assertThat(sent.get(1).at() - sent.get(0).at())
        .isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(1));
  }

  @Test
  void oneThatCxoneThrottlesForAnHourIsLookedAtAllTheSameAndPausedInstead() throws Exception {
    FIGURES.put("an hour", figures(3, 0, 20));
    StubCampaign campaign = launch("an hour");
    await().atMost(PATIENCE).until(() -> !campaign.rates().isEmpty());
    try {
      cxone.fault(StubFault.throttled(3_600).in(Call.PATCH));
      FIGURES.put("an hour", figures(3, 0, 60));
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  cxone.arrivals(Call.PATCH).stream()
                      .anyMatch(sent -> sent.fault() == StubFault.Kind.THROTTLED));
      int before = decisions("an hour").get(0).path("seq").asInt();
      // neither figures nor rates go out now; a pause does
      await().atMost(PATIENCE).until(() -> campaign.status().equals("PAUSED"));
      await()
          .atMost(PATIENCE)
          .until(() -> decisions("an hour").get(0).path("seq").asInt() > before + 3);
      assertThat(client.stage("an hour")).isEqualTo("ACTIVE");
    } finally {
      service.close();
      startService(); // which forgets that CXone asked for an hour
    }
  }

  // Control

  /** Every way in which it can fail to do what it is asked for, one after the other. */
  private static final List<StubFault> REFUSALS =
      List.of(
          StubFault.errorBefore(500),
          StubFault.errorBefore(409),
          StubFault.lost(),
          StubFault.throttled(1),
          StubFault.cutBefore());

  @Test
  void whatCxoneDoesNotTakeIsToldEverywhereSinceTheFirstRefusalWhicheverWayItRefuses()
      throws IOException {
    List<String> names = List.of("unmoved", "unpaused");
    List<StubCampaign> campaigns = new ArrayList<>();
    for (String name : names) {
      FIGURES.put(name, figures(100, 0, 60));
      StubCampaign campaign = launch(name);
      campaigns.add(campaign);
      await().atMost(PATIENCE).until(() -> !decisions(name).isEmpty());
    }
    Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    cxone.moods(
        (call, campaign) ->
            campaign != null
                    && names.contains(campaign.name())
                    && (call == Call.PUT || call == Call.PATCH)
                ? REFUSALS.get(
                    asked
                            .computeIfAbsent(campaign.name(), name -> new AtomicInteger())
                            .getAndIncrement()
                        % REFUSALS.size())
                : null);
    FIGURES.put("unmoved", figures(100, 0, 3));
    client.command(view("unpaused").path("id").asText(), "pause", 0);
    Map<String, Set<String>> since = new ConcurrentHashMap<>();
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              names.forEach(name -> look(name, since.computeIfAbsent(name, n -> new TreeSet<>())));
              return names.stream()
                  .allMatch(
                      name ->
                          asked.containsKey(name)
                              && asked.get(name).get() > 2 * REFUSALS.size()
                              && view(name).at("/control/lost").asBoolean());
            });
    assertThat(since.values()).as("%s", since).allSatisfy(times -> assertThat(times).hasSize(1));
    assertToldEverywhere(names, since);

    cxone.noFaults();
    for (int n = 0; n < names.size(); n++) {
      String name = names.get(n);
      await().atMost(PATIENCE).until(() -> view(name).path("control").isNull());
      String audit = client.text("/campaigns/" + campaigns.get(n).id() + "/audit");
      for (String event : List.of("CONTROL_LOST", "CONTROL_REGAINED")) {
        assertThat(audit.lines().filter(line -> line.contains("\"event\":\"" + event + "\"")))
            .as("%s of %s", event, name)
            .hasSize(1);
      }
      assertThat(audit).contains("\"since\":\"" + since.get(name).iterator().next() + "\"");
    }
    assertThat(client.get("/overview?limit=1").body().path("trouble").asText()).isEmpty();
    assertThat(client.get("/actuator/health").body().at("/components/control/status").asText())
        .isEqualTo("UP");
  }

  /** What is told of one campaign, from its first refusal on. */
  private void look(String name, Set<String> since) {
    JsonNode shown = view(name);
    JsonNode control = shown.path("control");
    if (!control.isObject()) {
      assertThat(since).as("%s is forgotten: %s", name, decisions(name)).isEmpty();
      return;
    }
    since.add(control.path("since").asText());
    assertThat(control.path("nextTry").isTextual()).as("%s", control).isTrue();
    if (control.path("lost").asBoolean()) {
      JsonNode diagnosis =
          client.get("/campaigns/" + shown.path("id").asText() + "/diagnosis").body();
      assertThat(diagnosis.path("unwanted").asBoolean()).as("%s", diagnosis).isTrue();
      assertThat(diagnosis.path("sentence").asText())
          .startsWith("CXone ")
          .containsIgnoringCase("next try ")
          .containsIgnoringCase("stop it in CXone if you cannot wait");
    }
  }

  private void assertToldEverywhere(List<String> names, Map<String, Set<String>> since)
      throws IOException {
    JsonNode overview = client.get("/overview?sort=-name").body();
    assertThat(overview.path("trouble").asText())
        .startsWith("CXone is still dialing 2 campaigns against our word.");
    assertThat(overview.path("uncontrolledTotal").asInt()).isEqualTo(2);
    assertThat(overview.path("uncontrolled"))
        .allSatisfy(
            one -> {
              assertThat(since.get(one.path("name").asText())).contains(one.path("since").asText());
              assertThat(one.path("nextTry").isTextual()).isTrue();
            });
    assertThat(overview.path("items"))
        .extracting(row -> row.path("name").asText())
        .startsWith("unpaused", "unmoved");
    for (String name : names) {
      String id = view(name).at("/request/agentPoolId").asText();
      JsonNode pool = client.get("/pools/" + id).body();
      assertThat(pool.path("uncontrolled").asInt()).isOne();
      assertThat(since.get(name)).contains(pool.path("uncontrolledSince").asText());
      assertThat(pool.at("/campaigns/0/control/lost").asBoolean()).isTrue();
    }
    assertThat(client.get("/pools?limit=1000").body().path("items"))
        .filteredOn(pool -> pool.path("uncontrolled").asInt() > 0)
        .hasSize(2);
    JsonNode health = client.get("/actuator/health").body().at("/components/control");
    assertThat(health.path("status").asText()).isEqualTo("DOWN");
    assertThat(health.at("/details/campaigns")).hasSize(2);
    assertThat(client.get("/actuator/health/readiness").status()).isEqualTo(200);
    await()
        .atMost(PATIENCE)
        .until(
            () -> client.text("/actuator/prometheus").contains("campaign_routes_control_lost 2.0"));
    for (String name : names) {
      String id = view(name).path("id").asText();
      assertThat(service.log().lines())
          .filteredOn(
              line -> line.contains(" WARN ") && line.contains(id + ": CXone is still dialing"))
          .hasSize(1);
    }
  }

  // Compliance

  @Test
  void abandonmentOverItsCapHoldsTheCampaignAndSaysSo() {
    FIGURES.put("over", figures(10, 0, 20));
    StubCampaign campaign = launch("over", request("over").put("policy", "uk-legacy-3pct"));
    await().atMost(PATIENCE).until(() -> decisions("over").size() >= 2);
    FIGURES.put("over", figures(300, 60, 20));
    await().atMost(Duration.ofSeconds(60)).until(() -> campaign.status().equals("PAUSED"));
    await().atMost(PATIENCE).until(() -> view("over").at("/pacing/mode").asText().equals("HOLD"));
    String audit = client.text("/campaigns/" + campaign.id() + "/audit");
    assertThat(audit.lines().filter(line -> line.contains("\"COMPLIANCE_HOLD\""))).hasSize(1);
    assertThat(view("over").at("/pacing/decision").asText()).contains("abandonment", "%");
    assertThat(client.stage("over")).isEqualTo("ACTIVE");
  }

  @Test
  void outsideItsCallingHoursACampaignDoesNotDialAndNobodyAsksForItsFigures() {
    DayOfWeek yesterday = ZonedDateTime.now(ZoneId.of("America/New_York")).getDayOfWeek().minus(1);
    ObjectNode request = request("asleep");
    ((ArrayNode) request.at("/schedule/daysOfWeek")).removeAll().add(yesterday.name());
    FIGURES.put("asleep", figures(3, 0, 20));
    StubCampaign campaign = launch("asleep", request);
    await().atMost(PATIENCE).until(() -> campaign.status().equals("PAUSED"));
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(view("asleep").at("/pacing/reason").asText())
                    .contains("outside calling hours until", "America/New_York"));
    assertThat(decisions("asleep").get(0).at("/inputs/connectedCalls").isNull()).isTrue();
  }

  // Kills

  @Test
  void aKillInMidCampaignLosesNoCountAndTheRateDoesNotJump() throws Exception {
    FIGURES.put("killed", figures(40, 0, 6));
    StubCampaign campaign = launch("killed", request("killed").put("policy", "uk-legacy-3pct"));
    await().atMost(PATIENCE).until(() -> decisions("killed").size() >= 6);
    JsonNode before = decisions("killed").get(0);
    service.kill();
    int written = campaign.rates().size();
    startService();
    await()
        .atMost(PATIENCE)
        .until(
            () -> decisions("killed").get(0).path("seq").asInt() > before.path("seq").asInt() + 2);
    JsonNode first =
        decisions("killed").stream()
            .filter(d -> d.path("seq").asInt() == before.path("seq").asInt() + 1)
            .findFirst()
            .orElseThrow();
    assertThat(first.at("/period/answered").asDouble())
        .isGreaterThanOrEqualTo(before.at("/period/answered").asDouble());
    assertThat(first.at("/estimates/answerProbability").asDouble())
        .isBetween(
            before.at("/estimates/answerProbability").asDouble() - 0.1,
            before.at("/estimates/answerProbability").asDouble() + 0.1);
    assertThat(campaign.rates().subList(written, campaign.rates().size()))
        .allSatisfy(rate -> assertThat(rate).isLessThan(4));
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                CliRun.of(System.out, System.err, "audit", "verify", temp.resolve("data/audit"))
                    == 0);
  }

  // Helpers

  private static JsonNode figures(int connected, int abandoned, int idle) {
    return JSON.createObjectNode()
        .put("connectedCalls", connected)
        .put("abandonedCalls", abandoned)
        .put("avgHandleTime", 180)
        .put("availableAgents", idle);
  }

  /** How many agents of each of four time zones the pool of a campaign has. */
  private static void agents(String name, int ofEachZone) {
    cxone.agents(request(name).path("agentPoolId").asText(), ofEachZone);
  }

  private static StubCampaign launch(String name) {
    return launch(name, request(name));
  }

  private static StubCampaign launch(String name, ObjectNode request) {
    ServiceClient.Answer answer = client.post("/campaigns/create", request);
    assertThat(answer.status()).as(String.valueOf(answer.body())).isEqualTo(201);
    return cxone.named(name).get(0);
  }

  private static JsonNode view(String name) {
    return client.get("/campaigns/" + cxone.named(name).get(0).id()).body();
  }

  /** Newest first. */
  private static List<JsonNode> decisions(String name) {
    JsonNode page =
        client.get("/campaigns/" + cxone.named(name).get(0).id() + "/pacing?limit=1000").body();
    List<JsonNode> decisions = new ArrayList<>();
    page.path("items").forEach(decisions::add);
    return decisions;
  }
}
