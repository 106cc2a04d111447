/**
 * Runs the pacing law and the rules it is compared with in the simulated dialer: the command {@code
 * pacing simulate} and the forecast for a campaign. What lives here decides nothing about a real
 * campaign.
 */
package io.campaignroutes.simulator;
