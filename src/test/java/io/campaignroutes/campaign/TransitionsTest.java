package io.campaignroutes.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.campaign.LaunchTable.CommandEffect;
import io.campaignroutes.campaign.LaunchTable.Row;
import io.campaignroutes.compliance.PolicyException;
import io.campaignroutes.compliance.PolicyRef;
import io.campaignroutes.text.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What follows from each outcome by the table of transitions, without a store. */
class TransitionsTest {
  private static final Path FILE = Path.of("config/launch.yaml");
  private static final LaunchTable TABLE = LaunchTable.load(FILE);
  private static final long NOW = 1_800_000_000_000L;
  private static final long ACTIVATE_AT = NOW + 3_600_000;
  private static final long UNTIL = NOW + 77_000;

  @TempDir Path temp;
  private final Transitions transitions = new Transitions(TABLE, CampaignFixture.PROPERTIES);

  /** Every row. */
  static Stream<Arguments> rows() {
    List<Arguments> all = new ArrayList<>();
    TABLE
        .steps()
        .forEach(
            (step, rows) ->
                rows.forEach((outcome, row) -> all.add(Arguments.of(step, outcome, row))));
    return all.stream();
  }

  /** Campaigns that could be where a row begins. */
  private static List<Campaign> starts(Step step) {
    List<Campaign> starts = new ArrayList<>();
    for (Stage stage : Stage.values()) {
      for (Command command : Command.values()) {
        Campaign c = campaign(stage, command == Command.UNKNOWN ? null : command);
        boolean comesHere = !step.isRoute() || TABLE.next(c) == step || TABLE.sends(c) == step;
        if (comesHere) {
          starts.add(c);
          starts.add(c.with(d -> d.askedAt = NOW - 1_000));
        }
      }
    }
    return starts;
  }

  private static Campaign campaign(Stage stage, Command command) {
    boolean remote = stage.compareTo(Stage.CREATED) >= 0 && stage != Stage.REJECTED;
    boolean lost = stage == Stage.UNSETTLED || stage == Stage.CHECKED;
    return new Campaign(
        "cmp_1",
        null,
        null,
        "f",
        "Spring",
        Json.object(),
        Json.object(),
        Json.object(),
        new PolicyRef("p", "1", "s"),
        stage,
        NOW - 60_000,
        NOW - 50_000,
        ACTIVATE_AT,
        null,
        lost && command == null ? NOW - 9_000 : null,
        null,
        NOW - 40_000,
        null,
        3,
        2,
        1,
        1,
        null,
        remote ? "R-1" : null,
        "ANY",
        "W-1",
        new Failure(Failure.Kind.UNREACHABLE, null, null, "Not heard."),
        List.of(),
        0,
        0,
        false,
        command,
        command == null ? null : NOW - 30_000,
        null,
        0,
        false,
        command == null ? null : CampaignFixture.DESK,
        1,
        1,
        command != null ? command.lane() : remote ? PriorityClass.LOOK : PriorityClass.of(stage),
        NOW - 5,
        "claim",
        NOW - 5,
        false,
        false);
  }

  private Transition follow(Campaign c, Step step, Outcome outcome) {
    return transitions.next(
        c,
        step,
        StepResult.of(outcome, "Why.").details(Map.of("reason", "Told.")).until(UNTIL),
        NOW);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("rows")
  void aRowWithAStageLeadsThereWithHistoryAndAuditLineAndOneWithoutStaysUntold(
      Step step, Outcome outcome, Row row) {
    for (Campaign c : starts(step)) {
      Transition next = follow(c, step, outcome);
      assertThat(next.event()).isEqualTo(row.audit());
      if (row.stage() == null) {
        assertThat(next.to().stage()).isEqualTo(c.stage());
        assertThat(next.to().stageAt()).isEqualTo(c.stageAt());
        assertThat(next.reason()).isNull();
        assertThat(next.details()).isEqualTo(Map.of("reason", "Told."));
        continue;
      }
      assertThat(next.to().stage()).isEqualTo(row.stage());
      assertThat(next.to().stageAt()).isEqualTo(NOW);
      assertThat(next.to().attempt()).isZero();
      assertThat(next.to().failure()).isNull();
      assertThat(next.to().held()).isFalse();
      assertThat(next.reason()).isEqualTo("Why.");
      assertThat(next.event()).isEqualTo("CAMPAIGN_" + row.stage());
      assertThat(next.details())
          .containsEntry("stage", row.stage().name())
          .containsEntry("reason", "Why.");
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("rows")
  void theNextStepIsDueWhenTheRowSays(Step step, Outcome outcome, Row row) {
    for (Campaign c : starts(step)) {
      Campaign to = follow(c, step, outcome).to();
      assertThat(to.goOn()).isEqualTo(row.due() == Due.NOW);
      long wait = to.dueAt() - NOW;
      switch (row.due()) {
        case NOW, NEVER, UNCHANGED -> assertThat(to.dueAt()).isEqualTo(c.dueAt());
        case NEXT_RUN -> assertThat(wait).isZero();
        case ACTIVATE_AT -> assertThat(to.dueAt()).isEqualTo(ACTIVATE_AT);
        case POLL -> assertThat(wait).isBetween(250L, 5_000L);
        case SLOW_POLL -> assertThat(wait).isEqualTo(5_000);
        case STATUS -> assertThat(wait).isEqualTo(60_000);
        case RARE_STATUS -> assertThat(wait).isEqualTo(120_000);
        case CONFIRM ->
            assertThat(wait)
                .isBetween(c.askedAt() == null ? 0L : 250, c.askedAt() == null ? 0L : 5_000);
        case PAUSE, RESTART -> assertThat(wait).isEqualTo(1_000);
        case LIST, RETRY -> assertThat(to.dueAt()).isEqualTo(UNTIL);
        case END ->
            assertThat(to.dueAt()).isEqualTo(c.remoteId() == null ? c.dueAt() : NOW + 60_000);
      }
      if (row.due() == Due.END && c.remoteId() != null) {
        assertThat(to.lane()).isEqualTo(PriorityClass.LOOK);
        assertThat(to.looksAfterEnd()).isZero();
        assertThat(to.refusedLooks()).isZero();
      }
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("rows")
  void aCommandStaysIsDoneOrBecomesAnAbort(Step step, Outcome outcome, Row row) {
    for (Campaign c : starts(step)) {
      Campaign to = follow(c, step, outcome).to();
      Command then =
          switch (row.command()) {
            case STAYS -> c.command();
            case DONE -> null;
            case ABORT -> Command.HALT;
          };
      assertThat(to.command()).isEqualTo(then);
      if (row.command() == CommandEffect.ABORT) {
        assertThat(to.askedAt()).isNull();
        assertThat(to.asks()).isZero();
        assertThat(to.commandAt()).isEqualTo(NOW);
      }
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("rows")
  void pacingBeginsWithTheFirstPacedStageAndEndsWithTheNextThatIsNot(
      Step step, Outcome outcome, Row row) {
    for (Campaign c : starts(step)) {
      PacingSignal told = follow(c, step, outcome).pacing();
      boolean moves = row.stage() != null && row.stage() != c.stage();
      boolean dialed = c.stage() == Stage.ACTIVE || c.stage() == Stage.UNKNOWN;
      assertThat(told)
          .isEqualTo(
              !moves
                  ? row.pacing()
                  : row.stage() == Stage.ACTIVE
                      ? PacingSignal.BEGINS
                      : dialed ? PacingSignal.ENDS : row.pacing());
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("rows")
  void noWaitOutlastsTheTimeToStop(Step step, Outcome outcome, Row row) {
    for (Campaign c : starts(step)) {
      long stopAt = NOW + 10;
      Campaign stops =
          new Campaign(
              c.id(),
              null,
              null,
              "f",
              c.name(),
              c.request(),
              c.payload(),
              c.compliance(),
              c.policy(),
              c.stage(),
              c.acceptedAt(),
              c.stageAt(),
              c.activateAt(),
              stopAt,
              c.intentAt(),
              null,
              c.activatingAt(),
              null,
              c.polls(),
              c.attempt(),
              c.lookUps(),
              c.creates(),
              null,
              c.remoteId(),
              c.remoteStatus(),
              c.webhookId(),
              c.failure(),
              List.of(),
              0,
              0,
              false,
              c.command(),
              c.commandAt(),
              c.askedAt(),
              c.asks(),
              c.forced(),
              c.commandBy(),
              c.looksAfterEnd(),
              c.refusedLooks(),
              c.lane(),
              c.dueAt(),
              c.claim(),
              c.dueSince(),
              false,
              false);
      Campaign to = follow(stops, step, outcome).to();
      if (!to.stage().ended() && to.command() != Command.STOP) {
        assertThat(to.dueAt()).isLessThanOrEqualTo(stopAt);
      }
    }
  }

  @Test
  void everyStageCanBeReachedButThatOfNewerVersions() {
    assertThat(TABLE.steps().values())
        .flatExtracting(rows -> rows.values().stream().map(Row::stage).distinct().toList())
        .contains(EnumSet.complementOf(EnumSet.of(Stage.UNKNOWN)).toArray(Stage[]::new))
        .doesNotContain(Stage.UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          stage: CHECKED, due: now         | stage: CHECKT, due: now          | 'CHECKT' is not known here
          due: now, audit: CAMPAIGN_CREATED| due: now                         | A new stage has to be told
          stage: CREATED, due: now, audit: CAMPAIGN_CREATED | due: now        | could create a campaign twice
          stage: REGISTERED, due: now      | stage: CHECKED, due: now         | could create a campaign twice
          due: status, pacing: seen        | due: never, pacing: seen         | nobody would look after
          stage: STOPPED, due: end         | stage: STOPPED, due: status      | nobody would look after
          due: next-run, audit: CAMPAIGN_FAILED, command: abort | due: end, audit: CAMPAIGN_FAILED, command: abort | stopped at once
          due: poll}                       | due: retry}                      | This time is for other outcomes
          paced: true                      | paced: false                     | one and no other is paced
          next: check-status               | next: none                       | 'none' cannot be next
          next: poll                       | next: any                        | no step of a route
          done: held                       | done: created                    | no outcome of the step under then
          while-commanded: false           | while-commanded: maybe           | true or false
          outcome: paused                  | outcome: pending                 | No event has this outcome
          pending:                         | waiting:                         | 'waiting' is not known here
          commands:                        | orders:                          | 'orders' is not known here
          next: register                   | next-step: register              | 'next-step' is not known here
          when: it is not there yet        | whenn: it is not there yet       | 'whenn' is not known here
          audit: COMMAND_REFUSED           | audit: refused                   | no name of an audit line
          pacing: held                     | pacing: begins                   | 'begins' is not known here
          """)
  void aTableThatIsWrongIsRefusedInOneLine(String find, String replace, String says)
      throws Exception {
    String text = Files.readString(FILE);
    assertThat(text).contains(find);
    Path broken = temp.resolve("launch.yaml");
    Files.writeString(broken, text.replace(find, replace));
    assertThatThrownBy(() -> LaunchTable.load(broken))
        .isInstanceOf(PolicyException.class)
        .hasMessageStartingWith(broken.toString())
        .hasMessageContaining(says)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void noRowCanBeLeftOut() throws Exception {
    List<String> lines = Files.readAllLines(FILE);
    int rows = 0;
    for (int n = 0; n < lines.size(); n++) {
      if (lines.get(n).matches("  +[\\w-]+: +\\{.*")) {
        rows++;
        List<String> without = new ArrayList<>(lines);
        without.remove(n);
        Path broken = temp.resolve("launch.yaml");
        Files.write(broken, without);
        assertThatThrownBy(() -> LaunchTable.load(broken))
            .as(lines.get(n))
            .isInstanceOf(PolicyException.class);
      }
    }
    assertThat(rows).isGreaterThan(80);
  }

  @Test
  void theSchemaKnowsTheSameWords() throws Exception {
    JsonNode defs =
        RequestJson.read(Files.readAllBytes(Path.of("config/launch.schema.json"))).path("$defs");
    assertThat(words(defs.at("/stage/enum")))
        .isEqualTo(new TreeSet<>(Arrays.stream(Stage.values()).map(Enum::name).toList()));
    assertThat(words(defs.at("/route/enum")))
        .isEqualTo(
            new TreeSet<>(
                Arrays.stream(Step.values()).filter(Step::isRoute).map(Step::word).toList()));
    assertThat(words(defs.at("/row/properties/due/enum")))
        .isEqualTo(new TreeSet<>(LaunchTable.byWord(Due.class).keySet()));
  }

  private static TreeSet<String> words(JsonNode list) {
    TreeSet<String> words = new TreeSet<>();
    list.forEach(word -> words.add(word.asText()));
    return words;
  }
}
