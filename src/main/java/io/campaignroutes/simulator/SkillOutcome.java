package io.campaignroutes.simulator;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What came of one run of a skill.
 *
 * @param utilisation busy share of the agents' time after the first half-hour
 * @param abandonment abandoned share of the calls answered live, over the whole run
 * @param afterShock the same in the 30 minutes after a shock, of the worst one; NaN without one
 * @param callsPerSecond dialed after the first half-hour
 * @param lines mean lines for each agent who waits after the first half-hour
 * @param oneToOne seconds from the start until more than 1:1 was written; NaN where it never was
 * @param writesPerMinute ratios written
 * @param holds how often dialing stopped because the cap could not be kept
 */
record SkillOutcome(
    double utilisation,
    double abandonment,
    double afterShock,
    double callsPerSecond,
    double lines,
    double oneToOne,
    double writesPerMinute,
    int holds) {

  static double mean(List<SkillOutcome> runs, ToDoubleFunction<SkillOutcome> of) {
    return runs.stream().mapToDouble(of).average().orElse(Double.NaN);
  }

  static double worst(List<SkillOutcome> runs, ToDoubleFunction<SkillOutcome> of) {
    return runs.stream().mapToDouble(of).max().orElse(Double.NaN);
  }
}
