package io.campaignroutes.simulator;

/**
 * What came of one run.
 *
 * @param utilisation busy share of the agents' time after the warm-up
 * @param abandonment abandoned share of the calls answered live, over the whole run; persons that
 *     were taken for machines count as abandoned
 * @param abandonmentLater the same after the warm-up
 * @param servedPerAgentHour connected persons for each hour of an agent
 * @param callsPerSecond dialed calls a second
 * @param writesPerMinute rates written
 * @param refused writes that were refused
 * @param secondsToNinety from the start until the busy share of five minutes first reached 90 % of
 *     its later mean; NaN when it never did
 * @param held whether the campaign was held at the end
 * @param holds how often dialing stopped because the cap could not be kept ({@code
 *     COMPLIANCE_HOLD})
 * @param secondsHeld for how long altogether
 */
record RunOutcome(
    double utilisation,
    double abandonment,
    double abandonmentLater,
    double servedPerAgentHour,
    double callsPerSecond,
    double writesPerMinute,
    double refused,
    double secondsToNinety,
    boolean held,
    int holds,
    double secondsHeld) {}
