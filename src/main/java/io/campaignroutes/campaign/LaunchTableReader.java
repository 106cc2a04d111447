package io.campaignroutes.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.campaign.LaunchTable.CommandEffect;
import io.campaignroutes.campaign.LaunchTable.CommandRow;
import io.campaignroutes.campaign.LaunchTable.EventRow;
import io.campaignroutes.campaign.LaunchTable.Row;
import io.campaignroutes.campaign.LaunchTable.StageRow;
import io.campaignroutes.compliance.PolicyException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads {@code config/launch.yaml} and refuses what is incomplete, unknown or would leave a
 * campaign that may dial unwatched, naming the place by its dotted path.
 */
final class LaunchTableReader {
  private static final Set<String> EVENTS =
      Set.of("CAMPAIGN_ACTIVATED", "CAMPAIGN_PAUSED", "CAMPAIGN_COMPLETED", "CAMPAIGN_ERROR");

  /** What a row may tell pacing; its begin and its end follow from the stages. */
  private static final Map<String, PacingSignal> SIGNALS =
      signals(
          PacingSignal.HELD,
          PacingSignal.RELEASED,
          PacingSignal.DIALS_BY_ITSELF,
          PacingSignal.SEEN,
          PacingSignal.REFUSED);

  /** Times that only these outcomes come with. */
  private static final Map<Due, Set<Outcome>> ONLY_OF =
      Map.of(
          Due.ACTIVATE_AT, EnumSet.of(Outcome.BEFORE_ITS_TIME),
          Due.LIST, EnumSet.of(Outcome.MAY_STILL_APPEAR),
          Due.RETRY, EnumSet.of(Outcome.UNREACHABLE),
          Due.CONFIRM,
              EnumSet.of(
                  Outcome.NOT_YET,
                  Outcome.COMMAND_REFUSED,
                  Outcome.REFUSED_AGAIN,
                  Outcome.GONE_UNSURE),
          Due.RARE_STATUS, EnumSet.of(Outcome.END_NOT_SEEN),
          Due.UNCHANGED, EnumSet.of(Outcome.NOTHING_TO_DO));

  /** Steps that may lead to a stage in which nothing was created yet. */
  private static final Set<Step> BEFORE_CREATE = EnumSet.of(Step.TAKE, Step.CHECK, Step.RETRY);

  private final Path file;

  LaunchTableReader(Path file) {
    this.file = file;
  }

  LaunchTable table(JsonNode json) {
    only("", json, "stages", "commands", "events", "steps");
    LaunchTable table =
        new LaunchTable(
            rows("stages", json.get("stages"), names(Stage.values()), this::stage),
            rows("commands", json.get("commands"), commandNames(), this::command),
            rows("events", json.get("events"), eventNames(), this::event),
            rows("steps", json.get("steps"), LaunchTable.byWord(Step.class), this::step));
    table.steps().forEach((step, rows) -> rows.forEach((outcome, row) -> held(step, outcome, row)));
    for (Stage stage : Stage.values()) {
      if (table.paced(stage) != (stage == Stage.ACTIVE)) {
        throw wrong(
            "stages." + stage,
            "CXone dials in the stage ACTIVE and in no other, so that one and no other is paced.",
            "Write 'paced: true' there and nowhere else.");
      }
      Step next = table.stages().get(stage).next();
      if (!next.isRoute() || (next == Step.NONE) != mayRest(stage)) {
        throw wrong(
            "stages." + stage + ".next",
            "In this stage '%s' cannot be next.".formatted(next.word()),
            "A campaign that may be at CXone has a step that looks after it; restore this one.");
      }
    }
    return table;
  }

  /** Stages in which nothing is done by itself. */
  private static boolean mayRest(Stage stage) {
    return stage == Stage.REJECTED || stage == Stage.UNSETTLED || stage == Stage.UNKNOWN;
  }

  private StageRow stage(String at, JsonNode json) {
    only(at, json, "meaning", "next", "next-after-lost-create", "next-with-contacts", "paced");
    return new StageRow(
        text(at, json, "meaning"),
        step(at, json, "next", true),
        step(at, json, "next-after-lost-create", false),
        step(at, json, "next-with-contacts", false),
        flag(at, json, "paced"));
  }

  private CommandRow command(String at, JsonNode json) {
    only(at, json, "in", "next", "next-in", "next-after-lost-create", "then", "done");
    Map<Stage, Step> nextIn = new EnumMap<>(Stage.class);
    JsonNode elsewhere = json.path("next-in");
    for (var field : elsewhere.properties()) {
      Stage stage = known(at + ".next-in", field.getKey(), names(Stage.values()));
      nextIn.put(stage, step(at + ".next-in", elsewhere, field.getKey(), true));
    }
    Step then = step(at, json, "then", false);
    Outcome done =
        json.has("done")
            ? known(at + ".done", text(at, json, "done"), LaunchTable.byWord(Outcome.class))
            : null;
    if ((then == null) != (done == null) || done != null && !then.outcomes().contains(done)) {
      throw wrong(at + ".done", "This is no outcome of the step under then.", "Restore both.");
    }
    return new CommandRow(
        stages(at, json),
        step(at, json, "next", true),
        nextIn,
        step(at, json, "next-after-lost-create", false),
        then,
        done);
  }

  private EventRow event(String at, JsonNode json) {
    only(at, json, "in", "while-commanded", "outcome");
    Outcome outcome =
        known(at + ".outcome", text(at, json, "outcome"), LaunchTable.byWord(Outcome.class));
    if (!Step.EVENT.outcomes().contains(outcome)) {
      throw wrong(at + ".outcome", "No event has this outcome.", "Name a row of steps.event.");
    }
    return new EventRow(stages(at, json), flag(at, json, "while-commanded"), outcome);
  }

  private Map<Outcome, Row> step(String at, JsonNode json) {
    Step step = LaunchTable.byWord(Step.class).get(at.substring("steps.".length()));
    Map<String, Outcome> words =
        step.outcomes().stream().collect(Collectors.toMap(LaunchTable::word, one -> one));
    return rows(at, json, words, this::row);
  }

  private Row row(String at, JsonNode json) {
    only(at, json, "when", "stage", "due", "audit", "command", "pacing");
    String audit = json.has("audit") ? text(at, json, "audit") : null;
    if (audit != null && !audit.matches("[A-Z][A-Z_]{2,60}")) {
      throw wrong(at + ".audit", "This is no name of an audit line.", "Use capitals and '_'.");
    }
    return new Row(
        text(at, json, "when"),
        json.has("stage")
            ? known(at + ".stage", text(at, json, "stage"), names(Stage.values()))
            : null,
        known(at + ".due", text(at, json, "due"), LaunchTable.byWord(Due.class)),
        audit,
        json.has("command")
            ? known(
                at + ".command", text(at, json, "command"), LaunchTable.byWord(CommandEffect.class))
            : CommandEffect.STAYS,
        json.has("pacing")
            ? known(at + ".pacing", text(at, json, "pacing"), SIGNALS)
            : PacingSignal.NONE);
  }

  /** No row may leave a campaign unwatched, or a new stage untold. */
  private void held(Step step, Outcome outcome, Row row) {
    String at = "steps." + step.word() + "." + LaunchTable.word(outcome);
    Stage stage = row.stage();
    if (stage == Stage.UNKNOWN) {
      throw wrong(at + ".stage", "Nothing leads to this stage.", "Name another one.");
    }
    if (stage != null && row.audit() == null) {
      throw wrong(at, "A new stage has to be told.", "Add 'audit' with the name of its line.");
    }
    boolean exists = outcome == Outcome.CREATED || outcome == Outcome.FOUND;
    boolean before = stage != null && stage.compareTo(Stage.CREATED) < 0;
    if (exists && (stage == null || before) || before && !BEFORE_CREATE.contains(step)) {
      throw wrong(
          at + ".stage",
          "This could create a campaign twice at CXone.",
          "What may exist there is in a stage after CHECKED; only a retry leads back.");
    }
    Set<Outcome> known = ONLY_OF.get(row.due());
    if (known != null && !known.contains(outcome)) {
      throw wrong(at + ".due", "This time is for other outcomes.", "Restore the one before.");
    }
    boolean rests = row.due() == Due.NEVER;
    boolean ends = row.due() == Due.END;
    boolean wrong =
        stage == null
            ? rests || ends && row.command() != CommandEffect.DONE
            : stage == Stage.UNSETTLED
                ? !rests
                : rests || stage.ended() != ends && row.due() != Due.NEXT_RUN;
    if (wrong) {
      throw wrong(
          at + ".due",
          "With this time nobody would look after the campaign.",
          "What has ended is due 'end' or 'next-run', UNSETTLED 'never', and nothing else either.");
    }
    if (row.command() == CommandEffect.ABORT && row.due() != Due.NOW && row.due() != Due.NEXT_RUN) {
      throw wrong(at + ".due", "What must not dial is stopped at once.", "Write 'next-run'.");
    }
  }

  private <K, R> Map<K, R> rows(
      String at, JsonNode json, Map<String, K> keys, RowReader<R> reader) {
    Map<K, R> rows = new LinkedHashMap<>();
    if (json == null || !json.isObject()) {
      throw wrong(at, "There have to be rows here.", "Put them back.");
    }
    for (var field : json.properties()) {
      K key = known(at, field.getKey(), keys);
      rows.put(key, reader.read(at + "." + field.getKey(), field.getValue()));
    }
    for (String key : new TreeSet<>(keys.keySet())) {
      if (!rows.containsKey(keys.get(key))) {
        throw wrong(at, "The row '%s' is missing.".formatted(key), "Put it back.");
      }
    }
    return Collections.unmodifiableMap(rows);
  }

  private interface RowReader<R> {
    R read(String at, JsonNode json);
  }

  private Set<Stage> stages(String at, JsonNode json) {
    JsonNode list = json.path("in");
    if (!list.isArray()) {
      throw wrong(at + ".in", "This has to be a list of stages.", "Write it as [ACTIVE, PAUSED].");
    }
    Set<Stage> stages = EnumSet.noneOf(Stage.class);
    list.forEach(one -> stages.add(known(at + ".in", one.asText(), names(Stage.values()))));
    return stages;
  }

  private Step step(String at, JsonNode json, String key, boolean needed) {
    if (!needed && !json.has(key)) {
      return null;
    }
    Step step = known(at + "." + key, text(at, json, key), LaunchTable.byWord(Step.class));
    if (!step.isRoute()) {
      throw wrong(
          at + "." + key, "'%s' is no step of a route.".formatted(step.word()), "Name one.");
    }
    return step;
  }

  private String text(String at, JsonNode json, String key) {
    JsonNode value = json.get(key);
    if (value == null || !value.isTextual() || value.asText().isBlank()) {
      throw wrong(at, "'%s' is missing or is not a text.".formatted(key), "Write it there.");
    }
    return value.asText();
  }

  private boolean flag(String at, JsonNode json, String key) {
    JsonNode value = json.path(key);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw wrong(at + "." + key, "This has to be true or false.", "Correct it.");
    }
    return value.asBoolean();
  }

  private <T> T known(String at, String word, Map<String, T> words) {
    T value = words.get(word);
    if (value == null) {
      throw wrong(
          at,
          "'%s' is not known here.".formatted(word),
          "Known are " + String.join(", ", new TreeSet<>(words.keySet())) + ".");
    }
    return value;
  }

  private void only(String at, JsonNode json, String... keys) {
    if (json == null || !json.isObject()) {
      throw wrong(at.isEmpty() ? "the table" : at, "This has to have keys.", "Restore it.");
    }
    Map<String, String> known =
        Arrays.stream(keys).collect(Collectors.toMap(Function.identity(), Function.identity()));
    json.properties()
        .forEach(field -> known(at.isEmpty() ? "the table" : at, field.getKey(), known));
  }

  private PolicyException wrong(String at, String problem, String remedy) {
    return new PolicyException(file, at + ": " + problem, remedy);
  }

  private static <E extends Enum<E>> Map<String, E> names(E[] values) {
    return Arrays.stream(values).collect(Collectors.toMap(Enum::name, one -> one));
  }

  private static Map<String, Command> commandNames() {
    Map<String, Command> names = new LinkedHashMap<>(names(Command.values()));
    names.remove(Command.UNKNOWN.name());
    return names;
  }

  private static Map<String, String> eventNames() {
    return EVENTS.stream().collect(Collectors.toMap(Function.identity(), Function.identity()));
  }

  private static Map<String, PacingSignal> signals(PacingSignal... signals) {
    return List.of(signals).stream().collect(Collectors.toMap(LaunchTable::word, one -> one));
  }
}
