package io.campaignroutes.campaign;

import static io.campaignroutes.campaign.CampaignFixture.agents;
import static io.campaignroutes.campaign.CampaignFixture.cut;
import static io.campaignroutes.campaign.CampaignFixture.json;
import static io.campaignroutes.campaign.CampaignFixture.refusal;
import static io.campaignroutes.campaign.CampaignFixture.request;
import static io.campaignroutes.campaign.CampaignFixture.unavailable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.compliance.CheckedRequest;
import io.campaignroutes.compliance.Finding;
import io.campaignroutes.cxone.AgentPools;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.CxoneUnavailableException.Kind;
import io.campaignroutes.store.StoreUnavailableException;
import io.campaignroutes.store.TestStores;
import io.campaignroutes.text.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Campaigns from the request to their end, on a real store, with CXone's part spoken here. */
abstract class CampaignSuite {
  @TempDir Path temp;
  CampaignFixture bench;
  private TestStores.Opened opened;

  abstract TestStores.Opened open();

  @BeforeEach
  void openBench() {
    opened = open();
    bench = new CampaignFixture(opened);
  }

  @AfterEach
  void everyTransitionHasOneHistoryRowAndOneAuditLineInAValidChain() {
    try {
      bench.assertHistoryAndAuditAgree();
    } finally {
      bench.close();
    }
  }

  // Taking requests

  @Test
  void theSameExternalIdAtTheSameInstantGivesOneCampaign() throws Exception {
    ObjectNode request = request("Spring", "'externalId':'order-1'");
    List<CampaignIntake.Taken> taken = TestStores.atOnce(16, () -> bench.hand(request, null));
    assertThat(taken).extracting(t -> t.campaign().id()).containsOnly(taken.get(0).campaign().id());
    assertThat(taken).filteredOn(t -> !t.repeat()).hasSize(1);
    assertThat(bench.count("campaign")).isOne();
    assertThat(bench.history(taken.get(0).campaign().id())).containsExactly(Stage.RECEIVED);
  }

  @Test
  void theSameNameAtTheSameInstantGivesOneCampaignAndConflictsThatNameIt() throws Exception {
    List<Object> outcomes =
        TestStores.atOnce(
            16,
            () -> {
              try {
                return bench.take("Spring");
              } catch (ConflictException e) {
                return e;
              }
            });
    List<Object> taken = outcomes.stream().filter(Campaign.class::isInstance).toList();
    assertThat(taken).hasSize(1);
    String id = ((Campaign) taken.get(0)).id();
    assertThat(outcomes)
        .filteredOn(ConflictException.class::isInstance)
        .hasSize(15)
        .allSatisfy(
            outcome -> {
              ConflictException conflict = (ConflictException) outcome;
              assertThat(conflict.campaignId()).isEqualTo(id);
              assertThat(conflict.field()).isEqualTo("name");
              assertThat(conflict).hasMessageContaining(id);
              assertThat(Problem.of(conflict).status()).isEqualTo(409);
            });
  }

  @Test
  void aNameIsFreeAgainOnceItsCampaignHasEnded() {
    Campaign first = bench.rejected("Spring");
    assertThat(first.stage()).isEqualTo(Stage.REJECTED);
    Campaign second = bench.take("Spring");
    assertThat(second.id()).isNotEqualTo(first.id());
    assertThatThrownBy(() -> bench.take("Spring"))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining(second.id());
  }

  @Test
  void theSameKeyForAnotherRequestIsAConflict() {
    Campaign first = bench.hand(request("Spring", "'externalId':'k'"), null).campaign();
    ConflictException conflict =
        catchThrowableOfType(
            ConflictException.class, () -> bench.hand(request("Summer", "'externalId':'k'"), null));
    assertThat(conflict.field()).isEqualTo("externalId");
    assertThat(conflict.campaignId()).isEqualTo(first.id());
    assertThat(bench.count("campaign")).isOne();
  }

  @Test
  void theIdempotencyKeyStandsForAnExternalIdAndTheOrderOfKeysDoesNotMatter() {
    Campaign first = bench.hand(request("Spring", "'dialerStrategy':'POWER'"), "k").campaign();
    assertThat(first.externalId()).isEqualTo("k");
    ObjectNode other = Json.object().put("dialerStrategy", "POWER");
    other.setAll(request("Spring", ""));
    CampaignIntake.Taken again = bench.hand(other, "k");
    assertThat(again.repeat()).isTrue();
    assertThat(again.campaign().id()).isEqualTo(first.id());
    assertThat(bench.hand(request("Other", "'externalId':'own'"), "k").campaign().externalId())
        .isEqualTo("own");
  }

  @Test
  void theSameKeyLaunchesNothingAgainEvenAfterTheEnd() {
    ObjectNode request = request("Spring", "");
    Campaign first = bench.hand(request, "k").campaign();
    bench.launchSteps.checked(bench.claim(PriorityClass.LAUNCH, first.id()), agents(0), null);
    CampaignIntake.Taken again = bench.hand(request, "k");
    assertThat(again.repeat()).isTrue();
    assertThat(again.campaign().stage()).isEqualTo(Stage.REJECTED);
  }

  @Test
  void aRepeatIsOneThoughTheRequestWouldBeRefusedByNow() {
    Instant stop = Instant.now().plus(Duration.ofDays(30));
    ObjectNode request = request("Spring", "'stopAt':'%s','pacingLimit':10".formatted(stop));
    Campaign first = bench.hand(request, "k").campaign();
    bench.setClock(Duration.ofDays(40).toMillis());
    request.put("pacingLimit", 10.0); // which is how another client writes it
    CheckedRequest again = bench.intake.check(Json.utf8(Json.text(request)), "k");
    assertThat(again.findings()).extracting(Finding::rule).contains("stopAt.past");
    assertThat(bench.intake.taken(again)).isTrue();
    assertThat(bench.hand(request, "k").repeat()).isTrue();
    assertThat(bench.hand(request, "k").campaign().id()).isEqualTo(first.id());
    assertThat(bench.intake.taken(bench.intake.check(Json.utf8(Json.text(request)), "new")))
        .isFalse();
    assertThatThrownBy(() -> bench.hand(request.put("weight", 2), "k"))
        .isInstanceOf(InvalidRequestException.class);
    assertThat(bench.count("campaign")).isOne();
  }

  @Test
  void timesOfARequestAreCheckedByTheClockOfTheStore() {
    ObjectNode request =
        request("Spring", "'stopAt':'%s'".formatted(Instant.now().plus(Duration.ofDays(30))));
    byte[] body = Json.utf8(Json.text(request));
    assertThat(bench.intake.check(body, null).findings()).isEmpty();
    bench.setClock(Duration.ofDays(40).toMillis());
    assertThat(bench.intake.check(body, null).findings())
        .extracting(Finding::field)
        .containsExactly("stopAt");
  }

  @Test
  void aDryRunShowsTheRateThatTheCampaignWouldBeginWith() {
    CheckedRequest checked =
        bench.intake.check(Json.utf8(Json.text(request("Spring", "'pacingLimit':3"))), null);
    assertThat(rate(bench.intake.withAgents(checked, CampaignFixture.agents(24)))).isEqualTo(1.6);
    assertThat(rate(bench.intake.withAgents(checked, CampaignFixture.agents(500)))).isEqualTo(2.9);
    bench.launchSteps.checked(
        bench.claim(PriorityClass.LAUNCH, bench.take("Other").id()),
        CampaignFixture.agents(24),
        null);
    assertThat(rate(bench.intake.withAgents(checked, CampaignFixture.agents(24))))
        .as("another one has been given all of them")
        .isEqualTo(0.1);
  }

  private static double rate(CheckedRequest checked) {
    return checked.payload().at("/pacing/maxCallsPerSecond").asDouble();
  }

  @Test
  void aRequestWithFindingsIsNotTaken() {
    assertThatThrownBy(() -> bench.hand(request("Spring", "'timeZone':'Mars/Base'"), null))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> bench.hand(request("Spring", ""), "a\nb"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("Idempotency-Key");
    assertThat(bench.count("campaign")).isZero();
  }

  // Claims

  @Test
  void whatFallsDueAtTheSameMomentGoesOneByOne() {
    List<String> ids = Stream.of("a", "b", "c").map(name -> bench.take(name).id()).toList();
    ids.forEach(id -> bench.set(id, "due_at = 1000"));
    assertThat(bench.claims.claim(PriorityClass.LAUNCH, 2))
        .extracting(Campaign::dueSince)
        .containsExactly(1_000L, 1_001L);
    assertThat(bench.claims.claim(PriorityClass.LAUNCH, 2))
        .as("those that are claimed later do not overtake them")
        .extracting(Campaign::dueSince)
        .containsExactly(1_002L);
  }

  @Test
  void aKeyThatCannotBeAskedForIsRefusedWithWhatIsWrongWithIt() {
    CheckedRequest odd =
        bench.intake.check(
            Json.utf8(Json.text(request("Spring", "").put("externalId", "a\u0000b"))), null);
    assertThat(odd.valid()).isFalse();
    assertThat(bench.intake.taken(odd)).isFalse();
  }

  @Test
  void aClaimGivesEachCampaignToOneOfSeveralClaimersAndNeverTwiceInsideItsLease() throws Exception {
    int all = 40;
    for (int i = 0; i < all; i++) {
      bench.take("Campaign " + i);
    }
    List<Callable<List<String>>> claimers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      claimers.add(
          () -> {
            List<String> mine = new ArrayList<>();
            for (int round = 0; round < 12; round++) {
              bench.claims.claim(PriorityClass.LAUNCH, 3).forEach(c -> mine.add(c.id()));
            }
            return mine;
          });
    }
    List<String> claimed =
        new ArrayList<>(TestStores.atOnce(claimers).stream().flatMap(List::stream).toList());
    bench.claims.claim(PriorityClass.LAUNCH, all).forEach(c -> claimed.add(c.id()));
    assertThat(claimed).hasSize(all).doesNotHaveDuplicates();
    assertThat(bench.claims.claim(PriorityClass.LAUNCH, all)).isEmpty();
  }

  @Test
  void aClaimTakesTheLongestDueFirstAndNoMoreThanWanted() {
    String late = bench.take("late").id();
    String early = bench.take("early").id();
    String middle = bench.take("middle").id();
    bench.set(late, "due_at = 3");
    bench.set(early, "due_at = 1");
    bench.set(middle, "due_at = 2");
    assertThat(bench.claims.claim(PriorityClass.LAUNCH, 2))
        .extracting(Campaign::id)
        .containsExactly(early, middle);
    assertThat(bench.claims.claim(PriorityClass.LAUNCH, 0)).isEmpty();
    assertThat(bench.claims.claim(PriorityClass.LOOK, 5)).isEmpty();
    assertThat(bench.claims.claim(PriorityClass.LAUNCH, 5))
        .extracting(Campaign::id, Campaign::dueSince)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(late, 3L));
  }

  @Test
  void anExpiredLeaseIsClaimedAgainAndTheOldRunChangesNothingAnyMore() {
    String id = bench.take("Spring").id();
    Campaign old = bench.claim(PriorityClass.LAUNCH, id);
    assertThat(old.dueAt() - bench.store.now()).isBetween(80_000L, 90_000L);
    Campaign young = bench.claimLater(PriorityClass.LAUNCH, id);
    assertThat(young.claim()).isNotEqualTo(old.claim());
    Campaign before = bench.get(id);
    List<String> linesBefore = bench.audit.lines(id);
    assertThatThrownBy(() -> bench.launchSteps.checked(old, agents(2), null))
        .isInstanceOf(LeaseLostException.class);
    assertThatThrownBy(() -> bench.launchSteps.checked(old, agents(0), null))
        .isInstanceOf(LeaseLostException.class);
    assertThatThrownBy(() -> bench.failures.retryLater(old, cut()))
        .isInstanceOf(LeaseLostException.class);
    var errors =
        new StageErrors(
            bench.failures, bench.refusals); // above them is nobody who could take it up
    errors.retryLater(old, cut());
    errors.refused(old, refusal(400, "NO"));
    errors.broken(old, new IllegalStateException());
    assertThat(bench.get(id)).isEqualTo(before);
    assertThat(bench.audit.lines(id)).isEqualTo(linesBefore);
    assertThat(bench.history(id)).containsExactly(Stage.RECEIVED);
    assertThat(bench.launchSteps.checked(young, agents(2), null).stage()).isEqualTo(Stage.CHECKED);
  }

  @Test
  void aRunThatGoesOnProlongsItsLeaseAndKeepsItsClaim() {
    String id = bench.take("Spring").id();
    Campaign claimed = bench.claim(PriorityClass.LAUNCH, id);
    bench.set(id, "due_at = due_at - 80000");
    Campaign checked = bench.launchSteps.checked(claimed, agents(2), null);
    assertThat(checked.goOn()).isTrue();
    assertThat(checked.claim()).isEqualTo(claimed.claim());
    assertThat(bench.get(id).dueAt() - bench.store.now()).isBetween(80_000L, 90_000L);
    assertThat(bench.claims.claim(PriorityClass.LAUNCH, 5)).isEmpty();
  }

  // Checks

  @Test
  void aPoolWithTooFewAgentsRejectsTheCampaignWithItsFinding() {
    Campaign rejected = bench.rejected("Spring");
    assertThat(rejected.failure().kind()).isEqualTo(Failure.Kind.REJECTED);
    assertThat(rejected.lane()).isNull();
    Problem problem = Problem.of(rejected);
    assertThat(problem.status()).isEqualTo(422);
    assertThat(problem.errors()).extracting(f -> f.rule()).containsExactly("agents.minimum");
    assertThat(bench.auditLines(rejected.id()))
        .extracting(line -> line.path("event").asText())
        .endsWith("CAMPAIGN_REJECTED", "COMPLIANCE_FINDING");
    assertThat(bench.get(rejected.id()).compliance().path("verdict").asText())
        .isEqualTo("REJECTED");
  }

  @Test
  void anUnknownPoolRejectsTheCampaign() {
    Campaign claimed = bench.claim(PriorityClass.LAUNCH, bench.take("Spring").id());
    Campaign rejected = bench.launchSteps.checked(claimed, new AgentPools.Pool(null), null);
    assertThat(rejected.stage()).isEqualTo(Stage.REJECTED);
    assertThat(rejected.failure().message()).contains("Agent pool not found");
  }

  @Test
  void whatMayNotBeActivatedNowWaitsAndIsToldOnceAndWhatHasBegunIsHeld() {
    Campaign waits =
        bench.launchSteps.waitsForItsHours(
            bench.registered("Spring"), "a holiday until 09:00", json("{'status':'DRAFT'}"));
    assertThat(waits.stage()).isEqualTo(Stage.REGISTERED);
    assertThat(waits.goOn()).isFalse();
    assertThat(waits.waitsForItsTime()).isTrue();
    assertThat(waits.failure().message()).contains("a holiday until 09:00");
    assertThat(bench.claims.claim(PriorityClass.LAUNCH, 5)).isEmpty();
    for (String why : List.of("a holiday until 09:00", "a holiday until 10:00")) {
      Campaign again = bench.claimLater(PriorityClass.LAUNCH, waits.id());
      assertThat(bench.table.next(again)).isEqualTo(Step.ACTIVATE);
      bench.launchSteps.waitsForItsHours(again, why, json("{'status':'DRAFT'}"));
    }
    assertThat(bench.events(waits.id())).filteredOn("LAUNCH_WAITS"::equals).hasSize(2);

    Campaign begun =
        bench.launchSteps.waitsForItsHours(
            bench.claimLater(PriorityClass.LAUNCH, waits.id()),
            "a holiday until 10:00",
            json("{'status':'PENDING'}"));
    assertThat(begun.stage()).isEqualTo(Stage.ACTIVE);
    assertThat(begun.waitsForItsTime()).isFalse();
  }

  @Test
  void aScheduledCampaignWaitsUntilItsActivateAtAndIsCheckedAgainThen() {
    Instant at = Instant.now().plusSeconds(7_200);
    Campaign taken = bench.hand(request("Spring", "'activateAt':'" + at + "'"), null).campaign();
    Campaign scheduled =
        bench.launchSteps.checked(bench.claim(PriorityClass.LAUNCH, taken.id()), agents(2), null);
    assertThat(scheduled.stage()).isEqualTo(Stage.SCHEDULED);
    assertThat(scheduled.dueAt()).isEqualTo(at.toEpochMilli());
    assertThat(scheduled.goOn()).isFalse();
    assertThat(bench.claims.claim(PriorityClass.LAUNCH, 5)).isEmpty();

    bench.set(taken.id(), "activate_at = 1");
    Campaign due = bench.claimLater(PriorityClass.LAUNCH, taken.id());
    assertThat(bench.table.next(due)).isEqualTo(Step.CHECK);
    Campaign checked = bench.launchSteps.checked(due, agents(2), null);
    assertThat(checked.stage()).isEqualTo(Stage.CHECKED);
    assertThat(bench.table.next(checked)).isEqualTo(Step.CREATE);
  }

  @Test
  void aScheduledCampaignWhoseAgentsHaveGoneIsRejectedAtItsTime() {
    Instant at = Instant.now().plusSeconds(7_200);
    Campaign taken = bench.hand(request("Spring", "'activateAt':'" + at + "'"), null).campaign();
    bench.launchSteps.checked(bench.claim(PriorityClass.LAUNCH, taken.id()), agents(2), null);
    Campaign due = bench.claimLater(PriorityClass.LAUNCH, taken.id());
    assertThat(bench.launchSteps.checked(due, agents(1), null).stage()).isEqualTo(Stage.REJECTED);
  }

  // The create and what becomes of it

  @Test
  void aLaunchGoesThroughItsStagesInOneRun() {
    Campaign active = bench.active("Spring");
    assertThat(active.stage()).isEqualTo(Stage.ACTIVE);
    assertThat(active.latencyMs()).isNotNull().isGreaterThanOrEqualTo(0);
    assertThat(active.lane()).isEqualTo(PriorityClass.LOOK);
    assertThat(bench.get("R-Spring").id()).isEqualTo(active.id());
    assertThat(bench.history(active.id()))
        .containsExactly(
            Stage.RECEIVED,
            Stage.CHECKED,
            Stage.CREATED,
            Stage.REGISTERED,
            Stage.ACTIVATING,
            Stage.ACTIVE);
    assertThat(bench.auditLines(active.id()))
        .last()
        .satisfies(
            line ->
                assertThat(line.path("activationLatencyMs").asLong())
                    .isEqualTo(active.latencyMs()));
  }

  @Test
  void anIntentIsOnDiskBeforeTheCreateAndACrashLeadsToALookUp() {
    Campaign intended = bench.intended("Spring");
    assertThat(intended.creating()).isTrue();
    assertThat(bench.get(intended.id()).intentAt()).isNotNull();
    Campaign after = bench.claimLater(PriorityClass.LAUNCH, intended.id());
    assertThat(bench.table.next(after)).isEqualTo(Step.RESOLVE_CREATE);
    assertThat(after.creating()).isFalse();
  }

  @Test
  void aSecondCreateIsNotSentWhenTheAnswerWasLost() {
    Campaign back = bench.failures.retryLater(bench.intended("Spring"), cut());
    assertThat(back.intentAt()).isNotNull();
    assertThat(back.inFlightUntil() - bench.store.now()).isBetween(0L, 5_000L);
    assertThat(back.goOn()).isFalse();
    assertThat(back.attempt()).isOne();
    assertThat(bench.table.next(bench.claimLater(PriorityClass.LAUNCH, back.id())))
        .isEqualTo(Step.RESOLVE_CREATE);
  }

  @Test
  void anAnswerWithoutAnIdIsAsGoodAsLost() {
    Campaign intended = bench.intended("Spring");
    CxoneUnavailableException lost =
        catchThrowableOfType(
            CxoneUnavailableException.class,
            () -> bench.launchSteps.created(intended, json("{'status':'DRAFT'}")));
    bench.failures.retryLater(intended, lost);
    assertThat(bench.table.next(bench.claimLater(PriorityClass.LAUNCH, intended.id())))
        .isEqualTo(Step.RESOLVE_CREATE);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"UNREACHABLE", "STOPPING"})
  void aCreateThatWasNotCarriedOutNeedsNoLookUp(Kind kind) {
    Campaign back =
        bench.failures.retryLater(
            bench.intended("Spring"), unavailable(kind, Duration.ofSeconds(30)));
    assertThat(back.intentAt()).isNull();
    assertThat(back.attempt()).isZero();
    assertThat(back.dueAt() - bench.store.now()).isBetween(25_000L, 30_000L);
    assertThat(bench.table.next(bench.claimLater(PriorityClass.LAUNCH, back.id())))
        .isEqualTo(Step.CREATE);
  }

  @ParameterizedTest
  @EnumSource
  void aLookUpThatIsNotAnsweredKeepsTheIntent(Kind kind) {
    Campaign lost = bench.lost("Spring");
    Campaign back = bench.failures.retryLater(lost, unavailable(kind, null));
    assertThat(back.intentAt()).isEqualTo(lost.intentAt());
    assertThat(back.inFlightUntil()).isEqualTo(lost.inFlightUntil());
    assertThat(bench.table.next(bench.claimLater(PriorityClass.LAUNCH, back.id())))
        .isEqualTo(Step.RESOLVE_CREATE);
  }

  @Test
  void theOneUnknownDraftOfTheNameIsAdopted() {
    Campaign adopted =
        bench.lostCreates.resolveCreate(
            bench.lost("Spring"),
            json(
                "{'campaigns':[{'id':'R-7','name':'Spring','status':'DRAFT'},"
                    + "{'id':'R-8','name':'Spring 2','status':'DRAFT'},"
                    + "{'id':'R-9','name':'Spring','status':'STOPPED'}]}"));
    assertThat(adopted.stage()).isEqualTo(Stage.CREATED);
    assertThat(adopted.remoteId()).isEqualTo("R-7");
    assertThat(bench.table.next(adopted)).isEqualTo(Step.REGISTER);
    assertThat(adopted.goOn()).isTrue();
    assertThat(bench.get(adopted.id()).intentAt()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\u00c9T\u00c9 sale", " E\u0301te\u0301  sale ", "\u00c9t\u00e9\u00a0sale\u200b"})
  void aDraftThatCxoneListsInAnotherFormOfItsNameIsRecognised(String listed) {
    Campaign lost = bench.lost("\u00c9t\u00e9 sale");
    ObjectNode payload = lost.payload().deepCopy().put("name", listed);
    ObjectNode draft = payload.put("id", "R-7").put("status", "DRAFT");
    draft.set("payload", lost.payload().deepCopy().put("name", listed));
    JsonNode found = Json.object().set("campaigns", Json.array().add(draft));
    assertThat(bench.lostCreates.resolveCreate(lost, found).remoteId()).isEqualTo("R-7");
  }

  @Test
  void aDraftOfAnotherFormOfTheNameThatContradictsWhatWasSentIsNotTaken() {
    Campaign lost = bench.lost("Spring");
    ObjectNode draft = Json.object().put("id", "R-7").put("name", "SPRING").put("status", "DRAFT");
    draft.putObject("payload").put("name", "SPRING").put("dialerStrategy", "POWER");
    JsonNode found = Json.object().set("campaigns", Json.array().add(draft));
    assertThat(bench.lostCreates.resolveCreate(lost, found).stage()).isEqualTo(Stage.UNSETTLED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"spring Sale", "Spring  sale", "Spring\u2009sale", "Spr\u00ading sale"})
  void aNameThatNobodyCanTellFromALiveOneIsTaken(String alike) {
    Campaign first = bench.take("Spring sale");
    assertThatThrownBy(() -> bench.take(alike))
        .isInstanceOfSatisfying(
            ConflictException.class,
            conflict -> assertThat(conflict.campaignId()).isEqualTo(first.id()))
        .hasMessageContaining("a name that nobody can tell from this one");
    assertThat(bench.count("campaign")).isOne();
    assertThat(bench.get(first.id()).name()).isEqualTo("Spring sale");
    assertThat(bench.get(bench.take("Spring sale 2").id()).name()).isEqualTo("Spring sale 2");
  }

  @Test
  void askingWhetherARequestWouldBeTakenLeavesAllConnectionsToOthers() {
    Campaign first = bench.take("Spring");
    for (int i = 0; i < 20; i++) {
      ObjectNode another = CampaignFixture.request("Summer " + i, "");
      bench.intake.takeable(bench.intake.check(Json.utf8(Json.text(another)), null));
      assertThat(bench.campaigns.holder(first)).isEmpty();
    }
  }

  @Test
  void anEndedOneIsRetriedOnlyWhileNobodyHasANameLikeItsOwn() {
    Campaign ended = bench.rejected("Spring");
    Campaign holder = bench.take("SPRING");
    assertThatThrownBy(() -> bench.commands.give(ended.id(), Command.RETRY, CampaignFixture.DESK))
        .isInstanceOfSatisfying(
            ConflictException.class,
            conflict -> assertThat(conflict.campaignId()).isEqualTo(holder.id()));
  }

  @Test
  void campaignsOfAnOlderVersionGetTheirKeysAndThoseThatCollideGoOn() {
    Campaign first = bench.take("Spring");
    Campaign second = bench.take("Summer");
    Campaign third = bench.take("Autumn");
    bench.set(second.id(), "name = 'SPRING', name_key = null");
    bench.set(first.id(), "name_key = null");
    bench.set(third.id(), "name_key = null");
    new CampaignNames(bench.store).keyNames();
    new CampaignNames(bench.store).keyNames();
    assertThat(bench.text(first.id(), "name_key")).isEqualTo("spring");
    assertThat(bench.text(second.id(), "name_key")).isEqualTo("spring");
    assertThat(bench.text(second.id(), "name_twin")).isEqualTo(second.id());
    assertThat(bench.text(third.id(), "name_twin")).isEmpty();
    assertThat(
            bench
                .launchSteps
                .checked(bench.claim(PriorityClass.LAUNCH, second.id()), agents(3), null)
                .stage())
        .isEqualTo(Stage.CHECKED);
    for (Campaign one : List.of(first, second)) {
      assertThatThrownBy(() -> bench.take("spring")).isInstanceOf(ConflictException.class);
      bench.set(one.id(), "ended = 1");
    }
    assertThat(bench.take("spring").name()).isEqualTo("spring");
  }

  @Test
  void aLookUpThatFindsNothingWaitsWhileTheCreateMayStillArriveAndLooksAgain() {
    Campaign lost = bench.lost("Spring");
    Campaign waits = bench.lostCreates.resolveCreate(lost, json("{'campaigns':[]}"));
    assertThat(waits.goOn()).isFalse();
    assertThat(waits.intentAt()).isNotNull();
    assertThat(waits.dueAt()).isGreaterThanOrEqualTo(lost.inFlightUntil());
    // looked too early: it goes on waiting, however often
    for (int i = 0; i < 3; i++) {
      waits =
          bench.lostCreates.resolveCreate(
              bench.claimLater(PriorityClass.LAUNCH, lost.id()), json("{'campaigns':[]}"));
      assertThat(bench.table.next(waits)).isEqualTo(Step.RESOLVE_CREATE);
      assertThat(waits.goOn()).isFalse();
    }
    bench.set(lost.id(), "in_flight_until = 1");
    Campaign again =
        bench.lostCreates.resolveCreate(
            bench.claimLater(PriorityClass.LAUNCH, lost.id()), json("{'campaigns':[]}"));
    assertThat(bench.table.next(again)).isEqualTo(Step.CREATE);
    assertThat(again.goOn()).isTrue();
    Campaign created =
        bench.launchSteps.created(bench.launchSteps.intend(again), json("{'id':'R-1'}"));
    assertThat(created.stage()).isEqualTo(Stage.CREATED);
  }

  @Test
  void evenOnceNothingIsOnItsWayTheListIsReadTwiceBeforeASecondCreate() {
    Campaign lost = bench.lost("Spring");
    bench.set(lost.id(), "in_flight_until = 1");
    Campaign first =
        bench.lostCreates.resolveCreate(
            bench.claimLater(PriorityClass.LAUNCH, lost.id()), json("{'campaigns':[]}"));
    assertThat(first.goOn()).isFalse();
    assertThat(first.dueAt() - bench.store.now()).isLessThanOrEqualTo(1_500L);
    Campaign second =
        bench.lostCreates.resolveCreate(
            bench.claimLater(PriorityClass.LAUNCH, lost.id()),
            json("{'campaigns':[{'id':'R-3','name':'Spring','status':'DRAFT'}]}"));
    assertThat(second.remoteId()).isEqualTo("R-3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'id':'R-1','name':'Spring','status':'DRAFT'},"
            + "{'id':'R-2','name':'Spring','status':'DRAFT'}",
        "{'id':'R-1','name':'Spring','status':'ACTIVE'}",
        "{'id':'R-1','name':'Spring','status':'PENDING'}",
        "{'id':'R-1','name':'Spring','status':'ERROR'}"
      })
  void whatALookUpCannotDecideIsUnsettled(String found) {
    Campaign unsettled =
        bench.lostCreates.resolveCreate(
            bench.lost("Spring"), json("{'campaigns':[" + found + "]}"));
    assertThat(unsettled.stage()).isEqualTo(Stage.UNSETTLED);
    assertThat(unsettled.failure().kind()).isEqualTo(Failure.Kind.UNSETTLED);
    assertThat(unsettled.failure().message()).contains("R-1");
    assertThat(unsettled.lane()).isNull();
    assertThatThrownBy(() -> bench.take("Spring")).isInstanceOf(ConflictException.class);
  }

  @Test
  void aRunThatGoesOnKeepsItsCampaignAndOneThatHasLostItWritesNothingMore() {
    ClaimFence fence = new ClaimFence(bench.store, CampaignFixture.PROPERTIES);
    String id = bench.take("Spring").id();
    Campaign mine = bench.claim(PriorityClass.LAUNCH, id);
    long end = mine.dueAt();
    fence.check(mine.arguments());
    assertThat(bench.get(id).dueAt()).as("early nothing is written").isEqualTo(end);
    bench.set(id, "due_at = due_at - " + CampaignFixture.PROPERTIES.lease().toMillis() * 2 / 3);
    fence.check(mine.arguments());
    assertThat(bench.get(id).dueAt()).isGreaterThanOrEqualTo(end);
    Campaign other = bench.claimLater(PriorityClass.LAUNCH, id);
    assertThatThrownBy(() -> fence.check(mine.arguments())).isInstanceOf(LeaseLostException.class);
    fence.check(other.arguments());
    fence.check(Json.object().put("id", id));
  }

  @Test
  void aStopThatEndsCallsIsForcedAndTheAuditSaysSo() {
    Campaign campaign = bench.active("Spring");
    bench.skillCommands.give(campaign.id(), Command.STOP, CampaignFixture.DESK);
    assertThat(bench.get(campaign.id()).arguments().path("force").asBoolean()).isFalse();
    Campaign forced = bench.skillCommands.forceStop(campaign.id(), CampaignFixture.DESK);
    assertThat(forced.arguments().path("force").asBoolean()).isTrue();
    Campaign stopped = bench.carriedOut(bench.claim(PriorityClass.COMMAND, forced.id()), "STOPPED");
    assertThat(stopped.stage()).isEqualTo(Stage.STOPPED);
    List<JsonNode> lines = bench.auditLines(campaign.id());
    JsonNode last = lines.get(lines.size() - 1);
    assertThat(last.path("forced").asBoolean()).isTrue();
    assertThat(last.path("reason").asText()).contains("with the calls that were under way");
  }

  @Test
  void aPlatformThatKnowsSoftStopsOnlyRefusesToForceOne() {
    Campaign campaign = bench.active("Spring");
    assertThatThrownBy(() -> bench.commands.forceStop(campaign.id(), CampaignFixture.DESK))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("Leave force out");
    assertThat(bench.get(campaign.id()).command()).isNull();
  }

  @Test
  void aRemoteCampaignThatBelongsToAnotherOneIsIgnored() {
    Campaign other = bench.created("Spring");
    bench.commands.give(other.id(), Command.STOP, CampaignFixture.DESK);
    Campaign stop = bench.launchSteps.registered(other, json("{'id':'W'}"));
    bench.carriedOut(bench.claim(PriorityClass.COMMAND, stop.id()), "STOPPED");
    Campaign lost = bench.lost("Spring");
    Campaign adopted =
        bench.lostCreates.resolveCreate(
            lost,
            json(
                "{'campaigns':[{'id':'R-Spring','name':'Spring','status':'DRAFT'},"
                    + "{'id':'R-new','name':'Spring','status':'DRAFT'}]}"));
    assertThat(adopted.remoteId()).isEqualTo("R-new");
  }

  @Test
  void aRefusedLookUpIsUnsettled() {
    Campaign unsettled = bench.refusals.refused(bench.lost("Spring"), refusal(403, null));
    assertThat(unsettled.stage()).isEqualTo(Stage.UNSETTLED);
    assertThat(bench.get(unsettled.id()).intentAt()).isNotNull();
    assertThat(Problem.of(unsettled).status()).isEqualTo(502);
  }

  @Test
  void aRefusedCreateHasFailedWithCxonesStatusAndCode() {
    Campaign failed =
        bench.refusals.refused(bench.intended("Spring"), refusal(400, "CAMPAIGN_INVALID_CONFIG"));
    assertThat(failed.stage()).isEqualTo(Stage.FAILED);
    assertThat(bench.get(failed.id()).failure())
        .extracting(Failure::kind, Failure::status, Failure::code)
        .containsExactly(Failure.Kind.REFUSED, 400, "CAMPAIGN_INVALID_CONFIG");
    assertThat(bench.get(failed.id()).intentAt()).isNull();
    assertThat(Problem.of(failed).status()).isEqualTo(502);
  }

  @Test
  void aConflictOnASecondCreateIsLookedUpAndNotTakenForARefusal() {
    Campaign lost = bench.lost("Spring");
    bench.set(lost.id(), "in_flight_until = 1, look_ups = 1");
    Campaign again =
        bench.lostCreates.resolveCreate(
            bench.claimLater(PriorityClass.LAUNCH, lost.id()), json("{'campaigns':[]}"));
    Campaign back = bench.refusals.refused(bench.launchSteps.intend(again), refusal(409, null));
    assertThat(back.stage()).isEqualTo(Stage.CHECKED);
    assertThat(bench.table.next(bench.claimLater(PriorityClass.LAUNCH, back.id())))
        .isEqualTo(Step.RESOLVE_CREATE);
  }

  @Test
  void aLaunchThatCannotReachCxoneForTooLongIsGivenUp() {
    Campaign checked = bench.checked("Spring");
    bench.set(checked.id(), "stage_at = 1");
    bench.set(checked.id(), "claim_token = null");
    Campaign failed =
        bench.failures.retryLater(bench.claimLater(PriorityClass.LAUNCH, checked.id()), cut());
    assertThat(failed.stage()).isEqualTo(Stage.FAILED);
    assertThat(failed.failure().kind()).isEqualTo(Failure.Kind.UNREACHABLE);
    assertThat(Problem.of(failed).status()).isEqualTo(503);

    Campaign lost = bench.lost("Summer");
    bench.set(lost.id(), "stage_at = 1");
    Campaign unsettled =
        bench.failures.retryLater(bench.claimLater(PriorityClass.LAUNCH, lost.id()), cut());
    assertThat(unsettled.stage()).isEqualTo(Stage.UNSETTLED);
  }

  @Test
  void anOutageAfterALostCreateDoesNotMakeItUnsettledWhenTheListIsEmpty() {
    Campaign lost = bench.lost("Spring");
    for (int i = 0; i < 10; i++) {
      bench.failures.retryLater(lost, cut()); // it is the look-up that fails, no create
      lost = bench.claimLater(PriorityClass.LAUNCH, lost.id());
    }
    bench.set(lost.id(), "in_flight_until = 1, look_ups = 1");
    lost = bench.claimLater(PriorityClass.LAUNCH, lost.id());
    assertThat(bench.table.next(bench.lostCreates.resolveCreate(lost, json("{'campaigns':[]}"))))
        .isEqualTo(Step.CREATE);
  }

  @Test
  void aWebhookThatIsRegisteredAlreadyIsAsGood() {
    Campaign registered = bench.launchSteps.registered(bench.created("Spring"), json("{}"));
    assertThat(registered.stage()).isEqualTo(Stage.REGISTERED);
    assertThat(registered.webhookId()).isNull();
    assertThat(bench.table.next(registered)).isEqualTo(Step.ACTIVATE);
  }

  // Polls

  @Test
  void pollsOfAPendingActivationWaitLongerAndLongerUpToTheLongestWait() {
    String id = bench.activating("Spring").id();
    double base = 250;
    for (int poll = 0; poll < 12; poll++) {
      Campaign waiting = bench.get(id);
      assertThat(waiting.polls()).isEqualTo(poll + 1);
      assertThat(waiting.dueAt() - bench.store.now())
          .isLessThanOrEqualTo((long) Math.min(base * 1.5, 5_000));
      Campaign claimed = bench.claimLater(PriorityClass.LAUNCH, id);
      assertThat(bench.table.next(claimed)).isEqualTo(Step.POLL);
      long before = bench.store.now();
      Campaign back = bench.launchSteps.polled(claimed, json("{'status':'PENDING'}"));
      base *= 1.5;
      assertThat(back.dueAt()).isGreaterThanOrEqualTo(before + (long) Math.min(base, 5_000 / 1.5));
      assertThat(back.dueAt())
          .isLessThanOrEqualTo(bench.store.now() + (long) Math.min(base * 1.5, 5_000));
      assertThat(back.goOn()).isFalse();
    }
    assertThat(bench.history(id)).endsWith(Stage.REGISTERED, Stage.ACTIVATING);
  }

  @Test
  void aCampaignThatIsActiveAtOnceNeedsNoPoll() {
    Campaign active =
        bench.launchSteps.activationAsked(bench.registered("Spring"), json("{'status':'ACTIVE'}"));
    assertThat(active.stage()).isEqualTo(Stage.ACTIVE);
    assertThat(active.latencyMs()).isEqualTo(active.activeAt() - active.acceptedAt());
  }

  @Test
  void anErrorWhileActivatingHasFailedWithAMessageForItsCode() {
    Campaign claimed = bench.claimLater(PriorityClass.LAUNCH, bench.activating("Spring").id());
    Campaign failed =
        bench.launchSteps.polled(
            claimed, json("{'status':'ERROR','failureCode':'CONTACT_LIST_EMPTY'}"));
    assertThat(failed.stage()).isEqualTo(Stage.FAILED);
    assertThat(failed.failure().code()).isEqualTo("CONTACT_LIST_EMPTY");
    assertThat(failed.failure().message()).contains("The contact list holds nobody");

    Campaign other = bench.claimLater(PriorityClass.LAUNCH, bench.activating("Summer").id());
    assertThat(
            bench
                .launchSteps
                .polled(other, json("{'status':'ERROR','failureCode':'NEW_CODE'}"))
                .failure()
                .message())
        .contains("NEW_CODE");
    assertThat(bench.auditLines(other.id()))
        .last()
        .satisfies(line -> assertThat(line.path("errorCode").asText()).isEqualTo("NEW_CODE"));
  }

  @ParameterizedTest
  @EnumSource(names = {"PAUSED", "STOPPED", "COMPLETED"})
  void anotherEndSeenWhileActivatingEndsTheLaunch(Stage stage) {
    Campaign claimed = bench.claimLater(PriorityClass.LAUNCH, bench.activating("Spring").id());
    Campaign ended = bench.launchSteps.polled(claimed, json("{'status':'" + stage + "'}"));
    assertThat(ended.stage()).isEqualTo(stage);
    assertThat(ended.stage().launched()).isTrue();
    assertThat(ended.latencyMs()).isNull();
    assertThat(bench.claims.claim(PriorityClass.LAUNCH, 5)).isEmpty();
  }

  @Test
  void anActivationThatTakesTooLongHasFailedAndIsPausedAtCxone() {
    String id = bench.activating("Spring").id();
    bench.set(id, "activating_at = activating_at - 120000");
    Campaign failed =
        bench.launchSteps.polled(
            bench.claimLater(PriorityClass.LAUNCH, id), json("{'status':'PENDING'}"));
    assertThat(failed.stage()).isEqualTo(Stage.FAILED);
    assertThat(failed.failure().kind()).isEqualTo(Failure.Kind.TIMED_OUT);
    assertThat(Problem.of(failed).status()).isEqualTo(504);
    assertThat(failed.command()).isEqualTo(Command.HALT);
    Campaign halt = claimedInAny(id);
    assertThat(bench.table.next(halt)).isEqualTo(Step.PAUSE);
    Campaign halted = bench.carriedOut(halt, "PAUSED");
    assertThat(halted.stage()).isEqualTo(Stage.FAILED);
    assertThat(bench.get(id).command()).isNull();
    assertThat(bench.get(id).lane()).isEqualTo(PriorityClass.LOOK);
    assertThat(bench.get(id).failure().kind()).isEqualTo(Failure.Kind.TIMED_OUT);
    assertThat(bench.auditLines(id))
        .last()
        .satisfies(line -> assertThat(line.path("event").asText()).isEqualTo("CAMPAIGN_HALTED"));
  }

  @Test
  void anActivationThatCannotBeAskedForTimesOutAsWell() {
    String id = bench.activating("Spring").id();
    bench.set(id, "activating_at = activating_at - 120000");
    Campaign first = bench.failures.retryLater(bench.claimLater(PriorityClass.LAUNCH, id), cut());
    assertThat(first.stage()).isEqualTo(Stage.ACTIVATING); // as after a long restart
    Campaign failed = bench.failures.retryLater(bench.claimLater(PriorityClass.LAUNCH, id), cut());
    assertThat(failed.failure().kind()).isEqualTo(Failure.Kind.TIMED_OUT);
    assertThat(failed.command()).isEqualTo(Command.HALT);
  }

  @Test
  void aTimedOutCampaignCanBeRetriedBeforeItWasHalted() {
    String id = bench.activating("Spring").id();
    bench.set(id, "activating_at = activating_at - 120000");
    bench.launchSteps.polled(
        bench.claimLater(PriorityClass.LAUNCH, id), json("{'status':'PENDING'}"));
    Campaign again = bench.commands.give(id, Command.RETRY, CampaignFixture.DESK);
    assertThat(again.stage()).isEqualTo(Stage.REGISTERED);
    assertThat(again.command()).isNull();
    assertThat(bench.claims.claim(PriorityClass.COMMAND, 5)).isEmpty();
    assertThat(bench.table.next(bench.claim(PriorityClass.LAUNCH, id))).isEqualTo(Step.ACTIVATE);
  }

  // Looks at running campaigns

  @Test
  void aLookThatSeesNothingNewWaitsForTheNextOne() {
    String id = bench.active("Spring").id();
    Campaign back =
        bench.statusSteps.checkStatus(
            bench.claimLater(PriorityClass.LOOK, id), json("{'status':'ACTIVE'}"));
    assertThat(back.dueAt() - bench.store.now()).isBetween(55_000L, 60_000L);
    assertThat(bench.history(id)).endsWith(Stage.ACTIVATING, Stage.ACTIVE);
  }

  @ParameterizedTest
  @EnumSource(names = {"PAUSED", "STOPPED", "COMPLETED"})
  void aLookNoticesWhatWasDoneAtCxone(Stage stage) {
    String id = bench.active("Spring").id();
    Campaign after =
        bench.statusSteps.checkStatus(
            bench.claimLater(PriorityClass.LOOK, id), json("{'status':'" + stage + "'}"));
    assertThat(after.stage()).isEqualTo(stage);
    assertThat(bench.history(id)).endsWith(Stage.ACTIVE, stage);
  }

  @Test
  void aCampaignPausedAtCxoneAndResumedThereKeepsItsFirstLatency() {
    Campaign active = bench.active("Spring");
    bench.statusSteps.checkStatus(
        bench.claimLater(PriorityClass.LOOK, active.id()), json("{'status':'PAUSED'}"));
    Campaign again =
        bench.statusSteps.checkStatus(
            bench.claimLater(PriorityClass.LOOK, active.id()), json("{'status':'ACTIVE'}"));
    assertThat(again.stage()).isEqualTo(Stage.ACTIVE);
    assertThat(again.latencyMs()).isEqualTo(active.latencyMs());
  }

  @Test
  void anEventPullsTheNextLookForwardButNotThatOfAClaimedCampaign() {
    Campaign active = bench.active("Spring");
    assertThat(bench.claims.claim(PriorityClass.LOOK, 5)).isEmpty();
    lookNow("R-Spring");
    Campaign claimed = bench.claim(PriorityClass.LOOK, active.id());
    lookNow("R-Spring");
    assertThat(bench.get(active.id()).dueAt()).isEqualTo(claimed.dueAt());
    assertThat(bench.claims.claim(PriorityClass.LOOK, 5)).isEmpty();
    lookNow("nobody's");
  }

  @Test
  void anEventOfACampaignThatHasEndedLetsItBeLookedAtOnceMore() {
    Campaign active = bench.active("Spring");
    bench.statusSteps.checkStatus(
        bench.claimLater(PriorityClass.LOOK, active.id()), json("{'status':'COMPLETED'}"));
    bench.set(active.id(), "lane = null");
    lookNow("R-Spring");
    Campaign look = bench.claim(PriorityClass.LOOK, active.id());
    assertThat(bench.table.next(look)).isEqualTo(Step.CONFIRM);
    assertThat(bench.commandSteps.confirmed(look, json("{'status':'COMPLETED'}")).lane()).isNull();
  }

  @Test
  void whatFailedAndIsOnlyPausedAtCxoneIsLookedAtForGoodWhateverLooksWereRefusedBefore() {
    String id = failedAndGone();
    bench.refusals.refused(bench.claimLater(PriorityClass.LOOK, id), refusal(409, null));
    bench.refusals.refused(bench.claimLater(PriorityClass.LOOK, id), refusal(404, null));
    Campaign seen =
        bench.commandSteps.confirmed(
            bench.claimLater(PriorityClass.LOOK, id), json("{'status':'PAUSED'}"));
    assertThat(seen.remoteStatus()).isEqualTo("PAUSED");
    assertThat(seen.lane()).isEqualTo(PriorityClass.LOOK);
  }

  @Test
  void whatHasEndedIsLetGoAfterSixLooksInARowThatWereRefused() {
    String id = failedAndGone();
    for (int n = 1; n <= 5; n++) {
      bench.refusals.refused(bench.claimLater(PriorityClass.LOOK, id), refusal(404, null));
    }
    bench.commandSteps.confirmed(
        bench.claimLater(PriorityClass.LOOK, id), json("{'status':'PAUSED'}"));
    for (int n = 1; n <= 5; n++) {
      Campaign refused =
          bench.refusals.refused(bench.claimLater(PriorityClass.LOOK, id), refusal(404, null));
      assertThat(refused.lane()).as("refused %d times", n).isEqualTo(PriorityClass.LOOK);
    }
    Campaign sixth =
        bench.refusals.refused(bench.claimLater(PriorityClass.LOOK, id), refusal(404, null));
    assertThat(sixth.lane()).isNull();
  }

  /** One that was paused when CXone said that it has it no more. */
  private String failedAndGone() {
    String id = bench.active("Spring").id();
    bench.statusSteps.checkStatus(
        bench.claimLater(PriorityClass.LOOK, id), json("{'status':'PAUSED'}"));
    Campaign failed =
        bench.refusals.refused(bench.claimLater(PriorityClass.LOOK, id), refusal(404, null));
    assertThat(failed.stage()).isEqualTo(Stage.FAILED);
    return id;
  }

  private void lookNow(String remoteId) {
    bench.store.write(
        tx -> {
          bench.campaigns.lookNow(tx, remoteId);
          return null;
        });
  }

  // Commands

  @Test
  void aCommandThatArrivesWhileARunHasTheClaimGoesFirstAndIsNotLost() {
    Campaign claimed = bench.claim(PriorityClass.LAUNCH, bench.take("Spring").id());
    Campaign pending = bench.commands.give(claimed.id(), Command.STOP, CampaignFixture.DESK);
    assertThat(pending.command()).isEqualTo(Command.STOP);
    assertThat(bench.claims.claim(PriorityClass.COMMAND, 5)).isEmpty();
    Campaign after = bench.launchSteps.checked(claimed, agents(2), null);
    assertThat(after.stage()).isEqualTo(Stage.CHECKED);
    assertThat(after.goOn()).isFalse();
    assertThat(after.command()).isEqualTo(Command.STOP);
    assertThat(bench.claims.claim(PriorityClass.LAUNCH, 5)).isEmpty();
    Campaign stop = bench.claim(PriorityClass.COMMAND, claimed.id());
    assertThat(bench.table.next(stop)).isEqualTo(Step.STOP);
    assertThat(bench.commandSteps.stoppedBeforeLaunch(stop).stage()).isEqualTo(Stage.STOPPED);
  }

  @Test
  void aCommandIsStillThereAfterACrashOfTheRunThatHadTheClaim() {
    Campaign claimed = bench.claim(PriorityClass.LAUNCH, bench.take("Spring").id());
    bench.commands.give(claimed.id(), Command.STOP, CampaignFixture.DESK);
    assertThat(bench.table.next(bench.claimLater(PriorityClass.COMMAND, claimed.id())))
        .isEqualTo(Step.STOP);
  }

  @Test
  void aStopBeforeTheCreateNeedsNoCxone() {
    String id = bench.take("Spring").id();
    bench.commands.give(id, Command.STOP, CampaignFixture.DESK);
    Campaign stop = bench.claim(PriorityClass.COMMAND, id);
    assertThat(stop.remoteId()).isNull();
    assertThat(bench.table.next(stop)).isEqualTo(Step.STOP);
    Campaign stopped = bench.commandSteps.stoppedBeforeLaunch(stop);
    assertThat(stopped.stage()).isEqualTo(Stage.STOPPED);
    assertThat(stopped.command()).isNull();
    assertThat(bench.get(id).remoteStatus()).isNull();
    assertThat(bench.campaigns.history(id))
        .last()
        .satisfies(
            change -> assertThat(change.reason()).contains("command", "before it was launched"));
    bench.take("Spring");
  }

  @Test
  void aStopWithAnOpenIntentSettlesFirstAndStopsWhatItFinds() {
    Campaign lost = bench.failures.retryLater(bench.intended("Spring"), cut());
    bench.commands.give(lost.id(), Command.STOP, CampaignFixture.DESK);
    Campaign settle = bench.claim(PriorityClass.COMMAND, lost.id());
    assertThat(bench.table.next(settle)).isEqualTo(Step.RESOLVE_CREATE);
    Campaign found =
        bench.lostCreates.resolveCreate(
            settle, json("{'campaigns':[{'id':'R-1','name':'Spring','status':'DRAFT'}]}"));
    assertThat(found.goOn()).isTrue();
    assertThat(bench.table.next(found)).isEqualTo(Step.STOP);
    Campaign stopped = bench.carriedOut(found, "STOPPED");
    assertThat(stopped.stage()).isEqualTo(Stage.STOPPED);
    assertThat(stopped.remoteId()).isEqualTo("R-1");
  }

  @Test
  void aStopWithAnOpenIntentWhoseCreateNeverArrivedCreatesNothing() {
    Campaign lost = bench.failures.retryLater(bench.intended("Spring"), cut());
    bench.commands.give(lost.id(), Command.STOP, CampaignFixture.DESK);
    Campaign waits =
        bench.lostCreates.resolveCreate(
            bench.claim(PriorityClass.COMMAND, lost.id()), json("{'campaigns':[]}"));
    assertThat(waits.command()).isEqualTo(Command.STOP);
    assertThat(waits.dueAt()).isGreaterThanOrEqualTo(lost.inFlightUntil());
    bench.set(lost.id(), "in_flight_until = 1");
    Campaign none =
        bench.lostCreates.resolveCreate(
            bench.claimLater(PriorityClass.COMMAND, lost.id()), json("{'campaigns':[]}"));
    assertThat(bench.table.next(none)).isEqualTo(Step.STOP);
    assertThat(bench.commandSteps.stoppedBeforeLaunch(none).stage()).isEqualTo(Stage.STOPPED);
  }

  @Test
  void aCampaignIsPausedAndResumedByCommand() {
    String id = bench.active("Spring").id();
    bench.commands.give(id, Command.PAUSE, CampaignFixture.DESK);
    Campaign pause = bench.claim(PriorityClass.COMMAND, id);
    assertThat(bench.table.next(pause)).isEqualTo(Step.PAUSE);
    Campaign paused = bench.carriedOut(pause, "PAUSED");
    assertThat(paused.stage()).isEqualTo(Stage.PAUSED);
    assertThat(paused.command()).isNull();
    assertThat(paused.lane()).isEqualTo(PriorityClass.LOOK);

    bench.commands.give("R-Spring", Command.RESUME, CampaignFixture.DESK);
    Campaign resume = bench.claim(PriorityClass.COMMAND, id);
    assertThat(bench.table.next(resume)).isEqualTo(Step.RESUME);
    Campaign activating = bench.commandSteps.commanded(resume, json("{'status':'PENDING'}"));
    assertThat(activating.stage()).isEqualTo(Stage.ACTIVATING);
    Campaign active =
        bench.launchSteps.polled(
            bench.claimLater(PriorityClass.LAUNCH, id), json("{'status':'ACTIVE'}"));
    assertThat(active.stage()).isEqualTo(Stage.ACTIVE);
  }

  @Test
  void aRefusedPauseIsToldOnceAndStaysPendingWhileCxoneSaysActive() {
    String id = bench.active("Spring").id();
    bench.commands.give(id, Command.PAUSE, CampaignFixture.DESK);
    Campaign refused =
        bench.refusals.refused(bench.claim(PriorityClass.COMMAND, id), refusal(409, null));
    assertThat(refused.stage()).isEqualTo(Stage.ACTIVE);
    assertThat(refused.pendingIsRefused()).isTrue();
    assertThat(refused.claim()).as("a refusal has ended the run").isNull();
    assertThat(bench.table.next(refused)).isEqualTo(Step.CONFIRM);
    assertThat(Problem.of(refused).status()).isEqualTo(502);
    bench.commandSteps.confirmed(
        bench.claim(PriorityClass.COMMAND, id), json("{'status':'ACTIVE'}"));
    bench.set(id, "asked_at = 1");
    bench.commandSteps.confirmed(
        bench.claimLater(PriorityClass.COMMAND, id), json("{'status':'ACTIVE'}"));
    Campaign again = bench.claimLater(PriorityClass.COMMAND, id);
    assertThat(bench.table.next(again)).isEqualTo(Step.PAUSE);
    bench.refusals.refused(again, refusal(409, null));
    assertThat(bench.events(id)).containsOnlyOnce("COMMAND_REFUSED");
    Campaign paused =
        bench.commandSteps.confirmed(
            bench.claimLater(PriorityClass.COMMAND, id), json("{'status':'PAUSED'}"));
    assertThat(paused.stage()).isEqualTo(Stage.PAUSED);
    assertThat(paused.failure()).isNull();
  }

  @Test
  void aLookThatWasRefusedIsNotTakenForTheAnswerToAPause() {
    String id = bench.active("Spring").id();
    bench.refusals.refused(bench.claimLater(PriorityClass.LOOK, id), refusal(403, null));
    bench.commands.give(id, Command.PAUSE, CampaignFixture.DESK);
    Campaign asked =
        bench.commandSteps.commanded(
            bench.claim(PriorityClass.COMMAND, id), json("{'status':'ACTIVE'}"));
    assertThat(asked.pendingIsRefused()).isFalse();
    assertThat(asked.failure()).isNull();
    Campaign paused = bench.commandSteps.confirmed(asked, json("{'status':'PAUSED'}"));
    assertThat(paused.stage()).isEqualTo(Stage.PAUSED);
  }

  @Test
  void whatIsGoneAtCxoneIsNotTakenToDialThere() {
    String id = bench.active("Spring").id();
    bench.statusSteps.checkStatus(
        bench.claimLater(PriorityClass.LOOK, id), json("{'status':'ACTIVE'}"));
    Campaign gone =
        bench.refusals.refused(bench.claimLater(PriorityClass.LOOK, id), refusal(404, null));
    assertThat(gone.stage()).isEqualTo(Stage.FAILED);
    assertThat(gone.remoteStatus()).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 404, 409})
  void whatWasAskedToDialIsPausedWhenCxoneRefusesToTellOfIt(int status) {
    String id = bench.activating("Spring").id();
    Campaign failed =
        bench.refusals.refused(bench.claimLater(PriorityClass.LAUNCH, id), refusal(status, null));
    assertThat(failed.stage()).isEqualTo(Stage.FAILED);
    assertThat(failed.failure().status()).isEqualTo(status);
    assertThat(failed.command()).isEqualTo(Command.HALT);
    assertThat(bench.table.next(bench.claim(PriorityClass.COMMAND, id))).isEqualTo(Step.PAUSE);
  }

  @Test
  void aRefusedActivationIsPausedWhereAnEarlierOneMayHaveBeenCarriedOut() {
    Campaign first = bench.refusals.refused(bench.registered("Spring"), refusal(409, null));
    assertThat(first.command()).isNull();
    String id = bench.failures.retryLater(bench.registered("Summer"), cut()).id();
    Campaign again =
        bench.refusals.refused(bench.claimLater(PriorityClass.LAUNCH, id), refusal(409, null));
    assertThat(again.stage()).isEqualTo(Stage.FAILED);
    assertThat(again.command()).isEqualTo(Command.HALT);
  }

  @Test
  void whatWasClaimedIsNotLeftAloneWhenTheAnswerToTheClaimIsLost() {
    String id = bench.take("Spring").id();
    var lost = new AtomicBoolean(true);
    var other = new CampaignFixture(TestStores.losing(opened, lost));
    assertThatThrownBy(() -> other.claims.claim(PriorityClass.LAUNCH, 4))
        .isInstanceOf(StoreUnavailableException.class);
    await()
        .untilAsserted(
            () -> {
              bench.store.write(tx -> null);
              assertThat(bench.get(id).claim()).isNull();
            });
    assertThat(bench.claim(PriorityClass.LAUNCH, id).stage()).isEqualTo(Stage.RECEIVED);
  }

  @Test
  void aRefusedResumeIsToldAndTheCampaignIsLookedAtAtOnce() {
    String id = bench.active("Spring").id();
    bench.commands.give(id, Command.PAUSE, CampaignFixture.DESK);
    bench.carriedOut(bench.claim(PriorityClass.COMMAND, id), "PAUSED");
    bench.commands.give(id, Command.RESUME, CampaignFixture.DESK);
    Campaign after =
        bench.refusals.refused(bench.claim(PriorityClass.COMMAND, id), refusal(409, null));
    assertThat(after.stage()).isEqualTo(Stage.PAUSED);
    assertThat(after.command()).isNull();
    assertThat(bench.events(id)).endsWith("COMMAND_REFUSED");
    assertThat(bench.table.next(bench.claim(PriorityClass.LOOK, id))).isEqualTo(Step.CHECK_STATUS);
  }

  @Test
  void aCommandThatCxoneDoesNotAnswerIsTriedAgain() {
    String id = bench.active("Spring").id();
    bench.commands.give(id, Command.STOP, CampaignFixture.DESK);
    Campaign back =
        bench.failures.retryLater(
            bench.claim(PriorityClass.COMMAND, id), unavailable(Kind.THROTTLED, null));
    assertThat(back.command()).isEqualTo(Command.STOP);
    Campaign sent = bench.claimLater(PriorityClass.COMMAND, id);
    assertThat(bench.table.next(sent)).isEqualTo(Step.STOP);
    bench.failures.retryLater(sent, cut()); // it may have arrived: CXone is read first
    assertThat(bench.table.next(bench.claimLater(PriorityClass.COMMAND, id)))
        .isEqualTo(Step.CONFIRM);
  }

  @ParameterizedTest
  @EnumSource
  void aCommandThatTheStageForbidsIsAConflictThatNamesTheStage(Stage stage) {
    Map<Command, Set<Stage>> allowed =
        Map.of(
            Command.PAUSE, Set.of(Stage.ACTIVE),
            Command.RESUME, Set.of(Stage.PAUSED),
            Command.STOP,
                Set.of(
                    Stage.RECEIVED,
                    Stage.SCHEDULED,
                    Stage.CHECKED,
                    Stage.CREATED,
                    Stage.REGISTERED,
                    Stage.ACTIVATING,
                    Stage.ACTIVE,
                    Stage.PAUSED,
                    Stage.UNSETTLED),
            Command.RETRY, Set.of(Stage.FAILED, Stage.REJECTED, Stage.UNSETTLED),
            Command.HALT, Set.of(),
            Command.HOLD, Set.of(),
            Command.RELEASE, Set.of(),
            Command.UNKNOWN, Set.of());
    String id = bench.take("Spring").id();
    bench.set(id, "stage = '" + stage + "', ended = " + (stage.ended() ? 1 : 0));
    for (Command command : Command.values()) {
      if (allowed.get(command).contains(stage)) {
        continue;
      }
      Campaign before = bench.get(id);
      assertThatThrownBy(() -> bench.commands.give(id, command, CampaignFixture.DESK))
          .as(command + " in " + stage)
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining(stage.name())
          .hasMessageContaining(command.name());
      assertThat(bench.get(id)).isEqualTo(before);
    }
  }

  @Test
  void aSecondCommandWaitsForTheFirstButAStopGoesBeforeIt() {
    String id = bench.active("Spring").id();
    bench.commands.give(id, Command.PAUSE, CampaignFixture.DESK);
    assertThat(bench.commands.give(id, Command.PAUSE, CampaignFixture.DESK).command())
        .isEqualTo(Command.PAUSE);
    assertThatThrownBy(() -> bench.commands.give(id, Command.RESUME, CampaignFixture.DESK))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("PAUSE");
    Campaign pausing = bench.claim(PriorityClass.COMMAND, id);
    bench.commands.give(id, Command.STOP, CampaignFixture.DESK);
    Campaign asked = bench.commandSteps.commanded(pausing, json("{'status':'PAUSED'}"));
    assertThat(asked.goOn()).isFalse();
    assertThat(asked.command()).isEqualTo(Command.STOP);
    assertThat(bench.table.next(bench.claim(PriorityClass.COMMAND, id))).isEqualTo(Step.STOP);
  }

  @Test
  void aCommandForNobodyIsUnknown() {
    assertThatThrownBy(() -> bench.commands.give("cmp_nobody", Command.STOP, CampaignFixture.DESK))
        .isInstanceOf(UnknownCampaignException.class);
  }

  @Test
  void aRetryGoesOnWhereTheLaunchEnded() {
    Campaign rejected = bench.rejected("a");
    assertThat(bench.commands.give(rejected.id(), Command.RETRY, CampaignFixture.DESK).stage())
        .isEqualTo(Stage.RECEIVED);

    Campaign refused = bench.refusals.refused(bench.intended("b"), refusal(400, null));
    assertThat(bench.commands.give(refused.id(), Command.RETRY, CampaignFixture.DESK).stage())
        .isEqualTo(Stage.RECEIVED);

    Campaign noWebhook = bench.refusals.refused(bench.created("c"), refusal(403, null));
    assertThat(bench.commands.give(noWebhook.id(), Command.RETRY, CampaignFixture.DESK).stage())
        .isEqualTo(Stage.CREATED);

    Campaign notActivated = bench.refusals.refused(bench.registered("d"), refusal(400, null));
    Campaign again = bench.commands.give(notActivated.id(), Command.RETRY, CampaignFixture.DESK);
    assertThat(again.stage()).isEqualTo(Stage.REGISTERED);
    assertThat(again.failure()).isNull();
    assertThat(again.attempt()).isZero();

    Campaign unsettled = bench.refusals.refused(bench.lost("e"), refusal(403, null));
    Campaign settles = bench.commands.give(unsettled.id(), Command.RETRY, CampaignFixture.DESK);
    assertThat(settles.stage()).isEqualTo(Stage.CHECKED);
    assertThat(bench.table.next(settles)).isEqualTo(Step.RESOLVE_CREATE);
    assertThat(bench.table.next(bench.claim(PriorityClass.LAUNCH, unsettled.id())))
        .isEqualTo(Step.RESOLVE_CREATE);
    assertThat(bench.history(rejected.id()))
        .containsExactly(Stage.RECEIVED, Stage.REJECTED, Stage.RECEIVED);
  }

  @Test
  void aRetryIsRefusedWhileAnotherCampaignCarriesTheName() {
    Campaign rejected = bench.rejected("Spring");
    Campaign holder = bench.take("Spring");
    ConflictException conflict =
        catchThrowableOfType(
            ConflictException.class,
            () -> bench.commands.give(rejected.id(), Command.RETRY, CampaignFixture.DESK));
    assertThat(conflict.campaignId()).isEqualTo(holder.id());
    assertThat(conflict.field()).isEqualTo("name");
    assertThat(bench.get(rejected.id()).stage()).isEqualTo(Stage.REJECTED);
    bench.launchSteps.checked(bench.claim(PriorityClass.LAUNCH, holder.id()), agents(0), null);
    assertThat(bench.commands.give(rejected.id(), Command.RETRY, CampaignFixture.DESK).stage())
        .isEqualTo(Stage.RECEIVED);
  }

  @Test
  void aStopAtThatHasComeTurnsAClaimIntoAStop() {
    String id = bench.active("Spring").id();
    bench.set(id, "stop_at = 2");
    Campaign stop = bench.claimLater(PriorityClass.LOOK, id);
    assertThat(stop.command()).isEqualTo(Command.STOP);
    assertThat(bench.table.next(stop)).isEqualTo(Step.STOP);
    Campaign stopped = bench.carriedOut(stop, "STOPPED");
    assertThat(stopped.stage()).isEqualTo(Stage.STOPPED);
    assertThat(bench.campaigns.history(id))
        .last()
        .satisfies(change -> assertThat(change.reason()).contains("stopAt"));
  }

  @Test
  void aStopAtThatHasComeStopsWhatTheTableLetsBeStopped() {
    String id = bench.active("Spring").id();
    for (Stage stage : EnumSet.complementOf(EnumSet.of(Stage.UNKNOWN))) {
      for (Command command : commandsAndNone()) {
        PriorityClass lane = command == null ? PriorityClass.LOOK : command.lane();
        bench.set(id, at(stage, command) + ", lane = " + lane.code() + ", stop_at = 2");
        Campaign claimed = claimedInAny(id);
        Command then = bench.table.allows(Command.STOP, stage) ? Command.STOP : command;
        assertThat(claimed.command()).as("%s with %s", stage, command).isEqualTo(then);
        if (then != command) {
          assertThat(claimed.lane()).isEqualTo(then.lane());
          assertThat(bench.table.next(claimed)).isEqualTo(bench.table.sends(claimed));
        }
      }
    }
  }

  @Test
  void aCommandThatArrivesMeanwhileIsWhatTheTableHasDoneNext() {
    String id = bench.active("Spring").id();
    for (Command had : commandsAndNone()) {
      for (Command arrived : EnumSet.complementOf(EnumSet.of(Command.UNKNOWN))) {
        PriorityClass lane = had == null ? PriorityClass.LOOK : had.lane();
        bench.set(id, at(Stage.ACTIVE, had) + ", lane = " + lane.code());
        Campaign run = bench.claim(lane, id);
        bench.set(id, "command = '" + arrived + "'");
        bench.failures.retryLater(run, unavailable(Kind.THROTTLED, Duration.ofMinutes(10)));
        Campaign after = bench.get(id);
        assertThat(after.command()).as("%s after %s", arrived, had).isEqualTo(arrived);
        assertThat(after.lane()).as("%s after %s", arrived, had).isEqualTo(arrived.lane());
        assertThat(after.dueAt() <= bench.store.now())
            .as("%s after %s is due", arrived, had)
            .isEqualTo(arrived != had);
        assertThat(bench.table.next(after)).isEqualTo(bench.table.sends(after));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Command.class,
      names = {"PAUSE", "STOP", "HOLD"})
  void aCommandThatArrivesWhileALookFindsItGoneDoesNotKeepItFromBeingHalted(Command arrived) {
    String id = bench.active("Spring").id();
    Campaign look = bench.claimLater(PriorityClass.LOOK, id);
    bench.set(id, "command = '" + arrived + "'");
    Campaign failed = bench.refusals.refused(look, refusal(404, null));
    assertThat(failed.stage()).isEqualTo(Stage.FAILED);
    assertThat(bench.get(id).command()).isEqualTo(Command.HALT);
    Campaign halt = claimedInAny(id);
    assertThat(bench.table.next(halt)).isEqualTo(Step.PAUSE);
    Campaign halted = bench.carriedOut(halt, "PAUSED");
    assertThat(halted.remoteStatus()).isEqualTo("PAUSED");
    assertThat(halted.lane()).isEqualTo(PriorityClass.LOOK);
  }

  @Test
  void aCommandThatIsOvertakenLeavesWhatHasEndedWatched() {
    String id = bench.active("Spring").id();
    bench.set(id, at(Stage.COMPLETED, Command.PAUSE) + ", lane = " + Command.PAUSE.lane().code());
    Campaign dropped = bench.commandSteps.dropCommand(bench.claim(PriorityClass.COMMAND, id));
    assertThat(dropped.command()).isNull();
    assertThat(dropped.lane()).isEqualTo(PriorityClass.LOOK);
    assertThat(bench.table.next(bench.claimLater(PriorityClass.LOOK, id))).isEqualTo(Step.CONFIRM);
  }

  private Campaign claimedInAny(String id) {
    return Stream.of(PriorityClass.values())
        .flatMap(lane -> bench.claims.claim(lane, 5).stream())
        .filter(claimed -> claimed.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static List<Command> commandsAndNone() {
    List<Command> commands = new ArrayList<>(Arrays.asList(Command.values()));
    commands.set(commands.indexOf(Command.UNKNOWN), null);
    return commands;
  }

  private static String at(Stage stage, Command command) {
    return "stage = '%s', ended = %d, command = %s, due_at = 1, claim_token = null, asked_at = null"
        .formatted(stage, stage.ended() ? 1 : 0, command == null ? "null" : "'" + command + "'");
  }

  @Test
  void aCampaignIsLookedAtWhenItsStopAtComesAndNotLater() {
    String id = bench.activating("Spring").id();
    long soon = bench.store.now() + 20_000;
    bench.set(id, "stop_at = " + soon);
    Campaign active =
        bench.launchSteps.polled(
            bench.claimLater(PriorityClass.LAUNCH, id), json("{'status':'ACTIVE'}"));
    assertThat(active.dueAt()).isEqualTo(soon);
  }

  // Waiting callers, lists, odds and ends

  @Test
  void aWaitingCallerIsAnsweredWhenTheLaunchHasEnded() {
    String id = bench.activating("Spring").id();
    CompletableFuture<Campaign> answer = bench.waiters.await(id, c -> c.stage().launched(), 60_000);
    assertThat(answer).isNotDone();
    bench.launchSteps.polled(
        bench.claimLater(PriorityClass.LAUNCH, id), json("{'status':'ACTIVE'}"));
    assertThat(answer).isCompletedWithValueMatching(c -> c.stage() == Stage.ACTIVE);
    assertThat(bench.waiters.await(id, c -> c.stage().launched(), 60_000)).isCompleted();
    assertThat(bench.waiters.await("nobody", c -> true, 1).handle((c, e) -> e))
        .isCompletedWithValueMatching(e -> e instanceof UnknownCampaignException);
  }

  @Test
  void aCallerWhoseTimeIsUpGetsTheCampaignAsItIs() {
    String id = bench.take("Spring").id();
    assertThat(bench.waiters.await(id, c -> false, 0))
        .isCompletedWithValueMatching(c -> c.stage() == Stage.RECEIVED);
    CompletableFuture<Campaign> later = bench.waiters.await(id, c -> false, 1);
    org.awaitility.Awaitility.await()
        .untilAsserted(
            () -> {
              bench.waiters.due().forEach(bench.waiters::look);
              assertThat(later).isCompleted();
            });
  }

  @Test
  void aListIsReadPageByPageInTheOrderOfTaking() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(bench.take("Campaign " + i).id());
    }
    ids.sort(null);
    assertThat(bench.campaigns.list(null, null, 3))
        .extracting(Campaign::id)
        .containsExactlyElementsOf(ids.subList(0, 3));
    assertThat(bench.campaigns.list(null, ids.get(2), 3))
        .extracting(Campaign::id)
        .containsExactlyElementsOf(ids.subList(3, 5));
    assertThat(bench.campaigns.list(Stage.ACTIVE, null, 3)).isEmpty();
    assertThat(bench.campaigns.countByStage()).containsExactly(Map.entry(Stage.RECEIVED, 5L));
  }

  @Test
  void whatIsStoredIsReadBackAsItWas() {
    Campaign taken =
        bench.hand(request("Spring \u00e9\u4e2d\ud83d\ude00", "'externalId':'k'"), null).campaign();
    Campaign read = bench.get(taken.id());
    assertThat(read).usingRecursiveComparison().ignoringFields("dueSince").isEqualTo(taken);
  }

  @Test
  void aStepThatBreaksIsTriedAgainLater() {
    Campaign claimed = bench.claim(PriorityClass.LAUNCH, bench.take("Spring").id());
    Campaign back = bench.failures.broken(claimed, new IllegalStateException("a bug"));
    assertThat(back.stage()).isEqualTo(Stage.RECEIVED);
    assertThat(back.dueAt() - bench.store.now()).isBetween(0L, 5_000L);
    assertThat(back.claim()).isNull();
  }

  // Faults found; see the report. Each is what should be.

  @Test
  void aStopThatCameBeforeTheIntentIsWrittenKeepsTheCreateFromBeingSent() {
    Campaign checked = bench.checked("Spring");
    bench.commands.give(checked.id(), Command.STOP, CampaignFixture.DESK);
    Campaign intended = bench.launchSteps.intend(checked);
    assertThat(intended.goOn()).isFalse();
    assertThat(intended.creating()).isFalse();
  }

  @Test
  void aStopThatCannotBeSettledIsNotRepeatedForEverAndARetryIsPossible() {
    Campaign lost = bench.failures.retryLater(bench.intended("Spring"), cut());
    bench.commands.give(lost.id(), Command.STOP, CampaignFixture.DESK);
    String two =
        "{'campaigns':[{'id':'R-1','name':'Spring','status':'DRAFT'},"
            + "{'id':'R-2','name':'Spring','status':'DRAFT'}]}";
    bench.lostCreates.resolveCreate(bench.claim(PriorityClass.COMMAND, lost.id()), json(two));
    assertThat(bench.get(lost.id()).stage()).isEqualTo(Stage.UNSETTLED);
    bench.set(lost.id(), "due_at = 1");
    bench
        .claims
        .claim(PriorityClass.COMMAND, 5)
        .forEach(c -> bench.lostCreates.resolveCreate(c, json(two)));
    assertThat(bench.history(lost.id())).filteredOn(s -> s == Stage.UNSETTLED).hasSize(1);
    assertThat(bench.commands.give(lost.id(), Command.RETRY, CampaignFixture.DESK).stage())
        .isEqualTo(Stage.CHECKED);
  }

  @Test
  void aCommandThatTheEndOfTheCampaignHasOvertakenIsDropped() {
    String id = bench.active("Spring").id();
    Campaign looking = bench.claimLater(PriorityClass.LOOK, id);
    bench.commands.give(id, Command.PAUSE, CampaignFixture.DESK);
    Campaign ended = bench.statusSteps.checkStatus(looking, json("{'status':'COMPLETED'}"));
    assertThat(ended.stage()).isEqualTo(Stage.COMPLETED);
    assertThat(bench.claims.claim(PriorityClass.COMMAND, 5)).isEmpty();
    assertThat(bench.get(id).command()).isNull();
    assertThat(bench.get(id).lane()).as("it is still looked at").isEqualTo(PriorityClass.LOOK);
  }

  @Test
  void aCommandThatTheEndHasOvertakenDoesNotTakeTheNameBack() {
    String id = bench.active("Spring").id();
    Campaign looking = bench.claimLater(PriorityClass.LOOK, id);
    bench.commands.give(id, Command.PAUSE, CampaignFixture.DESK);
    bench.statusSteps.checkStatus(
        looking, json("{'status':'ERROR','failureCode':'CONTACT_LIST_EMPTY'}"));
    bench.take("Spring");
    for (Campaign pause : bench.claims.claim(PriorityClass.COMMAND, 5)) {
      bench.commandSteps.commanded(pause, json("{'status':'PAUSED'}"));
    }
    assertThat(bench.get(id).stage()).isEqualTo(Stage.FAILED);
  }

  @Test
  void figuresThatArriveDuringARunAreNotOverwrittenByIt() {
    Campaign looking = bench.claimLater(PriorityClass.LOOK, bench.active("Spring").id());
    bench.statusSteps.figures(looking, json("{'attemptedCalls':9,'connectedCalls':4}"));
    bench.statusSteps.checkStatus(looking, json("{'status':'ACTIVE'}"));
    assertThat(bench.get(looking.id()).attemptedCalls()).isEqualTo(9);
  }

  @Test
  void aRefusedHaltLeavesTheReasonOfTheFailure() {
    String id = bench.activating("Spring").id();
    bench.set(id, "activating_at = activating_at - 120000");
    bench.launchSteps.polled(
        bench.claimLater(PriorityClass.LAUNCH, id), json("{'status':'PENDING'}"));
    bench.refusals.refused(bench.claim(PriorityClass.COMMAND, id), refusal(409, null));
    assertThat(bench.get(id).failure().kind()).isEqualTo(Failure.Kind.TIMED_OUT);
  }

  // A stop of the service

  @Test
  void aStopOfTheServiceDecidesNothingInAnyStage() {
    Campaign intended = bench.intended("A");
    Campaign back = bench.failures.retryLater(intended, unavailable(Kind.STOPPING, null));
    assertThat(back.stage()).isEqualTo(Stage.CHECKED);
    assertThat(back.failure()).isNull();
    assertThat(back.claim()).isNull();
    assertThat(back.intentAt()).isNull(); // it was not sent: nothing to look up
    assertThat(back.creates()).isZero();

    Campaign polled = bench.activating("B");
    bench.set(polled.id(), "activating_at = 1");
    back =
        bench.failures.retryLater(
            bench.claimLater(PriorityClass.LAUNCH, polled.id()), unavailable(Kind.STOPPING, null));
    assertThat(back.stage()).isEqualTo(Stage.ACTIVATING);
    assertThat(back.failure()).isNull();

    String old = bench.take("C").id();
    bench.set(old, "stage_at = 1");
    back =
        bench.failures.retryLater(
            bench.claim(PriorityClass.LAUNCH, old), unavailable(Kind.STOPPING, null));
    assertThat(back.stage()).isEqualTo(Stage.RECEIVED);

    Campaign cut = bench.intended("D");
    back = bench.failures.broken(cut, new RuntimeException(new InterruptedException()));
    assertThat(back.stage()).isEqualTo(Stage.CHECKED);
    assertThat(back.failure()).isNull();
    assertThat(back.intentAt()).isNotNull(); // whether it was sent is not known
  }

  // What CXone says decides

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{'status':'STOPPED'}", "{'status':'STOPPING'}", "{'status':7}"})
  void whateverAStopIsAnsweredItIsDoneOnlyOnceCxoneIsReadToSaySo(String answer) {
    String id = bench.active("Spring").id();
    bench.commands.give(id, Command.STOP, CampaignFixture.DESK);
    Campaign asked =
        bench.commandSteps.commanded(bench.claim(PriorityClass.COMMAND, id), json(answer));
    assertThat(asked.stage()).isEqualTo(Stage.ACTIVE);
    assertThat(asked.pending()).isEqualTo(Command.STOP);
    assertThat(bench.table.next(asked)).isEqualTo(Step.CONFIRM);
    Campaign waits = bench.commandSteps.confirmed(asked, json("{'status':'STOPPING'}"));
    assertThat(waits.stage()).isEqualTo(Stage.ACTIVE);
    assertThat(bench.get(id).remoteStatus()).isEqualTo("STOPPING");
    assertThat(waits.dueAt() - bench.store.now()).isLessThanOrEqualTo(375L);
    assertThat(bench.events(id)).doesNotContain("CAMPAIGN_STOPPED");
    // as after a restart: what was asked for and when is on disk
    Campaign later = bench.claimLater(PriorityClass.COMMAND, id);
    assertThat(bench.table.next(later)).isEqualTo(Step.CONFIRM);
    Campaign stopped = bench.commandSteps.confirmed(later, json("{'status':'STOPPED'}"));
    assertThat(stopped.stage()).isEqualTo(Stage.STOPPED);
    assertThat(stopped.pending()).isNull();
    assertThat(bench.events(id)).endsWith("CAMPAIGN_STOPPED");
  }

  @Test
  void aPauseThatCxoneAnswersIsNotSaidToGoUnanswered() {
    String id = bench.active("Spring").id();
    bench.commands.give(id, Command.PAUSE, CampaignFixture.DESK);
    bench.failures.retryLater(bench.claim(PriorityClass.COMMAND, id), cut());
    assertThat(bench.get(id).failure().message()).isEqualTo("The connection was cut.");
    bench.set(id, "asked_at = null");
    Campaign pause = bench.claimLater(PriorityClass.COMMAND, id);
    assertThat(bench.table.next(pause)).isEqualTo(Step.PAUSE);
    bench.commandSteps.commanded(pause, json("{'status':'ACTIVE'}"));
    assertThat(bench.get(id).failure()).isNull();
    assertThat(bench.get(id).pending()).isEqualTo(Command.PAUSE);
  }

  @Test
  void aPauseThatCxoneDoesNotCarryOutIsAskedAgainAndToldOnceItTakesLong() {
    String id = bench.active("Spring").id();
    bench.commands.give(id, Command.PAUSE, CampaignFixture.DESK);
    Campaign back = bench.carriedOut(bench.claim(PriorityClass.COMMAND, id), "ACTIVE");
    assertThat(back.failure()).isNull();
    bench.set(id, "asked_at = asked_at - 2000");
    back =
        bench.commandSteps.confirmed(
            bench.claimLater(PriorityClass.COMMAND, id), json("{'status':'ACTIVE'}"));
    Campaign again = bench.claimLater(PriorityClass.COMMAND, id);
    assertThat(bench.table.next(again)).isEqualTo(Step.PAUSE);
    bench.set(id, "command_at = command_at - 120000");
    again = bench.claimLater(PriorityClass.COMMAND, id);
    back = bench.carriedOut(again, "ACTIVE");
    assertThat(back.asks()).isEqualTo(2);
    assertThat(bench.get(id).failure().message())
        .contains("CXone is to pause it", "still says ACTIVE", "by hand");
    // nothing is given up, and what is told is not overwritten by what comes between
    back = bench.failures.retryLater(bench.claimLater(PriorityClass.COMMAND, id), cut());
    assertThat(back.failure().message()).contains("CXone is to pause it");
    assertThat(back.pending()).isEqualTo(Command.PAUSE);
    back =
        bench.commandSteps.confirmed(
            bench.claimLater(PriorityClass.COMMAND, id), json("{'status':'PAUSED'}"));
    assertThat(back.stage()).isEqualTo(Stage.PAUSED);
    assertThat(back.failure()).isNull();
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPLETED", "STOPPED", "FAILED"})
  void anotherEndThanThePauseThatWasAskedForIsBelieved(Stage end) {
    String id = bench.active("Spring").id();
    bench.commands.give(id, Command.PAUSE, CampaignFixture.DESK);
    Campaign ended =
        bench.carriedOut(
            bench.claim(PriorityClass.COMMAND, id), end == Stage.FAILED ? "ERROR" : end.name());
    assertThat(ended.stage()).isEqualTo(end);
    assertThat(ended.command()).isNull();
  }

  @Test
  void whatPacingHoldsIsHeldOnlyOnceCxoneSaysPaused() {
    String id = bench.active("Spring").id();
    pend(id, Command.HOLD);
    Campaign asked =
        bench.commandSteps.commanded(
            bench.claim(PriorityClass.COMMAND, id), json("{'status':'PAUSED'}"));
    assertThat(asked.held()).isFalse();
    assertThat(bench.commandSteps.confirmed(asked, json("{'status':'ACTIVE'}")).held()).isFalse();
    assertThat(bench.get(id).remoteStatus()).isEqualTo("ACTIVE");
    Campaign held =
        bench.commandSteps.confirmed(
            bench.claimLater(PriorityClass.COMMAND, id), json("{'status':'PAUSED'}"));
    assertThat(held.held()).isTrue();
    assertThat(held.command()).isNull();
  }

  private void pend(String id, Command command) {
    bench.store.write(tx -> bench.campaigns.pend(tx, id, command));
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 410})
  void aStopOfWhatCxoneNoLongerHasIsDoneAndSaysSo(int status) {
    for (String name : List.of("Spring", "Summer")) {
      String id = bench.active(name).id();
      bench.commands.give(id, Command.STOP, CampaignFixture.DESK);
      Campaign stop = bench.claim(PriorityClass.COMMAND, id);
      if (name.equals("Summer")) { // gone between the write and the read
        stop = bench.commandSteps.commanded(stop, json("{}"));
      } else {
        bench.refusals.refused(stop, refusal(status, "NOT_FOUND"));
        stop = bench.claimLater(PriorityClass.COMMAND, id);
      }
      assertThat(bench.table.next(stop)).as("a write says nothing of it").isEqualTo(Step.CONFIRM);
      Campaign once = bench.refusals.refused(stop, refusal(status, "NOT_FOUND"));
      assertThat(once.stage()).as("one read may be of a replica that lags").isEqualTo(Stage.ACTIVE);
      assertThat(once.pendingIsRefused()).isFalse();
      Campaign gone =
          bench.refusals.refused(
              bench.claimLater(PriorityClass.COMMAND, id), refusal(status, "NOT_FOUND"));
      assertThat(gone.stage()).isEqualTo(Stage.STOPPED);
      assertThat(gone.failure()).isNull();
      assertThat(gone.remoteStatus()).isNull();
      assertThat(bench.campaigns.history(id))
          .last()
          .satisfies(change -> assertThat(change.reason()).contains("is gone there"));
      assertThatThrownBy(() -> bench.commands.give(id, Command.STOP, CampaignFixture.DESK))
          .isInstanceOf(ConflictException.class);
    }
  }

  @Test
  void aStopWhoseWriteWasAnswered404IsAskedAgainWhenCxoneIsReadToBeActive() {
    String id = bench.active("Spring").id();
    bench.commands.give(id, Command.STOP, CampaignFixture.DESK);
    bench.refusals.refused(bench.claim(PriorityClass.COMMAND, id), refusal(404, null));
    Campaign read =
        bench.commandSteps.confirmed(
            bench.claimLater(PriorityClass.COMMAND, id), json("{'status':'ACTIVE'}"));
    assertThat(read.stage()).isEqualTo(Stage.ACTIVE);
    assertThat(read.command()).isEqualTo(Command.STOP);
    bench.set(id, "asked_at = 1");
    bench.commandSteps.confirmed(
        bench.claimLater(PriorityClass.COMMAND, id), json("{'status':'ACTIVE'}"));
    assertThat(bench.table.next(bench.claimLater(PriorityClass.COMMAND, id))).isEqualTo(Step.STOP);
  }

  @ParameterizedTest
  @EnumSource(names = {"STOP", "PAUSE"})
  void whatCannotBeReadIsAskedAgainAllTheSame(Command command) {
    String id = bench.active("Spring").id();
    bench.commands.give(id, command, CampaignFixture.DESK);
    Campaign asked =
        bench.failures.retryLater(
            bench.claim(PriorityClass.COMMAND, id), unavailable(Kind.UNREACHABLE, null));
    assertThat(bench.table.next(asked)).as("lost, so it is read").isEqualTo(Step.CONFIRM);
    bench.failures.retryLater(
        bench.claimLater(PriorityClass.COMMAND, id), unavailable(Kind.UNREACHABLE, null));
    bench.set(id, "asked_at = 1");
    bench.failures.retryLater(
        bench.claimLater(PriorityClass.COMMAND, id), unavailable(Kind.UNREACHABLE, null));
    assertThat(bench.table.next(bench.claimLater(PriorityClass.COMMAND, id)).name())
        .isEqualTo(command.name());
  }

  @Test
  void anAnswerThatTellsOfAnotherCampaignIsNone() {
    String id = bench.active("Spring").id();
    bench.commands.give(id, Command.STOP, CampaignFixture.DESK);
    Campaign asked =
        bench.commandSteps.commanded(bench.claim(PriorityClass.COMMAND, id), json("{}"));
    JsonNode other = json("{'id':'R-9999','status':'STOPPED'}");
    assertThatThrownBy(() -> bench.commandSteps.confirmed(asked, other))
        .isInstanceOf(CxoneUnavailableException.class);
    assertThat(bench.get(id).stage()).isEqualTo(Stage.ACTIVE);
  }

  @Test
  void aLaunchThatActivatesAfterItsStopIsStillSeen() {
    String id = bench.active("Spring").id();
    bench.commands.give(id, Command.STOP, CampaignFixture.DESK);
    Campaign stopped = bench.carriedOut(bench.claim(PriorityClass.COMMAND, id), "STOPPED");
    assertThat(stopped.dueAt() - bench.store.now()).isBetween(55_000L, 60_000L);
    Campaign once =
        bench.commandSteps.confirmed(
            bench.claimLater(PriorityClass.LOOK, id), json("{'status':'STOPPED'}"));
    assertThat(once.lane()).isEqualTo(PriorityClass.LOOK);
    Campaign active =
        bench.commandSteps.confirmed(
            bench.claimLater(PriorityClass.LOOK, id), json("{'status':'ACTIVE'}"));
    assertThat(active.stage()).isEqualTo(Stage.ACTIVE);
    assertThat(bench.campaigns.history(id))
        .last()
        .satisfies(change -> assertThat(change.reason()).contains("although it had ended"));
  }

  @Test
  void whatCxoneWasSeenToHaveEndedTwiceIsLetGo() {
    String id = bench.active("Spring").id();
    bench.statusSteps.checkStatus(
        bench.claimLater(PriorityClass.LOOK, id), json("{'status':'COMPLETED'}"));
    bench.commandSteps.confirmed(
        bench.claimLater(PriorityClass.LOOK, id), json("{'status':'COMPLETED'}"));
    bench.commandSteps.confirmed(
        bench.claimLater(PriorityClass.LOOK, id), json("{'status':'COMPLETED'}"));
    assertThat(bench.get(id).lane()).isNull();
    bench.set(id, "due_at = 1");
    for (PriorityClass lane : PriorityClass.values()) {
      assertThat(bench.claims.claim(lane, 5)).isEmpty();
    }
  }

  @Test
  void whatFailedAndIsOnlyPausedAtCxoneIsLookedAtForGood() {
    String id = bench.activating("Spring").id();
    bench.set(id, "activating_at = activating_at - 120000");
    bench.launchSteps.polled(
        bench.claimLater(PriorityClass.LAUNCH, id), json("{'status':'PENDING'}"));
    bench.carriedOut(bench.claimLater(PriorityClass.COMMAND, id), "PAUSED");
    for (int look = 0; look < 5; look++) {
      bench.commandSteps.confirmed(
          bench.claimLater(PriorityClass.LOOK, id), json("{'status':'PAUSED'}"));
      assertThat(bench.get(id).stage()).isEqualTo(Stage.FAILED);
    }
    bench.commandSteps.confirmed(
        bench.claimLater(PriorityClass.LOOK, id), json("{'status':'ACTIVE'}"));
    assertThat(bench.get(id).stage()).as("somebody resumed it at CXone").isEqualTo(Stage.ACTIVE);
  }

  @Test
  void whatHasEndedAndCannotBeSeenIsLetGoAfterSomeLooksAndKeepsItsFailure() {
    String id = bench.activating("Spring").id();
    bench.launchSteps.polled(
        bench.claimLater(PriorityClass.LAUNCH, id),
        json("{'status':'ERROR','failureCode':'CONTACT_LIST_EMPTY'}"));
    for (int look = 0; look < 6; look++) {
      bench.failures.retryLater(bench.claimLater(PriorityClass.LOOK, id), cut());
      bench.refusals.refused(bench.claimLater(PriorityClass.LOOK, id), refusal(404, null));
    }
    assertThat(bench.get(id).lane()).isNull();
    assertThat(bench.get(id).failure().code()).isEqualTo("CONTACT_LIST_EMPTY");
  }

  @Test
  void whatDialsAfterItsEndThoughItMustNotIsStoppedAgain() {
    String named = bench.active("Spring").id();
    bench.statusSteps.checkStatus(
        bench.claimLater(PriorityClass.LOOK, named), json("{'status':'STOPPED'}"));
    bench.take("Spring");
    String late = bench.active("Summer").id();
    bench.statusSteps.checkStatus(
        bench.claimLater(PriorityClass.LOOK, late), json("{'status':'STOPPED'}"));
    bench.set(late, "stop_at = 2");
    for (String id : List.of(named, late)) {
      Campaign halting =
          bench.commandSteps.confirmed(
              bench.claimLater(PriorityClass.LOOK, id), json("{'status':'ACTIVE'}"));
      assertThat(halting.stage()).isEqualTo(Stage.STOPPED);
      assertThat(halting.remoteStatus()).isEqualTo("ACTIVE");
      assertThat(bench.table.next(halting)).isEqualTo(Step.STOP);
      assertThat(halting.goOn()).isTrue();
      Campaign back = bench.carriedOut(halting, "ACTIVE");
      assertThat(back.command()).isEqualTo(Command.HALT);
      Campaign halted =
          bench.commandSteps.confirmed(
              bench.claimLater(PriorityClass.COMMAND, id), json("{'status':'STOPPED'}"));
      assertThat(halted.command()).isNull();
      assertThat(bench.events(id)).endsWith("CAMPAIGN_RUNS_AFTER_END", "CAMPAIGN_HALTED");
    }
  }

  @Test
  void aHaltIsNeverGivenUpAndLeavesTheReasonOfTheFailure() {
    String id = bench.activating("Spring").id();
    bench.set(id, "activating_at = activating_at - 120000");
    bench.launchSteps.polled(
        bench.claimLater(PriorityClass.LAUNCH, id), json("{'status':'PENDING'}"));
    String reason = bench.get(id).failure().message();
    bench.carriedOut(bench.claim(PriorityClass.COMMAND, id), "PENDING");
    bench.failures.retryLater(bench.claimLater(PriorityClass.COMMAND, id), cut());
    assertThat(bench.get(id).failure().message()).isEqualTo(reason);
    bench.set(id, "command_at = command_at - 120000");
    bench.commandSteps.confirmed(
        bench.claimLater(PriorityClass.COMMAND, id), json("{'status':'ACTIVE'}"));
    assertThat(bench.get(id).failure().message()).startsWith(reason).contains("may be dialing");
    bench.commandSteps.confirmed(
        bench.claimLater(PriorityClass.COMMAND, id), json("{'status':'PAUSED'}"));
    assertThat(bench.get(id).failure().message()).isEqualTo(reason);
    assertThat(bench.get(id).command()).isNull();
  }

  @Test
  void aResumeThatCxoneHasNotComeToYetIsWaitedFor() {
    String id = bench.active("Spring").id();
    bench.commands.give(id, Command.PAUSE, CampaignFixture.DESK);
    bench.carriedOut(bench.claim(PriorityClass.COMMAND, id), "PAUSED");
    bench.commands.give(id, Command.RESUME, CampaignFixture.DESK);
    bench.commandSteps.commanded(
        bench.claim(PriorityClass.COMMAND, id), json("{'status':'PAUSED'}"));
    Campaign waits =
        bench.launchSteps.polled(
            bench.claimLater(PriorityClass.LAUNCH, id), json("{'status':'PAUSED'}"));
    assertThat(waits.stage()).isEqualTo(Stage.ACTIVATING);
    bench.set(id, "activating_at = 1");
    assertThat(
            bench
                .launchSteps
                .polled(bench.claimLater(PriorityClass.LAUNCH, id), json("{'status':'PAUSED'}"))
                .stage())
        .isEqualTo(Stage.PAUSED);
  }

  // Every wait ends at the next edge

  @Test
  void howeverLongCxoneThrottlesAStopAtIsCarriedOutInTime() {
    String id = bench.active("Spring").id();
    long soon = bench.store.now() + 5_000;
    bench.set(id, "stop_at = " + soon);
    Campaign back =
        bench.failures.retryLater(
            bench.claimLater(PriorityClass.LOOK, id),
            unavailable(Kind.THROTTLED, Duration.ofHours(1)));
    assertThat(back.dueAt()).isEqualTo(soon);
    // even one that waits for longer, in whichever lane
    bench.set(id, "stop_at = 2, due_at = " + (soon + 3_600_000));
    Campaign stop = bench.claim(PriorityClass.COMMAND, id);
    assertThat(bench.table.next(stop)).isEqualTo(Step.STOP);
    assertThat(stop.commandAt()).isNotNull();
    back = bench.failures.retryLater(stop, unavailable(Kind.THROTTLED, Duration.ofHours(1)));
    assertThat(back.dueAt() - bench.store.now()).isBetween(0L, 60_000L);
    assertThat(back.lane()).isEqualTo(PriorityClass.COMMAND);
  }

  @Test
  void aStopAtGoesBeforeAPauseThatIsStillPending() {
    String id = bench.active("Spring").id();
    bench.commands.give(id, Command.PAUSE, CampaignFixture.DESK);
    bench.carriedOut(bench.claim(PriorityClass.COMMAND, id), "ACTIVE");
    bench.set(id, "stop_at = 2");
    Campaign stop = bench.claim(PriorityClass.COMMAND, id);
    assertThat(stop.command()).isEqualTo(Command.STOP);
    assertThat(bench.table.next(stop)).isEqualTo(Step.STOP);
    assertThat(stop.asks()).isZero();
  }

  @Test
  void aLongRetryAfterPutsOffNeitherALookNorTheEndOfAnActivation() {
    String running = bench.active("Spring").id();
    Campaign back =
        bench.failures.retryLater(
            bench.claimLater(PriorityClass.LOOK, running),
            unavailable(Kind.THROTTLED, Duration.ofHours(1)));
    assertThat(back.dueAt() - bench.store.now()).isLessThanOrEqualTo(60_000L);
    String activating = bench.activating("Summer").id();
    back =
        bench.failures.retryLater(
            bench.claimLater(PriorityClass.LAUNCH, activating),
            unavailable(Kind.HELD_BACK, Duration.ofHours(1)));
    assertThat(back.dueAt() - bench.store.now()).isLessThanOrEqualTo(120_000L);
  }

  // Answers that are none, ids given twice, states of a newer version

  @Test
  void anAnswerThatTellsNothingDecidesNothing() {
    String id = bench.active("Spring").id();
    Campaign looking = bench.claimLater(PriorityClass.LOOK, id);
    for (String none : List.of("{}", "{'status':''}", "{'status':{}}", "[]")) {
      assertThatThrownBy(() -> bench.statusSteps.checkStatus(looking, json(none)))
          .isInstanceOf(CxoneUnavailableException.class);
      assertThatThrownBy(() -> bench.commandSteps.confirmed(looking, json(none)))
          .isInstanceOf(CxoneUnavailableException.class);
      assertThatThrownBy(() -> bench.launchSteps.polled(looking, json(none)))
          .isInstanceOf(CxoneUnavailableException.class);
      assertThatThrownBy(() -> bench.lostCreates.resolveCreate(looking, json(none)))
          .isInstanceOf(CxoneUnavailableException.class);
      assertThatThrownBy(
              () -> bench.launchSteps.checked(looking, new AgentPools.Pool(json(none)), null))
          .isInstanceOf(CxoneUnavailableException.class);
    }
    assertThat(bench.get(id).stage()).isEqualTo(Stage.ACTIVE);
  }

  @Test
  void anIdThatCxoneGivesTwiceIsUnsettledAndNamesTheOtherCampaign() {
    Campaign first = bench.active("Spring");
    Campaign second =
        bench.launchSteps.created(
            bench.intended("Summer"), json("{'id':'R-Spring','status':'DRAFT'}"));
    assertThat(second.stage()).isEqualTo(Stage.UNSETTLED);
    assertThat(second.failure().message()).contains("R-Spring", first.id(), "Spring");
    assertThat(second.remoteId()).isNull();
    assertThat(bench.commands.give(second.id(), Command.RETRY, CampaignFixture.DESK).stage())
        .isEqualTo(Stage.RECEIVED);
  }

  @Test
  void whatBreaksIsToldWithoutAnythingOfOurInside() {
    Campaign claimed = bench.claim(PriorityClass.LAUNCH, bench.take("Spring").id());
    Campaign back =
        bench.failures.broken(
            claimed, new IllegalStateException("update campaign set remote_id = ? where id = ?"));
    assertThat(back.failure().message()).contains("log").doesNotContain("update", "Exception");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'dialerStrategy':'POWER'",
        "'pacing':{'maxAttemptsPerNumber':9}",
        "'schedule':{'endHour':21}",
        "'schedule':{'daysOfWeek':['SUN']}"
      })
  void aDraftOfTheNameThatWasSetUpOtherwiseIsNotAdopted(String otherwise) {
    Campaign lost = bench.lost("Spring");
    String told =
        "{'campaigns':[{'id':'R-7','name':'Spring','status':'DRAFT','payload':{%s}}]}"
            .formatted(otherwise);
    Campaign unsettled = bench.lostCreates.resolveCreate(lost, json(told));
    assertThat(unsettled.stage()).isEqualTo(Stage.UNSETTLED);
    assertThat(unsettled.failure().message()).contains("R-7", "set up differently");
  }

  @Test
  void aDraftThatAgreesWithWhatWasSentIsAdoptedAlsoBesideAnotherOne() {
    Campaign lost = bench.lost("Spring");
    ObjectNode mine = lost.payload().deepCopy();
    mine.put("id", "R-7");
    ObjectNode found = Json.object();
    found
        .putArray("campaigns")
        .add(json("{'id':'R-6','name':'Spring','payload':{'dialerStrategy':'POWER'}}"))
        .addObject()
        .put("id", "R-7")
        .put("name", "Spring")
        .put("status", "DRAFT")
        .set("payload", mine);
    assertThat(bench.lostCreates.resolveCreate(lost, found).remoteId()).isEqualTo("R-7");
  }

  @Test
  void aLostCreateIsLookedForSeveralTimesBeforeItIsSentAgain() {
    Campaign lost = bench.lost("Spring");
    bench.set(lost.id(), "in_flight_until = " + bench.store.now());
    for (int look = 0; look < 5; look++) {
      Campaign waits =
          bench.lostCreates.resolveCreate(
              bench.claimLater(PriorityClass.LAUNCH, lost.id()), json("{'campaigns':[]}"));
      assertThat(bench.table.next(waits)).isEqualTo(Step.RESOLVE_CREATE);
      assertThat(waits.goOn()).isFalse();
      assertThat(waits.dueAt() - bench.store.now()).isLessThanOrEqualTo(7_000L);
    }
    bench.set(lost.id(), "in_flight_until = in_flight_until - 20000");
    assertThat(
            bench.table.next(
                bench.lostCreates.resolveCreate(
                    bench.claimLater(PriorityClass.LAUNCH, lost.id()), json("{'campaigns':[]}"))))
        .isEqualTo(Step.CREATE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stage = 'DRAINING'",
        "command = 'DRAIN', lane = 0",
        "lane = 9",
        "failure_kind = 'ODD', failure_message = 'odd'"
      })
  void aRowOfANewerVersionHoldsUpNoOtherAndCanBeStopped(String newer) {
    String id = bench.active("Spring").id();
    String other = bench.active("Summer").id();
    bench.set(id, newer + ", due_at = 1");
    bench.set(other, "due_at = 1");
    boolean ours = newer.startsWith("failure");
    assertThat(bench.claims.claim(PriorityClass.LOOK, 5)).hasSize(ours ? 2 : 1);
    assertThat(bench.claims.claim(PriorityClass.COMMAND, 5)).isEmpty();
    assertThat(bench.campaigns.list(null, null, 5)).hasSize(2);
    assertThat(bench.campaigns.history(id)).isNotEmpty();
    assertThat(bench.campaigns.countByStage().values())
        .containsOnly(newer.startsWith("stage") ? 1L : 2L);
    if (newer.startsWith("stage") || newer.startsWith("command")) {
      assertThat(bench.get(id).failure().message()).contains("newer version", "DRAIN");
      assertThatThrownBy(() -> bench.commands.give(id, Command.RETRY, CampaignFixture.DESK))
          .isInstanceOf(ConflictException.class);
    }
    bench.commands.give(id, Command.PAUSE, CampaignFixture.DESK);
    bench.commands.give(id, Command.STOP, CampaignFixture.DESK);
    Campaign stop =
        ours ? bench.claimLater(PriorityClass.COMMAND, id) : bench.claim(PriorityClass.COMMAND, id);
    Campaign asked = bench.commandSteps.commanded(stop, json("{}"));
    if (newer.startsWith("stage")) {
      assertThat(bench.text(id, "stage")).isEqualTo("DRAINING"); // not ours to name
    }
    assertThat(bench.commandSteps.confirmed(asked, json("{'status':'STOPPED'}")).stage())
        .isEqualTo(Stage.STOPPED);
  }

  @Test
  void aStopAtComesThoughTheCampaignHasNoLane() {
    String id = bench.active("Spring").id();
    bench.set(id, "lane = null, stop_at = 1");
    assertThat(bench.claim(PriorityClass.COMMAND, id).command()).isEqualTo(Command.STOP);
  }

  @Test
  void aReleaseGivenDuringALookWaitsBehindStops() {
    String id = bench.active("Spring").id();
    Campaign looking = bench.claimLater(PriorityClass.LOOK, id);
    pend(id, Command.RELEASE);
    assertThat(bench.statusSteps.checkStatus(looking, json("{'status':'ACTIVE'}")).lane())
        .isEqualTo(PriorityClass.LOOK);
    assertThat(bench.table.next(bench.claim(PriorityClass.LOOK, id))).isEqualTo(Step.RELEASE);
  }

  @Test
  void figuresOfARunThatHasLostItsLeaseAreDropped() {
    String id = bench.active("Spring").id();
    Campaign old = bench.claimLater(PriorityClass.LOOK, id);
    bench.claimLater(PriorityClass.LOOK, id);
    assertThatThrownBy(() -> bench.statusSteps.figures(old, json("{'attemptedCalls':9}")))
        .isInstanceOf(LeaseLostException.class);
    assertThat(bench.get(id).attemptedCalls()).isZero();
  }

  @Test
  void ofTwoCampaignsOfANameThatAreRetriedAtOnceOneIsAConflict() throws Exception {
    for (int round = 0; round < 5; round++) {
      String name = "Spring " + round;
      String first = bench.rejected(name).id();
      String second = bench.rejected(name).id();
      List<Callable<Object>> retries = new ArrayList<>();
      for (String id : List.of(first, second, first, second)) {
        retries.add(
            () -> {
              try {
                return bench.commands.give(id, Command.RETRY, CampaignFixture.DESK);
              } catch (ConflictException e) {
                return e;
              }
            });
      }
      assertThat(TestStores.atOnce(retries)).filteredOn(Campaign.class::isInstance).hasSize(1);
    }
  }

  // A clock that is set

  private static final long HOUR = 3_600_000;
  private static final String AT_ANY_HOUR =
      ",'policy':'none','schedule':{'daysOfWeek':['MONDAY','TUESDAY','WEDNESDAY','THURSDAY',"
          + "'FRIDAY','SATURDAY','SUNDAY'],'startHour':0,'endHour':24}";

  private boolean isDue(PriorityClass lane, String id) {
    return bench.claims.claim(lane, 100).stream().anyMatch(c -> c.id().equals(id));
  }

  private String in(long millis) {
    return Instant.ofEpochMilli(System.currentTimeMillis() + millis).toString();
  }

  @ParameterizedTest
  @ValueSource(longs = {60_000, 600_000, 2 * HOUR, -60_000, -600_000, -2 * HOUR})
  void aRunKeepsItsClaimAndGoesOnHoweverTheClockIsSet(long step) {
    Campaign claimed = bench.claim(PriorityClass.LAUNCH, bench.take("Spring").id());
    bench.setClock(step);
    assertThat(isDue(PriorityClass.LAUNCH, claimed.id())).isFalse();
    Campaign checked = bench.launchSteps.checked(claimed, agents(2), null);
    bench.setClock(0);
    Campaign intended = bench.launchSteps.intend(checked);
    bench.setClock(step);
    Campaign created = bench.launchSteps.created(intended, json("{'id':'R-1','status':'DRAFT'}"));
    Campaign activating =
        bench.launchSteps.activationAsked(
            bench.launchSteps.registered(created, json("{'id':'W-1'}")),
            json("{'status':'PENDING'}"));
    assertThat(activating.dueAt() - bench.store.now()).isLessThanOrEqualTo(5_000);
    bench.setClock(0);
    Campaign polled =
        bench.launchSteps.polled(
            bench.claimLater(PriorityClass.LAUNCH, activating.id()), json("{'status':'PENDING'}"));
    assertThat(polled.stage()).as("no time-out came early").isEqualTo(Stage.ACTIVATING);
    assertThat(polled.dueAt() - bench.store.now()).isLessThanOrEqualTo(5_000);
    bench.setClock(step);
    Campaign active =
        bench.launchSteps.polled(
            bench.claimLater(PriorityClass.LAUNCH, activating.id()), json("{'status':'ACTIVE'}"));
    assertThat(active.latencyMs()).isBetween(0L, 60_000L);
    assertThat(bench.get(active.id()).dueAt() - bench.store.now()).isLessThanOrEqualTo(60_000);
  }

  @ParameterizedTest
  @ValueSource(longs = {600_000, 2 * HOUR, -600_000, -2 * HOUR})
  void aPollThatIsUnderWayWhenTheClockIsSetEndsNoActivationEarlyOrLate(long step) {
    Campaign polling = bench.claimLater(PriorityClass.LAUNCH, bench.activating("Spring").id());
    bench.setClock(step);
    assertThat(bench.launchSteps.polled(polling, json("{'status':'PENDING'}")).stage())
        .isEqualTo(Stage.ACTIVATING);
    Campaign unanswered =
        bench.failures.retryLater(bench.claimLater(PriorityClass.LAUNCH, polling.id()), cut());
    assertThat(unanswered.stage()).isEqualTo(Stage.ACTIVATING);
    bench.setClock(0);
    Campaign answered =
        bench.launchSteps.polled(
            bench.claimLater(PriorityClass.LAUNCH, polling.id()), json("{'status':'ACTIVE'}"));
    assertThat(answered.latencyMs()).isBetween(0L, 60_000L);
    Campaign looked = bench.claimLater(PriorityClass.LOOK, polling.id());
    bench.setClock(step);
    bench.statusSteps.checkStatus(looked, json("{'status':'ACTIVE'}"));
    long now = bench.store.now();
    assertThat(bench.get(polling.id()).stageAt()).isBetween(now - 60_000, now);
  }

  @Test
  void aScheduledCampaignGoesByTheClockAsItIsNow() {
    Campaign c =
        bench
            .hand(request("Spring", "'activateAt':'" + in(HOUR) + "'" + AT_ANY_HOUR), null)
            .campaign();
    bench.launchSteps.checked(bench.claim(PriorityClass.LAUNCH, c.id()), agents(2), null);
    assertThat(bench.get(c.id()).stage()).isEqualTo(Stage.SCHEDULED);
    bench.setClock(-2 * HOUR);
    assertThat(isDue(PriorityClass.LAUNCH, c.id())).isFalse();
    bench.setClock(HOUR - 10_000);
    assertThat(isDue(PriorityClass.LAUNCH, c.id())).isFalse();
    bench.setClock(HOUR + 1_000);
    assertThat(
            bench
                .launchSteps
                .checked(bench.claim(PriorityClass.LAUNCH, c.id()), agents(2), null)
                .stage())
        .isEqualTo(Stage.CHECKED);
  }

  @Test
  void aStopAtComesByTheClockAsItIsNow() {
    Campaign c =
        bench.hand(request("Spring", "'stopAt':'" + in(HOUR) + "'" + AT_ANY_HOUR), null).campaign();
    Campaign checked =
        bench.launchSteps.checked(bench.claim(PriorityClass.LAUNCH, c.id()), agents(2), null);
    Campaign created =
        bench.launchSteps.created(
            bench.launchSteps.intend(checked), json("{'id':'R-1','status':'DRAFT'}"));
    bench.launchSteps.activationAsked(
        bench.launchSteps.registered(created, json("{'id':'W-1'}")), json("{'status':'ACTIVE'}"));
    bench.setClock(-2 * HOUR);
    assertThat(isDue(PriorityClass.LOOK, c.id())).as("looked at on its period").isFalse();
    assertThat(bench.get(c.id()).dueAt() - bench.store.now()).isLessThanOrEqualTo(60_000);
    bench.setClock(HOUR + 1_000);
    assertThat(bench.claim(PriorityClass.LOOK, c.id()).command()).isEqualTo(Command.STOP);
  }

  @Test
  void aLostCreateIsLookedForNeitherTooEarlyNorHoursLate() {
    Campaign lost = bench.failures.retryLater(bench.intended("Spring"), cut());
    long left = lost.inFlightUntil() - bench.store.now();
    for (long ahead : new long[] {2 * HOUR, -2 * HOUR, 0}) {
      bench.setClock(ahead);
      long now = bench.store.now();
      assertThat(bench.get(lost.id()).inFlightUntil() - now).isBetween(left - 3_000, left);
    }
  }

  @Test
  void anEventAfterTheClockWasSetBackIsNoOldOneAndAfterItWasSetForwardAtLeastALook() {
    Campaign c = bench.active("Spring");
    LifecycleEvents events = bench.events;
    bench.setClock(2 * HOUR);
    long truly = System.currentTimeMillis();
    assertThat(happened(events, c, truly)).isEmpty();
    assertThat(bench.get(c.id()).dueAt()).isLessThanOrEqualTo(bench.store.now());
    bench.setClock(0);
    assertThat(happened(events, c, bench.store.now() + 1))
        .get()
        .extracting(Campaign::stage)
        .isEqualTo(Stage.PAUSED);
  }

  private Optional<Campaign> happened(LifecycleEvents events, Campaign c, long at) {
    return bench.store.write(
        tx -> events.happened(tx, c.remoteId(), "CAMPAIGN_PAUSED", at, json("{}")));
  }
}
