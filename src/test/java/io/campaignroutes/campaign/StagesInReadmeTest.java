package io.campaignroutes.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.campaign.LaunchTable.CommandRow;
import io.campaignroutes.campaign.LaunchTable.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The diagram and the table of stages in README.md are made from {@code config/launch.yaml}. With
 * {@code -Dreadme.write=true} they are written there, else compared.
 */
class StagesInReadmeTest {
  private static final Path README = Path.of("README.md");
  private static final String BEGIN = "<!-- stages: made from config/launch.yaml -->\n";
  private static final String END = "<!-- stages: end -->\n";
  private static final LaunchTable TABLE = LaunchTable.load(Path.of("config/launch.yaml"));

  @Test
  void theReadmeShowsTheStagesOfTheTable() throws IOException {
    String text = Files.readString(README);
    int begin = text.indexOf(BEGIN) + BEGIN.length();
    int end = text.indexOf(END);
    assertThat(end).isGreaterThanOrEqualTo(begin);
    String made = diagram() + "\n" + table();
    if (Boolean.getBoolean("readme.write")) {
      Files.writeString(README, text.substring(0, begin) + made + text.substring(end));
    } else {
      assertThat(text.substring(begin, end))
          .as("README.md; written anew with -Dreadme.write=true")
          .isEqualTo(made);
    }
  }

  private static String table() {
    StringBuilder table = new StringBuilder("| stage | meaning | next |\n| --- | --- | --- |\n");
    for (Stage stage : Stage.values()) {
      LaunchTable.StageRow row = TABLE.stages().get(stage);
      String next = row.next() == Step.NONE ? "" : "`campaign-" + row.next().word() + "`";
      next +=
          row.withContacts() == null
              ? ""
              : ", with contacts first `campaign-" + row.withContacts().word() + "`";
      table.append("| `%s` | %s | %s |\n".formatted(stage, row.meaning(), next));
    }
    return table.toString();
  }

  private static String diagram() {
    StringBuilder diagram = new StringBuilder("```mermaid\nflowchart LR\n");
    for (Stage from : Stage.values()) {
      if (from != Stage.UNKNOWN) {
        edges(from)
            .forEach(
                (to, why) ->
                    diagram.append(
                        "  %s([%s]) -- \"%s\" --> %s([%s])\n"
                            .formatted(node(from), from, String.join("<br/>", why), node(to), to)));
      }
    }
    return diagram.append("```\n").toString();
  }

  private static String node(Stage stage) {
    return stage.name().toLowerCase(Locale.ROOT);
  }

  /** What leads from a stage to another one without a failure, and why. */
  private static Map<Stage, List<String>> edges(Stage from) {
    Map<Stage, List<String>> edges = new LinkedHashMap<>();
    List<Step> steps = new ArrayList<>(List.of(TABLE.stages().get(from).next()));
    if (TABLE.stages().get(from).afterLostCreate() != null) {
      steps.add(TABLE.stages().get(from).afterLostCreate());
    }
    if (TABLE.stages().get(from).withContacts() != null) {
      steps.add(TABLE.stages().get(from).withContacts());
    }
    for (Step step : steps) {
      rows(step)
          .forEach(
              (outcome, row) -> {
                boolean counts = !from.ended() || outcome == Outcome.ACTIVE;
                if (row.stage() != null && row.stage() != from && counts) {
                  edges
                      .computeIfAbsent(row.stage(), to -> new ArrayList<>())
                      .add(step.word() + ": " + LaunchTable.word(outcome));
                }
              });
    }
    for (Command command : List.of(Command.PAUSE, Command.RESUME)) {
      CommandRow row = TABLE.commands().get(command);
      if (row.in().contains(from)) {
        Row done =
            row.then() == null
                ? TABLE.row(row.next(), Outcome.ASKED)
                : TABLE.row(row.then(), row.done());
        edges.computeIfAbsent(done.stage(), to -> new ArrayList<>()).add("command " + command);
      }
    }
    return edges;
  }

  private static Map<Outcome, Row> rows(Step step) {
    return TABLE.steps().get(step).entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                Map.Entry::getValue,
                (a, b) -> a,
                () -> new EnumMap<>(Outcome.class)));
  }
}
