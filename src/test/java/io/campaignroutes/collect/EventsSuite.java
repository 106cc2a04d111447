package io.campaignroutes.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignFixture;
import io.campaignroutes.campaign.Command;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.cxone.PlatformEvents;
import io.campaignroutes.store.TestStores;
import io.campaignroutes.store.Tx;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** What is seen to happen to skills becomes events, and what people did is told as theirs. */
abstract class EventsSuite {
  private static final CollectProperties USUAL =
      new Binder(new MapConfigurationPropertySource())
          .bindOrCreate("personal-connection.collect", CollectProperties.class);

  @TempDir Path temp;
  private CampaignFixture bench;
  private Collect collect;
  private CollectEvents events;
  private long ahead;
  private final Map<String, JsonNode> kept = new LinkedHashMap<>();
  private final Orders orders = new Orders();
  private boolean cut;

  /** What was asked of the one skill. */
  private static final class Orders implements SkillOrders {
    private String asked;
    private String byPerson;

    @Override
    public Optional<String> asked(String campaignId) {
      return Optional.ofNullable(asked);
    }

    @Override
    public Optional<String> byPerson(String campaignId) {
      return Optional.ofNullable(byPerson);
    }

    @Override
    public void personDid(Tx tx, String campaignId, boolean started) {
      byPerson = started ? "START" : "STOP";
    }
  }

  abstract TestStores.Opened open();

  @BeforeEach
  void openBench() {
    bench = new CampaignFixture(open());
    DayCalls calls = new DayCalls(bench.store);
    collect =
        new Collect(
            bench.store,
            new CollectQueue(bench.store, USUAL, calls),
            new DayThreshold(bench.store, calls, USUAL));
    events = new CollectEvents(bench.store, bench.campaigns, bench.events, orders, this::keep);
  }

  @AfterEach
  void closeBench() {
    bench.close();
  }

  /** As the table of events does: each identity is kept once, and moves its campaign. */
  private void keep(byte[] body) {
    JsonNode event = PlatformEvents.NONE.read(body).fields();
    if (kept.putIfAbsent(event.get("id").asText(), event) == null) {
      bench
          .store
          .write(
              tx ->
                  bench.events.happened(
                      tx,
                      event.get("remoteId").asText(),
                      event.get("type").asText(),
                      Instant.parse(event.get("occurredAt").asText()).toEpochMilli(),
                      event))
          .ifPresent(bench.events::moved);
    }
    if (cut) {
      throw new IllegalStateException("killed");
    }
  }

  @Test
  void aSkillThatAPersonStopsPausesItsCampaignAndTheAuditSaysSo() {
    Campaign campaign = bench.active("spring");
    look(campaign, true, true);
    look(campaign, false, true);
    assertThat(kept.keySet())
        .containsExactly(
            "poll:" + campaign.remoteId() + ":ACTIVE:1",
            "poll:" + campaign.remoteId() + ":PAUSED:2");
    assertThat(bench.get(campaign.id()).stage()).isEqualTo(Stage.PAUSED);
    assertThat(told(campaign)).hasSize(1);
    assertThat(told(campaign).get(0).get("reason").asText()).startsWith("A person has stopped");
    look(campaign, true, true);
    assertThat(bench.get(campaign.id()).stage()).isEqualTo(Stage.ACTIVE);
    assertThat(told(campaign)).hasSize(2);
    assertThat(told(campaign).get(1).get("reason").asText()).startsWith("A person has started");
  }

  @Test
  void ourOwnStopMakesTheEventAndIsNobodysDoing() {
    Campaign campaign = bench.active("spring");
    look(campaign, true, true);
    bench.set(campaign.id(), "command = 'PAUSE'");
    look(campaign, false, true);
    assertThat(kept).hasSize(2);
    assertThat(told(campaign)).isEmpty();
  }

  @Test
  void aPersonsStopIsLeftSoWhateverPacingHasInMind() {
    for (String mind : List.of("held = 1", "command = 'HOLD'", "command = 'RELEASE'")) {
      Campaign campaign = bench.active(mind.replaceAll("[^a-zA-Z]+", " ").strip());
      orders.asked = "START";
      look(campaign, true, true);
      bench.set(campaign.id(), mind);
      look(campaign, false, true);
      Campaign after = bench.get(campaign.id());
      assertThat(after.stage()).as(mind).isEqualTo(Stage.PAUSED);
      assertThat(after.command()).as(mind).isNull();
      assertThat(after.held()).as(mind).isFalse();
      assertThat(told(campaign)).as(mind).hasSize(1);
      assertThat(orders.byPerson).isEqualTo("STOP");
    }
  }

  @Test
  void anOperatorsCommandGoesBeforeWhatAPersonDid() {
    Campaign campaign = bench.active("spring");
    orders.asked = "START";
    look(campaign, true, true);
    bench.set(campaign.id(), "command = 'STOP'");
    look(campaign, false, true);
    assertThat(bench.get(campaign.id()).command()).isEqualTo(Command.STOP);
    assertThat(told(campaign)).hasSize(1);
  }

  @Test
  void aPersonWhoStartsWhatIsHeldAndStopsItAgainIsTold() {
    Campaign campaign = bench.active("spring");
    orders.asked = "START";
    look(campaign, true, true);
    orders.asked = "PAUSE";
    bench.set(campaign.id(), "held = 1");
    look(campaign, false, true);
    assertThat(told(campaign)).isEmpty();
    look(campaign, true, true);
    assertThat(told(campaign)).hasSize(1);
    look(campaign, false, true);
    assertThat(told(campaign)).hasSize(2);
    assertThat(bench.get(campaign.id()).stage()).isEqualTo(Stage.PAUSED);
  }

  @Test
  void aSkillThatIsDeactivatedInTheEndIsNobodysDoing() {
    Campaign campaign = bench.active("spring");
    orders.asked = "START";
    look(campaign, true, true);
    orders.asked = "STOP";
    bench.set(campaign.id(), "command = 'STOP'");
    look(campaign, false, false);
    assertThat(bench.get(campaign.id()).stage()).isEqualTo(Stage.ACTIVE);
    assertThat(told(campaign)).isEmpty();
  }

  @Test
  void whatADeactivationOfOurOwnLeadsToIsToldOfNobodyWhateverComesOfTheCampaign() {
    Campaign campaign = bench.active("spring");
    look(campaign, false, true);
    bench.store.write(
        tx -> {
          new SkillsSeen().deactivates(tx, campaign.remoteId());
          tx.sql().sql("update skill_now set seen_at = seen_at - 11000").update(); // time passes
          return null;
        });
    look(campaign, false, false);
    look(campaign, false, true);
    assertThat(kept).isEmpty();
    assertThat(told(campaign)).isEmpty();
    look(campaign, false, false);
    assertThat(told(campaign)).hasSize(1);
  }

  @Test
  void aSkillThatWasStartedHereAndNotSeenToRunBeforeItIsToStopRunsByNobodyElse() {
    for (int ran = 0; ran < 2; ran++) {
      Campaign campaign = bench.active("seen " + ran);
      int seen = ran;
      look(campaign, false, true);
      bench.store.write(tx -> skill(tx, campaign, "PAUSE", seen));
      look(campaign, true, true);
      assertThat(told(campaign)).hasSize(ran);
    }
  }

  @Test
  void aStartThatNoListHadShownBeforeTheStopThatFailsIsOurs() {
    Campaign campaign = bench.active("spring");
    look(campaign, false, true);
    bench.store.write(
        tx -> {
          new SkillsSeen().starts(tx, campaign.remoteId());
          tx.sql().sql("update skill_now set seen_at = seen_at - 11000").update(); // time passes
          // a look at the campaign has seen it run, and then it was to stop
          return skill(tx, campaign, "PAUSE", 1);
        });
    look(campaign, true, true);
    assertThat(told(campaign)).isEmpty();
    look(campaign, false, true);
    look(campaign, true, true);
    assertThat(told(campaign)).hasSize(1);
  }

  @Test
  void aStopBeforeAnyListHasShownTheSkillRunningIsSeenByTheNextOne() {
    Campaign campaign = bench.active("spring");
    orders.asked = "START";
    SkillsSeen seen = new SkillsSeen();
    look(campaign, false, true);
    bench.store.write(
        tx -> {
          seen.runs(tx, campaign.remoteId());
          tx.sql().sql("update skill_now set seen_at = seen_at - 11000").update(); // time passes
          return null;
        });
    look(campaign, false, true);
    assertThat(kept.keySet())
        .containsExactly(
            "poll:" + campaign.remoteId() + ":ACTIVE:1",
            "poll:" + campaign.remoteId() + ":PAUSED:2");
    assertThat(bench.get(campaign.id()).stage()).isEqualTo(Stage.PAUSED);
    assertThat(told(campaign)).hasSize(1);
  }

  @Test
  void aPersonsStartSoonAfterOurPauseIsToldThoughNoListWasReadInBetween() {
    Campaign campaign = bench.active("spring");
    look(campaign, true, true);
    bench.store.write(
        tx -> {
          skill(tx, campaign, "PAUSE", 1);
          new SkillsSeen().rests(tx, campaign.remoteId(), true);
          tx.sql().sql("update skill_now set seen_at = seen_at - 11000").update(); // time passes
          return null;
        });
    events.tell();
    assertThat(told(campaign)).as("our own pause").isEmpty();
    look(campaign, true, true);
    assertThat(kept.keySet()).contains("poll:" + campaign.remoteId() + ":ACTIVE:3");
    assertThat(told(campaign)).hasSize(1);
    assertThat(told(campaign).get(0).get("reason").asText()).startsWith("A person has started");
  }

  @Test
  void aPersonWhoStartsWhatAPersonHadStoppedIsTold() {
    Campaign campaign = bench.active("spring");
    orders.asked = "START";
    look(campaign, true, true);
    bench.store.write(tx -> skill(tx, campaign, "START", 1));
    look(campaign, false, true);
    assertThat(told(campaign)).hasSize(1);
    bench.store.write(tx -> tx.sql().sql("update skill set by_person = 'STOP'").update());
    look(campaign, true, true);
    assertThat(told(campaign)).hasSize(2);
    assertThat(told(campaign).get(1).get("reason").asText()).startsWith("A person has started");
  }

  @Test
  void aListThatWasReadBeforeAnOrderSaysNothingOfWhoStoppedIt() {
    Campaign campaign = bench.active("spring");
    orders.asked = "START";
    look(campaign, true, true);
    List<CollectRun> late = claim();
    bench.store.write(
        tx -> {
          new SkillsSeen().ordered(tx, campaign.remoteId());
          return null;
        });
    for (CollectRun run : late) {
      if (run.collector() == Collector.SKILLS) {
        collect.skills(run, answer(campaign.remoteId(), false, true));
      }
    }
    events.tell();
    assertThat(bench.get(campaign.id()).stage()).isEqualTo(Stage.ACTIVE);
    assertThat(kept).hasSize(1);
  }

  @Test
  void settingsThatAPersonChangedAreToldAndAudited() {
    Campaign campaign = bench.active("spring");
    look(campaign, true, true);
    JsonNode changes =
        JsonNodeFactory.instance
            .arrayNode()
            .add(
                JsonNodeFactory.instance
                    .objectNode()
                    .put("setting", "maximumAttempts")
                    .put("before", 3)
                    .put("after", "5"));
    bench.store.write(
        tx -> {
          new SkillsSeen().changed(tx, campaign.remoteId(), changes);
          return null;
        });
    events.tell();
    events.tell();
    String id = "poll:" + campaign.remoteId() + ":CHANGED:2";
    assertThat(kept.get(id).path("type").asText()).isEqualTo("CAMPAIGN_CHANGED");
    assertThat(told(campaign)).hasSize(1);
    JsonNode line = told(campaign).get(0);
    assertThat(line.path("reason").asText()).endsWith("maximumAttempts from 3 to 5.");
    assertThat(line.path("settings")).isEqualTo(changes);
    assertThat(bench.get(campaign.id()).stage()).isEqualTo(Stage.ACTIVE);
  }

  @Test
  void aDeactivatedSkillFailsItsCampaign() {
    Campaign campaign = bench.active("spring");
    look(campaign, true, true);
    look(campaign, false, false);
    assertThat(kept.keySet()).contains("poll:" + campaign.remoteId() + ":ERROR:2");
    assertThat(bench.get(campaign.id()).stage()).isEqualTo(Stage.FAILED);
    assertThat(told(campaign).get(0).get("reason").asText()).contains("deactivated");
  }

  /** The look that follows our own pause has seen it, and the campaign has failed by that. */
  @Test
  void aSkillThatIsDeactivatedWhileItIsPausedHereIsToldThoughTheCampaignHasFailedSince() {
    Campaign campaign = bench.active("spring");
    look(campaign, true, true);
    bench.store.write(
        tx -> {
          skill(tx, campaign, "PAUSE", 1);
          new SkillsSeen().rests(tx, campaign.remoteId(), false);
          return null;
        });
    bench.set(campaign.id(), "ended = 1, stage = 'FAILED'");
    events.tell();
    assertThat(kept.keySet()).contains("poll:" + campaign.remoteId() + ":ERROR:2");
    assertThat(told(campaign)).hasSize(1);
    assertThat(told(campaign).get(0).get("reason").asText())
        .startsWith("A person has deactivated skill " + campaign.remoteId());
    look(campaign, false, false);
    assertThat(told(campaign)).as("once").hasSize(1);
  }

  @Test
  void anEventOfAKilledTellerIsToldAgainAndCountsOnce() {
    Campaign campaign = bench.active("spring");
    look(campaign, true, true);
    cut = true;
    assertThatThrownBy(() -> look(campaign, false, true)).hasMessage("killed");
    cut = false;
    events.tell();
    events.tell();
    assertThat(kept).hasSize(2);
    assertThat(told(campaign)).hasSize(1);
    assertThat(bench.count("skill_event")).isZero();
  }

  @Test
  void whatHappensToSkillsOfOthersIsNobodysBusiness() {
    Campaign campaign = bench.active("spring");
    see("77777", true, true);
    see("77777", false, true);
    events.tell();
    assertThat(kept).isEmpty();
    assertThat(bench.count("skill_event")).isZero();
    assertThat(told(campaign)).isEmpty();
  }

  @Test
  void aSkillWhoseListsAreWorkedThroughHasCompleted() {
    Campaign campaign = bench.active("spring");
    look(campaign, true, true);
    ObjectNode lists = JsonNodeFactory.instance.objectNode();
    lists
        .putArray("lists")
        .addObject()
        .putArray("skills")
        .addObject()
        .put("id", campaign.remoteId())
        .put("total", 10)
        .put("fresh", 0)
        .put("finalized", 10);
    for (CollectRun run : claim()) {
      if (run.collector() == Collector.LISTS) {
        collect.lists(run, lists);
      } else {
        collect.failed(run, new IllegalStateException("not now"));
      }
    }
    look(campaign, false, true);
    assertThat(kept.keySet()).contains("poll:" + campaign.remoteId() + ":COMPLETED:2");
    assertThat(bench.get(campaign.id()).stage()).isEqualTo(Stage.COMPLETED);
    assertThat(told(campaign)).isEmpty();
  }

  /** The skill of a campaign, of which this was asked. */
  private static int skill(Tx tx, Campaign campaign, String asked, int ran) {
    return tx.sql()
        .sql(
            "insert into skill (campaign_id, skill_id, mode, state, asked, ran, mismatches,"
                + " changed_at) values (?, ?, 'ADOPTED', 'READY', ?, ?, 0, 1)")
        .params(campaign.id(), campaign.remoteId(), asked, ran)
        .update();
  }

  private void look(Campaign campaign, boolean running, boolean active) {
    see(campaign.remoteId(), running, active);
    events.tell();
  }

  private static ObjectNode answer(String skillId, boolean running, boolean active) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer
        .putArray("skills")
        .addObject()
        .put("id", skillId)
        .put("running", running)
        .put("active", active);
    return answer;
  }

  private void see(String skillId, boolean running, boolean active) {
    ObjectNode answer = answer(skillId, running, active);
    for (CollectRun run : claim()) {
      if (run.collector() == Collector.SKILLS) {
        collect.skills(run, answer);
      } else {
        collect.failed(run, new IllegalStateException("not now"));
      }
    }
  }

  private List<CollectRun> claim() {
    ahead += 600_000;
    bench.setClock(ahead);
    return collect.claim();
  }

  private List<JsonNode> told(Campaign campaign) {
    List<JsonNode> told = new ArrayList<>(bench.auditLines(campaign.id()));
    told.removeIf(line -> !line.get("event").asText().equals("CHANGED_IN_CXONE"));
    return told;
  }
}
