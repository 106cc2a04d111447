package io.campaignroutes.campaign;

import io.campaignroutes.access.By;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How a step went, with what the table of transitions cannot know.
 *
 * @param outcome the word that the table has a row for
 * @param reason a sentence for history and audit, where the row has a stage; else null
 * @param details the fields of an audit line that tells of no new stage
 * @param until when the next step is done, where the row says {@code list} or {@code retry}; in
 *     milliseconds since the epoch
 * @param by by whose wish it went so; null for nobody's, or for whoever wants the launch that goes
 *     on
 * @param fields sets what was learned of the campaign
 */
record StepResult(
    Outcome outcome,
    String reason,
    Map<String, Object> details,
    Long until,
    By by,
    Consumer<Campaign.Draft> fields) {

  static StepResult of(Outcome outcome) {
    return new StepResult(outcome, null, Map.of(), null, null, d -> {});
  }

  static StepResult of(Outcome outcome, String reason) {
    return new StepResult(outcome, reason, Map.of(), null, null, d -> {});
  }

  StepResult details(Map<String, Object> more) {
    return new StepResult(outcome, reason, more, until, by, fields);
  }

  StepResult until(long time) {
    return new StepResult(outcome, reason, details, time, by, fields);
  }

  StepResult by(By whom) {
    return new StepResult(outcome, reason, details, until, whom, fields);
  }

  StepResult with(Consumer<Campaign.Draft> learned) {
    return new StepResult(outcome, reason, details, until, by, fields.andThen(learned));
  }
}
