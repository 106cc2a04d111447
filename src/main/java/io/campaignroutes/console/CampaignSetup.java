package io.campaignroutes.console;

import io.campaignroutes.compliance.CallingHours;
import io.campaignroutes.pacing.PacingPlans;

/**
 * What a campaign's request and its policy fix for as long as it lives.
 *
 * @param pool its agent pool
 * @param timeZone as the request names it
 * @param policy the profile that the request names
 * @param hours when it may dial; null when that cannot be told
 * @param trouble why it must not dial whatever the hour; null when there is no such reason
 * @param limit the highest rate that the request and the policy allow, in calls per second
 * @param abandonmentCap the policy's, 0.03 being 3 %; null for none
 */
record CampaignSetup(
    String pool,
    String timeZone,
    String policy,
    CallingHours hours,
    PacingPlans.Trouble trouble,
    double limit,
    Double abandonmentCap) {}
