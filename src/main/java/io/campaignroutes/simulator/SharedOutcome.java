package io.campaignroutes.simulator;

/**
 * What came of one run of campaigns that share agents.
 *
 * @param utilisation busy share of the agents' time after the warm-up
 * @param abandonment abandoned share of all calls answered
 * @param worst the highest share of a campaign with 300 answers or more, as a share of its cap; NaN
 *     when none had so many
 * @param most calls served for its weight by the campaign with the most, beside the mean, among
 *     those that were there all the time
 * @param fewest the same of the campaign with the fewest
 * @param holds how often a campaign was held
 * @param answered calls answered within the first five minutes
 * @param lost of those, abandoned ones
 * @param writesPerMinute rates written
 */
record SharedOutcome(
    double utilisation,
    double abandonment,
    double worst,
    double most,
    double fewest,
    int holds,
    long answered,
    long lost,
    double writesPerMinute) {}
