package io.campaignroutes.campaign;

import static io.campaignroutes.campaign.CampaignFixture.DESK;
import static io.campaignroutes.campaign.CampaignFixture.agents;
import static io.campaignroutes.campaign.CampaignFixture.cut;
import static io.campaignroutes.campaign.CampaignFixture.json;
import static io.campaignroutes.campaign.CampaignFixture.refusal;
import static io.campaignroutes.campaign.CampaignFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.access.By;
import io.campaignroutes.audit.AuditLog;
import io.campaignroutes.store.TestStores;
import io.campaignroutes.text.Json;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** By whose wish things happen, as history, audit and pending commands tell it on a real store. */
abstract class ByWhomSuite {
  private static final By NIGHT = new By("night shift", "person");
  private static final String ACTIVATE = "activateAt (schedule)";

  @TempDir Path temp;
  private CampaignFixture bench;

  abstract TestStores.Opened open();

  @BeforeEach
  void openBench() {
    bench = new CampaignFixture(open());
  }

  @AfterEach
  void everyTransitionHasOneHistoryRowAndOneAuditLineThatTellTheSame() {
    try {
      bench.assertHistoryAndAuditAgree();
    } finally {
      bench.close();
    }
  }

  /** "STAGE by whom", oldest first. */
  private List<String> history(String id) {
    return bench.campaigns.history(id).stream().map(one -> one.stage() + " " + one.by()).toList();
  }

  /** "EVENT by whom" of the newest lines, oldest first. */
  private List<String> audit(String id, int newest) {
    List<String> lines =
        bench.auditLines(id).stream()
            .map(line -> line.path("event").asText() + " " + line.at("/by/name").asText("null"))
            .toList();
    return lines.subList(lines.size() - newest, lines.size());
  }

  private Campaign command(String id) {
    return bench.claimLater(PriorityClass.COMMAND, id);
  }

  @Test
  void aLaunchIsToldAsThatOfWhoeverHandedItIn() {
    String id = bench.active("Spring").id();
    assertThat(history(id))
        .containsExactly(
            "RECEIVED desk (key)",
            "CHECKED desk (key)",
            "CREATED desk (key)",
            "REGISTERED desk (key)",
            "ACTIVATING desk (key)",
            "ACTIVE desk (key)");
  }

  @Test
  void aLaunchThatIsRefusedIsNobodysWish() {
    String id = bench.rejected("Spring").id();
    assertThat(history(id)).containsExactly("RECEIVED desk (key)", "REJECTED null");
  }

  @Test
  void aRepeatOfSomebodyElsesChangesNothing() {
    String id = bench.hand(request("Spring", ""), "key-1").campaign().id();
    CampaignIntake.Taken again =
        bench.intake.take(
            bench.intake.check(Json.utf8(Json.text(request("Spring", ""))), "key-1"), NIGHT);
    assertThat(again.repeat()).isTrue();
    assertThat(again.campaign().id()).isEqualTo(id);
    assertThat(history(id)).containsExactly("RECEIVED desk (key)");
  }

  @Test
  void aCommandIsWithWhoeverGaveItBeforeWhileAndAfterItIsCarriedOut() {
    String id = bench.active("Spring").id();
    Campaign pending = bench.commands.give(id, Command.PAUSE, NIGHT);
    assertThat(pending.commandBy()).isEqualTo(NIGHT);
    assertThat(bench.commands.give(id, Command.PAUSE, DESK).commandBy())
        .as("a repeat")
        .isEqualTo(NIGHT);
    assertThat(audit(id, 1)).containsExactly("COMMAND_GIVEN night shift");
    bench.carriedOut(command(id), "PAUSED");
    assertThat(bench.get(id).commandBy()).isNull();
    bench.commands.give(id, Command.RESUME, DESK);
    Campaign asked = bench.commandSteps.commanded(command(id), json("{'status':'PENDING'}"));
    bench.launchSteps.polled(
        bench.claimLater(PriorityClass.LAUNCH, asked.id()), json("{'status':'ACTIVE'}"));
    assertThat(history(id))
        .endsWith("PAUSED night shift (person)", "ACTIVATING desk (key)", "ACTIVE desk (key)");
    assertThat(audit(id, 5))
        .containsExactly(
            "COMMAND_GIVEN night shift",
            "CAMPAIGN_PAUSED night shift",
            "COMMAND_GIVEN desk",
            "CAMPAIGN_ACTIVATING desk",
            "CAMPAIGN_ACTIVE desk");
  }

  @Test
  void aCommandThatAnotherTakesThePlaceOfIsToldAllTheSame() {
    String id = bench.active("Spring").id();
    bench.commands.give(id, Command.PAUSE, NIGHT);
    Campaign claimed = command(id);
    bench.commands.give(id, Command.STOP, DESK);
    Campaign after = bench.commandSteps.commanded(claimed, json("{'status':'PAUSED'}"));
    assertThat(after.command()).isEqualTo(Command.STOP);
    assertThat(after.commandBy()).as("as the row has it").isEqualTo(DESK);
    bench.carriedOut(command(id), "STOPPED");
    assertThat(audit(id, 3))
        .containsExactly(
            "COMMAND_GIVEN night shift", "COMMAND_GIVEN desk", "CAMPAIGN_STOPPED desk");
  }

  @Test
  void aStopThatIsForcedWhileASoftOneIsCarriedOutIsThatOfWhoeverForcedIt() {
    String id = bench.active("Spring").id();
    bench.skillCommands.give(id, Command.STOP, NIGHT);
    Campaign claimed = command(id);
    bench.skillCommands.forceStop(id, DESK);
    Campaign after = bench.commandSteps.commanded(claimed, json("{'status':'ACTIVE'}"));
    assertThat(after.goOn()).as("whoever takes it next forces it").isFalse();
    Campaign forced = command(id);
    assertThat(bench.table.next(forced)).isEqualTo(Step.STOP);
    assertThat(forced.forced()).isTrue();
    bench.carriedOut(forced, "STOPPED");
    assertThat(audit(id, 3))
        .containsExactly(
            "COMMAND_GIVEN night shift", "COMMAND_GIVEN desk", "CAMPAIGN_STOPPED desk");
  }

  @Test
  void whatCxoneDoesOfItselfIsNobodysWish() {
    String id = bench.active("Spring").id();
    bench.commands.give(id, Command.PAUSE, NIGHT);
    bench.commandSteps.confirmed(
        bench.commandSteps.commanded(command(id), json("{'status':'STOPPED'}")),
        json("{'status':'STOPPED'}"));
    assertThat(history(id)).endsWith("STOPPED null");
    assertThat(bench.get(id).commandBy()).isNull();
  }

  @Test
  void aLaunchThatIsRetriedIsThatOfWhoeverRetriesIt() {
    Campaign refused = bench.refusals.refused(bench.intended("Spring"), refusal(400, "BAD"));
    bench.commands.give(refused.id(), Command.RETRY, NIGHT);
    bench.launchSteps.checked(bench.claim(PriorityClass.LAUNCH, refused.id()), agents(2), null);
    assertThat(history(refused.id()))
        .endsWith("FAILED null", "RECEIVED night shift (person)", "CHECKED night shift (person)");
  }

  @Test
  void whatCxoneRefusesTellsWhoWantedIt() {
    String id = bench.active("Spring").id();
    bench.commands.give(id, Command.PAUSE, NIGHT);
    bench.refusals.refused(command(id), refusal(403, null));
    assertThat(audit(id, 1)).containsExactly("COMMAND_REFUSED night shift");
    assertThat(bench.get(id).commandBy()).as("asked again").isEqualTo(NIGHT);
  }

  @Test
  void aTimeToStartAndATimeToStopAreTheSchedules() {
    Campaign taken =
        bench
            .hand(
                request("Spring", "'activateAt':'" + Instant.now().plusSeconds(7_200) + "'"), null)
            .campaign();
    String id = taken.id();
    bench.launchSteps.checked(bench.claim(PriorityClass.LAUNCH, id), agents(2), null);
    bench.set(id, "activate_at = 1");
    Campaign checked =
        bench.launchSteps.checked(bench.claimLater(PriorityClass.LAUNCH, id), agents(2), null);
    bench.launchSteps.activationAsked(
        bench.launchSteps.registered(
            bench.launchSteps.created(
                bench.launchSteps.intend(checked), json("{'id':'R-1','status':'DRAFT'}")),
            json("{'id':'W-1'}")),
        json("{'status':'ACTIVE'}"));
    bench.set(id, "stop_at = 2");
    Campaign stop = bench.claimLater(PriorityClass.LOOK, id);
    assertThat(stop.commandBy()).isEqualTo(By.STOP_AT);
    bench.carriedOut(stop, "STOPPED");
    assertThat(history(id))
        .containsExactly(
            "RECEIVED desk (key)",
            "SCHEDULED desk (key)",
            "CHECKED " + ACTIVATE,
            "CREATED " + ACTIVATE,
            "REGISTERED " + ACTIVATE,
            "ACTIVE " + ACTIVATE,
            "STOPPED stopAt (schedule)");
  }

  @Test
  void aStopThatSomebodyGaveStaysHisWhenTheStopAtComes() {
    String id = bench.active("Spring").id();
    bench.commands.give(id, Command.STOP, NIGHT);
    bench.set(id, "stop_at = 2");
    bench.carriedOut(command(id), "STOPPED");
    assertThat(history(id)).endsWith("STOPPED night shift (person)");
    assertThat(bench.campaigns.history(id))
        .last()
        .extracting("reason")
        .asString()
        .contains("command");
  }

  @Test
  void whatTheServiceAsksForItselfIsNobodysWish() {
    Campaign activating = bench.activating("Spring");
    bench.set(activating.id(), "activating_at = 1");
    bench.launchSteps.polled(
        bench.claimLater(PriorityClass.LAUNCH, activating.id()), json("{'status':'PENDING'}"));
    assertThat(bench.get(activating.id()).command()).isEqualTo(Command.HALT);
    assertThat(bench.get(activating.id()).commandBy()).isNull();
    String id = bench.active("Summer").id();
    assertThat(bench.store.<Boolean>write(tx -> bench.campaigns.pend(tx, id, Command.HOLD)))
        .isTrue();
    assertThat(bench.get(id).commandBy()).isNull();
  }

  @Test
  void aCommandThatAnOlderVersionTookIsNotThatOfWhoeverGaveTheOneBefore() {
    String id = bench.active("Spring").id();
    bench.commands.give(id, Command.PAUSE, NIGHT);
    // as the version before does it, which leaves the columns that it does not know
    bench.set(id, "command = 'STOP', command_at = command_at + 1");
    assertThat(bench.get(id).commandBy()).isNull();
    bench.carriedOut(command(id), "STOPPED");
    assertThat(history(id)).endsWith("STOPPED null");
  }

  @Test
  void aStepThatAnOlderVersionWroteIsFollowedByNobodysWish() {
    Campaign checked = bench.checked("Spring");
    bench.store.write(
        tx ->
            tx.sql()
                .sql("update campaign_stage set by_whom = null where stage = 'CHECKED'")
                .update());
    bench.launchSteps.created(
        bench.launchSteps.intend(checked), json("{'id':'R-1','status':'DRAFT'}"));
    assertThat(history(checked.id())).endsWith("CHECKED null", "CREATED null");
    bench.store.write(
        tx ->
            tx.sql()
                .sql("update campaign_stage set by_whom = 'key desk' where stage = 'CHECKED'")
                .update());
  }

  @Test
  void aCommandThatWaitsForCxoneKeepsWhoGaveItWhenTheClockIsSet() {
    String id = bench.active("Spring").id();
    bench.commands.give(id, Command.PAUSE, NIGHT);
    bench.failures.retryLater(command(id), cut());
    bench.setClock(7_200_000);
    bench.store.write(tx -> null);
    assertThat(bench.get(id).commandBy()).isEqualTo(NIGHT);
  }

  @Test
  void namesFromOutsideAreShortAndOnOneLine() {
    By odd = new By("two\nlines \u0000\u202e" + "x".repeat(500), "token");
    Campaign taken =
        bench
            .intake
            .take(bench.intake.check(Json.utf8(Json.text(request("Spring", ""))), null), odd)
            .campaign();
    String name = bench.auditLines(taken.id()).get(0).at("/by/name").asText();
    assertThat(name).startsWith("two lines x").hasSize(200);
    assertThat(bench.audit.lines(taken.id()).get(0)).doesNotContain("\n", "\u202e");
    assertThat(By.inbox("leads +1 (212) 555-2368.json").name()).isEqualTo("leads ***.json");
    assertThat(By.stored(By.ANONYMOUS.stored())).isEqualTo(By.ANONYMOUS);
    assertThat(By.stored(NIGHT.stored())).isEqualTo(NIGHT);
    assertThat(By.json(By.ANONYMOUS)).isEqualTo(json("{'name':'anonymous'}"));
  }

  private String stored(ByteArrayInputStream csv) {
    try {
      return bench.contactFiles.store(csv);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void filesOfContactsAreToldInTheChainOfTheService() {
    ByteArrayInputStream csv =
        new ByteArrayInputStream("phone\n+12125552368\n".getBytes(StandardCharsets.UTF_8));
    bench.contactFiles.named(stored(csv), "212 555 2368.csv", NIGHT);
    assertThat(bench.contactFiles.list(null, 2))
        .singleElement()
        .extracting("namedBy")
        .isEqualTo(NIGHT);
    bench.contactFiles.delete("212 555 2368.csv", DESK);
    List<JsonNode> lines = bench.auditLines(AuditLog.SERVICE);
    assertThat(lines)
        .extracting(line -> line.path("event").asText() + " " + line.path("by"))
        .containsExactly(
            "CONTACTS_STORED {\"name\":\"night shift\",\"kind\":\"person\"}",
            "CONTACTS_DELETED {\"name\":\"desk\",\"kind\":\"key\"}");
    assertThat(lines.toString()).doesNotContain("212 555", "555 2368", "5552368");
    assertThat(lines.get(1).path("prev").asText()).hasSize(64).isNotEqualTo("0".repeat(64));
  }
}
