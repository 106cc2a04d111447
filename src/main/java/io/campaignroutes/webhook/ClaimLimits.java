package io.campaignroutes.webhook;

/**
 * How much one claim takes at the most.
 *
 * @param lines lines
 * @param depth deliveries of one line
 * @param deliveries deliveries of all lines together
 * @param bytes of the bodies of all of them together; the first one is taken whatever its size
 */
record ClaimLimits(int lines, int depth, int deliveries, long bytes) {}
