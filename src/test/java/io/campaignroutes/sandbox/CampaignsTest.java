package io.campaignroutes.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CampaignsTest {

  private final SettableClock clock = new SettableClock();
  private final List<LifecycleEvent> events = new ArrayList<>();
  private final Faults faults = new Faults(1);
  private final Campaigns campaigns = campaigns(5000);

  @Test
  void aCampaignIsPendingForTheActivationDelayAndThenActive() {
    String id = create(campaigns, "Welcome");
    assertThat(status(id)).isEqualTo("DRAFT");

    assertThat(turn(id, "ACTIVE").get("status").asText()).isEqualTo("PENDING");
    clock.pass(Duration.ofMillis(299));
    assertThat(status(id)).isEqualTo("PENDING");
    clock.pass(Duration.ofMillis(1));
    assertThat(status(id)).isEqualTo("ACTIVE");
    assertThat(events).extracting(LifecycleEvent::eventType).containsExactly("CAMPAIGN_ACTIVATED");
  }

  @Test
  void askingAgainForTheStateThatACampaignIsInChangesNothing() {
    String id = active();
    turn(id, "ACTIVE");
    turn(id, "PAUSED");
    turn(id, "PAUSED");
    assertThat(events)
        .extracting(LifecycleEvent::eventType)
        .containsExactly("CAMPAIGN_ACTIVATED", "CAMPAIGN_PAUSED");
  }

  @Test
  void aCampaignPausedWhilePendingDoesNotBecomeActive() {
    String id = create(campaigns, "Welcome");
    turn(id, "ACTIVE");
    turn(id, "PAUSED");
    clock.pass(Duration.ofSeconds(1));
    assertThat(status(id)).isEqualTo("PAUSED");
  }

  @ParameterizedTest
  @CsvSource({"DRAFT,PAUSED", "STOPPED,ACTIVE", "STOPPED,PAUSED"})
  void aStatusThatTheStateForbidsIsAConflict(String state, String wanted) {
    String id = create(campaigns, "Welcome");
    if (!state.equals("DRAFT")) {
      turn(id, state);
    }
    assertThatThrownBy(() -> turn(id, wanted))
        .isInstanceOfSatisfying(
            SandboxException.class,
            e -> {
              assertThat(e.status()).isEqualTo(409);
              assertThat(e.errorCode()).isEqualTo("CAMPAIGN_STATE_CONFLICT");
              assertThat(e).hasMessageContaining(state);
            });
  }

  @Test
  void anActivationWithAnErrorCodeSetEndsInErrorAndCanBeTriedAgain() {
    faults.set(
        "updateCampaign",
        InjectedFault.read(
            "updateCampaign",
            SandboxJson.object().put("errorCode", "AGENT_POOL_UNAVAILABLE").put("times", 1)));
    String id = create(campaigns, "Welcome");
    turn(id, "ACTIVE");
    clock.pass(Duration.ofMillis(300));
    assertThat(campaigns.get(id).get("status").asText()).isEqualTo("ERROR");
    assertThat(campaigns.get(id).get("errorCode").asText()).isEqualTo("AGENT_POOL_UNAVAILABLE");
    assertThat(events)
        .singleElement()
        .satisfies(e -> assertThat(e.reason()).isEqualTo("AGENT_POOL_UNAVAILABLE"));

    turn(id, "ACTIVE");
    clock.pass(Duration.ofMillis(300));
    assertThat(status(id)).isEqualTo("ACTIVE");
    assertThat(campaigns.get(id).has("errorCode")).isFalse();
  }

  @Test
  void anEmptyContactListEndsTheActivation() {
    ObjectNode payload = Examples.campaign("Welcome");
    payload.putObject("contactList").put("id", Campaigns.EMPTY_LIST);
    String id = campaigns.create(payload).get("id").asText();
    turn(id, "ACTIVE");
    clock.pass(Duration.ofMillis(300));
    assertThat(campaigns.get(id).get("errorCode").asText()).isEqualTo("CONTACT_LIST_EMPTY");
  }

  @Test
  void thereAreNoFiguresBeforeTheFirstCall() {
    String id = active();
    assertThatThrownBy(() -> campaigns.realtime(id))
        .isInstanceOfSatisfying(SandboxException.class, e -> assertThat(e.status()).isEqualTo(404));
    clock.pass(Duration.ofSeconds(1));
    assertThat(campaigns.realtime(id).get("attemptedCalls").asInt()).isEqualTo(2);
  }

  @Test
  void figuresAreARollingWindowOfFiveMinutes() {
    String id = active();
    clock.pass(Duration.ofSeconds(600));
    JsonNode figures = campaigns.realtime(id);
    assertThat(figures.get("attemptedCalls").asInt()).isEqualTo(2 * 300);
    int answered = figures.get("connectedCalls").asInt() + figures.get("abandonedCalls").asInt();
    assertThat(answered).isBetween(140, 220);
    assertThat(figures.get("avgHandleTime").asDouble()).isBetween(60.0, 400.0);

    JsonNode whole =
        campaigns.history(id, clock.instant().minusSeconds(3600), clock.instant().plusSeconds(1));
    assertThat(whole.get("attemptedCalls").asInt()).isEqualTo(2 * 600);
    assertThat(whole.get("avgAnswerTime").asDouble()).isBetween(3.0, 10.0);
  }

  @Test
  void dialingTooFastForTheAgentsLeavesNobodyIdleAndCallsAbandoned() {
    String id = active();
    clock.pass(Duration.ofSeconds(120));
    JsonNode figures = campaigns.realtime(id);
    assertThat(figures.get("abandonedCalls").asInt()).isPositive();
    assertThat(figures.get("availableAgents").asInt()).isLessThan(3);
  }

  @Test
  void aFractionOfACallPerSecondIsDialledEverySoOften() {
    String id = active();
    campaigns.setPacing(id, pacing(0.25));
    clock.pass(Duration.ofSeconds(100));
    assertThat(campaigns.realtime(id).get("attemptedCalls").asInt()).isBetween(24, 26);
  }

  @Test
  void pacingIsReplacedWhole() {
    String id = active();
    ObjectNode changed = campaigns.setPacing(id, pacing(1.5));
    assertThat(changed.get("pacing").toString()).isEqualTo("{\"maxCallsPerSecond\":1.5}");
    assertThatThrownBy(() -> campaigns.setPacing(id, pacing(6)))
        .hasMessageContaining("regulatoryPacingLimit");
  }

  @Test
  void aCampaignWhoseContactsAreUsedUpIsCompletedOnceItsLastCallHasEnded() {
    Campaigns few = campaigns(20);
    String id = create(few, "Welcome");
    few.setStatus(id, TextNode.valueOf("ACTIVE"));
    clock.pass(Duration.ofSeconds(12));
    few.advance();
    assertThat(few.get(id).get("status").asText()).isEqualTo("ACTIVE");
    clock.pass(Duration.ofMinutes(40));
    assertThat(few.get(id).get("status").asText()).isEqualTo("COMPLETED");
    assertThat(events)
        .extracting(LifecycleEvent::reason)
        .containsExactly(null, "CONTACT_LIST_EXHAUSTED");
    assertThatThrownBy(() -> few.setStatus(id, TextNode.valueOf("STOPPED")))
        .hasMessageContaining("COMPLETED");
  }

  @Test
  void aPausedCampaignDialsNoMore() {
    String id = active();
    clock.pass(Duration.ofSeconds(10));
    turn(id, "PAUSED");
    clock.pass(Duration.ofSeconds(60));
    assertThat(campaigns.realtime(id).get("attemptedCalls").asInt()).isEqualTo(20);
  }

  @Test
  void everyFindingOfAnInvalidPayloadIsNamed() {
    ObjectNode payload = Examples.campaign("  ");
    payload.putObject("agentPool").put("id", "pool-nowhere");
    payload.withObject("/schedule").put("timeZone", "Mars/Base").put("startHour", 17);
    assertThatThrownBy(() -> campaigns.create(payload))
        .isInstanceOfSatisfying(
            SandboxException.class,
            e -> {
              assertThat(e.status()).isEqualTo(400);
              assertThat(e.errorCode()).isEqualTo("CAMPAIGN_INVALID_CONFIG");
            })
        .hasMessageContainingAll("name", "pool-nowhere", "Mars/Base", "startHour");
  }

  @Test
  void campaignsAreFoundByTheirExactName() {
    String id = create(campaigns, "Welcome");
    create(campaigns, "Welcome back");
    assertThat(campaigns.find("Welcome"))
        .singleElement()
        .satisfies(found -> assertThat(found.get("id").asText()).isEqualTo(id));
  }

  @Test
  void theStatusesOfAgentsVaryButAtLeastTwoAreAlwaysLoggedIn() {
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      clock.pass(Duration.ofMinutes(5));
      List<String> statuses = campaigns.pool("pool-east").findValuesAsText("status");
      assertThat(statuses).hasSize(12);
      assertThat(statuses).filteredOn(s -> !s.equals("OFFLINE")).hasSizeGreaterThanOrEqualTo(2);
      seen.addAll(statuses);
    }
    assertThat(seen).contains("AVAILABLE", "NOT_READY", "OFFLINE");
    assertThat(campaigns.pool("pool-one-agent").get("agents")).hasSize(1);
  }

  @Test
  void callsAndCampaignsGoOnFromTheKeptState() {
    String running = active();
    String waiting = create(campaigns, "Waiting");
    clock.pass(Duration.ofSeconds(60));
    turn(waiting, "ACTIVE");
    JsonNode before = campaigns.realtime(running);
    Campaigns.State kept = roundTrip(campaigns.state(true));

    clock.pass(Duration.ofSeconds(30));
    Campaigns restarted = campaigns(5000);
    restarted.restore(kept);
    assertThat(restarted.get(waiting).get("status").asText()).isEqualTo("ACTIVE");
    JsonNode after = restarted.realtime(running);
    assertThat(after.get("attemptedCalls")).isEqualTo(before.get("attemptedCalls"));
    assertThat(after.get("connectedCalls")).isEqualTo(before.get("connectedCalls"));
    clock.pass(Duration.ofSeconds(1));
    assertThat(restarted.realtime(running).get("attemptedCalls").asInt())
        .isEqualTo(before.get("attemptedCalls").asInt() + 2);
    assertThat(create(restarted, "Next")).isEqualTo("c-3");
  }

  @Test
  void callsBeforeARestartKeepTheirTime() {
    String id = active();
    Instant began = clock.instant();
    clock.pass(Duration.ofSeconds(60));
    campaigns.advance();
    Campaigns.State kept = roundTrip(campaigns.state(true));
    clock.pass(Duration.ofHours(2));
    Campaigns restarted = campaigns(5000);
    restarted.restore(kept);
    clock.pass(Duration.ofSeconds(30));
    assertThat(attempted(restarted, id, began, began.plusSeconds(40))).isEqualTo(80);
    assertThat(attempted(restarted, id, began.plusSeconds(40), clock.instant())).isEqualTo(40 + 60);
    assertThat(attempted(restarted, id, began.plusSeconds(3600), clock.instant())).isEqualTo(60);
  }

  private static int attempted(Campaigns campaigns, String id, Instant from, Instant to) {
    return campaigns.history(id, from, to).get("attemptedCalls").asInt();
  }

  @Test
  void aNumberGivenOutAfterTheLastSaveIsNotGivenOutAgain() {
    Campaigns.State saved = roundTrip(campaigns.state(false));
    String lost = create(campaigns, "Never saved");
    Campaigns restarted = campaigns(5000);
    restarted.restore(saved);
    assertThat(create(restarted, "Next")).isNotEqualTo(lost);
  }

  private Campaigns campaigns(int contacts) {
    SandboxProperties properties =
        new SandboxProperties(
            "sandbox",
            "sandbox-secret",
            Duration.ofHours(1),
            Duration.ofMillis(300),
            contacts,
            1,
            null);
    return new Campaigns(
        properties, clock, new ChangeCount(), faults::activationError, events::add);
  }

  private String active() {
    String id = create(campaigns, "Welcome");
    turn(id, "ACTIVE");
    clock.pass(Duration.ofMillis(300));
    assertThat(status(id)).isEqualTo("ACTIVE");
    clock.pass(Duration.ofMillis(600));
    return id;
  }

  private static String create(Campaigns campaigns, String name) {
    return campaigns.create(Examples.campaign(name)).get("id").asText();
  }

  private ObjectNode turn(String id, String status) {
    return campaigns.setStatus(id, TextNode.valueOf(status));
  }

  private String status(String id) {
    return campaigns.get(id).get("status").asText();
  }

  private static ObjectNode pacing(double callsPerSecond) {
    ObjectNode change = SandboxJson.object();
    change.putObject("pacing").put("maxCallsPerSecond", callsPerSecond);
    return change;
  }

  private static Campaigns.State roundTrip(Campaigns.State state) {
    try {
      return SandboxJson.MAPPER.readValue(SandboxJson.bytes(state), Campaigns.State.class);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
