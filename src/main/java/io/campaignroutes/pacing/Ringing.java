package io.campaignroutes.pacing;

/**
 * What was dialed and is in no figure yet. Those of several campaigns for the same agents add up.
 *
 * @param answeredSince answers to be expected between the figures and now
 * @param awaited dialed calls whose answer was still due at the time of the figures
 * @param lines lines that ring now
 */
record Ringing(double answeredSince, double awaited, double lines) {}
