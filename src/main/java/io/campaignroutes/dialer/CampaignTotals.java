package io.campaignroutes.dialer;

/**
 * What a campaign has done since its start; differences of two are what it did in between.
 *
 * @param attempted calls dialed
 * @param ringing of those, still ringing
 * @param failed not answered by anybody: no answer, busy
 * @param machines answered by a machine and hung up on
 * @param mistaken persons taken for machines and hung up on; by the rules they count as abandoned,
 *     although no platform reports them
 * @param answered put through: persons, and machines taken for them
 * @param connected of those, met an agent
 * @param abandoned of those, met none in time
 * @param waiting of those, wait
 * @param handled connected calls that have ended
 * @param handledSeconds how long those kept their agents
 * @param machinesHandled connected calls that were machines
 * @param suppressed calls that the platform's abandon control did not dial
 */
public record CampaignTotals(
    long attempted,
    long ringing,
    long failed,
    long machines,
    long mistaken,
    long answered,
    long connected,
    long abandoned,
    long waiting,
    long handled,
    double handledSeconds,
    long machinesHandled,
    long suppressed) {}
