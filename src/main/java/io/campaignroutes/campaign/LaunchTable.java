package io.campaignroutes.campaign;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.campaignroutes.compliance.PolicyException;
import io.campaignroutes.text.YamlFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What follows what in the life of a campaign, as {@code config/launch.yaml} has it: which step
 * comes next in each stage and for each command, and what follows from each outcome of a step. It
 * is complete, or it does not load.
 *
 * @param stages what each stage means and what comes next in it
 * @param commands how each command is carried out
 * @param events what each lifecycle event of CXone is taken for
 * @param steps what follows from each outcome
 */
public record LaunchTable(
    Map<Stage, StageRow> stages,
    Map<Command, CommandRow> commands,
    Map<String, EventRow> events,
    Map<Step, Map<Outcome, Row>> steps) {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * @param meaning for people
   * @param next the step that is done in it
   * @param afterLostCreate the same while it is not known whether CXone has created it; null for
   *     {@code next}
   * @param withContacts the same while the contacts that it brought wait for that step; null for
   *     {@code next}
   * @param paced whether its pacing is at work
   */
  record StageRow(
      String meaning, Step next, Step afterLostCreate, Step withContacts, boolean paced) {}

  /**
   * @param in stages in which it may be given
   * @param next the step that sends it
   * @param nextIn another one in these stages
   * @param afterLostCreate the step while it is not known whether CXone has created the campaign;
   *     null for {@code next}
   * @param then the step that reads whether it is carried out; null where nothing has to be read
   * @param done what that step's outcome is then
   */
  record CommandRow(
      Set<Stage> in,
      Step next,
      Map<Stage, Step> nextIn,
      Step afterLostCreate,
      Step then,
      Outcome done) {}

  /**
   * @param in stages of campaigns that it moves
   * @param whileCommanded whether it does so too while a command is being carried out
   * @param outcome what it is taken for
   */
  record EventRow(Set<Stage> in, boolean whileCommanded, Outcome outcome) {}

  /** What becomes of a command that is being carried out. */
  enum CommandEffect {
    STAYS,
    DONE,
    ABORT
  }

  /**
   * @param when the outcome in words
   * @param stage the next stage; null where it stays
   * @param due when the next step is done
   * @param audit name of the audit line; null for none
   * @param pacing what pacing is told besides its begin and its end
   */
  record Row(
      String when,
      Stage stage,
      Due due,
      String audit,
      CommandEffect command,
      PacingSignal pacing) {}

  /**
   * Reads the table.
   *
   * @throws PolicyException when it cannot be read, is incomplete, or would leave a campaign that
   *     may dial unwatched; it says where and what to do
   */
  public static LaunchTable load(Path file) {
    String text = "";
    try {
      text = Files.readString(file);
      return new LaunchTableReader(file).table(YAML.readTree(text));
    } catch (JacksonException e) {
      YamlFault fault = YamlFault.of(e, text);
      throw new PolicyException(
          file,
          "This is not valid YAML at line " + fault.line() + ": " + fault.what() + ".",
          fault.todo());
    } catch (IOException e) {
      throw new PolicyException(
          file, "The table of transitions cannot be read.", "Put it back as it was.");
    }
  }

  /** What follows from an outcome of a step. */
  Row row(Step step, Outcome outcome) {
    Row row = steps.get(step).get(outcome);
    if (row == null) {
      throw new IllegalStateException(
          "config/launch.yaml has no row for %s: %s.".formatted(word(step), word(outcome)));
    }
    return row;
  }

  /** Whether a campaign's pacing is at work in a stage. */
  boolean paced(Stage stage) {
    return stages.get(stage).paced();
  }

  /** Whether a command may be given in a stage. */
  boolean allows(Command command, Stage stage) {
    CommandRow row = commands.get(command);
    return row != null && row.in().contains(stage);
  }

  /**
   * What comes next for a campaign. A command, and a {@code stopAt} that has come, go before the
   * step of its stage.
   */
  public Step next(Campaign c) {
    StageRow stage = stages.get(c.stage());
    if (c.stage().ended() && c.command() != Command.HALT) {
      return c.lane() == PriorityClass.LOOK && c.remoteId() != null ? stage.next() : Step.NONE;
    }
    if (c.command() != null) {
      CommandRow row = commands.get(c.command());
      boolean sent = c.askedAt() != null && c.remoteId() != null;
      return sent && row != null && row.then() != null && sends(c) != Step.NONE
          ? row.then()
          : sends(c);
    }
    if (c.intentAt() != null && stage.afterLostCreate() != null) {
      return stage.afterLostCreate();
    }
    return stage.withContacts() != null && c.contactsWaitFor(stage.withContacts())
        ? stage.withContacts()
        : stage.next();
  }

  /** The step that sends the command of a campaign; {@code NONE} where nothing is to be sent. */
  Step sends(Campaign c) {
    CommandRow row = c.command() == null ? null : commands.get(c.command());
    if (row == null
        || c.stage().ended() && c.command() != Command.HALT
        || c.command().byPacing() && !row.in().contains(c.stage())) {
      return Step.NONE;
    }
    boolean lost = c.remoteId() == null && c.intentAt() != null;
    return lost && row.afterLostCreate() != null
        ? row.afterLostCreate()
        : row.nextIn().getOrDefault(c.stage(), row.next());
  }

  /** The route of the step that comes next: its name without {@code campaign-}. */
  public String route(Campaign campaign) {
    return next(campaign).route();
  }

  /** The steps that are done by routes of their own, in the words of their routes' names. */
  public static List<String> routes() {
    return Arrays.stream(Step.values()).filter(Step::isRoute).map(Step::route).distinct().toList();
  }

  /** How a constant is written in the table, where it is no stage, command or event. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static <E extends Enum<E>> Map<String, E> byWord(Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .collect(Collectors.toMap(LaunchTable::word, one -> one));
  }
}
