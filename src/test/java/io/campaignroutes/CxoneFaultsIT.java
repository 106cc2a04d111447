package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.benchmark.ServiceProcess;
import io.campaignroutes.sandbox.StubCampaign;
import io.campaignroutes.sandbox.StubCxone;
import io.campaignroutes.sandbox.StubCxone.Activation;
import io.campaignroutes.sandbox.StubCxone.Arrival;
import io.campaignroutes.sandbox.StubCxone.Call;
import io.campaignroutes.sandbox.StubFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged service beside a CXone that does things wrong. */
class CxoneFaultsIT {
  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration LAUNCH = Duration.ofSeconds(20);
  private static final Path LOG = Path.of("target", "cxone-faults-it.log");

  private static final JsonNode FIGURES =
      ServiceClient.JSON
          .createObjectNode()
          .put("connectedCalls", 20)
          .put("abandonedCalls", 0)
          .put("avgHandleTime", 180)
          .put("availableAgents", 9);

  @TempDir private static Path temp;
  private static StubCxone cxone;
  private static ServiceProcess service;
  private static ServiceClient client;

  @BeforeAll
  static void start() throws Exception {
    Files.createDirectories(LOG.getParent());
    Files.deleteIfExists(LOG);
    cxone = new StubCxone();
    // figures, so that the pacing of what runs here asks for no agents
    cxone.figures(campaign -> FIGURES);
    service =
        ServiceProcess.start(
                PackagedService.command(),
                temp.resolve("data"),
                with(cxone.environment(), "ACTIVATION_TIMEOUT", "2s"),
                LOG,
                "--launch.settle-grace=500ms",
                "--launch.settle-time=1s",
                "--launch.lease=8s",
                "--launch.retry-initial=100ms",
                "--launch.retry-max=1s",
                "--launch.look-period=1s",
                "--cxone.call-deadline=2s",
                "--cxone.pool-cache=1ms")
            .awaitReady(START);
    client = new ServiceClient(service);
    assertThat(client.create("first").status()).isEqualTo(201);
  }

  @AfterAll
  static void stop() throws Exception {
    if (service != null) {
      service.close();
    }
    cxone.close();
  }

  @BeforeEach
  void reset() {
    cxone.noFaults();
    cxone.answerDelay(Duration.ofMillis(20));
    cxone.activation(Activation.after(Duration.ofMillis(300)));
    cxone.forgetArrivals();
  }

  @AfterEach
  void nothingIsDoubled() {
    assertThat(cxone.doubles()).isEmpty();
  }

  private static Map<String, String> with(Map<String, String> all, String name, String value) {
    Map<String, String> more = new HashMap<>(all);
    more.put(name, value);
    return more;
  }

  @Test
  void aLaunchIsAnsweredWithItsAuditEntry() throws IOException {
    JsonNode launched = client.create("with audit entry").body();
    JsonNode entry = launched.path("auditLog");
    assertThat(entry.path("event").asText()).isEqualTo("CAMPAIGN_ACTIVE");
    List<JsonNode> audit = new ArrayList<>();
    String path = "/campaigns/" + launched.path("campaignId").asText() + "/audit";
    for (String line : client.text(path).lines().toList()) {
      audit.add(ServiceClient.JSON.readTree(line));
    }
    assertThat(audit).contains(entry);
  }

  @Test
  void aTokenRefusedInMidLifeIsReplacedOnceHoweverManyCallersThereAre() {
    List<CompletableFuture<ServiceClient.Answer>> launches = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      int before = cxone.count(Call.TOKEN);
      cxone.revokeTokens();
      for (int n = 0; n < 20; n++) {
        launches.add(client.createAsync("refused token " + round + " " + n));
      }
      launches.forEach(launch -> assertThat(launch.join().status()).isEqualTo(201));
      assertThat(cxone.count(Call.TOKEN) - before).as("tokens fetched").isEqualTo(1);
    }
    // or all of them would be looked at and paced while the other trials last
    List<String> ids =
        launches.stream().map(launch -> launch.join().body().path("campaignId").asText()).toList();
    ids.forEach(id -> client.command(id, "stop", 0));
    await()
        .atMost(LAUNCH)
        .until(
            () ->
                client.all("/campaigns?status=STOPPED").stream()
                    .map(one -> one.path("id").asText())
                    .toList()
                    .containsAll(ids));
  }

  @Test
  void aCallWhoseFreshTokenIsRefusedTooIsNotRepeatedForEver() {
    cxone.fault(StubFault.tokenRevoked().in(Call.CREATE).times(2));
    ServiceClient.Answer answer = client.create("refused twice");
    assertThat(answer.status()).isEqualTo(502);
    assertThat(cxone.arrivals(Call.CREATE)).hasSize(2);
    assertThat(client.create("after refused twice").status()).isEqualTo(201);
  }

  @Test
  void retryAfterInSecondsIsHonouredByAllCalls() {
    cxone.fault(StubFault.throttled(2).in(Call.CREATE).times(1));
    CompletableFuture<ServiceClient.Answer> throttled = client.createAsync("throttled");
    await().atMost(LAUNCH).until(() -> cxone.arrivals(Call.CREATE).size() == 1);
    CompletableFuture<ServiceClient.Answer> beside = client.createAsync("beside throttled");
    assertThat(throttled.join().status()).isEqualTo(201);
    assertThat(beside.join().status()).isEqualTo(201);
    assertNothingArrivesFor(Duration.ofSeconds(2));
  }

  @Test
  void retryAfterAsADateIsHonoured() {
    cxone.fault(StubFault.throttledUntil(Duration.ofSeconds(4)).in(Call.WEBHOOK).times(1));
    Instant before = Instant.now();
    assertThat(client.create("throttled until").status()).isEqualTo(201);
    // the date has whole seconds, and the 429 came after "before"
    assertThat(Instant.now())
        .isAfterOrEqualTo(before.plusSeconds(4).truncatedTo(ChronoUnit.SECONDS));
    assertThat(cxone.arrivals(Call.WEBHOOK)).hasSize(2);
    assertNothingArrivesFor(Duration.ofSeconds(2)); // 4 s, less the date's missing part of a second
  }

  /** From a tenth of a second after the 429: what was on its way may still arrive. */
  private static void assertNothingArrivesFor(Duration pause) {
    List<Arrival> all = cxone.arrivals();
    long refused =
        all.stream()
            .filter(a -> a.fault() == StubFault.Kind.THROTTLED)
            .findFirst()
            .orElseThrow()
            .at();
    assertThat(all)
        .filteredOn(a -> a.at() - refused > TimeUnit.MILLISECONDS.toNanos(100))
        .isNotEmpty()
        .allSatisfy(a -> assertThat(a.at() - refused).isGreaterThanOrEqualTo(pause.toNanos()));
  }

  @Test
  void aCreateWhoseAnswerIsLostIsFoundAndNotRepeated() {
    cxone.fault(StubFault.cutAfter().in(Call.CREATE).times(1));
    assertThat(client.create("lost answer").status()).isEqualTo(201);
    assertThat(cxone.arrivals(Call.CREATE)).hasSize(1);
    assertThat(cxone.named("lost answer")).hasSize(1);
  }

  @Test
  void aCreateDoneButAnsweredWithAnErrorIsFoundAndNotRepeated() {
    cxone.fault(StubFault.errorAfter(500).in(Call.CREATE).times(1));
    assertThat(client.create("done and 500").status()).isEqualTo(201);
    assertThat(cxone.arrivals(Call.CREATE)).hasSize(1);
  }

  @Test
  void aCreateAnsweredAfterTheDeadlineIsFoundAndNotRepeated() {
    cxone.fault(StubFault.slow(Duration.ofSeconds(5)).in(Call.CREATE).times(1));
    assertThat(client.create("slow answer").status()).isEqualTo(201);
    assertThat(cxone.arrivals(Call.CREATE)).hasSize(1);
  }

  @Test
  void aCreateThatNeverArrivedIsSentAgain() {
    cxone.fault(StubFault.cutBefore().in(Call.CREATE).times(1));
    assertThat(client.create("never arrived").status()).isEqualTo(201);
    assertThat(cxone.arrivals(Call.CREATE)).hasSize(2);
    assertThat(cxone.named("never arrived")).hasSize(1);
  }

  @Test
  void aDrippingAnswerIsGivenUpAtTheDeadline() {
    cxone.fault(StubFault.drip(Duration.ofMillis(500)).in(Call.POOL));
    CompletableFuture<ServiceClient.Answer> launch = client.createAsync("dripping");
    await().atMost(LAUNCH).until(() -> agentsAsked("dripping").size() >= 2);
    cxone.noFaults();
    assertThat(launch.join().status()).isEqualTo(201);
    List<Arrival> asked = agentsAsked("dripping");
    assertThat(Duration.ofNanos(asked.get(1).at() - asked.get(0).at()))
        .isBetween(Duration.ofMillis(1_950), Duration.ofMillis(3_500));
  }

  /** The calls that asked for the agents of a campaign, which no other one has. */
  private List<Arrival> agentsAsked(String name) {
    String pool = ServiceClient.request(name).path("agentPoolId").asText();
    return cxone.arrivals(Call.POOL).stream().filter(a -> a.what().endsWith("/" + pool)).toList();
  }

  @Test
  void launchesGoOnByThemselvesAfterAnOutage() throws IOException {
    cxone.fault(StubFault.errorBefore(503));
    long start = System.nanoTime();
    List<CompletableFuture<ServiceClient.Answer>> launches = new ArrayList<>();
    for (int n = 0; n < 10; n++) {
      launches.add(client.createAsync("outage " + n));
    }
    await().until(() -> System.nanoTime() - start > Duration.ofSeconds(3).toNanos());
    assertThat(launches).noneMatch(CompletableFuture::isDone);
    cxone.noFaults();
    launches.forEach(launch -> assertThat(launch.join().status()).isEqualTo(201));
    // a breaker that opened is no fault of ours
    assertThat(service.log().lines().filter(line -> line.contains(" ERROR "))).isEmpty();
  }

  @Test
  void anOutageDuringACreateNeedsNobodyToDecideHoweverLongItLasts() {
    cxone.fault(StubFault.errorBefore(503).in(Call.CREATE, Call.FIND));
    CompletableFuture<ServiceClient.Answer> launch = client.createAsync("long outage");
    // more look-ups fail than creates may be lost
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> cxone.arrivals(Call.FIND).size() >= 24 || launch.isDone());
    assertThat(launch).isNotDone();
    cxone.noFaults();
    assertThat(launch.join().body().path("status").asText()).isEqualTo("ACTIVE");
  }

  @Test
  void anActivationThatNeverEndsTimesOutAndIsPausedAtCxone() {
    cxone.activation("endless", Activation.never());
    ServiceClient.Answer answer = client.create("endless");
    assertThat(answer.status()).isEqualTo(504);
    assertThat(client.stage("endless")).isEqualTo("FAILED");
    StubCampaign campaign = cxone.named("endless").get(0);
    await().atMost(LAUNCH).until(() -> campaign.status().equals("PAUSED"));
    assertThat(campaign.asked()).containsExactly("ACTIVE", "PAUSED");
  }

  @Test
  void anErrorOfCxonesIsToldWithItsCodeAndOurMessage() {
    cxone.activation("no agents", Activation.to("ERROR", "AGENT_POOL_UNAVAILABLE"));
    ServiceClient.Answer answer = client.create("no agents");
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.body().path("detail").asText())
        .contains("The agent pool cannot take calls at the moment")
        .contains("AGENT_POOL_UNAVAILABLE");
    assertThat(client.stage("no agents")).isEqualTo("FAILED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PAUSED", "STOPPED", "COMPLETED"})
  void anotherEndThanActiveEndsTheLaunch(String status) {
    String name = "ends " + status;
    cxone.activation(name, Activation.to(status, null));
    ServiceClient.Answer answer = client.create(name);
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.body().path("detail").asText()).contains(status);
    assertThat(client.stage(name)).isEqualTo(status);
    assertThat(client.stages(client.named(name).path("id").asText()))
        .endsWith("ACTIVATING", status);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PAUSED", "STOPPED", "COMPLETED"})
  void whatIsDoneOnCxonesSideIsNoticedWithoutAnyWebhook(String status) {
    String name = "by hand " + status;
    assertThat(client.create(name).status()).isEqualTo(201);
    cxone.named(name).get(0).status(status);
    await().atMost(Duration.ofSeconds(5)).until(() -> client.stage(name).equals(status));
  }

  @Test
  void aStopThatCxoneOnlyAnswersIsPendingUntilItSaysStopped() {
    assertThat(client.create("stopping").status()).isEqualTo(201);
    StubCampaign campaign = cxone.named("stopping").get(0);
    cxone.fault(
        StubFault.says(200, "application/json", "{\"status\": \"STOPPED\"}", false).in(Call.PUT));
    String id = client.named("stopping").path("id").asText();
    ServiceClient.Answer stop =
        client.post("/campaigns/" + id + "/stop", ServiceClient.JSON.createObjectNode());
    assertThat(stop.status()).isEqualTo(202);
    assertThat(stop.body().path("pendingCommand").asText()).isEqualTo("STOP");
    JsonNode shown = client.named("stopping");
    assertThat(shown.path("stage").asText()).isEqualTo("ACTIVE");
    assertThat(shown.path("cxoneStatus").asText()).isEqualTo("ACTIVE");
    cxone.noFaults();
    await().atMost(LAUNCH).until(() -> client.stage("stopping").equals("STOPPED"));
    assertThat(campaign.status()).isEqualTo("STOPPED");
    // by CXone's own hand it dials again: seen, and shown
    campaign.status("ACTIVE");
    await().atMost(LAUNCH).until(() -> client.stage("stopping").equals("ACTIVE"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"204|", "200|", "200|<html>maintenance</html>", "200|{}", "200|[]"})
  void whatAProxyAnswersInCxonesPlaceEndsNothing(String answer) {
    String name = "proxy " + Integer.toHexString(answer.hashCode());
    int bar = answer.indexOf('|');
    int status = Integer.parseInt(answer.substring(0, bar));
    cxone.fault(StubFault.says(status, "text/html", answer.substring(bar + 1), false));
    CompletableFuture<ServiceClient.Answer> launch = client.createAsync(name);
    await().atMost(LAUNCH).until(() -> agentsAsked(name).size() >= 2);
    assertThat(launch).isNotDone();
    assertThat(client.stage("first")).isEqualTo("ACTIVE");
    cxone.noFaults();
    assertThat(launch.join().status()).isEqualTo(201);
  }

  @Test
  void neitherSecretNorTokenIsEverLogged() throws IOException {
    assertThat(client.create("logged").status()).isEqualTo(201);
    String log = service.log();
    assertThat(log).contains("logged").doesNotContain(StubCxone.CLIENT_SECRET);
    assertThat(cxone.tokensIssued()).isNotEmpty().noneMatch(log::contains);
  }

  @Test
  void wrongCredentialsAreToldByTheHealthPageAndNotHammered() throws Exception {
    String secret = "no-such-secret-41d7";
    Path log = Path.of("target", "cxone-credentials-it.log");
    Files.deleteIfExists(log);
    try (var other = new StubCxone();
        var refused =
            ServiceProcess.start(
                PackagedService.command(),
                temp.resolve("refused"),
                with(other.environment(), "CXONE_CLIENT_SECRET", secret),
                log)) {
      var client = new ServiceClient(refused.awaitReady(START));
      assertThat(client.take("waits for credentials").status()).isEqualTo(202);
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () -> {
                ServiceClient.Answer health = client.get("/actuator/health");
                assertThat(health.status()).isEqualTo(503);
                assertThat(health.body().path("status").asText()).isEqualTo("DOWN");
                assertThat(health.body().toString())
                    .contains("CXONE_CLIENT_ID", "CXONE_CLIENT_SECRET");
              });
      assertThat(client.get("/actuator/health/liveness").status()).isEqualTo(200);
      int before = other.count(Call.TOKEN);
      long start = System.nanoTime();
      await()
          .atMost(Duration.ofSeconds(6))
          .until(() -> System.nanoTime() - start > Duration.ofSeconds(5).toNanos());
      assertThat(other.count(Call.TOKEN) - before).as("token calls in 5 s").isLessThanOrEqualTo(5);
      JsonNode waiting = client.named("waits for credentials");
      assertThat(waiting.path("stage").asText()).isEqualTo("RECEIVED");
      assertThat(refused.log()).contains("CXONE_CLIENT_SECRET").doesNotContain(secret);
      assertThat(client.get("/actuator/health").body().toString()).doesNotContain(secret);
    }
  }
}
