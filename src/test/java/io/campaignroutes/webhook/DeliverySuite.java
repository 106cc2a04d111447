package io.campaignroutes.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.access.By;
import io.campaignroutes.audit.AuditCheckpoints;
import io.campaignroutes.audit.AuditLog;
import io.campaignroutes.audit.AuditProperties;
import io.campaignroutes.campaign.CampaignFixture;
import io.campaignroutes.shared.NotFoundException;
import io.campaignroutes.store.Secrets;
import io.campaignroutes.store.TestStores;
import io.campaignroutes.store.WorkQueue;
import io.campaignroutes.text.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.health.Status;

/** What holds of deliveries on every store. */
abstract class DeliverySuite {
  private static final String ONE = "destinations: [{name: one, url: 'http://one.test/'}]";
  private static final String TWO =
      "destinations: [{name: one, url: 'http://one.test/'}, {name: two, url: 'http://two.test/',"
          + " ordered: false}]";

  @TempDir Path temp;
  private WebhookFixture desk;

  abstract TestStores.Opened open(Path folder);

  @BeforeEach
  void open() {
    desk = new WebhookFixture(open(temp), temp, ONE);
  }

  private void use(String destinations, String... schedule) {
    desk.close();
    desk =
        new WebhookFixture(open(fresh()), temp, destinations, WebhookFixture.properties(schedule));
  }

  private Path fresh() {
    try {
      return Files.createTempDirectory(temp, "store");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void everyEventReachesEveryDestinationOnceAndLeavesNoLine() {
    use(TWO, "10m");
    for (int i = 0; i < 40; i++) {
      desk.receive("c-" + i % 7, 1);
    }
    List<String> sent = desk.all(run -> 200);
    assertThat(sent).hasSize(80).doesNotHaveDuplicates();
    assertThat(desk.list(DeliveryStatus.DELIVERED)).hasSize(80);
    assertThat(desk.count("delivery_line")).isZero();
    assertThat(desk.count("delivery_attempt")).isEqualTo(80);
  }

  @Test
  void theEventsOfACampaignArriveInTheirOrder() {
    desk.receive("c-1", 100);
    List<String> expected = desk.ids();
    assertThat(desk.all(run -> 200)).containsExactlyElementsOf(expected);
  }

  @Test
  @Timeout(60)
  void anEventThatComesWhileAnotherOfItsLineIsSentIsClaimedWithoutWaitingForALook()
      throws InterruptedException {
    desk.close();
    Duration noLook = Duration.ofDays(1);
    desk =
        new WebhookFixture(
            open(fresh()),
            temp,
            ONE,
            WebhookFixture.properties(Duration.ofMinutes(1), noLook, "10m"));
    desk.receive("c-1", 1);
    desk.forwarder.await();
    DeliveryBatch first = desk.forwarder.claim().get(0);
    assertThat(first.next()).isTrue();
    desk.receive("c-1", 1);
    desk.forwarder.await();
    assertThat(desk.forwarder.claim()).isEmpty();
    first.answered(200, null, "answer");
    assertThat(first.next()).isFalse();
    desk.forwarder.done(first);
    desk.forwarder.await();
    assertThat(desk.forwarder.claim()).isEmpty();
    desk.forwarder.await();
    assertThat(desk.forwarder.claim()).hasSize(1);
  }

  /**
   * As the audit makes them: in the transaction of the checkpoint, of which nothing else is kept.
   */
  @Test
  void aCheckpointGoesWithItsTransactionToWhoAsksForItAndToNobodyElse() {
    use(
        "destinations: [{name: all, url: 'http://all.test/'},"
            + " {name: copy, url: 'http://copy.test/', events: [AUDIT_CHECKPOINT]}]",
        "10m");
    AuditProperties audit =
        new AuditProperties(
            temp.resolve("audit"),
            null,
            Duration.ofMillis(10),
            Duration.ofMillis(10),
            Duration.ZERO,
            Duration.ofSeconds(60),
            10,
            "",
            "");
    CheckpointEvents events =
        new CheckpointEvents(
            new AuditCheckpoints(desk.store, new Secrets(desk.store), audit),
            desk.destinations,
            desk.writes);
    for (int seq = 1; seq <= 3; seq++) {
      String line = "{\"seq\":" + seq + ",\"heads\":{}}";
      long number = seq;
      desk.store.write(
          tx -> {
            events.made(tx, number, "2026-03-02T15:00:00Z", line);
            return null;
          });
    }
    assertThatThrownBy(
            () ->
                desk.store.write(
                    tx -> {
                      events.made(tx, 4, "2026-03-02T15:00:00Z", "{}");
                      throw new IllegalStateException("the checkpoint is not made");
                    }))
        .isInstanceOf(IllegalStateException.class);
    List<String> bodies = new ArrayList<>();
    desk.all(
        run -> {
          assertThat(run.destination().name()).isEqualTo("copy");
          bodies.add(run.delivery().body());
          return 200;
        });
    assertThat(bodies)
        .containsExactly(
            "{\"seq\":1,\"heads\":{}}", "{\"seq\":2,\"heads\":{}}", "{\"seq\":3,\"heads\":{}}");
    assertThat(desk.list(DeliveryStatus.DELIVERED)).hasSize(3);
  }

  @Test
  void aLineWaitsForItsHeadAndOtherLinesDoNot() {
    desk.receive("bad", 3);
    desk.receive("good", 3);
    String head = desk.ids().get(0);
    List<String> sent = desk.all(run -> run.id().equals(head) ? 503 : 200);
    assertThat(sent).hasSize(4).contains(head);
    assertThat(desk.list(DeliveryStatus.PENDING))
        .hasSize(3)
        .allSatisfy(delivery -> assertThat(delivery.cxoneCampaignId()).isEqualTo("bad"));
    Delivery waiting = desk.deliveries.get(head);
    assertThat(waiting.attemptCount()).isOne();
    assertThat(waiting.lastStatus()).isEqualTo(503);
    assertThat(waiting.dueAt()).isBetween(desk.store.now() + 400_000, desk.store.now() + 800_000);
    desk.later(Duration.ofMinutes(15));
    assertThat(desk.all(run -> 200)).hasSize(3).startsWith(head);
  }

  @Test
  void whereNoOrderIsWantedNothingWaitsForAnother() {
    use("destinations: [{name: two, url: 'http://two.test/', ordered: false}]", "10m");
    desk.receive("c-1", 3);
    String first = desk.ids().get(0);
    assertThat(desk.all(run -> run.id().equals(first) ? 500 : 200)).hasSize(3);
    assertThat(desk.list(DeliveryStatus.DELIVERED)).hasSize(2);
  }

  @Test
  void atTheEndOfTheScheduleItIsDeadAndTheLineGoesOn() {
    desk.receive("c-1", 2);
    String head = desk.ids().get(0);
    WebhookFixture.Receiver receiver =
        run -> run.id().equals(head) ? (Integer) null : Integer.valueOf(200);
    int attempts = 0;
    for (int i = 0; i < 3; i++) {
      attempts += (int) desk.all(receiver).stream().filter(head::equals).count();
      desk.later(Duration.ofHours(1));
    }
    assertThat(attempts).isEqualTo(3);
    Delivery dead = desk.deliveries.get(head);
    assertThat(dead.status()).isEqualTo(DeliveryStatus.DEAD);
    assertThat(dead.lastError()).contains("cut");
    assertThat(desk.deliveries.attempts(head))
        .extracting(Delivery.Attempt::number)
        .containsExactly(1, 2, 3);
    assertThat(desk.list(DeliveryStatus.DELIVERED)).hasSize(1);
    assertThat(desk.count("delivery_line")).isZero();
  }

  @Test
  void everyStatusLeadsWhereTheContractSays() {
    Map<Integer, DeliveryStatus> expected = new HashMap<>();
    for (int status : List.of(200, 201, 204, 299)) {
      expected.put(status, DeliveryStatus.DELIVERED);
    }
    for (int status : List.of(300, 301, 302, 307, 408, 410, 425, 429, 500, 502, 503, 599)) {
      expected.put(status, DeliveryStatus.PENDING);
    }
    for (int status : List.of(400, 401, 403, 404, 409, 413, 422, 451)) {
      expected.put(status, DeliveryStatus.PARKED);
    }
    expected.forEach(
        (status, becomes) -> {
          use(ONE, "10m");
          desk.receive("c-" + status, 1);
          String id =
              desk.ids().stream()
                  .filter(one -> desk.deliveries.get(one).cxoneCampaignId().equals("c-" + status))
                  .findFirst()
                  .orElseThrow();
          desk.all(run -> status);
          assertThat(desk.deliveries.get(id).status()).as("after %d", status).isEqualTo(becomes);
        });
  }

  @Test
  void afterA410NothingIsSentUntilItIsSwitchedOn() {
    desk.receive("c-1", 2);
    desk.receive("c-2", 1);
    desk.all(run -> 410);
    assertThat(desk.switches.get("one").on()).isFalse();
    assertThat(desk.switches.get("one").offReason()).contains("410");
    assertThat(new AuditLog(desk.store).lines(AuditLog.SERVICE))
        .singleElement()
        .asString()
        .contains("\"DESTINATION_OFF\"", "\"one\"", "It answered 410 (Gone)");
    desk.receive("c-3", 1);
    assertThat(desk.all(run -> 200)).isEmpty();
    assertThat(desk.switches.on("one", CampaignFixture.DESK).on()).isTrue();
    assertThat(desk.all(run -> 200)).hasSize(4);
  }

  @Test
  void whatWaitsForADestinationThatHasGoneFromTheFileIsSeenAndIsNotSaidToBeSent() {
    desk.receive("c-1", 2);
    desk.store.run(
        tx -> {
          tx.sql().sql("update delivery set destination = 'gone'").update();
          tx.sql().sql("update delivery_line set destination = 'gone'").update();
        });
    assertThat(desk.all(run -> 200)).isEmpty();
    assertThat(desk.forwarder.notConfigured()).containsExactly("gone");
    assertThat(new DestinationsHealthIndicator(desk.forwarder).health().getDetails())
        .containsEntry("notConfigured", Set.of("gone"));
    assertThat(desk.switches.list(null, 10))
        .extracting(DestinationState::name, DestinationState::configured, DestinationState::pending)
        .containsExactly(tuple("gone", false, 2L), tuple("one", true, 0L));
    assertThat(desk.switches.list("gone", 10)).hasSize(1);
    assertThat(desk.switches.get("gone").oldestUndeliveredAt()).isNotNull();
    String id = desk.ids().get(0);
    assertThatThrownBy(() -> desk.replays.one(id, CampaignFixture.DESK))
        .isInstanceOf(NotReplayableException.class)
        .hasMessageContaining("gone is not in the file of destinations");
    var pending = EnumSet.of(DeliveryStatus.PENDING);
    for (boolean dryRun : List.of(true, false)) {
      var filter = new ReplayFilter("gone", pending, null, null, dryRun);
      assertThat(desk.replays.all(filter, CampaignFixture.DESK)).isZero();
    }
  }

  @Test
  void whatIsOffWaitsAndGoesWhenItIsOn() {
    desk.receive("c-1", 1);
    desk.switches.off("one", CampaignFixture.DESK);
    assertThat(desk.all(run -> 200)).isEmpty();
    assertThat(desk.switches.list(null, 10))
        .singleElement()
        .satisfies(one -> assertThat(one.pending()).isOne())
        .satisfies(one -> assertThat(one.oldestUndeliveredAt()).isNotNull());
    desk.switches.on("one", CampaignFixture.DESK);
    assertThat(desk.all(run -> 200)).hasSize(1);
    assertThatThrownBy(() -> desk.switches.off("other", CampaignFixture.DESK))
        .isInstanceOf(NotFoundException.class)
        .extracting("title")
        .isEqualTo("Unknown destination");
  }

  @Test
  void whatWasClaimedBeforeAKillIsSentAgainOnceTheLeaseEnds() {
    desk.receive("c-1", 2);
    desk.forwarder.refresh();
    List<DeliveryBatch> lost = desk.forwarder.claim();
    assertThat(lost).hasSize(1);
    assertThat(desk.all(run -> 200)).isEmpty();
    desk.later(Duration.ofSeconds(61));
    List<String> sent = desk.all(run -> 200);
    assertThat(sent).hasSize(2);
    // the run that was thought dead comes back: its claim is void, and nothing of it is written
    for (DeliveryBatch run : lost) {
      while (run.next()) {
        run.answered(500, null, null);
      }
      desk.forwarder.done(run);
    }
    desk.all(run -> 200);
    assertThat(desk.list(DeliveryStatus.DELIVERED)).hasSize(2);
    assertThat(desk.count("delivery_attempt")).isEqualTo(2);
  }

  @Test
  void whatARunDidNotSendIsGivenBackWithoutAnAttempt() {
    desk.receive("c-1", 5);
    desk.forwarder.refresh();
    for (DeliveryBatch run : desk.forwarder.claim()) {
      run.next();
      run.answered(200, null, null);
      run.next(); // and breaks
      desk.forwarder.done(run);
    }
    desk.round(run -> 200);
    assertThat(desk.list(DeliveryStatus.PENDING))
        .allSatisfy(delivery -> assertThat(delivery.attemptCount()).isZero());
    desk.later(Duration.ofSeconds(2));
    assertThat(desk.all(run -> 200)).hasSize(4);
  }

  @Test
  void anEventThatComesIntoALineThatIsBeingDrainedIsNotForgotten() {
    desk.receive("c-1", 1);
    desk.forwarder.refresh();
    List<DeliveryBatch> runs = desk.forwarder.claim();
    desk.receive("c-1", 1);
    for (DeliveryBatch run : runs) {
      while (run.next()) {
        run.answered(200, null, null);
      }
      desk.forwarder.done(run);
    }
    desk.all(run -> 200);
    assertThat(desk.list(DeliveryStatus.DELIVERED)).hasSize(2);
    assertThat(desk.count("delivery_line")).isZero();
  }

  @Test
  void anEventThatCameIntoALineInHandIsClaimedAsSoonAsThatIsDone() {
    desk.receive("c-1", 1);
    desk.forwarder.refresh();
    List<DeliveryBatch> runs = desk.forwarder.claim();
    desk.receive("c-1", 1);
    assertThat(desk.forwarder.claim()).isEmpty();
    for (DeliveryBatch run : runs) {
      while (run.next()) {
        run.answered(200, null, null);
      }
      desk.forwarder.done(run);
    }
    List<DeliveryBatch> next = new ArrayList<>(desk.forwarder.claim());
    next.addAll(desk.forwarder.claim());
    assertThat(next).isNotEmpty();
  }

  @Test
  void aReplayKeepsItsIdAndBeginsTheScheduleAnew() {
    desk.receive("c-1", 1);
    String id = desk.ids().get(0);
    desk.all(run -> 404);
    assertThat(desk.replays.one(id, CampaignFixture.DESK).status())
        .isEqualTo(DeliveryStatus.PENDING);
    assertThat(desk.all(run -> 503)).containsExactly(id);
    assertThat(desk.deliveries.get(id).dueAt()).isLessThan(desk.store.now() + 800_000);
    desk.replays.one(id, CampaignFixture.DESK); // at once, not in ten minutes
    assertThat(desk.all(run -> 200)).containsExactly(id);
    assertThat(desk.deliveries.attempts(id)).hasSize(3);
    assertThatThrownBy(() -> desk.replays.one("dlv_none", CampaignFixture.DESK))
        .isInstanceOf(NotFoundException.class)
        .extracting("title")
        .isEqualTo("Unknown delivery");
  }

  @Test
  void manyAreReplayedByFilterAndOnlyCountedInADryRun() {
    desk.receive("c-1", 600);
    desk.all(run -> 404);
    desk.receive("c-2", 1);
    desk.all(run -> 200);
    Set<DeliveryStatus> parked = EnumSet.of(DeliveryStatus.PARKED);
    assertThat(
            desk.replays.all(
                new ReplayFilter("one", parked, null, null, true), CampaignFixture.DESK))
        .isEqualTo(600);
    assertThat(
            desk.replays.all(
                new ReplayFilter("two", parked, null, null, false), CampaignFixture.DESK))
        .isZero();
    assertThat(
            desk.replays.all(
                new ReplayFilter(null, parked, desk.store.now() + 1_000, null, false),
                CampaignFixture.DESK))
        .isZero();
    assertThat(desk.all(run -> 200)).isEmpty();
    assertThat(
            desk.replays.all(
                new ReplayFilter(null, parked, null, null, false), CampaignFixture.DESK))
        .isEqualTo(600);
    assertThat(desk.all(run -> 200)).hasSize(600);
  }

  @Test
  void whoSendsAgainAndSwitchesIsToldInTheChainOfTheService() {
    By night = new By("night shift", "person");
    desk.receive("c-1", 3);
    desk.all(run -> 404);
    String id = desk.ids().get(0);
    assertThat(desk.deliveries.get(id).replayedBy()).isNull();
    assertThat(desk.replays.one(id, night).replayedBy()).isEqualTo(night);
    Set<DeliveryStatus> parked = EnumSet.of(DeliveryStatus.PARKED);
    desk.replays.all(new ReplayFilter("one", parked, null, null, false), CampaignFixture.DESK);
    desk.replays.all(new ReplayFilter("one", parked, null, null, true), night); // only counted
    assertThat(desk.switches.off("one", night).offBy()).isEqualTo(night);
    assertThat(desk.switches.on("one", CampaignFixture.DESK).offBy()).isNull();
    List<JsonNode> told =
        new AuditLog(desk.store)
            .lines(AuditLog.SERVICE).stream().<JsonNode>map(Json::storedObject).toList();
    assertThat(told)
        .extracting(
            line -> line.path("event").asText() + " " + line.at("/by/name").asText(),
            line -> line.path("deliveries").asInt())
        .containsExactly(
            tuple("DELIVERY_REPLAYED night shift", 0),
            tuple("DELIVERIES_REPLAYED desk", 2),
            tuple("DESTINATION_OFF night shift", 0),
            tuple("DESTINATION_ON desk", 0));
  }

  @Test
  void whoSwitchedOffBeforeIsNotTakenForWhoDidSoNow() {
    desk.switches.off("one", CampaignFixture.DESK);
    // as an older version, and the service itself, switch off
    desk.store.write(
        tx -> tx.sql().sql("update webhook_destination set off_at = off_at + 1").update());
    assertThat(desk.switches.get("one").offBy()).isNull();
  }

  @Test
  void aReplayThatIsRefusedIsNotTold() {
    assertThatThrownBy(() -> desk.replays.one("dlv_none", CampaignFixture.DESK))
        .isInstanceOf(NotFoundException.class)
        .extracting("title")
        .isEqualTo("Unknown delivery");
    assertThat(new AuditLog(desk.store).lines(AuditLog.SERVICE)).isEmpty();
  }

  @Test
  void anEventThatWasNotUnderstoodIsListedAndGoesOutWhenReplayed() {
    use(TWO, "10m");
    desk.receive(desk.event("c-1").replace("CAMPAIGN_ACTIVATED", "CAMPAIGN_DANCED"));
    Delivery parked = desk.list(DeliveryStatus.PARKED).get(0);
    assertThat(parked.destination()).isNull();
    assertThat(parked.lastError()).contains("CAMPAIGN_DANCED");
    assertThat(desk.all(run -> 200)).isEmpty();
    desk.replays.one(parked.id(), CampaignFixture.DESK);
    assertThat(desk.all(run -> 200)).hasSize(2).contains(parked.id());
  }

  @Test
  void anEventThatNoDestinationTakesStaysParked() {
    use("destinations: [{name: one, url: 'http://one.test/', events: [CAMPAIGN_ERROR]}]", "10m");
    desk.receive("{\"note\":\"nothing that is known\"}");
    String id = desk.list(DeliveryStatus.PARKED).get(0).id();
    assertThatThrownBy(() -> desk.replays.one(id, CampaignFixture.DESK))
        .isInstanceOf(NotReplayableException.class);
    assertThat(desk.deliveries.get(id).status()).isEqualTo(DeliveryStatus.PARKED);
    for (boolean dryRun : List.of(true, false)) {
      var parked = EnumSet.of(DeliveryStatus.PARKED);
      var filter = new ReplayFilter(null, parked, null, null, dryRun);
      assertThat(desk.replays.all(filter, CampaignFixture.DESK)).isZero();
    }
  }

  @Test
  void listsAreFilteredAndPaged() {
    use(TWO, "10m");
    desk.receive("c-1", 2);
    desk.receive("c-2", 1);
    List<Delivery> page = desk.deliveries.list(null, "two", null, false, null, 2);
    assertThat(page).hasSize(2).allSatisfy(one -> assertThat(one.destination()).isEqualTo("two"));
    assertThat(desk.deliveries.list(null, "two", null, false, page.get(1).id(), 2)).hasSize(1);
    assertThat(desk.deliveries.list(DeliveryStatus.PENDING, null, "c-1", false, null, 10))
        .hasSize(4);
    assertThat(desk.deliveries.list(DeliveryStatus.DEAD, null, null, false, null, 10)).isEmpty();
    List<Delivery> oldestFirst = desk.deliveries.list(null, null, null, false, null, 10);
    List<Delivery> newestFirst = desk.deliveries.list(null, null, null, true, null, 4);
    assertThat(newestFirst)
        .containsExactly(
            oldestFirst.get(5), oldestFirst.get(4), oldestFirst.get(3), oldestFirst.get(2));
    assertThat(desk.deliveries.list(null, null, null, true, newestFirst.get(3).id(), 4))
        .containsExactly(oldestFirst.get(1), oldestFirst.get(0));
  }

  @Test
  void onlyWhatIsOldAndDeliveredIsRemoved() {
    desk.receive("c-1", 2);
    desk.all(run -> 200);
    desk.receive("c-2", 1);
    desk.all(run -> 404);
    assertThat(desk.retention.sweep()).isZero();
    long old = Duration.ofDays(8).toMillis();
    desk.store.write(
        tx -> {
          // ids tell when a row was made
          tx.sql()
              .sql(
                  "update delivery set finished_at = finished_at - ?, id = 'dlv_00' || substr(id,"
                      + " 7)")
              .param(old)
              .update();
          tx.sql()
              .sql("update delivery_attempt set delivery_id = 'dlv_00' || substr(delivery_id, 7)")
              .update();
          tx.sql().sql("update webhook_event set id = 'evt_00' || substr(id, 7)").update();
          return tx.sql()
              .sql("update delivery set event_id = 'evt_00' || substr(event_id, 7)")
              .update();
        });
    while (desk.retention.sweep() > 0) {
      continue;
    }
    assertThat(desk.list(null))
        .singleElement()
        .extracting(Delivery::status)
        .isEqualTo(DeliveryStatus.PARKED);
    assertThat(desk.count("webhook_event")).isOne();
    assertThat(desk.count("delivery_attempt")).isOne();
  }

  @Test
  void severalForwardersNeverHaveTheSameLineAtOnce() throws Exception {
    for (int i = 0; i < 300; i++) {
      desk.receive("c-" + i % 60, 1);
    }
    Destination one = desk.destinations.configured("one");
    List<List<String>> claimed =
        TestStores.atOnce(
            3,
            () -> {
              List<String> mine = new ArrayList<>();
              for (int i = 0; i < 20; i++) {
                desk.store
                    .write(
                        tx ->
                            desk.claims.claim(
                                tx,
                                one,
                                new ClaimLimits(7, 10, 70, 1 << 20),
                                WorkQueue.newToken(desk.store)))
                    .lines()
                    .forEach(line -> line.next.forEach(next -> mine.add(next.id())));
              }
              return mine;
            });
    List<String> all = claimed.stream().flatMap(List::stream).toList();
    assertThat(all).hasSize(300).doesNotHaveDuplicates();
  }

  @Test
  void aClaimLoadsNoMoreThanItMayAndLeavesTheRestAsItIs() {
    String large = "x".repeat(100_000);
    for (int i = 0; i < 12; i++) {
      desk.receive(
          desk.event("c-" + i % 4).replace("\"status\"", "\"note\":\"" + large + "\",\"status\""));
    }
    Destination one = desk.destinations.configured("one");
    List<ClaimedLine> first = claim(one, new ClaimLimits(10, 10, 100, 250_000));
    assertThat(first).hasSize(1);
    assertThat(first.get(0).next)
        .hasSize(2)
        .allSatisfy(next -> assertThat(next.body()).contains(large));
    assertThat(claim(one, new ClaimLimits(10, 10, 100, 1))).hasSize(1);
    assertThat(claim(one, new ClaimLimits(10, 10, 3, 1 << 20)))
        .singleElement()
        .satisfies(line -> assertThat(line.next).hasSize(3));
    assertThat(claim(one, new ClaimLimits(10, 10, 100, 1 << 20))).hasSize(1);
    assertThat(claim(one, new ClaimLimits(10, 10, 100, 1 << 20))).isEmpty();
    desk.later(Duration.ofSeconds(61));
    assertThat(desk.all(run -> 200)).hasSize(12).doesNotHaveDuplicates();
    assertThat(desk.count("delivery_line")).isZero();
  }

  private List<ClaimedLine> claim(Destination destination, ClaimLimits limits) {
    return desk.store
        .write(tx -> desk.claims.claim(tx, destination, limits, WorkQueue.newToken(desk.store)))
        .lines();
  }

  @Test
  void replaysEventsAndSettlesNeverLockEachOtherOut() throws Exception {
    for (int i = 0; i < 60; i++) {
      desk.receive("c-" + i % 12, 1);
    }
    desk.all(run -> 404);
    Set<DeliveryStatus> all = EnumSet.of(DeliveryStatus.PARKED, DeliveryStatus.PENDING);
    List<Callable<Object>> works = new ArrayList<>();
    for (int worker = 0; worker < 3; worker++) {
      String name = "w" + worker;
      works.add(
          () -> {
            for (int i = 0; i < 10; i++) {
              desk.replays.all(
                  new ReplayFilter(null, all, null, null, false), CampaignFixture.DESK);
            }
            return null;
          });
      works.add(
          () -> {
            for (int i = 0; i < 36; i++) {
              desk.receive(
                  desk.event("c-" + (35 - i) % 12).replace("\"e-", "\"" + name + "-" + i + "-"));
            }
            return null;
          });
    }
    works.add(
        () -> {
          for (int i = 0; i < 20; i++) {
            desk.round(run -> 404);
          }
          return null;
        });
    TestStores.atOnce(works);
    desk.all(run -> 404);
    desk.replays.all(new ReplayFilter(null, all, null, null, false), CampaignFixture.DESK);
    desk.all(run -> 200);
    assertThat(desk.list(DeliveryStatus.DELIVERED)).hasSize(60 + 3 * 36);
    assertThat(desk.count("delivery_line")).isZero();
  }

  @Test
  void destinationsTakeTurnsWhereWorkersAreFew() {
    use(
        "destinations: [{name: a, url: 'http://a.test/', concurrency: 16}, {name: b, url:"
            + " 'http://b.test/', concurrency: 16}]",
        "10m");
    for (int i = 0; i < 600; i++) {
      desk.receive("c-" + i, 1);
    }
    Set<String> served = new HashSet<>();
    for (int i = 0; i < 2; i++) {
      desk.forwarder.refresh();
      for (DeliveryBatch run : desk.forwarder.claim()) {
        served.add(run.destination().name());
        desk.forwarder.done(run);
      }
    }
    assertThat(served).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void anAddressThatACampaignNamesStaysKnown() {
    desk.store.write(
        tx -> {
          desk.writes.again(tx, "dlv_none", desk.destinations.own("http://own.test/"), "c-1");
          return null;
        });
    assertThat(desk.retention.sweep()).isZero();
    assertThat(desk.count("webhook_destination")).isOne();
  }

  @Test
  void concurrentEventsOfOneCampaignEachGetTheirPlace() throws Exception {
    desk.receive("c-1", 1);
    TestStores.atOnce(
        8,
        () -> {
          for (int i = 0; i < 20; i++) {
            desk.receive(
                desk.event("c-1").replace("e-", "e-" + Thread.currentThread().getName() + i + "-"));
          }
          return null;
        });
    assertThat(
            desk.store.read().sql("select seq from delivery order by seq").query(Long.class).list())
        .hasSize(161)
        .doesNotHaveDuplicates()
        .endsWith(160L);
    assertThat(new HashSet<>(desk.all(run -> 200))).hasSize(161);
  }

  @Test
  void aDestinationThatFailsAFewTimesIsNamedByHealthUntilItTakesSomething() {
    use(
        "destinations: [{name: one, url: 'http://one.example/secret'}]",
        "10M",
        "20M",
        "30M",
        "40M");
    DestinationsHealthIndicator health = new DestinationsHealthIndicator(desk.forwarder);
    desk.receive("c-1", 1);
    for (int failure = 1; failure <= 3; failure++) {
      assertThat(health.health().getStatus()).isEqualTo(Status.UP);
      assertThat(desk.round(to -> 503)).hasSize(1);
      desk.round(to -> 503);
      desk.later(Duration.ofHours(1));
    }
    assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
    assertThat(health.health().getDetails().toString())
        .contains("one=The destination answered 503.")
        .doesNotContain("secret");
    desk.round(to -> 200);
    assertThat(health.health().getStatus()).isEqualTo(Status.UP);
  }
}
